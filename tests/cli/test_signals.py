# SPDX-License-Identifier: GPL-2.0-only
"""Which signal ends what."""
import signal
import subprocess
import sys

from harness import Tracer, expect, fail_to_start


def ignore_hangup():
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


# --- without a command


def test_hangup():
    with Tracer("-e", "process_execute_failed", "-o", "json") as t:
        done = t.end(signal.SIGHUP)
    expect(done.status == 0 and not done.complaints, done)


def test_nohup():
    with Tracer("-e", "process_execute_failed", "-o", "json", preexec_fn=ignore_hangup) as t:
        t.process.send_signal(signal.SIGHUP)
        # What failed before it ended would be printed all the same: so once more.
        for path in ("/no/after/hangup", "/no/long/after/hangup"):
            fail_to_start(path)
            t.line_with(f'"{path}"')
        done = t.end()
    expect(done.status == 0, done)


# --- with one


def test_interrupt_with_command():
    """COMMAND gets it from the terminal, too, and may have a use for it: its end is waited for."""
    script = "read go; /no/one; read go; /no/two; exit 3"
    with Tracer("-e", "process_execute_failed", "-o", "json", "--", "sh", "-c", script, stdin=subprocess.PIPE) as t:
        t.process.send_signal(signal.SIGINT)
        for path in ("/no/one", "/no/two"):
            t.tell("go\n")
            t.line_with(f'"{path}"')
        done = t.end(0)
    expect(done.status == 3 and not done.complaints, done)


def test_term_reaches_command():
    with Tracer("--", "sh", "-c", "echo started; exec sleep 1000") as t:
        t.line_with("started")
        done = t.end()
    expect(done.status == 128 + signal.SIGTERM, done)


def test_hangup_with_command():
    """Who hangs up waits for nobody; COMMAND hears of it."""
    script = "trap 'echo heard; exit 0' HUP; echo started; while :; do read go; done"
    with Tracer("--", "sh", "-c", script, stdin=subprocess.PIPE) as t:
        t.line_with("started")
        t.process.send_signal(signal.SIGHUP)
        expect(t.wait() == 128 + signal.SIGHUP, "status", t.process.returncode)
        t.line_with("heard")


HEEDLESS = """
import signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
print("started", flush=True)
signal.sigwait({signal.SIGTERM})
print("heard", flush=True)
input()
print("went on", file=sys.stderr)
"""


def test_second_term_with_command():
    """It is handed on, and the second ends execfail alone."""
    with Tracer("-e", "process_execute_failed", "-o", "json", "--", sys.executable, "-c", HEEDLESS, stdin=subprocess.PIPE) as t:
        for said in ("started", "heard"):
            t.line_with(said)
            t.process.terminate()
        expect(t.wait() == 128 + signal.SIGTERM, "status", t.process.returncode)
        t.tell("go\n")
        t.says("went on")
    expect(b" events, 0 lost" in t.err and b"cannot write" not in t.err, t.err)
