// SPDX-License-Identifier: GPL-2.0-only
#include "look/shell_names.h"

enum {
	D = SHELL_DASH,
	B = SHELL_BASH,
	O = SHELL_OTHER,
	ALL = D | B | O,
};

static const struct builtin {
	const char *name;
	unsigned int shells;
	enum shell_effect effect;
} builtins[] = {
	{ ":", ALL, EFFECT_NONE },
	{ ".", ALL, EFFECT_READS },
	{ "[", ALL, EFFECT_NONE },
	{ "alias", ALL, EFFECT_NAMES },
	{ "bg", ALL, EFFECT_NONE },
	{ "break", ALL, EFFECT_NONE },
	{ "cd", ALL, EFFECT_MOVES },
	{ "continue", ALL, EFFECT_NONE },
	{ "echo", ALL, EFFECT_NONE },
	{ "eval", ALL, EFFECT_READS },
	{ "exit", ALL, EFFECT_ENDS },
	{ "export", ALL, EFFECT_NONE },
	{ "false", ALL, EFFECT_NONE },
	{ "fg", ALL, EFFECT_OTHERS },
	{ "getopts", ALL, EFFECT_SETS },
	{ "hash", ALL, EFFECT_NAMES },
	{ "jobs", ALL, EFFECT_NONE },
	{ "kill", ALL, EFFECT_NONE },
	{ "local", ALL, EFFECT_NONE },
	{ "printf", ALL, EFFECT_SETS },
	{ "pwd", ALL, EFFECT_NONE },
	{ "read", ALL, EFFECT_SETS },
	{ "readonly", ALL, EFFECT_NONE },
	{ "return", ALL, EFFECT_ENDS },
	{ "set", ALL, EFFECT_OTHERS },
	{ "shift", ALL, EFFECT_NONE },
	{ "test", ALL, EFFECT_NONE },
	{ "times", ALL, EFFECT_NONE },
	{ "trap", ALL, EFFECT_OTHERS },
	{ "true", ALL, EFFECT_NONE },
	{ "type", ALL, EFFECT_OTHERS },
	{ "ulimit", ALL, EFFECT_NONE },
	{ "umask", ALL, EFFECT_NONE },
	{ "unalias", ALL, EFFECT_NONE },
	{ "unset", ALL, EFFECT_SETS },
	{ "wait", ALL, EFFECT_OTHERS },
	{ "chdir", D | O, EFFECT_MOVES },
	{ "bind", B | O, EFFECT_NONE },
	{ "caller", B, EFFECT_NONE },
	{ "compgen", B, EFFECT_NONE },
	{ "complete", B, EFFECT_NONE },
	{ "compopt", B, EFFECT_NONE },
	{ "declare", B | O, EFFECT_NONE },
	{ "dirs", B | O, EFFECT_NONE },
	{ "disown", B | O, EFFECT_NONE },
	{ "enable", B | O, EFFECT_READS },
	{ "fc", B | O, EFFECT_READS },
	{ "help", B | O, EFFECT_NONE },
	{ "history", B | O, EFFECT_NONE },
	{ "let", B | O, EFFECT_SETS },
	{ "logout", B | O, EFFECT_ENDS },
	{ "mapfile", B, EFFECT_SETS },
	{ "popd", B | O, EFFECT_MOVES },
	{ "pushd", B | O, EFFECT_MOVES },
	{ "readarray", B, EFFECT_SETS },
	{ "shopt", B, EFFECT_NONE },
	{ "source", B | O, EFFECT_READS },
	{ "suspend", B | O, EFFECT_NONE },
	{ "typeset", B | O, EFFECT_NONE },
	/* Of ksh and zsh, those that scripts have. */
	{ "autoload", O, EFFECT_NAMES },
	{ "bindkey", O, EFFECT_NONE },
	{ "bye", O, EFFECT_ENDS },
	{ "emulate", O, EFFECT_READS },
	{ "float", O, EFFECT_NONE },
	{ "functions", O, EFFECT_NONE },
	{ "integer", O, EFFECT_NONE },
	{ "limit", O, EFFECT_NONE },
	{ "print", O, EFFECT_NONE },
	{ "private", O, EFFECT_NONE },
	{ "rehash", O, EFFECT_NONE },
	{ "sched", O, EFFECT_NONE },
	{ "setopt", O, EFFECT_OTHERS },
	{ "unfunction", O, EFFECT_NONE },
	{ "unhash", O, EFFECT_NONE },
	{ "unlimit", O, EFFECT_NONE },
	{ "unsetopt", O, EFFECT_OTHERS },
	{ "vared", O, EFFECT_SETS },
	{ "whence", O, EFFECT_OTHERS },
	{ "where", O, EFFECT_OTHERS },
	{ "which", O, EFFECT_OTHERS },
	{ "zle", O, EFFECT_NONE },
	{ "zmodload", O, EFFECT_READS },
	{ "zstyle", O, EFFECT_NONE },
};

static const struct {
	const char *word;
	unsigned int shells;
	enum shell_reserved reserved;
} grammar[] = {
	{ "if", ALL, RESERVED_BEGINS },
	{ "then", ALL, RESERVED_OPENS },
	{ "else", ALL, RESERVED_OPENS },
	{ "elif", ALL, RESERVED_OPENS },
	{ "fi", ALL, RESERVED_ENDS },
	{ "while", ALL, RESERVED_BEGINS },
	{ "until", ALL, RESERVED_BEGINS },
	{ "for", ALL, RESERVED_LOOPS },
	{ "do", ALL, RESERVED_OPENS },
	{ "done", ALL, RESERVED_ENDS },
	{ "{", ALL, RESERVED_OPENS },
	{ "}", ALL, RESERVED_CLOSES },
	{ "!", ALL, RESERVED_OPENS },
	{ "case", ALL, RESERVED_HARD },
	{ "esac", ALL, RESERVED_HARD },
	{ "time", B | O, RESERVED_TIMES },
	{ "function", B | O, RESERVED_DEFINES },
	{ "select", B | O, RESERVED_HARD },
	{ "[[", B | O, RESERVED_HARD },
	{ "coproc", B | O, RESERVED_HARD },
	{ "repeat", B | O, RESERVED_HARD },
	{ "foreach", B | O, RESERVED_HARD },
	{ "always", B | O, RESERVED_HARD },
};

static const struct shell_wrapper wrappers[] = {
	{ "exec", ALL, "a", 0 },     { "command", ALL, "", 0 }, { "builtin", B | O, "", 0 }, { "noglob", O, "", 0 },
	{ "nocorrect", O, "", 0 },   { "env", 0, "uC", 0 },     { "nohup", 0, "", 0 },       { "nice", 0, "n", 0 },
	{ "ionice", 0, "cnpPu", 0 }, { "setsid", 0, "", 0 },    { "stdbuf", 0, "ioe", 0 },   { "timeout", 0, "ks", 1 },
	{ "chrt", 0, "TPDp", 1 },
};

const struct shell_wrapper *shell_wrapper(struct bytes name, enum shell_kind kind)
{
	for (size_t i = 0; i < sizeof(wrappers) / sizeof(wrappers[0]); i++) {
		const struct shell_wrapper *w = &wrappers[i];

		if (w->shells ? w->shells & kind && bytes_is(name, w->name) : bytes_is(bytes_base(name), w->name))
			return w;
	}
	return NULL;
}

static const struct builtin *find(struct bytes name)
{
	for (size_t i = 0; i < sizeof(builtins) / sizeof(builtins[0]); i++)
		if (bytes_is(name, builtins[i].name))
			return &builtins[i];
	return NULL;
}

bool shell_has(struct bytes name, enum shell_kind kind, enum shell_effect *effect)
{
	const struct builtin *builtin = find(name);

	if (!builtin || !(builtin->shells & kind))
		return false;
	*effect = builtin->effect;
	return true;
}

enum shell_reserved shell_reserved(struct bytes word, enum shell_kind kind)
{
	for (size_t i = 0; i < sizeof(grammar) / sizeof(grammar[0]); i++)
		if (grammar[i].shells & kind && bytes_is(word, grammar[i].word))
			return grammar[i].reserved;
	return RESERVED_NOT;
}

bool shell_is_of_bash(struct bytes name)
{
	const struct builtin *builtin = find(name);

	if (bytes_is(name, "[[") || bytes_is(name, "function") || bytes_is(name, "builtin"))
		return true;
	return builtin && (builtin->shells & (D | B)) == B;
}

bool shell_is(struct bytes program)
{
	static const char *const names[] = { "sh",   "bash", "dash",  "ash",     "ksh",
					     "mksh", "zsh",  "rbash", "busybox", "ksh93" };
	struct bytes base = bytes_base(program);

	/* "-bash": that of a login. */
	base = bytes_after(base, bytes_begins(base, "-"));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (bytes_is(base, names[i]))
			return true;
	return false;
}

enum shell_kind shell_kind(struct bytes program)
{
	struct bytes base = bytes_base(program);

	if (bytes_is(base, "dash"))
		return SHELL_DASH;
	return bytes_is(base, "bash") || bytes_is(base, "rbash") ? SHELL_BASH : SHELL_OTHER;
}
