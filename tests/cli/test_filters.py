# SPDX-License-Identifier: GPL-2.0-only
"""Only what was asked for is shown, and the rest is counted."""
import json
import os
import pathlib
import re

from harness import expect, inside, one_line, run, shell, write

USAGE = 2
SCHEMA = pathlib.Path(__file__).resolve().parents[2] / "docs/event.schema.json"


def filtered(*options, script, out="json"):
    return run("-e", "process_execute_failed", *options, "-o", out, "--", "sh", "-c", script)


def counts(done):
    found = re.search(r"^execfail: (\d+) events?, (?:(\d+) filtered, )?(\d+) lost$", done.err, re.M)
    expect(found, "no closing line:", done)
    return tuple(int(number or 0) for number in found.groups())


def shown(*options, script="/no/such/one; /no/such/two; true"):
    """The last names of the programs of a script that were told of."""
    done = filtered(*options, script=script)
    expect(not done.complaints, done)
    expect(counts(done)[0] == len(done.events), done)
    return [os.path.basename(event["path"]) for event in done.events]


def test_filters_take_no_hook_away():
    """A filter makes programs larger: one that the kernel refuses for it is left out, and what it was for."""
    numbers = ["-u", "root", "-f", "euid=0", "-f", "pid_ns>0", "-c", "sh,env", "-f", "errno!=7", "-f", "path!=/x*"]
    for options in ([], ["-e", "all"], ["--summary=errno,comm"]):
        for filters in ([], numbers):
            done = run("-v", *options, *filters, "--", "true")
            expect("failed to load" not in done.err and "another is there" not in done.err, options, filters, done)


def test_filter_path():
    expect(shown("-f", "path=/no/such/one") == ["one"], "path")
    expect(shown("-f", "path!=*/one") == ["two"], "not path")
    expect(shown("--filter=path~/such/(one|two)$") == ["one", "two"], "regex")


def test_filter_all_terms_hold():
    expect(shown("-f", "path=*one", "-f", "errno=ENOENT") == ["one"], "both")
    expect(not shown("-f", "path=*one", "-f", "errno=EACCES"), "one of them")


def test_filter_reason():
    """What is known only after looking."""
    write("plain", "#!/bin/sh\n", mode=0o644)
    script = f"{inside('plain')}; /no/such/one; true"
    expect(shown("-f", "reason=no_x_bit", script=script) == ["plain"], "reason")
    expect(shown("-f", "reason!=no_x_bit", script=script) == ["one"], "not reason")
    expect(shown("-f", "hint~chmod", script=script) == ["plain"], "hint")
    expect(shown("-f", "binary.inode_mode=0100644", script=script) == ["plain"], "mode")


def test_filter_counts():
    done = filtered("-f", "path=*one", script="/no/such/one; /no/such/two; /no/such/three; true")
    expect(counts(done) == (1, 2, 0), done)


def test_filter_table():
    done = filtered("-f", "path=*one", script="/no/such/one; /no/such/two; true", out="table")
    expect("/no/such/one" in done.out and "/no/such/two" not in done.out, done)


def test_filter_callers():
    script = "/no/such/one; /usr/bin/setpriv --reuid=65534 --clear-groups /bin/sh -c '/no/such/two; true'"
    expect(shown("-u", "0", script=script) == ["one"], "root")
    expect(shown("-u", "nobody", script=script) == ["two"], "nobody")
    expect(shown("-u", "root,nobody", script=script) == ["one", "two"], "both")
    expect(shown("-c", "s?", script=script) == ["one", "two"], "comm")
    expect(not shown("-c", "bash", script=script), "other comm")


def test_filter_of_names_with_commas():
    """One grammar: as in -f."""
    program = write("a,b", "#!/bin/sh\n/no/such/one; true\n")
    for options in (("-c", "a\\,b"), ("-f", "comm=a\\,b"), ("-c", "x,a\\,*")):
        expect(shown(*options, script=program) == ["one"], options)
    one_line(run("-c", "systemd-networkd"), USAGE, "did you mean 'systemd-network'?")


def test_filter_cgroup():
    cgroup = filtered(script="/no/such/one; true").events[0]["cgroup"]
    expect(shown("--cgroup", cgroup) == ["one", "two"], "its own cgroup")
    expect(shown("--cgroup", "/") == ["one", "two"], "all of them")
    expect(not shown("--cgroup", "/there/is/none"), "another")


def test_filter_no_unit():
    expect(not shown("--unit", "no-such-unit-*"), "unit")
    expect(not shown("--container", "ffffffffffff"), "container")


def test_filter_errors():
    one_line(run("-f", "errno=ENOENTT"), USAGE, "'ENOENTT' is no errno", "did you mean 'ENOENT'?")
    one_line(run("-f", "reason=text_bussy"), USAGE, "did you mean 'text_busy'?")
    one_line(run("-f", "pathh=x"), USAGE, "'pathh' is no field", "did you mean 'path'?")
    one_line(run("-u", "no-such-user"), USAGE, "there is no user 'no-such-user'")
    one_line(run("-f", "reason=other_EIOO"), USAGE, "did you mean 'other_EIO'?")


def test_filter_other_reasons_are_known():
    """Of errors that have no rule of their own."""
    done = shell("$EXECFAIL -f reason=other_EIO -f reason=text_* -- true")
    expect(done.status == 0 and not done.complaints, done)


def test_filter_words():
    """Where the schema knows all values of a field, so does the filter."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    sets = {name: field["enum"] for name, field in schema["$defs"]["fields"].items() if "enum" in field}
    expect({"stdin_type", "stage", "syscall"} <= sets.keys(), sets)
    for name, values in sets.items():
        words = [value for value in values if value]
        done = run("-f", f"{name}={','.join(words)}", "--list-fields")
        expect(done.status == 0, name, done)
        one_line(run("-f", f"{name}={words[0]}x", "--list-fields"), USAGE, f"did you mean '{words[0]}'?")
