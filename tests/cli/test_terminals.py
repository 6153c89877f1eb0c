# SPDX-License-Identifier: GPL-2.0-only
"""On a terminal: width, colours, keys."""
import fcntl
import os
import pty
import re
import struct
import termios

from harness import Tracer, expect, fail_to_start, read


class Terminal:
    def __init__(self, columns):
        self.master, self.slave = pty.openpty()
        self.text = b""
        self.resize(columns)

    def resize(self, columns):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))

    def until(self, words):
        """Shown, with all of its line."""
        while words.encode() not in self.text or not self.text.endswith(b"\n"):
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


def test_resized_terminal():
    """Columns make room as the window gets narrow."""
    with Terminal(100) as terminal, Tracer(stdout=terminal.slave, env={**os.environ, "NO_COLOR": "1"}):
        for columns in (100, 40):
            terminal.resize(columns)
            fail_to_start(f"/no/{columns}")
            terminal.until(f"/no/{columns}")
    lines = terminal.lines
    narrow = next((i for i, line in enumerate(lines) if line.split() == ["PID", "ERRNO", "WHAT"]), None)
    expect(narrow is not None, "no new header:", lines)
    expect(max(map(len, lines[narrow:])) <= 40, "wider than the terminal:", lines)
