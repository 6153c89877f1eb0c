# SPDX-License-Identifier: GPL-2.0-only
"""What the attacks share."""
import contextlib
import json
import os
import pathlib
import signal

from harness import Tracer, inside

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
