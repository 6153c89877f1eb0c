# SPDX-License-Identifier: GPL-2.0-only
"""Which signal ends what."""
import signal

from harness import Tracer, expect, fail_to_start


def ignore_hangup():
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


def test_hangup():
    with Tracer("-o", "json") as t:
        done = t.end(signal.SIGHUP)
    expect(done.status == 0 and not done.complaints, done)


def test_nohup():
    with Tracer("-o", "json", preexec_fn=ignore_hangup) as t:
        t.process.send_signal(signal.SIGHUP)
        # What failed before it ended would be printed all the same: so once more.
        for path in ("/no/after/hangup", "/no/long/after/hangup"):
            fail_to_start(path)
            t.line_with(f'"{path}"')
        done = t.end()
    expect(done.status == 0, done)


def test_term_reaches_command():
    with Tracer("--", "sh", "-c", "echo started; exec sleep 1000") as t:
        t.line_with("started")
        done = t.end()
    expect(done.status == 128 + signal.SIGTERM, done)
