// SPDX-License-Identifier: GPL-2.0-only
#include "cause/explain.h"

#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"
#include "cause/commit.h"
#include "cause/diagnose.h"
#include "cause/facts.h"
#include "event/names.h"
#include "look/envline.h"

#ifndef AT_EXECVE_CHECK
#define AT_EXECVE_CHECK 0x10000
#endif

enum {
	FILES_MAX = FACTS_SUBJECTS,
	ENV_DEPTH = 4, /* scripts of env that start one another */
};

/* What came of one path. */
struct outcome {
	struct event event; /* ret 0: it would start */
	bool stops; /* it would, and then its loader would stop */
	bool unsure; /* ... as far as the files on the way could be read */
	struct bytes typed; /* the name that no directory has; p NULL: path says it */
	struct bytes files[FILES_MAX]; /* that it would open, in order */
	size_t n_files;
	struct env_request request;
	struct outcome *then; /* of what env is asked for; NULL: it is not env that starts, or not known */
};

struct explain {
	struct arena *arena;
	struct views *views;
	struct bytes_list arguments;
	struct bytes_list environment;
	char cwd[PATH_MAX];
};

static struct bytes_list list_of(struct arena *arena, char **strings)
{
	struct bytes_list list = { .known = true };

	while (strings && strings[list.n])
		list.n++;
	list.v = arena_alloc(arena, (list.n + 1) * sizeof(*list.v));
	for (size_t i = 0; i < list.n; i++)
		list.v[i] = bytes_of(strings[i]);
	return list;
}

static struct event event_of(const struct explain *x, const char *path)
{
	return (struct event){
		.arena = x->arena,
		.type = EVENT_PROCESS_EXECUTE_FAILED,
		.call = CALL_EXECVE,
		.seen = SEEN_OUTCOME,
		.path = bytes_of(path),
		.arguments = x->arguments,
		.environment = x->environment,
		.argc = (uint32_t)x->arguments.n,
		.envc = (uint32_t)x->environment.n,
		.pid = (uint32_t)getpid(),
		.tid = (uint32_t)getpid(),
		.ppid = (uint32_t)getppid(),
		.ns_pid = RECORD_UNKNOWN,
		.uid = getuid(),
		.gid = getgid(),
		.euid = geteuid(),
		.loginuid = RECORD_UNKNOWN,
		.comm = bytes_of("execfail"),
		.cwd = bytes_of(x->cwd[0] ? x->cwd : NULL),
		.dirfd = AT_FDCWD,
	};
}

/* What the kernel says to opening it: it knows security modules, and who writes to the file. An errno, or 0. */
static int ask_kernel(const struct view *view, const char *path)
{
	char *nothing[] = { (char *)path, NULL };

	if (faccessat(AT_FDCWD, path, X_OK, AT_EACCESS))
		return errno;
	/* Other kernels refuse the flag before anything else, but nobody should depend on that. */
	if (view->version >= VIEW_VERSION(6, 14) &&
	    syscall(SYS_execveat, AT_FDCWD, path, nothing, environ, AT_EXECVE_CHECK))
		return errno;
	return 0;
}

/* From the file that the trial ended at, back to the program. */
static void list_files(struct outcome *outcome, const struct subject *end)
{
	size_t n = 0;

	for (const struct subject *s = end; s; s = s->asker)
		n++;
	outcome->n_files = n;
	for (const struct subject *s = end; s; s = s->asker)
		outcome->files[--n] = s->name;
}

/* Where it is env that starts, a script's #! line says what that is to start. */
static struct env_request request_of(struct facts *facts, const struct subject *end)
{
	const struct subject *s = end->role == ROLE_LOADER ? end->asker : end;
	struct shebang shebang;

	if (s->role != ROLE_INTERPRETER || !envline_is_env(s->name))
		return (struct env_request){};
	shebang = shebang_parse(facts_head(facts, s->asker));
	return envline_parse(facts->arena, shebang.argument);
}

static void try_path(struct explain *x, const char *path, struct outcome *outcome)
{
	struct event *event = &outcome->event;
	const struct trial *trial;
	struct facts facts;
	struct view *view;

	*outcome = (struct outcome){ .event = event_of(x, path) };
	view = views_open_self(x->views, x->arena);
	facts_begin(&facts, event, view);
	trial = facts_try(&facts);
	list_files(outcome, trial->at);
	event->ret = trial->error == EAGAIN ? 0 : -trial->error;
	event->stage = trial->stage;
	if (!event->ret)
		event->ret = -ask_kernel(view, path);
	if (!event->ret && !trial->error) {
		event->ret = -commit_try(&facts);
		event->stage = event->ret ? STAGE_COMMIT : STAGE_UNKNOWN;
		outcome->request = request_of(&facts, trial->at);
	}
	outcome->unsure = !event->ret && trial->error;
	facts_end(&facts);
	if (event->ret)
		diagnose_in_view(view, event);
	else
		outcome->stops = diagnose_libraries(view, event);
	view_close(view);
}

static bool fails(const struct outcome *outcome)
{
	return outcome->event.ret || outcome->stops;
}

/* Whether a shell would go on to the next directory of PATH. */
static bool goes_on(const struct outcome *outcome)
{
	switch (-outcome->event.ret) {
	case ENOENT:
		/* The program is there: a script without its interpreter. */
		return outcome->n_files == 1;
	case EACCES:
	case ENOTDIR:
	case ESTALE:
	case ENODEV:
	case ETIMEDOUT:
		return true;
	default:
		return false;
	}
}

/* The outcome of the first that could be started; else of one that is there; else of the first directory. */
static void search(struct explain *x, const char *name, const char *path, struct outcome *outcome)
{
	bool first = true, denied = false;
	struct outcome next;
	const char *end;

	for (;; path = end + 1) {
		end = strchrnul(path, ':');
		try_path(x, arena_printf(x->arena, "%.*s%s%s", (int)(end - path), path, end > path ? "/" : "", name),
			 &next);
		if (first || !goes_on(&next) || (!denied && next.event.ret == -EACCES))
			*outcome = next;
		first = false;
		denied |= next.event.ret == -EACCES;
		if (!goes_on(&next))
			return;
		if (!*end)
			break;
	}
	if (!denied)
		outcome->typed = bytes_of(name);
}

static void try_name(struct explain *x, const char *name, const char *path, struct outcome *outcome)
{
	if (strchr(name, '/') || !*name)
		try_path(x, name, outcome);
	else
		search(x, name, path ?: "/bin:/usr/bin", outcome);
}

/* As env would: with the script as an argument behind the name. */
static void follow_env(struct explain *x, struct outcome *outcome, int depth)
{
	const struct env_request *request = &outcome->request;
	const char *path = request->path_set ? request->path : getenv("PATH");
	char *arguments[] = { (char *)request->name, NULL, NULL };
	char *variables[] = { NULL, NULL };
	struct explain inner = *x;

	if (!request->name || depth == ENV_DEPTH)
		return;
	arguments[1] = arena_copy(x->arena, outcome->event.path.p, outcome->event.path.n);
	inner.arguments = list_of(x->arena, arguments);
	if (path)
		variables[0] = arena_printf(x->arena, "PATH=%s", path);
	if (request->path_set)
		inner.environment = list_of(x->arena, variables);
	outcome->then = arena_alloc(x->arena, sizeof(*outcome->then));
	try_name(&inner, request->name, path, outcome->then);
	if (!fails(outcome->then))
		follow_env(x, outcome->then, depth + 1);
}

/* The one that would not start; the outcome itself where all would. */
static const struct outcome *failure_of(const struct outcome *outcome)
{
	const struct outcome *o = outcome;

	while (!fails(o) && o->then)
		o = o->then;
	return fails(o) ? o : outcome;
}

/* --- saying it --- */

static const char *shown(struct explain *x, struct bytes bytes)
{
	BUFFER_AUTO struct buffer word = {};

	text_quote(&word, bytes);
	return arena_copy(x->arena, word.p, word.n);
}

static struct bytes name_of(const struct outcome *outcome)
{
	return outcome->typed.p ? outcome->typed : outcome->event.path;
}

static void say_files(struct explain *x, const struct outcome *outcome, FILE *out)
{
	for (size_t i = 1; i < outcome->n_files; i++)
		fprintf(out, "%s%s", i == 1 ? ", by " : " and ", shown(x, outcome->files[i]));
	if (outcome->unsure)
		fputs(": its contents could not be read", out);
}

static void say_start(struct explain *x, const struct outcome *outcome, FILE *out)
{
	fprintf(out, "%s would %sstart", shown(x, outcome->event.path), outcome->unsure ? "likely " : "");
	say_files(x, outcome, out);
	if (outcome->stops)
		fprintf(out, ", but its loader would stop: %.*s (%.*s)", (int)outcome->event.hint.n,
			outcome->event.hint.p, (int)outcome->event.reason.n, outcome->event.reason.p);
}

/* A sentence that begins with the name that was just told, or with its quotes, goes on with "it". */
static struct bytes hint_behind(struct explain *x, const struct outcome *outcome)
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

static void say_failure(struct explain *x, const struct outcome *outcome, FILE *out)
{
	const struct event *e = &outcome->event;
	struct bytes hint = hint_behind(x, outcome);

	fprintf(out, "%s would not start: %.*s (%.*s, %s)", shown(x, name_of(outcome)), (int)hint.n, hint.p,
		(int)e->reason.n, e->reason.p, errno_name(x->arena, event_error(e)));
}

static void say(struct explain *x, const struct outcome *outcome, FILE *out)
{
	for (const struct outcome *o = outcome; o; o = o->then) {
		if (o != outcome)
			fputs(o->event.ret ? ", but then " : ", and then ", out);
		if (o->event.ret)
			say_failure(x, o, out);
		else
			say_start(x, o, out);
	}
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

static struct json_object *json_of(struct explain *x, const struct outcome *outcome)
{
	struct json_object *object = memory_need(json_object_new_object());
	struct json_object *files = memory_need(json_object_new_array());
	const struct outcome *failure = failure_of(outcome);
	const struct event *e = &failure->event;
	bool unsure = false, failed = fails(failure);

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
	json_object_object_add(object, "files", files);
	return object;
}

static void say_json(struct explain *x, const struct outcome *outcome, FILE *out)
{
	struct json_object *object = json_of(x, outcome);
	BUFFER_AUTO struct buffer line = {};
	struct bytes text;

	text.p = memory_need((void *)json_object_to_json_string_length(
		object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &text.n));
	text_json(&line, text);
	fprintf(out, "%s\n", buffer_string(&line));
	json_object_put(object);
}

int explain(char **argv, bool json, FILE *out)
{
	struct explain x = { .arena = arena_new(), .views = views_new(NULL) };
	struct outcome outcome;
	int status;

	x.arguments = list_of(x.arena, argv);
	x.environment = list_of(x.arena, environ);
	if (!getcwd(x.cwd, sizeof(x.cwd)))
		x.cwd[0] = '\0';
	try_name(&x, argv[0], getenv("PATH"), &outcome);
	if (!fails(&outcome))
		follow_env(&x, &outcome, 0);
	if (json)
		say_json(&x, &outcome, out);
	else
		say(&x, &outcome, out);
	status = fails(failure_of(&outcome)) ? EXPLAIN_FAILS : EXPLAIN_STARTS;
	views_free(x.views);
	arena_free(x.arena);
	return status;
}

void explain_silent(const char *name, struct bytes silent, bool json, FILE *out)
{
	struct explain x = { .arena = arena_new() };
	struct outcome outcome = {
		.event = event_of(&x, name), .unsure = true, .n_files = 1, .files = { bytes_of(name) }
	};
	struct event *event = &outcome.event;

	event->reason = bytes_of("not_looked");
	event->hint = bytes_of(arena_printf(
		x.arena, "%s does not answer: its file system is in user space or on a server, which hangs",
		silent.n ? shown(&x, silent) : "what it is on"));
	if (json)
		say_json(&x, &outcome, out);
	else
		fprintf(out, "whether %s would start cannot be told: %.*s\n", shown(&x, event->path),
			(int)event->hint.n, event->hint.p);
	arena_free(x.arena);
}
