// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include "look/shell.h"

static struct bytes value(void *context, struct bytes name)
{
	(void)context;
	if (bytes_is(name, "HOME"))
		return B("/home/alice");
	if (bytes_is(name, "PATH"))
		return B("/usr/bin:/bin");
	if (bytes_is(name, "TWO"))
		return B("two words");
	return (struct bytes){};
}

/* The commands, each with a blank behind; those of another PATH with that in brackets, "..." where there may be more. */
static const char *read_text(struct arena *arena, const char *text)
{
	const struct shell_variables variables = { .value = value };
	struct shell_commands commands;
	BUFFER_AUTO struct buffer out = {};

	shell_read(arena, bytes_of(text), &variables, &commands);
	for (size_t i = 0; i < commands.n; i++) {
		const struct shell_command *c = &commands.v[i];

		buffer_printf(&out, "%.*s", (int)c->name.n, c->name.p);
		if (c->path.p)
			buffer_printf(&out, "[%.*s]", (int)c->path.n, c->path.p);
		buffer_puts(&out, c->moved ? "? " : " ");
	}
	if (!commands.complete)
		buffer_puts(&out, "...");
	return arena_copy(arena, out.p, out.n);
}

static const struct {
	const char *text, *commands;
} cases[] = {
	{ "", "" },
	{ "frob", "frob " },
	{ "frob -x a b", "frob " },
	{ "  frob\targ # not this", "frob " },
	{ "a; b\nc&d&&e||f|g", "a b c d e f g " },
	{ "a |& b", "a b " },
	/* what the shell does itself */
	{ "cd /opt && ./run", "./run " },
	{ "./run; cd /opt; ./other", "./run? ./other " },
	{ "./run; (cd /opt)", "./run? " },
	{ "/opt/run; cd /", "/opt/run " },
	{ "echo a; exit 127", "" },
	{ "test -x a || [ b ] || frob", "frob " },
	{ ". ./settings; frob", "frob ..." },
	{ "eval $x; frob", "frob ..." },
	/* assignments */
	{ "A=b frob", "frob " },
	{ "A='b c' B=\"d\" frob", "frob " },
	{ "A=b; $A/frob", "b/frob " },
	{ "A=$(b); $A", "..." },
	{ "PATH=/opt frob; a", "frob[/opt] a " },
	{ "PATH=/opt:$PATH; frob; a", "frob[/opt:/usr/bin:/bin] a[/opt:/usr/bin:/bin] " },
	{ "PATH=/opt ; frob", "frob[/opt] " },
	{ "export PATH=/opt:$PATH && frob", "frob[/opt:/usr/bin:/bin] " },
	{ "PATH=`x`; frob", "..." },
	/* redirections */
	{ ">out frob", "frob " },
	{ "frob >out 2>&1 </dev/null; a", "frob a " },
	{ "frob &>out; a", "frob a " },
	{ "2>/dev/null >>log frob | a", "frob a " },
	{ "frob <<< word; a", "frob a " },
	{ "frob <<E\nnot this\nE\n", "frob ..." },
	{ ">|out frob", "frob " },
	/* quotes */
	{ "'frob it' x", "frob it " },
	{ "fr\"ob\"'x'\\ y", "frobx y " },
	{ "\"a;b\" ; c", "a;b c " },
	{ "fro\\\nb", "frob " },
	{ "'not closed", "not closed ..." },
	{ "\"not closed", "not closed ..." },
	/* variables */
	{ "$HOME/bin/frob", "/home/alice/bin/frob " },
	{ "\"${HOME}/frob\"", "/home/alice/frob " },
	{ "~/frob; ~bob/frob", "/home/alice/frob ~bob/frob " },
	{ "$UNSET frob", "frob " },
	{ "$UNSET/frob", "/frob " },
	{ "\"$UNSET\" frob", " " },
	{ "$TWO", "..." },
	{ "\"$TWO\"", "two words " },
	{ "$(which frob) x; a", "a ..." },
	{ "`which frob` x; a", "a ..." },
	{ "${A:-b} x; a", "a ..." },
	{ "$1 x; a", "a ..." },
	{ "a $(b (c) ')' d) e; f", "a f " },
	{ "fro*; a", "a ..." },
	/* what starts others */
	{ "exec frob", "frob " },
	{ "exec -a x frob", "frob " },
	{ "exec >log 2>&1; frob", "frob " },
	{ "command frob", "frob " },
	{ "command -v frob && a", "a " },
	{ "env A=b frob", "env frob " },
	{ "/usr/bin/env -i -u X PATH=/opt frob", "/usr/bin/env frob[/opt] " },
	{ "nohup frob &", "nohup frob " },
	{ "nice -n 5 timeout -k 5 10 frob x", "nice timeout frob " },
	{ "time frob", "frob " },
	{ "! frob", "frob " },
	/* compounds */
	{ "(frob; a)", "frob a " },
	{ "{ frob; a; }; b", "frob a b " },
	{ "if frob; then a; elif b; then c; else d; fi; e", "frob a b c d e " },
	{ "while frob; do a; done | b", "frob a b " },
	{ "for x in a b c; do frob $x; $x; done; d", "frob d ..." },
	{ "case $x in a) frob;; esac", "..." },
	{ "f() { frob; }; f; a", "frob a " },
	{ "function f { frob; }; f", "frob " },
	{ "[[ -x a && b ]] && frob", "..." },
};

static void test_cases(void **state)
{
	struct arena *arena = *state;
	bool good = true;

	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *got = read_text(arena, cases[i].text);

		if (strcmp(got, cases[i].commands)) {
			print_error("%s: got \"%s\", expected \"%s\"\n", cases[i].text, got, cases[i].commands);
			good = false;
		}
		arena_reset(arena);
	}
	assert_true(good);
}

static void test_is(void **state)
{
	(void)state;
	assert_true(shell_is(B("/bin/sh")) && shell_is(B("-bash")) && shell_is(B("busybox")));
	assert_false(shell_is(B("/bin/shutdown")) || shell_is(B("fish")) || shell_is(B("")));
}

int main(void)
{
	struct arena *arena = arena_new();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(test_cases, arena),
		cmocka_unit_test(test_is),
	};
	int status = cmocka_run_group_tests(tests, NULL, NULL);

	arena_free(arena);
	return status;
}
