# SPDX-License-Identifier: GPL-2.0-only
"""For each of the house rules: files, and what it is to say of them. The first of each are in order."""

# What every rule may read.
NOTHING = {"src/kernel/hooks.c": "", "tests/e2e/reasons.h": "", "bpf/kernel.bpf.h": "", "src/main.c": "", "SECURITY.md": ""}

OF = {
    "order_of_wings": [
        ({"src/event/a.c": '#include "base/b.h"\n#include "event/c.h"\n#include "record.h"\n#include <d.h>\n'}, []),
        ({"src/main.c": '#include "kernel/a.h"\n#include "base/b.h"\n'}, []),
        (
            {"src/look/a.h": '#include "base/b.h"\n#include "event/c.h"\n'},
            ["src/look/a.h:2: look/ stands below event/, which it may not include"],
        ),
        (
            {"src/print/a.c": '#include "options.h"\n', "src/options.h": ""},
            ["src/print/a.c:1: print/ stands below src/options.h, which it may not include"],
        ),
        (
            {"src/attic/a.c": ""},
            ["src/attic/a.c:1: attic/ is no wing: kernel crew cause print filter event look base"],
        ),
    ],
    "stdout_is_of_print": [
        ({"src/print/a.c": "printf(x);\n", "src/main.c": "f(stdout);\n"}, []),
        ({"src/look/a.c": '/* printf( */ snprintf(x); log("stdout"); fprintf(to, x); // puts(\n'}, []),
        (
            {"src/look/a.c": "f();\nprintf(x);\nfputs(x, stdout);\n"},
            [
                "src/look/a.c:2: printf is for print/ alone: take a FILE or an output",
                "src/look/a.c:3: stdout is for print/ alone: take a FILE or an output",
            ],
        ),
    ],
    "kernels_differ_in_one_place": [
        ({"bpf/kernel.bpf.h": "struct x___old {};\nbpf_core_field_exists(x)\n", "bpf/a.bpf.c": "a__b(x); // x___old\n"}, []),
        (
            {"bpf/a.bpf.c": "if (bpf_core_field_exists(x))\n\tstruct x___old *y;\n"},
            [
                "bpf/a.bpf.c:1: bpf_core_field_exists: what differs between kernels is named in bpf/kernel.bpf.h",
                "bpf/a.bpf.c:2: x___o: what differs between kernels is named in bpf/kernel.bpf.h",
            ],
        ),
    ],
    "programs_have_rows": [
        ({"bpf/a.bpf.c": 'SEC("kprobe/x")\nint a__x(void)\n', "src/kernel/hooks.c": '\t{ "a__x", F },\n'}, []),
        (
            {"bpf/a.bpf.c": '\nSEC("kprobe/" X)\nint a__x(void)\nSEC("tp/y")\nint a__y(void)\n'.replace('" X', 'x"', 1)},
            [
                "bpf/a.bpf.c:2: a__x has no row in src/kernel/hooks.c",
                "bpf/a.bpf.c:4: a__y has no row in src/kernel/hooks.c",
            ],
        ),
        ({"src/kernel/hooks.c": '\t{ "a__x", F },\n'}, ["src/kernel/hooks.c:1: there is no program a__x in bpf/"]),
    ],
    "reasons_have_rows": [
        ({"src/cause/a.c": '.code = "x",\n', "tests/e2e/reasons.h": '\t{ "row", { "x", "hint" } },\n'}, []),
        ({"src/cause/a.c": '.code = "elf_refused",\n'}, []),
        ({"src/cause/a.c": '.code = "z",\n', "tests/e2e/reasons.h": '\t  TOO_LATE("z", "hint") },\n'}, []),
        (
            {"src/cause/a.c": '.code = "elf_refused",\n', "tests/e2e/reasons.h": '\t{ "row", { "elf_refused", "" } },\n'},
            ["src/cause/a.c:1: the reason elf_refused has a row, and is said to have none"],
        ),
        (
            {"src/cause/a.c": '\n.code = "y",\n', "tests/e2e/reasons.h": '\t{ "row", { "x", "y" } },\n'},
            ["src/cause/a.c:2: the reason y has no row of the corpus in tests/e2e/reasons.h"],
        ),
    ],
    "topics_have_examples": [
        (
            {
                "src/cause/rules_a.c": "const struct rule rules_a[] = {\nconst struct rule rules_b[] = {\n",
                "tests/unit/test_rules_a.c": "return EXAMPLES_RUN(rules_a, rules_b);\n",
            },
            [],
        ),
        (
            {
                "src/cause/rules_a.c": "const struct rule rules_a[] = {\nconst struct rule rules_b[] = {\n",
                "src/cause/rules_c.c": "const struct rule rules_c[] = {\n",
                "tests/unit/test_rules_a.c": "/* rules_b */\nreturn EXAMPLES_RUN(rules_a);\n",
            },
            [
                "src/cause/rules_a.c:2: rules_b has no examples in tests/unit/test_rules_a.c",
                "src/cause/rules_c.c:1: rules_c has no examples in tests/unit/test_rules_c.c",
            ],
        ),
    ],
    "fixes_come_last": [
        ({"src/cause/a.c": 'say("x is not there; install it");\nf("a; "\n  "run it");\n.fix = "Try; or not.",\n'}, []),
        (
            {"src/cause/a.c": 'f();\nsay("x; it is "\n\t"there; install it");\n'},
            ["src/cause/a.c:2: '; it' is not what to do: TO_DO"],
        ),
    ],
    "no_banned_calls": [
        ({"src/base/a.c": "snprintf(x);\nlook_access(x);\nenum access y;\nops->access(x);\n/* system() */\n"}, []),
        (
            {"src/base/a.c": "strcpy(x, y);\n", "bpf/a.bpf.c": "\nif (access(x)\n"},
            [
                "bpf/a.bpf.c:2: access(): it asks for another user than opens: open() or stat()",
                "src/base/a.c:1: strcpy(): it knows no size: snprintf() or memcpy()",
            ],
        ),
    ],
    "documents_name_what_is_there": [
        ({"docs/a.md": "[`f()`](../src/a.c) [x](b.md) [y](#z) [z](scheme:w)\n", "docs/b.md": "", "src/a.c": "int f(x);\n"}, []),
        (
            {"docs/a.md": "\n[`f()`](../src/a.c), [b](b.md)\n", "src/a.c": "int ff(x);\n"},
            ["docs/a.md:2: there is no f() in ../src/a.c", "docs/a.md:2: there is no b.md"],
        ),
    ],
    "promises_name_tests": [
        ({"SECURITY.md": "# A\n\n- **b**\n\n## What is promised\n\n- **One.** x\n  [`test_a()`](tests/a.py)\n- **Two.** [`test_b()`](tests/b.py)\n\n## C\n\n- **d**\n"}, []),
        (
            {"SECURITY.md": "# A\n\n## What is promised\n\n- **One.** x\n  [y](tests/a.py)\n- **Two.** [`test_b()`](tests/b.py)\n- **Three.** test_c()\n"},
            ["SECURITY.md:5: no test is named for: One.", "SECURITY.md:8: no test is named for: Three."],
        ),
    ],
}
