// SPDX-License-Identifier: GPL-2.0-only
#include "look/shebang.h"

#include <string.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* A NUL ends a name, too: the kernel's buffer is filled up with them, and load_script() puts some into it. */
static bool ends_name(char c)
{
	return is_blank(c) || !c;
}

static size_t skip_blanks(struct bytes in, size_t at)
{
	while (at < in.n && is_blank(in.p[at]))
		at++;
	return at;
}

static size_t skip_name(struct bytes in, size_t at)
{
	while (at < in.n && !ends_name(in.p[at]))
		at++;
	return at;
}

/* What is behind the name. With a NUL there the rest of the line is nothing of the kernel's. */
static struct bytes argument_of(struct bytes line, size_t at)
{
	struct bytes argument;

	if (at == line.n || !line.p[at])
		return (struct bytes){};
	at = skip_blanks(line, at);
	argument = (struct bytes){ line.p + at, strnlen(line.p + at, line.n - at) };
	return argument.n ? argument : (struct bytes){};
}

static struct bytes first_line(struct bytes head, bool *complete)
{
	const char *end = memchr(head.p, '\n', head.n);
	struct bytes line = { head.p, end ? (size_t)(end - head.p) : head.n };

	/* A shorter file ends where the line does; a longer one goes on behind what the kernel reads. */
	*complete = end || head.n < SHEBANG_READ;
	while (line.n > 2 && is_blank(line.p[line.n - 1]))
		line.n--;
	return line;
}

/*
 * Behind the blanks is not the end of the line but a NUL: of the file, or of the kernel's buffer behind a short file.
 */
static bool is_nameless(struct bytes head)
{
	size_t at = skip_blanks(head, 2);

	return at < head.n ? !head.p[at] : head.n < SHEBANG_READ;
}

struct shebang shebang_parse(struct bytes head)
{
	struct shebang shebang = {};
	size_t begin, end;
	struct bytes line;
	bool complete;

	if (head.n > SHEBANG_READ)
		head.n = SHEBANG_READ;
	if (!bytes_begins(head, "#!"))
		return shebang;
	line = first_line(head, &complete);
	begin = skip_blanks(line, 2);
	end = skip_name(line, begin);
	if (begin == end) {
		shebang.state = SHEBANG_EMPTY;
		if (is_nameless(head))
			shebang = (struct shebang){ SHEBANG_NAMELESS, { head.p, 0 }, {} };
		return shebang;
	}
	/* Blanks at the end were cut off, and they end a name as well as any others. */
	if (!complete && end == line.n && end == head.n) {
		shebang.state = SHEBANG_TOO_LONG;
		shebang.interpreter = (struct bytes){ line.p + begin, end - begin };
		return shebang;
	}
	shebang.state = SHEBANG_OK;
	shebang.interpreter = (struct bytes){ line.p + begin, end - begin };
	shebang.argument = argument_of(line, end);
	return shebang;
}

bool shebang_is_crlf(struct bytes name)
{
	return name.n && name.p[name.n - 1] == '\r';
}
