# SPDX-License-Identifier: GPL-2.0-only
"""execfail -- COMMAND: what it is given, what is seen of it, and the status that is its own."""
import os
import re
import signal
import subprocess

from harness import Tracer, expect, fail_to_start, finish, here, paths, run, shell, write

# --- that does not start


def test_command_missing():
    done = run("-o", "json", "--", "/no/such/program")
    expect(done.status == 127 and paths(done, "") == ["/no/such/program"], done)
    expect(len(done.complaints) == 1 and "/no/such/program" in done.complaints[0], done)


def test_command_without_a_name():
    done = run("-o", "json", "--", "")
    expect(done.status == 127 and paths(done, "") == [""], done)
    expect(len(done.complaints) == 1 and "''" in done.complaints[0], done)


def test_command_not_executable():
    done = run("-o", "json", "--", "/etc/passwd")
    expect(done.status == 126 and [e["errno"] for e in done.events] == ["EACCES"], done)


def test_command_without_shebang():
    """As a shell, and execvp(3), would: it starts all the same, and the first try is an event."""
    done = run("-o", "json", "--", write("text", "exit 3\n"))
    expect(done.status == 3 and [e["errno"] for e in done.events] == ["ENOEXEC"], done)


# --- that does


def test_command_by_name():
    """The search for it is ours, not an event."""
    done = run("-o", "json", "--", "true")
    expect(done.status == 0 and not done.events, done)


def test_status_of_command():
    for status in (0, 1, 7, 255):
        done = run("--", "sh", "-c", f"exit {status}")
        expect(done.status == status and not done.complaints, f"expected {status}:", done)


def test_command_killed():
    for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGPIPE, signal.SIGUSR1):
        done = run("--", "sh", "-c", f"kill -{number.value} $$")
        expect(done.status == 128 + number, f"expected {128 + number}:", done)


def test_only_descendants():
    script = "read go; /no/mine; setsid sh -c '/no/grandchild'"
    with Tracer("-o", "json", "--", "sh", "-c", script, stdin=subprocess.PIPE) as t:
        fail_to_start("/no/stranger")
        t.tell("go\n")
        done = t.end(0)
    expect(paths(done, "/no/") == ["/no/mine", "/no/grandchild"], done)


# --- what it is given


def test_command_reads_stdin():
    done = shell("""echo word | "$EXECFAIL" -- sh -c 'read a && [ "$a" = word ]'""")
    expect(done.status == 0, done)


def test_surroundings_of_command():
    """Environment and directory are execfail's own."""
    how = {"env": {"PATH": os.environ["PATH"], "WORD": "a\nb"}, "cwd": here.folder}
    wanted = finish(["sh", "-c", "env -0; pwd"], **how)
    done = run("--no-env", "--", "sh", "-c", "env -0; pwd", **how)
    expect(done.out.endswith(wanted.out) and "WORD=a\nb" in wanted.out, done, "instead of", wanted)


def test_descriptors_of_command():
    """Nothing of ours is open in it."""
    done = run("--", "sh", "-c", "ls /proc/self/fd")
    numbers = [int(word) for word in done.out.split() if word.isdigit()]
    # ls itself has one open: the folder.
    expect(numbers and max(numbers) <= 3, done)


def ignore(*numbers):
    def prepare():
        for number in numbers:
            signal.signal(number, signal.SIG_IGN)

    return prepare


def test_ignored_sigchld():
    """Whoever started it: that its command has ended must reach it."""
    done = run("--", "sh", "-c", "exit 3", preexec_fn=ignore(signal.SIGCHLD))
    expect(done.status == 3 and not done.complaints, done)


def test_signals_of_command():
    """It gets the mask and the dispositions that execfail itself was given."""

    def prepare():
        ignore(signal.SIGCHLD, signal.SIGHUP, signal.SIGUSR1)()
        signal.pthread_sigmask(signal.SIG_SETMASK, {signal.SIGTERM, signal.SIGUSR2, signal.SIGRTMIN})

    def signals(text):
        return [line for line in text.splitlines() if re.match("Sig(Blk|Ign|Cgt)", line)]

    how = {"preexec_fn": prepare, "restore_signals": False}
    status = ["cat", "/proc/self/status"]
    wanted = signals(finish(status, **how).out)
    done = signals(run("--", *status, **how).out)
    expect(wanted and done == wanted, done, "instead of", wanted)
