# SPDX-License-Identifier: GPL-2.0-only
"""Standard input, output and error: closed, full, or left by their readers."""
import subprocess

from harness import Tracer, expect, fail_to_start, here, one_line, run, shell

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
    ended_pipe("-o", "json")


def test_head_table():
    ended_pipe()


def test_head_with_command():
    """It ends while COMMAND goes on."""
    script = "/no/first 2>&-; read go; echo went on >&2"
    with Tracer("-o", "json", "--", "sh", "-c", script, stdin=subprocess.PIPE) as t:
        t.line_with("/no/first")
        t.process.stdout.close()
        t.process.stdout = None
        expect(t.wait() == 0, "status", t.process.returncode)
        t.tell("go\n")
        t.says("went on")


# --- output that cannot be written


def test_full_disk():
    for args in ((), ("-o", "json")):
        with open("/dev/full", "w", encoding="ascii") as full:
            done = run(*args, "--", "/no/such/program", stdout=full)
        ours = [line for line in done.complaints if "/no/such/program" not in line]
        expect(done.status not in (0, 127), "no error, though nothing could be written:", done)
        expect(len(ours) == 1 and "No space left" in ours[0], "expected one line that says why:", done)


def test_full_disk_of_lists():
    with open("/dev/full", "w", encoding="ascii") as full:
        for args in (["--help"], ["--list-fields"], ["--list-reasons"], ["--doctor"], ["explain", "/bin/sh"]):
            done = run(*args, stdout=full)
            expect(done.status == 1, f"{args}: no error, though nothing could be written:", done)


def test_closed_stdout():
    """What it opens itself must not become its output."""
    done = shell('exec "$EXECFAIL" -o json -- sh -c /no/such >&-')
    expect(done.status not in (0, 127) and "Bad file descriptor" in done.err, done)


def test_closed_stdout_of_explain():
    done = shell('exec "$EXECFAIL" explain /bin/sh >&-')
    one_line(done, 1, "Bad file descriptor")


# --- the others


def test_closed_stdin():
    done = shell('exec "$EXECFAIL" -o json -- sh -c /no/such <&-')
    expect(done.status == 127 and len(done.events) == 1, done)
    expect((done.events[0]["stdin_type"], done.events[0]["stdin_mode"]) == ("closed", None), done.events[0])


def test_closed_stderr():
    done = shell('exec "$EXECFAIL" -o json -- sh -c /no/such 2>&-')
    expect(done.status == 127 and [e["path"] for e in done.events] == ["/no/such"], done)
    expect(all(line.startswith("{") for line in done.out.splitlines()), "messages among the data:", done)


def test_silent_stderr():
    with Tracer("-o", "json") as t:
        done = t.end()
    expect(len(done.err.splitlines()) == 2 and not done.complaints, "more than two lines on stderr:", done)
