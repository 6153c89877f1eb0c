// SPDX-License-Identifier: GPL-2.0-only
#include "cause/outcome.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/text.h"
#include "cause/commit.h"
#include "cause/diagnose.h"
#include "look/search.h"

#ifndef AT_EXECVE_CHECK
#define AT_EXECVE_CHECK 0x10000
#endif

enum { ENV_DEPTH = 4 }; /* scripts of env that start one another */

struct bytes_list outcome_list(struct arena *arena, char **strings)
{
	struct bytes_list list = { .known = true };

	while (strings && strings[list.n])
		list.n++;
	list.v = arena_alloc(arena, (list.n + 1) * sizeof(*list.v));
	for (size_t i = 0; i < list.n; i++)
		list.v[i] = bytes_of(strings[i]);
	return list;
}

struct event outcome_event(const struct outcome_how *x, const char *path)
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
		.uid = x->uid,
		.gid = x->gid,
		.euid = x->uid,
		.loginuid = RECORD_UNKNOWN,
		.comm = bytes_of("execfail"),
		.cwd = bytes_of(x->cwd),
		.root = bytes_of(x->as && x->as->root ? "/" : NULL),
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

static void tell_cover(const struct outcome_how *x, struct event *event, const struct subject *s, struct bytes path,
		       const struct view_cover *cover)
{
	bool hidden = cover->covering == COVER_HIDDEN;
	const char *hint =
		arena_printf(x->arena, "%.*s %s by %s", (int)path.n, path.p,
			     hidden ? "is hidden from the unit" : "may not be executed in the unit", cover->why);
	BUFFER_AUTO struct buffer sentence = {};

	text_sentence(&sentence, bytes_of(hint));
	event->ret = hidden ? -ENOENT : -EACCES;
	event->stage = s->role == ROLE_PROGRAM ? STAGE_LOOKUP : STAGE_INTERPRETER;
	event->reason = bytes_of(hidden ? "missing_file" : "noexec_mount");
	event->hint = (struct bytes){ arena_copy(x->arena, sentence.p, sentence.n), sentence.n };
}

/* Whether the program, or what it needs to start, will be covered, which is told. */
static bool is_covered(const struct outcome_how *x, struct facts *facts, struct event *event, const struct subject *end)
{
	const struct view_cover *cover;
	bool found = false;

	for (const struct subject *s = end; s; s = s->asker) {
		const struct look *look = facts_look(facts, (struct subject *)s);
		struct bytes path = look && look->at.p ? look->at : s->name;

		cover = view_cover_of(x->as, s->name);
		/* Where it is now does not matter. */
		if (!cover || !cover->from.n)
			cover = view_cover_of(x->as, path);
		if (!cover || cover->covering == COVER_SHOWN)
			continue;
		tell_cover(x, event, s, path, cover);
		found = true;
	}
	return found;
}

/* The loader is asked once more by who has to say what it stops at. */
static bool has_libraries(struct facts *facts, struct libraries *seen)
{
	facts->libraries.seen = seen;
	return facts_libraries(facts)->n;
}

/* There, where we are. */
static bool is_hidden(const struct outcome_how *x, const struct event *event)
{
	struct stat st;

	return x->as && (x->as->pid || x->as->root) && event->ret == -ENOENT && event->path.n &&
	       event->path.p[0] == '/' && !stat(arena_copy(x->arena, event->path.p, event->path.n), &st);
}

/* Of the file at which it ends, or of the library that is missing. What is in a directory is changed by anybody. */
static void ask_history(struct facts *facts, struct outcome *outcome, struct subject *end)
{
	const struct library_answer *libraries = &facts->libraries.answer;
	const struct look *look = facts_look(facts, end);
	struct look_how how = facts_how(facts);

	if (outcome->event.ret && look && !look->error && S_ISREG(look->node.mode))
		history_of_file(&how, facts->caller, look->at, &look->node, &outcome->history);
	if (!outcome->event.ret && libraries->n && libraries->problems[0].fault == LIBRARY_MISSING)
		history_of_library(&how, facts->caller, libraries->problems[0].name, &outcome->history);
}

static void try_path(const struct outcome_how *x, const char *path, struct outcome *outcome)
{
	struct event *event = &outcome->event;
	const struct trial *trial;
	struct facts facts;
	struct view *view;
	bool covered;

	*outcome = (struct outcome){ .event = outcome_event(x, path) };
	view = x->as ? views_open_as(x->views, x->arena, x->as) : views_open_self(x->views, x->arena);
	facts_begin(&facts, event, view);
	trial = facts_try(&facts);
	list_files(outcome, trial->at);
	event->ret = trial->error == EAGAIN ? 0 : -trial->error;
	event->stage = trial->stage;
	if (!event->ret && !x->as)
		event->ret = -ask_kernel(view, path);
	if (!event->ret && !trial->error) {
		event->ret = -commit_try(&facts);
		event->stage = event->ret ? STAGE_COMMIT : STAGE_UNKNOWN;
		outcome->request = request_of(&facts, trial->at);
	}
	outcome->unsure = !event->ret && trial->error;
	covered = !event->ret && is_covered(x, &facts, event, trial->at);
	if (!event->ret && x->libraries && has_libraries(&facts, x->libraries))
		outcome->stops = true;
	if (x->since && !covered && (event->ret || facts_libraries(&facts)->n))
		ask_history(&facts, outcome, trial->at);
	facts_end(&facts);
	if (event->ret && !covered)
		diagnose_in_view(view, event);
	else if (!event->ret && (!x->libraries || outcome->stops))
		outcome->stops = diagnose_libraries(view, event);
	view_close(view);
	outcome->hidden = is_hidden(x, event);
}

/* Whether a shell would go on to the next directory of PATH. */
static bool goes_on(const struct outcome *outcome)
{
	/* The program is there: a script without its interpreter. */
	if (outcome->event.ret == -ENOENT && outcome->n_files > 1)
		return false;
	return search_goes_on(-outcome->event.ret);
}

/* The outcome of the first that could be started; else of one that is there; else of the first directory. */
static void search(const struct outcome_how *x, const char *name, const char *path, struct outcome *outcome)
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

static void try_name(const struct outcome_how *x, const char *name, const char *path, struct outcome *outcome)
{
	if (strchr(name, '/') || !*name)
		try_path(x, name, outcome);
	else
		search(x, name, path ?: SEARCH_LIBC, outcome);
}

/* As env would: with the script as an argument behind the name. */
static void follow_env(const struct outcome_how *x, struct outcome *outcome, int depth)
{
	const struct env_request *request = &outcome->request;
	const char *path = request->path_set ? request->path : x->path;
	char *arguments[] = { (char *)request->name, NULL, NULL };
	char *variables[] = { NULL, NULL };
	struct outcome_how inner = *x;

	if (!request->name || depth == ENV_DEPTH)
		return;
	arguments[1] = arena_copy(x->arena, outcome->event.path.p, outcome->event.path.n);
	inner.arguments = outcome_list(x->arena, arguments);
	if (path)
		variables[0] = arena_printf(x->arena, "PATH=%s", path);
	if (request->path_set)
		inner.environment = outcome_list(x->arena, variables);
	outcome->then = arena_alloc(x->arena, sizeof(*outcome->then));
	try_name(&inner, request->name, path, outcome->then);
	if (!outcome_fails(outcome->then))
		follow_env(x, outcome->then, depth + 1);
}

bool outcome_fails(const struct outcome *outcome)
{
	return outcome->event.ret || outcome->stops;
}

const struct outcome *outcome_failure(const struct outcome *outcome)
{
	const struct outcome *o = outcome;

	while (!outcome_fails(o) && o->then)
		o = o->then;
	return outcome_fails(o) ? o : outcome;
}

void outcome_try(const struct outcome_how *how, const char *name, struct outcome *outcome)
{
	try_name(how, name, how->path, outcome);
	if (!outcome_fails(outcome))
		follow_env(how, outcome, 0);
}
