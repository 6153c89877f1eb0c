// SPDX-License-Identifier: GPL-2.0-only
#include "event/enrich.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/cache.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "event/container.h"
#include "event/decode.h"
#include "event/events.h"
#include "event/fields.h"
#include "event/program.h"
#include "event/secret.h"
#include "event/users.h"
#include "look/look.h"
#include "look/view.h"

enum {
	CUT_MIN = 200, /* bytes; no string shorter than this is cut while others follow */
	CGROUP_TEXT = 8192, /* of /proc/PID/cgroup */
	/* Of what was found, when events come too fast to be looked into. */
	CGROUP_LIFETIME_NS = 1000000000,
	BINARY_LIFETIME_NS = 100000000,
};

/* Which variables of the last environment have something masked. */
struct masked {
	uint64_t same; /* its number */
	bool any_cut;
	struct buffer numbers; /* size_t each */
};

struct enrich {
	const char *proc;
	unsigned int flags;
	char host[HOST_NAME_MAX + 1];
	struct users *users;
	struct views *views;
	struct cache *cgroups;
	struct cache *binaries;
	struct buffer question; /* for one of the two */
	struct masked masked;
	bool busy;
};

static void enrich_user(struct enrich *enrich, struct event *event)
{
	const char *name;

	if (event->user.p || event->uid == RECORD_UNKNOWN)
		return;
	name = users_name(enrich->users, event->uid, event->time_sec);
	if (!name)
		return;
	event->user.n = strlen(name);
	event->user.p = arena_copy(event->arena, name, event->user.n);
}

/* False: there is nothing to mask in it. */
static bool mask_variable(struct event *event, size_t number, bool any_cut)
{
	struct bytes_list *list = &event->environment;
	struct bytes variable = list->v[number];
	/* Which of them were cut is not known, but it is long ones, or the last. */
	bool cut = any_cut && (number + 1 == list->n || variable.n >= CUT_MIN);

	list->v[number] = secret_variable(event->arena, variable, cut);
	return list->v[number].p != variable.p;
}

static void enrich_environment(struct enrich *enrich, struct event *event)
{
	struct bytes_list *list = &event->environment;
	bool any_cut = event->cut & 1u << PART_ENVIRONMENT;
	struct masked *last = &enrich->masked;
	size_t number;

	if (enrich->flags & ENRICH_SHOW_SECRETS)
		return;
	if (list->same && list->same == last->same && any_cut == last->any_cut) {
		for (size_t i = 0; i < last->numbers.n; i += sizeof(number)) {
			memcpy(&number, last->numbers.p + i, sizeof(number));
			mask_variable(event, number, any_cut);
		}
		return;
	}
	last->same = list->same;
	last->any_cut = any_cut;
	last->numbers.n = 0;
	for (number = 0; number < list->n; number++)
		if (mask_variable(event, number, any_cut))
			buffer_add(&last->numbers, &number, sizeof(number));
}

static int64_t now_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC_COARSE);
}

static struct bytes text_of_process(const struct enrich *enrich, const struct event *event, const char *name)
{
	char path[PATH_MAX], *text;
	BUFFER_AUTO struct buffer room = {};
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "%s/%u/%s", enrich->proc, views_pid(enrich->views, program_caller(event)), name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return (struct bytes){};
	text = buffer_reserve(&room, CGROUP_TEXT);
	n = read(fd, text, CGROUP_TEXT);
	close(fd);
	return n < 0 ? (struct bytes){} : (struct bytes){ arena_copy(event->arena, text, (size_t)n), (size_t)n };
}

/* A thread's number may soon be that of another. */
static void ask_for_cgroup(struct buffer *question, const struct event *event)
{
	const uint32_t numbers[] = { event->tid, event->pid, event->ppid, event->pid_ns, event->mnt_ns, event->uid };

	question->n = 0;
	buffer_add(question, numbers, sizeof(numbers));
	buffer_add(question, event->comm.p, event->comm.p ? event->comm.n : 0);
}

static bool needs_proc_cgroup(const struct event *event)
{
	return !event->cgroup.p || event->cgroup.n <= 1;
}

static void keep_cgroup(struct enrich *enrich, const struct event *event, int64_t looked)
{
	ask_for_cgroup(&enrich->question, event);
	cache_put(enrich->cgroups, buffer_bytes(&enrich->question), event->proc_cgroup, looked, now_ns());
}

static bool recall_cgroup(struct enrich *enrich, struct event *event)
{
	struct bytes path;

	if (enrich->flags & ENRICH_ALWAYS_LOOKS)
		return false;
	ask_for_cgroup(&enrich->question, event);
	path = cache_get(enrich->cgroups, buffer_bytes(&enrich->question), event->failed_ns, now_ns());
	if (path.p)
		event->proc_cgroup = (struct bytes){ arena_copy(event->arena, path.p, path.n), path.n };
	return path.p;
}

/* Where the unified hierarchy is not used, a process is in its root, and in other hierarchies somewhere else. */
static bool enrich_cgroup(struct enrich *enrich, struct event *event)
{
	int64_t looked;

	if (event->proc_cgroup_known || recall_cgroup(enrich, event))
		return true;
	if (enrich->flags & ENRICH_NEVER_LOOKS)
		return enrich->busy;
	looked = clock_ns(CLOCK_BOOTTIME);
	event->proc_cgroup = container_cgroup(text_of_process(enrich, event, "cgroup"));
	event->proc_cgroup_known = true;
	keep_cgroup(enrich, event, looked);
	return true;
}

static bool enrich_container(struct enrich *enrich, struct event *event)
{
	bool done = !needs_proc_cgroup(event) || enrich_cgroup(enrich, event);
	struct container container =
		container_parse(event->arena, needs_proc_cgroup(event) ? event->proc_cgroup : event->cgroup);

	event->unit = container.unit;
	event->user_unit = container.user_unit;
	/* Nobody is in a container who sees what the first process sees, whatever his group is called. */
	if (event->mnt_ns && event->mnt_ns == views_first_mnt_ns(enrich->views))
		return done;
	event->container_id = container.id;
	event->container_runtime =
		(struct bytes){ container.runtime, container.runtime ? strlen(container.runtime) : 0 };
	event->container_user = container.delegated_to;
	event->pod_uid = container.pod_uid;
	return done;
}

static enum event_look look_result(const struct view *view, const struct look *look, const struct event *event)
{
	if (!look->error)
		return LOOK_FOUND;
	/* From where others stand, other things are missing; and what is not there may have been. */
	if (look->error == EAGAIN || look->error == EACCES || view->standing < VIEW_CALLER ||
	    view_may_be_later(&look->at_node, event_ns(event)))
		return LOOK_UNSEEN;
	return LOOK_ABSENT;
}

static void file_of(struct view *view, const struct look *look, struct event_file *file)
{
	*file = (struct event_file){
		.known = true,
		.dev = look->node.dev,
		.ino = look->node.ino,
		.ctime_sec = look->node.ctime_sec,
		.ctime_nsec = look->node.ctime_nsec,
		.mode = look->node.mode,
		.path = view->ops->path(view, look->handle),
	};
}

/* Who looks for it: asked once, if at all. */
struct asker {
	struct view *view;
	const struct event *event;
	struct credentials credentials;
	bool asked;
};

static const struct credentials *ask_credentials(void *context)
{
	struct asker *asker = context;

	if (!asker->asked)
		program_credentials(asker->view, asker->event, &asker->credentials);
	asker->asked = true;
	return &asker->credentials;
}

static void look_for_binary(const struct enrich *enrich, struct event *event)
{
	struct view *view = views_open(enrich->views, event->arena, program_caller(event));
	struct asker asker = { .view = view, .event = event };
	struct look_how how = {
		.view = view,
		.who = ask_credentials,
		.context = &asker,
		.follow = program_follows(event),
		.permissions = true,
		.passed = program_was_allowed(event),
	};
	struct look look;

	program_look(&how, event, &look);
	event->look = look_result(view, &look, event);
	if (!look.error)
		file_of(view, &look, &event->binary);
	/* Below /proc the same path is another file for every process. A link is not what would have been started. */
	if (bytes_begins(event->binary.path, "/proc/") || S_ISLNK(event->binary.mode))
		event->binary = (struct event_file){};
	look_end(&how, &look);
	event->steps += view->steps;
	view_close(view);
}

/* What of an event says which file it is about. */
static void ask_for_binary(struct buffer *question, const struct event *event)
{
	const uint64_t numbers[] = { event->mnt_ns,          event->call, event->flags,
				     (uint64_t)event->dirfd, event->cut,  event->removed };

	question->n = 0;
	buffer_add(question, numbers, sizeof(numbers));
	buffer_add(question, event->path.p, event->path.n);
	buffer_put(question, '\0');
	buffer_add(question, event->root.p, event->root.n);
	buffer_put(question, '\0');
	buffer_add(question, event->cwd.p, event->cwd.n);
	buffer_put(question, '\0');
	buffer_add(question, event->dirfd_path.p, event->dirfd_path.p ? event->dirfd_path.n : 0);
}

/* What was found, as it is kept: the path's bytes follow. */
struct found {
	enum event_look look;
	struct event_file file;
};

static bool recall_binary(struct enrich *enrich, struct event *event)
{
	struct bytes kept = cache_get(enrich->binaries, buffer_bytes(&enrich->question), event->failed_ns, now_ns());
	struct found found;

	if (!kept.p)
		return false;
	memcpy(&found, kept.p, sizeof(found));
	event->look = found.look;
	event->binary = found.file;
	if (found.file.path.p)
		event->binary.path.p = arena_copy(event->arena, kept.p + sizeof(found), found.file.path.n);
	return true;
}

static void keep_binary(struct enrich *enrich, const struct event *event, int64_t looked)
{
	struct found found = { event->look, event->binary };
	BUFFER_AUTO struct buffer kept = {};

	buffer_add(&kept, &found, sizeof(found));
	buffer_add(&kept, event->binary.path.p, event->binary.path.n);
	cache_put(enrich->binaries, buffer_bytes(&enrich->question), buffer_bytes(&kept), looked, now_ns());
}

/* A descriptor by its number is another file for every process. */
static bool is_binary_kept(const struct event *event)
{
	return event->path.n && event->cwd.p && event->mnt_ns;
}

static bool enrich_look(struct enrich *enrich, struct event *event, bool kept)
{
	int64_t looked;

	if (enrich->busy) {
		event->look = LOOK_UNSEEN;
		return true;
	}
	if (enrich->flags & ENRICH_NEVER_LOOKS)
		return false;
	looked = clock_ns(CLOCK_BOOTTIME);
	look_for_binary(enrich, event);
	if (kept)
		keep_binary(enrich, event, looked);
	return true;
}

/* Where no hook saw the file, user space looks: afterwards, and as the caller would have found it. */
static bool enrich_binary(struct enrich *enrich, struct event *event)
{
	bool kept = is_binary_kept(event) && !(enrich->flags & ENRICH_ALWAYS_LOOKS), done = true;

	if (!event->path.p) {
		event->look = LOOK_UNSEEN;
		return true;
	}
	if (kept)
		ask_for_binary(&enrich->question, event);
	if (!event->look_known && (!kept || !recall_binary(enrich, event)))
		done = enrich_look(enrich, event, kept);
	if (event->binary.known)
		event->binary_source = BINARY_SOURCE_STAT;
	return done;
}

static bool needs_binary(const struct event *event)
{
	return event_is_failure(event->type) && event->seen & SEEN_OUTCOME &&
	       (!event->binary.known || event->look_known);
}

static void read_arguments(const struct enrich *enrich, struct event *event)
{
	struct view *view = views_open(enrich->views, event->arena, program_caller(event));
	char *room = arena_alloc(event->arena, RECORD_STRINGS_MAX);
	ssize_t n = view->ops->strings(view, event->argv, event->seen & SEEN_COMPAT, room, RECORD_STRINGS_MAX);

	event->argv = 0;
	if (n >= 0)
		decode_arguments(event, (struct bytes){ room, (size_t)n });
	event->steps += view->steps;
	view_close(view);
}

/*
 * What nobody had touched yet was in no page when the call failed, and the kernel's programs wait for none: as long as
 * the caller lives, it is there. Unless it is what the call failed for.
 */
static bool enrich_arguments(const struct enrich *enrich, struct event *event)
{
	if (!event->argv || enrich->busy || event->ret == -EFAULT || !event_is_failure(event->type))
		return true;
	if (enrich->flags & ENRICH_NEVER_LOOKS)
		return false;
	read_arguments(enrich, event);
	return true;
}

void enrich_busy(struct enrich *enrich, bool busy)
{
	enrich->busy = busy;
	cache_busy(enrich->cgroups, busy);
	cache_busy(enrich->binaries, busy);
}

bool enrich_event(struct enrich *enrich, struct event *event)
{
	bool done;

	if (event->type == EVENT_LOST)
		return true;
	enrich_user(enrich, event);
	enrich_environment(enrich, event);
	done = enrich_arguments(enrich, event);
	done &= enrich_container(enrich, event);
	return (!needs_binary(event) || enrich_binary(enrich, event)) && done;
}

void enrich_keep(struct enrich *enrich, const struct event *event, int64_t looked_ns)
{
	if (event->proc_cgroup_known && needs_proc_cgroup(event))
		keep_cgroup(enrich, event, looked_ns);
	if (!event->look_known || !is_binary_kept(event))
		return;
	ask_for_binary(&enrich->question, event);
	keep_binary(enrich, event, looked_ns);
}

static void read_host(struct enrich *enrich)
{
	char *path;
	FILE *file;

	if (asprintf(&path, "%s/sys/kernel/hostname", enrich->proc) < 0)
		memory_need(NULL);
	file = fopen(path, "re");
	free(path);
	if (!file || !fgets(enrich->host, sizeof(enrich->host), file))
		gethostname(enrich->host, sizeof(enrich->host) - 1);
	if (file)
		fclose(file);
	enrich->host[strcspn(enrich->host, "\n")] = '\0';
	fields_set_host((struct bytes){ enrich->host[0] ? enrich->host : NULL, strlen(enrich->host) });
}

struct enrich *enrich_new(const struct enrich_roots *roots, unsigned int flags)
{
	struct view_roots view_roots = { .proc = roots ? roots->proc : NULL, .root = roots ? roots->root : NULL };
	struct enrich *enrich = memory_new(sizeof(*enrich));
	const char *etc = roots && roots->etc ? roots->etc : "/etc";

	enrich->proc = roots && roots->proc ? roots->proc : "/proc";
	enrich->flags = flags;
	enrich->views = views_new(&view_roots);
	enrich->cgroups = cache_new(CGROUP_LIFETIME_NS);
	enrich->binaries = cache_new(BINARY_LIFETIME_NS);
	enrich->users = users_new(etc);
	read_host(enrich);
	return enrich;
}

void enrich_free(struct enrich *enrich)
{
	if (!enrich)
		return;
	fields_set_host((struct bytes){});
	users_free(enrich->users);
	views_free(enrich->views);
	cache_free(enrich->cgroups);
	cache_free(enrich->binaries);
	buffer_free(&enrich->question);
	buffer_free(&enrich->masked.numbers);
	free(enrich);
}
