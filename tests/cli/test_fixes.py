# SPDX-License-Identifier: GPL-2.0-only
"""The fix that a sentence ends with is run as it stands there, and then the same program starts."""
import os
import re
import shutil

from harness import NOBODY, Skip, expect, finish, inside, run, shell, write

SCRIPT = "#!/bin/sh\nexit 0\n"


def fix_of(text):
    found = re.search(r"(?:with|executed|followed): (.*?)(?: \(\w+, E\w+\))?$", text, re.M)
    expect(found, "no fix in:", text)
    return found[1]


def repaired(path):
    before = run("explain", path)
    expect(before.status == 1, before)
    fix = fix_of(before.out)
    done = shell(fix)
    expect(done.status == 0, fix, done)
    after = run("explain", path)
    expect(after.status == 0, "after", fix, after)
    expect(finish([path]).status == 0, "after", fix)


def test_fix_mode():
    repaired(write("plain", SCRIPT, mode=0o644))


def test_fix_of_a_hostile_name():
    """Copied into a shell, it does that and nothing else."""
    path = write("a b'; touch fixed-too; '$(touch fixed-too)", SCRIPT, mode=0o644)
    before = run("explain", path)
    fix = fix_of(before.out)
    expect(shell(f'cd "$FOLDER" && {fix}').status == 0, fix)
    expect(run("explain", path).status == 0, fix)
    expect(shell('test -e "$FOLDER/fixed-too"').status == 1, fix)


def test_fix_line_endings():
    repaired(write("windows", SCRIPT.replace("\n", "\r\n")))


def test_fix_noexec():
    script = """
mkdir "$FOLDER/mount" && mount -t tmpfs -o noexec none "$FOLDER/mount" && cp /bin/true "$FOLDER/mount/true" || exit 9
"$EXECFAIL" explain "$FOLDER/mount/true" && exit 8
fix=$("$EXECFAIL" explain "$FOLDER/mount/true" | sed 's/.*executed: //; s/ (noexec_mount, EACCES)$//')
sh -c "$fix" && "$EXECFAIL" explain "$FOLDER/mount/true" && exec "$FOLDER/mount/true"
"""
    done = shell(f"exec unshare -m sh -c '{script.replace(chr(39), chr(39) + chr(92) + chr(39) * 2)}'")
    expect(done.status == 0, done)


def test_fix_nosymfollow():
    script = """
mkdir "$FOLDER/mount" && mount -t tmpfs -o nosymfollow none "$FOLDER/mount" || exit 7
ln -s /bin/true "$FOLDER/mount/true"
"$EXECFAIL" explain "$FOLDER/mount/true" && exit 8
fix=$("$EXECFAIL" explain "$FOLDER/mount/true" | sed "s/.*followed: //; s/ (nosymfollow_mount, ELOOP)$//")
sh -c "$fix" && "$EXECFAIL" explain "$FOLDER/mount/true" && exec "$FOLDER/mount/true"
"""
    done = shell(f"exec unshare -m sh -c '{script}'")
    if done.status == 7:
        raise Skip("this kernel has no nosymfollow")
    expect(done.status == 0, done)


def repaired_for_nobody(path):
    """explain says it of that user, and that user can start it in the end."""
    before = run("explain", "-u", "nobody", path)
    expect(before.status == 1 and shell(f"exec {NOBODY} {path}").status != 0, before)
    fix = fix_of(before.out)
    done = shell(fix)
    if "not supported" in done.err:
        raise Skip("there are no access control lists here")
    expect(done.status == 0, fix, done)
    expect(run("explain", "-u", "nobody", path).status == 0, fix)
    expect(shell(f"exec {NOBODY} {path}").status == 0, "after", fix)


def closed_folder(mode, owner):
    os.mkdir(inside("closed"))
    path = write("closed/program", SCRIPT)
    os.chown(inside("closed"), owner, owner)
    os.chmod(inside("closed"), mode)
    return path


def test_fix_search_permission():
    """For that user alone: others get no further than before."""
    if not shutil.which("setfacl"):
        raise Skip("there is no setfacl")
    path = closed_folder(0o700, 0)
    repaired_for_nobody(path)
    expect(run("explain", "-u", "daemon", path).status == 1, "others may as well")


def test_fix_search_permission_of_owner():
    repaired_for_nobody(closed_folder(0o600, 65534))


def test_fix_blanks_before_the_first_line():
    repaired(write("blank", "\n \t\n " + SCRIPT))


def test_no_fix_for_what_is_no_program():
    for name, content in (("list", "a\nb\n"), ("empty", ""), ("page", "<!DOCTYPE html>\n<html></html>\n")):
        done = run("explain", write(name, content, mode=0o644))
        expect(done.status == 1 and "chmod" not in done.out, done)
    expect("chmod" not in run("explain", "/etc/shadow").out, "/etc/shadow")


def test_it_is_named_once():
    path = inside("none")
    expect(run("explain", path).out.count(path) == 1, run("explain", path))


def test_fix_byte_order_mark():
    repaired(write("marked", "\ufeff" + SCRIPT))


def test_fix_nearest_name():
    """The name that is offered in place of another is that of a program which starts."""
    done = run("explain", "/bin/ech")
    found = re.search(r"did you mean (\S+)\?", done.out)
    expect(found and finish([found[1]]).status == 0, done)


def test_fix_line_endings_of_env():
    """Told of env's search, not of the script."""
    path = write("by-env", "#!/usr/bin/env sh\r\nexit 0\r\n")
    done = run("-q", "-e", "process_execute_failed", "-o", "json", "--fold=on", "--", path)
    hints = [event["hint"] for event in done.events if event["reason"] == "env_crlf"]
    expect(len(hints) == 1 and shell(fix_of(hints[0])).status == 0, done)
    expect(finish([path]).status == 0, hints)
