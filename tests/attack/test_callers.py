# SPDX-License-Identifier: GPL-2.0-only
"""Callers in all the states that an unprivileged user can be in when they are looked at. None is waited for, and each is told with its cause."""
import contextlib
import ctypes
import os
import pathlib
import signal
import socket
import subprocess

from attack import USER, event_of, fail, folder_of_user, group, in_child, stopped, watch
from harness import NOBODY, Skip, expect, inside, read, write
from test_silence import nothing_hung

HELD = pathlib.Path(__file__).resolve().parents[2] / "build" / "tests" / "held"
OURS = ("-v", "-f", "path~^/no/")
LIMIT = 128 << 10  # of one argument, a page of 4 KiB


def check_held(state):
    """By another process of his, or in more namespaces than anybody has."""
    with watch(*OURS) as t:
        with stopped(t):
            process = subprocess.Popen([*NOBODY.split(), HELD, state], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            said = read(process.stdout.fileno())
            expect(said, state, said or process.stderr.read())
        event = event_of(t, path=f"/no/held/{state}")
        expect(event["reason"] == "missing_directory" and event["uid"] == USER, event)
        nothing_hung(t.end())
        process.kill()
        process.communicate()
    return event


def test_traced():
    check_held("traced")


def test_executed():
    """Its tracer has it at PTRACE_EVENT_EXEC."""
    check_held("executed")


def test_notified():
    """Its system calls are answered by another, who does not."""
    check_held("notified")


def test_nested():
    check_held("nested")


@contextlib.contextmanager
def staying(act, enter=lambda: None):
    """A process of his that does it, and stays; enter: what only root may do."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            enter()
            os.setresuid(USER, USER, USER)
            act()
            os.write(theirs, b"x")
            signal.pause()
        finally:
            os._exit(1)
    os.close(theirs)
    expect(os.read(ours, 1), "the attack did not come about")
    os.close(ours)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def freeze(frozen, state):
    (frozen / "cgroup.freeze").write_text(state, encoding="utf-8")
    while f"frozen {state}" not in (frozen / "cgroup.events").read_text(encoding="utf-8"):
        os.sched_yield()


def test_frozen():
    """By its control group."""
    with group("execfail-frozen") as frozen, watch(*OURS) as t:
        if not (frozen / "cgroup.freeze").exists():
            raise Skip("this kernel freezes no groups")
        with contextlib.ExitStack() as held:
            with stopped(t):
                held.enter_context(staying(lambda: fail("/no/frozen"), lambda: (frozen / "cgroup.procs").write_text("0", encoding="utf-8")))
                freeze(frozen, "1")
            event = event_of(t, path="/no/frozen")
            freeze(frozen, "0")
        expect(event["reason"] == "missing_directory", event)
        nothing_hung(t.end())


def inputs():
    """What standard input can be that makes who opens or reads it wait. With what has to stay open."""
    os.mkfifo(inside("fifo"))
    for end in (*os.pipe(), *(one.detach() for one in socket.socketpair())):
        yield end, end
    fifo = os.open(inside("fifo"), os.O_RDWR)
    yield fifo, fifo
    master, slave = os.openpty()
    yield slave, master


def test_inputs():
    """Executed by its path, and beside another path."""
    with watch("-v", "-f", "path~^(/no/|/dev/stdin$|/proc/self/fd/0$)") as t:
        for stdin, _ in inputs():
            for path in ("/dev/stdin", "/proc/self/fd/0", "/no/input"):

                def act(path=path, stdin=stdin):
                    os.dup2(stdin, 0)
                    fail(path)

                with staying(act):
                    event = event_of(t, path=path)
                expect(event["reason"] == ("missing_directory" if path == "/no/input" else "special_file"), path, event)
        nothing_hung(t.end())


def test_pipe_is_not_read():
    """What is in it is for others."""
    ours, theirs = os.pipe()
    os.write(theirs, b"#!/no/secret\n")

    def act():
        os.dup2(ours, 0)
        fail("/proc/self/fd/0")

    with watch("-v", "-f", "path=/proc/self/fd/0") as t:
        in_child(act)
        event = event_of(t, path="/proc/self/fd/0")
        nothing_hung(t.end())
    expect("secret" not in str(event) and os.read(ours, 100) == b"#!/no/secret\n", event)


def test_huge():
    """As many arguments and variables as the kernel takes, and as long, and more."""
    shapes = {
        "many": (["x"] * 100000, {}),
        "long": (["x" * (LIMIT - 1)] * 12, {}),
        "variables": ([], {f"V{i}": "" for i in range(100000)}),
        "variable": ([], {f"V{i}": "x" * (LIMIT - 10) for i in range(12)}),
        "names": ([], {"V" * (LIMIT - 10): ""}),
        "too_long": (["x" * (2 * LIMIT)], {}),
    }
    with watch(*OURS) as t:
        for name, (arguments, variables) in shapes.items():

            def act(path=f"/no/huge/{name}", arguments=arguments, variables=variables):
                with contextlib.suppress(OSError):
                    os.execve(path, [path, *arguments], variables)

            in_child(act)
            event = event_of(t, path=f"/no/huge/{name}")
            expect(event["reason"] == ("argument_too_long" if event["errno"] == "E2BIG" else "missing_directory"), name, event["reason"], event["errno"])
        nothing_hung(t.end())


IN_ALL_EVENTS, INSTANCES = 0xFFF, 100


def test_watched_by_many():
    """A hundred of inotify, whose queues nobody reads, hear of each look at a file of his."""
    libc = ctypes.CDLL(None, use_errno=True)
    place = folder_of_user("watched")
    program = write("watched/program", "no program\n")

    def act():
        for _ in range(INSTANCES):
            fd = libc.inotify_init()
            for name in (place, program):
                expect(libc.inotify_add_watch(fd, os.fsencode(name), IN_ALL_EVENTS) > 0)
        for _ in range(INSTANCES):
            fail(program)

    with watch("-v", "-f", f"path~^{place}/") as t, contextlib.ExitStack() as watched:
        with stopped(t):
            watched.enter_context(staying(act))
        for _ in range(INSTANCES):
            event = event_of(t, path=program)
            expect(event["reason"] == "no_shebang", event)
        nothing_hung(t.end())
