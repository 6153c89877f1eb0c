# SPDX-License-Identifier: GPL-2.0-only
"""Who floods, floods itself out. While execfail is stopped it reads nothing: how full its buffer is does not depend on who is faster."""
import os
import signal

from attack import USER, fail, group, in_child, stopped, watch
from harness import expect

VICTIM = USER - 1
VICTIMS = 50
FLOODERS = 4
LONG = "x" * 8000  # soon the buffer is full
BUFFER = 4 << 20
FITS = BUFFER * 3 // 4 // (len(LONG) + 2000)
OURS = ("-f", "path~^/no/share/", "--all")


def fails(name, count, *args):
    for i in range(count):
        fail(f"/no/share/{name}/{i}", *args)


def flood(count, flooders):
    """Of one user, by several processes at once."""

    def act():
        for number in range(flooders):
            if not os.fork():
                fails(number, count, LONG)
                os._exit(0)
        for _ in range(flooders):
            os.wait()

    in_child(act)


def of(events, name):
    return [event for event in events if event.get("path", "").startswith(f"/no/share/{name}")]


def lost(events):
    """By reason."""
    counts = {}
    for event in events:
        if event["event"] == "lost":
            counts[event["reason"]] = counts.get(event["reason"], 0) + event["count"]
    return counts


def watched(act, transport):
    """All that was told of what it does while nothing is read."""
    # Perf buffers are one for each processor: it does it on one.
    size, cpus = BUFFER, os.sched_getaffinity(0)
    if transport == "perfbuf":
        size *= os.cpu_count()
    with watch(*OURS, f"--transport={transport}", f"--buffer={size >> 10}K") as t:
        try:
            if transport == "perfbuf":
                os.sched_setaffinity(0, {min(cpus)})
            with stopped(t):
                act()
        finally:
            os.sched_setaffinity(0, cpus)
        done = t.end(signal.SIGINT)
    expect(done.status == 0 and not done.complaints, done)
    return done.events


def check_victim(transport):
    def act():
        flood(FITS, FLOODERS)
        in_child(lambda: fails("victim", VICTIMS), VICTIM)

    events = watched(act, transport)
    shown, counts = len(of(events, "")), lost(events)
    expect(len(of(events, "victim")) == VICTIMS, "of the victim's events came", len(of(events, "victim")), counts)
    # Nor do they get vaguer: nobody else's flood takes the time to look into them.
    expect({event["reason"] for event in of(events, "victim")} == {"missing_directory"}, of(events, "victim")[-1])
    expect(set(counts) == {"over_share"}, counts)
    expect(shown + counts["over_share"] == FITS * FLOODERS + VICTIMS, shown, counts)


def test_victim_ringbuf():
    check_victim("ringbuf")


def test_victim_perfbuf():
    check_victim("perfbuf")


def check_alone(transport):
    """A flood that fits loses nothing."""
    events = watched(lambda: flood(FITS, 1), transport)
    expect(len(of(events, "0")) == FITS and not lost(events), len(events), lost(events))


def test_alone_ringbuf():
    check_alone("ringbuf")


def test_alone_perfbuf():
    check_alone("perfbuf")


def in_group(path, act, user=USER):
    def enter():
        (path / "cgroup.procs").write_text("0", encoding="utf-8")
        os.setresuid(user, user, user)
        act()

    in_child(enter, uid=0)


def check_groups(flooder, same, other):
    """All of one user: `same` has no share beside the flooder's, `other` has."""
    with group(f"{flooder}/1") as flooding, group(same) as in_same, group(other) as in_other:

        def act():
            in_group(flooding, lambda: fails("flood", 2 * FITS, LONG))
            in_group(in_same, lambda: fails("same", VICTIMS, LONG))
            in_group(in_other, lambda: fails("victim", VICTIMS))

        events = watched(act, "ringbuf")
    expect(len(of(events, "victim")) == VICTIMS and not of(events, "same"), len(of(events, "victim")), lost(events))
    expect(lost(events) == {"over_share": 2 * FITS + VICTIMS - len(of(events, "flood"))}, lost(events))


def test_share_of_unit():
    """Who was given a group may make as many in it as he likes: they are one."""
    check_groups("share.slice/flooder.service", "share.slice/flooder.service/2", "share.slice/victim.service")


def test_share_of_pod():
    """What is below the quality of service is a pod."""
    pods = "kubepods-share.slice/kubepods-besteffort.slice"
    check_groups(f"{pods}/pod-flooder.slice", f"{pods}/pod-flooder.slice/2", f"{pods}/pod-victim.slice")


def test_share_of_many_numbers():
    """
    The numbers that a user is given for his namespaces are his outside as well, by files that are set-uid to them: all that runs in
    his session is one.
    """
    numbers = range(100000, 100064)
    with group(f"user.slice/user-{USER}.slice/session-1.scope") as session:

        def act():
            for number in numbers:
                in_group(session, lambda: fails("flood", FITS // 4, LONG), number)
            in_child(lambda: fails("victim", VICTIMS), VICTIM)

        events = watched(act, "ringbuf")
    expect(len(of(events, "victim")) == VICTIMS, len(of(events, "victim")), lost(events))
    expect(set(lost(events)) == {"over_share"}, lost(events))
