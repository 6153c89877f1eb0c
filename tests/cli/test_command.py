# SPDX-License-Identifier: GPL-2.0-only
"""execfail -- COMMAND: what it is given, what is seen of it, and the status that is its own."""
import os
import pwd
import re
import signal
import subprocess

from harness import USAGE, Tracer, expect, fail_to_start, finish, here, is_notice, one_line, paths, run, shell, write

# --- that does not start


def test_command_missing():
    done = run("-e", "process_execute_failed", "-o", "json", "--", "/no/such/program")
    expect(done.status == 127 and paths(done, "") == ["/no/such/program"], done)
    expect(len(done.complaints) == 1 and "/no/such/program" in done.complaints[0], done)


def test_command_without_a_name():
    done = run("-e", "process_execute_failed", "-o", "json", "--", "")
    expect(done.status == 127 and paths(done, "") == [""], done)
    expect(len(done.complaints) == 1 and "''" in done.complaints[0], done)


def test_command_not_executable():
    done = run("-e", "process_execute_failed", "-o", "json", "--", "/etc/passwd")
    expect(done.status == 126 and [e["errno"] for e in done.events] == ["EACCES"], done)


def test_command_without_shebang():
    """As a shell, and execvp(3), would: it starts all the same, and the first try is an event."""
    done = run("-e", "process_execute_failed", "-o", "json", "--", write("text", "exit 3\n"))
    expect(done.status == 3 and [e["errno"] for e in done.events] == ["ENOEXEC"], done)


# --- that does


def test_command_by_name():
    """The search for it is ours, not an event."""
    done = run("-e", "process_execute_failed", "-o", "json", "--", "true")
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
    with Tracer("-e", "process_execute_failed", "-o", "json", "--", "sh", "-c", script, stdin=subprocess.PIPE) as t:
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


# --- as somebody else

IDENTITY = ["sh", "-c", "id -u; id -g; id -G; echo $HOME $USER $LOGNAME $SHELL; env | grep -c ^SUDO_; /no/such 2>/dev/null"]


def identity(name):
    """What IDENTITY says of a user, as /etc/passwd and /etc/group have it."""
    entry = pwd.getpwnam(name)
    groups = [str(gid) for gid in os.getgrouplist(name, entry.pw_gid)]
    return [str(entry.pw_uid), str(entry.pw_gid), " ".join(groups), f"{entry.pw_dir} {name} {name} {entry.pw_shell}"]


def test_as_user():
    done = run("-e", "process_execute_failed", "-o", "json", "--as-user=nobody", "--", *IDENTITY)
    expect(done.out.splitlines()[:5] == [*identity("nobody"), "0"], done)
    expect([(event["path"], event["user"]) for event in done.events] == [("/no/such", "nobody")], done)


def test_as_who_called_sudo():
    """What sudo told of the caller is no longer so."""
    games = pwd.getpwnam("games")
    sudo = {"SUDO_USER": "games", "SUDO_UID": str(games.pw_uid), "SUDO_GID": "60", "SUDO_COMMAND": "x", "HOME": "/root"}
    done = run("-q", "-w", "/dev/null", "--as-user", "--", *IDENTITY, env={**os.environ, **sudo})
    expect(done.out.splitlines()[:5] == [*identity("games"), "0"], done)
    done = run("-q", "-w", "/dev/null", "--as-user=nobody", "--", *IDENTITY, env={**os.environ, **sudo})
    expect(done.out.splitlines()[:5] == [*identity("nobody"), "4"], done)


def test_as_nobody_known():
    env = {name: value for name, value in os.environ.items() if not name.startswith("SUDO_")}
    one_line(run("--as-user", "--", "true", env=env), USAGE, "SUDO_UID")
    one_line(run("--as-user=no-such-user", "--", "true"), USAGE, "no-such-user")
    one_line(run("--as-user=nobody"), USAGE, "command")


# --- that is ended before it begins


def child_of(parent, comm):
    """The one that waits to be let run; None: it does no more."""
    while True:
        with open(f"/proc/{parent}/task/{parent}/children", encoding="ascii") as file:
            children = file.read().split()
        if children:
            with open(f"/proc/{children[0]}/comm", encoding="utf-8") as file:
                return int(children[0]) if file.read() == f"{comm}\n" else None


def test_interrupt_while_starting():
    """Ctrl-C reaches both. Its own name says that COMMAND has not begun; execfail rests meanwhile."""
    for _ in range(20):
        process = subprocess.Popen([here.program, "--", "sleep", "1000"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        child = child_of(process.pid, "execfail")
        process.send_signal(signal.SIGSTOP)
        early = child and child == child_of(process.pid, "execfail")
        if child:
            os.kill(child, signal.SIGINT)
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGCONT)
        err = process.communicate(timeout=here.patience)[1].decode()
        if early:
            break
    expect(early, "it always began before it could be stopped")
    expect(process.returncode == 130, process.returncode, err)
    expect(all(is_notice(line) for line in err.splitlines()), err)
