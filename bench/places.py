# SPDX-License-Identifier: GPL-2.0-only
"""Where bench/coverage and bench/cost run: in a guest, or on the running kernel. Neither installs anything."""
import os
import re
import shlex
import shutil
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = f"{TOP}/build"
EXECFAIL = f"{BUILD}/static/execfail"
TRACING = "/sys/kernel/tracing"
PACKAGES = {"execsnoop": "libbpf-tools", "strace": "strace", "bpftrace": "bpftrace"}
# Peers that are left out where they are not installed.
OTHERS = {"perf": "linux-perf", "auditd": "auditd"}
GUEST_PROGRAMS = ["execsnoop", "strace"]


def find_program(name):
    return shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")


def check_needs(*programs):
    missing = [f"{path} (make bench-programs)" for path in (EXECFAIL, *programs) if not os.path.exists(path)]
    missing += [f"{name} (apt install {package})" for name, package in PACKAGES.items() if not find_program(name)]
    if missing:
        sys.exit("missing: " + ", ".join(missing))


def others(tools):
    """Without those that are not there, or, of auditd, are somebody else's already: that is said."""
    for name in [name for name in tools if name in OTHERS]:
        if not find_program(name):
            print(f"{name} is left out (apt install {OTHERS[name]})", file=sys.stderr)
        elif name == "auditd" and "\npid 0\n" not in subprocess.run([find_program("auditctl"), "-s"], stdout=subprocess.PIPE, text=True).stdout:
            print("auditd is left out: this machine has one already, or the kernel takes none", file=sys.stderr)
        else:
            continue
        tools = [each for each in tools if each != name]
    return tools


def version(package):
    command = ["dpkg-query", "-W", "-f", "${Version}", package]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def libraries(program):
    """As ldd names them: the loader, too, where the program looks for it."""
    said = subprocess.run(["ldd", program], check=True, stdout=subprocess.PIPE, text=True).stdout
    return re.findall(r"(/\S+) \(0x", said)


def guest_files(files):
    files = [f"{file}:/root/{os.path.basename(file)}" for file in files]
    for name in GUEST_PROGRAMS:
        program = find_program(name)
        files += [f"{program}:/usr/bin/{name}", *(f"{library}:{library}" for library in libraries(program))]
    return [word for file in dict.fromkeys(files) for word in ("--file", file)]


def run_in_guest(kernel, folder, script, arguments, *files, **env):
    """
    Software emulation, by instructions: its clock knows no other machine's load. What the script leaves in its folder comes to ours.
    It is one clock for all processors: what is measured has one, or what another does meanwhile would be in it.
    """
    words = ["env", *(f"{name}={value}" for name, value in env.items()), "sh", script, "/tmp/results", *arguments]
    inside = f"uname -r >/tmp/results/kernel; {shlex.join(words)}"
    command = [f"{TOP}/tests/vm/run", "--timeout", "5400", "--out", folder, "--exec", inside]
    command += guest_files([f"{TOP}/bench/{script}", *files])
    if subprocess.run([*command, kernel], env={**os.environ, "EXECFAIL": EXECFAIL, "VM_COUNTS": "1", "VM_CPUS": "1" if script == "measure" else "2"}).returncode:
        sys.exit("the guest did not come to its end")


def run_here(folder, script, arguments, **env):
    """In a mount namespace of its own, for the tracefs that execsnoop needs."""
    if os.geteuid() != 0:
        sys.exit("--native needs root")
    mount = 'mountpoint -q "$0" || mount -t tracefs tracefs "$0"; exec "$@"'
    command = ["unshare", "-m", "sh", "-c", mount, TRACING, f"{TOP}/bench/{script}", folder, *arguments]
    if subprocess.run(command, env={**os.environ, "EXECFAIL": EXECFAIL, **env}).returncode:
        sys.exit(f"{script} failed")
    with open(f"{folder}/kernel", "w") as file:
        print(os.uname().release, file=file)


def put(text, path, place, script):
    """Between the lines of the document that are there for it."""
    begin, end = f"<!-- {place}: bench/{script} -->\n", f"<!-- {place}: end -->\n"
    with open(path) as file:
        before, _, rest = file.read().partition(begin)
    _, found, after = rest.partition(end)
    if not found:
        sys.exit(f"{script}: {path} has no place for {place}")
    with open(path, "w") as file:
        file.write(before + begin + "\n" + text + "\n" + end + after)


def title(tool):
    name, _, family = tool.partition(":")
    return {"execsnoop": "execsnoop -x", "strace": "strace -f", "execfail": f"execfail, {family.replace(':', ', ')}", "bpftrace": "bpftrace one-liner", "perf": "perf trace"}.get(name, name)


def markdown(header, rows):
    yield "| " + " | ".join(header) + " |"
    yield "|---" * len(header) + "|"
    for row in rows:
        yield "| " + " | ".join(map(str, row)) + " |"
