# SPDX-License-Identifier: GPL-2.0-only
"""Whatever is taken from its processes, at any point: each failure is told, or it ends and says why."""
import contextlib
import ctypes
import os
import platform
import resource
import signal
import struct

from attack import event_of, fail, in_child, stopped, watch
from harness import Skip, expect, inside
from test_privileges import descendants

OURS = ("-f", "path~^/no/fault/", "--all")
SYS_CLONE3 = 435


def failures(tracer, name, count, between=lambda number: None):
    """Each of them is told, whatever else happens."""
    for number in range(count):
        between(number)
        fail(f"/no/fault/{name}/{number}")
    told = {event_of(tracer)["path"] for _ in range(count)}
    expect(told == {f"/no/fault/{name}/{number}" for number in range(count)}, len(told), "of", count)


def signalled(pids, number):
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def test_workers_killed_over_and_over():
    with watch(*OURS) as t:
        _, starter, _ = crew_of(t)
        failures(t, "killed", 200, lambda number: number % 7 or signalled(list(descendants(starter)), signal.SIGKILL))
        done = t.end()
    expect(done.status == 0 and "lost" not in done.out, done)


def crew_of(tracer):
    """As crew(), of a tracer that is told of these failures only."""
    fail("/no/fault/crew")
    event_of(tracer, path="/no/fault/crew")
    reader = tracer.process.pid
    starter = next(descendants(reader))
    return reader, starter, list(descendants(starter))


def test_interrupted():
    """Who is stopped and goes on has its calls interrupted."""

    def interrupt(_):
        pids = [reader, starter, *descendants(starter)]
        signalled(pids, signal.SIGSTOP)
        signalled(pids, signal.SIGCONT)

    with watch(*OURS) as t:
        reader, starter, _ = crew_of(t)
        failures(t, "interrupted", 200, interrupt)
        done = t.end()
    expect(done.status == 0 and not done.complaints and "lost" not in done.out, done)


@contextlib.contextmanager
def with_memory(size):
    """execfail with no more than that; None where it has ended, and said why."""
    limit = (size, size)
    try:
        t = watch(*OURS, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, limit))
    except AssertionError as error:
        why = str(error)
        expect("execfail: " in why or "loading shared libraries" in why, size, why)
        yield None
        return
    with t:
        yield t


def test_no_memory():
    """With less than it needs it says so. As soon as it begins, it goes on, with events that wait and have to be kept as well."""
    for size in range(4 << 20, 256 << 20, 4 << 20):
        with with_memory(size) as t:
            if t:
                break
    with with_memory(size + (1 << 20)) as t:
        _, starter, workers = crew_of(t)
        signalled([starter, *workers], signal.SIGSTOP)
        for number in range(4000):
            fail(f"/no/fault/taken/{number}", "x" * 8000)
        done = t.end()
        signalled([starter, *workers], signal.SIGCONT)
    expect(done.status == 0 or (done.status == 1 and "out of memory" in done.err), done)


def test_two_instances():
    """Neither takes anything from the other."""
    with watch(*OURS) as one, watch(*OURS) as two:
        for number in range(50):
            fail(f"/no/fault/two/{number}")
        for tracer in (one, two):
            told = [event_of(tracer)["path"] for _ in range(50)]
            expect(sorted(told) == sorted(f"/no/fault/two/{number}" for number in range(50)), told)
            done = tracer.end()
            expect(done.status == 0 and not done.complaints, done)


def fork_as(pid):
    """A process of that number; 0 in it."""
    numbers = struct.pack("i", pid)
    room = ctypes.create_string_buffer(numbers)
    arguments = ctypes.create_string_buffer(struct.pack("8Q3Q", 0, 0, 0, 0, signal.SIGCHLD, 0, 0, 0, ctypes.addressof(room), 1, 0))
    libc = ctypes.CDLL(None, use_errno=True)
    result = libc.syscall(SYS_CLONE3, arguments, 80)
    if result < 0:
        raise Skip(f"clone3 with a number: {os.strerror(ctypes.get_errno())}")
    return result


def test_number_used_again():
    """Who has the caller's number by now, and lives where such a file is, is not the caller."""
    if platform.machine() not in ("x86_64", "aarch64"):
        raise Skip("the number of clone3 is not known here")
    for name in ("empty", "full"):
        os.mkdir(inside(name))
    program = inside("full/x")
    with open(program, "w", encoding="utf-8") as file:
        file.write("#!/bin/sh\n")
    os.chmod(program, 0o755)
    gone = []

    def act():
        os.chdir(inside("empty"))
        fail("./x")

    with watch("-f", "path=./x") as t:
        with stopped(t):
            pid = os.fork()
            if not pid:
                act()
                os._exit(0)
            os.waitpid(pid, 0)
            gone.append(pid)
            again = fork_as(pid)
            if not again:
                os.chdir(inside("full"))
                signal.pause()
        event = event_of(t, path="./x")
        os.kill(again, signal.SIGKILL)
        os.waitpid(again, 0)
        expect(event["pid"] == again == pid, event["pid"], again, pid)
        expect(event["cwd"] == inside("empty") and event["reason"] == "missing_file", event)
        expect("/full" not in str(event), event)
        t.end()
