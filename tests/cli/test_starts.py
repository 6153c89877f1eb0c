# SPDX-License-Identifier: GPL-2.0-only
"""process_start_failed: what did not start though no exec failed, by the status that a process ended with."""
import os
import shutil
import subprocess

from harness import Skip, Tracer, expect, fail_to_start, here, inside, run, write

# As cron has it, and nothing of the machine's own.
BARE = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}
ENDS = ("-o", "json", "-e", "process_start_failed")


def ends(*command, options=ENDS, **how):
    done = run(*options, "--", *command, env=BARE, **how)
    return done, [event for event in done.events if event["event"] == "process_start_failed"]


def only(*command, **how):
    """The one that comes from no other: a shell passes on what its children end with."""
    done, found = ends(*command, **how)
    found = [event for event in found if event["reason"] not in ("after_failed_exec", "passed_on")]
    expect(len(found) == 1, "one event was expected:", found, done)
    return found[0]


def test_shell_text():
    """sh -c, as cron, systemd, Docker and system(3) have it."""
    event = only("sh", "-c", "execfail-none -v | cat >/dev/null; exec 2>&-; execfail-nobody")
    expect(event["reason"] == "command_not_found" and event["stage"] == "shell" and event["exit_code"] == 127, event)
    expect(event["path"] is None and "one of execfail-none, execfail-nobody" in event["hint"], event)
    event = only("sh", "-c", "cd / && execfail-none --all")
    expect(event["path"] == "execfail-none" and event["arguments"][1] == "-c", event)
    expect("execfail-none, which no directory of PATH has" in event["hint"] and "/usr/bin:/bin" in event["hint"], event)
    expect(event["cwd"] == os.getcwd() or event["cwd"] == "/", event)


def test_nearest():
    event = only("sh", "-c", "pritnf-none; tailf-none 2>/dev/null; sedd s/a/b/")
    expect("did you mean" not in event["hint"], event)
    event = only("sh", "-c", "gzpi -h")
    expect(event["hint"].endswith("did you mean gzip?"), event)


def test_child_of_bash():
    """It makes a process for what it does not find, and goes on."""
    if not shutil.which("bash"):
        raise Skip("no bash")
    event = only("bash", "-c", "execfail-none x; true")
    expect(event["path"] == "execfail-none" and event["comm"] == "bash", event)
    script = write("job.sh", "#!/bin/bash\nexecfail-none x\nexit 0\n")
    event = only(script)
    expect(event["reason"] == "command_not_found" and f"of the script {script}" in event["hint"], event)


def test_script_of_dash():
    script = write("job.sh", "#!/bin/sh\nexecfail-none\n")
    event = only(script, stderr=subprocess.PIPE)
    expect(event["reason"] == "command_not_found" and script in event["hint"], event)
    expect(event["stderr_path"].startswith("pipe:["), event)


def test_standard_input():
    event = only("sh", "-c", "echo execfail-none | sh; true")
    expect(event["reason"] == "command_not_found" and "standard input" in event["hint"], event)


def test_own_choice():
    """All that is named is there: nobody is told that a command is missing."""
    for command in (("sh", "-c", "ls / >/dev/null; exit 127"), ("sh", "-c", "exit 127")):
        event = only(*command)
        expect(event["reason"] == "exit_127" and event["path"] is None, event)
        expect("by its own choice" in event["hint"], event)
    done, found = ends("sh", "-c", "exit 125")
    expect(not found and done.status == 125, found, done)


def test_own_choice_of_a_script():
    """It is read, as the shell read it."""
    script = write("job.sh", "#!/bin/sh\n[ -e /nonexistent ] && execfail-none\nexit 127\n")
    for command in ((script,), ("sh", script), ("sh", "./job.sh")):
        done = run(*ENDS, "--", *command, env=BARE, cwd=here.folder)
        expect(len(done.events) == 1 and done.events[0]["reason"] == "exit_127" and not done.events[0]["path"], done)
        expect("by its own choice" in done.events[0]["hint"], done)
    write("job.sh", "#!/bin/sh\ntrue\nexecfail-none -x\n")
    event = only(script)
    expect(event["reason"] == "command_not_found" and event["path"] == "execfail-none", event)
    expect(f"of the script {script}: likely execfail-none" in event["hint"], event)


def test_script_missing():
    """bash and zsh end with 127 for that; dash and busybox with 2."""
    if not shutil.which("bash"):
        raise Skip("no bash")
    event = only("bash", "/nonexistent/job.sh")
    expect(event["reason"] == "script_missing" and event["path"] == "/nonexistent/job.sh", event)
    event = only("bash", "nonexistent.sh")
    expect(event["reason"] == "command_not_found" and "or not the script itself" in event["hint"], event)


def test_substitution():
    """$(...) is a shell of its own, which has the same text."""
    event = only(write("job.sh", "#!/bin/sh\nV=$(execfail-none -v)\nexit $?\n"))
    expect(event["reason"] == "command_not_found" and event["path"] == "execfail-none", event)


def test_own_choice_after_a_failure():
    """A child has failed, and the text says `exit 127`: which of them it was is not known."""
    done, found = ends("sh", "-c", "env execfail-none; true; exit 127", options=("-o", "json"))
    expect([event["reason"] for event in found] == ["after_failed_exec"] * 2, done)
    expect("because" in found[0]["hint"] and "likely" not in found[0]["hint"], done)
    expect(", likely because" in found[1]["hint"] and "its text has one (exit 127)" in found[1]["hint"], done)


# What ends with 127 by itself, beside what looks like a command that is missing, or is one that need not be looked for.
OWN = (
    ("bash", "((i++)); exit 127"),
    ("bash", "for ((i=0;i<1;i++)); do :; done; exit 127"),
    ("bash", "a=(one two); exit 127"),
    ("bash", "cat <(echo a) /dev/null >/dev/null; exit 127"),
    ("bash", "x=$(case a in a) echo hi;; esac); exit 127"),
    ("bash", "time -p true 2>/dev/null; exit 127"),
    ("bash", "exec {fd}</dev/null; exit 127"),
    ("bash", "env - /bin/true; timeout --signal KILL 5 true; exit 127"),
    ("bash", "read cmd <<<true; $cmd foo; $BASH -c :; exit 127"),
    ("bash", "if test -x /no/such; then /no/such; fi; true || execfail-none; exit 127"),
    ("bash", "f() { execfail-none; }; exit 127"),
    ("bash", "execfail_given"),
    ("bash", "f() { return 127; }; f"),
    ("bash", "(PATH=/none); ls >/dev/null; exit 127"),
    ("bash", "/bin/{true,false}; /bin/tru[e]; exit 127"),
    ("bash", "echo ${UNSET:?is needed}; execfail-none"),
    ("bash", "cd /usr; PATH=bin:$PATH; execfail_here=1; [ $execfail_here ]; cd /; exit 127"),
    ("dash", "alias foo=true\nfoo; chdir /; exit 127"),
    ("zsh", "setopt extendedglob; print a >/dev/null; exit 127"),
)


def test_no_command():
    environment = dict(BARE, **{"BASH_FUNC_execfail_given%%": "() { return 127; }"})
    for shell, text in OWN:
        if shutil.which(shell):
            done = run(*ENDS, "--", shell, "-c", text, env=environment)
            found = [event for event in done.events if event["pid"] == done.events[-1]["pid"]]
            expect(len(found) == 1 and found[0]["reason"] == "exit_127" and not found[0]["path"], text, done)


def test_of_another_shell():
    """Words of bash's that dash looks for: the commonest mistake of scripts for sh."""
    if not shutil.which("dash"):
        raise Skip("no dash")
    for word, text in (("source", "source /dev/null"), ("pushd", "pushd /"), ("[[", "[[ a = b ]]")):
        event = only("dash", "-c", text)
        expect(event["reason"] == "command_not_found" and event["path"] == word, event)
        expect("a word of bash's" in event["hint"], event)


def test_not_entered():
    """A directory of PATH that the user may not enter may have it."""
    if os.getuid():
        raise Skip("not root")
    os.makedirs(inside("private"), mode=0o700, exist_ok=True)
    shutil.copy("/bin/true", inside("private/execfail-tool"))
    os.chmod(inside("private"), 0o700)
    user = ("setpriv", "--reuid", "65534", "--clear-groups")
    event = only("env", "PATH=" + inside("private") + ":/usr/bin:/bin", *user, "sh", "-c", "execfail-tool")
    expect(event["reason"] == "command_not_found" and "no directory of PATH has that it may enter" in event["hint"], event)


def test_passed_on():
    """The end of a child, which no exec failed before."""
    done, found = ends("sh", "-c", 'sh -c "exit 127"; exit $?')
    expect([event["reason"] for event in found] == ["exit_127", "passed_on"], done)
    expect(found[1]["caused_by"]["pid"] == found[0]["pid"], done)


def test_started_after_all():
    """A search that succeeded, of a program that is the same as before."""
    text = "import os; os.execvp('python3', ['python3', '-c', 'raise SystemExit(127)'])"
    done, found = ends("env", "PATH=/nonexistent:/usr/bin", "/usr/bin/python3", "-c", text, options=("-o", "json"))
    expect([event["reason"] for event in found] == ["exit_127"], done)


def test_loader_of_setuid():
    """It heeds no LD_LIBRARY_PATH, whose rights ever the program has."""
    if not shutil.which("cc") or os.getuid():
        raise Skip("no compiler, or not root")
    library, program = inside("libexecfail-setuid.so"), inside("setuid")
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, write("s.c", "int f(void) { return 0; }\n")], check=True)
    main = write("t.c", "int f(void);\nint main(void) { return f(); }\n")
    subprocess.run(["cc", "-o", program, main, "-L" + inside(""), "-lexecfail-setuid"], check=True)
    os.chown(program, 65534, -1)
    os.chmod(program, 0o4755)
    event = only("env", "LD_LIBRARY_PATH=" + inside(""), program)
    expect(event["reason"] == "library_missing" and "LD_LIBRARY_PATH" in event["hint"], event)


def test_loader_passed():
    """A library that is taken away while the program runs, which ends with 127 for itself."""
    if not shutil.which("cc"):
        raise Skip("no compiler")
    source = write("part.c", "int f(void) { return 0; }\n")
    main = write("run.c", """#include <stdio.h>
#include <stdlib.h>
int f(void);
int main(int argc, char **argv) { FILE *file = fopen(argv[0], "r"); free(malloc(1 << 16)); remove(argv[argc - 1]); return file ? 127 : f(); }
""")
    library, program = inside("libexecfail-part.so"), inside("run")
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source], check=True)
    subprocess.run(["cc", "-o", program, main, library, "-Wl,-rpath," + inside("")], check=True)
    event = only(program, library)
    expect(event["reason"] == "exit_127", event)


def test_not_executable():
    """dash looks for the x bit itself, where it goes through PATH."""
    write("tool", "text\n", mode=0o644)
    event = only("sh", "-c", f"PATH={inside('.')}; export PATH; tool; exit $?")
    expect(event["exit_code"] in (126, 127) and event["event"] == "process_start_failed", event)


def test_loader():
    if not shutil.which("cc"):
        raise Skip("no compiler")
    source = write("lib.c", "int f(void) { return 0; }\n")
    main = write("main.c", "int f(void); int main(void) { return f(); }\n")
    library, program = inside("libexecfail-gone.so"), inside("app")
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source], check=True)
    subprocess.run(["cc", "-o", program, main, library, "-Wl,-rpath," + inside("")], check=True)
    os.remove(library)
    event = only(program)
    expect(event["reason"] == "library_missing" and event["stage"] == "loader" and event["path"] == program, event)
    expect("libexecfail-gone.so" in event["hint"], event)


def test_loader_that_ends_with_1():
    """Where a library lacks a version, which is the 1 of everybody else's failures too; and where one lacks a symbol."""
    if not shutil.which("cc"):
        raise Skip("no compiler")
    main = write("main.c", "int f(void); int main(void) { return f(); }\n")
    source = write("f.c", "int f(void) { return 1; }\n")
    other = write("g.c", "int g(void) { return 1; }\n")
    old = write("old.map", "EXECFAIL_1 { };\n")
    new = write("new.map", "EXECFAIL_1 { }; EXECFAIL_2 { global: f; } EXECFAIL_1;\n")
    library, program = inside("libf.so"), inside("app")

    def make(name, *options):
        subprocess.run(["cc", "-shared", "-fPIC", "-o", library, name, "-Wl,-soname,libf.so", *options], check=True)

    make(source, f"-Wl,--version-script={new}")
    subprocess.run(["cc", "-o", program, main, library, "-Wl,-z,now,-rpath," + inside("")], check=True)
    done, found = ends(program)
    expect(done.status == 1 and not found, "its own 1", found, done)
    make(other, f"-Wl,--version-script={old}")
    event = only(program)
    expect(event["reason"] == "library_version" and event["exit_code"] == 1 and event["path"] == program, event)
    expect("EXECFAIL_2 of libf.so" in event["hint"] and "no newer one than EXECFAIL_1" in event["hint"], event)
    make(other, f"-Wl,--version-script={new}")
    event = only(program)
    expect(event["reason"] == "loader_stopped" and event["stage"] == "loader" and event["exit_code"] == 127, event)


def test_sudo():
    """It looks for the command itself, and ends with 1: told where it ran nothing, and the command is not there."""
    if not shutil.which("sudo") or os.geteuid():
        raise Skip("no sudo, or not root")
    for words in (("execfail-none", "--all"), ("-u", "root", "A=b", "execfail-none"), ("-n", "--", "execfail-none")):
        event = only("sudo", *words)
        expect(event["reason"] == "sudo_command_not_found" and event["path"] == "execfail-none", event)
        expect(event["exit_code"] == 1 and "neither in PATH nor" in event["hint"], event)
    for words in (("sh", "-c", "exit 1"), ("-V", "execfail-none"), ("-u", "execfail-nobody", "true")):
        done, found = ends("sudo", *words)
        expect(not found, found, done)
    write("execfail-there", "#!/bin/sh\n")
    done = run(*ENDS, "--", "sudo", "execfail-there", env={**BARE, "PATH": BARE["PATH"] + ":" + here.folder})
    [event] = [event for event in done.events if event["event"] == "process_start_failed"]
    expect("secure_path of /etc/sudoers instead; give its whole path: sudo " + inside("execfail-there") in event["hint"], event)


def test_container():
    """As Docker has it: namespaces of its own, a small root, and a command in a shell's form."""
    if not shutil.which("busybox") or os.geteuid():
        raise Skip("no busybox, or not root")
    os.makedirs(inside("root/bin"))
    shutil.copy(shutil.which("busybox"), inside("root/bin/sh"))
    command = ("unshare", "--mount", "--pid", "--cgroup", "--uts", "--fork", "--root=" + inside("root"))
    event = only(*command, "/bin/sh", "-c", "execfail-none serve --port 80")
    expect(event["reason"] == "command_not_found" and event["path"] in ("execfail-none", None), event)
    expect("execfail-none" in event["hint"] and "/usr/bin:/bin" in event["hint"], event)
    expect(event["pid_ns"] != os.stat("/proc/self/ns/pid").st_ino and event["ns_pid"] == 1, event)


def test_joined():
    """What failed is told once; with everything, the ends after it name it."""
    for command in (("env", "execfail-none"), ("timeout", "60", "execfail-none"), ("sh", "-c", "env execfail-none; exit $?")):
        done = run("--", *command, env=BARE)
        rows = [line for line in done.out.splitlines() if "execfail-none" in line and "└" not in line]
        expect(done.status == 127 and len(rows) == 1 and "ENOENT" in rows[0], done)
        done, found = ends(*command, options=("-o", "json"))
        failed = [event for event in done.events if event["event"] == "process_execute_failed"]
        expect(failed and found, done)
        for event in found:
            expect(event["reason"] == "after_failed_exec", event)
            expect(event["caused_by"]["path"] == failed[-1]["path"], event, failed[-1])
            expect(event["caused_by"]["pid"] == failed[-1]["pid"], event, failed[-1])


def test_alone():
    """Where execs were not asked for, the end stands for itself."""
    event = only("env", "execfail-none")
    expect(event["caused_by"] is None and event["reason"] == "exit_127", event)


def test_goes_on():
    """A search that succeeded is no cause of what its program ends with."""
    folder = inside("empty")
    os.makedirs(folder, exist_ok=True)
    done = run("-o", "json", "--", "env", f"PATH={folder}:/usr/bin:/bin", "sh", "-c", "exit 127", env=BARE)
    found = [event for event in done.events if event["event"] == "process_start_failed"]
    expect(len(found) == 1 and found[0]["reason"] == "exit_127" and found[0]["caused_by"] is None, done)


def test_whole_machine():
    """Of whoever it is; and a system(3), which is sh -c."""
    with Tracer(*ENDS, "-f", "path=execfail-machine*") as t:
        fail_to_start("python3", "-c", "import os; os.system('execfail-machine -x')", stderr=subprocess.DEVNULL)
        line = t.line_with("execfail-machine")
        done = t.end()
    expect('"command_not_found"' in line and done.status == 0 and not done.complaints, done)


def test_only_asked_for():
    done, found = ends("sh", "-c", "execfail-none", options=("-o", "json", "-e", "process_execute_failed"))
    expect(not found and done.status == 127, done)


def test_statuses_of_others():
    """200 to 245 is said of a service manager's children alone."""
    done, found = ends("sh", "-c", "exit 203")
    expect(not found and done.status == 203, found, done)
    manager = write("manager.py", "import os, ctypes\nif not os.fork():\n"
                    "    ctypes.CDLL(None).prctl(15, b'(execfail)')\n    os._exit(217)\nos.wait()\n")
    event = only("python3", manager)
    expect(event["reason"] == "unit_user" and event["stage"] == "service_manager" and event["exit_code"] == 217, event)
