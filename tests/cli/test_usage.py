# SPDX-License-Identifier: GPL-2.0-only
"""Wrong usage: one line that says what is meant instead, and status 2."""
from harness import USAGE, as_nobody, expect, one_line, run


def test_unknown_event():
    one_line(run("-e", "process_execute_faild"), USAGE, "process_execute_faild", "mean 'process_execute_failed'")


def test_unknown_event_in_list():
    one_line(run("-e", "process_execute_failed,nonsense"), USAGE, "'nonsense'")


def test_unknown_values():
    one_line(run("-o", "jsn"), USAGE, "'jsn'", "json")
    one_line(run("--hooks=kprob"), USAGE, "'kprob'", "kprobe")
    one_line(run("--transport=ring"), USAGE, "'ring'", "ringbuf")
    one_line(run("--buffer=much"), USAGE, "'much'")


def test_unknown_option():
    one_line(run("--hoks=kprobe"), USAGE, "--hooks")
    one_line(run("-Z"), USAGE, "-Z")


def test_option_without_value():
    one_line(run("-e"), USAGE, "-e", "value")


def test_command_without_dashes():
    one_line(run("make", "check"), USAGE, "'make'", "--")


def test_word_without_dashes():
    one_line(run("explian", "/bin/true"), USAGE, "'explian'", "did you mean 'explain'?")
    one_line(run("help"), USAGE, "'help'", "did you mean '--help'?")
    one_line(run("docter"), USAGE, "did you mean '--doctor'?")


def test_dashes_without_command():
    one_line(run("--"), USAGE, "--")


def test_explain_nothing():
    one_line(run("explain"), USAGE, "explain")


def test_explain_empty_name():
    """A variable without a value."""
    done = run("explain", "")
    expect(done.status == 1 and "the path is empty" in done.out and not done.err, done)


def test_usage_not_root():
    """It is said before anything is asked of the kernel."""
    one_line(as_nobody("-o jsn"), USAGE, "'jsn'", "json")
