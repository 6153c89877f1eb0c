# SPDX-License-Identifier: GPL-2.0-only
"""A search through PATH is one event, or none; what comes again is counted."""
import os
import shutil
import sys

from harness import USAGE, Skip, expect, inside, one_line, run, write

MISSING = "no-such-program-of-execfail"

# How real programs look for another, which is "@": none tells more than one event of it.
SEARCHES = {
    "dash": ["dash", "-c", "exec @"],
    "env": ["env", "@"],
    "env_split": ["env", "-S", "@ x"],
    "xargs": ["sh", "-c", "echo x | xargs @"],
    "find": ["find", "/dev/null", "-exec", "@", "{}", ";"],
    "timeout": ["timeout", "60", "@"],
    "nice": ["nice", "@"],
    "nohup": ["nohup", "@"],
    "setsid": ["setsid", "-w", "@"],
    "python": [sys.executable, "-c", "import subprocess; subprocess.call(['@'])"],
    "python_execvp": [sys.executable, "-c", "import os; os.execvp('@', ['@', 'x'])"],
    "python_spawn": [sys.executable, "-c", "import os; os.posix_spawnp('@', ['@'], os.environ)"],
    "perl": ["perl", "-e", "exec '@', 'x'"],
    "perl_system": ["perl", "-e", "system '@', 'x'"],
    "make": ["make", "-f", "-", "--eval", "all:; @"],
}


def folded(command, **how):
    return run("-q", "-o", "json", "--fold=on", "--", *command, **how)


def path_of(*names):
    """Folders in which a program is looked for in vain, then the system's."""
    folders = [inside(name) for name in names]
    for folder in folders:
        os.makedirs(folder, exist_ok=True)
    return ":".join([*folders, "/usr/bin", "/bin"])


def with_name(command, name):
    return [word.replace("@", name) for word in command]


def search(tool, name, **env):
    command = with_name(SEARCHES[tool], name)
    if not shutil.which(command[0]):
        raise Skip(f"{command[0]} is not installed")
    done = folded([shutil.which(command[0]), *command[1:]], env={**os.environ, "PATH": path_of("a", "b"), **env})
    return [event for event in done.events if os.path.basename(event["path"] or "") == name]


def check_missing(tool):
    found = search(tool, MISSING)
    # Some look by themselves, with stat, and try nothing.
    expect(len(found) <= 1, tool, [(event["path"], event["reason"]) for event in found])
    for event in found:
        tried = [attempt["path"] for attempt in event.get("attempts", [])]
        expect(not tried or event["path"] in tried, tool, event)
    return found


def test_missing_programs():
    seen = {tool: check_missing(tool) for tool in SEARCHES if shutil.which(SEARCHES[tool][0])}
    for tool in ("env", "xargs", "find", "timeout", "nice", "python_execvp"):
        expect(len(seen[tool]) == 1 and len(seen[tool][0]["attempts"]) >= 3, tool, seen[tool])
        expect(seen[tool][0]["reason"] == "not_in_path", tool, seen[tool])


def test_programs_that_are_found():
    for tool in SEARCHES:
        if shutil.which(SEARCHES[tool][0]):
            found = search(tool, "true")
            expect(not found, tool, [(event["path"], event["reason"]) for event in found])


def test_culprit():
    """What is there and may not be executed, rather than the places where nothing is."""
    path = path_of("a", "b")
    write(f"b/{MISSING}", "#!/bin/sh\n", mode=0o644)
    done = folded(["/usr/bin/env", MISSING], env={**os.environ, "PATH": path})
    expect(len(done.events) == 1, done)
    event = done.events[0]
    expect(event["path"] == inside(f"b/{MISSING}") and event["errno"] == "EACCES", event)
    expect(event["reason"] == "no_x_bit" and len(event["attempts"]) == 4, event)
    expect([attempt["errno"] for attempt in event["attempts"]] == ["ENOENT", "EACCES", "ENOENT", "ENOENT"], event)


def test_all():
    """Nothing is hidden from who asks for everything."""
    env = {**os.environ, "PATH": path_of("a", "b")}
    done = run("-q", "-o", "json", "--all", "--", "/usr/bin/env", MISSING, env=env)
    expect(len(done.events) == 4 and not any("attempts" in event for event in done.events), done)


def test_folding_of_table():
    env = {**os.environ, "PATH": path_of("a", "b")}
    done = run("--", "/bin/sh", "-c", f"env true; env {MISSING}; true", env=env)
    rows = [line for line in done.out.splitlines()[1:] if not line.startswith(" ")]
    expect(len(rows) == 1 and MISSING in rows[0], done)
    expect("execfail: 1 event, 5 folded, 0 lost" in done.err, done)


def test_look_alikes():
    """Steps of no search: each is told."""
    script = "/no/a/x; /no/b/x; /no/a/x y; (exec /no/c/x); true"
    done = folded(["/bin/sh", "-c", script])
    expect(sorted(event["path"] for event in done.events) == ["/no/a/x", "/no/a/x", "/no/b/x", "/no/c/x"], done)


def test_repeats():
    script = "i=0; while [ $i -lt 50 ]; do /no/such/program; i=$((i + 1)); done; /no/other; true"
    done = run("-q", "-o", "json", "--repeats=1h", "--", "/bin/sh", "-c", script)
    ours = [event for event in done.events if event["path"] == "/no/such/program"]
    expect(len(ours) == 2 and "repeat_count" not in ours[0], done)
    expect(ours[1]["repeat_count"] == 49 and ours[1]["first_time"] < ours[1]["last_time"], ours[1])


def test_repeats_of_table():
    script = "i=0; while [ $i -lt 50 ]; do /no/such/program; i=$((i + 1)); done; true"
    done = run("--", "/bin/sh", "-c", script)
    expect(sum(line.count("/no/such/program does not exist") for line in done.out.splitlines()) == 1, done)
    expect("\u00d749 more: /no/such/program (pids " in done.out, done)
    expect("execfail: 1 event, 49 repeated, 0 lost" in done.err, done)


def test_summary():
    script = f"for i in 1 2 3; do /no/such/program; env {MISSING}; done; true"
    done = run("--summary", "--", "/bin/sh", "-c", script, env={**os.environ, "PATH": path_of("a")})
    rows = [line.split() for line in done.out.splitlines()]
    expect(["3", "ENOENT", "missing_directory", "sh", "/no/such/program"] in rows, done)
    expect(["3", "ENOENT", "not_in_path", "sh", f"/bin/{MISSING}"] in rows and len(rows) == 3, done)
    done = run("-q", "--summary=errno", "-o", "json", "--", "/bin/sh", "-c", "/no/a; /no/b; true")
    expect(done.out.startswith('{"errno":"ENOENT","repeat_count":2,') and done.out.count("\n") == 1, done)


def test_fail():
    """It judges what is left of searches, in whatever form they are shown; COMMAND's own failure comes first."""
    env = {**os.environ, "PATH": path_of("a", "b")}
    for form in ("table", "json", "github"):
        done = run("-q", "-o", form, "--fail", "--", "/usr/bin/env", "true", env=env)
        expect(done.status == 0 and (form == "json") == bool(done.events), form, done)
        done = run("-q", "-o", form, "--fail", "--", "/bin/sh", "-c", f"/usr/bin/env {MISSING}; true", env=env)
        expect(done.status == 3, form, done)
    expect(run("-q", "--fail", "--", "/bin/sh", "-c", "/no/such; exit 7").status == 7, "not COMMAND's own")
    done = run("-q", "--fail", "-f", "errno=EACCES", "--", "/bin/sh", "-c", "/no/such; true")
    expect(done.status == 0, "what was filtered out counts:", done)
    one_line(run("--fail"), USAGE, "--fail")
