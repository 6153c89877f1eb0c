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
        write("script", f"{script}\necho ENDED; read go\n")
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


def table(screen):
    """The last that is there, without the lines below."""
    lines = [line for line in screen.shown("-S", "-50").splitlines() if line.strip()]
    last = max((i for i, line in enumerate(lines) if "COUNT" in line), default=0)
    return lines[last:]


def test_summary_in_its_place():
    """Drawn anew each second, in the place of what was there; whole in the end. It follows the window."""
    pipe = inside("pipe")
    os.mkfifo(pipe)
    loop = f'while read -r path; do "/no/such/folder/with/a/long/name/that/has/to/be/cut/$path"; done <{pipe}'
    with Screen(120, 20, f"\"$EXECFAIL\" --summary -- sh -c '{loop}' 2>/dev/null") as screen, open(pipe, "w", encoding="ascii") as words:
        for n, columns, rows in ((1, 120, 20), (2, 120, 20), (3, 50, 12), (4, 120, 30)):
            # What it draws before the window says its new size stays in the lines above.
            if n > 2:
                screen.tmux("resize-window", "-x", str(columns), "-y", str(rows))
            words.write(f"number{n}\n")
            words.flush()
            while len(table(screen)) != n + 1 or any(len(line) > columns for line in table(screen)):
                os.sched_yield()
            if n == 2:
                expect(screen.shown("-S", "-50").count("COUNT") == 1, screen.shown("-S", "-50"))
        words.close()
        screen.until("ENDED")
        lines = table(screen)
    expect(len(lines) == 6 and lines[-1] == "ENDED", lines)
    expect(sorted(line.rsplit("/", 1)[1] for line in lines[1:5]) == ["number1", "number2", "number3", "number4"], lines)
