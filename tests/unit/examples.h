/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Examples of causes: events, and what must be told of them. Each topic of rules has a file of them, with one at least
 * for every rule. EXAMPLES_RUN() is all that its main() does.
 */
#ifndef EXECFAIL_EXAMPLES_H
#define EXECFAIL_EXAMPLES_H

#include "unit.h"

#include <errno.h>

#include "cause/diagnose.h"
#include "cause/rules.h"
#include "elf_bytes.h"
#include "world.h"

/* An event, and the world that its caller lived in. What is the same in all of them is in example_event(). */
struct example {
	const char *reason;
	enum evidence evidence;
	enum view_standing standing; /* VIEW_CALLER when not set */
	bool gone; /* no world at all */
	bool started; /* no exec failed: it is the program's loader that stops */
	struct event event;
	struct world world;
	const char *hint; /* a part of it */
	const char *no_hint; /* what it has not; NULL: anything */
	enum stage stage; /* afterwards; the event's own when not set */
};

struct topic {
	const struct example *examples;
	size_t n;
	const struct rule *rules[4]; /* ends with NULL */
	struct arena *arena;
};

#define S(literal)                                                                                                     \
	{                                                                                                              \
		literal, sizeof(literal) - 1                                                                           \
	}
#define FILES(...)                                                                                                     \
	.world.files = (const struct world_file[])                                                                     \
	{                                                                                                              \
		__VA_ARGS__,                                                                                           \
		{                                                                                                      \
		}                                                                                                      \
	}
#define TEXTS(...)                                                                                                     \
	.world.texts = (const struct world_text[])                                                                     \
	{                                                                                                              \
		__VA_ARGS__,                                                                                           \
		{                                                                                                      \
		}                                                                                                      \
	}
#define FAILED(at, error) .event.stage = STAGE_##at, .event.ret = -(error)
#define OUTCOME(error) .event.seen = SEEN_OUTCOME, .event.ret = -(error)
#define PATH(literal) .event.path = S(literal)
#define HEAD(literal) .event.head = S(literal)
#define KERNEL .evidence = EVIDENCE_KERNEL
#define USER .evidence = EVIDENCE_USER
#define PROGRAM                                                                                                        \
	{                                                                                                              \
		"/bin/tool", 0755, ELF_GOOD, sizeof(ELF_GOOD) - 1                                                      \
	}
#define STATUS(uid, more)                                                                                              \
	{                                                                                                              \
		"process:status", "Uid:\t" uid "\t" uid "\t" uid "\t" uid "\nGid:\t5\t5\t5\t5\nGroups:\t5 \n" more     \
	}

/* Events in which an interpreter was opened or tried. */
#define SCRIPT(interpreter_, line) NESTED(interpreter_, line, 1)
#define NESTED(interpreter_, line, level_)                                                                             \
	PATH("/opt/run.sh"), HEAD("#!" line "\0echo"), .event.interpreter = S(interpreter_),                           \
						       .event.seen = SEEN_EXEC | SEEN_SCRIPT | SEEN_BPRM | SEEN_FILE,  \
						       .event.level = level_
#define NOT_OPENED .event.step = STEP_OPEN_INTERPRETER
#define DYNAMIC                                                                                                        \
	PATH("/opt/app"), HEAD(ELF_DYNAMIC), .event.interpreter = S(ELF_LOADER),                                       \
					     .event.seen = SEEN_EXEC | SEEN_BPRM | SEEN_FILE

#define X16 "xxxxxxxxxxxxxxxx"
#define X256 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16

#define ARGUMENTS(array) .event.arguments = { array, COUNT(array), true, false }
#define ENVIRONMENT(array) .event.environment = { array, COUNT(array), true, false }

static inline struct event example_event(struct arena *arena, const struct example *x)
{
	struct event event = x->event, base = unit_event(arena);

	event.arena = arena;
	event.type = event.exit_code ? EVENT_PROCESS_START_FAILED : base.type;
	event.time_sec = base.time_sec;
	event.call = event.call ? event.call : CALL_EXECVE;
	event.pid = event.tid = base.pid;
	event.ppid = base.ppid;
	event.uid = event.euid = 1000;
	event.gid = 5;
	event.user = B("alice");
	if (!event.comm.p)
		event.comm = B("cron");
	event.argc = event.argc ? event.argc : RECORD_UNKNOWN;
	event.envc = event.envc ? event.envc : RECORD_UNKNOWN;
	if (!event.cwd.p)
		event.cwd = B("/");
	if (!event.seen)
		event.seen = SEEN_HOOKS;
	return event;
}

static inline void example_diagnose(struct arena *arena, const struct example *x, struct event *event,
				    enum view_standing standing)
{
	struct world world = x->world;
	struct view *view = world_view(&world, arena, standing);

	*event = example_event(arena, x);
	if (x->started)
		diagnose_libraries(view, event);
	else
		diagnose_in_view(view, event);
	view_close(view);
}

static inline bool contains(struct bytes in, const char *part)
{
	return memmem(in.p, in.n, part, strlen(part));
}

static inline bool is_as_expected(const struct example *x, const struct event *event)
{
	enum stage stage = x->stage ? x->stage : x->event.stage;

	return event->reason.n == strlen(x->reason) && !memcmp(event->reason.p, x->reason, event->reason.n) &&
	       event->evidence == x->evidence && contains(event->hint, x->hint) &&
	       !(x->no_hint && contains(event->hint, x->no_hint)) && event->stage == stage;
}

static inline bool example_check(const struct topic *topic, const struct example *x, const struct event *event)
{
	if (is_as_expected(x, event))
		return true;
	print_error("%s (example %zu): got %.*s, evidence %d, stage %d: %.*s\n", x->reason,
		    (size_t)(x - topic->examples), (int)event->reason.n, event->reason.p, event->evidence, event->stage,
		    (int)event->hint.n, event->hint.p);
	return false;
}

static inline void test_examples(void **state)
{
	const struct topic *topic = *state;
	struct event event;
	bool good = true;

	for (size_t i = 0; i < topic->n; i++) {
		const struct example *x = &topic->examples[i];

		arena_reset(topic->arena);
		example_diagnose(topic->arena, x, &event,
				 x->gone       ? VIEW_NOTHING
				 : x->standing ? x->standing
					       : VIEW_CALLER);
		good &= example_check(topic, x, &event);
		/* One sentence, whose end is left to who shows it. */
		assert_null(memchr(event.hint.p, '\n', event.hint.n));
		assert_int_not_equal(event.hint.p[event.hint.n - 1], '.');
	}
	assert_true(good);
}

/* What the kernel's facts decide is the same when nobody could look. */
static inline void test_kernel_evidence_needs_no_view(void **state)
{
	const struct topic *topic = *state;
	struct event event;

	for (size_t i = 0; i < topic->n; i++) {
		const struct example *x = &topic->examples[i];

		if (x->evidence != EVIDENCE_KERNEL || !strncmp(x->reason, "other_", 6))
			continue;
		arena_reset(topic->arena);
		example_diagnose(topic->arena, x, &event, VIEW_NOTHING);
		if (strncmp(x->reason, event.reason.p, event.reason.n))
			print_error("%s: without a view %.*s\n", x->reason, (int)event.reason.n, event.reason.p);
		assert_memory_equal(event.reason.p, x->reason, strlen(x->reason));
		assert_int_equal(event.evidence, EVIDENCE_KERNEL);
	}
}

static inline bool has_example(const struct topic *topic, const char *code)
{
	for (size_t i = 0; i < topic->n; i++)
		if (!strcmp(topic->examples[i].reason, code))
			return true;
	print_error("%s: has no example\n", code);
	return false;
}

static inline void test_every_rule_has_an_example(void **state)
{
	const struct topic *topic = *state;
	bool good = true;

	for (const struct rule *const *rules = topic->rules; *rules; rules++)
		for (const struct rule *rule = *rules; rule->code; rule++)
			good &= has_example(topic, rule->code);
	assert_true(good);
}

static inline int examples_run(struct topic topic)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(test_examples, &topic),
		cmocka_unit_test_prestate(test_kernel_evidence_needs_no_view, &topic),
		cmocka_unit_test_prestate(test_every_rule_has_an_example, &topic),
	};
	int status;

	topic.arena = arena_new();
	status = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(topic.arena);
	return status;
}

/* Its arguments: the topic's rules. */
#define EXAMPLES_RUN(...) examples_run((struct topic){ examples, COUNT(examples), { __VA_ARGS__ } })

#endif
