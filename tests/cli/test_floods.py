# SPDX-License-Identifier: GPL-2.0-only
"""While programs fail faster than anybody can print it."""
import contextlib
import os
import signal
import subprocess
import sys

from harness import Tracer, events_of, expect, gave_up, here, inside, run, write

FLOOD = """
import itertools, os, sys
go_on = sys.argv[1]
for i in itertools.count():
    try:
        os.execv("/no/flood/%d" % i, ["flood"])
    except OSError:
        pass
    if i == 1000 and sys.argv[2:]:
        open(sys.argv[2], "w").close()
    if not i % 100 and not os.path.exists(go_on):
        break
"""


@contextlib.contextmanager
def flood(processes=2):
    """Failures for as long as it is in force. Gives the command of one such process."""
    go_on = write("go-on", "")
    command = [sys.executable, "-c", FLOOD, go_on]
    running = [subprocess.Popen(command) for _ in range(processes)]
    try:
        yield command
    finally:
        os.remove(go_on)
        for process in running:
            process.wait(timeout=here.patience)


def end_in_flood(number, *args):
    with Tracer("-e", "process_execute_failed", "-o", "json", *args) as t, flood():
        t.line_with("/no/flood/")
        done = t.end(number)
    expect(done.status == 0 or (number == signal.SIGTERM and gave_up(done)), done)


def test_term_in_flood():
    end_in_flood(signal.SIGTERM)


def test_int_in_flood():
    end_in_flood(signal.SIGINT)


def test_term_in_flood_perfbuf():
    end_in_flood(signal.SIGTERM, "--transport=perfbuf")


def test_end_of_command_in_flood():
    """What it has started goes on, and keeps nobody."""
    os.mkfifo(inside("begun"))
    script = 'fifo=$1; shift; "$@" "$fifo" 2>&- & read begun <"$fifo"; exit 3'
    with flood(processes=0) as command, open(os.devnull, "w", encoding="ascii") as null:
        done = run("-e", "process_execute_failed", "-o", "json", "--", "sh", "-c", script, "sh", inside("begun"), *command, stdout=null)
    expect(done.status == 3, done)


def test_lost_in_flood():
    """What is lost is said while it goes on."""
    with Tracer("-e", "process_execute_failed", "-o", "json", "--buffer=128K") as t, flood():
        lost = events_of(t.line_with('"event":"lost"'))[0]
        t.end()
    expect(lost["reason"] in ("over_share", "buffer_full") and lost["count"] > 0, lost)
