# SPDX-License-Identifier: GPL-2.0-only
"""Programs that fail to start, one after the other in one task, so that they are told in that order. For pictures of the table.

usage: scene.py FOLDER     to make files in, where it then is
"""
import contextlib
import os
import sys
import time

WIDE = "\u6f22\u5b57\u306e\u540d\u524d"  # two columns each
COMBINED = "cafe\u0301 nai\u0308ve"  # none for the marks
EMOJI = "\U0001f680 \U0001f469\u200d\U0001f52c"


def script(name, text, mode=0o755):
    with open(name, "w", encoding="utf-8", newline="") as file:
        file.write(text)
    os.chmod(name, mode)


def start(path, *args, **environment):
    with contextlib.suppress(OSError):
        os.execve(path, [path, *args], {"PATH": "/usr/bin:/bin", **environment})


def search(name, *folders):
    for folder in folders:
        with contextlib.suppress(OSError):
            os.execve(f"{folder}/{name}", [name, "--version"], {"PATH": ":".join(folders)})


def rest():
    """Until what was made is not new any more: of what has only just changed less can be told."""
    made = os.stat(".").st_mtime_ns
    while time.time_ns() < made + 200_000_000:
        os.sched_yield()


def main():
    os.chdir(sys.argv[1])
    script("not-executable", "#!/bin/sh\n", mode=0o644)
    script("from-windows", "#!/bin/sh\r\n")
    script("old", "#!/usr/bin/python2.3\n")
    rest()
    start("./no-such-program", "--version")
    start("./not-executable", "--with=a value", "it's")
    start("./from-windows")
    start("./old", "one", "two")
    search("python3.1", "/usr/local/no-such-folder", "/opt/no-such-folder")
    start(f"./{WIDE}", WIDE * 20)
    start(f"./{COMBINED}", COMBINED * 8)
    start(f"./{EMOJI}", "\x1b[31mred", "\u202eleft to right", "\x07")
    start("./" + "long/" * 60 + "path", *("argument " * 3 for _ in range(9)))
    start("/bin/true", "x" * 140000)
    for _ in range(5):
        start("./again")


main()
