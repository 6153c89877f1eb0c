// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc tells of those that are there, the kernel's programs of those that came and went while it was read. Who is
 * found to descend from whom is put into the map of the scope, where those programs add the children; so what is left
 * to find are children that came before their parent was added. They were noted by then: it is over when the notes
 * bring nobody new.
 */
#include "kernel/lineage.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/log.h"
#include "base/memory.h"
#include "kernel/family.h"

enum { KTHREADD = 2 };

/* --- who there is --- */

void lineage_add(struct lineage *l, struct kinsman kinsman)
{
	if (kinsman.pid >= LINEAGE_PIDS || kinsman.parent >= LINEAGE_PIDS)
		return;
	if (!l->followed)
		l->followed = memory_new(LINEAGE_PIDS * sizeof(*l->followed));
	if (l->n == l->room) {
		l->room = l->room ? 2 * l->room : 1024;
		l->kin = memory_resize(l->kin, l->room * sizeof(*l->kin));
	}
	l->kin[l->n++] = kinsman;
}

void lineage_free(struct lineage *l)
{
	free(l->kin);
	free(l->followed);
}

int lineage_close(struct lineage *l, int (*follow)(void *context, uint32_t pid), void *context)
{
	int found = 0, before, err;

	do {
		before = found;
		for (size_t i = 0; i < l->n; i++) {
			const struct kinsman *k = &l->kin[i];

			if (l->followed[k->pid] || !l->followed[k->parent])
				continue;
			l->followed[k->pid] = true;
			found++;
			err = k->gone ? 0 : follow(context, k->pid);
			if (err)
				return err;
		}
	} while (found > before);
	return found;
}

/* --- /proc --- */

/* Threads of the kernel never have memory: they are children of its second process. */
static bool is_of_kernel(const struct kinsman *k)
{
	return k->pid == KTHREADD || k->parent == KTHREADD;
}

/* The name, which is whatever its process made of it, has no newline here. */
bool lineage_parse(const char *status, struct kinsman *k)
{
	const char *state = strstr(status, "\nState:\t"), *ids = state ? strstr(state, "\nPid:\t") : NULL;

	if (!ids || sscanf(ids, "\nPid: %u PPid: %u", &k->pid, &k->parent) != 2)
		return false;
	k->gone = strchr("ZX", state[strlen("\nState:\t")]) || (!strstr(ids, "\nVmSize:\t") && !is_of_kernel(k));
	return true;
}

static bool read_status(const char *path, struct kinsman *k)
{
	FILE *f = fopen(path, "re");
	char *text = NULL;
	size_t room = 0;
	bool good = f && getdelim(&text, &room, '\0', f) > 0 && lineage_parse(text, k);

	free(text);
	if (f)
		fclose(f);
	return good;
}

/* Whether all its threads are: one that has ended may be the first, while the others go on. */
static bool all_ending(uint32_t pid)
{
	char path[64 + NAME_MAX];
	struct kinsman thread = { .gone = true };
	struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%u/task", pid);
	dir = opendir(path);
	while (dir && thread.gone && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "/proc/%u/task/%s/status", pid, entry->d_name);
		read_status(path, &thread);
	}
	if (dir)
		closedir(dir);
	return thread.gone;
}

/* But for this one, whose end nobody is to wait for. */
static void read_process(struct lineage *l, const char *name)
{
	char path[32 + NAME_MAX];
	struct kinsman k;

	snprintf(path, sizeof(path), "/proc/%s/status", name);
	if (name[0] < '0' || name[0] > '9' || !read_status(path, &k) || k.pid == (uint32_t)getpid())
		return;
	k.gone = k.gone && all_ending(k.pid);
	lineage_add(l, k);
}

static int read_proc(struct lineage *l)
{
	DIR *dir = opendir("/proc");
	struct dirent *entry;

	if (!dir)
		return -errno;
	while ((entry = readdir(dir)))
		read_process(l, entry->d_name);
	closedir(dir);
	return 0;
}

/* A /proc of another namespace has other numbers. */
static bool proc_is_ours(void)
{
	char name[16] = "";

	return readlink("/proc/self", name, sizeof(name) - 1) > 0 && strtol(name, NULL, 10) == getpid();
}

/* --- what the programs noted --- */

static int read_notes(struct lineage *l, const struct tracer *t)
{
	const struct bpf_map *map = t->skel->maps.kin;
	uint32_t pid, last;
	size_t n = 0;
	struct kin kin;
	int err = bpf_map__get_next_key(map, NULL, &pid, sizeof(pid));

	for (; !err; n++) {
		/* Children of those that were in the scope are there, too, and so are theirs. */
		if (!bpf_map__lookup_elem(map, &pid, sizeof(pid), &kin, sizeof(kin), 0) && !kin.followed)
			lineage_add(l, (struct kinsman){ .pid = pid, .parent = kin.parent });
		last = pid;
		err = bpf_map__get_next_key(map, &last, &pid, sizeof(pid));
	}
	if (n >= KIN_MAX)
		log_warn("so many processes began or ended meanwhile that descendants may be missing");
	return err == -ENOENT ? 0 : err;
}

/* Who ended before this was noted as gone by then, and who ends after is deleted by the programs. */
static int follow(void *context, uint32_t pid)
{
	struct tracer *t = context;
	struct kin kin;
	int err = tracer_scope_add(t, pid);

	if (!err && !bpf_map__lookup_elem(t->skel->maps.kin, &pid, sizeof(pid), &kin, sizeof(kin), 0) && kin.gone)
		bpf_map__delete_elem(t->skel->maps.scope, &pid, sizeof(pid), 0);
	return err;
}

/* --- all together --- */

static bool is_there(const struct lineage *l, uint32_t pid)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->kin[i].pid == pid && !l->kin[i].gone)
			return true;
	return false;
}

/* The first that is not there; 0: all are. */
static uint32_t first_unknown(const struct lineage *l, const uint32_t *pids, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!is_there(l, pids[i]))
			return pids[i];
	return 0;
}

/* How many that makes, or -errno; likewise the next. */
static int follow_first(struct lineage *l, struct tracer *t, const uint32_t *pids, size_t n)
{
	int err = 0, found = 0;

	for (size_t i = 0; i < n && !err; i++) {
		found += !l->followed[pids[i]];
		l->followed[pids[i]] = true;
		err = follow(t, pids[i]);
	}
	return err ?: found;
}

static int follow_rest(struct lineage *l, struct tracer *t)
{
	size_t from_proc = l->n;
	int found = 0, more = 1, err;

	while (more > 0) {
		l->n = from_proc;
		err = read_notes(l, t);
		more = err ?: lineage_close(l, follow, t);
		found += more > 0 ? more : 0;
	}
	return more ?: found;
}

/* How many are followed, or -errno, which may have been said: then it is 0. */
static int follow_all(struct lineage *l, struct tracer *t, const uint32_t *pids, size_t n)
{
	uint32_t unknown;
	int err = read_proc(l), first, rest;

	if (err)
		return err;
	unknown = first_unknown(l, pids, n);
	if (unknown) {
		log_err("there is no process %u", unknown);
		return 0;
	}
	first = follow_first(l, t, pids, n);
	rest = first < 0 ? first : follow_rest(l, t);
	return rest < 0 ? rest : first + rest;
}

bool lineage_follow(struct tracer *t, const uint32_t *pids, size_t n)
{
	struct lineage l = {};
	int found;

	if (!proc_is_ours()) {
		log_err("-p needs a /proc of this pid namespace (mount -t proc proc /proc)");
		return false;
	}
	found = follow_all(&l, t, pids, n);
	lineage_free(&l);
	if (found < 0)
		log_err("cannot follow processes: %s", error_text(-found));
	else if (found)
		log_notice(
			"following %d process%s, and all that start from there; descendants that had lost their parent "
			"before are not known",
			found, found == 1 ? "" : "es");
	return found > 0;
}
