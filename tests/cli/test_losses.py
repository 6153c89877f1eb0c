# SPDX-License-Identifier: GPL-2.0-only
"""What failed before the end is printed, and what could not be is counted."""
import json
import os
import re
import signal
import subprocess

from harness import Tracer, events_of, expect, finish, gave_up, inside, run

LOOP = "i=0; while [ $i -lt 1000 ]; do /no/many/$i; i=$((i + 1)); done"


def many_failures():
    finish(["sh", "-c", LOOP], stderr=subprocess.DEVNULL)


def check_many(done, out):
    expect(done.status == 0 and not done.complaints, done)
    seen = [event["path"] for event in events_of(out) if (event.get("path") or "").startswith("/no/many/")]
    expect(sorted(seen) == sorted(f"/no/many/{i}" for i in range(1000)), f"{len(set(seen))}, {len(seen)} lines:", done)
    expect(re.search(r"^execfail: \d+ events?, 0 lost$", done.err, re.M), "no closing line:", done)


def check_unread(done):
    """It has ended all the same: what is in the pipe and what is lost are all there was."""
    whole = [json.loads(line) for line in done.out.splitlines(keepends=True) if line.endswith("\n")]
    shown, lost = map(int, re.search(r"^execfail: (\d+) events, (\d+) lost$", done.err, re.M).groups())
    unwritten = int(re.search(r"nobody reads the output, and (\d+) events", done.err)[1])
    expect(done.status == 1 and shown == len(whole), f"{len(whole)} lines:", done.err)
    expect(unwritten and unwritten <= lost and shown + unwritten >= 1000, done.err)


def flush(number):
    """Nothing is lost that failed before the signal, though nobody read until after it."""
    with Tracer("-e", "process_execute_failed", "-o", "json") as t:
        many_failures()
        done = t.end(number)
    if number == signal.SIGTERM and gave_up(done):
        check_unread(done)
    else:
        check_many(done, done.out)


def test_term_flushes():
    flush(signal.SIGTERM)


def test_int_flushes():
    flush(signal.SIGINT)


def test_term_flushes_file():
    with open(inside("out"), "w+", encoding="utf-8") as out:
        with Tracer("-e", "process_execute_failed", "-o", "json", stdout=out) as t:
            many_failures()
            done = t.end()
        out.seek(0)
        check_many(done, out.read())


def test_many_of_command():
    done = run("-e", "process_execute_failed", "-o", "json", "--", "sh", "-c", f"{LOOP} 2>&-; exit 0")
    check_many(done, done.out)


def check_counted(transport):
    """What is not shown is counted, once: here most, as nobody takes anything out of the buffer."""
    cpus = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(cpus)})  # perf buffers are one for each
        script = f"kill -STOP $PPID; {LOOP} 2>&-; kill -CONT $PPID"
        done = run("-e", "process_execute_failed", "-o", "json", "--buffer=128K", f"--transport={transport}", "--", "sh", "-c", script)
    finally:
        os.sched_setaffinity(0, cpus)
    lost = sum(event["count"] for event in done.events if event["event"] == "lost")
    shown = [event for event in done.events if event["event"] != "lost"]
    expect(done.status == 0 and lost and shown and len(shown) + lost == 1000, f"{len(shown)} and {lost} lost:", done.err)
    expect(f"execfail: {len(shown)} events, {lost} lost" in done.err, done.err)


def test_counted_ringbuf():
    check_counted("ringbuf")


def test_counted_perfbuf():
    check_counted("perfbuf")


# --- nobody reads


def test_second_signal():
    for first, second in ((signal.SIGINT, signal.SIGINT), (signal.SIGINT, signal.SIGTERM)):
        with Tracer("-e", "process_execute_failed", "-o", "json") as t:
            many_failures()
            t.process.send_signal(first)
            t.says("a second signal ends it")
            t.process.send_signal(second)
            t.wait()
            check_unread(t.end(0))


def test_term_without_reader():
    """Who sends SIGTERM will send SIGKILL next."""
    with Tracer("-e", "process_execute_failed", "-o", "json") as t:
        many_failures()
        t.process.terminate()
        t.wait()
        check_unread(t.end(0))
