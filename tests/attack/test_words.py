# SPDX-License-Identifier: GPL-2.0-only
"""Names, arguments and files that command whoever reads them: terminals, parsers, and what runs workflows by their output."""
import contextlib
import ctypes
import fcntl
import json
import os
import pty
import re
import struct
import tempfile
import termios
import time

from attack import fail, group, in_child
from harness import Skip, Tracer, expect, inside, read, run, write

CALLER = 65531
PR_SET_NAME = 15
NASTY = "a\x1b]0;title\x07\x9b31m\u202e\n::error::b ##[error]c ##vso[d]\udcff\"=\\ '"
SHORT = "\x1b[7m##[group]x"  # all that a comm has room for

# What GitHub's runner heeds; those of Azure begin with ##vso[.
HEEDED = """add-mask add-matcher add-path debug echo endgroup error group notice remove-matcher save-state set-env set-output
    stop-commands warning""".split()


def commands(text):
    """What a runner of workflows would do for these lines of output, as it reads them."""
    for line in text.split("\n"):
        begin = line.lstrip()
        name = re.split("[ :]", begin[2:], maxsplit=1)[0]
        if begin.startswith("::") and "::" in begin[2:] and name in HEEDED:
            yield name
            continue
        marked = re.search(r"##(vso|section|)\[([^]]*)\]", line)
        if marked and (marked[1] or marked[2].split(" ")[0] in HEEDED):
            yield marked[2]


def harmless(text, heeded=()):
    raw = re.findall("[\0-\x09\x0b-\x1f\x7f-\x9f\u202e\udc80-\udcff]", text)
    expect(not raw, "raw:", raw, ascii(text))
    expect(sorted(commands(text)) == sorted(heeded), "commands:", list(commands(text)), ascii(text))


def without_doubles(pairs):
    names = [name for name, _ in pairs]
    expect(len(names) == len(set(names)), "twice:", names)
    return dict(pairs)


def objects(text):
    return [json.loads(line, object_pairs_hook=without_doubles) for line in text.splitlines()]


def call_me():
    ctypes.CDLL(None).prctl(PR_SET_NAME, os.fsencode(SHORT), 0, 0, 0)


def fail_as(name):
    """Everything that a caller can name is named so; its ancestor, too."""
    variable = name.replace("=", "")
    call_me()
    if not os.fork():
        call_me()
        os.chdir(name)
        os.close(0)
        os.open(name, os.O_RDONLY | os.O_CREAT)
        with contextlib.suppress(OSError):
            os.execve(f"./{name}.x", [name, name], {variable: name, "PATH": name})
        with contextlib.suppress(OSError):
            os.execve(os.open(name, os.O_PATH), [name], {variable: name})
        os._exit(0)
    os.wait()


@contextlib.contextmanager
def named(name):
    """Where a caller finds all that is named so, in a group that is."""
    folder = tempfile.mkdtemp(dir=inside(""))
    os.chmod(folder, 0o755)
    os.mkdir(f"{folder}/{name}")
    write(f"{folder}/{name}/{name}.x", f"#!/no/{SHORT}/x\n", 0o755)
    os.chown(f"{folder}/{name}", CALLER, CALLER)
    with contextlib.ExitStack() as stack:
        path = None
        # Of a group's name only a newline is refused.
        with contextlib.suppress(Skip):
            path = stack.enter_context(group("system.slice/" + name.replace("\n", "") + ".service"))

        def act():
            if path:
                (path / "cgroup.procs").write_text("0", encoding="utf-8")
            os.chdir(folder)
            os.setgroups([])
            os.setresgid(CALLER, CALLER, CALLER)
            os.setresuid(CALLER, CALLER, CALLER)
            fail_as(name)

        yield lambda: in_child(act, uid=0)


def said(*args, to=None):
    """All that is told of the two that fail so."""
    where = ("-w", to) if to else ()
    with named(NASTY) as act, Tracer("-e", "process_execute_failed", *args, *where, "-u", str(CALLER), "-n", "2", "--all") as t:
        act()
        done = t.end(0)
    expect(done.status == 0, done)
    harmless(done.err)
    if not to:
        return done.out
    with open(to, "rb") as file:
        return file.read()


def test_words_in_json():
    text = said("-o", "json")
    harmless(text)
    script, folder = objects(text)
    # What is told is still what was there.
    expect(script["path"] == f"./{NASTY}.x".replace("\udcff", "\ufffd"), ascii(script["path"]))
    expect(script["comm"] == SHORT and script["ancestors"][0]["comm"] == SHORT, script["comm"], script["ancestors"])
    expect(script["interpreter_path"] in (None, f"/no/{SHORT}/x"), ascii(script["interpreter_path"]))
    expect("path" in script["raw"] and "arguments[1]" in script["raw"], script["raw"])
    expect(folder["syscall"] == "execveat", folder)


def test_words_in_ecs():
    text = said("-o", "ecs")
    harmless(text)
    expect([event["process.args"][0] for event in objects(text)] == [NASTY.replace("\udcff", "\ufffd")] * 2, text)


def test_words_in_otel():
    text = said("-o", "otel")
    harmless(text)
    for request in objects(text):
        attributes = request["resourceLogs"][0]["scopeLogs"][0]["logRecords"][0]["attributes"]
        names = [attribute["key"] for attribute in attributes]
        expect(len(names) == len(set(names)), "twice:", names)


def test_words_in_logfmt():
    text = said("-o", "logfmt")
    harmless(text)
    fields = [json.loads(line)["name"] for line in run("--list-fields", "-o", "json").out.splitlines()]
    for line in text.splitlines():
        pairs = re.findall(r'([^ =]+)=("(?:[^"\\]|\\.)*"|[^ "]*)(?: |$)', line)
        expect(" ".join(f"{name}={value}" for name, value in pairs) == line, "not all of it is pairs:", line)
        names = [name for name, _ in without_doubles(pairs).items()]
        expect(all(name.split(".")[0] in fields or name in fields for name in names), names)
        expect(json.loads(dict(pairs)["comm"]) == SHORT, dict(pairs)["comm"])
    expect(len(text.splitlines()) == 2, text)


def entries_of(data):
    """Of systemd's export format."""
    entries, entry, at = [], [], 0
    while at < len(data):
        line, _, _ = data[at:].partition(b"\n")
        at += len(line) + 1
        if not line:
            entries.append(entry)
            entry = []
        elif b"=" in line:
            entry.append(line.split(b"=", 1)[0].decode())
        else:
            at += 8 + struct.unpack_from("<Q", data, at)[0] + 1
            entry.append(line.decode())
    expect(not entry, "an entry without its end:", entry)
    return entries


def test_words_in_journal():
    entries = entries_of(said("-o", "journal", to=inside("journal")))
    expect(len(entries) == 2, len(entries), "entries")
    ours = re.compile(r"EXECFAIL_[A-Z0-9_]+|__REALTIME_TIMESTAMP|MESSAGE|PRIORITY|SYSLOG_IDENTIFIER|MESSAGE_ID|ERRNO|OBJECT_PID")
    for entry in entries:
        expect(all(ours.fullmatch(name) for name in entry), entry)


def test_words_in_github():
    """Two commands are what it is to have."""
    text = said("-o", "github")
    harmless(text, ["error", "error"])
    for line in text.splitlines():
        expect(re.fullmatch(r"::error (file=[^:,]*,)?title=[^:,]*::.*", line), line)


def test_words_in_table():
    harmless(said())
    harmless(said("--color=always").replace("\x1b[31m", "").replace("\x1b[32m", "").replace("\x1b[0m", ""))


def test_words_in_columns():
    """Each field as the first of the line."""
    fields = [json.loads(line)["name"] for line in run("--list-fields", "-o", "json").out.splitlines()]
    strings = [name for name in fields if name in ("path", "arguments", "environment", "cwd", "comm", "exe", "hint", "ancestors", "stdin_path", "unit", "cgroup")]
    expect(len(strings) == 11, strings)
    for name in strings:
        harmless(said("--fields", f"{name},{','.join(strings)}"))


def test_words_in_summary():
    harmless(said("--summary=path,comm,cwd,unit"))
    text = said("--summary=path,comm,cwd,unit", "-o", "json")
    harmless(text)
    objects(text)


def test_words_of_a_tree():
    """For check: at the beginning of a line is a name in the tree."""
    top = inside("tree")
    for folder in "usr", "etc", "bin":
        os.makedirs(f"{top}/{folder}")
    for name in (f"bin/{NASTY}", "::error::x", "##[error]x", "bin/##vso[x]y"):
        write(f"tree/{name}", f"#!/no/{SHORT}/x\n")
    done = run("check", top)
    expect(done.status == 1 and len(done.out.splitlines()) == 4, done)
    harmless(done.out + done.err)
    done = run("check", "-o", "json", top)
    harmless(done.out)
    expect(len(objects(done.out)) == 4, done)
    done = run("check", "-o", "sarif", top)
    harmless(done.out)
    (log,) = objects(done.out)
    expect(len(log["runs"][0]["results"]) == 4, log)


def test_words_of_a_package():
    """For explain: what dpkg is said to have done in a root of somebody else's, and what a program is called there."""
    root = "root"
    for folder in "bin", "var/log", "var/lib/dpkg/info":
        os.makedirs(inside(f"{root}/{folder}"))
    write(f"{root}/bin/x", "no program\n", 0o644)
    write(f"{root}/var/log/dpkg.log", time.strftime("%Y-%m-%d %H:%M:%S") + f" install {SHORT}:amd64 1 2\n")
    write(f"{root}/var/lib/dpkg/info/{SHORT}.list", "/bin/x\n/bin/x\n")
    for program in "/bin/x", NASTY, "::error::x":
        for form in (), ("-o", "json"):
            done = run("explain", "--root", inside(root), *form, program)
            expect(done.status == 1, done)
            harmless(done.out + done.err)
            expect(program != "/bin/x" or "by dpkg: " in done.out or "changed_package" in done.out, done)


def test_words_of_a_command():
    """COMMAND itself, by a user who is let run it."""
    done = run("-o", "json", "--", NASTY)
    expect(done.status == 127, done)
    harmless(done.out + done.err)


def test_words_beside_the_output():
    """What is wrong with an option is said with its words."""
    for args in (("-f", NASTY), ("-e", NASTY), ("--fields", NASTY), ("--unit", NASTY, "-d", NASTY), ("explain", "--root", NASTY, "x"), ("check", NASTY)):
        done = run(*args)
        expect(done.status, done)
        harmless(done.out + done.err)


def everything(fd):
    """That a terminal gets until nobody writes to it any more."""
    text = b""
    with contextlib.suppress(OSError):
        while piece := read(fd):
            text += piece
    return text.decode(errors="surrogateescape").replace("\r\n", "\n")


def test_words_on_a_terminal():
    """Where lines are cut and broken."""
    ours, its = pty.openpty()
    fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
    args = ("-e", "process_execute_failed", "--color=never", "-u", str(CALLER), "-n", "2", "--all")
    with named(NASTY) as act, Tracer(*args, stdout=its):
        os.close(its)
        act()
        harmless(everything(ours))
    os.close(ours)
