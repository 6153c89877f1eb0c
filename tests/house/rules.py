# SPDX-License-Identifier: GPL-2.0-only
"""The house rules of CONTRIBUTING.md: a function each, from a folder of sources to lines that say what is wrong where."""

import re

# What may be included: the wings below one's own. The files of src/ itself stand above all of them.
WINGS = ["kernel", "crew", "cause", "print", "filter", "event", "look", "base"]

BANNED = {
    "strcpy": "it knows no size: snprintf() or memcpy()",
    "strcat": "it knows no size: struct buffer",
    "sprintf": "it knows no size: snprintf()",
    "vsprintf": "it knows no size: vsnprintf()",
    "strtok": "it writes into its argument: bytes_cut()",
    "atoi": "it knows no errors: strtol()",
    "gets": "it knows no size",
    "system": "it starts a shell",
    "popen": "it starts a shell",
    "access": "it asks for another user than opens: open() or stat()",
    "alloca": "it knows no end of the stack: struct arena",
}

# Reasons that no row of the corpus provokes: they have examples in the unit tests.
UNPROVOKED = {
    "not_looked": "somebody has to hang, as in tests/attack",
    "out_of_memory": "the kernel kills for memory rather than to answer ENOMEM",
    "out_of_files": "the limit that an exec meets is that of the whole machine",
    "elf_refused": "of a file in which nothing is wrong",
}

# What a hint tells somebody to do, by its first word.
TO_DO = {
    *("add", "allow", "build", "change", "close", "copy", "did", "end", "find", "give", "if", "install", "link", "look"),
    *("mount", "move", "open", "pass", "put", "raise", "repair", "run", "save", "see", "set", "split", "take", "try"),
    *("unmount", "update", "use", "wait", "write"),
}

# Topics of programs that did not start although no exec failed.
NO_EXECS = {
    "rules_library.c": "tests/cli/test_libraries.py builds such libraries, and asks their loader as well",
    "rules_shell.c": "tests/cli/test_starts.py has what ends so",
    "rules_sudo.c": "tests/cli/test_starts.py asks a real one",
    "rules_unit.c": "tests/unit/test_rules_unit.c has systemd's own list",
}

# Of one kernel and not of another: named in bpf/kernel.bpf.h alone, for others to call.
LAYOUT = re.compile(
    r"bpf_core_(?:field|type|enum_value)_(?:exists|size|matches)|bpf_core_type_id|\w___\w|LINUX_KERNEL_VERSION|__TARGET_ARCH_"
)

STDOUT = re.compile(r"\b(?:v?printf|puts|putchar|perror)\s*\(|\bstdout\b")


def code_of(text):
    """The text with what is in comments and strings blanked out; lines stay where they are."""

    def blank(match):
        return re.sub(r"[^\n]", " ", match[0])

    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', blank, text, flags=re.S)


def sources(root, *folders):
    for folder in folders:
        for path in sorted((root / folder).rglob("*.[ch]")):
            yield path.relative_to(root), path.read_text()


def found(path, text, pattern):
    for number, line in enumerate(text.splitlines(), 1):
        for match in re.finditer(pattern, line):
            yield f"{path}:{number}", match


def wing_of(path):
    return path.parts[1] if len(path.parts) > 2 else None


def order_of_wings(root):
    for path, text in sources(root, "src"):
        wing = wing_of(path)
        if wing and wing not in WINGS:
            yield f"{path}:1: {wing}/ is no wing: {' '.join(WINGS)}"
            continue
        for place, match in found(path, text, r'^#include "(?:(\w+)/)?(\w+\.h)"'):
            to = match[1]
            if to is None and wing and (root / "src" / match[2]).exists():
                yield f"{place}: {wing}/ stands below src/{match[2]}, which it may not include"
            elif to in WINGS and wing and WINGS.index(to) < WINGS.index(wing):
                yield f"{place}: {wing}/ stands below {to}/, which it may not include"


def stdout_is_of_print(root):
    for path, text in sources(root, "src"):
        if wing_of(path) == "print" or path.name == "main.c":
            continue
        for place, match in found(path, code_of(text), STDOUT):
            yield f"{place}: {match[0].strip('( ')} is for print/ alone: take a FILE or an output"


def kernels_differ_in_one_place(root):
    for path, text in sources(root, "bpf"):
        if path.name == "kernel.bpf.h":
            continue
        for place, match in found(path, code_of(text), LAYOUT):
            yield f"{place}: {match[0]}: what differs between kernels is named in bpf/kernel.bpf.h"


def programs_have_rows(root):
    """Both ways: a program without a row is never loaded, a row without a program never attached."""
    table = root / "src/kernel/hooks.c"
    rows = {match[1]: place for place, match in found(table.relative_to(root), table.read_text(), r'^\t\{ "(\w+__\w+)"')}
    programs = {}
    for path, text in sources(root, "bpf"):
        for match in re.finditer(r'^SEC\("[^"]+"(?: \w+)?\)\n\w[\w ]*?\**(\w+)\(', text, re.M):
            programs[match[1]] = f"{path}:{text.count(chr(10), 0, match.start()) + 1}"
    for name in programs.keys() - rows.keys():
        yield f"{programs[name]}: {name} has no row in src/kernel/hooks.c"
    for name in rows.keys() - programs.keys():
        yield f"{rows[name]}: there is no program {name} in bpf/"


def reasons_have_rows(root):
    corpus = (root / "tests/e2e/reasons.h").read_text()
    expected = set(re.findall(r'^\t\{ "\w+",\s*\{ "(\w+)"|TOO_LATE\("(\w+)"', corpus, re.M))
    expected = {name for names in expected for name in names}
    for path, text in sources(root, "src/cause"):
        if path.name in NO_EXECS:
            continue
        for place, match in found(path, text, r'\.code = "(\w+)"'):
            if match[1] not in expected and match[1] not in UNPROVOKED:
                yield f"{place}: the reason {match[1]} has no row of the corpus in tests/e2e/reasons.h"
            elif match[1] in expected and match[1] in UNPROVOKED:
                yield f"{place}: the reason {match[1]} has a row, and is said to have none"


def topics_have_examples(root):
    for path, text in sources(root, "src/cause"):
        for place, match in found(path, text, r"^const struct rule (\w+)\[\] = "):
            test = root / f"tests/unit/test_{path.stem}.c"
            if not test.exists() or not re.search(rf"EXAMPLES_RUN\(.*\b{match[1]}\b", test.read_text()):
                yield f"{place}: {match[1]} has no examples in {test.relative_to(root)}"


def fixes_come_last(root):
    """What stands behind a semicolon in a hint is shown as what to do: it begins with that."""
    for path, text in sources(root, "src/cause"):
        if path.stem in ("check", "check_report", "check_tree", "explain"):
            continue
        text = re.sub(r'\.(?:looks|also|fix) =\s*(?:"(?:\\.|[^"\\\n])*"\s*)+', lambda of: re.sub(r"[^\n]", " ", of[0]), text)
        for match in re.finditer(r'"(?:\\.|[^"\\\n])*"(?:\s*"(?:\\.|[^"\\\n])*")*', text):
            words = re.sub(r'"\s*"', "", match[0])
            for word in re.findall(r"; (\w+)", words):
                if word not in TO_DO:
                    yield f"{path}:{text.count(chr(10), 0, match.start()) + 1}: '; {word}' is not what to do: TO_DO"


def no_banned_calls(root):
    pattern = r"(?<![\w.>])(%s)\s*\(" % "|".join(BANNED)
    for path, text in sources(root, "src", "bpf", "compat", "include"):
        for place, match in found(path, code_of(text), pattern):
            yield f"{place}: {match[1]}(): {BANNED[match[1]]}"


def documents_name_what_is_there(root):
    """[`function()`](../path) and [path](../path), from the folder of the document."""
    for document in [*sorted(root.glob("*.md")), *sorted(root.glob("docs/*.md")), *sorted(root.glob("src/**/*.md")), *sorted(root.glob("tests/*/*.md"))]:
        path = document.relative_to(root)
        for place, match in found(path, document.read_text(), r"\[(?:`(\w+)\(\)`)?[^\]]*\]\(([^)#:]+)\)"):
            target = document.parent / match[2]
            if not target.exists():
                yield f"{place}: there is no {match[2]}"
            elif match[1] and not re.search(rf"\b{match[1]}\(", target.read_text()):
                yield f"{place}: there is no {match[1]}() in {match[2]}"


def promises_name_tests(root):
    """What is promised in SECURITY.md has tests, with their names; that these are there is the rule above."""
    path = root / "SECURITY.md"
    text = path.read_text()
    begin = text.find("\n## What is promised\n")
    section = text[begin : text.find("\n## ", begin + 1)] if begin >= 0 else ""
    for match in re.finditer(r"^- \*\*(.+?)\*\*(?:.|\n(?!- ))*", section, re.M):
        if not re.search(r"\[`\w+\(\)`\]\(tests/", match[0]):
            line = text.count("\n", 0, begin + match.start()) + 1
            yield f"SECURITY.md:{line}: no test is named for: {match[1]}"


RULES = [
    order_of_wings,
    stdout_is_of_print,
    kernels_differ_in_one_place,
    programs_have_rows,
    reasons_have_rows,
    topics_have_examples,
    fixes_come_last,
    no_banned_calls,
    documents_name_what_is_there,
    promises_name_tests,
]
