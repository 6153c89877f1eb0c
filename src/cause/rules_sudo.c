// SPDX-License-Identifier: GPL-2.0-only
/* sudo, which looks for a command itself, and ends with 1 where it finds none. */
#include <string.h>

#include "cause/hint.h"
#include "cause/rules.h"
#include "look/search.h"

/* Debian's and Fedora's secure_path; what /etc/sudoers says is for root alone to read. */
#define SECURE_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/snap/bin"

enum { STATUS_SUDO = 1 };

/* Letters of options that have a value, and those with which it runs no command, or a shell. */
static const char with_value[] = "CDghpRrtTUu", without_command[] = "ieslvVKkh";

static bool is_assignment(struct bytes word)
{
	size_t n = bytes_find(word, '=');

	return n && n < word.n && bytes_find(word, '/') > n;
}

/* The command among its arguments; p NULL: there is none, or it is not for sudo to look for. */
static struct bytes command_of(const struct bytes_list *words)
{
	for (size_t i = 1; i < words->n; i++) {
		struct bytes word = words->v[i];

		if (bytes_is(word, "--"))
			return i + 1 < words->n ? words->v[i + 1] : (struct bytes){};
		if (bytes_begins(word, "--") && bytes_find(word, '=') == word.n)
			return (struct bytes){};
		if (bytes_begins(word, "--") || is_assignment(word))
			continue;
		if (word.n < 2 || word.p[0] != '-')
			return word;
		if (strchr(with_value, word.p[1]))
			i += word.n == 2;
		else if (strchr(without_command, word.p[1]))
			return (struct bytes){};
	}
	return (struct bytes){};
}

static enum search_result look_for(struct facts *f, struct bytes path, struct bytes *found)
{
	const struct look_how how = facts_how(f);

	f->user = true;
	return search_path(&how, f->caller, path, f->named, found);
}

static bool is_not_found(struct facts *f, const struct rule *rule)
{
	const struct bytes_list *words = &f->event->arguments;
	struct bytes found, name;

	(void)rule;
	if (f->event->exit_code != STATUS_SUDO || !bytes_is(f->event->comm, "sudo") || !words->known || !f->view)
		return false;
	name = f->named;
	f->named = command_of(words);
	if (f->named.n && look_for(f, bytes_of(SECURE_PATH), &found) == SEARCH_NOTHING)
		return true;
	f->named = name;
	return false;
}

static void say_not_found(struct facts *f, const struct rule *rule, struct buffer *out)
{
	const char *name = hint_name(f, f->named);
	struct bytes found = {};

	(void)rule;
	if (bytes_has(f->named, '/'))
		buffer_printf(out, "sudo found no command: likely %s, which does not exist", name);
	else if (look_for(f, event_variable(f->event, "PATH="), &found) == SEARCH_PROGRAM)
		buffer_printf(
			out,
			"sudo found no command: likely %s, which PATH leads to as %s, but sudo looks in the secure_path "
			"of /etc/sudoers instead; give its whole path: sudo %s",
			name, hint_name(f, found), hint_word(f, found));
	else
		buffer_printf(out,
			      "sudo found no command: likely %s, which is neither in PATH nor where sudo usually looks",
			      name);
}

const struct rule rules_sudo[] = {
	{ .code = "sudo_command_not_found",
	  .stage = STAGE_SHELL,
	  .applies = is_not_found,
	  .hint = say_not_found,
	  .looks =
		  "sudo ended with 1 and had run nothing: \"sudo: NAME: command not found\". It looks for commands by itself, in its secure_path rather than in PATH.",
	  .also = "Who may not use sudo, or gave a wrong password, for a command that is not there either: hence \"likely\".",
	  .fix = "Install it, or write its whole path; a directory of one's own goes into secure_path of /etc/sudoers (visudo)." },
	{},
};
