# SPDX-License-Identifier: GPL-2.0-only
"""What options change of what is traced, or is told of it."""
import os

from harness import expect, linux, paths, run


def test_event_all():
    done = run("-e", "all", "-o", "json", "--", "/no/such/program")
    expect("process_execute_failed" in [event["event"] for event in done.events], done)


def test_event_alias():
    done = run("-e", "process_execution_failed", "-o", "json", "--", "/no/such/program")
    expect([event["event"] for event in done.events] == ["process_execute_failed"], done)


def test_transports():
    for transport in ("auto", "ringbuf", "perfbuf"):
        done = run(f"--transport={transport}", "-e", "process_execute_failed", "-o", "json", "--", "sh", "-c", "/no/such")
        if transport == "ringbuf" and linux() < (5, 8):
            expect(done.status == 1 and done.complaints, done)
        else:
            expect(paths(done, "/no/such") == ["/no/such"], f"{transport}:", done)


def test_verbose():
    done = run("-v", "-e", "process_execute_failed", "-o", "json", "--", "true")
    expect(done.status == 0 and all(line.startswith("execfail: ") for line in done.err.splitlines()), done)
    # What nobody can do anything about is not worth a line.
    expect("line info" not in done.err, done)


# --- environments

SECRET = {"DB_PASSWORD": "hunter2-hunter2", "HARMLESS_PLACE": "garden"}


def secrets(*args):
    return run(*args, "-e", "process_execute_failed", "-o", "json", "--", "sh", "-c", "/no/such", env={**os.environ, **SECRET})


def test_secrets_masked():
    done = secrets()
    expect(len(done.events) == 1 and "hunter2" not in done.out, done)
    expect("HARMLESS_PLACE=garden" in done.events[0]["environment"], done)
    expect(any(v.startswith("DB_PASSWORD=") for v in done.events[0]["environment"]), "the name is gone, too:", done)


def test_show_secrets():
    expect("DB_PASSWORD=hunter2-hunter2" in secrets("--show-secrets").events[0]["environment"])


def test_no_env():
    done = secrets("--no-env")
    expect(len(done.events) == 1 and done.events[0]["environment"] is None and "garden" not in done.out, done)
