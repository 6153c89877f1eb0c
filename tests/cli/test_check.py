# SPDX-License-Identifier: GPL-2.0-only
"""execfail check: programs of a tree that could not start there, and none that could."""
import json
import os
import pathlib
import shutil
import subprocess

import sarif
from harness import Skip, events_of, expect, here, inside, one_line, run, shell, write

ELF = b"\x7fELF"


def tree():
    """A small root, with programs of which some are no good."""
    for folder in "usr/bin", "usr/lib", "etc", "lib", "opt/app":
        os.makedirs(inside(folder), exist_ok=True)
    write("usr/bin/good", "#!/usr/bin/shell\n")
    write("usr/bin/lost", "#!/bin/sh\n")
    write("usr/bin/by env", "#!/usr/bin/env tool\n")
    write("opt/app/notes", "not executed\n", mode=0o644)
    write("opt/app/data", "an x bit by mistake\n")
    write("opt/app/run.sh", "#!/bin/sh\r\n")
    # a static program that needs nothing
    done = subprocess.run(["gcc", "-static", "-x", "c", "-", "-o", inside("usr/bin/shell")], input="int main(void) { return 0; }", text=True, check=False)
    expect(done.returncode == 0, "gcc")
    shutil.copy(inside("usr/bin/shell"), inside("usr/bin/env"))
    image = bytearray(pathlib.Path(inside("usr/bin/shell")).read_bytes())
    pathlib.Path(inside("opt/app/cut")).write_bytes(image[:700])
    os.chmod(inside("opt/app/cut"), 0o755)
    image[18:20] = (243).to_bytes(2, "little")
    pathlib.Path(inside("opt/app/foreign")).write_bytes(image)
    os.chmod(inside("opt/app/foreign"), 0o755)
    return here.folder


EXPECTED = {
    "usr/bin/lost": "interpreter_missing",
    "usr/bin/by env": "env_missing",
    "opt/app/run.sh": "interpreter_crlf",
    "opt/app/foreign": "wrong_machine",
}


def test_check_tree():
    done = run("check", tree())
    expect(done.status == 1, done)
    for path, reason in EXPECTED.items():
        [line] = [line for line in done.out.splitlines() if line.startswith((path + ":", f"'{path}':"))]
        expect(f"({reason}, E" in line, line)
    expect(len(done.out.splitlines()) == len(EXPECTED), done.out)
    expect(f"{len(EXPECTED)} of {len(EXPECTED) + 4} programs could not start" in done.err, done.err)
    expect(run("check", "-q", inside("usr/lib")).err == "", "quiet")


def test_check_nothing_wrong():
    os.makedirs(inside("empty"))
    done = run("check", inside("empty"))
    expect(done.status == 0 and not done.out and "0 of 0 programs" in done.err, done)
    one_line(run("check", inside("none")), 2, "cannot look into", "No such file")


def test_check_json():
    events = events_of(run("-o", "json", "check", tree()).out)
    expect({event["path"]: event["reason"] for event in events} == EXPECTED, events)
    expect([event["path"] for event in events] == sorted(EXPECTED), "order")
    [event] = [event for event in events if event["reason"] == "env_missing"]
    expect(event["starts"] is False and event["errno"] == "ENOENT" and "tool is not in PATH" in event["hint"], event)


def test_check_sarif():
    log = json.loads(run("check", "-o", "sarif", tree()).out)
    faults = sarif.faults(log)
    expect(not faults, *faults)
    [each] = log["runs"]
    expect({result["ruleId"] for result in each["results"]} == set(EXPECTED.values()), each["results"])
    expect(len(each["results"]) == len(EXPECTED) and "usr/bin/by%20env" in json.dumps(each), each)
    expect(all("shortDescription" in rule for rule in each["tool"]["driver"]["rules"]), each)
    # the rules see what is wrong
    each["results"][0]["ruleIndex"] = 99
    expect(sarif.faults(log), "a wrong index")
    each["results"][0]["surprise"] = 1
    expect(sarif.faults(log), "a surprise")


def test_check_machine():
    folder = tree()
    done = run("check", "--machine", "riscv64", folder)
    expect("opt/app/foreign" not in done.out and "usr/bin/shell: " in done.out, done)
    # that of its own shell
    shutil.copy(inside("opt/app/foreign"), inside("usr/bin/sh"))
    done = run("check", folder)
    expect("is for riscv64" in done.err and "opt/app/foreign" not in done.out and "usr/bin/shell: " in done.out, done)


def test_check_of_a_part():
    """What is no root is a part of ours: with our interpreters, but for another root that is named."""
    tree()
    shutil.copy(inside("usr/bin/lost"), inside("opt/app/fine"))
    done = run("check", inside("opt/app"))
    expect("fine:" not in done.out and "run.sh:" in done.out, done)
    done = run("check", "--root", here.folder, inside("opt/app"))
    expect("fine: the interpreter /bin/sh of /opt/app/fine does not exist" in done.out, done)
    one_line(run("check", "--root", inside("usr"), inside("opt")), 2, "is not below")


def test_check_libraries():
    """With its own libraries, and not with ours."""
    os.makedirs(inside("usr/lib"))
    os.makedirs(inside("etc"))
    for path in "/bin/true", "/lib64/ld-linux-x86-64.so.2":
        if not os.path.exists(path):
            raise Skip(f"no {path} here")
        os.makedirs(os.path.dirname(inside("." + path)), exist_ok=True)
        shutil.copy(path, inside("." + path))
    done = run("check", here.folder)
    expect(done.status == 1 and "libc.so.6, which /bin/true needs, is not there" in done.out, done)
    found = subprocess.run(["ldd", "/bin/true"], capture_output=True, text=True, check=True).stdout
    [libc] = [line.split()[2] for line in found.splitlines() if "libc.so.6" in line]
    shutil.copy(libc, inside("usr/lib/libc.so.6"))
    done = run("check", here.folder)
    expect(done.status == 0 and not done.out, done)


def test_check_progress_on_a_terminal():
    """A bar where somebody looks at it, and none where a file is written."""
    folder = tree()
    done = shell(f'script -qec "\\"$EXECFAIL\\" check {folder}" /dev/null </dev/null')
    expect("[####" in done.out and "100%" in done.out, done.out[:300])
    expect("[###" not in run("check", folder).err, "not a terminal")


def test_check_hostile_tree():
    """Links that lead out or round, names that are no text, files that nobody is to wait for: an end, and one line each."""
    tree()
    os.symlink("/bin/sh", inside("usr/bin/out"))
    os.symlink("round", inside("usr/bin/round"))
    os.symlink("..", inside("usr/bin/up"))
    os.mkfifo(inside("usr/bin/pipe"), 0o755)
    with open(os.path.join(os.fsencode(here.folder), b"usr/bin/\xff\x1b[31m\n"), "wb") as file:
        file.write(b"#!/no/\x1b[2J\n")
        os.fchmod(file.fileno(), 0o755)
    done = run("check", here.folder)
    expect("\x1b" not in done.out and len(done.out.splitlines()) == len(EXPECTED) + 1, done.out)
    events_of(run("-o", "json", "check", here.folder).out)
    faults = sarif.faults(json.loads(run("check", "-o", "sarif", here.folder).out))
    expect(not faults, *faults)
