# SPDX-License-Identifier: GPL-2.0-only
"""In pid namespaces and chroots, where numbers and paths are not those of the kernel."""
import json
import os
import re
import shutil

from harness import expect, finish, here, inside, paths, shell, write


def new_pid_namespace(command):
    return shell(f"exec unshare -fp --mount-proc {command}")


def test_pid_namespace():
    done = new_pid_namespace(""""$EXECFAIL" -o json -- sh -c '/no/mine; sh -c "/no/grandchild; :"; exit 3'""")
    expect(done.status == 3 and not done.complaints, done)
    expect(paths(done, "") == ["/no/mine", "/no/grandchild"], done)
    expect([e["reason"] for e in done.events] == 2 * ["missing_directory"] or all(e["hint"] for e in done.events), done)
    expect(all(e["pid"] > e["ns_pid"] for e in done.events), "numbers are not those of two namespaces:", done)


def test_pid_namespace_command_fails():
    done = new_pid_namespace('"$EXECFAIL" -o json -- /no/such/program')
    expect(done.status == 127 and paths(done, "") == ["/no/such/program"], done)


def test_pid_namespace_whole_machine():
    """Callers that cannot be looked at are not mistaken for others, and that is said once. A closed pipe ends it."""
    done = new_pid_namespace('sh -c \'"$EXECFAIL" -o json | true\'')
    expect(len(done.complaints) == 1 and "pid namespace" in done.complaints[0], done)


def test_in_chroot():
    # Paths of the kernel begin at the real root, those of /proc at ours.
    done = shell(
        """exec unshare -m --propagation private sh -c '
            mkdir "$FOLDER/root" && mount --rbind / "$FOLDER/root" &&
            exec chroot "$FOLDER/root" "$EXECFAIL" -o json -- sh -c "cd $FOLDER; ./none; :"'"""
    )
    expect(done.status == 0, done)
    event = json.loads(done.out)
    expect(event["path"] == "./none" and event["reason"] == "missing_file", done)
    expect(event["hint"] and "execfail" in event["hint"], done)


def copy_program(root, path):
    """With the libraries that it needs, to where it has them."""
    for file in [path, *re.findall(r"(/\S+)", finish(["ldd", path]).out)]:
        os.makedirs(root + os.path.dirname(file), exist_ok=True)
        shutil.copy(file, root + file)


def test_in_plain_chroot():
    """A directory that nothing is mounted at: then no mount shows where its files lie."""
    root = inside("root")
    for program in (here.program, "/bin/sh"):
        copy_program(root, program)
    for name in ("proc", "sys", "work"):
        os.makedirs(os.path.join(root, name), exist_ok=True)
    write("root/work/script", "#!/no/such/interpreter\n")
    write("root/work/empty", "")
    done = shell(
        """exec unshare -m --propagation private sh -c '
            cd "$FOLDER/root" && mount -t proc proc proc && mount --rbind /sys sys &&
            exec chroot . "$EXECFAIL" -o json -- sh -c "cd /work; ./script; ./empty; :"'""",
    )
    expect(done.status == 0, done)
    expect([e["reason"] for e in done.events] == ["interpreter_missing", "empty_file"], done)
