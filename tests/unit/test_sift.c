// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include "event/names.h"
#include "filter/sift.h"

/* --- the same numbers in each run --- */

static uint64_t state_of_luck = 42;

static uint32_t any(uint32_t n)
{
	state_of_luck = state_of_luck * 6364136223846793005ull + 1442695040888963407ull;
	return (uint32_t)(state_of_luck >> 33) % n;
}

#define ANY_OF(list) (list)[any(sizeof(list) / sizeof((list)[0]))]

/* --- events --- */

static const uint32_t numbers[] = { 0, 1, 2, 999, 1000, 1001, 65534, RECORD_UNKNOWN - 1, RECORD_UNKNOWN };
static const uint32_t namespaces[] = { 0, 1, 4026531836, 4026532000, RECORD_UNKNOWN };
static const char *const names[] = { "cron", "crond", "cro", "", "a*b", "fifteen-letters", "x" };
static const char *const groups[] = { "/", "/a", "/a/b", "/a/bc", "/b/a", "/a/b/c/d", "/a/a/b" };
static const int errors[] = { 0, 1, 2, 7, 13, 40, 524, 4095, 4096 };

static void make_event(struct event *event)
{
	arena_reset(event->arena);
	event->ret = -ANY_OF(errors);
	event->uid = ANY_OF(numbers);
	event->euid = ANY_OF(numbers);
	event->pid_ns = ANY_OF(namespaces);
	event->comm = bytes_of(ANY_OF(names));
	event->cgroup = bytes_of(ANY_OF(groups));
}

/* --- the programs' side --- */

static bool is_below(const struct sieve_path *path, struct bytes group)
{
	char names_of[16][SIEVE_NAME] __attribute__((aligned(8))) = {};
	uint32_t depth = 0;

	while (group.n) {
		struct bytes name = bytes_cut(&group, '/');

		if (name.n)
			memcpy(names_of[depth++], name.p, name.n);
	}
	if (depth < path->depth)
		return false;
	for (uint32_t i = 0; i < path->depth; i++)
		if (!sieve_is_name(path->names[i], names_of[path->depth - 1 - i]))
			return false;
	return true;
}

static bool sieve_passes(const struct sieve *sieve, const struct event *event)
{
	const uint32_t values[] = { event->uid, event->euid, event->pid_ns };
	bool below = !sieve->n_paths;
	__u64 comm[2] = {};

	memcpy(comm, event->comm.p, event->comm.n);
	for (uint32_t i = 0; i < sieve->n_numbers; i++)
		if (!sieve_has_numbers(&sieve->numbers[i], values))
			return false;
	for (uint32_t i = 0; i < sieve->n_comms; i++)
		if (!sieve_is_comm(&sieve->comms[i], comm))
			return false;
	for (uint32_t i = 0; i < sieve->n_paths; i++)
		below |= is_below(&sieve->paths[i], event->cgroup);
	return below &&
	       (!sieve->by_errno ||
		sieve_has_error(sieve, event->ret <= 0 && event->ret > -SIEVE_ERRNOS ? (uint64_t)-event->ret : 0));
}

/* --- filters --- */

static void add_list(struct buffer *text, const char *const *words, size_t n)
{
	for (uint32_t i = 0, count = 1 + any(3); i < count; i++)
		buffer_printf(text, "%s%s", i ? "," : "", words[any((uint32_t)n)]);
}

static void make_term_text(struct buffer *text)
{
	static const char *const operators[] = { "=", "!=", "<", "<=", ">", ">=" };
	static const char *const fields[] = { "uid", "euid", "pid_ns" };
	static const char *const values[] = { "0",          "1",          "2",           "999", "1000",
					      "4294967294", "4294967295", "99999999999", "-1" };
	static const char *const comms[] = {
		"cron", "cro*", "c?on", "*", "a\\*b", "fifteen-letters", "fifteen-letters-*", "x"
	};
	static const char *const errnos[] = { "ENOENT", "EACCES", "E*", "2", "EPERM", "ELOOP" };
	static const char *const others[] = { "uid",      "!euid",   "!pid_ns",  "errno",     "!errno",
					      "errno~EA", "comm~^c", "path!=/x", "ancestors", "errno!~EN" };
	uint32_t kind = any(4), sign = any(6);

	text->n = 0;
	if (kind == 0) {
		buffer_printf(text, "%s%s", ANY_OF(fields), operators[sign]);
		add_list(text, values, sign < 2 ? sizeof(values) / sizeof(values[0]) : 1);
		if (sign >= 2)
			text->n = strcspn(buffer_string(text), ",");
	} else if (kind == 1) {
		buffer_printf(text, "comm%s", operators[sign % 2]);
		add_list(text, comms, sizeof(comms) / sizeof(comms[0]));
	} else if (kind == 2) {
		buffer_printf(text, "errno%s", operators[sign % 2]);
		add_list(text, errnos, sizeof(errnos) / sizeof(errnos[0]));
	} else {
		buffer_puts(text, ANY_OF(others));
	}
}

static void add_any(struct filter *filter, struct buffer *text)
{
	static const char *const lists[] = { "/", "/a", "/a/b", "/b,/a/b", "/sys/fs/cgroup/a/", "/nowhere" };
	BUFFER_AUTO struct buffer error = {};
	bool good;

	if (!any(4)) {
		buffer_puts(text, ANY_OF(lists));
		good = filter_add_option(filter, FILTER_CGROUP, buffer_string(text), &error);
	} else if (!any(4)) {
		buffer_puts(text, any(2) ? "0,1000" : "65534");
		good = filter_add_option(filter, FILTER_USER, buffer_string(text), &error);
	} else {
		make_term_text(text);
		good = filter_add(filter, buffer_string(text), &error);
	}
	if (!good)
		fail_msg("%s", buffer_string(&error));
}

/* What the programs let go is never what is wanted; and where they decide all of a filter, they decide as it does. */
static void test_both_decide_alike(void **state)
{
	struct event event = { .type = EVENT_PROCESS_EXECUTE_FAILED, .arena = arena_new() };
	size_t whole = 0, denied = 0;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		BUFFER_AUTO struct buffer a = {}, b = {};
		struct filter filter = {};
		struct sieve sieve;
		bool folds = any(2), all;

		add_any(&filter, &a);
		if (any(2))
			add_any(&filter, &b);
		all = sift_make(&sieve, &filter, folds) == filter.n;
		whole += all;
		for (int i = 0; i < 50; i++) {
			bool wanted, passes;

			make_event(&event);
			wanted = filter_passes(&filter, &event, folds ? FILTER_STEP : FILTER_RECORD);
			passes = sieve_passes(&sieve, &event);
			denied += !passes;
			if ((wanted && !passes) || (all && wanted != passes))
				fail_msg(
					"%s, %s: %swanted, and %spasses: uid %u euid %u pid_ns %u comm %s cgroup %s ret %d",
					buffer_string(&a), buffer_string(&b), wanted ? "" : "not ",
					passes ? "" : "not ", event.uid, event.euid, event.pid_ns, event.comm.p,
					event.cgroup.p, event.ret);
		}
		filter_free(&filter);
	}
	assert_true(whole > 500 && denied > 10000);
	arena_free(event.arena);
}

static size_t decided(const char *term, bool folds)
{
	BUFFER_AUTO struct buffer error = {};
	struct filter filter = {};
	struct sieve sieve;
	size_t n;

	if (!filter_add(&filter, term, &error))
		fail_msg("%s", buffer_string(&error));
	n = sift_make(&sieve, &filter, folds);
	filter_free(&filter);
	return n;
}

static void test_what_is_decided(void **state)
{
	(void)state;
	assert_int_equal(decided("errno=EACCES", false), 1);
	assert_int_equal(decided("errno~^E", false), 1);
	assert_int_equal(decided("errno=EACCES", true), 0);
	assert_int_equal(decided("uid>=1000", true), 1);
	assert_int_equal(decided("uid=1,2,3,4,5,6,7,8", true), 1);
	assert_int_equal(decided("uid=1,2,3,4,5,6,7,8,9", true), 0);
	assert_int_equal(decided("comm=cron*,make", true), 1);
	assert_int_equal(decided("comm=*cron", true), 0);
	assert_int_equal(decided("comm~cron", true), 0);
	assert_int_equal(decided("cgroup=/a", true), 0);
	assert_int_equal(decided("path=/a", false), 0);
}

static void say(void *context, const char *what, const char *says)
{
	fprintf(context, "%s: %s\n", what, says);
}

static void test_describe(void **state)
{
	static const char *const terms[] = { "uid=0", "comm~x", "errno=EPERM", "reason=no_x_bit" };
	struct filter filter = {};
	BUFFER_AUTO struct buffer error = {};
	char *text = NULL;
	size_t size = 0;
	FILE *file = open_memstream(&text, &size);

	(void)state;
	for (size_t i = 0; i < 4; i++)
		filter_add(&filter, terms[i], &error);
	filter_add_option(&filter, FILTER_CGROUP, "/a\n", &error);
	sift_describe(&filter, true, say, file);
	fclose(file);
	assert_string_equal(text, "filter -f uid=0: decided in the kernel\n"
				  "filter -f comm~x: decided as it comes\n"
				  "filter -f errno=EPERM: decided when the search is over\n"
				  "filter -f reason=no_x_bit: decided when the search is over\n"
				  "filter --cgroup /a\\n: decided in the kernel\n");
	free(text);
	file = open_memstream(&text, &size);
	sift_describe(&filter, false, say, file);
	fclose(file);
	assert_non_null(strstr(text, "errno=EPERM: decided in the kernel\n"));
	assert_non_null(strstr(text, "reason=no_x_bit: decided when its cause is known\n"));
	free(text);
	filter_free(&filter);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_decide_alike),
		cmocka_unit_test(test_what_is_decided),
		cmocka_unit_test(test_describe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
