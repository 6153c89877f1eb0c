// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include "event/fields.h"
#include "options.h"

enum { ARGS = 16 };

struct run {
	enum options_result result;
	struct options options;
	char *out, *err;
	char *argv[ARGS + 2]; /* options point into it */
	int argc;
};

/* args: separated by spaces. */
static void run(struct run *run, const char *args)
{
	static char words[1000];
	size_t out_size, err_size;
	FILE *out, *err;

	*run = (struct run){ .argv = { (char *)"execfail" }, .argc = 1 };
	out = open_memstream(&run->out, &out_size);
	err = open_memstream(&run->err, &err_size);
	snprintf(words, sizeof(words), "%s", args);
	for (char *word = strtok(words, " "); word; word = strtok(NULL, " ")) {
		assert_true(run->argc <= ARGS);
		run->argv[run->argc++] = word;
	}
	run->result = options_parse(&run->options, run->argc, run->argv, out, err);
	fclose(out);
	fclose(err);
}

/* Options that are to be used are their user's. */
static void run_end(struct run *run)
{
	if (run->result != OPTIONS_RUN)
		options_free(&run->options);
	free(run->out);
	free(run->err);
}

static struct options parsed(const char *args)
{
	static struct run r; /* until the next: options point into it, and into the words */

	run(&r, args);
	if (r.result != OPTIONS_RUN)
		fail_msg("%s: %s", args, r.err);
	assert_string_equal(r.out, "");
	assert_string_equal(r.err, "");
	run_end(&r);
	return r.options;
}

static void assert_refused(const char *args, const char *expected)
{
	struct run r;

	run(&r, args);
	assert_int_equal(r.result, OPTIONS_USAGE);
	assert_string_equal(r.out, "");
	assert_string_equal(r.err, expected);
	run_end(&r);
	options_free(&r.options);
}

static void assert_done(const char *args, const char *expected)
{
	struct run r;

	run(&r, args);
	assert_int_equal(r.result, OPTIONS_DONE);
	assert_string_equal(r.err, "");
	if (!strstr(r.out, expected))
		fail_msg("%s: %s", args, r.out);
	run_end(&r);
	options_free(&r.options);
}

static void test_defaults(void **state)
{
	struct options options = parsed("");

	(void)state;
	assert_int_equal(options.events.bits, EVENTS_FAILURES);
	assert_ptr_equal(options.printer, &table_printer);
	assert_int_equal(options.tracer.hooks, HOOKS_AUTO);
	assert_int_equal(options.tracer.transport, TRANSPORT_AUTO);
	assert_int_equal(options.tracer.buffer, 16 << 20);
	assert_int_equal(options.nice, -20);
	assert_null(options.tracer.btf);
	assert_true(options.tracer.environment && options.tracer.seccomp);
	assert_false(options.show_secrets || options.doctor || options.verbose);
	assert_null(options.command);
}

static void test_values(void **state)
{
	struct options options =
		parsed("-e all -o json --hooks=kprobe --transport perfbuf --buffer 32M --nice 5 --no-env "
		       "--no-seccomp --show-secrets --doctor -vv");

	(void)state;
	assert_true(event_set_has(options.events, EVENT_PROCESS_EXECUTE_FAILED));
	assert_ptr_equal(options.printer, &json_printer);
	assert_int_equal(options.tracer.hooks, HOOKS_KPROBE);
	assert_int_equal(options.tracer.transport, TRANSPORT_PERFBUF);
	assert_int_equal(options.tracer.buffer, 32 << 20);
	assert_int_equal(options.nice, 5);
	assert_int_equal(parsed("--nice=-3").nice, -3);
	assert_int_equal(parsed("").events.bits, EVENTS_FAILURES);
	assert_int_equal(parsed("-e execve -e execveat").events.bits, 1u << EVENT_EXECVE | 1u << EVENT_EXECVEAT);
	assert_false(options.tracer.environment || options.tracer.seccomp);
	assert_true(options.show_secrets && options.doctor);
	assert_int_equal(options.verbose, 2);
	assert_int_equal(parsed("-v --verbose -v").verbose, 3);
	assert_ptr_equal(parsed("-ojson").printer, &json_printer);
	assert_ptr_equal(parsed("--out json").printer, &json_printer);
	assert_ptr_equal(parsed("-o json -o table").printer, &table_printer);
	assert_int_equal(parsed("--event=process_execution_failed").events.bits, 1u << EVENT_PROCESS_EXECUTE_FAILED);
}

static void test_style(void **state)
{
	struct options options = parsed("--fields path,errno,path --time=delta --color never --wide -q");

	(void)state;
	assert_int_equal(options.style.n_fields, 2);
	assert_ptr_equal(options.style.fields[0], fields_find("path"));
	assert_ptr_equal(options.style.fields[1], fields_find("errno"));
	assert_int_equal(options.style.time, STYLE_DELTA);
	assert_int_equal(options.style.colour, STYLE_NEVER);
	assert_true(options.style.wide && options.quiet);
	assert_int_equal(parsed("--fields path --fields errno").style.n_fields, 1);
	assert_refused("--fields path,erno",
		       "execfail: unknown field 'erno': did you mean 'errno'? (--list-fields lists "
		       "them)\n");
	assert_refused("--fields=", "execfail: unknown field '' (--list-fields lists them)\n");
	assert_refused("--time=utcc",
		       "execfail: unknown time 'utcc': did you mean 'utc'? (local, utc, relative, delta)\n");
	assert_refused("--color=x", "execfail: unknown color 'x' (auto, always, never)\n");
}

static void test_folding(void **state)
{
	(void)state;
	assert_int_equal(parsed("").fold, FOLD_ON);
	assert_int_equal(parsed("").repeats_ms, 10000);
	assert_int_equal(parsed("-o json").fold, FOLD_OFF);
	assert_int_equal(parsed("-o json").repeats_ms, 0);
	assert_int_equal(parsed("-o json --fold=on --repeats=1.5").fold, FOLD_ON);
	assert_int_equal(parsed("-o json --fold=on --repeats=1.5").repeats_ms, 1500);
	assert_int_equal(parsed("--fold=off").fold, FOLD_OFF);
	assert_int_equal(parsed("--repeats=off").repeats_ms, 0);
	assert_int_equal(parsed("--repeats=off").fold, FOLD_ON);
	assert_int_equal(parsed("--all").fold, FOLD_OFF);
	assert_int_equal(parsed("--all").repeats_ms, 0);
	assert_refused("--fold=maybe", "execfail: unknown fold 'maybe' (auto, on, off)\n");
	assert_refused("--repeats=never", "execfail: --repeats 'never' is not off or a time (10, 500ms, 1m)\n");
}

static void test_ends(void **state)
{
	(void)state;
	assert_int_equal(parsed("").count, 0);
	assert_int_equal(parsed("").duration_ms, 0);
	assert_int_equal(parsed("-n 5").count, 5);
	assert_int_equal(parsed("-d 30").duration_ms, 30000);
	assert_int_equal(parsed("-d 10s").duration_ms, 10000);
	assert_int_equal(parsed("-d 500ms").duration_ms, 500);
	assert_int_equal(parsed("--duration=5m").duration_ms, 300000);
	assert_int_equal(parsed("-d 0.5h").duration_ms, 1800000);
	assert_string_equal(parsed("-w -").write_to, "-");
	assert_null(parsed("").write_to);
	assert_refused("--write=", "execfail: -w '' is not a file (- is standard output)\n");
	assert_refused("-n 0", "execfail: -n '0' is not a number of events from 1 on\n");
	assert_refused("-n 5x", "execfail: -n '5x' is not a number of events from 1 on\n");
	assert_refused("-n -5", "execfail: -n '-5' is not a number of events from 1 on\n");
#define NO_TIME(text)                                                                                                  \
	assert_refused("-d " text, "execfail: -d '" text "' is not a time (30, 500ms, 5m, up to 24 days)\n")
	NO_TIME("0");
	NO_TIME("-1");
	NO_TIME("+1");
	NO_TIME("x");
	NO_TIME("10x");
	NO_TIME("inf");
	NO_TIME("0x10");
	NO_TIME("1e3");
	NO_TIME("99d");
	NO_TIME("1s2");
}

static void test_pids(void **state)
{
	struct options options = parsed("-p 812,4711 --pid=1");

	(void)state;
	assert_int_equal(options.n_pids, 3);
	assert_int_equal(options.pids[0], 812);
	assert_int_equal(options.pids[1], 4711);
	assert_int_equal(options.pids[2], 1);
	options_free(&options);
	assert_int_equal(parsed("").n_pids, 0);
	assert_refused("-p 0", "execfail: -p '0' is not a list of process numbers (812 or 812,4711)\n");
	assert_refused("-p 4194304", "execfail: -p '4194304' is not a list of process numbers (812 or 812,4711)\n");
	assert_refused("-p 99999999999",
		       "execfail: -p '99999999999' is not a list of process numbers (812 or 812,4711)\n");
	assert_refused("-p 1,,2", "execfail: -p '1,,2' is not a list of process numbers (812 or 812,4711)\n");
	assert_refused("-p -1", "execfail: -p '-1' is not a list of process numbers (812 or 812,4711)\n");
	assert_refused("-p 1 -- true", "execfail: -p follows processes that are there: not with a command\n");
	assert_refused(
		"-p 1 explain true",
		"execfail: -p follows processes that are there: not with explain or check (put it behind that word)\n");
}

static void test_filters(void **state)
{
	struct options options = parsed("-f errno=2 -u 0 -c sh --unit a.service --container 3f --cgroup /a");

	(void)state;
	assert_int_equal(options.filter.n, 6);
	options_free(&options);
	options_free(&options);
	assert_refused("-f reason=text_bussy",
		       "execfail: filter 'reason=text_bussy': 'text_bussy' is no reason: did you mean 'text_busy'?\n");
	assert_refused("--cgroup a", "execfail: --cgroup 'a': a control group is named by its path from /\n");
}

static void test_btf(void **state)
{
	struct run r;

	(void)state;
	run(&r, "--btf file.btf");
	assert_string_equal(r.options.tracer.btf, "file.btf");
	run_end(&r);
}

static void test_names(void **state)
{
	(void)state;
	for (int hooks = HOOKS_AUTO; hooks <= HOOKS_TRACEPOINT; hooks++) {
		char args[64];

		snprintf(args, sizeof(args), "--hooks %s", hooks_names[(enum hooks)hooks]);
		assert_int_equal(parsed(args).tracer.hooks, hooks);
	}
	for (int transport = TRANSPORT_AUTO; transport <= TRANSPORT_PERFBUF; transport++) {
		char args[64];

		snprintf(args, sizeof(args), "--transport %s", transport_names[(enum transport)transport]);
		assert_int_equal(parsed(args).tracer.transport, transport);
	}
}

static void test_buffer(void **state)
{
	(void)state;
	assert_refused("--nice 20", "execfail: --nice '20' is not a number between -20 and 19\n");
	assert_refused("--nice x", "execfail: --nice 'x' is not a number between -20 and 19\n");
	assert_int_equal(parsed("--buffer 131072").tracer.buffer, 131072);
	assert_int_equal(parsed("--buffer 128K").tracer.buffer, 131072);
	assert_int_equal(parsed("--buffer 128k").tracer.buffer, 131072);
	assert_int_equal(parsed("--buffer 1g").tracer.buffer, 1 << 30);
#define REFUSED(text)                                                                                                  \
	assert_refused("--buffer " text, "execfail: --buffer '" text "' is not a size between 128K and 1G\n")
	REFUSED("0");
	REFUSED("1");
	REFUSED("127K");
	REFUSED("131071");
	REFUSED("-1");
	REFUSED("-16M");
	REFUSED("+16M");
	REFUSED("M");
	REFUSED("16MB");
	REFUSED("16T");
	REFUSED("0x100000");
	REFUSED("2G");
	REFUSED("1025M");
	REFUSED("99999999999999999999999999");
	REFUSED("18446744073709551615G");
#undef REFUSED
}

static void test_command(void **state)
{
	struct run r;

	(void)state;
	run(&r, "-v -- make -o check -- --help");
	assert_int_equal(r.result, OPTIONS_RUN);
	assert_ptr_equal(r.options.command, &r.argv[3]);
	assert_string_equal(r.options.command[0], "make");
	assert_string_equal(r.options.command[4], "--help");
	assert_null(r.options.command[5]);
	assert_ptr_equal(r.options.printer, &table_printer);
	run_end(&r);
	run(&r, "-- --version");
	assert_int_equal(r.result, OPTIONS_RUN);
	assert_string_equal(r.options.command[0], "--version");
	run_end(&r);
}

static void test_command_without_dashes(void **state)
{
	(void)state;
	assert_refused("make check", "execfail: unexpected argument 'make': put -- before a command to trace\n");
	assert_refused("-v make -- check", "execfail: unexpected argument 'make': put -- before a command to trace\n");
	assert_refused("-", "execfail: unexpected argument '-': put -- before a command to trace\n");
	assert_refused("--", "execfail: no command after --\n");
	assert_refused("-v --", "execfail: no command after --\n");
}

static void test_unknown_values(void **state)
{
	(void)state;
	assert_refused(
		"-o jsn",
		"execfail: unknown output 'jsn': did you mean 'json'? (table, json, logfmt, ecs, otel, journal, github)\n");
	assert_refused("-o xml", "execfail: unknown output 'xml' (table, json, logfmt, ecs, otel, journal, github)\n");
	assert_refused("--hooks=fentri", "execfail: unknown hooks 'fentri': did you mean 'fentry'? "
					 "(auto, fentry, kprobe, legacy, tracepoint)\n");
	assert_refused("--transport=ring", "execfail: unknown transport 'ring': did you mean 'ringbuf'? "
					   "(auto, ringbuf, perfbuf)\n");
	assert_refused("-e proces_execute_failed", "execfail: unknown event 'proces_execute_failed': did you mean "
						   "'process_execute_failed'? (-e help lists them)\n");
	assert_refused("-o \x1b[31m\xff",
		       "execfail: unknown output '\\x1b[31m\\xff' (table, json, logfmt, ecs, otel, journal, github)\n");
}

static void test_unknown_options(void **state)
{
	(void)state;
	assert_refused("--outptu json", "execfail: unknown option '--outptu': did you mean '--output'? "
					"(--help lists them)\n");
	assert_refused("--xyzzy=1", "execfail: unknown option '--xyzzy=1' (--help lists them)\n");
	assert_refused("--no-env --xyzzy", "execfail: unknown option '--xyzzy' (--help lists them)\n");
	assert_refused("-x", "execfail: unknown option '-x' (--help lists them)\n");
	assert_refused("-vx", "execfail: unknown option '-vx' (--help lists them)\n");
	assert_refused("-xv", "execfail: unknown option '-xv' (--help lists them)\n");
	assert_refused("-v -vxv -v", "execfail: unknown option '-vxv' (--help lists them)\n");
	assert_refused("-o json -x", "execfail: unknown option '-x' (--help lists them)\n");
	assert_refused("-\x1b", "execfail: unknown option '-\\x1b' (--help lists them)\n");
	assert_refused("--ver", "execfail: option '--ver' can mean several\n");
	assert_refused("-o", "execfail: option '-o' needs a value\n");
	assert_refused("-vo", "execfail: option '-o' needs a value\n");
	assert_refused("--output", "execfail: option '--output' needs a value\n");
	assert_refused("--verbose=3", "execfail: option '--verbose' takes no value\n");
}

static void test_what_is_printed(void **state)
{
	(void)state;
	assert_done("--help", "Usage: execfail [OPTION...] [-- COMMAND [ARGUMENT...]]\n");
	assert_done("-h", "  -e, --event=LIST");
	assert_done("-?", "--show-secrets");
	assert_done("-v --help --xyzzy", "Examples:");
	assert_done("--version", "execfail ");
	assert_done("-V", "execfail ");
	assert_done("-e help", "process_execute_failed");
	assert_done("--list-fields", "binary.inode_number");
	/* the first that ends it wins */
	assert_done("-V -o xml", "execfail ");
}

static void test_help_fits(void **state)
{
	struct run r;

	(void)state;
	run(&r, "--help");
	for (char *line = strtok(r.out, "\n"); line; line = strtok(NULL, "\n"))
		assert_true(strlen(line) < 80);
	run_end(&r);
}

static void test_explain(void **state)
{
	struct options options = parsed("explain ./run.sh -x");

	(void)state;
	assert_string_equal(options.explain[0], "./run.sh");
	assert_string_equal(options.explain[1], "-x");
	assert_null(options.explain[2]);
	assert_null(options.command);
	options = parsed("-o json explain -v -- -tool");
	assert_string_equal(options.explain[0], "-tool");
	assert_ptr_equal(options.printer, &json_printer);
	assert_int_equal(options.verbose, 1);
	options = parsed("explain explain");
	assert_string_equal(options.explain[0], "explain");
	options = parsed("-- explain x");
	assert_string_equal(options.command[0], "explain");
	assert_null(options.explain);
	options = parsed("explain a b");
	assert_true(options.job.several);
	options = parsed("explain -- a b");
	assert_false(options.job.several);
	options = parsed("explain --user=bob -o json --cwd /x ./run.sh -x");
	assert_string_equal(options.job.user, "bob");
	assert_string_equal(options.job.cwd, "/x");
	assert_ptr_equal(options.printer, &json_printer);
	assert_false(options.job.several);
	options = parsed("explain -p1 -q x");
	assert_string_equal(options.job.pid, "1");
	assert_true(options.quiet);
	assert_refused("explain --usr x",
		       "execfail: unknown option '--usr': did you mean '--user'? (execfail explain --help lists "
		       "them)\n");
	assert_refused("explain --user", "execfail: option '--user' needs a value\n");
	assert_refused("explain -p 1 --unit x y",
		       "execfail: --user, --pid, --unit and --container each say who is meant: take one\n");
	assert_refused("explain -p 1 --root /x y",
		       "execfail: --pid and --container have a root of their own: not with --root\n");
	assert_refused("explain -o sarif x", "execfail: unknown output 'sarif' (table, json)\n");
	assert_refused("-c bob explain x",
		       "execfail: filters are of events: put what is for explain or check behind that word\n");
	assert_refused("explain", "execfail: explain which program?\n");
	assert_refused("explain --", "execfail: explain which program?\n");
}

static void test_check(void **state)
{
	struct options options = parsed("check --root / --machine aarch64 -o sarif /opt/app");

	(void)state;
	assert_string_equal(options.check, "/opt/app");
	assert_string_equal(options.job.root, "/");
	assert_string_equal(options.job.machine, "aarch64");
	assert_true(options.job.sarif);
	assert_null(options.explain);
	options = parsed("-o json check x");
	assert_false(options.job.sarif);
	assert_ptr_equal(options.printer, &json_printer);
	assert_refused("check", "execfail: check which directory?\n");
	assert_refused("check a b", "execfail: check takes one directory\n");
	assert_refused("check --user x a", "execfail: unknown option '--user' (execfail check --help lists them)\n");
	assert_refused("check --output=xml a", "execfail: unknown output 'xml' (table, json, sarif)\n");
}

static void test_list_reasons(void **state)
{
	struct run r;

	(void)state;
	run(&r, "--list-reasons");
	assert_int_equal(r.result, OPTIONS_DONE);
	assert_non_null(strstr(r.out, "loader_missing"));
	run_end(&r);
	run(&r, "--list-reasons=markdown");
	assert_int_equal(r.result, OPTIONS_DONE);
	assert_non_null(strstr(r.out, "| `loader_missing` | interpreter |"));
	run_end(&r);
	assert_refused("--list-reasons=html", "execfail: unknown form 'html' (markdown)\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_btf),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_buffer),
		cmocka_unit_test(test_command),
		cmocka_unit_test(test_command_without_dashes),
		cmocka_unit_test(test_unknown_values),
		cmocka_unit_test(test_style),
		cmocka_unit_test(test_folding),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_pids),
		cmocka_unit_test(test_filters),
		cmocka_unit_test(test_unknown_options),
		cmocka_unit_test(test_what_is_printed),
		cmocka_unit_test(test_help_fits),
		cmocka_unit_test(test_explain),
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_list_reasons),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
