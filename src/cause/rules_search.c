// SPDX-License-Identifier: GPL-2.0-only
/* Causes where the file was one of several that were tried: a search through PATH, by a shell, libc or env. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "cause/hint.h"
#include "cause/rules.h"
#include "look/envline.h"
#include "look/search.h"

enum {
	ARGUMENTS_MAX = 8, /* that are looked at for the script that env was started by */
	DIRECTORIES_MAX = 64, /* of PATH that are looked at */
};

/* Who searches passes on the name as it was given, without a directory. */
static bool is_of_search(const struct facts *f)
{
	const struct event *e = f->event;

	return f->error == ENOENT && rule_at(f, STAGE_LOOKUP) && e->path.p && e->arguments.n &&
	       bytes_same(bytes_base(e->path), e->arguments.v[0]);
}

/* --- which PATH --- */

enum searched {
	SEARCHED_NOTHING,
	SEARCHED_GIVEN, /* that of the new program, as most do */
	SEARCHED_OWN, /* that which the caller began with: posix_spawnp() */
	SEARCHED_DEFAULT, /* the C library's, where there is none */
};

/*
 * Of a caller that has gone, what stands in for it may be the one that had it spawned. One that is just going has no
 * memory any more, and everything else still.
 */
static struct bytes own_variables(struct facts *f)
{
	struct bytes own = facts_text(f, VIEW_PROCESS, "environ");

	if (own.n || !f->view || f->event->ppid == RECORD_UNKNOWN)
		return own;
	return facts_text(f, VIEW_PROC, arena_printf(f->arena, "%u/environ", f->event->ppid));
}

static struct bytes own_path(struct facts *f)
{
	struct bytes variables = own_variables(f), variable;

	while (variables.n) {
		variable = bytes_cut(&variables, '\0');
		if (bytes_begins(variable, "PATH="))
			return bytes_after(variable, strlen("PATH="));
	}
	return (struct bytes){};
}

static enum searched find_path(struct facts *f, struct bytes *path)
{
	const struct bytes usual = bytes_of(SEARCH_LIBC);
	struct bytes file = f->event->path, own;

	*path = event_variable(f->event, "PATH=");
	if (search_place(*path, file, 1, NULL))
		return SEARCHED_GIVEN;
	own = own_path(f);
	if (search_place(own, file, 1, NULL)) {
		*path = own;
		return SEARCHED_OWN;
	}
	if (path->p || !f->event->environment.known || !search_place(usual, file, 1, NULL))
		return SEARCHED_NOTHING;
	*path = usual;
	return SEARCHED_DEFAULT;
}

/* The PATH that has the directory of what was tried; of a search that was not one, what is given on. */
static struct bytes searched_path(struct facts *f)
{
	if (!f->search.path_asked) {
		f->search.path_asked = true;
		f->search.searched = (int)find_path(f, &f->search.path);
	}
	f->user |= f->search.searched == SEARCHED_OWN;
	return f->search.path;
}

static bool is_in_path(struct facts *f)
{
	searched_path(f);
	return f->search.searched != SEARCHED_NOTHING;
}

static void say_path(struct facts *f, struct buffer *out)
{
	const char *path = hint_path(f, searched_path(f));

	switch ((enum searched)f->search.searched) {
	case SEARCHED_OWN:
		buffer_printf(out, "the caller's own PATH is %s", path);
		break;
	case SEARCHED_DEFAULT:
		buffer_puts(out, "PATH is not set, and then it is " SEARCH_LIBC);
		break;
	default:
		buffer_printf(out, "PATH is %s", path);
	}
}

enum found { FOUND_NO, FOUND_YES, FOUND_UNSEEN, FOUND_NO_PROGRAM };

static enum found look_for(struct facts *f, struct bytes file)
{
	struct subject s = { .role = ROLE_PROGRAM, .name = file, .name_from_user = true, .look = { .handle = -1 } };
	const struct look *look = facts_look(f, &s);
	enum found found = !look || look->error == EAGAIN ? FOUND_UNSEEN : look->error ? FOUND_NO : FOUND_YES;

	/* A search goes on behind what nobody can execute. */
	if (found == FOUND_YES && (!S_ISREG(look->node.mode) || !(look->node.mode & 0111)))
		found = FOUND_NO_PROGRAM;
	if (look)
		look_end(&(struct look_how){ .view = f->view }, &s.look);
	return found;
}

static enum found search_in_path(struct facts *f, struct bytes *at)
{
	struct bytes path = searched_path(f), directory, name = bytes_base(f->event->path), file;
	enum found found = FOUND_NO, best = FOUND_NO;
	bool unseen = false;

	for (int i = 0; best != FOUND_YES && i < DIRECTORIES_MAX && search_directory(&path, &directory); i++) {
		if (!directory.n)
			directory = bytes_of(".");
		file = bytes_of(
			arena_printf(f->arena, "%.*s/%.*s", (int)directory.n, directory.p, (int)name.n, name.p));
		found = look_for(f, file);
		if (found == FOUND_YES || best == FOUND_NO) {
			best = found;
			*at = file;
		}
		unseen |= found == FOUND_UNSEEN;
	}
	return best != FOUND_YES && unseen ? FOUND_UNSEEN : best;
}

bool rule_in_path(struct facts *f, struct bytes name)
{
	struct bytes path = event_variable(f->event, "PATH="), directory;

	for (int i = 0; i < DIRECTORIES_MAX && search_directory(&path, &directory); i++)
		if (look_for(f, bytes_of(arena_printf(f->arena, "%.*s/%.*s", (int)directory.n, directory.p, (int)name.n,
						      name.p))) == FOUND_YES)
			return true;
	return false;
}

/* Whether a directory of PATH has the program, which is then in *at; else the first that has something of that name. */
static enum found look_in_path(struct facts *f, struct bytes *at)
{
	f->user = true;
	if (!f->search.done) {
		f->search.found = (int)search_in_path(f, &f->search.at);
		f->search.done = true;
	}
	*at = f->search.at;
	return (enum found)f->search.found;
}

/* --- #!/usr/bin/env NAME --- */

/* Of "-S" alone nothing is left: the words are behind it. */
static struct bytes without_split_option(struct bytes word)
{
	static const char *const options[] = { "--split-string=", "-vS", "-S" };

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (bytes_begins(word, options[i]))
			return bytes_after(word, strlen(options[i]));
	return word;
}

/*
 * The kernel passes all that is behind env as one argument, and env takes that for one name, unless it begins with -S:
 * then it is words, of which the first that is no option is the name to search for.
 */
static bool asks_for(struct bytes argument, struct bytes name)
{
	if (bytes_same(argument, name))
		return true;
	while (argument.n) {
		size_t n = 0;

		while (n < argument.n && argument.p[n] != ' ' && argument.p[n] != '\t')
			n++;
		if (bytes_same(without_split_option((struct bytes){ argument.p, n }), name))
			return true;
		n += n < argument.n;
		argument.p += n;
		argument.n -= n;
	}
	return false;
}

/* Whether a file is a script that has env search for the name. */
static bool script_asks(struct facts *f, struct bytes file, struct bytes name)
{
	struct subject s = { .role = ROLE_PROGRAM, .name = file, .name_from_user = true, .look = { .handle = -1 } };
	struct shebang shebang = shebang_parse(facts_head(f, &s));

	if (s.look.handle >= 0)
		look_end(&(struct look_how){ .view = f->view }, &s.look);
	return shebang.state == SHEBANG_OK && envline_is_env(shebang.interpreter) && asks_for(shebang.argument, name);
}

static bool is_in_vain(enum found found)
{
	return found == FOUND_NO || found == FOUND_NO_PROGRAM;
}

/* What has the name and is no program. p NULL: nothing. */
static struct bytes no_program(struct facts *f)
{
	struct bytes at = {};

	return look_in_path(f, &at) == FOUND_NO_PROGRAM ? at : (struct bytes){};
}

static struct bytes find_env_script(struct facts *f)
{
	const struct event *e = f->event;

	for (size_t i = 1; i < e->arguments.n && i < ARGUMENTS_MAX; i++) {
		struct bytes argument = e->arguments.v[i];

		if (argument.n && script_asks(f, argument, e->arguments.v[0]))
			return argument;
	}
	return (struct bytes){};
}

/* env passes the script on as an argument behind the name. p NULL: there is none. */
static struct bytes env_script(struct facts *f)
{
	f->user = true;
	if (!f->env.done) {
		f->env.script = find_env_script(f);
		f->env.done = true;
	}
	return f->env.script;
}

static bool is_env_crlf(struct facts *f, const struct rule *rule)
{
	(void)rule;
	return is_of_search(f) && shebang_is_crlf(f->event->path) && f->view && env_script(f).p;
}

static void say_env_crlf(struct facts *f, const struct rule *rule, struct buffer *out)
{
	struct bytes script = env_script(f);

	(void)rule;
	buffer_printf(out,
		      "the script %s has DOS line endings (env looks for \"%.*s\"); repair with: sed -i 's/\\r$//' %s",
		      hint_name(f, script), (int)f->event->arguments.v[0].n, f->event->arguments.v[0].p,
		      hint_word(f, script));
}

static bool is_env_missing(struct facts *f, const struct rule *rule)
{
	struct bytes at;

	(void)rule;
	return is_of_search(f) && f->view && env_script(f).p && is_in_vain(look_in_path(f, &at));
}

static void say_env_missing(struct facts *f, const struct rule *rule, struct buffer *out)
{
	struct bytes name = f->event->arguments.v[0], there = no_program(f);

	(void)rule;
	buffer_printf(out, "the script %s asks env for %s: ", hint_name(f, env_script(f)), hint_name(f, name));
	if (there.p)
		buffer_printf(out, "%s cannot be executed (PATH is %s)", hint_name(f, there),
			      hint_path(f, searched_path(f)));
	else
		buffer_printf(out, "%s is not in PATH (%s)", hint_name(f, name), hint_path(f, searched_path(f)));
	if (!there.p)
		hint_nearest(f, searched_path(f), "", name, out);
	if (hint_first_word(name).n < name.n)
		buffer_printf(out, ", and env takes all of that for one name; split it with #!/usr/bin/env -S");
}

/* --- any other --- */

static bool is_path_search(struct facts *f, const struct rule *rule)
{
	struct bytes at;

	(void)rule;
	/* The search has passed what comes before: it could not be started, and this one is only missing. */
	return is_of_search(f) && is_in_path(f) && look_in_path(f, &at) == FOUND_YES &&
	       search_place(searched_path(f), at, 1, NULL) > search_place(searched_path(f), f->event->path, 1, NULL);
}

static void say_path_search(struct facts *f, const struct rule *rule, struct buffer *out)
{
	struct bytes at = {};

	(void)rule;
	look_in_path(f, &at);
	buffer_printf(out, "no error in itself: the search through PATH goes on, and finds %s", hint_name(f, at));
}

static bool is_not_in_path(struct facts *f, const struct rule *rule)
{
	struct bytes at;

	(void)rule;
	return is_of_search(f) && is_in_path(f) && is_in_vain(look_in_path(f, &at));
}

static void say_not_in_path(struct facts *f, const struct rule *rule, struct buffer *out)
{
	struct bytes there = no_program(f), name = f->event->arguments.v[0];

	(void)rule;
	buffer_printf(out, "no directory of PATH has %s%s (", hint_name(f, name), there.p ? " as a program" : "");
	say_path(f, out);
	buffer_puts(out, ")");
	if (there.p)
		buffer_printf(out, ", and %s cannot be executed", hint_name(f, there));
	else
		hint_nearest(f, searched_path(f), "", name, out);
	if (hint_first_word(name).n && hint_first_word(name).n < name.n)
		buffer_puts(
			out,
			", which looks like a command line; pass its words one by one, or all of it to a shell (sh -c)");
}

const struct rule rules_search[] = {
	{ .code = "env_crlf",
	  .stage = STAGE_LOOKUP,
	  .applies = is_env_crlf,
	  .hint = say_env_crlf,
	  .looks =
		  "A script that begins with #!/usr/bin/env NAME was saved with DOS line endings: env searches for NAME\\r.",
	  .also = "A caller that passes the script to a program of that name itself.",
	  .fix = "sed -i 's/\\r$//' SCRIPT, and keep the editor or git (core.autocrlf) from bringing them back." },
	{ .code = "env_missing",
	  .stage = STAGE_LOOKUP,
	  .applies = is_env_missing,
	  .hint = say_env_missing,
	  .looks = "A script that begins with #!/usr/bin/env NAME, and no directory of PATH has NAME.",
	  .also = "A caller that passes the script to a program of that name itself; a PATH that the line sets.",
	  .fix = "Install NAME, or set PATH for the caller: cron and systemd have a shorter one than a login shell." },
	{ .code = "path_search",
	  .stage = STAGE_LOOKUP,
	  .applies = is_path_search,
	  .hint = say_path_search,
	  .looks = "ENOENT for a directory of PATH that does not have the program, while another has it.",
	  .also = "A program that was called by this path, under its own name, and has been removed.",
	  .fix = "Nothing to repair: the search goes on and finds it." },
	{ .code = "not_in_path",
	  .stage = STAGE_LOOKUP,
	  .applies = is_not_in_path,
	  .hint = say_not_in_path,
	  .looks = "ENOENT for each directory of PATH: none has the program.",
	  .also = "A program that was called by this path, under its own name, and has been removed.",
	  .fix = "Install it, or set PATH for the caller: cron and systemd have a shorter one than a login shell." },
	{},
};
