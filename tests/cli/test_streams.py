# SPDX-License-Identifier: GPL-2.0-only
"""Standard input, output and error: closed, full, or left by their readers."""
import subprocess

from harness import Tracer, events_of, expect, fail_to_start, here, inside, one_line, run, shell

# --- a reader that goes


def ended_pipe(*args):
    """`execfail | head -1`, and how execfail fares."""
    with Tracer(*args) as t:
        head = subprocess.Popen(["head", "-n", "1"], stdin=t.process.stdout, stdout=subprocess.PIPE)
        t.process.stdout.close()
        t.process.stdout = None
        fail_to_start("/no/first")
        line, _ = head.communicate(timeout=here.patience)
        # Nothing more fails, so that only the closed pipe can tell it.
        t.wait()
        done = t.end(0)
    expect(line.count(b"\n") == 1, "head has", line)
    expect(done.status == 0 and not done.complaints, done)


def test_head():
    ended_pipe("-e", "process_execute_failed", "-o", "json")


def test_head_table():
    ended_pipe()


def test_head_with_command():
    """It ends while COMMAND goes on."""
    script = "/no/first 2>&-; read go; echo went on >&2"
    with Tracer("-e", "process_execute_failed", "-o", "json", "--", "sh", "-c", script, stdin=subprocess.PIPE) as t:
        t.line_with("/no/first")
        t.process.stdout.close()
        t.process.stdout = None
        expect(t.wait() == 0, "status", t.process.returncode)
        t.tell("go\n")
        t.says("went on")


# --- output that cannot be written


def test_full_disk():
    for args in ((), ("-e", "process_execute_failed", "-o", "json")):
        with open("/dev/full", "w", encoding="ascii") as full:
            done = run(*args, "--", "/no/such/program", stdout=full)
        ours = [line for line in done.complaints if "/no/such/program" not in line]
        expect(done.status not in (0, 127), "no error, though nothing could be written:", done)
        expect(len(ours) == 1 and "No space left" in ours[0], "expected one line that says why:", done)


def test_disk_that_fills():
    """What fits is there, each line but the last whole; then it says so, and ends."""
    script = "i=0; while [ $i -lt 200 ]; do /no/such/$i 2>&-; i=$((i + 1)); done; exit 7"
    done = shell(
        f"""exec unshare -m --propagation private sh -c '
            mkdir "$FOLDER/small" && mount -t tmpfs -o size=64k small "$FOLDER/small" &&
            {{ "$EXECFAIL" -e process_execute_failed -o json -w "$FOLDER/small/out" -- sh -c "{script.replace("$", chr(92) + "$")}"
               status=$?; cat "$FOLDER/small/out"; exit $status; }}'"""
    )
    expect(done.status not in (0, 7) and len(done.complaints) == 1 and "No space left" in done.complaints[0], done)
    whole = done.out[: done.out.rindex("\n") + 1]
    expect([e["path"] for e in events_of(whole)] == [f"/no/such/{i}" for i in range(whole.count("\n"))], done)
    expect(len(done.out) > 32 * 1024, len(done.out), "bytes were written:", done)


def test_full_disk_of_lists():
    with open("/dev/full", "w", encoding="ascii") as full:
        for args in (["--help"], ["--list-fields"], ["--list-reasons"], ["--doctor"], ["explain", "/bin/sh"]):
            done = run(*args, stdout=full)
            expect(done.status == 1, f"{args}: no error, though nothing could be written:", done)


def test_closed_stdout():
    """What it opens itself must not become its output."""
    done = shell('exec "$EXECFAIL" -e process_execute_failed -o json -- sh -c /no/such >&-')
    expect(done.status not in (0, 127) and "Bad file descriptor" in done.err, done)


def test_closed_stdout_of_explain():
    done = shell('exec "$EXECFAIL" explain /bin/sh >&-')
    one_line(done, 1, "Bad file descriptor")


# --- the others


def test_closed_stdin():
    done = shell('exec "$EXECFAIL" -e process_execute_failed -o json -- sh -c /no/such <&-')
    expect(done.status == 127 and len(done.events) == 1, done)
    expect((done.events[0]["stdin_type"], done.events[0]["stdin_mode"]) == ("closed", None), done.events[0])


def test_all_closed():
    """Nothing that it opens comes to be one of them, nor is written to."""
    path = inside("out")
    done = shell('exec "$EXECFAIL" -e process_execute_failed -o json -w "$FOLDER/out" -- sh -c "/no/such; exit 3" <&- >&- 2>&-')
    with open(path, encoding="utf-8") as file:
        events = events_of(file.read())
    expect(done.status == 3 and not done.out and not done.err, done)
    expect([(e["path"], e["reason"]) for e in events] == [("/no/such", "missing_directory")], events)


def test_closed_stderr():
    done = shell('exec "$EXECFAIL" -e process_execute_failed -o json -- sh -c /no/such 2>&-')
    expect(done.status == 127 and [e["path"] for e in done.events] == ["/no/such"], done)
    expect(all(line.startswith("{") for line in done.out.splitlines()), "messages among the data:", done)


def test_silent_stderr():
    with Tracer("-e", "process_execute_failed", "-o", "json") as t:
        done = t.end()
    expect(len(done.err.splitlines()) == 2 and not done.complaints, "more than two lines on stderr:", done)


def shared(*options, **how):
    done = run(*options, "--", "sh", "-c", "/no/such; true", **how)
    return done.err.count("-w FILE keeps them apart")


def test_shared_stdout():
    """Said once where COMMAND's lines and ours may mix, and a program is to read them."""
    expect(shared("-e", "process_execute_failed", "-o", "json") == 1 and shared("-o", "logfmt") == 1, "not said")
    expect(shared() == 0 and shared("-o", "github") == 0 and shared("-e", "process_execute_failed", "-o", "json", "--summary") == 0, "said of other forms")
    expect(shared("-e", "process_execute_failed", "-o", "json", "-w", inside("apart")) == 0 and shared("-q", "-o", "json") == 0, "said all the same")
    expect(shared("-e", "process_execute_failed", "-o", "json", stdout=subprocess.DEVNULL) == 0, "said of /dev/null")
