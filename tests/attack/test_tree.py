# SPDX-License-Identifier: GPL-2.0-only
"""A directory that somebody hands over for execfail check is his, and hostile."""
import contextlib
import ctypes
import os
import platform
import struct
import subprocess

from attack import USER, group
from harness import Skip, expect, inside, run, write

OPENAT2, EPERM = 437, 1
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
ID = "fedcba9876543210" * 4


def tree(name):
    """It looks like the root of a machine, and has one program, which could not start there."""
    for folder in "usr", "etc", "bin":
        os.makedirs(inside(f"{name}/{folder}"))
    write(f"{name}/bin/x", "#!/no/interpreter\n")
    return inside(name)


def found_one(done):
    expect(done.status == 1 and "interpreter_missing" in done.out and "1 of 1 programs" in done.err, done)


def test_pipes():
    """Who opens one waits until somebody writes to it."""
    top = tree("pipes")
    os.mkfifo(f"{top}/bin/sh", 0o755)
    os.mkfifo(f"{top}/pipe", 0o755)
    found_one(run("check", top))


def test_name_of_the_tree():
    """That of the directory itself is somebody's as well."""
    done = run("check", tree("a\x1b]0;title\x07"))
    found_one(done)
    expect("\x1b" not in done.out + done.err, done)


def test_links_out_of_it():
    """Files and directories that lead to another's are not of the tree, and no other machine's shell is its shell."""
    top = tree("links")
    os.mkdir(inside("other"), 0o700)
    write("other/y", "#!/no/other\n")
    os.symlink(inside("other"), f"{top}/folder")
    os.symlink(inside("other/y"), f"{top}/bin/y")
    os.symlink("/bin/sh", f"{top}/bin/sh")
    found_one(run("check", top))


def test_holes_and_depth():
    """Files that are larger than any disk, and directories deeper than any path."""
    top = tree("holes")
    with open(write("holes/bin/huge", "\x7fELF"), "r+b") as file:
        file.truncate(1 << 42)
    here_now, depth = os.getcwd(), 600
    os.chdir(top)
    try:
        for _ in range(depth):
            os.mkdir("d")
            os.chdir("d")
        done = run("check", top)
    finally:
        for _ in range(depth):
            os.chdir("..")
            os.rmdir("d")
        os.chdir(here_now)
    expect(done.status == 1 and "bin/huge: " in done.out and "1 directories could not be looked into" in done.err, done)


def without_openat2():
    """As the filter of an old container manager has it."""

    def instruction(code, jump_true, jump_false, k):
        return struct.pack("HBBI", code, jump_true, jump_false, k)

    steps = instruction(0x20, 0, 0, 0) + instruction(0x15, 0, 1, OPENAT2) + instruction(0x06, 0, 0, 0x50000 | EPERM)
    steps += instruction(0x06, 0, 0, 0x7FFF0000)
    room = ctypes.create_string_buffer(steps)
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, struct.pack("HxxxxxxQ", len(steps) // 8, ctypes.addressof(room)), 0, 0):
        raise OSError(ctypes.get_errno(), "seccomp")


def test_without_openat2():
    """Then each name on the way is walked by itself: nothing is followed there either, and nothing passed over."""
    if platform.architecture()[0] != "64bit":
        raise Skip("the filter is for 64 bits")
    top = tree("old")
    os.mkdir(inside("other"), 0o700)
    write("other/y", "#!/no/other\n")
    os.symlink(inside("other"), f"{top}/folder")
    found_one(run("check", top, preexec_fn=without_openat2))


@contextlib.contextmanager
def waits_in(path, root):
    with subprocess.Popen(["/bin/wait"], stdin=subprocess.PIPE, preexec_fn=lambda: os.chroot(root)) as there:
        try:
            (path / "cgroup.procs").write_text(str(there.pid), encoding="utf-8")
            yield
        finally:
            there.stdin.close()
            there.wait()


def test_container_of_a_user():
    """explain --container: whoever calls a group of his own like another's container is not it, though he was there first."""
    program = ["gcc", "-static", "-x", "c", "-", "-o"]
    for name in "his", "real":
        os.makedirs(inside(f"{name}/bin"))
        source = "#include <unistd.h>\nint main(void) { char c; return read(0, &c, 1) < 0; }"
        subprocess.run([*program, inside(f"{name}/bin/wait")], input=source, text=True, check=True)
    os.rename(inside("real/bin/wait"), inside("real/bin/tool"))
    os.link(inside("real/bin/tool"), inside("real/bin/wait"))
    own = f"user.slice/user-{USER}.slice/user@{USER}.service/docker-{ID}.scope"
    with group(own) as first, group(f"system.slice/docker-{ID}.scope") as second:
        with waits_in(first, inside("his")), waits_in(second, inside("real")):
            done = run("explain", "--container", ID[:12], "/bin/tool")
    expect(done.status == 0 and done.out == "/bin/tool would start\n", done)
