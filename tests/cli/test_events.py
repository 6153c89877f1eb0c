# SPDX-License-Identifier: GPL-2.0-only
"""-e: events beside failures, and what they cost; filters that the kernel decides."""
import os
import re
import shutil
import subprocess
import sys

from harness import USAGE, Skip, expect, finish, here, inside, one_line, run, write

FAMILY = "tracepoint"  # what every machine has


def doctor(*args):
    done = run("--doctor", f"--hooks={FAMILY}", *args)
    expect(done.status == 0, done)
    return done.out


def attached(*args):
    return set(re.findall(r"^ +attached +(\S+)$", doctor(*args), re.M))


def test_hooks_of_events():
    """What no event needs is not attached: a failed exec costs who looks for programs that start nothing, nor the other way round."""
    usual = attached()
    expect(usual and not [hook for hook in usual if hook.startswith("exec__")], usual)
    expect(attached("-e", "failures") == usual, "the default is another")
    started = attached("-e", "sched_process_exec")
    expect("exec__sched_process_exec" in started, started)
    expect(all(hook.startswith("exec__") for hook in started), started)
    called = attached("-e", "execve")
    expect(any("sys_exit_execve" in hook for hook in called), called)
    expect(not any("execveat" in hook for hook in called), called)
    # Of some, others do the part besides.
    spared = {"tracepoint__sched_process_exec", "tracepoint__sched_process_exit_killed", "exec__sched_process_exit"}
    expect((usual | started | called) - spared <= attached("-e", "all"), "not all of them")


def test_event_unseen():
    """It is said that it cannot be seen, and why; alone, there is nothing to do."""
    expect("security_bprm_check, since there is no tracepoint" in doctor("-e", "bprm_check"), "not why")
    one_line(run(f"--hooks={FAMILY}", "-e", "bprm_check", "--", "/bin/true"), 1, "security_bprm_check cannot be seen")
    done = run(f"--hooks={FAMILY}", "-e", "bprm_check,execve", "-o", "json", "--", "/bin/true")
    expect(done.status == 0 and [event["event"] for event in done.events] == ["execve"], done)


def test_events_excluded():
    one_line(run("-e", "execve,-execve"), USAGE, "no event is left")
    done = run("-e", "all,-execve,-bprm_check", "-o", "json", "--", "/bin/true")
    expect([event["event"] for event in done.events] == ["sched_process_exec"], done)


def kinds(done):
    return [(event["event"], event.get("errno")) for event in done.events]


# Fails, and goes on to what can be started, as one task.
TWO_EXECS = """
import contextlib, os, sys
with contextlib.suppress(OSError):
    os.execv("/no/such", ["zero"])
os.execv(sys.argv[1], ["zero", "a", "b c"])
"""


def test_events_in_order():
    """Of a task, as they happened; of a script, the caller's arguments but the first, and the program's."""
    script = write("script", "#!/bin/sh -e\n:\n")
    events = "process_execute_failed,sched_process_exec,execve"
    done = run(f"--hooks={FAMILY}", "-e", events, "-o", "json", "--", sys.executable, "-c", TWO_EXECS, script)
    failed, started, called = done.events[2], *[event for event in done.events if event["path"] == script]
    expect(kinds(done) == [("sched_process_exec", None), ("execve", None), ("process_execute_failed", "ENOENT"), ("execve", "ENOENT"),
                           ("sched_process_exec", None), ("execve", None)], kinds(done))
    expect(failed["path"] == "/no/such", failed)
    expect(started["arguments"] == ["/bin/sh", "-e", script, "a", "b c"] and started["interp"] == "/bin/sh", started)
    expect(started["prev_comm"] == done.events[0]["comm"] and started["comm"] == "script", started)
    expect(called["arguments"] == [None, "a", "b c"] and called["unreadable"] == ["arguments"], called)
    expect((called["ret"], called["errno"], called["comm"], called["argc"]) == (0, None, started["prev_comm"], 3), called)


# A small program with a library and a test of its own: compilers and archivers, a tool that is missing, and one that may not start.
PROJECT = {
    "Makefile": """
CC = cc
OBJECTS = hello.o words.o
all: hello check optional
$(OBJECTS): words.h
words.a: words.o ; ar rcs $@ $^
hello: hello.o words.a ; $(CC) -o $@ hello.o words.a
check: hello ; sh check.sh 2>/dev/null
optional: ; -@no-such-tool --version 2>/dev/null
.PHONY: all check optional
""",
    "words.h": "const char *word(void);\n",
    "words.c": '#include "words.h"\nconst char *word(void) { return "hello"; }\n',
    "hello.c": '#include <stdio.h>\n#include "words.h"\nint main(void) { puts(word()); return 0; }\n',
    "check.sh": 'test "$(./hello)" = hello || exit 1\n./words.h || env true\nenv no-such-tool | cat\n./words.c || :\n',
}


def project(name):
    os.mkdir(inside(name))
    for file, text in PROJECT.items():
        write(f"{name}/{file}", text, mode=0o644)
    return inside(name)


def strace_counts(command, folder):
    """Calls and errors, of execve and execveat together."""
    finish(["strace", "-f", "-c", "-o", inside("counts"), "-e", "trace=execve,execveat", *command], cwd=folder)
    with open(inside("counts"), encoding="utf-8") as file:
        rows = [line.split() for line in file if re.search(r" execve(at)?$", line.rstrip())]
    return sum(int(row[3]) for row in rows), sum(int(row[4]) for row in rows if len(row) > 5)


def test_events_of_a_project():
    """As many as strace counts; and each of them is JSON to others, too."""
    for tool in ("strace", "make", "cc", "ar"):
        if not shutil.which(tool):
            raise Skip(f"{tool} is not installed")
    command = ["make", "-s", "-j2"]
    done = run(f"--hooks={FAMILY}", "-e", "all", "-o", "json", "-w", inside("events"), "--", *command, cwd=project("one"))
    with open(inside("events"), encoding="utf-8") as file:
        done.out = file.read()
    calls = [event for event in done.events if event["event"] in ("execve", "execveat")]
    expected = strace_counts(command, project("other"))
    expect(expected[1] >= 5, expected, done)
    expect((len(calls), sum(event["errno"] is not None for event in calls)) == expected, len(calls), expected, done)
    expect(sum(event["event"] == "sched_process_exec" for event in done.events) == expected[0] - expected[1], expected, done)
    expect(sum(event["event"] == "process_execute_failed" for event in done.events) == expected[1], expected, done)
    if shutil.which("jq"):
        subprocess.run(["jq", "-e", ".event", inside("events")], check=True, stdout=subprocess.DEVNULL)


def filtered(done):
    found = re.search(r" (\d+) filtered", done.err)
    return int(found[1]) if found else 0


def test_filters_of_the_kernel():
    """It decides as the whole filter does, and what it left out is counted."""
    write("fails", f"#!/bin/sh\n/no/such\n{write('data', '', mode=0o644)}\n")
    for terms, count in (
        (["-f", "errno=ENOENT"], 1),
        (["-f", "errno=EACCES,EPERM"], 1),
        (["-f", "errno!=ENOENT"], 1),
        (["-f", "errno"], 2),
        (["-f", "uid=0"], 2),
        (["-f", "uid>0"], 0),
        (["-u", "nobody"], 0),
        (["-c", "fail*"], 2),
        (["-c", "other,fai"], 0),
        (["-f", "comm!=fails"], 0),
        (["-f", "pid_ns"], 2),
        (["--cgroup", "/"], 2),
        (["--cgroup", "/no/such/group"], 0),
        (["-f", "uid=0", "-c", "fails", "-f", "errno=EACCES"], 1),
    ):
        expect(doctor("-o", "json", *terms).count("decided in the kernel") == len(terms) // 2, terms)
        done = run(f"--hooks={FAMILY}", "-e", "process_execute_failed", "-o", "json", *terms, "--", inside("fails"))
        expect((len(done.events), filtered(done)) == (count, 2 - count), terms, done)


def test_filters_of_ends():
    """What has no errno is what `!errno` asks for, and is no other."""
    for term, count in (("!errno", 1), ("errno", 0), ("errno!=ENOENT", 0), ("errno=ENOENT", 0), ("exit_code=127", 1), ("uid=0", 1)):
        done = run(f"--hooks={FAMILY}", "-e", "process_start_failed", "-o", "json", "-f", term, "--", "sh", "-c", "execfail-none")
        expect((len(done.events), filtered(done)) == (count, 1 - count), term, done)


def test_filters_of_searches():
    """What the steps of a search differ in is asked of the search."""
    expect("-f errno=ENOENT: decided when the search is over" in doctor("-f", "errno=ENOENT"), "not so")
    for folder, mode in (("a", 0o644), ("b", None)):
        subprocess.run(["mkdir", inside(folder)], check=True)
        if mode:
            write(f"{folder}/tool", "", mode=mode)
    env = {"PATH": f"{inside('a')}:{inside('b')}"}
    for term, count in (("errno=EACCES", 1), ("errno=ENOENT", 0)):
        done = run(f"--hooks={FAMILY}", "-e", "process_execute_failed", "--fold=on", "-o", "json", "-f", term, "--", "/usr/bin/env", "tool", env=env)
        expect(len(done.events) == count, term, done)
