# SPDX-License-Identifier: GPL-2.0-only
"""-p: processes that are there, and all that descend from them, until the last has gone."""
import contextlib
import os
import signal
import subprocess

from harness import USAGE, Tracer, expect, fail_to_start, here, inside, one_line, paths, read, run, shell

FOLLOWING = "execfail: following "


@contextlib.contextmanager
def running(script):
    """A shell that waits to be told, and says what it has to say; whatever it starts has its streams."""
    process = subprocess.Popen(["sh", "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def tell(process, words="go\n"):
    process.stdin.write(words.encode())
    process.stdin.flush()


def says(process, words):
    said = b""
    while words.encode() not in said:
        piece = read(process.stdout.fileno())
        expect(piece, f"never said {words!r}, but", said)
        said += piece
    return said.decode()


def complaints(done):
    return [line for line in done.complaints if not line.startswith(FOLLOWING)]


def following(done):
    return [line for line in done.err.splitlines() if line.startswith(FOLLOWING)]


# --- who is followed


def test_scope_descendants():
    """Itself, a grandchild that was there before, one that comes later and loses its parent; no stranger."""
    script = """
        sh -c 'sh -c "echo there; read go; /no/grandchild; echo done; read go; :"; :'
        /no/itself
        (setsid sh -c "/no/orphan; echo done" &)
        read go; :"""
    with running(script) as shells:
        says(shells, "there")
        with Tracer("-e", "process_execute_failed", "-o", "json", "-p", str(shells.pid)) as t:
            fail_to_start("/no/stranger")
            tell(shells)
            says(shells, "done")
            tell(shells)
            says(shells, "done")
            fail_to_start("/no/stranger")
            tell(shells)
            shells.wait(timeout=here.patience)
            done = t.end(0)
    expect(paths(done, "/no/") == ["/no/grandchild", "/no/itself", "/no/orphan"], done)
    expect(done.status == 0 and not complaints(done), done)
    expect(len(following(done)) == 1 and "following 3 processes" in following(done)[0], done)
    expect("descendants that had lost their parent" in following(done)[0], done)


def test_scope_several():
    with running("read go; /no/one; :") as one, running("read go; /no/two; :") as two:
        with running("read go; /no/three; :") as three, Tracer("-e", "process_execute_failed", "-o", "json", "-p", f"{one.pid},{two.pid}") as t:
            for shells in (three, one, two):
                tell(shells)
                shells.wait(timeout=here.patience)
            done = t.end(0)
    expect(paths(done, "/no/") == ["/no/one", "/no/two"] and done.status == 0, done)


def test_scope_of_a_thread():
    """Whatever thread of it fails, and though its first has ended."""
    script = """
import ctypes, os, sys, threading
def fail():
    sys.stdin.readline()
    if not os.fork():
        try: os.execv("/no/of_thread", ["x"])
        except OSError: os._exit(1)
    os.wait()
    os._exit(0)
threading.Thread(target=fail).start()
print("there", flush=True)
ctypes.CDLL(None).pthread_exit(None)
"""
    program = subprocess.Popen(["python3", "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        says(program, "there")
        with Tracer("-e", "process_execute_failed", "-o", "json", "-p", str(program.pid)) as t:
            tell(program)
            done = t.end(0)
    finally:
        program.kill()
        program.communicate()
    expect(paths(done, "/no/") == ["/no/of_thread"] and done.status == 0, done)


# --- when it ends


def test_scope_outlives_the_first():
    """As long as a descendant is there, whom nobody waits for."""
    with running("exec 3<&0; sh -c 'echo there; read go <&3; /no/late; :' & wait") as shells:
        says(shells, "there")
        with Tracer("-e", "process_execute_failed", "-o", "json", "-p", str(shells.pid)) as t:
            shells.kill()
            shells.wait(timeout=here.patience)
            tell(shells)
            done = t.end(0)
    expect(paths(done, "/no/") == ["/no/late"] and done.status == 0, done)


def test_scope_of_execfails_own_parent():
    """execfail itself is not waited for: who asks for what he himself does gets an end when he ends."""
    script = '"$EXECFAIL" -e process_execute_failed -o json -p $$ 2>"$FOLDER/err" & until grep -q watching "$FOLDER/err"; do :; done; /no/mine; :'
    done = shell(script)
    expect(paths(done, "/no/") == ["/no/mine"], done)


def test_scope_ends_by_count():
    with running("while read go; do /no/one; done") as shells, Tracer("-n", "2", "-e", "process_execute_failed", "-o", "json", "-p", str(shells.pid)) as t:
        tell(shells, "go\ngo\ngo\n")
        done = t.end(0)
    expect(paths(done, "") == ["/no/one"] * 2 and done.status == 0, done)


def test_scope_ends_by_signal():
    with running("read go") as shells, Tracer("-p", str(shells.pid)) as t:
        done = t.end(signal.SIGTERM)
    expect(done.status == 0 and not complaints(done), done)


# --- with others


def test_scope_with_filter_and_file():
    with running("read go; /no/one; /no/two; :") as shells:
        options = ("-e", "process_execute_failed", "-o", "json", "-f", "path=*two", "-w", inside("events"), "-p", str(shells.pid))
        with Tracer(*options) as t:
            tell(shells)
            done = t.end(0)
    with open(inside("events"), encoding="utf-8") as file:
        done.out += file.read()
    expect(paths(done, "") == ["/no/two"] and done.status == 0, done)


def test_scope_in_pid_namespace():
    """By the numbers that are seen there."""
    script = """
        mkfifo "$FOLDER/go"
        sh -c 'sh -c "read go; /no/below; :"; :' <"$FOLDER/go" &
        exec 3>"$FOLDER/go"
        "$EXECFAIL" -e process_execute_failed -o json -p $! 2>"$FOLDER/err" &
        until grep -q watching "$FOLDER/err"; do :; done
        /no/stranger
        echo go >&3
        wait %2
        echo status $?
        cat "$FOLDER/err" >&2"""
    with open(inside("script"), "w", encoding="utf-8") as file:
        file.write(script)
    done = shell('exec unshare -fp --mount-proc bash -m "$FOLDER/script"')
    expect(paths(done, "/no/") == ["/no/below"] and "status 0\n" in done.out, done)


# --- what is not right


def test_scope_unknown_pid():
    one_line(run("-p", "4194303"), 1, "there is no process 4194303")


def test_scope_of_one_that_has_ended():
    with subprocess.Popen("true") as ended:
        os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)
        one_line(run("-p", str(ended.pid)), 1, f"there is no process {ended.pid}")


def test_scope_usage():
    one_line(run("-p", "1", "--", "true"), USAGE, "not with a command")
    one_line(run("-p", "1", "explain", "true"), USAGE, "not with explain")
    one_line(run("-p", "x"), USAGE, "'x' is not a list of process numbers")


def test_scope_ends_by_time():
    """While those that it follows go on."""
    with running("read go") as process:
        done = run("-p", str(process.pid), "-d", "100ms")
        expect(done.status == 0 and process.poll() is None and not complaints(done), done)
