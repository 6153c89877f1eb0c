# SPDX-License-Identifier: GPL-2.0-only
"""systemd's units: what it ends them with instead of executing the program, and explain as one of them."""
import shutil
import subprocess

from harness import Skip, expect, run


def test_statuses_of_systemd():
    """Each status that this systemd has of its own, below that of sd_notify's exceptions, is a reason."""
    if not shutil.which("systemd-analyze"):
        raise Skip("no systemd-analyze")
    rows = subprocess.run(["systemd-analyze", "exit-status"], capture_output=True, text=True, check=True).stdout.splitlines()
    names = {row.split()[0].lower() for row in rows if row.split()[2] == "systemd" and 200 <= int(row.split()[1]) < 255}
    reasons = {line.split()[0] for line in run("--list-reasons").out.splitlines()}
    expect(len(names) > 30, rows)
    missing = {name for name in names if f"unit_{name}" not in reasons}
    expect(not missing, missing)
