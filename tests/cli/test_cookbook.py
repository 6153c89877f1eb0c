# SPDX-License-Identifier: GPL-2.0-only
"""docs/cookbook.md: each incident is made, shown and repaired as it stands there; and the sample of README.md.

COOKBOOK=1 writes what was shown into it: look at what changed before you commit it.
"""
import difflib
import functools
import os
import pathlib
import re

from harness import expect, finish, here, write

MANUAL = pathlib.Path(__file__).resolve().parents[2] / "docs/execfail.8.scd"
BOOK = pathlib.Path(__file__).resolve().parents[2] / "docs/cookbook.md"
INCIDENT = re.compile(r"^## (?:\d+\. )?(.*?)\n.*?<!-- (.*?) -->\n\n```console\n(.*?)\n```$", re.M | re.S)
# Runs each command, as a person would, one after the other.
RUNNER = """
mount -t tmpfs tmpfs /srv && mkdir /srv/app && cd /srv/app && mkdir -p /opt && mount -t tmpfs tmpfs /opt || exit 9
sudo() { "$@"; }
execfail() { "$EXECFAIL" "$@" 2>"$FOLDER/said" >"$FOLDER/out"; status=$?
    grep "^execfail: watching" "$FOLDER/said"; cat "$FOLDER/out"; grep "^execfail: " "$FOLDER/said" | grep -v watching; return $status; }
"""


def script_of(before, commands):
    steps = [f"echo '=== {n}'\n{command}" for n, command in enumerate(commands)]
    return f"{RUNNER}\n{before}\n" + "\n".join(f"{{ {step}\n}} 2>&1" for step in steps) + "\n[ -z \"$!\" ] || kill $!\n"


def output_of(before, commands):
    """Of each command its lines."""
    script = write("incident", script_of(before, commands))
    # As a file it would be named in what the shell says: it reads from its input.
    env = {"EXECFAIL": here.program, "FOLDER": here.folder, "PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C.UTF-8"}
    with open(script, encoding="utf-8") as file:
        done = finish(["unshare", "-m", "--propagation", "private", "sh", "-s"], env=env, stdin=file)
    parts = re.split(r"^=== \d+\n", done.out, flags=re.M)
    expect(len(parts) == len(commands) + 1 and not done.err, done)
    return [part.splitlines() for part in parts[1:]]


def in_general(line):
    """Without what is another each time, or on another kernel."""
    line = re.sub(r"^\d\d:\d\d:\d\d\.\d{3} \d+ +(root +\S+ +).{16} ", r"\1", line)
    line = re.sub(r"\(hooks [^)]*\)", "(hooks)", line)
    line = re.sub(r"(x86_64|aarch64)-linux-gnu", "MACHINE", line)
    line = re.sub(r"/lib(64)?/ld-linux-\S+?\.so\.\d", "LOADER", line)
    return re.sub(r"process \d+", "process N", line)


def incident(title):
    found = next(match for match in INCIDENT.finditer(BOOK.read_text(encoding="utf-8")) if match[1] == title)
    lines = found[3].splitlines()
    commands = [line[2:] for line in lines if line.startswith("$ ")]
    shown = []
    for command, output in zip(commands, output_of(found[2], commands)):
        shown += [f"$ {command}", *(re.sub(r"^sh: \d+: ", "sh: 1: ", line) for line in output)]
    if os.environ.get("COOKBOOK"):
        text = BOOK.read_text(encoding="utf-8")
        BOOK.write_text(text.replace(f"\n{found[3]}\n", "\n" + "\n".join(shown) + "\n"), encoding="utf-8")
        return
    # What COMMAND itself says may come before or behind a row.
    ours, theirs = [sorted(in_general(line) for line in some) for some in (lines, shown)]
    expect(ours == theirs, "\n".join(difflib.unified_diff(ours, theirs, "cookbook", "shown", lineterm="", n=0)))


def test_examples_of_the_manual():
    """Each prints something on any kernel, of a script whose interpreter is missing."""
    manual = MANUAL.read_text(encoding="utf-8").partition("# EXAMPLES")[2].partition("\n# ")[0]
    examples = re.findall(r"^\t(execfail.*)$", manual, re.M)
    script = write("script", "#!/no/such/interpreter\n")
    expect(len(examples) == 3, examples)
    for example in examples:
        words = [here.program, *example.partition(" -- ")[0].split()[1:], "-q", "--", "sh", "-c", f"{script}; exit 0"]
        done = finish(words)
        expect(done.status == 0 and script in done.out and "/no/such/interpreter" in done.out, words, done)


for number, each in enumerate(INCIDENT.finditer(BOOK.read_text(encoding="utf-8")), 1):
    globals()[f"test_incident_{number}"] = functools.partial(incident, each[1])


def test_incidents():
    """Twelve, and one that is none."""
    expect(len(INCIDENT.findall(BOOK.read_text(encoding="utf-8"))) == 14, "the form of docs/cookbook.md has changed")


def test_sample_of_readme():
    """And the picture of it: what is shown now is the same but for times and numbers."""
    done = finish(["tools/sample", "--check", here.program], cwd=BOOK.parents[1])
    expect(done.status == 0, done)
