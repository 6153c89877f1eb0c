# SPDX-License-Identifier: GPL-2.0-only
"""What it answers without tracing: help, lists, the doctor, and whether a program would start."""
import json
import re
import shutil

from harness import as_nobody, expect, run, write

# --- help and lists


def test_help_and_version():
    done = run("--help")
    expect(done.status == 0 and not done.err and "Usage: execfail" in done.out, done)
    done = run("--version")
    expect(done.status == 0 and re.fullmatch(r"execfail \d+\.\d+\.\d+\n", done.out), done)


def test_event_help():
    done = run("-e", "help")
    expect(done.status == 0 and not done.err and "process_execute_failed" in done.out, done)


def test_list_fields():
    done = run("--list-fields")
    listed = {line.split()[0] for line in done.out.splitlines()}
    event = run("-o", "json", "--", "/no/such/program").events[0]
    expect(done.status == 0 and not set(event) - listed, "not listed:", set(event) - listed)


def test_list_reasons():
    done = run("--list-reasons")
    expect(done.status == 0 and re.search(r"^no_x_bit +\S", done.out, re.M), done)


# --- the doctor


def test_doctor():
    done = run("--doctor")
    expect(done.status == 0 and not done.err, done)
    for word in ("kernel:", "BTF:", "privileges: enough", "chosen:", "unseen:"):
        expect(word in done.out, f"no {word!r} in:", done)


def doctors_lines(*args):
    done = run("--doctor", *args)
    expect(done.status == 0, done)
    return done.out.splitlines()


def test_doctor_without_seccomp():
    """What is left out is not attached, and is said to be unseen where it would have been."""
    with_it, without_it = doctors_lines(), doctors_lines("--no-seccomp")
    sandbox = re.compile(r" +attached +fentry__seccomp_(permit_syscall|filter)$")
    expect(not [line for line in without_it if sandbox.match(line)], without_it)
    if not [line for line in with_it if sandbox.match(line)]:
        expect(with_it == without_it, "differs without fentry:", without_it)
        return
    unseen = [line for line in without_it if line.startswith("unseen:")]
    expect("execs that a seccomp filter denies" in unseen[0], without_it)


# --- explain


def test_explain():
    done = run("explain", "/etc/passwd")
    expect(done.status == 1 and "no_x_bit" in done.out and "EACCES" in done.out, done)
    done = run("explain", shutil.which("true"))
    expect(done.status == 0 and "would start" in done.out, done)


def test_explain_not_root():
    done = as_nobody("explain /bin/true")
    expect(done.status == 0 and "would start" in done.out, done)


def test_explain_json():
    done = run("-o", "json", "explain", "/etc/passwd")
    expect(done.status == 1 and done.out.count("\n") == 1 and not done.err, done)
    answer = json.loads(done.out)
    expect(not answer["starts"] and (answer["reason"], answer["errno"]) == ("no_x_bit", "EACCES"), answer)


def test_explain_env():
    """Its status says whether that starts, too, which env(1) is to start."""
    done = run("explain", "--", write("bad", "#!/usr/bin/env no-such-program\n"), "-v")
    expect(done.status == 1 and "env_missing" in done.out, done)
    done = run("explain", "--", write("good", "#!/usr/bin/env true\n"), "-v")
    expect(done.status == 0 and "would start" in done.out, done)


def test_lists_for_programs():
    """As JSON they have what they have for people, and in the same order; wherever on the command line the form is."""
    for option in ("--list-fields", "--list-reasons", "-ehelp", "-ohelp"):
        rows = [json.loads(line) for line in run(option, "-o", "json").out.splitlines()]
        names = [line.split()[0] for line in run(option).out.splitlines()]
        # Groups are no events.
        names = [name for name in names if name not in ("failures", "all")]
        expect([row.get("name") or row["reason"] for row in rows] == names, option, rows[:3])
    expect(run("-o", "json", "--list-fields").out == run("--list-fields", "-ojson").out, "the order decides")
    fields = {row["name"]: row for row in map(json.loads, run("--list-fields", "-ojson").out.splitlines())}
    expect(fields["errno"]["ecs"] == "error.code" and fields["errno"]["otel"] == "error.type", fields["errno"])
    expect(fields["stage"]["ecs"] is None and fields["stage"]["type"] == "string", fields["stage"])


def test_doctor_for_programs():
    """The same as for people, an object a line."""
    rows = [json.loads(line) for line in run("--doctor", "-o", "json").out.splitlines()]
    said = {row["what"]: row["says"] for row in rows if "what" in row}
    expect(said["chosen"].startswith("hooks ") and "kernel" in said and "worker" in said, said)
    chosen = said["chosen"].split()[1].rstrip(",")
    expect(said[chosen] == "attaches", said)
    states = {row["state"] for row in rows if "program" in row}
    expect(states and states <= {"attached", "missing", "refused", "loaded", "spared"}, states)
