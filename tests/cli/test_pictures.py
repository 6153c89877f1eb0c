# SPDX-License-Identifier: GPL-2.0-only
"""What a real terminal shows: tmux is one, and the files in pictures/ are what it has on its screen.

PICTURES=1 writes them anew: look at what changed before you commit it.
"""
import contextlib
import difflib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

from harness import Hung, Skip, expect, here, inside, run, write

FOLDER = pathlib.Path(__file__).with_name("pictures")
SCENE = pathlib.Path(__file__).with_name("scene.py")


class Screen:
    """A terminal of that size, in which a shell script runs."""

    def __init__(self, columns, rows, script):
        if not shutil.which("tmux"):
            raise Skip("there is no tmux")
        write("script", f"{script}\necho ENDED; exec tail -f /dev/null\n")
        self.tmux("new-session", "-d", "-x", str(columns), "-y", str(rows), f"exec sh {inside('script')}")

    def tmux(self, *words):
        env = {**os.environ, "LC_ALL": "C.UTF-8", "NO_COLOR": "", "EXECFAIL": here.program}
        env.pop("TMUX", None)
        command = ["tmux", "-u", "-S", inside("tmux"), "-f", "/dev/null", *words]
        return subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout

    def shown(self, *options):
        return self.tmux("capture-pane", "-p", *options)

    def until(self, words):
        end = time.monotonic() + here.patience
        while words not in self.shown():
            if time.monotonic() > end:
                raise Hung(f"{words!r} is not shown, but {self.shown()!r}")
            os.sched_yield()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with contextlib.suppress(subprocess.CalledProcessError):
            self.tmux("kill-server")


def starter():
    """Who has it started, by the table: a unit, where the tests run in one."""
    done = run("-q", "-e", "process_execute_failed", "-o", "json", "--", "sh", "-c", "/no/such; true")
    return done.events[0]["unit"] or "sh"


def in_general(text):
    """Without what is another each time, and as long."""
    text = re.sub(r"\d\d:\d\d:\d\d\.\d{3}", "12:34:56.789", text)
    text = re.sub(r"(?m)^((?:\x1b\[\d*m)*)\d\d:\d\d:\d\d ", r"\g<1>12:34:56 ", text)
    text = re.sub(r"(?m)^((?:\x1b\[\d*m)*12:34:56.789 )\d+ *(?= )", lambda found: found[1] + "4242   ", text)
    text = re.sub(r"pids? \d+( to \d+)?", "pid 4242", text)
    return text.replace(here.folder, "/tmp/" + "x" * (len(here.folder) - 5))


def differences(name, text):
    path = FOLDER / name
    if os.environ.get("PICTURES"):
        path.write_text(text, encoding="utf-8")
    golden = path.read_text(encoding="utf-8")
    return "\n".join(difflib.unified_diff(golden.splitlines(), text.splitlines(), "golden", "shown", lineterm="", n=0))


def picture(name, columns, rows, *options):
    if starter() != "sh":
        raise Skip("the tests run in a unit, whose name would be in the pictures")
    os.makedirs(inside("scene"))
    script = f'"$EXECFAIL" -q --time=utc -- sh -c "{sys.executable} {SCENE} {inside("scene")}; true"'
    with Screen(columns, rows, script) as screen:
        screen.until("ENDED")
        differ = differences(name, in_general(screen.shown(*options)))
    expect(not differ, differ)


def test_picture_of_80_columns():
    picture("80x24.txt", 80, 24, "-S", "-200")


def test_picture_of_120_columns():
    picture("120x40.txt", 120, 40, "-S", "-200")


def test_picture_of_200_columns():
    picture("200x50.txt", 200, 50, "-S", "-200")


def test_picture_in_colour():
    picture("colour.txt", 80, 24, "-e", "-S", "-200")


class Loop:
    """In the background of the screen's shell: executes what comes by a pipe, and is what execfail watches."""

    def __init__(self):
        self.pipe = inside("pipe")
        os.mkfifo(self.pipe)
        self.words = None

    def script(self, watch):
        loop = f'while read -r path; do "/no/such/folder/with/a/long/name/that/has/to/be/cut/$path"; done <{self.pipe}'
        return f"sh -c '{loop}' 2>/dev/null &\n{watch} -p $!"

    def __enter__(self):
        self.words = open(self.pipe, "w", encoding="ascii")
        return self

    def __exit__(self, *_):
        self.words.close()

    def fail(self, *words):
        self.words.writelines(f"{word}\n" for word in words)
        self.words.flush()


def lines_of(text):
    return [line.rstrip() for line in text.splitlines() if line.strip()]


STATE = re.compile(r"\d+ events? in \d+:\d\d, Ctrl-C ends")


def is_drawn(lines, kinds, columns, rows):
    """What goes on, the header, and so many kinds as have room: each once, at the top, and no wider than the window."""
    if not lines or not STATE.fullmatch(lines[0]) or not lines[1:] or not lines[1].lstrip().startswith("COUNT"):
        return False
    return len(lines) == 2 + min(kinds, rows - 2) and max(map(len, lines)) <= columns


def test_summary_in_its_place():
    """Drawn anew each second, whatever became of the window and the cursor meanwhile; once in the lines above, and whole, in the end."""
    sizes = ((120, 20), (50, 12), (30, 4), (120, 30), (80, 5), (31, 24))
    loop = Loop()
    with Screen(120, 20, loop.script('"$EXECFAIL" --summary')) as screen, loop:
        screen.until("Ctrl-C ends")
        for n, (columns, rows) in enumerate(sizes, 1):
            screen.tmux("resize-window", "-x", str(columns), "-y", str(rows))
            # Echoed, which moves the cursor: in the last line of the window it moves all that is there.
            screen.tmux("send-keys", *["Enter"] * n)
            loop.fail(f"number{n}")
            while not is_drawn(lines_of(screen.shown()), n, columns, rows):
                os.sched_yield()
        screen.tmux("resize-window", "-x", "120", "-y", "30")
        loop.words.close()
        screen.until("ENDED")
        lines = lines_of(screen.shown("-S", "-200"))
    table = lines[-len(sizes) - 3 :]
    expect(any("watching" in line for line in lines[:-8]) and sum("COUNT" in line for line in lines) == 1, lines)
    expect("COUNT" in table[0] and "6 events" in table[-2] and table[-1] == "ENDED", lines)
    expect(sorted(line.rsplit("/", 1)[1] for line in table[1:-2]) == [f"number{n}" for n in range(1, 7)], lines)


def test_summary_that_is_stopped():
    """By Ctrl-Z: the terminal is as it was until it goes on."""
    loop = Loop()
    script = "set -m\n" + loop.script('"$EXECFAIL" -q --summary') + "\necho STOPPED; read -r go; fg %2"
    with Screen(120, 20, script) as screen, loop:
        screen.until("Ctrl-C ends")
        loop.fail("kind1")
        while not is_drawn(lines_of(screen.shown()), 1, 120, 20):
            os.sched_yield()
        screen.tmux("send-keys", "C-z")
        screen.until("STOPPED")
        expect("COUNT" not in screen.shown("-S", "-50"), screen.shown("-S", "-50"))
        screen.tmux("send-keys", "Enter")
        loop.fail("kind2")
        while not is_drawn(lines_of(screen.shown()), 2, 120, 20):
            os.sched_yield()
        loop.words.close()
        screen.until("ENDED")
        lines = lines_of(screen.shown("-S", "-200"))
    expect(sum("COUNT" in line for line in lines) == 1 and sum(line.endswith("kind2") for line in lines) == 1, lines)


def test_summary_taller_than_its_window():
    """While it runs, what fits; in the end all of it, once, in the lines above."""
    loop = Loop()
    with Screen(120, 10, loop.script('"$EXECFAIL" -q -e process_execute_failed --summary')) as screen, loop:
        screen.until("Ctrl-C ends")
        loop.fail(*[f"kind{i}" for i in range(1, 31)])
        while not is_drawn(lines_of(screen.shown()), 30, 120, 10):
            os.sched_yield()
        loop.words.close()
        screen.until("ENDED")
        lines = lines_of(screen.shown("-S", "-200"))
    kinds = [line.rsplit("/", 1)[1] for line in lines if "/no/such" in line]
    expect(sorted(kinds) == sorted(f"kind{i}" for i in range(1, 31)), lines)
    expect(lines[-1] == "ENDED" and sum("COUNT" in line for line in lines) == 1, lines)


def test_summary_beside_a_command():
    """What COMMAND writes to the same terminal is not drawn over: the table comes when it has ended."""
    pipe = inside("pipe")
    os.mkfifo(pipe)
    script = f"echo one; /no/such/a; echo two; read go <{pipe}; echo three; true"
    with Screen(80, 10, f"\"$EXECFAIL\" -q --summary -- sh -c '{script}' 2>/dev/null") as screen:
        screen.until("two")
        with open(pipe, "w", encoding="ascii") as words:
            words.write("go\n")
        screen.until("ENDED")
        lines = lines_of(screen.shown("-S", "-200"))
    expect(lines[:3] == ["one", "two", "three"] and "COUNT" in lines[3] and lines[4].endswith("/no/such/a"), lines)
    expect(lines[5:] == ["ENDED"], lines)


def test_summary_of_a_command_elsewhere():
    """Where COMMAND has none of the terminal, it is drawn there."""
    pipe = inside("pipe")
    os.mkfifo(pipe)
    script = f"/no/such/a; read go <{pipe}; true"
    with Screen(80, 10, f"\"$EXECFAIL\" -q --summary -w /dev/tty -- sh -c '{script}' >/dev/null 2>&1") as screen:
        while not is_drawn(lines_of(screen.shown()), 1, 80, 10):
            os.sched_yield()
        with open(pipe, "w", encoding="ascii") as words:
            words.write("go\n")
        screen.until("ENDED")
        lines = lines_of(screen.shown("-S", "-200"))
    expect(len(lines) == 3 and "COUNT" in lines[0] and lines[2] == "ENDED", lines)
