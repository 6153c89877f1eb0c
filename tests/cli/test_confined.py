# SPDX-License-Identifier: GPL-2.0-only
"""In namespaces and chroots, where numbers, paths and times are not those of the kernel."""
import datetime
import json
import os
import re
import shutil
import time

from harness import Skip, expect, finish, here, inside, paths, shell, write


def new_pid_namespace(command):
    return shell(f"exec unshare -fp --mount-proc {command}")


def test_pid_namespace():
    done = new_pid_namespace(""""$EXECFAIL" -e process_execute_failed -o json -- sh -c '/no/mine; sh -c "/no/grandchild; :"; exit 3'""")
    expect(done.status == 3 and not done.complaints, done)
    expect(paths(done, "") == ["/no/mine", "/no/grandchild"], done)
    expect([e["reason"] for e in done.events] == 2 * ["missing_directory"] or all(e["hint"] for e in done.events), done)
    expect(all(e["pid"] > e["ns_pid"] for e in done.events), "numbers are not those of two namespaces:", done)


def test_pid_namespace_command_fails():
    done = new_pid_namespace('"$EXECFAIL" -e process_execute_failed -o json -- /no/such/program')
    expect(done.status == 127 and paths(done, "") == ["/no/such/program"], done)


def test_pid_namespace_whole_machine():
    """Callers that cannot be looked at are not mistaken for others, and that is said once. A closed pipe ends it."""
    done = new_pid_namespace('sh -c \'"$EXECFAIL" -e process_execute_failed -o json | true\'')
    expect(len(done.complaints) == 1 and "pid namespace" in done.complaints[0], done)


def check_time_namespace(ahead):
    """Records have the kernel's time, which is not that of a process in such a namespace."""
    if not os.path.exists("/proc/self/ns/time"):
        raise Skip("before Linux 5.6 there are no time namespaces")
    for transport in ("ringbuf", "perfbuf"):
        before = time.time()
        done = shell(
            f"""exec unshare -T --monotonic={ahead} --boottime={ahead} --fork \\
                "$EXECFAIL" -e process_execute_failed -o json --transport {transport} -- /no/such/program"""
        )
        after = time.time()
        expect(done.status == 127 and paths(done, "/no/such/program") == ["/no/such/program"], transport, done)
        failed = datetime.datetime.fromisoformat(done.events[0]["time"][:26] + "+00:00").timestamp()
        expect(before <= failed <= after, f"{transport}: {before} {failed} {after}", done)


def test_time_namespace_ahead():
    check_time_namespace(1000000)


def test_time_namespace_behind():
    check_time_namespace(-10)


def test_in_chroot():
    # Paths of the kernel begin at the real root, those of /proc at ours.
    done = shell(
        """exec unshare -m --propagation private sh -c '
            mkdir "$FOLDER/root" && mount --rbind / "$FOLDER/root" &&
            exec chroot "$FOLDER/root" "$EXECFAIL" -e process_execute_failed -o json -- sh -c "cd $FOLDER; ./none; :"'"""
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


def in_plain_chroot(command):
    """In a directory that nothing is mounted at: then no mount shows where its files lie."""
    root = inside("root")
    for program in (here.program, "/bin/sh"):
        copy_program(root, program)
    for name in ("proc", "sys", "home"):
        os.makedirs(os.path.join(root, name), exist_ok=True)
    write("root/home/script", "#!/no/such/interpreter\n")
    write("root/home/empty", "")
    return shell(
        f"""exec unshare -m --propagation private sh -c '
            cd "$FOLDER/root" && mount -t proc proc proc && mount --rbind /sys sys &&
            exec chroot . "$EXECFAIL" {command}'"""
    )


def test_explained_in_plain_chroot():
    done = in_plain_chroot("explain /bin/sh")
    expect(done.status == 0 and done.out.startswith("/bin/sh would start"), done)
    done = in_plain_chroot("explain /home/script")
    expect(done.status == 1 and "interpreter_missing" in done.out, done)


def test_in_plain_chroot():
    done = in_plain_chroot('-e process_execute_failed -o json -- sh -c "cd /home; ./script; ./empty; :"')
    expect(done.status == 0, done)
    expect([e["reason"] for e in done.events] == ["interpreter_missing", "empty_file"], done)
