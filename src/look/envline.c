// SPDX-License-Identifier: GPL-2.0-only
#include "look/envline.h"

bool envline_is_env(struct bytes interpreter)
{
	return bytes_is(bytes_base(interpreter), "env");
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Takes the next word off the front. */
static bool take_word(struct bytes *line, struct bytes *word)
{
	size_t at = 0, end;

	while (at < line->n && is_blank(line->p[at]))
		at++;
	for (end = at; end < line->n && !is_blank(line->p[end]);)
		end++;
	*word = (struct bytes){ line->p + at, end - at };
	*line = (struct bytes){ line->p + end, line->n - end };
	return word->n;
}

/* Words behind -S: options and variables, then the name. What is quoted or expanded is not followed. */
static struct env_request parse_words(struct arena *arena, struct bytes line)
{
	struct env_request request = {};
	struct bytes word, name;

	for (size_t i = 0; i < line.n; i++)
		if (memchr("\"'\\$#", line.p[i], 5))
			return request;
	while (take_word(&line, &word)) {
		if (bytes_is(word, "-i") || bytes_is(word, "-") || bytes_is(word, "--ignore-environment")) {
			request = (struct env_request){ .path_set = true };
		} else if (bytes_is(word, "-u")) {
			if (take_word(&line, &name) && bytes_is(name, "PATH"))
				request = (struct env_request){ .path_set = true };
		} else if (bytes_begins(word, "PATH=")) {
			request.path_set = true;
			request.path = arena_copy(arena, word.p + 5, word.n - 5);
		} else if (bytes_begins(word, "-")) {
			return (struct env_request){};
		} else if (!memchr(word.p, '=', word.n)) {
			request.name = arena_copy(arena, word.p, word.n);
			return request;
		}
	}
	return (struct env_request){};
}

struct env_request envline_parse(struct arena *arena, struct bytes argument)
{
	static const char *const split[] = { "-S", "-vS", "--split-string=" };

	for (size_t i = 0; i < sizeof(split) / sizeof(split[0]); i++)
		if (bytes_begins(argument, split[i]))
			return parse_words(arena, bytes_after(argument, strlen(split[i])));
	/* An option, or a variable: then the script itself is what env starts. */
	if (!argument.n || argument.p[0] == '-' || memchr(argument.p, '=', argument.n))
		return (struct env_request){};
	return (struct env_request){ .name = arena_copy(arena, argument.p, argument.n) };
}
