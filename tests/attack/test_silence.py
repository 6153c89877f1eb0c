# SPDX-License-Identifier: GPL-2.0-only
"""An unprivileged user makes whoever looks at its world wait for ever. Others are told all the same, and it ends as asked."""
import os
import pathlib
import signal
import subprocess

from harness import NOBODY, Skip, Tracer, expect, fail_to_start, inside, read

OURS = ("-f", "path~^(/no/|all/x|/x$|/proc/self/map_files)")  # others fail meanwhile, in floods
VICTIMS = 50
PROGRAM = pathlib.Path(__file__).resolve().parents[2] / "build" / "tests" / "attacker"


class Attack:
    """Under way once it has said the error of its exec, and until the end of the block."""

    def __init__(self, name, folder):
        self.folder = inside(folder)
        os.mkdir(self.folder)
        os.chmod(self.folder, 0o777)
        try:
            fuse = os.stat("/dev/fuse").st_rdev
        except FileNotFoundError:
            raise Skip("this kernel has no FUSE") from None
        os.mknod(os.path.join(self.folder, "fuse"), 0o666 | 0o020000, fuse)
        os.chmod(os.path.join(self.folder, "fuse"), 0o666)
        self.process = subprocess.Popen(
            [*NOBODY.split(), PROGRAM, name, self.folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def __enter__(self):
        self.errno = read(self.process.stdout.fileno()).decode().strip()
        expect(self.errno, "the attack did not come about:", self.process.stderr.read().decode() if not self.errno else "")
        return self

    def __exit__(self, *_):
        """Its file system goes with it, and who waits for that goes on."""
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
        self.process.stderr.close()


def descendants(pid):
    """Of a process: all that it started and that are there."""
    for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        yield int(child)
        yield from descendants(int(child))


def status_of(pid, name):
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return next(line.split(":", 1)[1].split() for line in text.splitlines() if line.startswith(name + ":"))


def victims(tracer, name):
    """Failures of another user, in whose world nothing is out of order: each of them is told, with its cause."""
    for i in range(VICTIMS):
        path = f"/no/{name}/{i}"
        fail_to_start(path)
        line = tracer.line_with(f'"{path}"')
        expect('"reason":"missing_directory"' in line, "the cause of another user's failure:", line)


def check_attack(name, path):
    with Tracer("-o", "json", *OURS) as t:
        with Attack(name, "world") as attack:
            victims(t, name)
            line = t.out_with(f'"{path}"')
            expect('"reason":"not_looked"' in line, "of the attacker's own:", line)
            expect(f'"errno":"{attack.errno}"' in line, attack.errno, line)
            # It ends at once, while the attack goes on: a worker that hangs has nothing that anybody waits for.
            done = t.end(signal.SIGTERM)
        expect(done.status == 0 and not done.complaints, done)


def test_overlay():
    """An overlay is asked with the rights of who mounted it, whoever looks."""
    check_attack("overlay", "all/x")


def test_root():
    """The caller's own root is where looking begins."""
    check_attack("root", "/x")


def test_map():
    """Names below /proc/PID/map_files wait for a lock that the caller holds."""
    check_attack("map", "/proc/self/map_files/1000-2000/x")
