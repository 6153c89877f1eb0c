# SPDX-License-Identifier: GPL-2.0-only
"""Opening a file is seen by who watches it, and may be answered by them: only where its bytes decide is it opened."""
import contextlib
import ctypes
import os
import pathlib
import struct

from attack import event_of, fail, in_child, watch
from harness import Skip, expect, inside, write

FAN_NONBLOCK, FAN_OPEN, FAN_OPEN_EXEC, FAN_EVENT_ON_CHILD, FAN_MARK_ADD = 0x2, 0x20, 0x1000, 0x8000000, 1
METADATA = struct.Struct("IBBHQii")

libc = ctypes.CDLL(None, use_errno=True)


class Watcher:
    """Who opens what in a folder."""

    def __init__(self, folder):
        self.fd = libc.fanotify_init(FAN_NONBLOCK, os.O_RDONLY)
        mask = ctypes.c_uint64(FAN_OPEN | FAN_EVENT_ON_CHILD)
        if self.fd < 0 or libc.fanotify_mark(self.fd, FAN_MARK_ADD, mask, -100, os.fsencode(folder)):
            raise Skip(f"no fanotify: {os.strerror(ctypes.get_errno())}")

    def openers(self):
        """Pids, of all that was opened since."""
        pids = []
        with contextlib.suppress(BlockingIOError):
            while data := os.read(self.fd, 4096):
                for at in range(0, len(data), METADATA.size):
                    *_, fd, pid = METADATA.unpack_from(data, at)
                    os.close(fd)
                    pids.append(pid)
        return pids

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.fd)


def is_below(pid, tracer):
    while pid > 1 and pid != tracer:
        try:
            stat = pathlib.Path(f"/proc/{pid}/stat").read_text(errors="replace", encoding="utf-8")
        except OSError:
            return False
        pid = int(stat.rpartition(")")[2].split()[1])
    return pid == tracer


def opened_for(path, name, *args):
    """Whether execfail opened something there while an exec failed and was told; others may watch this machine, too."""
    with watch() as t, Watcher(inside("")) as watcher:
        in_child(lambda: fail(path, *args))
        event = event_of(t, path=path, errno=name)
        return event, any(is_below(pid, t.process.pid) for pid in watcher.openers())


def test_opened_for_nothing():
    """The error, or the file's mode, says it all."""
    os.mkdir(inside("folder"))
    write("program", "#!/no/interpreter\n")
    for path, name in (("folder", "EACCES"), ("missing", "ENOENT"), ("program/x", "ENOTDIR")):
        event, opened = opened_for(inside(path), name)
        expect(not opened, f"{path} was opened:", event["hint"])
    event, opened = opened_for(inside("program"), "E2BIG", "x" * 200000)
    expect(not opened, "with long arguments:", event["hint"])


def test_opened_while_written():
    """Who writes is asked of /proc."""
    path = write("busy", "\x7fELF")
    with open(path, "ab"):
        event, opened = opened_for(path, "ETXTBSY")
    expect(not opened and event["reason"] == "text_busy", event)


def test_opened_for_its_bytes():
    """What it is can only be read; the kernel's own copy is enough where there is one."""
    event, opened = opened_for(write("text", "no program\n"), "ENOEXEC")
    kernel = event["binary_source"] == "kernel"
    expect(event["reason"] == "no_shebang", event)
    expect(opened != kernel, f"opened: {opened}, the file told by {event['binary_source']}:", event)
