# SPDX-License-Identifier: GPL-2.0-only
"""On a terminal: width, colours, keys."""
import fcntl
import os
import pty
import re
import struct
import termios

from harness import Tracer, expect, fail_to_start, finish, here, read


class Terminal:
    def __init__(self, columns):
        self.master, self.slave = pty.openpty()
        self.text = b""
        self.resize(columns)

    def resize(self, columns):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))

    def until(self, words, whole=True):
        """Shown, with all of its line."""
        while words.encode() not in self.text or (whole and not self.text.endswith(b"\n")):
            self.text += read(self.master)

    @property
    def lines(self):
        return self.text.decode().replace("\r", "").splitlines()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.master)
        os.close(self.slave)


def test_terminal():
    """Cut to the width, with colour; NO_COLOR is heeded."""
    for no_colour in ("", "1"):
        with Terminal(80) as terminal, Tracer(stdout=terminal.slave, env={**os.environ, "NO_COLOR": no_colour}):
            fail_to_start("/no/such/" + "long/" * 40)
            terminal.until("/no/such/")
        lines = terminal.lines
        widths = [len(re.sub(r"\x1b\[[0-9;]*m", "", line)) for line in lines]
        expect(max(widths) <= 80, "wider than the terminal:", lines)
        expect((b"\x1b[" in terminal.text) == (not no_colour), f"NO_COLOR={no_colour}:", lines)


def test_first_lines_on_a_terminal():
    """What is watched, and then the head of the table."""
    with Terminal(80) as terminal:
        finish([here.program, "--", "sh", "-c", "/no/such; true"], stdout=terminal.slave, stderr=terminal.slave)
        terminal.until(" lost")
    lines = terminal.lines
    expect(lines[0].startswith("execfail: watching sh for failed execs"), lines)
    expect("WHAT" in " ".join(lines[1:3]) and lines[-1].startswith("execfail: 1 event, "), lines)


def test_dumb_terminal():
    """It would show the colours' codes; who insists gets them everywhere."""
    with Terminal(80) as terminal, Tracer(stdout=terminal.slave, env={**os.environ, "TERM": "dumb", "NO_COLOR": ""}):
        fail_to_start("/no/such/program")
        terminal.until("/no/such/program")
    expect(b"\x1b[" not in terminal.text, terminal.lines)
    with Tracer("--color=always") as t:
        fail_to_start("/no/such/program")
        expect("\x1b[31mENOENT" in t.line_with("/no/such/program"), "no colour")


def test_wide_terminal():
    with Terminal(80) as terminal, Tracer("--wide", stdout=terminal.slave):
        fail_to_start("/no/such/" + "long/" * 40)
        terminal.until("/no/such/")
    expect("long/" * 40 in terminal.text.decode(), terminal.lines)


def test_resized_terminal():
    """Columns make room as the window gets narrow."""
    with Terminal(100) as terminal, Tracer(stdout=terminal.slave, env={**os.environ, "NO_COLOR": "1"}):
        for columns in (100, 40):
            terminal.resize(columns)
            fail_to_start(f"/no/{columns}")
            terminal.until(f"/no/{columns}")
    lines = terminal.lines
    narrow = next((i for i, line in enumerate(lines) if line.split() == ["ERRNO", "WHAT"]), None)
    expect(narrow is not None, "no new header:", lines)
    expect(max(map(len, lines[narrow:])) <= 40, "wider than the terminal:", lines)


def test_summary_on_a_terminal():
    """On its other screen while it runs, and whole in the end. Of us alone: what a terminal takes that nobody reads is little."""
    env = {**os.environ, "NO_COLOR": "1", "TERM": "xterm"}
    with Terminal(80) as terminal, Tracer("--summary", "-p", str(os.getpid()), stdout=terminal.slave, env=env) as t:
        fail_to_start("/no/such/first")
        terminal.until("/no/such/first", whole=False)
        fail_to_start("/no/such/second")
        terminal.until("/no/such/second", whole=False)
        t.end()
        terminal.until("\x1b[?1049l", whole=False)
        drawn, _, left = terminal.text.partition(b"\x1b[?1049l")
        while b"/no/such/first" not in left or b"/no/such/second" not in left or not left.endswith(b"\n"):
            left += read(terminal.master)
    expect(re.match(rb"\x1b\[\?1049h\x1b\[H\x1b\[K\d+ events? in ", drawn) and drawn.count(b"\x1b[?1049h") == 1, drawn)
    expect(left.lstrip().startswith(b"COUNT") and b"\x1b" not in left, left)


def test_summary_on_a_dumb_terminal():
    """Only in the end."""
    options = ["--summary", "-n", "1", "-p", str(os.getpid())]
    with Terminal(80) as terminal, Tracer(*options, stdout=terminal.slave, env={**os.environ, "TERM": "dumb"}) as t:
        fail_to_start("/no/such/first")
        t.end(0)
        terminal.until("/no/such/first")
    expect(b"\x1b" not in terminal.text and terminal.text.count(b"COUNT") == 1, terminal.text)


# --- keys


def press_interrupt(terminal, *args, seen):
    """With the terminal as its own. Its status."""

    def take_terminal():
        os.setsid()
        fcntl.ioctl(terminal.slave, termios.TIOCSCTTY, 0)

    with Tracer(*args, stdin=terminal.slave, stdout=terminal.slave, preexec_fn=take_terminal) as t:
        terminal.until(seen)
        # With a line behind it: a shell that is about to read when the signal comes heeds it only then.
        os.write(terminal.master, b"\x03\n")
        return t.end(0)


def test_interrupt_key():
    with Terminal(80) as terminal:
        done = press_interrupt(terminal, seen="WHAT")
    expect(done.status == 0 and not done.complaints, done)


def test_interrupt_key_with_command():
    """It is COMMAND's to decide."""
    script = "trap 'exit 7' INT; echo started; read go"
    with Terminal(80) as terminal:
        done = press_interrupt(terminal, "--", "sh", "-c", script, seen="started")
    expect(done.status == 7 and not done.complaints, done)
