#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Holds the kernel types that bpf/ is compiled with against the BTF of real kernels.

usage: check_vmlinux.py [NAME=]BTF...     (default: this machine's, and tests/vm/cache/*/btf)

CO-RE finds members by name when the programs are loaded, so a name that no kernel has, or one of another kind, is
found out only there, and only on the kernel that the load happens on. This compiles vmlinux/vmlinux.h and the flavours
in bpf/kernel.bpf.h to BTF and compares it with each kernel's:

- every struct and member of vmlinux.h is there, of the same kind, and a number of the same size;
- every member of a flavour, struct NAME___WHY, is there in at least one kernel, or is listed in GONE;
- every value of enum bpf_func_id is the kernel's where it has that helper, and one kernel at least has it.

Prints a line for each check, as tests/run reads them.
"""
import json
import os
import pathlib
import platform
import re
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parents[2]
CLANG = os.environ.get("CLANG", "clang")
BPFTOOL = os.environ.get("BPFTOOL") or next(
    (path for path in ("/usr/sbin/bpftool", "/usr/local/sbin/bpftool") if os.path.exists(path)), "bpftool"
)
ARCH = {"x86_64": "x86", "aarch64": "arm64"}.get(platform.machine(), platform.machine())

# Members of flavours that no kernel of the matrix has, and the last version that had them.
GONE = {
    "inode___before_6_11.__i_ctime": "6.10",
    "linux_binprm___before_5_8.called_exec_mmap": "5.7",
}

# Members that depend on the configuration; bpf/kernel.bpf.h asks for them before it reads.
OPTIONAL = {"task_struct.loginuid", "task_struct.seccomp"}

# Of bpf/kernel.bpf.h itself, not the kernel's.
OWN = {"call_args"}

SKIP = {"TYPEDEF", "CONST", "VOLATILE", "RESTRICT", "TYPE_TAG"}


class Btf:
    def __init__(self, path):
        dump = subprocess.run([BPFTOOL, "-j", "btf", "dump", "file", path], check=True, stdout=subprocess.PIPE)
        self.types = {t["id"]: t for t in json.loads(dump.stdout)["types"]}
        self.composites = {}
        for t in self.types.values():
            if t["kind"] in ("STRUCT", "UNION", "ENUM", "ENUM64") and t["name"] != "(anon)":
                self.composites.setdefault(t["name"], t)

    def resolve(self, type_id):
        """Without typedef, const and the like. None is void."""
        t = self.types.get(type_id)
        while t and t["kind"] in SKIP:
            t = self.types.get(t["type_id"])
        return t

    def members(self, composite):
        """Name and type of each, those of anonymous members included."""
        for member in composite.get("members", []):
            t = self.resolve(member["type_id"])
            if member["name"] == "(anon)":
                yield from self.members(t)
            else:
                yield member["name"], t, member.get("bitfield_size", 0)


def fault(ours, our_type, our_bits, theirs, their_type, their_bits):
    """Why a read of their member as ours would go wrong; None if it would not."""
    a, b = our_type["kind"] if our_type else "VOID", their_type["kind"] if their_type else "VOID"
    if {a, b} <= {"STRUCT", "UNION"}:
        return None  # what is read of it is named, and checked, by itself
    if a != b:
        return f"{a.lower()} here, {b.lower()} there"
    if a == "INT" and bool(our_bits) != bool(their_bits):
        return f"{our_bits or 'no'} bits here, {their_bits or 'no'} there"
    if a == "INT" and not our_bits and our_type["size"] != their_type["size"]:
        return f"{our_type['size']} bytes here, {their_type['size']} there"
    if a == "ARRAY":
        return fault(ours, ours.resolve(our_type["type_id"]), 0, theirs, theirs.resolve(their_type["type_id"]), 0)
    return None


def definitions(keyword, text):
    return set(re.findall(rf"^{keyword} (\w+) {{", text, re.M))


def architecture_of(label):
    """Kernels of the matrix that are of another architecture than this machine say so."""
    return "arm64" if label.endswith("-arm64") else ARCH


def clang(arch, source, *flags):
    flags += ("-target", "bpf", f"-D__TARGET_ARCH_{arch}", "-x", "c", "-")
    flags += tuple(f"-I{TOP / sub}" for sub in ("include", "vmlinux", "bpf"))
    return subprocess.run([CLANG, *flags], input=source.encode(), check=True, stdout=subprocess.PIPE).stdout.decode()


def compile_types(arch):
    """BTF has only types that something uses: a variable of each that this architecture has."""
    source = '#include "kernel.bpf.h"\n'
    text = (TOP / "vmlinux/vmlinux.h").read_text() + (TOP / "bpf/kernel.bpf.h").read_text()
    here = clang(arch, source, "-E")
    names = {keyword: definitions(keyword, text) & definitions(keyword, here) for keyword in ("struct", "enum")}
    for keyword, some in names.items():
        source += "".join(f"{keyword} {name} a_{name};\n" for name in sorted(some))
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "types.o")
        clang(arch, source, "-g", "-O2", "-w", "-c", "-o", path)
        return Btf(path), sorted(names["struct"])


def members_of(ours, name):
    return {member: (t, bits) for member, t, bits in ours.members(ours.composites[name])}


class Report:
    def __init__(self):
        self.failed = False

    def check(self, name, faults):
        for text in faults:
            print(f"not ok {name} # {text}")
            self.failed = True
        if not faults:
            print(f"ok {name}")


def kernel_faults(ours, names, theirs):
    for name in names:
        if "___" in name or name in OWN:
            continue
        if name not in theirs.composites:
            yield f"struct {name} is not there"
            continue
        there = {member: (t, bits) for member, t, bits in theirs.members(theirs.composites[name])}
        for member, (t, bits) in members_of(ours, name).items():
            if member not in there:
                if f"{name}.{member}" not in OPTIONAL:
                    yield f"{name}.{member} is not there"
                continue
            wrong = fault(ours, t, bits, theirs, *there[member])
            if wrong:
                yield f"{name}.{member}: {wrong}"


def flavour_faults(ours, name, kernels):
    base = name.split("___")[0]
    for member, (t, bits) in members_of(ours, name).items():
        found = False
        for label, theirs in kernels.items():
            there = {m: (tt, b) for m, tt, b in theirs.members(theirs.composites.get(base, {}))}
            if member not in there:
                continue
            found = True
            wrong = fault(ours, t, bits, theirs, *there[member])
            if wrong:
                yield f"{member} in {label}: {wrong}"
        listed = f"{name}.{member}" in GONE
        if not found and not listed:
            yield f"no kernel has {member}, and GONE does not say until when one did"
        if found and listed:
            yield f"{member} is listed in GONE, but {label} has it"


def enum_values(composite):
    return {value["name"]: value["val"] for value in composite.get("values", [])}


def helper_faults(ours, kernels):
    for name, value in enum_values(ours.composites["bpf_func_id"]).items():
        known = {label: enum_values(theirs.composites["bpf_func_id"]).get(name) for label, theirs in kernels.items()}
        for label, other in known.items():
            if other not in (None, value):
                yield f"{name} is {value} here, {other} in {label}"
        if set(known.values()) == {None}:
            yield f"no kernel has {name}"


def btf_files(words):
    if words:
        return dict(word.split("=", 1) if "=" in word else (word, word) for word in words)
    files = {"this machine": pathlib.Path("/sys/kernel/btf/vmlinux")}
    files.update((path.parent.name, path) for path in sorted(TOP.glob("tests/vm/cache/*/btf")))
    return {label: path for label, path in files.items() if path.exists()}


def main():
    report = Report()
    kernels = {label.replace(" ", "_"): Btf(str(path)) for label, path in btf_files(sys.argv[1:]).items()}
    types = {arch: compile_types(arch) for arch in {ARCH, *map(architecture_of, kernels)}}
    for label, theirs in kernels.items():
        report.check(f"kernels/{label}", list(kernel_faults(*types[architecture_of(label)], theirs)))
    ours, names = types[ARCH]
    for name in names:
        if "___" in name:
            report.check(f"flavours/{name}", list(flavour_faults(ours, name, kernels)))
    report.check("helpers", list(helper_faults(ours, kernels)))
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
