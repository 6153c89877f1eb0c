// SPDX-License-Identifier: GPL-2.0-only
/* What a tracer must have seen, as JSON for the runner; README.md describes the language. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "corpus.h"

struct json_object *json_text(const char *value)
{
	return value ? json_object_new_string(value) : NULL;
}

struct json_object *json_list(char *const *strings)
{
	struct json_object *list = json_object_new_array();

	for (; strings && *strings; strings++)
		json_object_array_add(list, json_text(*strings));
	return list;
}

struct json_object *json_pair(struct json_object *one, struct json_object *two)
{
	struct json_object *list = json_object_new_array();

	json_object_array_add(list, one);
	json_object_array_add(list, two);
	return list;
}

char *base64(const char *text)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t size = strlen(text);
	char *out = calloc(size / 3 + 1, 4 + 1), *to = out;

	for (size_t i = 0; i < size; i += 3) {
		unsigned int left = size - i < 3 ? size - i : 3, bits = 0;

		for (unsigned int k = 0; k < left; k++)
			bits |= (unsigned char)text[i + k] << (16 - 8 * k);
		for (unsigned int k = 0; k < 4; k++)
			*to++ = k <= left ? digits[bits >> (18 - 6 * k) & 63] : '=';
	}
	*to = '\0';
	return out;
}

struct json_object *match(const char *how, struct json_object *value)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, how, value);
	return object;
}

struct json_object *match_any(void)
{
	return match("any", json_object_new_boolean(true));
}

struct json_object *match_either(struct json_object *one, struct json_object *two)
{
	return match("one_of", json_pair(one, two));
}

struct json_object *match_or_null(struct json_object *value)
{
	return match_either(NULL, value);
}

struct json_object *match_by_family(const char *family, struct json_object *there, struct json_object *elsewhere)
{
	struct json_object *families = json_object_new_object();

	json_object_object_add(families, family, there);
	json_object_object_add(families, "default", elsewhere);
	return match("families", families);
}

struct json_object *match_before(const char *kernel, struct json_object *there, struct json_object *elsewhere)
{
	struct json_object *condition = json_object_new_object();

	json_object_object_add(condition, "before", json_text(kernel));
	json_object_object_add(condition, "value", there);
	json_object_object_add(condition, "default", elsewhere);
	return match("kernel", condition);
}

void expect(struct json_object *event, const char *field, struct json_object *value)
{
	json_object_object_add(event, field, value);
}

void expect_int(struct json_object *event, const char *field, long long value)
{
	expect(event, field, json_object_new_int64(value));
}

void expect_text(struct json_object *event, const char *field, const char *value)
{
	expect(event, field, json_text(value));
}

void expect_nothing(struct json_object *event, const char *field)
{
	json_object_object_del(event, field);
}

void expect_pid(struct json_object *event, pid_t pid, pid_t tid)
{
	expect_int(event, "pid", pid);
	expect_int(event, "tid", tid);
}

void expect_error(struct json_object *event, int error)
{
	expect_text(event, "errno", strerrorname_np(error));
	expect_int(event, "ret", -error);
}

/* One more thing that the hint must have. */
void expect_hint(struct json_object *event, const char *part)
{
	struct json_object *parts = json_object_object_get(event, "@hint");

	if (!parts)
		expect(event, "@hint", parts = json_object_new_array());
	json_object_array_add(parts, json_text(part));
}

void holder_is_named(struct world *w, struct json_object *event)
{
	expect_hint(event, text_printf("process %d (corpus)", w->holder));
}

/* The event need not be there with these families: their hooks cannot see it. Any family when NULL. */
void optional_event(struct json_object *event, const char *const *families)
{
	expect(event, "@optional", families ? json_list((char *const *)families) : json_object_new_boolean(true));
}

/* Older kernels offer no place to see it from. */
void optional_before(struct json_object *event, const char *kernel)
{
	expect_text(event, "@optional", kernel);
}

/* The same, of one family. */
void optional_family_before(struct json_object *event, const char *family, const char *kernel)
{
	struct json_object *both = json_object_new_object();

	expect_text(both, "family", family);
	expect_text(both, "before", kernel);
	expect(event, "@optional", both);
}

/* The same once more, to be changed. */
struct json_object *expect_again(struct world *w, struct json_object *event)
{
	struct json_object *copy = NULL;

	if (json_object_deep_copy(event, &copy, NULL))
		abort();
	json_object_array_add(w->events, copy);
	return copy;
}

static char *rfc3339(long long ns)
{
	time_t seconds = ns / 1000000000;
	struct tm tm;
	char text[32];

	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", gmtime_r(&seconds, &tm));
	return text_printf("%s.%09lldZ", text, ns % 1000000000);
}

static const char *const binary_fields[] = {
	"binary.path",  "binary.device_id", "binary.inode_number",
	"binary.ctime", "binary.ctime_ns",  "binary.inode_mode",
};

#define N_BINARY_FIELDS (sizeof(binary_fields) / sizeof(binary_fields[0]))

/* With the tracepoint family user space looks for the file, and may come too late. */
static void expect_binary_field(struct json_object *event, const char *field, struct json_object *value)
{
	expect(event, field, match_by_family("tracepoint", match_or_null(json_object_get(value)), value));
}

void expect_binary(struct json_object *event, const char *path)
{
	char resolved[PATH_MAX];
	struct stat st;
	long long ctime_ns;

	if (stat(path, &st))
		die("%s: %m", path);
	if (!realpath(path, resolved))
		strcpy(resolved, path); /* deleted: the row says what is to be seen */
	ctime_ns = st.st_ctim.tv_sec * 1000000000LL + st.st_ctim.tv_nsec;
	expect_binary_field(event, "binary.path", json_text(resolved));
	expect_binary_field(event, "binary.device_id", json_object_new_uint64(st.st_dev));
	expect_binary_field(event, "binary.inode_number", json_object_new_uint64(st.st_ino));
	expect_binary_field(event, "binary.ctime", json_text(rfc3339(ctime_ns)));
	expect_binary_field(event, "binary.ctime_ns", json_object_new_int64(ctime_ns));
	expect_binary_field(event, "binary.inode_mode", json_object_new_int(st.st_mode));
	expect(event, "binary_source", match_by_family("tracepoint", match_any(), json_text("kernel")));
}

/* The kernel opened nothing. User space looking for itself may have found what the kernel refused. */
static void expect_no_binary(struct json_object *event)
{
	for (size_t i = 0; i < N_BINARY_FIELDS; i++)
		expect(event, binary_fields[i], match_by_family("tracepoint", match_any(), NULL));
}

/* The program file as the row names it, or else as the call did. */
static char *binary_path(struct world *w)
{
	if (w->row->binary)
		return expand(w, w->row->binary);
	if (!w->call.at || w->call.dirfd == AT_FDCWD || w->call.path[0] == '/')
		return strdup(w->call.path);
	if (!*w->call.path)
		return text_printf("/proc/self/fd/%d", w->call.dirfd);
	return text_printf("/proc/self/fd/%d/%s", w->call.dirfd, w->call.path);
}

static void expect_file(struct world *w, struct json_object *event)
{
	const char *stage = w->row->stage;

	if (!strcmp(stage, "entry") || !strcmp(stage, "lookup"))
		expect_no_binary(event);
	else if (strcmp(stage, "arguments")) /* there it depends on the kernel's order of steps */
		expect_binary(event, binary_path(w));
}

static const char *type_name(mode_t mode)
{
	static const struct {
		mode_t type;
		const char *name;
	} names[] = {
		{ S_IFCHR, "chr" }, { S_IFIFO, "fifo" }, { S_IFSOCK, "sock" }, { S_IFREG, "reg" },
		{ S_IFDIR, "dir" }, { S_IFBLK, "blk" },  { S_IFLNK, "lnk" },   { 0, "anon" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if ((mode & S_IFMT) == names[i].type)
			return names[i].name;
	return NULL;
}

static void expect_stdin(struct world *w, struct json_object *event)
{
	const struct portrait *p = w->seen;
	mode_t mode = p->stdin_stat.st_mode;

	expect_text(event, "stdin_type", p->has_stdin ? type_name(mode) : "closed");
	expect_text(event, "stdin_path", p->has_stdin ? p->stdin_path : NULL);
	expect(event, "stdin_mode", p->has_stdin ? json_object_new_int(mode) : NULL);
}

static struct json_object *ancestor(pid_t pid, const char *comm)
{
	struct json_object *object = json_object_new_object();

	expect_int(object, "pid", pid);
	expect_text(object, "comm", comm);
	return object;
}

/* The deed (this process) and its owner. */
void expect_parent(struct world *w, struct json_object *event)
{
	char comm[16];

	/* Both are this program. */
	prctl(PR_GET_NAME, comm);
	expect_int(event, "ppid", getpid());
	expect(event, "ancestors", match("prefix", json_pair(ancestor(getpid(), comm), ancestor(w->owner, comm))));
}

static void expect_caller(struct world *w, struct json_object *event)
{
	const struct portrait *p = w->seen;

	expect_pid(event, p->pid, p->tid);
	expect_int(event, "ns_pid", p->ns_pid);
	expect_int(event, "uid", p->uid);
	expect_int(event, "gid", p->gid);
	expect_int(event, "euid", p->euid);
	expect_text(event, "user", user_name(p->uid));
	expect(event, "loginuid", p->loginuid < 0 ? NULL : json_object_new_int64(p->loginuid));
	expect_text(event, "comm", p->comm);
	expect_text(event, "exe", p->exe);
	expect_text(event, "cwd", p->cwd);
	expect_text(event, "tty", NULL);
	if (p->mnt_ns)
		expect_int(event, "mnt_ns", p->mnt_ns);
	if (p->pid_ns)
		expect_int(event, "pid_ns", p->pid_ns);
	expect_parent(w, event);
}

static size_t count(char **strings)
{
	size_t n = 0;

	while (strings[n])
		n++;
	return n;
}

static void expect_call(struct world *w, struct json_object *event)
{
	const struct call *call = &w->call;

	expect_text(event, "path", call->path);
	expect(event, "arguments", json_list(call->argv));
	expect(event, "environment", json_list(call->envp));
	expect(event, "argc", match_or_null(json_object_new_int(count(call->argv))));
	expect(event, "envc", match_or_null(json_object_new_int(count(call->envp))));
	expect_text(event, "syscall", call->at ? "execveat" : "execve");
	expect(event, "dirfd", call->at ? json_object_new_int(call->dirfd) : NULL);
	expect(event, "flags", call->at ? json_object_new_int(call->flags) : NULL);
	if (!call->at)
		expect(event, "dirfd_path", NULL);
	else if (w->row->dir)
		expect_text(event, "dirfd_path", expand(w, w->row->dir));
}

/*
 * Past the point of no return the caller's memory, name and executable are the new program's: what the tracer did not
 * keep from before is gone.
 */
static void expect_loss(struct json_object *event)
{
	static const char *const fields[] = { "arguments", "environment", "dirfd_path" };
	static const char *const lost[] = { "path", "syscall", "dirfd", "flags" };
	struct json_object *value;

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (json_object_object_get_ex(event, fields[i], &value))
			expect(event, fields[i], match_or_null(json_object_get(value)));
	expect_nothing(event, "comm");
	expect_nothing(event, "exe");
	/* Nothing but the call's exit is seen there. */
	for (size_t i = 0; i < sizeof(lost) / sizeof(lost[0]); i++)
		if (json_object_object_get_ex(event, lost[i], &value))
			expect(event, lost[i],
			       match_by_family("tracepoint", match_or_null(json_object_get(value)),
					       json_object_get(value)));
}

void expect_stage(struct json_object *event, const char *stage)
{
	expect(event, "stage", match_by_family("tracepoint", match_or_null(json_text(stage)), json_text(stage)));
}

void expect_interp(struct json_object *event, const char *path)
{
	expect(event, "interpreter_path",
	       match_by_family("tracepoint", match_or_null(json_text(path)), json_text(path)));
}

struct json_object *expect_failure(struct world *w)
{
	const struct scenario *row = w->row;
	struct json_object *event = json_object_new_object();
	struct json_object *window;

	expect_text(event, "event", "process_execute_failed");
	expect_call(w, event);
	expect_error(event, row->error);
	expect_stage(event, row->stage);
	expect(event, "kernel_invoked", json_object_new_boolean(false));
	expect(event, "interpreter_path", NULL);
	if (row->interp)
		expect_interp(event, expand(w, row->interp));
	expect_file(w, event);
	expect_stdin(w, event);
	expect_caller(w, event);
	if (!strcmp(row->stage, "commit") && row->kills)
		expect_loss(event);
	/* A second of slack: the tracer converts a monotonic clock. */
	window = json_pair(json_text(rfc3339(w->seen->before_ns - 1000000000)),
			   json_text(rfc3339(now_ns() + 1000000000)));
	expect(event, "time", match("between", window));
	json_object_array_add(w->events, event);
	return event;
}

const char *describe_outcome(struct world *w)
{
	if (w->seen->returned)
		return text_printf("the call returned %s", w->seen->error ? strerrorname_np(w->seen->error) : "0");
	if (WIFSIGNALED(w->status))
		return text_printf("killed by signal %d", WTERMSIG(w->status));
	return text_printf("it ran and exited with %d", WEXITSTATUS(w->status));
}

static const char *describe_expected(const struct scenario *row)
{
	if (row->kills)
		return "to be killed";
	return row->stage ? strerrorname_np(row->error) : "success";
}

bool as_expected(struct world *w)
{
	const struct scenario *row = w->row;

	if (row->kills)
		return !w->seen->returned && WIFSIGNALED(w->status) && WTERMSIG(w->status) == row->kills;
	if (!row->stage)
		return !w->seen->returned && WIFEXITED(w->status) && WEXITSTATUS(w->status) == row->exits;
	return w->seen->returned && w->seen->error == row->error;
}

void check_outcome(struct world *w)
{
	struct json_object *event;

	if (!as_expected(w))
		die("%s: expected %s, but %s", w->row->name, describe_expected(w->row), describe_outcome(w));
	if (!w->row->stage)
		return;
	event = expect_failure(w);
	if (w->row->adjust)
		w->row->adjust(w, event);
}
