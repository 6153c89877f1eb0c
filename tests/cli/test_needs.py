# SPDX-License-Identifier: GPL-2.0-only
"""What it needs of the machine, and what it says where that is missing."""
import contextlib
import ctypes
import os
import platform
import shutil
import struct

from harness import NOBODY, Skip, Tracer, as_nobody, copy_for_nobody, expect, fail_to_start, here, inside, linux, one_line, paths, run, shell, write

# --- privileges


def test_not_root():
    one_line(as_nobody(""), 1, "CAP_BPF", "CAP_PERFMON", "root")


def test_not_root_with_command():
    one_line(as_nobody("-- sh -c 'echo never'"), 1, "CAP_BPF")


def test_not_root_doctor():
    done = as_nobody("--doctor")
    expect(done.status == 1 and "kernel:" in done.out and "not enough" in done.out, done)


CAPABILITIES = "+bpf,+perfmon,+sys_ptrace,+dac_read_search"


def test_capabilities():
    """They are enough, where tracefs is mounted."""
    if linux() < (5, 8):
        raise Skip("before Linux 5.8 it takes CAP_SYS_ADMIN")
    copy_for_nobody()
    done = shell(
        f"""exec unshare -m --propagation private sh -c '
            mountpoint -q /sys/kernel/tracing || mount -t tracefs tracefs /sys/kernel/tracing
            exec {NOBODY} --inh-caps={CAPABILITIES} --ambient-caps={CAPABILITIES} \\
                "$FOLDER/execfail" -e process_execute_failed -o json -- sh -c "/no/such; exit 3"'"""
    )
    expect(done.status == 3 and not done.complaints, done)
    expect([(e["path"], e["uid"]) for e in done.events] == [("/no/such", 65534)], done)


def test_user_namespace():
    """Its root has all capabilities, and none of them on this machine."""
    copy_for_nobody()
    done = shell(f'exec {NOBODY} unshare -U -r "$FOLDER/execfail" -- sh -c "echo never"')
    if "unshare:" in done.err:
        raise Skip(done.err.strip())
    expect(done.status == 1 and not done.out and "this is a user namespace" in done.err, done)


@contextlib.contextmanager
def limited(processes):
    """As a user of its own, who may have so many."""
    if linux() < (5, 8):
        raise Skip("before Linux 5.8 it takes CAP_SYS_ADMIN")
    copy_for_nobody()
    user, before = 200000 + os.getpid(), here.program
    caps = f"--inh-caps={CAPABILITIES} --ambient-caps={CAPABILITIES}"
    become = f"setpriv --reuid={user} --regid={user} --clear-groups {caps} prlimit --nproc={processes}"
    mount = "mountpoint -q /sys/kernel/tracing || mount -t tracefs tracefs /sys/kernel/tracing"
    enter = f'exec unshare -m --propagation private sh -c \'{mount}; exec "$@"\' sh'
    here.program = write("limited", f'#!/bin/sh\n{enter} {become} {inside("execfail")} "$@"\n')
    try:
        yield
    finally:
        here.program = before


def test_no_process_allowed():
    with limited(1):
        one_line(run("-e", "process_execute_failed", "-o", "json"), 1, "cannot start", "ulimit -u")


def test_no_worker_allowed():
    """Then nobody looks for causes, which is said, and the failures are told all the same."""
    with limited(2), Tracer("-e", "process_execute_failed", "-o", "json", "-f", "path=/no/such/worker") as t:
        fail_to_start("/no/such/worker")
        expect('"reason":"not_looked"' in t.line(), "somebody looked")
        done = t.end()
    expect(done.status == 0 and len(done.complaints) == 1 and "no process can be started" in done.complaints[0], done)


# --- types of the kernel


def without_btf(command):
    if not os.path.exists("/sys/kernel/btf/vmlinux"):
        raise Skip("this kernel has no BTF to hide")
    shutil.copy("/sys/kernel/btf/vmlinux", inside("btf"))
    os.mkdir(inside("empty"))
    return shell(f"""exec unshare -m sh -c 'mount --bind "$FOLDER/empty" /sys/kernel/btf && {command}'""")


def test_no_btf():
    one_line(without_btf('exec "$EXECFAIL"'), 1, "BTF", "--btf FILE")


def test_btf_file():
    done = without_btf('exec "$EXECFAIL" --btf "$FOLDER/btf" -e process_execute_failed -o json -- /no/such/program')
    expect(done.status == 127 and paths(done, "/no/such/program") == ["/no/such/program"], done)


def test_btf_file_missing():
    one_line(run("--btf", "/no/such/btf"), 1, "/no/such/btf", "No such file")


def test_btf_file_senseless():
    one_line(run("--btf", write("btf", "this is not BTF")), 1, "/btf", "no BTF")


# --- what is mounted


def without(place, command):
    return shell(f"""exec unshare -m --propagation private sh -c 'umount -l {place} && {command}'""")


def test_no_sys():
    one_line(without("/sys", 'exec "$EXECFAIL"'), 1, "/sys is not mounted")


def test_no_proc():
    done = without("/proc", 'exec "$EXECFAIL" -e process_execute_failed -o json -- sh -c "/no/such; exit 3"')
    expect(done.status == 3 and paths(done, "/no/such") == ["/no/such"], done)
    expect(len(done.complaints) == 1 and "/proc is not mounted" in done.complaints[0], done)
    expect(all("has gone" not in e["hint"] and "had gone" not in e["hint"] for e in done.events), done)


# --- what the kernel can do


NUMBERS = {
    "x86_64": {"bpf": 321, "seccomp": 317},
    "aarch64": {"bpf": 280, "seccomp": 277},
}
NUMBERS_OF_ALL = {"pidfd_open": 434, "clone3": 435, "close_range": 436, "openat2": 437}


def forbid(name, errno):
    """For the child: a seccomp filter under which a system call answers errno."""
    number = {**NUMBERS.get(platform.machine(), {}), **NUMBERS_OF_ALL}.get(name)
    if not number:
        raise Skip(f"the number of {name}(2) is not known here")
    program = b"".join(
        struct.pack("HBBI", *instruction)
        for instruction in (
            (0x20, 0, 0, 0),  # load the number of the system call
            (0x15, 0, 1, number),  # is it that one?
            (0x06, 0, 0, 0x00050000 | errno),  # then answer errno
            (0x06, 0, 0, 0x7FFF0000),  # allow
        )
    )
    filter_ = ctypes.create_string_buffer(program)
    prctl = ctypes.CDLL(None).prctl
    prctl.argtypes = [ctypes.c_int] + 4 * [ctypes.c_ulong]

    def install():
        fprog = ctypes.create_string_buffer(struct.pack("HxxxxxxP", 4, ctypes.addressof(filter_)))
        if prctl(22, 2, ctypes.addressof(fprog), 0, 0):  # PR_SET_SECCOMP, SECCOMP_MODE_FILTER
            os._exit(99)

    return install


def test_no_bpf():
    one_line(run(preexec_fn=forbid("bpf", 38)), 1, "no BPF")


def test_nothing_attaches():
    done = run(preexec_fn=forbid("bpf", 1))
    expect(done.status == 1, done)
    expect("tracepoint" in done.err and "Operation not permitted" in done.err, "what was tried, and the error:", done)
    expect(all(line.startswith("execfail: ") for line in done.err.splitlines()), "a library speaks:", done)


def test_filters_of_others():
    """What a container's filter refuses is done in another way: on old kernels, it is not there."""
    for name in ("seccomp", *NUMBERS_OF_ALL):
        for errno in (1, 38):
            done = run("-e", "process_execute_failed", "-o", "json", "--", "sh", "-c", "/no/such; exit 3", preexec_fn=forbid(name, errno))
            expect(done.status == 3 and not done.complaints, name, errno, done)
            expect([e["reason"] for e in done.events] == ["missing_directory"], name, errno, done)


def test_family_without_kprobes():
    if os.path.exists("/sys/bus/event_source/devices/kprobe"):
        raise Skip("this kernel has kprobes")
    done = run("--hooks=kprobe")
    expect(done.status == 1 and "kprobe" in done.err, done)
