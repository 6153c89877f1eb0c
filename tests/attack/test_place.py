# SPDX-License-Identifier: GPL-2.0-only
"""What is looked at is what the kernel saw, and nothing is followed out of the caller's world."""
import os

from attack import event_of, fail, in_child, watch
from harness import expect, fail_to_start, inside, write

def test_descriptor_used_again():
    """One number is four files in turn."""
    makers = {"text": (0o755, "ENOEXEC"), "plain": (0o644, "EACCES"), "script": (0o755, "ENOENT"), "folder": (0o755, "EACCES")}
    for name, (mode, _) in makers.items():
        if name == "folder":
            os.mkdir(inside(name), mode)
        else:
            write(name, "#!/no/interpreter\n" if name == "script" else "no program\n", mode)

    def act():
        for turn in range(50):
            for name in makers:
                fd = os.open(inside(name), os.O_RDONLY)
                fail(fd, str(turn), name)
                os.close(fd)

    with watch() as t:
        in_child(act)
        for turn in range(50):
            for name, (_, errno) in makers.items():
                event = event_of(t, path="", syscall="execveat")
                expect(event["arguments"][1:] == [str(turn), name] and event["errno"] == errno, event)
                others = [other for other in makers if other != name and inside(other) in str(event)]
                expect(not others, f"{name}, and told of {others}:", event)


def test_map_files_untouched():
    """Looking a name up there waits for the caller's memory."""
    with watch() as t:
        fail_to_start("/proc/self/map_files/1000-2000/x")
        event = event_of(t, path="/proc/self/map_files/1000-2000/x")
        expect(event["errno"] in ("ENOENT", "ENOTDIR", "EACCES"), event)
