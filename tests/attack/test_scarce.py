# SPDX-License-Identifier: GPL-2.0-only
"""Memory that a user takes until there is none."""
import contextlib
import os
import pathlib
import re
import subprocess

from attack import unified
from harness import NOBODY, Skip, Tracer, expect, inside, read, write
from test_privileges import descendants
from test_silence import Attack, victims

OURS = ("-e", "process_execute_failed", "-o", "json", "-f", "path~^/no/")
LIMIT = 32 << 20
NOT_BEFORE_OTHERS = "-999"
ENDED = re.compile("(?m)^oom_kill ([0-9]+)$")
GROUPS_1 = pathlib.Path("/sys/fs/cgroup/memory")


def crew(tracer):
    """All of its processes, whatever they have started."""
    pids = [tracer.process.pid, *descendants(tracer.process.pid)]
    return [pid for pid in pids if os.readlink(f"/proc/{pid}/exe") == os.readlink(f"/proc/{tracer.process.pid}/exe")]


def memory_end(pid):
    return pathlib.Path(f"/proc/{pid}/oom_score_adj").read_text(encoding="utf-8").strip()


def may_be_last():
    pid = os.fork()
    if not pid:
        with contextlib.suppress(OSError):
            pathlib.Path("/proc/self/oom_score_adj").write_text(NOT_BEFORE_OTHERS, encoding="utf-8")
            os._exit(0)
        os._exit(1)
    if not os.waitpid(pid, 0)[1]:
        return
    raise Skip("root may not, as there is no CAP_SYS_RESOURCE; in guests it is seen")


def test_not_before_others():
    """Each of its processes, and not the command, which ends as others do."""
    may_be_last()
    with Tracer(*OURS, "-w", inside("rows"), "--", "cat", "/proc/self/oom_score_adj", "-", stdin=subprocess.PIPE) as t:
        its_own = read(t.process.stdout.fileno()).decode().strip()
        ends = [memory_end(pid) for pid in crew(t)]
        expect(len(ends) >= 3 and set(ends) == {NOT_BEFORE_OTHERS}, ends)
        expect(its_own == memory_end(os.getpid()), "the command's:", its_own)
        t.process.stdin.close()
        t.process.stdin = None
        done = t.end(0)
    expect(done.status == 0 and not done.complaints, done)


@contextlib.contextmanager
def limited():
    """A group that has no more memory than that."""
    path = GROUPS_1 if GROUPS_1.is_dir() else unified()
    path = path / "execfail-memory"
    path.mkdir()
    try:
        limits = [path / name for name in ("memory.limit_in_bytes", "memory.max")]
        limits = [limit for limit in limits if limit.exists()]
        if not limits:
            raise Skip("this kernel limits no group's memory")
        limits[0].write_text(str(LIMIT), encoding="utf-8")
        yield path
    finally:
        path.rmdir()


def ended_for_memory(group):
    """How many were."""
    text = "".join((group / name).read_text(encoding="utf-8") for name in ("memory.oom_control", "memory.events") if (group / name).exists())
    return sum(map(int, ENDED.findall(text)))


def enter(group, pid="0"):
    (group / "cgroup.procs").write_text(str(pid), encoding="utf-8")


def test_many_small_ones():
    """None of which is the largest, as the kernel ends that."""
    may_be_last()
    with limited() as group, Tracer(*OURS) as t:
        for pid in crew(t):
            enter(group, pid)
        command = write("enter", f'#!/bin/sh\necho $$ >{group}/cgroup.procs\nexec "$@"\n', 0o755)
        before = crew(t)
        with Attack("memory", user=f"{command} {NOBODY}") as attack:
            victims(t, attack.name)
            if not ended_for_memory(group):
                raise Skip("what limits memory here limits nothing")
            expect(crew(t) == before, crew(t), before)
        done = t.end()
    expect(done.status == 0 and not done.complaints, done)
