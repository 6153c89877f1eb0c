// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/attach.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kernel/tracefs.h"

enum { DETACH_THREADS = 15 }; /* besides the one that waits for them */

struct bpf_program *attach_program(const struct tracer *t, size_t i)
{
	return bpf_object__find_program_by_name(t->skel->obj, hooks_table[i].program);
}

struct attachment *attach_of(const struct tracer *t, const char *program)
{
	for (size_t i = 0; i < hooks_count; i++)
		if (!strcmp(hooks_table[i].program, program))
			return &t->attached[i];
	return NULL;
}

static struct bpf_link *tracepoint_attach(struct bpf_program *program)
{
	const char *name = hook_function(bpf_program__section_name(program));
	struct bpf_link *link;
	char group[32];
	int fd;

	/* tracepoint/GROUP/NAME */
	sscanf(bpf_program__section_name(program), "%*[^/]/%31[^/]", group);
	fd = tracefs_event_open(group, name);
	if (fd < 0) {
		errno = -fd;
		return NULL;
	}
	link = bpf_program__attach_perf_event(program, fd);
	if (!link)
		close(fd);
	return link;
}

/* Where the programs that need a builder find it: FAMILY__build_X is for those that look into FAMILY_builders_X. */
static int builder_install(struct tracer *t, size_t i)
{
	const char *program = hooks_table[i].program;
	uint32_t zero = 0, fd = bpf_program__fd(attach_program(t, i));
	const char *build = strstr(program, "__build");
	char map[32];

	snprintf(map, sizeof(map), "%.*s_builders%s", (int)(build - program), program, build + strlen("__build"));
	return bpf_map__update_elem(bpf_object__find_map_by_name(t->skel->obj, map), &zero, sizeof(zero), &fd,
				    sizeof(fd), BPF_ANY);
}

static void hook_attach(struct tracer *t, size_t i)
{
	struct bpf_program *program = attach_program(t, i);
	struct attachment *a = &t->attached[i];
	struct attachment *better;

	if (hooks_table[i].flags & HOOK_BUILDER) {
		a->error = builder_install(t, i);
		a->state = a->error ? HOOK_FAILED : HOOK_ATTACHED;
		return;
	}
	better = hooks_table[i].instead_of ? attach_of(t, hooks_table[i].instead_of) : NULL;
	if (better && (better->state == HOOK_ATTACHED || better->state == HOOK_SPARED)) {
		a->state = HOOK_SPARED;
		return;
	}
	if (bpf_program__type(program) == BPF_PROG_TYPE_TRACEPOINT)
		a->link = tracepoint_attach(program);
	else if (bpf_program__type(program) == BPF_PROG_TYPE_TRACING)
		a->link = bpf_program__attach_trace(program);
	else
		a->link = bpf_program__attach(program);
	a->error = a->link ? 0 : -errno;
	if (a->link)
		a->state = HOOK_ATTACHED;
	else if (a->error == -ENOENT || a->error == -EADDRNOTAVAIL)
		a->state = HOOK_MISSING;
	else
		a->state = HOOK_FAILED;
}

void attach_all(struct tracer *t)
{
	for (size_t i = 0; i < hooks_count; i++)
		if (t->attached[i].state == HOOK_LOADED)
			hook_attach(t, i);
}

bool attach_covers(const struct tracer *t, size_t i)
{
	if (t->attached[i].state == HOOK_ATTACHED || t->attached[i].state == HOOK_SPARED)
		return true;
	for (size_t j = 0; j < hooks_count; j++)
		if (hooks_table[j].instead_of && !strcmp(hooks_table[j].instead_of, hooks_table[i].program) &&
		    t->attached[j].state == HOOK_ATTACHED)
			return true;
	return false;
}

const struct hook *attach_missing(const struct tracer *t, const struct tracer_config *config, int *error)
{
	unsigned int need = HOOK_REQUIRED;

	/* auto goes on to a family that sees more. */
	if (config->hooks == HOOKS_AUTO)
		need |= HOOK_AUTO;
	for (size_t i = 0; i < hooks_count; i++) {
		if (!(hooks_table[i].flags & need) || t->attached[i].state == HOOK_NOT_WANTED || attach_covers(t, i))
			continue;
		*error = t->attached[i].error ?: -ENOENT;
		return &hooks_table[i];
	}
	return NULL;
}

/* Links that are let go by several threads, each of which takes the next. */
struct detaching {
	struct attachment *attached;
	size_t next;
};

static void *links_let_go(void *context)
{
	struct detaching *d = context;
	size_t i;

	while ((i = __atomic_fetch_add(&d->next, 1, __ATOMIC_RELAXED)) < hooks_count)
		bpf_link__destroy(d->attached[i].link);
	return NULL;
}

/* The kernel waits for a grace period for nearly each; that can be the same one. */
void attach_let_go(struct attachment *attached)
{
	struct detaching d = { .attached = attached };
	pthread_t threads[DETACH_THREADS];
	size_t links = 0, n = 0;

	for (size_t i = 0; i < hooks_count; i++)
		links += attached[i].link != NULL;
	while (n < DETACH_THREADS && n + 1 < links && !pthread_create(&threads[n], NULL, links_let_go, &d))
		n++;
	links_let_go(&d);
	while (n)
		pthread_join(threads[--n], NULL);
}
