# SPDX-License-Identifier: GPL-2.0-only
"""An unprivileged user makes whoever looks at its world wait for ever. Others are told all the same, and it ends as asked."""
import contextlib
import ctypes
import json
import os
import pathlib
import shutil
import signal
import stat
import subprocess
import tempfile

from attack import chroot_and_fail, event_of, fail, folder_of_user, group, in_child, stopped, watch
from harness import NOBODY, Skip, Tracer, copy_for_nobody, expect, fail_to_start, inside, read, run, write

OURS = ("-f", "path~^(/no/|all/x|/x$|x$|/proc/self/(map_files|fd)/)")  # others fail meanwhile, in floods
VICTIMS = 50
WORKERS = 2
CLONE_NEWNS, MS_REC, MS_PRIVATE = 0x20000, 0x4000, 0x40000
PROGRAM = pathlib.Path(__file__).resolve().parents[2] / "build" / "tests" / "attacker"


def fuse_device():
    try:
        return os.stat("/dev/fuse").st_rdev
    except FileNotFoundError:
        raise Skip("this kernel has no FUSE") from None


class Attack:
    """Under way once it has said the error of its exec, and until the end of the block."""

    def __init__(self, name, user=NOBODY, command=()):
        self.name, self.user, self.command = name, user, command
        self.process = self.errno = self.folder = None

    def __enter__(self):
        folder = self.folder = tempfile.mkdtemp(dir=inside(""))
        device = os.path.join(folder, "fuse")
        os.chmod(folder, 0o777)
        os.mknod(device, 0o666 | stat.S_IFCHR, fuse_device())
        os.chmod(device, 0o666)
        self.process = subprocess.Popen(
            [*self.user.split(), PROGRAM, self.name, folder, *self.command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.errno = read(self.process.stdout.fileno()).decode().strip()
        expect(self.errno, "the attack did not come about:", self.errno or self.process.stderr.read().decode())
        return self

    def __exit__(self, *_):
        """Its file system goes with it, and who waits for that goes on."""
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
        self.process.stderr.close()


def victims(tracer, name):
    """Failures of another user, in whose world nothing is out of order: each of them is told, with its cause."""
    for i in range(VICTIMS):
        path = f"/no/{name}/{i}"
        fail_to_start(path)
        line = tracer.line_with(f'"{path}"')
        told = '"reason":"missing_directory"' in line
        expect(told, "the cause of another user's failure:", "" if told else tracer.end().err, line)


def check(attack, path, reason, *, hangs=True):
    with Tracer("-e", "process_execute_failed", "-o", "json", "-v", *OURS) as t:
        with attack:
            victims(t, attack.name)
            line = t.out_with(f'"{path}"')
            expect(f'"errno":"{attack.errno}"' in line and f'"reason":"{reason}' in line, attack.errno, line)
            # It ends at once, while the attack goes on: a worker that hangs has nothing that anybody waits for.
            done = t.end(signal.SIGTERM)
        expect(done.status == 0 and "unexpectedly" not in done.err, done)
        expect(hangs or "given up" not in done.err, "somebody was waited for:", done)


def test_overlay():
    """An overlay is asked with the rights of who mounted it, whoever looks."""
    check(Attack("overlay"), "all/x", "")


def test_root():
    """The caller's own root is where looking begins."""
    check(Attack("root"), "/x", "")


def test_layers():
    """More users of one place that hangs than there can be workers."""
    with Tracer("-e", "process_execute_failed", "-o", "json", *OURS) as t:
        with Attack("layers", user="") as attack:
            victims(t, attack.name)
            # What is known to hang is touched by nobody else: each of the two workers may have met it once.
            silent = [line for line in t.passed_over if '"all/x"' in line and "did not answer" in line]
            expect(len(silent) <= 2, len(silent), "workers hung")
            done = t.end(signal.SIGTERM)
    expect(done.status == 0 and not done.complaints, done)


def test_map():
    """Names below /proc/PID/map_files wait for a lock that the caller holds."""
    check(Attack("map"), "/proc/self/map_files/1000-2000/x", "")


def test_lock():
    """An argument that is to be read of his memory, whose map he holds the lock on."""
    check(Attack("lock"), "/no/lock", "")


def test_flush():
    """The same, of who executes another program by now, and keeps the lock that this takes until a file is closed."""
    with watch("-v", *OURS) as t, contextlib.ExitStack() as attack:
        with stopped(t):
            attack.enter_context(Attack("flush"))
        event = event_of(t, path="/no/flush")
        expect(event["reason"] == "not_looked" and "did not answer" in event["hint"], event)
        victims(t, "flush")
        # Nor does who asks for everybody's parents wait for him, be it not yet looking.
        with watch("-p", str(os.getpid()), "-f", "path~^/no/") as other:
            victims(other, "flush/begun")
            other.end()
        done = t.end(signal.SIGTERM)
        expect(done.status == 0 and "unexpectedly" not in done.err, done)


def test_argument():
    """One in a page that his file system is to give: it is not touched."""
    check(Attack("argument"), "/no/argument", "missing_directory", hangs=False)


def test_fault():
    """One in a page that he is to give himself. Nobody is let wait for that but his own threads."""
    check(Attack("fault", user=""), "/no/fault", "missing_directory", hangs=False)


def test_crowd():
    """Others' causes do without the room for what the kernel was amid, where somebody takes all of it."""
    with Tracer("-e", "process_execute_failed", "-o", "json", *OURS) as t:
        with Attack("crowd") as attack:
            victims(t, attack.name)
            done = t.end(signal.SIGTERM)
    expect(done.status == 0 and not done.complaints, done)


def test_listener():
    """A virus scanner that hangs makes whoever opens the file wait: once, and it is said that nobody looked."""
    if os.path.exists("/sys/bus/event_source/devices/kprobe"):
        raise Skip("where the kernel's own copy of the file is read, nobody opens it")
    check(Attack("listen", user=""), "x", "not_looked")


def nothing_hung(done):
    expect(done.status == 0 and "given up" not in done.err, "somebody was waited for:", done)


def check_held(attack):
    """Who writes is looked for among everybody's descriptors."""
    program = write("program", "\x7fELF")
    with Attack(attack), watch("-v", "-f", f"path~^{program}$") as t:
        with stopped(t):
            with open(program, "ab"):
                fail_to_start(program)
            # It has closed it by the time of the search, which therefore goes on to the last.
        event = event_of(t, path=program, errno="ETXTBSY")
        expect(event["reason"] == "text_busy", event)
        nothing_hung(t.end())


def test_held():
    """None of these is touched."""
    check_held("hold")


def test_epoll_of_another():
    """Nor is /proc asked what it is, of that which is no file: who waits for events can keep the lock that this takes."""
    check_held("poll_held")


def test_epoll_of_his_own():
    """The same of the descriptor that the caller executes."""
    check(Attack("poll_own"), "/proc/self/fd/77", "", hangs=False)


def test_locked_directory():
    """
    A directory of his own, on the machine's own file system, that he keeps locked: a worker that hangs there cannot be ended, and
    everybody else's files there are looked at all the same.
    """
    places = [tempfile.mkdtemp(dir="/dev/shm") for _ in range(2)]
    try:
        for place in places:
            os.chmod(place, 0o777)
        with Tracer("-e", "process_execute_failed", "-o", "json", "-v", "-f", "path~^/dev/shm/") as t:
            os.kill(t.process.pid, signal.SIGSTOP)
            os.waitid(os.P_PID, t.process.pid, os.WSTOPPED | os.WNOWAIT)
            with Attack("directory", command=[places[0]]):
                os.kill(t.process.pid, signal.SIGCONT)
                line = t.line_with(f'"{places[0]}/missing"')
                expect('"reason":"not_looked"' in line, line)
                for i in range(VICTIMS):
                    fail_to_start(f"{places[1]}/no/{i}")
                    line = t.line_with(f'"{places[1]}/no/{i}"')
                    expect('"reason":"missing_directory"' in line, "the cause of another user's failure:", line)
                done = t.end(signal.SIGTERM)
        expect(done.status == 0 and "unexpectedly" not in done.err, done)
    finally:
        for place in places:
            shutil.rmtree(place)


def events_at(tracer, places):
    """One of each, in whichever order they come."""
    told = {}
    while len(told) < len(places):
        event = json.loads(tracer.line())
        if event.get("path") in places:
            told[event["path"]] = event
    return told.values()


def test_directory_of_all():
    """
    The same of a directory of root's, into which everybody looks: who fails there, and has no part in it, loses no more causes than
    there are workers to meet it, and none of elsewhere but for the time that he is charged.
    """
    users = range(50000, 50020)
    place = tempfile.mkdtemp(dir="/dev/shm")
    try:
        os.chmod(place, 0o755)
        with watch("-v", "-f", "path~^(/dev/shm/|/no/)") as t, contextlib.ExitStack() as attack:
            with stopped(t):
                for user in users:
                    in_child(lambda user=user: fail(f"{place}/{user}"), user)
                attack.enter_context(Attack("directory", command=[place]))
            told = events_at(t, [f"{place}/{user}" for user in users])
            hung = [event for event in told if "did not answer" in event["hint"]]
            expect(1 <= len(hung) <= WORKERS, len(hung), "workers hung")
            for user in users:
                in_child(lambda user=user: fail(f"/no/{user}"), user)
            reasons = [event["reason"] for event in events_at(t, [f"/no/{user}" for user in users])]
            expect(reasons.count("missing_directory") >= len(users) - len(hung), reasons)
            done = t.end()
        expect(done.status == 0 and "unexpectedly" not in done.err, done)
    finally:
        shutil.rmtree(place)


def test_mounts():
    """The lock of all mounts, for which who looks into another world has to wait: that is nobody's fault, and nobody can keep it for long."""
    paths = [f"/no/mounts/{i}" for i in range(10)]
    script = f"for path in {' '.join(paths)}; do $path; done; read end"
    with watch("-v", "-f", "path~^/no/mounts/") as t, Attack("mounts"):
        with subprocess.Popen(["unshare", "-m", "sh", "-c", script], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL):
            reasons = [event["reason"] for event in events_at(t, paths)]
        expect(set(reasons) == {"missing_directory"}, "causes of another user's failures:", reasons)
        nothing_hung(t.end())


def own_mounts():
    """A world for execfail that has no effect on this machine's."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS) or libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None):
        raise OSError(ctypes.get_errno(), "own mounts")


def test_root_exchanged_for_a_server():
    """Its root is a link by the time that it is looked at, to where everybody is let in and nobody is answered."""
    place = folder_of_user("jail")
    with watch("-v", preexec_fn=own_mounts) as t:
        enter = f"nsenter -m -t {t.process.pid}"
        with Attack("share", user=enter) as attack:
            with stopped(t):
                in_child(chroot_and_fail(place, "/x"), uid=0)
                os.rename(place, f"{place}.old")
                os.symlink(f"{attack.folder}/fs", place)
            event = event_of(t, path="/x")
            expect(event["errno"] == "ENOENT" and event["reason"] != "not_looked", event)
            nothing_hung(t.end())


def test_explain():
    """It waits for nobody either, and says for whom it would have to."""
    copy_for_nobody()
    with Attack("run", command=[inside("execfail"), "explain", "fs/x"]) as attack:
        expect("cannot be told" in attack.errno and "/fs does not answer" in attack.errno, attack.errno)
    with Attack("run", command=[inside("execfail"), "explain", "-o", "json", "fs/x"]) as attack:
        told = json.loads(attack.errno)
    expect(told["starts"] is None and told["reason"] == "not_looked" and "/fs does not answer" in told["hint"], told)
    # Whoever reads it sees its end, though what it has started cannot be ended.
    script = f'said=$({inside("execfail")} explain fs/x 2>&1); echo "status $?, $said"'
    with Attack("run", command=["/bin/sh", "-c", script]) as attack:
        expect("status 1" in attack.errno and "/fs does not answer" in attack.errno, attack.errno)


def test_explain_as_who_keeps_it():
    """Nor for whom it is to look as: a process that keeps the lock of its memory's map."""
    name = "ba9876543210fedc" * 4
    with group(f"system.slice/docker-{name}.scope") as container, Attack("lock") as attack:
        (container / "cgroup.procs").write_text(str(attack.process.pid), encoding="utf-8")
        for who in ("--pid", str(attack.process.pid)), ("--container", name[:12]):
            done = run("explain", *who, "/bin/true")
            expect(done.status == 1 and not done.err, done)
            expect(f"cannot be told: /proc/{attack.process.pid}/environ does not answer" in done.out, done)


def test_explain_as_unit():
    """Nor for the directory of a unit that does not run, whichever program it is about."""
    copy_for_nobody()
    os.mkdir(inside("stand-in"))
    write("stand-in/systemctl", "#!/bin/sh\nprintf 'LoadState=loaded\nExecStart={ path=/bin/own ; argv[]=/bin/own ; }\nWorkingDirectory=%s/fs\n' $PWD\n")
    explain = ["/usr/bin/env", f"PATH={inside('stand-in')}:/usr/bin:/bin", inside("execfail"), "explain", "--unit", "some.service"]
    for words, name in ([], "/bin/own"), (["/bin/sh"], "/bin/sh"):
        with Attack("run", command=[*explain, *words]) as attack:
            expect(f"whether {name} would start cannot be told" in attack.errno and "/fs does not answer" in attack.errno, attack.errno)
