// SPDX-License-Identifier: GPL-2.0-only
#include "filter/term.h"

#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "base/text.h"
#include "event/value.h"
#include "filter/instant.h"
#include "filter/words.h"

/* Each before those that it begins with. */
static const struct {
	const char *sign;
	enum term_operator op;
	bool negated;
} operators[] = {
	{ "!=", TERM_EQUAL, true },          { "!~", TERM_REGEX, true },  { "<=", TERM_LESS_EQUAL, false },
	{ ">=", TERM_GREATER_EQUAL, false }, { "==", TERM_EQUAL, false }, { "=", TERM_EQUAL, false },
	{ "~", TERM_REGEX, false },          { "<", TERM_LESS, false },   { ">", TERM_GREATER, false },
};

enum { OPERATORS = sizeof(operators) / sizeof(operators[0]) };

static bool is_order(enum term_operator op)
{
	return op >= TERM_LESS;
}

/* --- values --- */

static void put_quoted(struct buffer *out, const char *foreign)
{
	buffer_put(out, '\'');
	text_escape(out, bytes_of(foreign));
	buffer_put(out, '\'');
}

static bool refuse(struct buffer *error, const char *text, const char *is_no, const char *nearest)
{
	put_quoted(error, text);
	buffer_printf(error, " is no %s", is_no);
	if (nearest)
		buffer_printf(error, ": did you mean '%s'?", nearest);
	return false;
}

static const char *name_of(const struct term *term)
{
	return term->subjects[0].field->name;
}

/* Of the field, or of the member of one, whose words they are. */
static const char *name_of_words(const struct term *term)
{
	switch (term->subjects[0].member) {
	case MEMBER_ERRNO:
		return "errno";
	case MEMBER_RUNTIME:
		return "container.runtime";
	default:
		return name_of(term);
	}
}

static bool has_word(const struct term_value *value, const char *const *words)
{
	for (size_t i = 0; words[i]; i++)
		if (value->pattern ? !fnmatch(value->text, words[i], 0) : !strcmp(value->text, words[i]))
			return true;
	return false;
}

/* Of a program's name the kernel keeps the beginning. */
static bool is_too_long(const struct term *term, const struct term_value *value)
{
	bool comm = term->subjects[0].member == MEMBER_COMM || !strcmp(name_of(term), "comm") ||
		    !strcmp(name_of(term), "prev_comm");

	return comm && !value->pattern && value->n >= RECORD_COMM;
}

static bool read_text(const struct term *term, struct term_value *value, struct buffer *error)
{
	const char *name = name_of_words(term);
	const char *meant = words_meant(name, value->text);
	const char *const *words = words_of(name);

	if (meant) {
		free(value->text);
		value->text = memory_need(strdup(meant));
	}
	value->n = strlen(value->text);
	value->pattern = strpbrk(value->text, "*?[\\");
	if (is_too_long(term, value)) {
		put_quoted(error, value->text);
		value->text[RECORD_COMM - 1] = '\0';
		buffer_puts(error, " is longer than any comm, which the kernel cuts: did you mean ");
		put_quoted(error, value->text);
		buffer_put(error, '?');
		return false;
	}
	if (words && !has_word(value, words))
		return refuse(error, value->text, name, text_nearest(value->text, words));
	return true;
}

static bool read_regex(struct term_value *value, struct buffer *error)
{
	char why[200];
	int err = regcomp(&value->regex, value->text, REG_EXTENDED | REG_NOSUB);

	value->compiled = !err;
	if (!err)
		return true;
	regerror(err, &value->regex, why, sizeof(why));
	put_quoted(error, value->text);
	buffer_printf(error, " is no regular expression: %s", why);
	return false;
}

static bool read_time(struct term_value *value, struct buffer *error)
{
	struct arena *arena = arena_new();
	struct value instant = value_null();
	uint32_t nsec;
	int64_t sec;

	if (instant_parse(value->text, time(NULL), &sec, &nsec))
		instant = value_time(arena, sec, nsec);
	if (instant.type != VALUE_NULL) {
		free(value->text);
		value->text = memory_need(strndup(instant.bytes.p, instant.bytes.n));
		value->n = instant.bytes.n;
	}
	arena_free(arena);
	return instant.type != VALUE_NULL ||
	       refuse(error, value->text, "time (2026-11-26T04:32:16Z, 04:32, @SECONDS)", NULL);
}

static bool read_number(struct term_value *value, struct buffer *error)
{
	bool minus = value->text[0] == '-';
	const char *digits = value->text + minus;
	unsigned long long number;
	char *end;

	errno = 0;
	/* Modes are written in octal. */
	number = strtoull(digits, &end, 0);
	if (!isdigit((unsigned char)digits[0]) || *end || errno)
		return refuse(error, value->text, "number", NULL);
	value->number = minus ? -(__int128)number : (__int128)number;
	return true;
}

static bool read_truth(struct term_value *value, struct buffer *error)
{
	value->truth = !strcmp(value->text, "true");
	return value->truth || !strcmp(value->text, "false") ||
	       refuse(error, value->text, "boolean: true or false", NULL);
}

static bool read_value(const struct term *term, struct term_value *value, struct buffer *error)
{
	enum subject_kind kind = subject_kind(&term->subjects[0]);

	if (term->op == TERM_REGEX)
		return read_regex(value, error);
	if (kind == SUBJECT_NUMBER)
		return read_number(value, error);
	if (kind == SUBJECT_TRUTH)
		return read_truth(value, error);
	return is_order(term->op) ? read_time(value, error) : read_text(term, value, error);
}

bool term_add_value(struct term *term, struct bytes text, struct buffer *error)
{
	struct term_value *value;

	term->values = memory_resize(term->values, (term->n + 1) * sizeof(*term->values));
	value = &term->values[term->n++];
	*value = (struct term_value){ .text = memory_need(strndup(text.p, text.n)) };
	return read_value(term, value, error);
}

/* Backslashes that are not part of a pattern go. */
struct bytes term_cut_value(struct bytes *list, struct buffer *value)
{
	value->n = 0;
	while (list->n && list->p[0] != ',') {
		if (list->n > 1 && list->p[0] == '\\' && list->p[1] == ',')
			*list = bytes_after(*list, 1);
		buffer_put(value, list->p[0]);
		*list = bytes_after(*list, 1);
	}
	return buffer_bytes(value);
}

static bool read_list(struct term *term, struct bytes list, struct buffer *error)
{
	BUFFER_AUTO struct buffer value = {};

	for (;;) {
		if (!term_add_value(term, term_cut_value(&list, &value), error))
			return false;
		if (!list.n)
			return true;
		list = bytes_after(list, 1);
	}
}

/* --- terms --- */

static struct bytes skip_blanks(struct bytes in)
{
	while (in.n && isblank((unsigned char)in.p[0]))
		in = bytes_after(in, 1);
	return in;
}

static struct bytes cut_name(struct bytes *in)
{
	struct bytes name = *in;
	size_t n = 0;

	while (n < in->n && (isalnum((unsigned char)in->p[n]) || in->p[n] == '_' || in->p[n] == '.'))
		n++;
	*in = skip_blanks(bytes_after(*in, n));
	return bytes_first(name, n);
}

static bool find_subject(struct term *term, struct bytes name, struct buffer *error)
{
	BUFFER_AUTO struct buffer copy = {};

	if (name.n && subject_find(name, &term->subjects[0]))
		return true;
	buffer_add(&copy, name.p, name.n);
	if (!name.n) {
		buffer_puts(error, "a term begins with a field (--list-fields lists them)");
		return false;
	}
	refuse(error, buffer_string(&copy), "field", subject_nearest(buffer_string(&copy)));
	buffer_puts(error, " (--list-fields lists them)");
	return false;
}

static size_t cut_operator(struct bytes *in)
{
	size_t i = 0;

	while (i < OPERATORS && !bytes_begins(*in, operators[i].sign))
		i++;
	if (i < OPERATORS)
		*in = skip_blanks(bytes_after(*in, strlen(operators[i].sign)));
	return i;
}

/* Whether the field can be asked that. */
static bool check_operator(const struct term *term, const char *sign, struct buffer *error)
{
	enum subject_kind kind = subject_kind(&term->subjects[0]);

	if (kind == SUBJECT_NONE)
		buffer_printf(error, "%s cannot be compared, only asked for: %s, !%s", name_of(term), name_of(term),
			      name_of(term));
	else if (is_order(term->op) && kind != SUBJECT_NUMBER && kind != SUBJECT_TIME)
		buffer_printf(error, "%s orders numbers and times, and %s is neither", sign, name_of(term));
	else if (term->op == TERM_REGEX && kind != SUBJECT_TEXT && kind != SUBJECT_TIME)
		buffer_printf(error, "%s is for text, and %s is none", sign, name_of(term));
	else
		return true;
	return false;
}

static bool read_values(struct term *term, const char *sign, struct bytes list, struct buffer *error)
{
	if (!check_operator(term, sign, error))
		return false;
	/* Commas belong to regular expressions, and what is smaller than one of several is so than the largest. */
	if (term->op == TERM_REGEX || is_order(term->op))
		return term_add_value(term, list, error);
	return read_list(term, list, error);
}

bool term_parse(struct term *term, const char *text, struct buffer *error)
{
	struct bytes rest = skip_blanks(bytes_of(text)), name;
	size_t i;

	*term = (struct term){ .option = "-f", .text = text, .negated = bytes_begins(rest, "!") };
	rest = skip_blanks(bytes_after(rest, term->negated));
	name = cut_name(&rest);
	if (!find_subject(term, name, error))
		return false;
	if (!rest.n)
		return true;
	i = term->negated ? OPERATORS : cut_operator(&rest);
	if (i == OPERATORS) {
		put_quoted(error, rest.p);
		buffer_printf(error, " behind %s is no operator (%s)", name_of(term),
			      term->negated ? "there is none behind !FIELD" : "= != ~ !~ < <= > >=");
		return false;
	}
	term->op = operators[i].op;
	term->negated = operators[i].negated;
	return read_values(term, operators[i].sign, rest, error);
}

void term_free(struct term *term)
{
	for (size_t i = 0; i < term->n; i++) {
		free(term->values[i].text);
		if (term->values[i].compiled)
			regfree(&term->values[i].regex);
	}
	free(term->values);
	for (size_t i = 0; i < term->n_subtrees; i++)
		free(term->subtrees[i]);
	free(term->subtrees);
	*term = (struct term){};
}

/* --- asking --- */

static bool regex_matches(const struct term_value *value, struct bytes text)
{
	regmatch_t all = { .rm_so = 0, .rm_eo = (regoff_t)text.n };

	return !regexec(&value->regex, text.p, 0, &all, REG_STARTEND);
}

/* fnmatch() wants a string that ends. */
static bool pattern_matches(const struct term_value *value, struct bytes text)
{
	BUFFER_AUTO struct buffer copy = {};

	buffer_add(&copy, text.p, text.n);
	return !fnmatch(value->text, buffer_string(&copy), 0);
}

static bool text_matches(const struct term_value *value, struct bytes text)
{
	if (value->pattern)
		return pattern_matches(value, text);
	return value->n == text.n && !memcmp(value->text, text.p, text.n);
}

static int compare_bytes(struct bytes a, struct bytes b)
{
	int order = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);

	return order ?: (a.n > b.n) - (a.n < b.n);
}

/* Less than 0: what the event has comes before. */
static int compare(const struct term_value *value, struct value has)
{
	__int128 number;

	if (has.type == VALUE_BYTES)
		return compare_bytes(has.bytes, (struct bytes){ value->text, value->n });
	number = has.type == VALUE_INT ? (__int128)has.integer : (__int128)has.number;
	return (number > value->number) - (number < value->number);
}

static bool is_equal(const struct term_value *value, struct value has)
{
	if (has.type == VALUE_BYTES)
		return text_matches(value, has.bytes);
	return has.type == VALUE_BOOL ? value->truth == has.boolean : !compare(value, has);
}

static bool value_matches(const struct term_value *value, enum term_operator op, struct value has)
{
	switch (op) {
	case TERM_REGEX:
		return regex_matches(value, has.bytes);
	case TERM_LESS:
		return compare(value, has) < 0;
	case TERM_LESS_EQUAL:
		return compare(value, has) <= 0;
	case TERM_GREATER:
		return compare(value, has) > 0;
	case TERM_GREATER_EQUAL:
		return compare(value, has) >= 0;
	default:
		return is_equal(value, has);
	}
}

static bool ask_term(void *context, struct value has)
{
	const struct term *term = context;

	for (size_t i = 0; i < term->n; i++)
		if (value_matches(&term->values[i], term->op, has))
			return true;
	return false;
}

static bool subject_holds(const struct term *term, const struct subject *subject, const struct event *event)
{
	bool known = subject_known(subject, event);

	if (term->op == TERM_KNOWN)
		return known != term->negated;
	return known && subject_any(subject, event, ask_term, (void *)term) != term->negated;
}

bool term_holds(const struct term *term, const struct event *event)
{
	const struct subject *second = &term->subjects[1];

	return subject_holds(term, &term->subjects[0], event) || (second->field && subject_holds(term, second, event));
}

bool term_is_early(const struct term *term, enum event_type type)
{
	for (size_t i = 0; i < 2 && term->subjects[i].field; i++)
		if (field_is_late(term->subjects[i].field, type))
			return false;
	return true;
}

bool term_is_of_caller(const struct term *term)
{
	for (size_t i = 0; i < 2 && term->subjects[i].field; i++)
		if (term->subjects[i].field->flags & (FIELD_LATE | FIELD_STEP))
			return false;
	return true;
}
