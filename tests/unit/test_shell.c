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
	if (bytes_is(name, "BASH_FUNC_given%%"))
		return B("() { :; }");
	return (struct bytes){};
}

/*
 * The commands, each with a blank behind; those of another PATH with that in brackets, those that need not be looked
 * for in parentheses. "..." where there may be more; "127" where the text itself may end so, "128" where what the shell
 * does itself may.
 */
static const char *read_text(struct arena *arena, enum shell_kind kind, const char *text)
{
	const struct shell_world world = { .value = value, .kind = kind };
	struct shell_commands commands;
	BUFFER_AUTO struct buffer out = {};

	shell_read(arena, bytes_of(text), &world, &commands);
	for (size_t i = 0; i < commands.n; i++) {
		const struct shell_command *c = &commands.v[i];

		buffer_printf(&out, c->sure ? "%.*s" : "(%.*s)", (int)c->name.n, c->name.p);
		if (c->path.p)
			buffer_printf(&out, "[%.*s]", (int)c->path.n, c->path.p);
		buffer_puts(&out, c->moved ? "? " : " ");
	}
	if (!commands.complete)
		buffer_puts(&out, "...");
	buffer_puts(&out, commands.chosen ? " 127" : "");
	buffer_puts(&out, commands.others ? " 128" : "");
	return arena_copy(arena, out.p, out.n);
}

static const struct {
	const char *text, *commands;
} cases[] = {
	{ "", "" },
	{ "frob", "frob " },
	{ "frob -x a b", "frob " },
	{ "  frob\targ # not this", "frob " },
	{ "a; b\nc&d&&e||f|g", "a b c d (e) (f) (g) " },
	{ "a |& b", "a b " },
	/* what the shell does itself */
	{ "cd /opt && ./run", "(./run) " },
	{ "./run; cd /opt; ./other", "./run? ./other " },
	{ "./run; (cd /opt)", "./run " },
	{ "/opt/run; cd /", "/opt/run " },
	{ "echo a; exit 127", " 127" },
	{ "test -x a || [ b ] || frob", "(frob) " },
	{ "a; . ./settings; frob", "a ..." },
	{ "eval $x; frob", "..." },
	/* assignments */
	{ "A=b frob", "frob " },
	{ "A='b c' B=\"d\" frob", "frob " },
	{ "A=b; $A/frob", "b/frob " },
	{ "A=$(b); $A", "(b) ..." },
	{ "PATH=/opt frob; a", "frob[/opt] a " },
	{ "PATH=/opt:$PATH; frob; a", "frob[/opt:/usr/bin:/bin] a[/opt:/usr/bin:/bin] " },
	{ "PATH=/opt ; frob", "frob[/opt] " },
	{ "export PATH=/opt:$PATH && frob", "(frob)[/opt:/usr/bin:/bin] " },
	{ "PATH=`x`; frob", "(x) ..." },
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
	{ "~/frob; ~bob/frob", "/home/alice/frob ..." },
	{ "$UNSET frob", "frob " },
	{ "$UNSET/frob", "/frob " },
	{ "\"$UNSET\" frob", " " },
	{ "$TWO", "..." },
	{ "\"$TWO\"", "two words " },
	{ "$(which frob) x; a", "a (which) ..." },
	{ "`which frob` x; a", "a (which) ..." },
	{ "${A:-b} x; a", "a ..." },
	{ "$1 x; a", "a ..." },
	{ "a $(b (c) ')' d) e; f", "a f (b) ..." },
	{ "fro*; a", "a ..." },
	/* what starts others */
	{ "exec frob", "frob " },
	{ "exec -a x frob", "frob " },
	{ "exec >log 2>&1; frob", "frob " },
	{ "command frob", "frob " },
	{ "command -v frob && a", "(a)  128" },
	{ "env A=b frob", "env frob " },
	{ "/usr/bin/env -i -u X PATH=/opt frob", "/usr/bin/env frob[/opt] " },
	{ "nohup frob &", "nohup frob " },
	{ "nice -n 5 timeout -k 5 10 frob x", "nice timeout frob " },
	{ "time frob", "frob " },
	{ "! frob", "frob " },
	/* compounds */
	{ "(frob; a)", "frob a " },
	{ "{ frob; a; }; b", "frob a b " },
	{ "if frob; then a; elif b; then c; else d; fi; e", "(frob) (a) (b) (c) (d) e " },
	{ "while frob; do a; done | b", "(frob) (a) b " },
	{ "for x in a b c; do frob $x; $x; done; d", "(frob) d ..." },
	{ "case $x in a) frob;; esac", "..." },
	{ "case $x in a) exit  127;; esac", "... 127" },
	{ "a; . ./b; return 126", "a ... 127" },
	{ ". ./a # exit 12\nexit $x", "..." },
	{ "f() { frob; }; f; a", "(frob) (a)  128" },
	{ "function f { frob; }; f", "(frob)  128" },
	{ "[[ -x a && b ]] && frob", "..." },
	{ "{ a; } | (b) && c", "a b (c) " },
	{ "if (a) then b; fi", "(a) (b) " },
	{ "(a) b", "a ..." },
	{ "a (b)", "a ..." },
	/* what other shells do for it */
	{ "x=$(a -b | c); exit $?", "(a) (c) " },
	{ "A=$(cd /opt; echo \"$(./a) `b`\"); ./c", "./c (./a)? (b) " },
	{ "A=z; x=$($A b); echo $((1 + 2))", "..." },
	{ "x=$(exit 127)", " 127" },
	{ "x=`echo \\`a\\``; x=${y:-$(b)}; c", "c ..." },
	/* what is no command */
	{ "((i++)); a", "a ..." },
	{ "for ((i=0;i<1;i++)); do a; done", "..." },
	{ "x=(one two); a", "a " },
	{ "x+=(one); y[0]=z; a", "a " },
	{ "diff <(a) file; b", "diff b ..." },
	{ "while read x; do a; done < <(b); c", "(a) c ..." },
	{ "exec {fd}<file; a", "a " },
	{ "time -p a", "a " },
	{ "env - a; env --unset X b; c", "env a env c ..." },
	{ "timeout --signal KILL 5 a; b", "timeout b ..." },
	{ "x=$(case a in a) b;; esac); c", "..." },
	{ "x=$(echo ')' \")\" # it's\n); c", "..." },
	{ "x=$(echo \")\"); c", "c " },
	{ "echo $'it\\'s'; a; echo 'x'", "a " },
	{ "\"${x:-it's}\"; a; echo 'b'", "..." },
	{ "/bin/{a,b}; c", "c ..." },
	{ "/bin/[ab]; [ c ]; d", "d ..." },
	/* what another command sets */
	{ "read x; $x a; b", "b ..." },
	{ "printf -v x a; $x b", "..." },
	{ ": ${x:=a}; $x b", "..." },
	{ "$BASH -c a; $PWD/b", "..." },
	{ "PATH=/opt:~/bin; a", "..." },
	{ "(PATH=/opt; a); b", "a[/opt] ..." },
	{ "(cd /opt; ./a); ./b", "./a? ./b " },
	{ "if a; then x=b; fi; $x", "(a) ..." },
	{ "a && x=b; $x", "a ..." },
	{ "given; a", "a  128" },
	{ "a() { command a; }; a", "(a)  128" },
	{ "builtin a; b", "b  128" },
	{ "cd x; PATH=.:$PATH; a; cd ..; b; /c", "a[.:/usr/bin:/bin]? b[.:/usr/bin:/bin] /c[.:/usr/bin:/bin] " },
	{ "test -x a && ./a; exit 126", "(./a)  127" },
	{ "alias x=a; x; hash -p /opt/y y; y", " 128" },
	/* what need not be reached */
	{ "exit 1; a", "(a) " },
	{ "a || exit 1; b", "a b " },
	{ "a || exit; b", "a (b) " },
	{ "a || exit $?; b", "a (b) " },
	{ "exit $1; a", "(a)  128" },
	{ "f() { return 127; }; f; a", "(a)  127 128" },
	{ "set -u; a", "(a)  128" },
	{ "trap 'exit 127' EXIT; a", "(a)  128" },
	{ ": ${x:?}; a", "(a)  127" },
	{ ": ${HOME:?}; a", "a " },
	{ "exec a; b", "a (b) " },
	{ "a; wait 1", "a  128" },
};

/* In dash these are commands like any other, and are looked for. */
static const struct {
	const char *text, *commands;
} dash_cases[] = {
	{ "source x; a", "source a " },        { "pushd x; let i=1; declare -x y", "pushd let declare " },
	{ "[[ a = b ]]; time a", "[[ time " }, { "function f", "function " },
	{ "builtin a", "builtin " },           { "chdir /opt; ./a", "./a " },
};

static void test_cases(void **state)
{
	struct arena *arena = *state;
	bool good = true;

	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *got = read_text(arena, SHELL_BASH, cases[i].text);

		if (strcmp(got, cases[i].commands)) {
			print_error("%s: got \"%s\", expected \"%s\"\n", cases[i].text, got, cases[i].commands);
			good = false;
		}
		arena_reset(arena);
	}
	assert_true(good);
}

static void test_dash(void **state)
{
	for (size_t i = 0; i < COUNT(dash_cases); i++)
		assert_string_equal(read_text(*state, SHELL_DASH, dash_cases[i].text), dash_cases[i].commands);
}

/* Each doubles what the one before it has: a text of a kilobyte would fill all memory. */
static void test_doubling(void **state)
{
	struct buffer text = {};

	buffer_puts(&text, "A=0123456789");
	for (int i = 0; i < 200; i++)
		buffer_puts(&text, "; A=$A$A");
	buffer_puts(&text, "; last");
	buffer_put(&text, '\0');
	assert_string_equal(read_text(*state, SHELL_BASH, text.p), "...");
	buffer_free(&text);
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
		cmocka_unit_test_prestate(test_dash, arena),
		cmocka_unit_test_prestate(test_doubling, arena),
		cmocka_unit_test(test_is),
	};
	int status = cmocka_run_group_tests(tests, NULL, NULL);

	arena_free(arena);
	return status;
}
