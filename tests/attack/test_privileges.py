# SPDX-License-Identifier: GPL-2.0-only
"""What each process may do, by what the kernel says of it."""
import contextlib
import ctypes
import os
import pathlib
import resource
import signal
import subprocess

from attack import USER, in_child
from harness import NOBODY, Skip, Tracer, copy_for_nobody, expect, finish, here, inside, one_line, paths, read, run, shell, tracefs

OURS = ("-f", "path~^/no/")  # others fail meanwhile, in floods

CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_KILL, CAP_SYS_PTRACE, CAP_AUDIT_READ = 1, 2, 5, 19, 37
PTRACE_SEIZE = 0x4206
LOOKS = 1 << CAP_DAC_READ_SEARCH | 1 << CAP_SYS_PTRACE


def children(pid):
    """None of one that has ended meanwhile."""
    try:
        return [int(child) for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def descendants(pid):
    """All that a process started and that are there."""
    for child in children(pid):
        yield child
        yield from descendants(child)


def status_of(pid, name):
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return next(line.split(":", 1)[1].split() for line in text.splitlines() if line.startswith(name + ":"))


def confined(pid, starter):
    """One that has only been started still has what the starter has, with its filter alone."""
    while status_of(pid, "Seccomp_filters") == status_of(starter, "Seccomp_filters"):
        os.sched_yield()
    return pid


def crew(tracer):
    """Reader, starter, workers; the last are there once an event has been looked into, at least one of them."""
    reader = tracer.process.pid
    shell("/no/such/crew")
    tracer.line_with('"/no/such/crew"')
    starter = children(reader)[0]
    return reader, starter, [confined(worker, starter) for worker in descendants(starter)]


def check(pid, what, capabilities, own_user):
    for name in ("CapEff", "CapPrm"):
        expect(int(status_of(pid, name)[0], 16) == capabilities, what, name, status_of(pid, name))
    for name in ("CapInh", "CapAmb"):
        expect(int(status_of(pid, name)[0], 16) == 0, what, name, status_of(pid, name))
    expect(status_of(pid, "NoNewPrivs") == ["1"], what, "may gain privileges")
    expect(status_of(pid, "Seccomp") == ["2"], what, "has no filter of system calls")
    uids = [int(uid) for uid in status_of(pid, "Uid")]
    expect((0 not in uids) == own_user, what, "is user", uids)
    if own_user:
        expect(0 not in map(int, status_of(pid, "Gid")) and not status_of(pid, "Groups"), what, "has groups")


def test_kept():
    with Tracer("-e", "process_execute_failed", "-o", "json", *OURS) as t:
        reader, starter, workers = crew(t)
        check(reader, "the reader", 0, True)
        check(starter, "the starter", LOOKS | 1 << CAP_KILL | 1 << CAP_AUDIT_READ, False)
        expect(workers, "there are no workers")
        for worker in workers:
            check(worker, "a worker", LOOKS, False)
            expect(int(status_of(worker, "Uid")[3]), "a worker owns what root owns")
        done = t.end()
    expect(done.status == 0 and not done.complaints, done)


def test_descriptors():
    """Only the reader has the kernel's programs, and what was open when execfail was started."""
    fifo = inside("fifo")
    os.mkfifo(fifo)
    open_too = os.open(fifo, os.O_RDWR)
    with Tracer("-e", "process_execute_failed", "-o", "json", *OURS, pass_fds=[open_too]) as t:
        _, starter, workers = crew(t)
        for pid in (starter, *workers):
            for fd in pathlib.Path(f"/proc/{pid}/fd").iterdir():
                target = os.readlink(fd)
                expect("bpf" not in target and "pipe:" not in target and target != fifo, pid, fd, target)
                expect(target == "/" or int(fd.name) > 2, pid, fd, target)
        t.end()
    os.close(open_too)


def wait_for(path):
    while not (os.path.exists(path) and os.path.getsize(path)):
        os.sched_yield()


def test_opener():
    """Who opens the file of -w again, before it has done so and afterwards: it may open files, and has nothing but a socket."""
    rows = inside("rows")
    with Tracer("-w", rows) as t:
        wait_for(rows)
        _, opener = children(t.process.pid)
        for again in (False, True):
            if again:
                os.rename(rows, f"{rows}.1")
                t.process.send_signal(signal.SIGUSR1)
                wait_for(rows)
            check(opener, "the opener", 1 << CAP_DAC_OVERRIDE, False)
            fds = {int(fd.name): os.readlink(fd) for fd in pathlib.Path(f"/proc/{opener}/fd").iterdir()}
            others = [target for fd, target in fds.items() if fd > 2]
            expect(len(others) == 1 and others[0].startswith("socket:"), "the opener has", fds)
            expect({target for fd, target in fds.items() if fd <= 2} == {"/"}, "the opener has", fds)
        done = t.end()
    expect(done.status == 0 and not done.complaints, done)


def test_opener_waits():
    """For that file it may have to wait. Nobody else does: what fails meanwhile goes to where it went before."""
    rows = inside("rows")
    with Tracer("-f", "path=/no/such*", "-o", "json", "-w", rows) as t:
        shell("/no/such/0")
        wait_for(rows)
        opener = children(t.process.pid)[1]
        os.kill(opener, signal.SIGSTOP)
        os.rename(rows, f"{rows}.1")
        t.process.send_signal(signal.SIGUSR1)
        shell("/no/such/1")
        while '"/no/such/1"' not in pathlib.Path(f"{rows}.1").read_text():
            os.sched_yield()
        os.kill(opener, signal.SIGCONT)
        while not os.path.exists(rows):
            os.sched_yield()
        shell("/no/such/2")
        wait_for(rows)
        os.kill(opener, signal.SIGSTOP)
        t.process.send_signal(signal.SIGUSR1)
        done = t.end()
        os.kill(opener, signal.SIGCONT)
        gone([opener])
    expect(done.status == 0 and not done.complaints, done)


SYS_PIDFD_OPEN, SYS_PIDFD_GETFD = 434, 438
libc = ctypes.CDLL(None, use_errno=True)


def need(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), "")


def take_descriptor(pid):
    pidfd = libc.syscall(SYS_PIDFD_OPEN, pid, 0)
    need(pidfd)
    need(libc.syscall(SYS_PIDFD_GETFD, pidfd, 3, 0))


def write_to(name):
    def act(pid):
        with open(f"/proc/{pid}/{name}", "w", encoding="utf-8") as file:
            file.write("1")

    return act


SEES_MEMORY = {
    "trace": lambda pid: need(libc.ptrace(PTRACE_SEIZE, pid, None, None)),
    "read memory": lambda pid: os.open(f"/proc/{pid}/mem", os.O_RDONLY),
    "list memory": lambda pid: pathlib.Path(f"/proc/{pid}/maps").read_bytes(),
    "read the environment": lambda pid: pathlib.Path(f"/proc/{pid}/environ").read_bytes(),
    "list descriptors": lambda pid: os.listdir(f"/proc/{pid}/fd"),
    "take a descriptor": take_descriptor,
}
HARMS = {
    "stop": lambda pid: os.kill(pid, signal.SIGSTOP),
    "kill": lambda pid: os.kill(pid, signal.SIGKILL),
    "limit": lambda pid: resource.prlimit(pid, resource.RLIMIT_CPU, (0, 0)),
    "make nicer": lambda pid: os.setpriority(os.PRIO_PROCESS, pid, 19),
    "bind to a processor": lambda pid: os.sched_setaffinity(pid, {0}),
    "choose for the memory's end": write_to("oom_score_adj"),
    "forget pages": write_to("clear_refs"),
}


def succeeds(user, pids, attempts):
    """What that user could do to whom."""
    ours, theirs = os.pipe()

    def act():
        for name, attempt in attempts.items():
            for pid in pids:
                with contextlib.suppress(OSError):
                    attempt(pid)
                    os.write(theirs, f"{name} {pid}\n".encode())

    in_child(act, user)
    os.close(theirs)
    with open(ours, encoding="utf-8") as said:
        return said.read()


def test_nobody_else_may():
    """No other user has power over any of its processes, nor sees into them. Nor does who has the reader's user see into it."""
    with Tracer("-e", "process_execute_failed", "-o", "json", "-w", inside("rows"), *OURS) as t:
        pids = [t.process.pid, *descendants(t.process.pid)]
        expect(not succeeds(USER, pids, SEES_MEMORY | HARMS), succeeds(USER, pids, SEES_MEMORY | HARMS))
        reader = int(status_of(t.process.pid, "Uid")[0])
        expect(not succeeds(reader, pids, SEES_MEMORY), succeeds(reader, pids, SEES_MEMORY))
        expect(not succeeds(reader, pids[1:], HARMS), "to those that are another user")
        done = t.end()
    expect(done.status == 0 and not done.complaints, done)


def test_own_user_sees_nothing():
    """Who started it with capabilities may end it; what it holds he has no more of than if it had been root's."""
    copy_for_nobody()
    kept = ",".join(f"+{c}" for c in ("bpf", "perfmon", "sys_ptrace", "dac_read_search"))
    mount = "mountpoint -q /sys/kernel/tracing || mount -t tracefs tracefs /sys/kernel/tracing"
    start = f'{mount}; exec {NOBODY} --inh-caps={kept} --ambient-caps={kept} {inside("execfail")} -o json -f "path~^/no/"'
    process = subprocess.Popen(["unshare", "-m", "sh", "-c", start], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        said = b""
        while b"watching" not in said:
            piece = read(process.stderr.fileno())
            if not piece:
                raise Skip(said.decode())
            said += piece
        pids = []
        while len(pids) < 3:  # reader, starter, a worker
            os.sched_yield()
            pids = [process.pid, *descendants(process.pid)]
        expect(not succeeds(USER, pids, SEES_MEMORY), succeeds(USER, pids, SEES_MEMORY))
    finally:
        process.kill()
        process.communicate()


def test_doctor_says():
    done = run("--doctor")
    for words in ("reader: ", "keeps no capability", "starter: ", "worker: ", "CAP_SYS_PTRACE", "CAP_DAC_READ_SEARCH"):
        expect(words.lower() in done.out.lower(), words, done)


def ambient(capabilities, arguments):
    copy_for_nobody()
    return tracefs(f'exec {NOBODY} --inh-caps={capabilities} --ambient-caps={capabilities} "$FOLDER/execfail" {arguments}')


def test_one_needed_missing():
    """Without one of those that tracing needs it cannot begin, and says which."""
    for missing, name in (("bpf", "CAP_BPF"), ("perfmon", "CAP_PERFMON")):
        others = ",".join(f"+{c}" for c in ("bpf", "perfmon", "sys_ptrace", "dac_read_search") if c != missing)
        one_line(ambient(others, '-e process_execute_failed -o json -- sh -c "exit 3"'), 1, f"there is no {name}:")


def test_one_missing():
    """Of those that looking needs: it goes on, and says which."""
    for missing, name in (("sys_ptrace", "CAP_SYS_PTRACE"), ("dac_read_search", "CAP_DAC_READ_SEARCH")):
        others = ",".join(f"+{c}" for c in ("bpf", "perfmon", "sys_ptrace", "dac_read_search") if c != missing)
        done = ambient(others, '-e process_execute_failed -o json -- sh -c "/no/such; exit 3"')
        expect(name in done.complaints[0], missing, done)
        # Without tracefs, which is root's, nothing can be attached where there is nothing but tracepoints.
        if "cannot be attached" not in done.err:
            expect(done.status == 3 and paths(done, "/no/such") == ["/no/such"], missing, done)
            expect(len(done.complaints) == 1, missing, done)


def test_root_of_a_container():
    """Who may not become another user stays root, says so, and gives up the rest."""
    kept = ",".join(f"+{c}" for c in ("bpf", "perfmon", "sys_ptrace", "dac_read_search", "sys_admin"))
    bounded = ("setpriv", f"--bounding-set=-all,{kept}")
    done = finish([*bounded, here.program, "-e", "process_execute_failed", "-o", "json", "--", "sh", "-c", "/no/such; exit 3"])
    expect(done.status == 3 and paths(done, "/no/such") == ["/no/such"], done)
    expect(len(done.complaints) == 2, done)
    for line, name in zip(done.complaints, ("CAP_SETUID", "CAP_SETGID")):
        expect(name in line, name, done)


def few_descriptors():
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (20, most))


def test_few_descriptors():
    """As many as it may have it takes; COMMAND has what it was given."""
    done = run("-e", "process_execute_failed", "-o", "json", "--", "sh", "-c", "/no/such; ulimit -n; exit 3", preexec_fn=few_descriptors)
    expect(done.status == 3 and not done.complaints and "20" in done.out.splitlines(), done)
    expect([e["reason"] for e in done.events] == ["missing_directory"], done)


# --- ended at any point


def gone(pids):
    """Each of them, or dead and not yet waited for."""
    for pid in pids:
        while os.path.exists(f"/proc/{pid}") and status_of(pid, "State")[0] != "Z":
            pass
    return True


def test_worker_killed():
    with Tracer("-e", "process_execute_failed", "-o", "json", *OURS) as t:
        _, _, workers = crew(t)
        for worker in workers:
            os.kill(worker, signal.SIGKILL)
        t.says("another one goes on")
        while '"missing_directory"' not in (shell("/no/such/one") and t.line_with('"/no/such/one"')):
            pass
        done = t.end()
    expect(done.status == 0, done)


def test_starter_killed():
    with Tracer("-e", "process_execute_failed", "-o", "json", *OURS) as t:
        reader, starter, workers = crew(t)
        # The workers go with it, and whichever the reader hears of first is not to be told as something else.
        os.kill(reader, signal.SIGSTOP)
        os.kill(starter, signal.SIGKILL)
        gone(workers)
        os.kill(reader, signal.SIGCONT)
        status = t.wait()
        done = t.end(0)
    expect(status == 1 and len(done.complaints) == 1 and "was killed" in done.complaints[0], done)


def test_reader_killed():
    with Tracer("-e", "process_execute_failed", "-o", "json", *OURS) as t:
        _, starter, workers = crew(t)
        t.process.kill()
        t.wait()
        gone([starter, *workers])


def test_stopped():
    """A worker or a starter that is stopped costs a cause, and holds nobody up."""
    with Tracer("-e", "process_execute_failed", "-o", "json", *OURS) as t:
        _, starter, workers = crew(t)
        for pid in (starter, *workers):
            os.kill(pid, signal.SIGSTOP)
        for i in range(4):
            shell(f"/no/stopped/{i}")
        for i in range(4):
            t.out_with(f'"/no/stopped/{i}"')
        # Nor at the end.
        done = t.end()
        for pid in (starter, *workers):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
        gone([starter, *workers])
    expect(done.status == 0, done)
