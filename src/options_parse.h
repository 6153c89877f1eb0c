/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of options.h share: options.c goes along the command line, options_values.c reads values,
 * options_errors.c says what is wrong.
 */
#ifndef EXECFAIL_OPTIONS_PARSE_H
#define EXECFAIL_OPTIONS_PARSE_H

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/buffer.h"
#include "options.h"
#include "print/list.h"

#define REPEATS_AUTO UINT32_MAX

/* Options without a letter. */
enum {
	KEY_HOOKS = 0x100,
	KEY_TRANSPORT,
	KEY_BUFFER,
	KEY_NICE,
	KEY_BTF,
	KEY_NO_ENV,
	KEY_NO_SECCOMP,
	KEY_SHOW_SECRETS,
	KEY_DOCTOR,
	KEY_LIST_FIELDS,
	KEY_LIST_REASONS,
	KEY_UNIT,
	KEY_CONTAINER,
	KEY_CGROUP,
	KEY_FIELDS,
	KEY_WIDE,
	KEY_COLOUR,
	KEY_TIME,
	KEY_FOLD,
	KEY_REPEATS,
	KEY_ALL,
	KEY_SUMMARY,
	KEY_FAIL,
	KEY_AS_USER,
	KEY_MAX_SIZE,
};

/* All options, as argp wants them; ends with an empty row. */
extern const struct argp_option option_rows[];

/* The long name that may have been meant, or NULL. */
const char *options_nearest(const char *name);

struct parser {
	struct options *options;
	enum options_result result;
	struct buffer error; /* one line without its end */
	FILE *out;
	list_print *list; /* is all that is wanted, once it is known in which form; NULL: there is more to do */
	bool job; /* explain or check was seen */
	int next; /* state->next after the last option that was understood */
};

/* Ends the parsing; not an error of argp's, which it would write about. */
error_t options_finish(struct parser *parser, enum options_result result);

/* The same with an error, which has no end. */
error_t options_finish_saying(struct parser *parser, const char *why);

/* explain and check; words: all that is behind it, ends with NULL. */
bool options_is_job(const char *word);
error_t options_job(struct parser *parser, const char *word, char **words);

/* Of one option, known to take a value. ARGP_ERR_UNKNOWN: it takes none. */
error_t options_value(struct parser *parser, int key, const char *arg);

/* An error each: of a value that is none of names, which end with NULL; of one that is no such thing as is_no says. */
error_t options_unknown(struct parser *parser, const char *what, const char *value, const char *const *names);
error_t options_no_value(struct parser *parser, const char *option, const char *text, const char *is_no);

void options_quote(struct buffer *out, const char *foreign);
void options_suggest(struct buffer *out, const char *nearest); /* NULL: nothing */
void options_suggest_word(struct buffer *error, const char *word);

/* argp would write two lines of its own to the process's stderr, so it is kept silent and explained here. */
void options_explain(struct parser *parser, const struct argp_state *state);

#endif
