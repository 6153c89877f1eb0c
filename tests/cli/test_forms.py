# SPDX-License-Identifier: GPL-2.0-only
"""What an event looks like: JSON lines, rows of the table; and that bytes of others do no harm in them."""
import re

from harness import USAGE, Tracer, expect, fail_to_start, one_line, run, write


def test_one_object():
    done = run("-e", "process_execute_failed", "-o", "json", "--", "sh", "-c", "/no/such")
    expect(done.status == 127, done)
    expect([(e["path"], e["errno"]) for e in done.events] == [("/no/such", "ENOENT")], done)


def test_lines_at_once():
    with Tracer("-e", "process_execute_failed", "-o", "json") as t:
        fail_to_start("/no/at/once")
        t.line_with('"path":"/no/at/once"')
        expect(t.process.poll() is None, "it has ended")


def test_table():
    with Tracer() as t:
        expect(t.line().split() == ["TIME", "PID", "USER", "COMM", "STARTED", "BY", "ERRNO", "WHAT"], "no header")
        fail_to_start("/no/such/program", "--option", "two words")
        line = t.line_with("/no/such/program")
        words = line.split()
        expect(words[2] == "root" and "ENOENT" in words and "--option" in line and "two words" in line, line)
        done = t.end()
    expect(done.status == 0, done)


def test_fields():
    """The keys, in that order, and nothing else; of what is lost all the same everything."""
    done = run("-e", "process_execute_failed", "-o", "json", "--fields", "errno,path", "--", "sh", "-c", "/no/such; true")
    expect(done.out == '{"errno":"ENOENT","path":"/no/such"}\n', done)
    done = run("--fields", "errno,path", "--", "sh", "-c", "/no/such; true")
    expect(done.out == "ERRNO        WHAT\nENOENT       /no/such\n", done)


def test_quiet():
    done = run("-q", "-e", "process_execute_failed", "-o", "json", "--", "sh", "-c", "/no/such 2>/dev/null; true")
    expect(done.err == "" and len(done.events) == 1, done)


def test_times():
    done = run("--time", "relative", "--", "sh", "-c", "/no/such; true")
    expect(re.search(r"^\+\d+\.\d{3} ", done.out, re.M), done)


# --- hostile bytes

HOSTILE = "/no/\x1b[31mred\x1b[0m/\u202eltr/\x07/\x9b31m/new\nline/\udcff\udcfe"


def test_hostile_strings():
    done = run("--", "sh", "-c", '"$0" "$1"', HOSTILE, "\x1b]0;title\x07 \u2066 \r")
    expect("/no/" in done.out and "ENOENT" in done.out, done)
    raw = re.findall("[\0-\x09\x0b-\x1f\x7f\x9b\u202e\u2066\udc80-\udcff]", done.out)
    expect(not raw, "raw in the table:", raw, done)
    expect("\nline" not in done.out, "a line break in the table:", done)


def test_hostile_comm():
    program = write("\x1b[7mname", "#!/bin/sh\n/no/such\n")
    done = run("--", program)
    expect("/no/such" in done.out and "\x1b" not in done.out, done)


def test_hostile_json():
    done = run("-e", "process_execute_failed", "-o", "json", "--", "sh", "-c", '"$0"', HOSTILE)
    expect(all(ord(c) >= 32 for line in done.out.splitlines() for c in line), done)
    expect([e["path"].startswith("/no/\x1b[31mred") and "raw" in e for e in done.events] == [True], done)


def test_hostile_usage():
    done = run("\x1b[31mred\x1b[0m\nline")
    one_line(done, USAGE)
    expect("\x1b" not in done.err, done)
