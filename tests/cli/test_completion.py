# SPDX-License-Identifier: GPL-2.0-only
"""What the shells themselves complete, when somebody has typed so much of a command line and asks for the rest."""
import os
import pathlib
import shutil
import subprocess

from harness import Skip, expect, here, inside
from test_pictures import Screen

COMPLETIONS = pathlib.Path(__file__).resolve().parents[2] / "completions"

# What is typed, and what it becomes; of a list the last of several.
CASES = {
    "execfail --doc": "--doctor",
    "execfail --hooks=kp": "--hooks=kprobe",
    "execfail --list-reasons=m": "--list-reasons=markdown",
    "execfail -o logf": "logfmt",
    "execfail --time=rel": "--time=relative",
    "execfail -e security_": "security_bprm_check",
    "execfail -e execve,sched": "execve,sched_process_exec",
    "execfail --fields errno,interpreter_l": "errno,interpreter_level",
    "execfail -u daemo": "daemon",
    "execfail expl": "explain",
    "execfail explain --conta": "--container",
    "execfail explain -o js": "json",
    "execfail check --mach": "--machine",
    "execfail check -o sar": "sarif",
    "execfail check --root=/pro": "--root=/proc",
}


def installed(shell):
    program = shutil.which(shell)
    if not program:
        raise Skip(f"{shell} is not installed")
    return program


def test_fish():
    env = {**os.environ, "HOME": here.folder, "XDG_CONFIG_HOME": here.folder, "XDG_DATA_HOME": here.folder}
    for typed, whole in CASES.items():
        ask = f'source {COMPLETIONS}/execfail.fish; complete --do-complete "{typed}"'
        done = subprocess.run([installed("fish"), "-c", ask], env=env, check=True, stdout=subprocess.PIPE, text=True)
        offered = [line.split("\t")[0].rstrip("=/") for line in done.stdout.splitlines()]
        expect(offered == [whole], typed, done)


def typed_in(shell, start):
    """In a terminal, where Tab is pressed behind what is typed."""
    with Screen(120, 50, f"exec env PS1='% ' HOME={here.folder} {installed(shell)} {start}") as screen:
        for line in prepared(shell):
            screen.tmux("send-keys", "-l", f"{line}\n")
        screen.tmux("send-keys", "-l", "echo READ''Y\n")
        screen.until("READY")
        for typed, whole in CASES.items():
            screen.tmux("send-keys", "-l", f"{typed}\t")
            screen.until(f"{typed.rsplit(maxsplit=1)[0]} {whole}")
            screen.tmux("send-keys", "C-u")


def prepared(shell):
    if shell == "bash":
        return [f". {COMPLETIONS}/execfail.bash"]
    os.makedirs(inside("functions"), exist_ok=True)
    shutil.copy(COMPLETIONS / "execfail.zsh", inside("functions/_execfail"))
    return [f"fpath=({inside('functions')} $fpath)", "autoload -U compinit", "compinit -u -D"]


def test_bash():
    typed_in("bash", "--norc --noprofile -i")


def test_zsh():
    typed_in("zsh", "-f -i")
