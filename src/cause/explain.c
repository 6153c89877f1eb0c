// SPDX-License-Identifier: GPL-2.0-only
#include "cause/explain.h"

#include <json-c/json.h>
#include <limits.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"
#include "cause/outcome.h"
#include "event/names.h"

#define HIDDEN "; outside, on this machine, it is there, but not in the root or mount namespace that is meant"

static const char *shown(struct outcome_how *x, struct bytes bytes)
{
	BUFFER_AUTO struct buffer word = {};

	text_quote(&word, bytes);
	return arena_copy(x->arena, word.p, word.n);
}

static struct bytes name_of(const struct outcome *outcome)
{
	return outcome->typed.p ? outcome->typed : outcome->event.path;
}

static void say_files(struct outcome_how *x, const struct outcome *outcome, FILE *out)
{
	for (size_t i = 1; i < outcome->n_files; i++)
		fprintf(out, "%s%s", i == 1 ? ", by " : " and ", shown(x, outcome->files[i]));
	if (outcome->unsure)
		fputs(": its contents could not be read", out);
}

/*
 * In the words of whoever asks now: it is no part of the hint, which may be read later. What was made just now is no
 * news.
 */
static const char *since_of(struct outcome_how *x, const struct outcome *outcome)
{
	enum { NEWS_S = 60 };
	const struct history *history = &outcome->history;
	const char *package = text_escaped(x->arena, history->package);
	int64_t seconds = time(NULL) - history->changed;
	const char *age = history_age(x->arena, seconds);

	if (!history->changed || (!*package && seconds < NEWS_S))
		return "";
	if (history->removed)
		return arena_printf(x->arena, " (since dpkg removed %s %s ago)", package, age);
	if (*package)
		return arena_printf(x->arena, " (changed %s ago by dpkg: %s)", age, package);
	return arena_printf(x->arena, " (changed %s ago)", age);
}

static void say_start(struct outcome_how *x, const struct outcome *outcome, FILE *out)
{
	fprintf(out, "%s would %sstart", shown(x, outcome->event.path), outcome->unsure ? "likely " : "");
	say_files(x, outcome, out);
	if (outcome->stops)
		fprintf(out, ", but its loader would stop%s: %.*s (%.*s)", since_of(x, outcome),
			(int)outcome->event.hint.n, outcome->event.hint.p, (int)outcome->event.reason.n,
			outcome->event.reason.p);
}

/* A sentence that begins with the name that was just told, or with its quotes, goes on with "it". */
static struct bytes hint_behind(struct outcome_how *x, const struct outcome *outcome)
{
	struct bytes hint = outcome->event.hint, name = name_of(outcome);
	const char *forms[] = { arena_printf(x->arena, "%.*s ", (int)name.n, name.p),
				arena_printf(x->arena, "\"%.*s\" ", (int)name.n, name.p) };

	for (size_t i = 0; i < 2; i++)
		if (bytes_begins(hint, forms[i])) {
			hint = bytes_after(hint, strlen(forms[i]));
			return bytes_of(arena_printf(x->arena, "it %.*s", (int)hint.n, hint.p));
		}
	return hint;
}

static void say_failure(struct outcome_how *x, const struct outcome *outcome, FILE *out)
{
	const struct event *e = &outcome->event;
	struct bytes hint = hint_behind(x, outcome);

	fprintf(out, "%s would not start%s: %.*s%s (%.*s, %s)", shown(x, name_of(outcome)), since_of(x, outcome),
		(int)hint.n, hint.p, outcome->hidden ? HIDDEN : "", (int)e->reason.n, e->reason.p,
		errno_name(x->arena, event_error(e)));
}

/* What else decides, and was not asked. */
static void say_unasked(struct outcome_how *x, const struct explain_who *who, FILE *out)
{
	if (!who || (!who->filtered && !who->label))
		return;
	fprintf(out, " (not asked: %s%s%s%s)", who->filtered ? "its seccomp filter" : "",
		who->filtered && who->label ? ", and " : "", who->label ? "the security module that has it as " : "",
		who->label ? shown(x, bytes_of(who->label)) : "");
}

static void say(struct outcome_how *x, const struct explain_who *who, const struct outcome *outcome, FILE *out)
{
	for (const struct outcome *o = outcome; o; o = o->then) {
		if (o != outcome)
			fputs(o->event.ret ? ", but then " : ", and then ", out);
		if (o->event.ret)
			say_failure(x, o, out);
		else
			say_start(x, o, out);
	}
	if (!outcome_fails(outcome_failure(outcome)))
		say_unasked(x, who, out);
	fputc('\n', out);
}

static struct json_object *json_string(struct bytes bytes)
{
	BUFFER_AUTO struct buffer repaired = {};

	if (!bytes.p)
		return NULL;
	text_repair(&repaired, bytes);
	return memory_need(json_object_new_string_len(repaired.p ? repaired.p : "", (int)repaired.n));
}

static void add_unasked(struct json_object *object, const struct explain_who *who)
{
	if (who && who->filtered)
		json_object_object_add(object, "seccomp_not_asked", json_object_new_boolean(true));
	if (who && who->label)
		json_object_object_add(object, "security_label_not_asked", json_string(bytes_of(who->label)));
}

static struct json_object *json_of(struct outcome_how *x, const struct explain_who *who, const struct outcome *outcome)
{
	struct json_object *object = memory_need(json_object_new_object());
	struct json_object *files = memory_need(json_object_new_array());
	const struct outcome *failure = outcome_failure(outcome);
	const struct event *e = &failure->event;
	bool unsure = false, failed = outcome_fails(failure);

	for (const struct outcome *o = outcome; o; o = o->then) {
		/* Of a name that is nowhere, the path is only the first that was tried. */
		for (size_t i = 0; !o->typed.p && i < o->n_files; i++)
			json_object_array_add(files, json_string(o->files[i]));
		unsure |= o->unsure;
	}
	json_object_object_add(object, "path", json_string(name_of(outcome)));
	json_object_object_add(object, "starts", unsure && !failed ? NULL : json_object_new_boolean(!failed));
	json_object_object_add(object, "errno",
			       e->ret ? json_string(bytes_of(errno_name(x->arena, event_error(e)))) : NULL);
	json_object_object_add(object, "stage", json_string(bytes_of(failed ? stage_name(e->stage) : NULL)));
	json_object_object_add(object, "reason", json_string(e->reason));
	json_object_object_add(object, "hint", json_string(e->hint));
	if (failure->history.changed)
		json_object_object_add(object, "changed", memory_need(json_object_new_int64(failure->history.changed)));
	if (failure->history.package.p)
		json_object_object_add(object, failure->history.removed ? "removed_package" : "changed_package",
				       json_string(failure->history.package));
	if (failure->hidden)
		json_object_object_add(object, "hidden", json_object_new_boolean(true));
	if (!failed)
		add_unasked(object, who);
	json_object_object_add(object, "files", files);
	return object;
}

static void say_json(struct outcome_how *x, const struct explain_who *who, const struct outcome *outcome, FILE *out)
{
	struct json_object *object = json_of(x, who, outcome);
	BUFFER_AUTO struct buffer line = {};
	struct bytes text;

	text.p = memory_need((void *)json_object_to_json_string_length(
		object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &text.n));
	text_json(&line, text);
	fprintf(out, "%s\n", buffer_string(&line));
	json_object_put(object);
}

static struct outcome_how how_of(const struct explain_request *request, char *cwd, size_t size)
{
	const struct explain_who *who = request->who;
	struct outcome_how x = {
		.arena = arena_new(),
		.views = views_new(NULL),
		.as = who ? &who->as : NULL,
		.since = request->since,
		.uid = who ? who->uid : geteuid(),
		.gid = who ? who->gid : getegid(),
		.cwd = who ? who->cwd : getcwd(cwd, size),
	};

	x.environment = outcome_list(x.arena, who ? who->environment : environ);
	for (size_t i = 0; i < x.environment.n; i++)
		if (bytes_begins(x.environment.v[i], "PATH="))
			x.path = x.environment.v[i].p + strlen("PATH=");
	return x;
}

/* Returns whether it would start. */
static bool explain_one(struct outcome_how *x, const struct explain_request *request, char **argv, FILE *out)
{
	struct outcome outcome;

	x->arguments = outcome_list(x->arena, argv);
	outcome_try(x, argv[0], &outcome);
	(request->json ? say_json : say)(x, request->who, &outcome, out);
	return !outcome_fails(outcome_failure(&outcome));
}

int explain(const struct explain_request *request, FILE *out)
{
	char cwd[PATH_MAX], *alone[] = { NULL, NULL };
	struct outcome_how x = how_of(request, cwd, sizeof(cwd));
	bool starts = true;

	if (!request->several)
		starts = explain_one(&x, request, request->argv, out);
	for (char **path = request->argv; request->several && *path; path++) {
		alone[0] = *path;
		starts &= explain_one(&x, request, alone, out);
	}
	views_free(x.views);
	arena_free(x.arena);
	return starts ? EXPLAIN_STARTS : EXPLAIN_FAILS;
}

void explain_silent(const char *name, struct bytes silent, bool json, FILE *out)
{
	struct outcome_how x = { .arena = arena_new() };
	struct outcome outcome = {
		.event = outcome_event(&x, name), .unsure = true, .n_files = 1, .files = { bytes_of(name) }
	};
	struct event *event = &outcome.event;

	event->reason = bytes_of("not_looked");
	event->hint = bytes_of(arena_printf(
		x.arena, "%s does not answer: %s", silent.n ? shown(&x, silent) : "what it is on",
		bytes_begins(silent, "/proc/") ? "its process keeps whoever asks"
					       : "its file system is in user space or on a server, which hangs"));
	if (json)
		say_json(&x, NULL, &outcome, out);
	else
		fprintf(out, "whether %s would start cannot be told: %.*s\n", shown(&x, event->path),
			(int)event->hint.n, event->hint.p);
	arena_free(x.arena);
}
