// SPDX-License-Identifier: GPL-2.0-only
/* Causes in the arguments and the environment. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cause/hint.h"
#include "cause/rules.h"

enum {
	TOTAL_FLOOR = 131072, /* ARG_MAX: however small the stack may be */
	TOTAL_MAX = 6 << 20, /* three quarters of the default stack limit */
	EXCERPT = 24, /* bytes of a string that are shown */
	LONG = 1000, /* bytes of a string that is worth to be named */
};

/* MAX_ARG_STRLEN, with the NUL. */
static size_t string_max(void)
{
	return 32 * (size_t)sysconf(_SC_PAGESIZE);
}

/* --- pointers --- */

static bool is_bad_argument_pointer(struct facts *f, const struct rule *rule)
{
	return f->error == EFAULT && f->event->path.p && rule_at(f, rule->stage);
}

/* The first string of the list that could not be read; the list's length: none. */
static size_t unreadable(const struct bytes_list *list)
{
	size_t i = 0;

	while (i < list->n && list->v[i].p)
		i++;
	return i;
}

static void say_bad_argument_pointer(struct facts *f, const struct rule *rule, struct buffer *out)
{
	const struct bytes_list *arguments = &f->event->arguments, *environment = &f->event->environment;
	size_t argument = unreadable(arguments), variable = unreadable(environment);
	const char *what = "an argument or a variable";

	(void)rule;
	if (!arguments->known)
		what = "the list of arguments";
	else if (argument < arguments->n)
		what = arena_printf(f->arena, "argument %zu", argument);
	else if (!environment->known)
		what = "the environment";
	else if (variable < environment->n)
		what = arena_printf(f->arena, "variable %zu of the environment", variable);
	buffer_printf(out, "%s passed an address for %s where it has no memory: a fault in that program",
		      hint_name(f, f->event->comm), what);
}

/* --- sizes --- */

struct sizes {
	bool complete; /* of every string something is known, and of all but one everything */
	size_t cut; /* how many are not known to their end; of those that were measured, whether one is not */
	const struct bytes *longest; /* of which the most is known */
	size_t argument; /* its number, where it is an argument */
	bool is_variable;
	size_t length; /* of the longest, as far as known */
	size_t total; /* bytes, NULs included, as far as known */
	bool measured; /* the kernel's side has read them all */
};

/* Strings are cut only at the record's end, so that what is cut is the last of its list. */
static void add_list(const struct bytes_list *list, bool cut, bool variables, struct sizes *sizes)
{
	for (size_t i = 0; i < list->n; i++) {
		sizes->total += list->v[i].n + 1;
		if (sizes->longest && sizes->longest->n >= list->v[i].n)
			continue;
		sizes->longest = &list->v[i];
		sizes->length = list->v[i].n;
		sizes->argument = i;
		sizes->is_variable = variables;
	}
	sizes->cut += cut;
}

static struct sizes measured(const struct event_longest *longest)
{
	return (struct sizes){
		.complete = true,
		.cut = longest->length >= RECORD_MEASURED_STRING,
		.longest = &longest->start,
		.argument = longest->index,
		.is_variable = longest->variable,
		.length = longest->length,
		.total = longest->total,
		.measured = true,
	};
}

static struct sizes measure(const struct event *e)
{
	struct sizes sizes = {
		.complete = e->arguments.known && e->environment.known && e->argc == e->arguments.n &&
			    e->envc == e->environment.n,
	};

	if (e->longest.known)
		return measured(&e->longest);
	add_list(&e->arguments, e->cut & 1u << PART_ARGUMENTS, false, &sizes);
	add_list(&e->environment, e->cut & 1u << PART_ENVIRONMENT, true, &sizes);
	return sizes;
}

/* How much the caller may pass; false: unknown. A stack that is smaller than the floor is all there is. */
static bool total_limit(struct facts *f, uint64_t *limit)
{
	if (!f->view || !view_limit(f->view, "Max stack size", limit))
		return false;
	if (*limit < TOTAL_FLOOR)
		return true;
	*limit /= 4;
	if (*limit > TOTAL_MAX)
		*limit = TOTAL_MAX;
	if (*limit < TOTAL_FLOOR)
		*limit = TOTAL_FLOOR;
	return true;
}

static const char *describe(struct facts *f, const struct sizes *sizes)
{
	struct bytes start = *sizes->longest;
	const char *equals;

	if (sizes->is_variable) {
		equals = memchr(start.p, '=', start.n);
		start.n = equals ? (size_t)(equals - start.p) : start.n < EXCERPT ? start.n : EXCERPT;
		return arena_printf(f->arena, "the variable %s", hint_name(f, start));
	}
	if (start.n <= EXCERPT)
		return arena_printf(f->arena, "argument %zu", sizes->argument);
	start.n = EXCERPT;
	return arena_printf(f->arena, "argument %zu (\"%.*s...\")", sizes->argument, (int)start.n, start.p);
}

static bool is_too_big(const struct facts *f, const struct rule *rule)
{
	return f->error == E2BIG && rule_at(f, rule->stage);
}

static bool is_argument_too_long(struct facts *f, const struct rule *rule)
{
	struct sizes sizes = measure(f->event);
	uint64_t limit;

	/* All others together are small: it can only be this one, unless all of them meet another limit before. */
	if (!is_too_big(f, rule) || (total_limit(f, &limit) && limit <= string_max()))
		return false;
	/* With larger pages a string may be longer than what is measured of it. */
	if (sizes.measured && (!sizes.cut || sizes.length >= string_max()))
		return sizes.length >= string_max();
	return sizes.complete && sizes.cut == 1 && sizes.longest && sizes.total - sizes.length < string_max() / 2;
}

static void say_argument_too_long(struct facts *f, const struct rule *rule, struct buffer *out)
{
	struct sizes sizes = measure(f->event);
	uint64_t limit = 0;
	bool sure =
		sizes.length >= string_max() || (sizes.complete && total_limit(f, &limit) && limit > 2 * string_max());

	(void)rule;
	buffer_printf(out, "%s is %stoo long: a single argument or variable can have %zu bytes", describe(f, &sizes),
		      rule_likely(!sure), string_max() - 1);
	buffer_puts(out, sizes.is_variable ? "; pass it in a file" : "; pass it in a file or on standard input");
}

static bool is_too_many_arguments(struct facts *f, const struct rule *rule)
{
	const struct event *e = f->event;
	uint64_t limit = 2 << 20;

	if (!is_too_big(f, rule) || e->argc == RECORD_UNKNOWN || e->envc == RECORD_UNKNOWN)
		return false;
	total_limit(f, &limit);
	return ((uint64_t)e->argc + e->envc) * sizeof(void *) >= limit;
}

static void say_too_many_arguments(struct facts *f, const struct rule *rule, struct buffer *out)
{
	uint64_t limit = 0;
	bool known = total_limit(f, &limit);

	(void)rule;
	buffer_printf(out, "%u arguments and %u variables are %stoo many: their pointers alone fill up the room",
		      f->event->argc, f->event->envc, rule_likely(!known));
	if (known)
		buffer_printf(out, " of %llu bytes", (unsigned long long)limit);
	buffer_puts(out, "; pass them in portions, as xargs does");
}

static bool is_arguments_too_big(struct facts *f, const struct rule *rule)
{
	uint64_t limit;

	if (!is_too_big(f, rule))
		return false;
	f->user |= total_limit(f, &limit) && limit <= string_max();
	return true;
}

static void say_counts(struct facts *f, struct buffer *out)
{
	const struct event *e = f->event;

	if (e->argc != RECORD_UNKNOWN && e->envc != RECORD_UNKNOWN)
		buffer_printf(out, "%u argument%s and %u variable%s are", e->argc, e->argc == 1 ? "" : "s", e->envc,
			      e->envc == 1 ? "" : "s");
	else
		buffer_puts(out, "the arguments and the environment are");
}

static void say_total_limit(struct facts *f, const struct sizes *sizes, struct buffer *out)
{
	uint64_t limit;

	if (sizes->measured)
		buffer_printf(out, " %s%zu bytes,",
			      sizes->total >= RECORD_MEASURED_MAX || sizes->cut ? "more than " : "", sizes->total);
	if (!total_limit(f, &limit))
		buffer_puts(out, " too big together for a quarter of the stack limit (ulimit -s)");
	else if (limit < TOTAL_FLOOR)
		buffer_printf(out, " too big together for a stack limit of %llu bytes (ulimit -s)",
			      (unsigned long long)limit);
	else
		buffer_printf(out, " too big together: more than %llu bytes, %s (ulimit -s)", (unsigned long long)limit,
			      limit == TOTAL_FLOOR ? "the least that any stack limit allows"
			      : limit == TOTAL_MAX ? "the most that any stack limit allows"
						   : "a quarter of the stack limit");
}

static void say_arguments_too_big(struct facts *f, const struct rule *rule, struct buffer *out)
{
	struct sizes sizes = measure(f->event);
	uint64_t limit;

	(void)rule;
	say_counts(f, out);
	say_total_limit(f, &sizes, out);
	/* With more than one that is cut, or some of which nothing is known, a single one may be to blame. */
	if ((!sizes.complete || sizes.cut) && !(total_limit(f, &limit) && limit <= string_max()))
		buffer_printf(out, ", or one of them has more than %zu bytes", string_max() - 1);
	if (sizes.longest && sizes.length > LONG) {
		buffer_printf(out, ", and the longest%s is %s", sizes.measured ? "" : " that was seen",
			      describe(f, &sizes));
		if (sizes.measured)
			buffer_printf(out, " (%s%zu bytes)", sizes.cut ? "more than " : "", sizes.length);
	}
	buffer_puts(out, "; pass them in portions, as xargs does");
}

const struct rule rules_arguments[] = {
	{ .code = "bad_argument_pointer",
	  .stage = STAGE_ARGUMENTS,
	  .applies = is_bad_argument_pointer,
	  .hint = say_bad_argument_pointer,
	  .looks = "EFAULT: a pointer to the arguments or the environment, or one in them, is wild.",
	  .also = "Memory that could not be brought in, as of bad_path_pointer. A stack without room has the same error later on (stack_limit).",
	  .fix = "A fault in the calling program: report it there. A missing NULL at the list's end does that." },
	{ .code = "argument_too_long",
	  .stage = STAGE_ARGUMENTS,
	  .applies = is_argument_too_long,
	  .hint = say_argument_too_long,
	  .looks =
		  "E2BIG: one argument or variable has more than 131071 bytes (2097151 with pages of 64 KiB), whatever the limits are.",
	  .also = "The total, where the stack limit is so small that it is met first (arguments_too_big).",
	  .fix = "Pass it in a file or on standard input, or unset the variable; no setting raises this limit." },
	{ .code = "too_many_arguments",
	  .stage = STAGE_ARGUMENTS,
	  .applies = is_too_many_arguments,
	  .hint = say_too_many_arguments,
	  .looks = "E2BIG: so many arguments that the pointers to them have no room.",
	  .also = "Where the count is not known: arguments_too_big.",
	  .fix = "Pass them in portions (xargs, find -exec ... +), or raise the stack limit (ulimit -s)." },
	{ .code = "arguments_too_big",
	  .stage = STAGE_ARGUMENTS,
	  .applies = is_arguments_too_big,
	  .hint = say_arguments_too_big,
	  .looks = "E2BIG: arguments and environment together are more than a quarter of the stack limit, or 6 MiB.",
	  .also = "The interpreter of a script and its argument, which load_script() puts in front of the others.",
	  .fix = "Pass them in portions (xargs), shrink the environment, or raise the stack limit (ulimit -s)." },
	{},
};
