# SPDX-License-Identifier: GPL-2.0-only
"""A search through PATH is one event, or none; what comes again is counted."""
import functools
import json
import os
import shutil
import subprocess
import sys

from harness import USAGE, Skip, expect, here, inside, one_line, run, write

MISSING = "no-such-program-of-execfail"

# How real programs look for another, which is "@": none tells more than one event of it. Those in Go and in C are compiled first.
SEARCHES = {
    "bash": ["bash", "-c", "exec @"],
    "busybox": ["busybox", "sh", "-c", "exec @"],
    "cargo": ["cargo", "rustc", "--offline"],
    "dash": ["dash", "-c", "exec @"],
    "env": ["env", "@"],
    "env_split": ["env", "-S", "@ x"],
    "find": ["find", "/dev/null", "-exec", "@", "{}", ";"],
    "make": ["make", "-f", "-", "--eval", "all:; @"],
    "make_shell": ["make", "-f", "-", "--eval", "all:; @ x || exit 1; exit 0"],
    "nice": ["nice", "@"],
    "ninja": ["ninja", "-f", "@.ninja"],
    "node": ["node", "-e", "require('child_process').spawn('@').on('error', () => {})"],
    "node_sync": ["node", "-e", "require('child_process').spawnSync('@')"],
    "nohup": ["nohup", "@"],
    "perl": ["perl", "-e", "exec '@', 'x'"],
    "perl_system": ["perl", "-e", "system '@', 'x'"],
    "python": [sys.executable, "-c", "import subprocess; subprocess.call(['@'])"],
    "python_execvp": [sys.executable, "-c", "import os; os.execvp('@', ['@', 'x'])"],
    "python_spawn": [sys.executable, "-c", "import os; os.posix_spawnp('@', ['@'], os.environ)"],
    "setsid": ["setsid", "-w", "@"],
    "sudo": ["sudo", "@"],
    "timeout": ["timeout", "60", "@"],
    "xargs": ["sh", "-c", "echo x | xargs @"],
    "zsh": ["zsh", "-fc", "exec @"],
    "zsh_forks": ["zsh", "-fc", "@; true"],
    "go": """package main
        import ("os"; "os/exec")
        func main() { if exec.Command(NAME).Run() == nil { os.Exit(0) } }""",
    "execlp": "int main(void) { return execlp(NAME, NAME, (char *)0); }",
    "vfork": "int main(void) { if (!vfork()) { execlp(NAME, NAME, (char *)0); _exit(1); } return wait(0) < 0; }",
    "spawnp": """int main(void) {
        char *argv[] = { NAME, 0 };
        pid_t pid;
        return posix_spawnp(&pid, NAME, 0, 0, argv, environ) || waitpid(pid, 0, 0) < 0; }""",
    "threads": """static void *run(void *name) {
        if (!fork()) { execlp(name, name, (char *)0); _exit(1); }
        return 0; }
    int main(void) {
        pthread_t threads[8];
        for (int i = 0; i < 8; i++) pthread_create(&threads[i], 0, run, NAME);
        for (int i = 0; i < 8; i++) pthread_join(threads[i], 0);
        while (wait(0) > 0) continue;
        return 0; }""",
}
# As many at the same time.
PARALLEL = {"threads": 8}
# Some look by themselves, with stat, and try only what is there.
TRIES = {
    *("env", "xargs", "find", "timeout", "nice", "python_execvp", "node", "execlp", "vfork", "spawnp", "threads"),
    *("perl", "setsid", "nohup"),
}
HEAD = """#define _GNU_SOURCE
#include <pthread.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
"""
def folded(command, **how):
    return run("-q", "-e", "process_execute_failed", "-o", "json", "--fold=on", "--", *command, **how)


def path_of(*names):
    """Folders in which a program is looked for in vain, then the system's."""
    folders = [inside(name) for name in names]
    for folder in folders:
        os.makedirs(folder, exist_ok=True)
    return ":".join([*folders, "/usr/bin", "/bin"])


def compiler(program):
    found = shutil.which(program)
    if not found:
        raise Skip(f"{program} is not installed")
    return found


def compiled(name, text):
    """The path of such a program, which looks for that name."""
    path = inside(f"searcher-{name}")
    command = [compiler("cc"), "-pthread", "-x", "c", f'-DNAME="{name}"', "-o", path, "-"]
    subprocess.run(command, input=HEAD + text, text=True, check=True)
    return path


def compiled_go(name, text):
    source = write(f"{name}.go", text.replace("NAME", f'"{name}"'))
    env = {**os.environ, "GOCACHE": inside("cache"), "GO111MODULE": "off"}
    subprocess.run([compiler("go"), "build", "-o", inside(f"searcher-{name}"), source], env=env, check=True)
    return inside(f"searcher-{name}")


def command_of(tool, name):
    command = SEARCHES[tool]
    if isinstance(command, str):
        return [(compiled_go if tool == "go" else compiled)(name, command)]
    program = shutil.which(command[0])
    if not program:
        raise Skip(f"{command[0]} is not installed")
    return [program, *(word.replace("@", name) for word in command[1:])]


def prepare(name):
    """What some of them read in their folder."""
    write(f"{name}.ninja", f"rule run\n  command = {name}\nbuild all: run\n")
    os.makedirs(inside("src"), exist_ok=True)
    write("src/main.rs", "fn main() {}\n")
    write("Cargo.toml", '[package]\nname = "x"\nversion = "0.1.0"\nedition = "2021"\n')


def search(tool, name):
    """What is told of a program that looks for another."""
    command = command_of(tool, name)
    prepare(name)
    env = {**os.environ, "PATH": path_of("a", "b"), "RUSTC": name}
    done = folded(command, env=env, cwd=here.folder, stderr=subprocess.DEVNULL)
    return [event for event in done.events if os.path.basename(event["path"] or "") == name]


def told(found):
    return [(event["path"], event["errno"], event["reason"]) for event in found]


def search_told(tool, name, is_enough):
    """
    The machine may hold a searcher up for a tenth of a second between two steps. Then it is told before its end, without all
    its attempts, or though the program is found in the end: not each time.
    """
    for _ in range(20):
        found = search(tool, name)
        if is_enough(found):
            break
    return found


def has_tried_all(found):
    return all(len(event.get("attempts", [])) >= 3 for event in found)


def search_with(tool):
    most = PARALLEL.get(tool, 1)
    found = search_told(tool, MISSING, lambda found: tool not in TRIES or len(found) != most or has_tried_all(found))
    expect(len(found) == most if tool in TRIES else len(found) <= most, "in vain:", told(found))
    for event in found:
        tried = [attempt["path"] for attempt in event.get("attempts", [])]
        expect(not tried or event["path"] in tried, event)
        expect(tool not in TRIES or (len(tried) >= 3 and event["reason"] == "not_in_path"), event)
    # It is there, in the last of four folders.
    os.symlink("/bin/true", inside("b/there"))
    found = search(tool, "there")
    expect(not found, "found:", told(found))
    # And one before it may not be started.
    write("a/there", "#!/bin/sh\n", mode=0o644)
    found = search_told(tool, "there", lambda found: not found)
    expect(not found, "found behind another:", told(found))


for each in SEARCHES:
    globals()[f"test_search_{each}"] = functools.partial(search_with, each)


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
    done = run("-q", "-e", "process_execute_failed", "-o", "json", "--all", "--", "/usr/bin/env", MISSING, env=env)
    expect(len(done.events) == 4 and not any("attempts" in event for event in done.events), done)


def test_folding_of_table():
    env = {**os.environ, "PATH": path_of("a", "b")}
    done = run("-e", "process_execute_failed", "--", "/bin/sh", "-c", f"env true; env {MISSING}; true", env=env)
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
    done = run("-q", "-e", "process_execute_failed", "-o", "json", "--repeats=1h", "--", "/bin/sh", "-c", script)
    ours = [event for event in done.events if event["path"] == "/no/such/program"]
    expect(len(ours) == 2 and "repeat_count" not in ours[0], done)
    expect(ours[1]["repeat_count"] == 49 and ours[1]["first_time"] < ours[1]["last_time"], ours[1])


def test_repeats_of_table():
    script = "i=0; while [ $i -lt 50 ]; do /no/such/program; i=$((i + 1)); done; true"
    done = run("-e", "process_execute_failed", "--", "/bin/sh", "-c", script)
    expect(sum(line.count("/no/such/program does not exist") for line in done.out.splitlines()) == 1, done)
    expect("\u00d749 more: /no/such/program (pids " in done.out, done)
    expect("execfail: 1 event, 49 repeated, 0 lost" in done.err, done)


def test_summary():
    script = f"for i in 1 2 3; do /no/such/program; env {MISSING}; done; true"
    done = run("-e", "process_execute_failed", "--summary", "--", "/bin/sh", "-c", script, env={**os.environ, "PATH": path_of("a")})
    rows = [line.split() for line in done.out.splitlines()]
    expect(["3", "ENOENT", "missing_directory", "sh", "/no/such/program"] in rows, done)
    expect(["3", "ENOENT", "not_in_path", "sh", MISSING] in rows and len(rows) == 3, done)
    done = run("-q", "-e", "process_execute_failed", "--summary=errno", "-o", "json", "--", "/bin/sh", "-c", "/no/a; /no/b; true")
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


# Tries a file, and then starts another program, as the same task.
FALLS_BACK = """int main(int argc, char **argv) {
    execv(argv[1], (char *[]){ NAME, 0 });
    return execv(argv[2], (char *[]){ "x", 0 });
}
"""


def test_programs_that_fall_back():
    """What starts is not what was looked for, so nothing was found."""
    env = {**os.environ, "PATH": path_of("a", "b")}
    write("a/there", "#!/bin/sh\n", mode=0o644)
    write("b/there", "#!/bin/sh\n", mode=0o644)
    os.makedirs(inside("elsewhere"))
    for file in ("elsewhere/there", "b/other"):
        os.symlink("/bin/true", inside(file))
    program = compiled("there", FALLS_BACK)
    for other in ("/bin/true", inside("elsewhere/there"), inside("b/other")):
        done = folded([program, inside("a/there"), other], env=env)
        expect(done.status == 0 and [event["path"] for event in done.events] == [inside("a/there")], other, done)


FLOOD = """int main(void) {
    for (int p = 0; p < 4; p++)
        if (!fork()) {
            for (int i = 0; i < 5000; i++) execl(i % 2 ? "/no/such" : "/etc/passwd", NAME, (char *)0);
            _exit(0);
        }
    while (wait(0) > 0) continue;
    return 0; }"""


def test_summary_counted_in_the_kernel():
    """By what is known there: no flood loses a count, however small the buffer."""
    command = [compiled("flood", FLOOD)]
    done = run("--summary=errno,uid", "--buffer=128K", "--", *command)
    expect([line.split() for line in done.out.splitlines()[1:]] in ([["10000", "EACCES", "0"], ["10000", "ENOENT", "0"]],
           [["10000", "ENOENT", "0"], ["10000", "EACCES", "0"]]), done)
    expect("execfail: 20000 events, 0 lost" in done.err, done)
    done = run("-q", "-e", "process_execute_failed", "-o", "json", "--summary=comm,cgroup,errno", "-f", "errno=EACCES", "--", *command)
    (counted,) = map(json.loads, done.out.splitlines())
    expect(counted["comm"] == "searcher-flood" and counted["repeat_count"] == 10000, counted)
    expect(counted["first_time"] < counted["last_time"] and counted["cgroup"], counted)
    # Ends are counted beside them, and one record that is two events as two.
    script = "/no/such; /no/such; /no/such"
    done = run("-q", "-o", "json", "--summary=uid", "--", "sh", "-c", f"({script}; execfail-none); true")
    expect([json.loads(line)["repeat_count"] for line in done.out.splitlines()] == [7], done)
    done = run("-q", "-e", "execve,process_execute_failed", "-f", "errno=ENOENT", "-o", "json", "--summary=errno", "--", "sh", "-c", script)
    expect([json.loads(line)["repeat_count"] for line in done.out.splitlines()] == [6], done)
    done = run("-q", "-o", "json", "-e", "process_execute_failed", "--summary=errno", "--", "sh", "-c", "/no/such; true")
    (once,) = map(json.loads, done.out.splitlines())
    expect(once["repeat_count"] == 1 and once["first_time"] <= once["last_time"], once)
    # What only user space knows is counted there: a search is one then.
    env = {**os.environ, "PATH": path_of("a", "b")}
    done = run("-q", "--summary=errno,reason", "--", "/usr/bin/env", MISSING, env=env)
    expect(done.out.splitlines()[1].split() == ["1", "ENOENT", "not_in_path"], done)
