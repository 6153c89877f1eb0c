# SPDX-License-Identifier: GPL-2.0-only
"""Clocks that are set."""
import contextlib
import os
import subprocess

from attack import HELPERS, event_of, watch
from harness import expect, write


@contextlib.contextmanager
def writer(path):
    """A process that has the file open for writing."""
    with open(path, "r+b") as file, subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=file) as process:
        file.close()
        yield process.pid
        process.stdin.close()


def test_clock_set_back():
    """Who has gone is not the one that holds the file, though that was found out an hour from now."""
    program, clock = write("program", "\x7fELF"), write("clock", "0")
    env = {**os.environ, "LD_PRELOAD": str(HELPERS / "clock.so"), "CLOCK_FILE": clock}
    # Where others' events come too fast, what was found a moment ago has to do.
    with watch("--", "sh", "-c", "while read it; do $it; done", env=env, stdin=subprocess.PIPE) as t:
        with writer(program) as first:
            t.tell(f"{program}\n")
            before = event_of(t, path=program, errno="ETXTBSY")
            expect(str(first) in before["hint"], before)
        write("clock", "3600")
        with writer(program) as second:
            t.tell(f"{program}\n")
            after = event_of(t, path=program, errno="ETXTBSY")
            expect(after["time"] < before["time"], "the clock was not set back:", after["time"], before["time"])
            expect(str(second) in after["hint"] and str(first) not in after["hint"], f"{first}, then {second}:", after["hint"])
