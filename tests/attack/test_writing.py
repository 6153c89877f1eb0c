# SPDX-License-Identifier: GPL-2.0-only
"""What root has written is written where root wanted it, and read by nobody else."""
import os

from attack import USER, folder_of_user
from harness import expect, finish, here, inside, one_line


def write_to(path, status=1):
    done = finish([here.program, "-e", "process_execute_failed", "-o", "json", "-w", path, "--", "/no/such/program"])
    if status:
        one_line(done, status, path)
    return done


def shared_folder():
    os.mkdir(inside("shared"))
    os.chmod(inside("shared"), 0o1777)
    return inside("shared")


def folders():
    """Where others can put something: all of them, or one user."""
    return shared_folder(), folder_of_user("home")


def test_link_of_a_user():
    """To a file that only root can write."""
    for folder in folders():
        precious = inside("precious")
        with open(precious, "w", encoding="utf-8") as file:
            file.write("precious")
        os.symlink(precious, f"{folder}/out")
        os.lchown(f"{folder}/out", USER, USER)
        write_to(f"{folder}/out")
        with open(precious, encoding="utf-8") as file:
            expect(file.read() == "precious", folder, "let it be written")


def test_name_of_a_user():
    """A second name of a file of root's."""
    for folder in folders():
        precious = inside("precious")
        with open(precious, "w", encoding="utf-8") as file:
            file.write("precious")
        os.link(precious, f"{folder}/out")
        write_to(f"{folder}/out")
        with open(precious, encoding="utf-8") as file:
            expect(file.read() == "precious", folder, "let it be written")


def test_file_of_a_user():
    """Who can read what others executed."""
    for folder in folders():
        with open(f"{folder}/out", "w", encoding="utf-8"):
            pass
        os.chown(f"{folder}/out", USER, USER)
        write_to(f"{folder}/out")
        expect(not os.path.getsize(f"{folder}/out"), folder, "has what root wrote")


def test_pipe_of_a_user():
    """Nobody reads it."""
    for folder in folders():
        os.mkfifo(f"{folder}/out")
        write_to(f"{folder}/out")


def test_own_file():
    """There and not there, it is root's alone."""
    for folder in folders():
        for _ in range(2):
            done = write_to(f"{folder}/out", 0)
            expect(done.status == 127, done)
            expect(os.stat(f"{folder}/out").st_mode & 0o777 == 0o600, "others may read", folder)
