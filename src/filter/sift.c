// SPDX-License-Identifier: GPL-2.0-only
#include "filter/sift.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "filter/term.h"

/* --- numbers --- */

/* The numbers that programs know, and what of them is none. */
static const struct {
	const char *field;
	uint32_t lowest, highest, null;
} numbers[] = {
	[SIEVE_UID] = { "uid", 0, RECORD_UNKNOWN - 1, RECORD_UNKNOWN },
	[SIEVE_EUID] = { "euid", 0, RECORD_UNKNOWN - 1, RECORD_UNKNOWN },
	[SIEVE_PID_NS] = { "pid_ns", 1, UINT32_MAX, 0 },
};

static int number_of(const struct subject *subject)
{
	for (int i = 0; i < SIEVE_NUMBERS; i++)
		if (!strcmp(numbers[i].field, subject->field->name))
			return i;
	return -1;
}

static bool add_range(struct sieve_numbers *out, __int128 from, __int128 to, int number)
{
	from = from < numbers[number].lowest ? numbers[number].lowest : from;
	to = to > numbers[number].highest ? numbers[number].highest : to;
	if (from > to)
		return true;
	if (out->n == SIEVE_RANGES)
		return false;
	out->v[out->n++] = (struct sieve_range){ (uint32_t)from, (uint32_t)to };
	return true;
}

static int by_start(const void *a, const void *b)
{
	const struct sieve_range *x = a, *y = b;

	return (x->from > y->from) - (x->from < y->from);
}

/* What is between the ranges. */
static bool negate(struct sieve_numbers *out, int number)
{
	struct sieve_numbers in = *out;
	__int128 next = numbers[number].lowest;

	qsort(in.v, in.n, sizeof(in.v[0]), by_start);
	out->n = 0;
	for (uint32_t i = 0; i < in.n; i++) {
		if (!add_range(out, next, (__int128)in.v[i].from - 1, number))
			return false;
		next = in.v[i].to >= next ? (__int128)in.v[i].to + 1 : next;
	}
	return add_range(out, next, numbers[number].highest, number);
}

static bool add_value(struct sieve_numbers *out, const struct term *term, __int128 value, int number)
{
	const __int128 least = 0, most = UINT32_MAX;

	switch (term->op) {
	case TERM_LESS:
		return add_range(out, least, value - 1, number);
	case TERM_LESS_EQUAL:
		return add_range(out, least, value, number);
	case TERM_GREATER:
		return add_range(out, value + 1, most, number);
	case TERM_GREATER_EQUAL:
		return add_range(out, value, most, number);
	default:
		return add_range(out, value, value, number);
	}
}

static bool add_known(struct sieve_numbers *out, bool negated, int number)
{
	if (!negated)
		return add_range(out, 0, UINT32_MAX, number);
	out->v[out->n++] = (struct sieve_range){ numbers[number].null, numbers[number].null };
	return true;
}

/* A second subject has the same values as the first. */
static bool make_numbers(struct sieve *sieve, const struct term *term)
{
	struct sieve_numbers out = {};
	int number = number_of(&term->subjects[0]);

	if (number < 0 || sieve->n_numbers == SIEVE_TERMS)
		return false;
	for (size_t i = 0; i < 2 && term->subjects[i].field; i++)
		out.of |= 1u << number_of(&term->subjects[i]);
	if (term->op == TERM_KNOWN)
		add_known(&out, term->negated, number);
	for (size_t i = 0; i < term->n; i++)
		if (!add_value(&out, term, term->values[i].number, number))
			return false;
	if (term->op != TERM_KNOWN && term->negated && !negate(&out, number))
		return false;
	sieve->of |= out.of;
	sieve->numbers[sieve->n_numbers++] = out;
	return true;
}

/* --- names --- */

/* A whole name, or one that ends with *, and has no other sign of a pattern. */
static bool read_comm(const struct term_value *value, struct sieve_comm *out)
{
	size_t n = strcspn(value->text, "*?[\\");
	bool begins = value->text[n] == '*' && !value->text[n + 1];
	char text[RECORD_COMM] = {}, mask[RECORD_COMM];

	if (value->text[n] && !begins)
		return false;
	/* No name is so long. */
	memset(mask, n < RECORD_COMM && begins ? 0 : 0xff, sizeof(mask));
	memset(mask, 0xff, n < RECORD_COMM ? n : RECORD_COMM);
	memcpy(text, value->text, n < RECORD_COMM ? n : RECORD_COMM);
	memcpy(out->text, text, sizeof(text));
	memcpy(out->mask, mask, sizeof(mask));
	return true;
}

static bool make_comms(struct sieve *sieve, const struct term *term)
{
	struct sieve_comms out = { .negated = term->negated };

	if (term->op != TERM_EQUAL || sieve->n_comms == SIEVE_TERMS || term->n > SIEVE_COMMS)
		return false;
	for (size_t i = 0; i < term->n; i++)
		if (!read_comm(&term->values[i], &out.v[out.n++]))
			return false;
	sieve->comms[sieve->n_comms++] = out;
	return true;
}

/* --- control groups --- */

static bool read_path(struct bytes path, struct sieve_path *out)
{
	struct bytes names[SIEVE_DEPTH], rest = path;

	*out = (struct sieve_path){};
	while (rest.n) {
		struct bytes name = bytes_cut(&rest, '/');

		if (!name.n)
			continue;
		if (out->depth == SIEVE_DEPTH || name.n >= SIEVE_NAME)
			return false;
		names[out->depth++] = name;
	}
	for (uint32_t i = 0; i < out->depth; i++)
		memcpy(out->names[i], names[out->depth - 1 - i].p, names[out->depth - 1 - i].n);
	return true;
}

static bool make_paths(struct sieve *sieve, const struct term *term)
{
	struct sieve_path out[SIEVE_PATHS];

	if (sieve->n_paths || term->n_subtrees > SIEVE_PATHS)
		return false;
	for (size_t i = 0; i < term->n_subtrees; i++)
		if (!read_path(bytes_of(term->subtrees[i]), &out[i]))
			return false;
	memcpy(sieve->paths, out, term->n_subtrees * sizeof(out[0]));
	sieve->n_paths = (uint32_t)term->n_subtrees;
	return true;
}

/* --- errors --- */

/* All that there are are asked about. */
static bool make_errnos(struct sieve *sieve, const struct term *term)
{
	struct event event = { .type = EVENT_PROCESS_EXECUTE_FAILED, .arena = arena_new() };

	if (!sieve->by_errno)
		memset(sieve->errnos, 0xff, sizeof(sieve->errnos));
	sieve->by_errno = 1;
	for (int error = 0; error < SIEVE_ERRNOS; error++) {
		event.ret = -error;
		if (!term_holds(term, &event))
			sieve->errnos[error / 64] &= ~(1ull << error % 64);
		arena_reset(event.arena);
	}
	arena_free(event.arena);
	return true;
}

/* False: the programs cannot decide it. */
static bool make_term(struct sieve *sieve, const struct term *term, bool folds)
{
	const char *field = term->subjects[0].field->name;

	if (!strcmp(field, "errno"))
		return !folds && make_errnos(sieve, term);
	if (!strcmp(field, "comm"))
		return make_comms(sieve, term);
	if (!strcmp(field, "cgroup"))
		return term->n_subtrees && make_paths(sieve, term);
	return make_numbers(sieve, term);
}

size_t sift_make(struct sieve *sieve, const struct filter *filter, bool folds)
{
	size_t decided = 0;

	*sieve = (struct sieve){};
	for (size_t i = 0; i < filter->n; i++)
		decided += make_term(sieve, &filter->terms[i], folds);
	return decided;
}

void sift_describe(const struct filter *filter, bool folds, sift_say *say, void *context)
{
	struct sieve sieve = {};
	BUFFER_AUTO struct buffer text = {};

	for (size_t i = 0; i < filter->n; i++) {
		const struct term *term = &filter->terms[i];
		const char *where = make_term(&sieve, term, folds)      ? "decided in the kernel"
				    : folds && !term_is_of_caller(term) ? "decided when the search is over"
				    : term_is_early(term, EVENT_PROCESS_EXECUTE_FAILED)
					    ? "decided as it comes"
					    : "decided when its cause is known";

		text.n = 0;
		buffer_printf(&text, "filter %s ", term->option);
		text_escape(&text, bytes_of(term->text));
		say(context, buffer_string(&text), where);
	}
}
