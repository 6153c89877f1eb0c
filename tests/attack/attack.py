# SPDX-License-Identifier: GPL-2.0-only
"""What the attacks share."""
import contextlib
import json
import os
import pathlib
import signal

from harness import Skip, Tracer, inside

HELPERS = pathlib.Path(__file__).parents[2] / "build" / "tests" / "attack"
USER = 65534


def folder_of_user(name):
    path = inside(name)
    os.mkdir(path, 0o755)
    os.chown(path, USER, USER)
    return path


def in_child(act, uid=USER):
    """Runs it as that user in a child, and waits until that has gone."""
    pid = os.fork()
    if not pid:
        try:
            if uid:
                os.setgroups([])
                os.setresgid(uid, uid, uid)
                os.setresuid(uid, uid, uid)
            act()
        finally:
            os._exit(0)
    os.waitpid(pid, 0)


def unified():
    for line in pathlib.Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines():
        if " - cgroup2 " in line:
            return pathlib.Path(line.split()[4])
    raise Skip("no unified cgroup hierarchy")


@contextlib.contextmanager
def group(name):
    """A control group, with all that is above it; what was there stays."""
    path, made = unified(), []
    for part in name.split("/"):
        path = path / part
        if not path.exists():
            path.mkdir()
            made.append(path)
    try:
        yield path
    finally:
        for one in reversed(made):
            one.rmdir()


def fail(path, *args):
    with contextlib.suppress(OSError):
        os.execve(path, [path if isinstance(path, str) else "x", *args], {})


def chroot_and_fail(place, path):
    def act():
        os.chroot(place)
        os.chdir("/")
        fail(path)

    return act


@contextlib.contextmanager
def stopped(tracer):
    """What fails meanwhile is looked at afterwards."""
    tracer.process.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, tracer.process.pid, os.WSTOPPED | os.WNOWAIT)
    yield
    tracer.process.send_signal(signal.SIGCONT)


def watch(*args, **how):
    return Tracer("-o", "json", *args, **how)


def event_of(tracer, **fields):
    """The next event that has these."""
    while True:
        event = json.loads(tracer.line())
        if all(event.get(name) == value for name, value in fields.items()):
            return event
