# SPDX-License-Identifier: GPL-2.0-only
"""It ends after so many events, or so long, and writes where it is told to."""
import json
import os
import signal
import stat

from harness import USAGE, Tracer, expect, fail_to_start, inside, one_line, run, write


def test_count():
    with Tracer("-n", "1", "-e", "process_execute_failed", "-o", "json", "-f", "path=/no/such/wanted*") as t:
        fail_to_start("/no/such/other")
        fail_to_start("/no/such/wanted1")
        fail_to_start("/no/such/wanted2")
        done = t.end(0)
    expect(done.status == 0, done)
    expect([event["path"] for event in done.events] == ["/no/such/wanted1"], done)


def test_count_by_cause():
    """A script waits for what it has to see: `-n 1 -f reason=text_busy`."""
    program = write("busy", "#!/bin/sh\n")
    with Tracer("-n", "1", "-o", "json", "-f", "reason=text_busy") as t:
        fail_to_start("/no/such/other")
        with open(program, "a", encoding="utf-8"):
            fail_to_start(program)
            done = t.end(0)
    expect(done.status == 0 and [(event["path"], event["reason"]) for event in done.events] == [(program, "text_busy")], done)


def test_count_with_command():
    """Its status is waited for, as it has stdout and the terminal."""
    done = run("-n", "1", "-e", "process_execute_failed", "-o", "json", "--", "sh", "-c", "/no/such/a; /no/such/b; sleep 0.2; echo went on; exit 7")
    expect(done.status == 7 and "went on" in done.out, done)
    # Each thread's are in order; those of two need not be.
    expect([event["path"] for event in done.events] in (["/no/such/a"], ["/no/such/b"]), done)


def test_side_by_side():
    """Each tells all, and goes on when another ends."""
    ours = ("-e", "process_execute_failed", "-o", "json", "-f", "path=/no/such/side/*")
    with Tracer(*ours) as one, Tracer(*ours) as two:
        fail_to_start("/no/such/side/a")
        for t in (one, two):
            expect('"missing_directory"' in t.line_with('"/no/such/side/a"'), "without a cause")
        done = one.end()
        expect(done.status == 0 and not done.complaints, done)
        fail_to_start("/no/such/side/b")
        expect('"missing_directory"' in two.line_with('"/no/such/side/b"'), "without a cause")
        done = two.end()
        expect(done.status == 0 and not done.complaints, done)


def test_duration():
    done = run("-d", "200ms", "-e", "process_execute_failed", "-o", "json")
    expect(done.status == 0 and not done.complaints, done)


def test_duration_with_command():
    done = run("-d", "50ms", "-e", "process_execute_failed", "-o", "json", "--", "sh", "-c", "sleep 0.3; /no/such/late; exit 5")
    expect(done.status == 5 and not done.complaints, done)


def test_write_to_file():
    path = write("out", "what was there before\n", mode=0o600)
    done = run("-e", "process_execute_failed", "-o", "json", "-w", path, "--", "sh", "-c", "echo mine; /no/such; true")
    expect(done.status == 0 and done.out == "mine\n", done)
    with open(path, encoding="utf-8") as file:
        events = [json.loads(line) for line in file]
    expect([event["path"] for event in events] == ["/no/such"], events)


def test_write_makes_private_file():
    path = inside("new")
    old = os.umask(0)
    try:
        run("-w", path, "--", "true")
    finally:
        os.umask(old)
    expect(stat.S_IMODE(os.stat(path).st_mode) == 0o600, oct(os.stat(path).st_mode))


def test_write_to_stdout():
    done = run("-e", "process_execute_failed", "-o", "json", "-w", "-", "--", "sh", "-c", "/no/such; true")
    expect(len(done.events) == 1, done)


def test_write_follows_nobody():
    """Where everybody may make files, a link there may be anybody's."""
    shared, target = inside("shared"), write("target", "precious\n")
    os.mkdir(shared)
    os.chmod(shared, 0o1777)
    os.symlink(target, f"{shared}/out")
    one_line(run("-w", f"{shared}/out", "--", "true"), 1, "cannot write to")
    with open(f"{shared}/others", "w", encoding="utf-8"):
        os.chown(f"{shared}/others", 65534, 65534)
    one_line(run("-w", f"{shared}/others", "--", "true"), 1, "cannot write to")
    with open(target, encoding="utf-8") as file:
        expect(file.read() == "precious\n", "it was written to")
    # One's own directory is one's own affair.
    os.symlink(target, inside("link"))
    expect(run("-e", "process_execute_failed", "-o", "json", "-w", inside("link"), "--", "/no/such").status == 127, "a link of one's own")


def test_write_where_it_cannot():
    one_line(run("-w", inside("none/out"), "--", "true"), 1, "cannot write to", "No such file")
    one_line(run("-w", inside("."), "--", "true"), 1, "cannot write to")


def test_max_size():
    """No more is written, and no line cut; what comes then is counted, and COMMAND goes on."""
    path = inside("bounded")
    script = "i=0; while [ $i -lt 30 ]; do /no/such; i=$((i + 1)); done 2>/dev/null; echo to its end"
    done = run("-e", "process_execute_failed", "-o", "json", "--no-env", "-w", path, "--max-size", "10K", "--", "sh", "-c", script)
    with open(path, encoding="utf-8") as file:
        written = [json.loads(line) for line in file]
    expect(0 < len(written) < 30 and os.path.getsize(path) <= 10240, len(written))
    expect(f"{path} has reached --max-size" in done.err and done.out == "to its end\n" and done.status == 0, done)
    said = f"execfail: {len(written)} events, {30 - len(written)} beyond --max-size, 0 lost"
    expect(said in done.err and done.err.count("has reached") == 1, done)
    for options in ([], ["--summary=errno"]):
        run(*options, "-w", path, "--max-size", "50", "--", "sh", "-c", "/no/such; true")
        expect(os.path.getsize(path) <= 50, options, os.path.getsize(path))
    one_line(run("--max-size", "10K"), USAGE, "-w")
    one_line(run("-w", path, "--max-size", "ten"), USAGE, "'ten' is not a size")


def test_write_appends_to_what_was_truncated():
    """As by logrotate's copytruncate: no hole is left at its beginning."""
    path = inside("rotated")
    with Tracer("-e", "process_execute_failed", "-o", "json", "-w", path) as t:
        for name in ("/no/such/one", "/no/such/two"):
            fail_to_start(name)
            while name not in open(path, encoding="utf-8").read():
                os.sched_yield()
            os.truncate(path, 0)
        fail_to_start("/no/such/three")
        t.end()
    with open(path, "rb") as file:
        expect(file.read(1) == b"{", "a hole")


def wait_for(path, words=""):
    """Until it is there, and has them."""
    while not os.path.exists(path) or words not in open(path, encoding="utf-8").read():
        os.sched_yield()


def paths_in(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line)["path"] for line in file]


def test_write_opens_again():
    """As after logrotate's rename: the moved file keeps what had come, the new one is as private, and what is there is not emptied."""
    path = inside("log")
    with Tracer("-f", "path=/no/such*", "-o", "json", "-w", path) as t:
        for number in (1, 2):
            fail_to_start(f"/no/such/{number}")
            wait_for(path, f"/no/such/{number}")
            os.rename(path, f"{path}.{number}")
            t.process.send_signal(signal.SIGUSR1)
            wait_for(path)
        fail_to_start("/no/such/3")
        wait_for(path, "/no/such/3")
        t.process.send_signal(signal.SIGUSR1)
        fail_to_start("/no/such/4")
        done = t.end()
    expect(paths_in(f"{path}.1") == ["/no/such/1"] and paths_in(f"{path}.2") == ["/no/such/2"], done)
    expect(paths_in(path) == ["/no/such/3", "/no/such/4"], done)
    expect(stat.S_IMODE(os.stat(path).st_mode) == 0o600 and not done.complaints and done.status == 0, done)


def test_write_opens_again_with_head():
    path = inside("rows")
    with Tracer("-w", path) as t:
        wait_for(path, "STARTED BY")
        os.rename(path, f"{path}.1")
        t.process.send_signal(signal.SIGUSR1)
        wait_for(path, "STARTED BY")
        t.end()


def test_write_cannot_open_again():
    """Then the file that is open is as good as before."""
    path = inside("gone/log")
    os.mkdir(inside("gone"))
    with Tracer("-f", "path=/no/such*", "-o", "json", "-w", path) as t:
        os.rename(inside("gone"), inside("moved"))
        t.process.send_signal(signal.SIGUSR1)
        t.says(f"cannot open {path} again, and goes on in the one that is open: No such file or directory")
        fail_to_start("/no/such")
        done = t.end()
    expect(paths_in(inside("moved/log")) == ["/no/such"] and done.status == 0, done)


def test_nothing_to_open_again():
    with Tracer("-f", "path=/no/such*", "-o", "json") as t:
        t.process.send_signal(signal.SIGUSR1)
        fail_to_start("/no/such/after")
        t.line_with("/no/such/after")
        done = t.end()
    expect(done.status == 0 and not done.complaints, done)
