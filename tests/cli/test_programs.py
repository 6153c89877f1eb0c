# SPDX-License-Identifier: GPL-2.0-only
"""What the kernel makes of the programs in it."""
import ctypes
import os
import platform
import struct

from harness import Skip, Tracer, expect

PROGRAM_FD, PROGRAM_INFO = 13, 15
INFO, JITED_LENGTH, JITED, NAME = 232, 16, 24, 64  # bytes of struct bpf_prog_info, and where its members are
# add r9, gs:[...]: that processor's copy of what r9 is the first one of
STACK_OF_PROCESSOR = bytes.fromhex("654c030c25")
libc = ctypes.CDLL(None, use_errno=True)


def bpf(command, *words):
    """What the system call answers, and what it has written over its 64 bytes."""
    attributes = ctypes.create_string_buffer(struct.pack(f"{len(words)}I", *words), 64)
    return libc.syscall(321, command, attributes, len(attributes)), attributes.raw


def program_ids(tracer):
    """Of those that it has open."""
    folder = f"/proc/{tracer.process.pid}/fdinfo"
    for name in os.listdir(folder):
        with open(f"{folder}/{name}") as file:
            yield from (int(line.split()[1]) for line in file if line.startswith("prog_id:"))


def program(number):
    """Its name, and its machine code."""
    code, info = ctypes.create_string_buffer(1 << 20), ctypes.create_string_buffer(INFO)
    fd, _ = bpf(PROGRAM_FD, number)
    if fd < 0:
        return "", b""
    struct.pack_into("I", info, JITED_LENGTH, len(code))
    struct.pack_into("Q", info, JITED, ctypes.addressof(code))
    address = ctypes.addressof(info)
    bpf(PROGRAM_INFO, fd, INFO, address & 0xFFFFFFFF, address >> 32)
    os.close(fd)
    name = info.raw[NAME : NAME + 16].split(b"\0")[0].decode()
    return name, code.raw[: struct.unpack_from("I", info, JITED_LENGTH)[0]]


def test_builders_have_no_stack_of_the_processor():
    """They are begun anew amid a run that was preempted; other programs are not."""
    if platform.machine() != "x86_64":
        raise Skip("machine code of another machine")
    with Tracer("-e", "all") as tracer:
        programs = [program(number) for number in set(program_ids(tracer))]
    builders = [(name, code) for name, code in programs if name.split("__")[-1].startswith("bui")]
    expect(builders and all(code for _, code in builders), "no builders among", [name for name, _ in programs])
    with_stack = [name for name, code in builders if STACK_OF_PROCESSOR in code]
    expect(not with_stack, "a stack for each processor:", with_stack)
