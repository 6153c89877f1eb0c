# SPDX-License-Identifier: GPL-2.0-only
"""explain as somebody else, or of another root: the answers are those that this one gets who then tries."""
import contextlib
import os
import pathlib
import shutil
import subprocess

from harness import Skip, events_of, expect, inside, one_line, run, shell, write

STATIC = "#include <string.h>\n#include <unistd.h>\nint main(int n, char **v) { char c; return strstr(v[0], \"wait\") ? (int)read(0, &c, 1) : 0; }"


def static(name):
    path = inside(name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    done = subprocess.run(["gcc", "-static", "-x", "c", "-", "-o", path], input=STATIC, text=True, check=False)
    expect(done.returncode == 0, "gcc")
    return path


def as_who(who, path):
    """Its status is what it says."""
    done = run("explain", *who, path)
    expect(done.status == (0 if "would start" in done.out else 1), done)
    return done


def can_start(path, user, group):
    """setpriv(1) would keep its capabilities until it executes."""
    try:
        return subprocess.run([path], user=user, group=group, extra_groups=[], check=False, cwd="/").returncode == 0
    except PermissionError:
        return False


def test_explain_as_user():
    """Owner, group and others, a directory on the way: as somebody who then tries it."""
    static("folder/tool")
    for mode, folder in (0o755, 0o755), (0o700, 0o755), (0o750, 0o755), (0o705, 0o755), (0o755, 0o700), (0o755, 0o711):
        os.chmod(inside("folder/tool"), mode)
        os.chmod(inside("folder"), folder)
        said = as_who(["--user", "nobody"], inside("folder/tool"))
        there = can_start(inside("folder/tool"), "nobody", "nogroup")
        expect((said.status == 0) == there, oct(mode), oct(folder), said, there)
    expect(as_who(["-u", "root"], inside("folder/tool")).status == 0, "root")
    one_line(run("explain", "--user", "no-such-user", "/bin/sh"), 1, "no-such-user", "no such user")


def test_explain_as_user_groups():
    static("tool")
    groups = [line.split(":") for line in pathlib.Path("/etc/group").read_text(encoding="utf-8").splitlines()]
    members = [(int(gid), who.split(",")[0]) for _, _, gid, who in groups if who]
    if not members:
        raise Skip("no group here has a member")
    gid, user = members[0]
    os.chown(inside("tool"), 0, gid)
    os.chmod(inside("tool"), 0o750)
    expect(as_who(["--user", user], inside("tool")).status == 0, user, gid)


def names_service():
    """A PATH whose getent(1) knows a user of a directory: the one of a machine here that asks LDAP is not to be had in a test."""
    write("names/getent", """#!/bin/sh
case $1:$2 in
passwd:execfail-ldap|passwd:54321) echo 'execfail-ldap:*:54321:54322:Somebody:/home/ldap:/bin/bash' ;;
initgroups:execfail-ldap) echo 'execfail-ldap          54323 54324' ;;
*) exit 2 ;;
esac
""")
    return {**os.environ, "PATH": f"{inside('names')}:{os.environ['PATH']}"}


def test_users_that_only_a_service_knows():
    """By name or number, with the groups that it says: for explain, for -u, and for --as-user."""
    os.mkdir(inside("names"))
    there = names_service()
    static("tool")
    os.chmod(inside("."), 0o755)
    for group, starts in (54322, True), (54323, True), (54324, True), (54325, False):
        os.chown(inside("tool"), 0, group)
        os.chmod(inside("tool"), 0o750)
        for name in "execfail-ldap", "54321":
            done = run("explain", "--user", name, inside("tool"), env=there)
            expect((done.status == 0) == starts, name, group, done)
    expect(run("-u", "execfail-ldap", "--list-fields", env=there).status == 0, "-u")
    done = run("--as-user=execfail-ldap", "-e", "process_execute_failed", "-o", "json", "--", "sh", "-c", "id -u; id -g; id -G; echo $HOME", env=there)
    expect(done.status == 0 and done.out.split() == ["54321", "54322", "54322", "54323", "54324", "/home/ldap"], done)
    for args in ["explain", "--user", "execfail-none", "/bin/sh"], ["--as-user=execfail-none", "--", "true"], ["-u", "execfail-none"]:
        one_line(run(*args, env=there), 1 if args[0] == "explain" else 2, "neither in /etc/passwd nor by getent(1)")


def test_explain_as_odd_ones():
    """What makes no sense is an error, in one line, and no answer about something else."""
    static("root/dir/tool")
    os.symlink("/dir", inside("root/link"))
    for cwd in "/no/such", "", "dir", "/dir/tool":
        one_line(run("explain", "--root", inside("root"), "--cwd", cwd, "./tool"), 1, f"--cwd '{cwd}'", "there is no such directory")
    expect(run("explain", "--root", inside("root"), "--cwd", "/link", "./tool").status == 0, "a link inside of the root")
    one_line(run("explain", "--user", "a\x1b[31m", "/bin/sh"), 1, "--user 'a\\x1b[31m'")
    for args in ["--pid", ""], ["--pid", "-1"], ["--pid", "9" * 30], ["--container", "*"], ["--root", ""]:
        one_line(run("explain", *args, "/bin/sh"), 1, args[0])
    one_line(run("check", "--machine", "x86_65", "/"), 2, "did you mean 'x86_64'?", "aarch64")
    one_line(run("check", ""), 2, "check which directory?")


def test_explain_several():
    done = run("explain", static("a"), inside("none"), inside("a"))
    expect(done.status == 1 and len(done.out.splitlines()) == 3, done)
    events = events_of(run("-o", "json", "explain", inside("a"), inside("none")).out)
    expect([event["starts"] for event in events] == [True, False], events)
    expect(run("explain", inside("a"), inside("a")).status == 0, "all")


def test_explain_as_root_directory():
    static("root/bin/tool")
    write("root/script", "#!/bin/tool\n")
    root = ["--root", inside("root")]
    done = run("explain", *root, "/script")
    expect(done.status == 0 and done.out == "/script would start, by /bin/tool\n", done)
    expect(run("explain", "/script").status == 1, "here")
    done = run("explain", *root, "/usr/bin/env")
    expect(done.status == 1 and "outside, on this machine, it is there" in done.out, done)
    [event] = events_of(run("explain", *root, "-o", "json", "/usr/bin/env").out)
    expect(event["hidden"] is True and event["reason"] == "missing_directory", event)
    done = run("explain", *root, "--cwd", "/bin", "./tool")
    expect(done.status == 0, done)
    done = run("explain", *root, "tool")
    expect(done.status == 0 and "/bin/tool would start" in done.out, done)
    # links stay in there
    os.symlink("/bin/tool", inside("root/link"))
    os.symlink("../../../../../../../bin/tool", inside("root/out"))
    expect(run("explain", *root, "/link", "/out").status == 0, "links")
    one_line(run("explain", "--root", inside("none"), "/x"), 1, "no such directory")


def test_explain_as_process():
    """In a mount namespace, with a directory and an environment of its own."""
    static("root/bin/tool")
    os.makedirs(inside("root/opt"))
    script = """exec unshare -m sh -c '
        mount -t tmpfs none "$FOLDER/root/opt" && cp "$FOLDER/root/bin/tool" "$FOLDER/root/opt/only-there" || exit 77
        cd "$FOLDER/root"
        env -i "PATH=$FOLDER/root/opt" /bin/sleep 1000 &
        echo $! > "$FOLDER/pid"; : > "$FOLDER/ready"; wait'"""
    os.mkfifo(inside("ready"))
    with subprocess.Popen(["sh", "-c", script], env={**os.environ, "FOLDER": inside(".")}) as there:
        try:
            pathlib.Path(inside("ready")).read_text(encoding="utf-8")
            if not os.path.exists(inside("pid")):
                raise Skip("nothing can be mounted here")
            pid = pathlib.Path(inside("pid")).read_text(encoding="utf-8").strip()
            done = run("explain", "--pid", pid, inside("./root/opt/only-there"))
            expect(done.status == 0 and "would start" in done.out, done)
            expect(run("explain", inside("./root/opt/only-there")).status == 1, "it is there for us")
            done = run("explain", "-p", pid, "bin/tool", "./bin/none")
            expect(done.status == 1 and "bin/tool would start" in done.out, done)
            # once it is what env starts, its PATH is the one it was given
            done = finished(lambda: run("explain", f"--pid={pid}", "only-there"))
            expect("only-there would start" in done.out, done)
        finally:
            there.kill()
            if os.path.exists(inside("pid")):
                os.kill(int(pathlib.Path(inside("pid")).read_text(encoding="utf-8")), 9)
    one_line(run("explain", "--pid", "0", "/bin/sh"), 1, "there is no such process")
    one_line(run("explain", "--pid", "x", "/bin/sh"), 1, "is not the number of a process")


STRICT = """
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <unistd.h>
int main(void) { char c; return prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) || write(1, "x", 1) != 1 || read(0, &c, 1); }
"""


def test_explain_as_filtered_process():
    """What else would be asked is said of who would start, and of nobody else."""
    done = subprocess.run(["gcc", "-static", "-x", "c", "-", "-o", inside("strict")], input=STRICT, text=True, check=False)
    expect(done.returncode == 0, "gcc")
    with subprocess.Popen([inside("strict")], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as there:
        expect(there.stdout.read(1) == b"x", "it could not confine itself")
        done = run("explain", "--pid", str(there.pid), inside("strict"), inside("none"))
        expect(len(done.out.splitlines()) == 2 and done.out.count("(not asked: its seccomp filter") == 1, done)
        started, failed = events_of(run("explain", "-o", "json", "--pid", str(there.pid), inside("strict"), inside("none")).out)
        expect(started["seccomp_not_asked"] is True and "seccomp_not_asked" not in failed, started, failed)
    expect("not asked" not in run("explain", inside("strict")).out, "of this process")


def finished(ask):
    """Until env has executed what it is to."""
    while True:
        done = ask()
        if done.status == 0 or pathlib.Path(f"/proc/{pathlib.Path(inside('pid')).read_text(encoding='utf-8').strip()}/comm").read_text(encoding="utf-8") == "sleep\n":
            return done if done.status == 0 else ask()


@contextlib.contextmanager
def control_group(name):
    """A new one, which is gone again afterwards, with what had to be made for it; None: none can be made here."""
    made = []
    for top in "/sys/fs/cgroup/pids", "/sys/fs/cgroup/systemd", "/sys/fs/cgroup":
        with contextlib.suppress(OSError):
            for path in f"{top}/docker", f"{top}/docker/{name}":
                if not os.path.exists(path):
                    os.mkdir(path)
                    made.insert(0, path)
            break
    try:
        yield made[0] if made and made[0].endswith(name) else None
    finally:
        for path in made:
            os.rmdir(path)


def test_explain_as_container():
    """A process that is in a group of the name that docker gives, in a root of its own."""
    name = "e0ecfa11" * 8
    static("root/bin/tool")
    static("root/bin/wait")
    with control_group(name) as folder:
        if not folder:
            raise Skip("no control group can be made here")
        with subprocess.Popen(["/bin/wait"], stdin=subprocess.PIPE, preexec_fn=lambda: os.chroot(inside("root"))) as there:
            try:
                pathlib.Path(folder, "cgroup.procs").write_text(str(there.pid), encoding="utf-8")
                done = run("explain", "--container", name[:12], "/bin/tool")
                expect(done.status == 0 and done.out == "/bin/tool would start\n", done)
                done = run("explain", f"--container={name}", "/usr/bin/env")
                expect(done.status == 1 and "outside, on this machine, it is there" in done.out, done)
            finally:
                there.stdin.close()
                there.wait()


def test_explain_as_container_that_is_not():
    one_line(run("explain", "--container", "ffffffffffff", "/bin/sh"), 1, "no process here is of a container")


FAKE = """#!/bin/sh
case "$*" in *nothere*) echo LoadState=not-found; exit;; esac
cat <<END
LoadState=loaded
%s
END
"""


def as_unit(properties, *words):
    """As a systemctl says that is a stand-in: a real one answers in that form only where systemd runs."""
    os.makedirs(inside("stand-in"), exist_ok=True)
    write("stand-in/systemctl", FAKE % properties)
    path = inside("stand-in") + ":" + os.environ["PATH"]
    return run("explain", "--unit", "some.service", *words, env={**os.environ, "PATH": path})


def test_explain_as_unit():
    static("tool")
    os.chmod(inside("tool"), 0o700)
    expect(as_unit("User=nobody", inside("tool")).status == 1, "nobody")
    expect(as_unit("User=", inside("tool")).status == 0, "root")
    done = as_unit(f'Environment=A=b PATH={inside("")} "C=d e"', "tool")
    expect(done.status == 0 and "tool would start" in done.out, done)
    expect(as_unit("Environment=A=b", "tool").status == 1, "another PATH")
    done = as_unit("WorkingDirectory=/no/such", inside("tool"))
    one_line(done, 1, "200/CHDIR", "WorkingDirectory=/no/such does not exist")
    expect(as_unit("WorkingDirectory=!/no/such", inside("tool")).status == 0, "optional")
    expect(as_unit("WorkingDirectory=" + inside(""), "./tool").status == 0, "there")
    one_line(as_unit("User=no-such-user", inside("tool")), 1, "217/USER", "no-such-user")
    static("root/bin/inner")
    expect(as_unit("RootDirectory=" + inside("root"), "/bin/inner").status == 0, "root directory")
    path = inside("stand-in") + ":/usr/bin:/bin"
    one_line(run("explain", "--unit", "nothere.service", "/bin/sh", env={**os.environ, "PATH": path}), 1, "no such unit")


def test_explain_as_unit_with_covered_paths():
    """What systemd will put over a place counts, and not what is there now; the longest path decides."""
    static("a/tool")
    folder = inside("a")
    done = as_unit(f"InaccessiblePaths=-{folder}", inside("a/tool"))
    expect(done.status == 1 and f"is hidden from the unit by InaccessiblePaths={folder} (missing_file, ENOENT)" in done.out, done)
    done = as_unit(f"NoExecPaths=/ {folder}\nExecPaths=/usr /bin", inside("a/tool"))
    expect(done.status == 1 and f"may not be executed in the unit by NoExecPaths={folder} (noexec_mount, EACCES)" in done.out, done)
    expect(as_unit(f"NoExecPaths=/\nExecPaths={folder}", inside("a/tool")).status == 0, "allowed again")
    expect(as_unit(f"TemporaryFileSystem={folder}:ro\nBindReadOnlyPaths={folder}/tool:{folder}/tool:rbind", inside("a/tool")).status == 0, "bound")
    # what will be bound from elsewhere is looked at there: program, interpreter, and nothing of what is there now
    os.makedirs(inside("later"))
    write("later/tool", "not a program", mode=0o644)
    for binding, starts in (f"{folder}:{inside('later')}:rbind", True), (f"{inside('none')}:{inside('later')}:rbind", False), (f"{folder}:{inside('later/deep')}", False):
        done = as_unit(f"ProtectHome=no\nInaccessiblePaths={folder}\nBindPaths=/usr {binding}", inside("later/tool"))
        expect((done.status == 0) == starts, binding, done)
    write("by", f"#!{inside('elsewhere/tool')}\n")
    expect(as_unit(f"BindPaths=-{folder}:{inside('elsewhere')}", inside("by")).status == 0, "its interpreter")
    expect(as_unit("", inside("by")).status == 1, "without")
    expect(as_unit(f"TemporaryFileSystem={folder}:ro", inside("a/tool")).status == 1, "empty")
    # an interpreter is covered as well
    os.makedirs(inside("b"))
    write("b/script", f"#!{inside('a/tool')}\n")
    done = as_unit(f"NoExecPaths={folder}", inside("b/script"))
    expect(done.status == 1 and f"{inside('a/tool')} may not be executed" in done.out, done)
    for properties, path in ("ProtectHome=yes", "/home"), ("PrivateTmp=yes", "/tmp"):
        done = as_unit(properties, inside("a/tool"))
        expect((done.status == 1) == inside("").startswith(path + "/"), properties, done)


def test_explain_as_unit_capabilities():
    """A program with file capabilities that the unit may not have."""
    static("tool")
    done = subprocess.run(["setcap", "cap_net_raw+ep", inside("tool")], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Skip("no setcap here")
    done = as_unit("User=nobody\nCapabilityBoundingSet=cap_chown cap_kill", inside("tool"))
    expect(done.status == 1 and "CAP_NET_RAW" in done.out, done)
    done = as_unit("User=nobody\nCapabilityBoundingSet=cap_net_raw", inside("tool"))
    expect(done.status == 0, done)
