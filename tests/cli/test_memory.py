# SPDX-License-Identifier: GPL-2.0-only
"""Arguments that nobody had touched when the call failed: in no page, so the kernel's programs cannot read them."""
import ctypes
import json
import mmap
import os
import signal
import subprocess

from harness import Skip, Tracer, expect, inside, linux, write

ENOENT = 2
AT_FIRST = "-e process_execute_failed -o json -f path~^/no/cold".split()


def untouched(name, text, size=4096):
    """Where a file is mapped; the object keeps it."""
    with open(write(name, text), "rb") as file:
        libc = ctypes.CDLL(None, use_errno=True)
        libc.mmap.restype = ctypes.c_void_p
        libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
        at = libc.mmap(None, size, mmap.PROT_READ, mmap.MAP_PRIVATE, file.fileno(), 0)
    expect(at not in (None, ctypes.c_void_p(-1).value), "mmap")
    return at


def execute(path, pointers):
    """With arguments by their addresses, in a list that is returned, to be kept. The kernel finds the path first and nothing there: it does not read them."""
    libc = ctypes.CDLL(None, use_errno=True)
    arguments = (ctypes.c_void_p * (len(pointers) + 1))(*pointers, None)
    libc.execve(path.encode(), arguments, (ctypes.c_void_p * 1)(None))
    expect(ctypes.get_errno() == ENOENT, os.strerror(ctypes.get_errno()))
    return arguments


def string(text):
    """Its address, and what keeps it."""
    room = ctypes.create_string_buffer(text)
    return ctypes.addressof(room), room


def read_by_the_kernel():
    """From 5.9 to 6.7 arguments are copied before the path is looked for."""
    return (5, 9) <= linux() < (6, 8)


def test_untouched():
    first, _kept = string(b"first")
    with Tracer(*AT_FIRST) as t:
        _list = execute("/no/cold", [first, untouched("text", "in the file")])
        event = json.loads(t.line())
        expect(event["arguments"] == ["first", "in the file"] and event["argc"] == 2, event)
        expect(event.get("read_afterwards") == (None if read_by_the_kernel() else ["arguments"]), event)
        expect("unreadable" not in event, event)
        t.end()


def in_child(act):
    """Which stays as it was until the end of the block."""
    pid = os.fork()
    if not pid:
        try:
            act()
            signal.pause()
        finally:
            os._exit(1)
    return pid


def end(pid):
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


OTHER = """
#include <stdio.h>
#include <unistd.h>
char *list[] = { "what is in the memory of another", NULL };
int main(int argc, char **argv)
{
	(void)argv;
	return argc > 1 ? printf("%lu", (unsigned long)list) < 0 : pause();
}
"""


def test_become_another():
    """A caller that has become another program by the time that it is looked at: what is in its memory is that one's."""
    if read_by_the_kernel():
        raise Skip("this kernel reads arguments before the path")
    program = inside("other")
    subprocess.run(["gcc", "-static", "-no-pie", "-x", "c", "-", "-o", program], input=OTHER, text=True, check=True)
    at = int(subprocess.check_output([program, "where"]))

    def act():
        libc = ctypes.CDLL(None)
        libc.execve(b"/no/cold/another", ctypes.c_void_p(at), (ctypes.c_void_p * 1)(None))
        os.execv(program, [program])

    with Tracer(*AT_FIRST) as t:
        t.process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, t.process.pid, os.WSTOPPED | os.WNOWAIT)
        pid = in_child(act)
        while os.readlink(f"/proc/{pid}/exe") != program:
            os.sched_yield()
        t.process.send_signal(signal.SIGCONT)
        event = json.loads(t.line())
        end(pid)
        expect("memory of another" not in str(event) and event["unreadable"] == ["arguments"], event)
        t.end()


def test_not_readable_for_itself():
    """Pages that the caller may not read are not read for it; nor is what the call failed for."""
    at = untouched("text", "secret of nobody")
    libc = ctypes.CDLL(None, use_errno=True)
    expect(not libc.mprotect(ctypes.c_void_p(at), 4096, 0), "mprotect")
    if read_by_the_kernel():
        raise Skip("this kernel reads arguments before the path")
    with Tracer(*AT_FIRST) as t:
        _list = execute("/no/cold", [at])
        event = json.loads(t.line())
        expect(event["unreadable"] == ["arguments"] and "read_afterwards" not in event, event)
        t.end()
