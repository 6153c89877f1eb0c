# SPDX-License-Identifier: GPL-2.0-only
"""Names that a user gives to his own groups say nothing of what others have."""
import ctypes
import os

from attack import USER, event_of, fail, group, in_child, watch
from harness import Skip, expect

CLONE_NEWNS = 0x20000
MANAGER = "user.slice/user-65534.slice/user@65534.service"
ID = "0123456789abcdef" * 4


def failing_in(name, *, own_mounts=False):
    """The event of who is in a group of that name."""

    def act():
        (path / "cgroup.procs").write_text("0", encoding="utf-8")
        if own_mounts and ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNS):
            return
        os.setresuid(USER, USER, USER)
        fail("/no/such")

    with group(name) as path, watch() as t:
        in_child(act, uid=0)
        return event_of(t, path="/no/such", uid=USER)


def test_unit_of_his_own():
    """A service that is called as one of the system's."""
    event = failing_in(f"{MANAGER}/app.slice/sshd.service/nginx.service")
    expect(event["unit"] == "user@65534.service" and event["user_unit"] == "sshd.service", event)
    expect("nginx" not in event["hint"], event)


def test_container_of_his_own():
    """A group that is called as a container's, below his own manager."""
    event = failing_in(f"{MANAGER}/app.slice/docker-{ID}.scope", own_mounts=True)
    expect(event["unit"] == "user@65534.service", event)
    expect(event["container"] == {"id": ID, "runtime": "docker", "delegated_to": USER}, event)


def forged(depth):
    """Told of who is that deep below a group of his that is called as the system's."""
    event = failing_in(f"{MANAGER}/system.slice/sshd.service/kubepods/docker-{ID}.scope" + "/x" * depth, own_mounts=True)
    expect("cgroup" in event["truncated"], event)
    return event


def test_deep():
    """What is outermost counts, however many groups he makes, of which not all are told."""
    for depth in (29, 100):
        event = forged(depth)
        expect(event["unit"] == "user@65534.service" and event["container"]["delegated_to"] == USER, depth, event)


def test_deeper():
    """More than anybody looks through: then nothing is said, if he has gone by then."""
    event = forged(300)
    expect(event["unit"] in ("user@65534.service", None), event)
    expect(not event["container"] or event["container"]["delegated_to"] == USER, event)


def test_container_in_a_container():
    """Inside of one that is the system's, the name is not another's."""
    event = failing_in(f"system.slice/docker-{ID}.scope/docker/{ID[::-1]}", own_mounts=True)
    expect(event["container"] == {"id": ID, "runtime": "docker", "delegated_to": None}, event)


def test_container_without_a_world():
    """Whoever sees what the first process sees is in none."""
    try:
        os.readlink("/proc/1/ns/mnt")
    except OSError as error:
        raise Skip(f"the first process is not shown: {error.strerror}") from error
    event = failing_in(f"system.slice/docker-{ID}.scope")
    expect(event["container"] is None and event["unit"] == f"docker-{ID}.scope", event)
