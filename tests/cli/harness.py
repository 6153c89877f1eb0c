# SPDX-License-Identifier: GPL-2.0-only
"""What the topics share: execfail is run and read, and what was expected is said."""
import contextlib
import json
import os
import platform
import re
import select
import shutil
import signal
import subprocess
import types

WATCHING = "execfail: watching"
USAGE = 2

# Set by the runner. patience: seconds that a step may take. No test expects anything to be fast: this is only to tell
# what hangs from what is slow.
here = types.SimpleNamespace(program=None, folder=None, kept=None, patience=600)


class Skip(Exception):
    pass


class Hung(Exception):
    pass


def expect(condition, *said):
    if not condition:
        raise AssertionError(" ".join(str(word) for word in said))


# --- the machine


def inside(name):
    """In the folder of the test under way, which others may enter."""
    return os.path.join(here.folder, name)


def write(name, content, mode=0o755):
    path = inside(name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(content)
    os.chmod(path, mode)
    return path


def linux():
    """Its version, to be compared with (5, 8)."""
    return tuple(int(number) for number in platform.release().split("-")[0].split(".")[:2])


def fail_to_start(path, *args, **how):
    with contextlib.suppress(OSError):
        subprocess.run([path, *args], check=False, **how)


# --- what it said


class Done:
    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err

    def __str__(self):
        return f"status {self.status}, stdout {self.out[:500]!r}, stderr {self.err[:1000]!r}"

    @property
    def events(self):
        return events_of(self.out)

    @property
    def complaints(self):
        """What it said beside that it watches, and the closing line."""
        return [line for line in self.err.splitlines() if line.startswith("execfail:") and not is_notice(line)]


def is_notice(line):
    return line.startswith(WATCHING) or line.endswith("-w FILE keeps them apart") or re.fullmatch(r"execfail: \d+ events?,( \d+ (folded|repeated|filtered|beyond --max-size),)* \d+ lost", line)


def events_of(text):
    """All objects; what `explain` and `check` answer are no events, for which there is the schema."""
    lines = [line for line in text.splitlines() if line.startswith("{")]
    if here.kept:
        here.kept.writelines(line + "\n" for line in lines if '"event":' in line)
    return [json.loads(line) for line in lines]


def paths(done, prefix):
    return [event["path"] for event in done.events if (event.get("path") or "").startswith(prefix)]


def one_line(done, status, *words):
    """A clear error: one line, from us, that has these words."""
    expect(done.status == status, f"expected status {status}:", done)
    lines = done.err.splitlines()
    expect(len(lines) == 1 and lines[0].startswith("execfail: "), "expected one line of execfail's:", done)
    for word in words:
        expect(word in lines[0], f"expected {word!r} in:", done)


def gave_up(done):
    """
    After SIGTERM a reader is waited for five seconds, in which a busy machine may not let us read. Then this is a right
    answer, too; after SIGINT it is none.
    """
    return "cannot write: nobody reads" in done.err


# --- to its end


def finish(command, **how):
    how = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **how}
    done = subprocess.run(command, timeout=here.patience, text=True, errors="surrogateescape", check=False, **how)
    return Done(done.returncode, done.stdout or "", done.stderr or "")


def run(*args, **how):
    return finish([here.program, *args], **how)


def shell(script, **how):
    """In a shell, where $EXECFAIL is the program and $FOLDER the test's."""
    return finish(["sh", "-c", script], env={**os.environ, "EXECFAIL": here.program, "FOLDER": here.folder}, **how)


NOBODY = "setpriv --reuid=65534 --regid=65534 --clear-groups"


def copy_for_nobody():
    """To $FOLDER/execfail: where the source lies, nobody may not look."""
    os.chmod(shutil.copy(here.program, inside("execfail")), 0o755)


def tracefs(script):
    """A shell that can be sure that it is mounted."""
    return shell(
        f"""exec unshare -m --propagation private sh -c '
            mountpoint -q /sys/kernel/tracing || mount -t tracefs tracefs /sys/kernel/tracing
            {script}'"""
    )


def as_nobody(args):
    """args: for the shell."""
    copy_for_nobody()
    return shell(f'exec {NOBODY} "$FOLDER/execfail" {args}')


# --- while it runs


def read(fd):
    if not select.select([fd], [], [], here.patience)[0]:
        raise Hung("nothing came")
    return os.read(fd, 65536)


class Tracer:
    """A running execfail that has said that it watches."""

    def __init__(self, *args, **how):
        how = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, **how}
        self.process = subprocess.Popen([here.program, *args], stderr=subprocess.PIPE, **how)
        self.out = self.err = b""
        self.passed_over = []
        self.says(WATCHING)

    def says(self, words):
        """On stderr, now or before."""
        while words.encode() not in self.err:
            piece = read(self.process.stderr.fileno())
            expect(piece, f"ended, and never said {words!r}:", self.err)
            self.err += piece

    def line(self):
        """The next of its output."""
        while b"\n" not in self.out:
            piece = read(self.process.stdout.fileno())
            expect(piece, "no line of output, only", self.out)
            self.out += piece
        line, _, self.out = self.out.partition(b"\n")
        return line.decode()

    def line_with(self, words):
        while words not in (line := self.line()):
            self.passed_over.append(line)
        return line

    def out_with(self, words):
        """The same, where it may have come before one that was waited for."""
        for line in self.passed_over:
            if words in line:
                return line
        return self.line_with(words)

    def tell(self, words):
        self.process.stdin.write(words.encode())
        self.process.stdin.flush()

    def wait(self):
        """Its status, though nobody reads."""
        return self.process.wait(timeout=here.patience)

    def end(self, number=signal.SIGTERM):
        """What line() has not given yet is what Done has. number 0: it ends by itself."""
        if number:
            self.process.send_signal(number)
        out, err = self.process.communicate(timeout=here.patience)
        return Done(
            self.process.returncode,
            (self.out + (out or b"")).decode(errors="surrogateescape"),
            (self.err + err).decode(errors="surrogateescape"),
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        # Not to their ends: what it has started may still have them.
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream:
                stream.close()
