# SPDX-License-Identifier: GPL-2.0-only
"""What is looked at is what the kernel saw, and nothing is followed out of the caller's world."""
import os

from attack import chroot_and_fail, event_of, fail, folder_of_user, in_child, stopped, watch
from harness import NOBODY, Skip, expect, fail_to_start, finish, inside, write

SECRET = "the-secret-of-root"


def secret_folder(name):
    """Only root can look into it."""
    os.mkdir(inside("secret"), 0o700)
    return write(f"secret/{name}", f"{SECRET}\n", 0o755)


def text_of_user(path):
    with open(path, "w", encoding="utf-8") as file:
        file.write("no program\n")
    os.chmod(path, 0o755)


def exchange(place):
    """Its user puts a link to where only root can look in its place."""
    os.rename(place, f"{place}.old")
    os.symlink(inside("secret"), place)


def told_nothing_of_root(event, secret):
    said = str(event)
    expect(SECRET not in said, "root's file is shown:", said)
    expect(event["binary.inode_number"] != os.stat(secret).st_ino, "root's file is described:", said)
    expect("/secret" not in said, "root's folder is named:", said)


def test_root_exchanged():
    """Its root is a link to another's folder by the time that it is looked at."""
    secret, place = secret_folder("x"), folder_of_user("jail")
    text_of_user(f"{place}/x")
    with watch() as t:
        with stopped(t):
            in_child(chroot_and_fail(place, "/x"), uid=0)
            exchange(place)
        told_nothing_of_root(event_of(t, path="/x", errno="ENOEXEC"), secret)


def test_folder_exchanged():
    """The same of a folder on the way to the program."""
    secret, place = secret_folder("x"), folder_of_user("folder")
    text_of_user(f"{place}/x")
    with watch() as t:
        with stopped(t):
            in_child(lambda: fail(f"{place}/x"))
            exchange(place)
        told_nothing_of_root(event_of(t, path=f"{place}/x", errno="ENOEXEC"), secret)


def test_directory_exchanged():
    """The same of the caller's directory."""
    secret, place = secret_folder("x"), folder_of_user("folder")
    text_of_user(f"{place}/x")

    def act():
        os.chdir(place)
        fail("./x")

    with watch() as t:
        with stopped(t):
            in_child(act)
            exchange(place)
        told_nothing_of_root(event_of(t, path="./x", errno="ENOEXEC"), secret)


def test_overlay_of_his_own():
    """Its layers may be on anything, so nothing of it is read; nor need it be, where the kernel has."""
    for name in ("lower", "upper", "work", "all"):
        folder_of_user(name)
    text_of_user(inside("lower/x"))
    options = ",".join(f"{name}={inside(folder)}" for name, folder in (("lowerdir", "lower"), ("upperdir", "upper"), ("workdir", "work")))
    script = f"mount -t overlay -o {options} o {inside('all')} && exec {inside('all/x')}"
    with watch() as t:
        done = finish([*NOBODY.split(), "unshare", "-U", "-r", "-m", "sh", "-c", script])
        if "mount:" in done.err or "unshare:" in done.err:
            raise Skip(done.err.strip())
        event = event_of(t, path=inside("all/x"), errno="ENOEXEC")
        kernel = event["binary_source"] == "kernel"
        expect(event["reason"] == ("no_shebang" if kernel else "other_ENOEXEC"), event)


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
