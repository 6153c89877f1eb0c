// SPDX-License-Identifier: GPL-2.0-only
#include "cause/diagnose.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cache.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "cause/hint.h"
#include "cause/rules.h"
#include "event/names.h"
#include "event/program.h"

enum {
	LIFETIME_NS = 1000000000, /* of an answer, when events come too fast to be looked into */
	ARGUMENTS_KEPT = 8, /* that a rule may look at */
};

struct diagnose {
	struct views *views;
	struct cache *cache;
	struct buffer question;
	bool busy;
};

/* What is said about an event, as it is kept: the hint's bytes follow. */
struct answer {
	enum evidence evidence;
	enum stage stage;
	size_t reason_n;
};

/* --- one event, one view --- */

static const struct rule *first_of(struct facts *f, const struct rule *rules)
{
	for (const struct rule *rule = rules; rule->code; rule++) {
		f->user = f->settled;
		if (rule->applies(f, rule))
			return rule;
	}
	return NULL;
}

static const struct rule *find_rule(struct facts *f, const struct rule_topic *topics)
{
	const struct rule *rule = NULL;

	for (const struct rule_topic *topic = topics; topic->title && !rule; topic++)
		rule = first_of(f, topic->rules);
	return rule;
}

/*
 * Through /proc/self, and behind descriptors, nobody gets any more when the caller has gone, though others are there.
 */
static bool was_seen(const struct facts *f)
{
	return f->view && !(f->view->standing == VIEW_STAND_IN && f->at->look.error == EAGAIN);
}

/* Nothing is known of it but what the kernel answered, and where. */
static struct bytes say_other(struct facts *f, bool unseen, struct buffer *hint)
{
	const char *error = errno_name(f->arena, f->error), *stage = stage_name(f->stage);

	f->user = f->settled || f->at->look.other;
	buffer_printf(hint, "the kernel answered %s for %s", error, hint_subject(f, f->at));
	if (stage)
		buffer_printf(hint, " at stage %s", stage);
	if (f->at->look.other)
		buffer_puts(hint, ", and another file has taken its place since, or it was changed");
	else if (was_seen(f))
		buffer_puts(hint, ", and nothing that can be seen explains it");
	else if (unseen)
		buffer_puts(hint, ", and it could not be looked into: /proc here does not show the caller");
	else
		buffer_puts(hint, ", and it could not be looked into: the caller has gone, or events come too fast");
	return bytes_of(arena_printf(f->arena, "other_%s", error));
}

static enum evidence evidence_of(const struct facts *f)
{
	return f->user ? EVIDENCE_USER : EVIDENCE_KERNEL;
}

/* NULL: no rule knows it. */
static const struct rule *find_cause(struct facts *f, bool unseen, struct event *event, struct buffer *hint)
{
	const struct rule *rule = find_rule(f, rule_topics);

	event->evidence = evidence_of(f);
	if (rule) {
		event->reason = bytes_of(rule->code);
		rule->hint(f, rule, hint);
	} else {
		event->reason = say_other(f, unseen, hint);
		event->evidence = evidence_of(f);
	}
	f->user = event->evidence == EVIDENCE_USER;
	return rule;
}

/* What the kernel starts is known by what names it, rather than by why it did not start. */
static void name_helper(struct facts *f, struct event *event, struct buffer *hint)
{
	const struct rule *rule = first_of(f, rules_helper);
	BUFFER_AUTO struct buffer helper = {};

	if (!rule)
		return;
	event->reason = bytes_of(rule->code);
	if (f->user)
		event->evidence = EVIDENCE_USER;
	rule->hint(f, rule, &helper);
	buffer_puts(&helper, ": ");
	buffer_add(&helper, hint->p, hint->n);
	hint->n = 0;
	buffer_add(hint, helper.p, helper.n);
}

/* Names in it are of others: what could command a terminal is shown, in every form of output. */
static void set_hint(struct event *event, struct bytes hint)
{
	BUFFER_AUTO struct buffer sentence = {};

	text_sentence(&sentence, hint);
	event->hint = (struct bytes){ arena_copy(event->arena, sentence.p, sentence.n), sentence.n };
}

/* No exec failed: what is known is how it ended. */
static void set_cause(struct facts *f, const struct rule *rule, struct event *event)
{
	BUFFER_AUTO struct buffer hint = {};

	event->stage = rule->stage;
	event->reason = bytes_of(rule->code);
	event->evidence = evidence_of(f);
	rule->hint(f, rule, &hint);
	set_hint(event, buffer_bytes(&hint));
}

static void diagnose_end(struct view *view, struct event *event)
{
	const struct rule *rule;
	struct facts facts;

	facts_begin(&facts, event, view);
	rule = find_rule(&facts, rule_topics_end);
	if (rule)
		set_cause(&facts, rule, event);
	event->path = event->stage == STAGE_LOADER ? event->exe : facts.named;
	facts_end(&facts);
}

static bool diagnose_one(struct view *view, struct event *event)
{
	BUFFER_AUTO struct buffer hint = {};
	const struct rule *rule;
	struct facts facts;

	if (event->type == EVENT_PROCESS_START_FAILED) {
		diagnose_end(view, event);
		return false;
	}
	facts_begin(&facts, event, view);
	facts_settle(&facts);
	rule = find_cause(&facts, view->unseen, event, &hint);
	if (event->call == CALL_KERNEL)
		name_helper(&facts, event, &hint);
	/* A cause that was found by looking is of that step, also where the caller had gone. */
	if (facts.settled && event->stage == STAGE_UNKNOWN && rule && rule->stage != STAGE_UNKNOWN)
		event->stage = facts.stage;
	set_hint(event, buffer_bytes(&hint));
	facts_end(&facts);
	return !rule || !rule->own;
}

/* Where no exec failed. False: these rules do not know it. */
static bool diagnose_by(struct view *view, struct event *event, const struct rule *rules)
{
	const struct rule *rule;
	struct facts facts;

	facts_begin(&facts, event, view);
	rule = first_of(&facts, rules);
	if (rule)
		set_cause(&facts, rule, event);
	facts_end(&facts);
	return rule;
}

bool diagnose_libraries(struct view *view, struct event *event)
{
	return diagnose_by(view, event, rules_library);
}

void diagnose_in_view(struct view *view, struct event *event)
{
	diagnose_one(view, event);
}

/* --- answers that are kept --- */

static void ask_number(struct buffer *question, uint64_t number)
{
	buffer_add(question, &number, sizeof(number));
}

static void ask_bytes(struct buffer *question, struct bytes bytes)
{
	ask_number(question, bytes.p ? bytes.n : UINT64_MAX);
	buffer_add(question, bytes.p, bytes.p ? bytes.n : 0);
}

/* What a search through PATH is told by. */
static void ask_search(struct buffer *question, const struct event *e)
{
	/* Whose own PATH it may be. */
	ask_number(question, e->ppid);
	for (size_t i = 0; i < e->arguments.n && i < ARGUMENTS_KEPT; i++)
		ask_bytes(question, e->arguments.v[i]);
	for (size_t i = 0; i < e->environment.n; i++)
		if (bytes_begins(e->environment.v[i], "PATH="))
			ask_bytes(question, e->environment.v[i]);
}

/* All that rules look at, but for what is written into hints that are not kept. */
static void ask(struct buffer *question, const struct event *e)
{
	const uint64_t numbers[] = {
		e->call,   (uint64_t)(int64_t)e->ret,
		e->stage,  e->step,
		e->seen,   e->level,
		e->uid,    e->euid,
		e->gid,    e->mnt_ns,
		e->signal, e->flags,
		e->cut,    (uint64_t)(int64_t)e->dirfd,
		e->look,   e->removed,
	};

	question->n = 0;
	buffer_add(question, numbers, sizeof(numbers));
	ask_bytes(question, e->path);
	ask_bytes(question, e->interpreter);
	ask_bytes(question, e->head);
	ask_bytes(question, e->root);
	ask_bytes(question, e->cwd);
	ask_bytes(question, e->dirfd_path);
	ask_bytes(question, e->comm);
	if (e->ret == -ENOENT)
		ask_search(question, e);
	if (e->ret == -ENOMEM)
		ask_bytes(question, e->cgroup);
}

/* Those whose cause is in the caller, not in files. */
static bool is_kept(const struct event *e)
{
	/*
	 * The working directory tells a caller in a chroot from others; a descriptor by its number is everybody's own.
	 */
	if (!e->cwd.p || !e->mnt_ns || !e->path.n)
		return false;
	return e->call != CALL_KERNEL && e->ret != -E2BIG && e->ret != -EFAULT && e->ret != -EAGAIN &&
	       !(e->seen & SEEN_SECCOMP);
}

static bool recall(struct diagnose *diagnose, struct event *event)
{
	struct bytes kept = cache_get(diagnose->cache, buffer_bytes(&diagnose->question), event->failed_ns,
				      clock_ns(CLOCK_MONOTONIC_COARSE));
	struct answer answer;

	if (!kept.p)
		return false;
	memcpy(&answer, kept.p, sizeof(answer));
	kept.p += sizeof(answer);
	kept.n -= sizeof(answer);
	event->evidence = answer.evidence;
	event->stage = answer.stage;
	event->reason = (struct bytes){ arena_copy(event->arena, kept.p, answer.reason_n), answer.reason_n };
	kept.p += answer.reason_n;
	kept.n -= answer.reason_n;
	event->hint = (struct bytes){ arena_copy(event->arena, kept.p, kept.n), kept.n };
	return true;
}

static void keep(struct diagnose *diagnose, const struct event *event, int64_t looked)
{
	struct answer answer = { event->evidence, event->stage, event->reason.n };
	BUFFER_AUTO struct buffer kept = {};

	buffer_add(&kept, &answer, sizeof(answer));
	buffer_add(&kept, event->reason.p, event->reason.n);
	buffer_add(&kept, event->hint.p, event->hint.n);
	cache_put(diagnose->cache, buffer_bytes(&diagnose->question), buffer_bytes(&kept), looked,
		  clock_ns(CLOCK_MONOTONIC_COARSE));
}

/* --- of systemd's, which says no more than 203/EXEC --- */

/* Between fork and exec, its children are called by the program's name in parentheses. */
static void name_unit(struct event *e)
{
	struct bytes unit = e->user_unit.p ? e->user_unit : e->unit;
	const char *hint;

	if (!bytes_ends(unit, ".service") || !e->comm.n || e->comm.p[0] != '(')
		return;
	hint = arena_printf(e->arena, "%.*s (systemd reports 203/EXEC for %.*s)", (int)e->hint.n, e->hint.p,
			    (int)unit.n, unit.p);
	set_hint(e, bytes_of(hint));
}

bool diagnose_known(struct diagnose *diagnose, struct event *event)
{
	if (event->type == EVENT_LOST)
		return true;
	if (!is_kept(event))
		return false;
	ask(&diagnose->question, event);
	if (!recall(diagnose, event))
		return false;
	name_unit(event);
	return true;
}

/* Whether the answer can be that of others; *gone: it is about a world that went while it was looked at. */
static bool diagnose_in(struct view *view, struct event *event, bool *gone)
{
	bool kept = diagnose_one(view, event);

	*gone = view_has_gone(view);
	event->steps += view->steps;
	view_close(view);
	return kept;
}

/* Mounts that all have do not go with a caller. */
bool diagnose_look(struct diagnose *diagnose, struct event *event)
{
	const struct event before = *event;
	uint64_t steps;
	bool gone, kept;

	kept = diagnose_in(views_open(diagnose->views, event->arena, program_caller(event)), event, &gone);
	if (!gone || event->mnt_ns == views_first_mnt_ns(diagnose->views))
		return kept;
	steps = event->steps;
	*event = before;
	event->steps = steps;
	return diagnose_in(views_open(diagnose->views, event->arena, program_caller(event)), event, &gone);
}

void diagnose_event(struct diagnose *diagnose, struct event *event)
{
	bool kept = is_kept(event), gone;
	int64_t looked;

	if (diagnose_known(diagnose, event))
		return;
	if (diagnose->busy) {
		diagnose_in(views_open_nothing(diagnose->views, event->arena), event, &gone);
	} else {
		looked = clock_ns(CLOCK_BOOTTIME);
		kept &= diagnose_look(diagnose, event);
		if (kept)
			keep(diagnose, event, looked);
	}
	name_unit(event);
}

void diagnose_take(struct diagnose *diagnose, struct event *event, const struct diagnosis *said, int64_t looked_ns)
{
	if (is_kept(event))
		ask(&diagnose->question, event);
	event->evidence = said->evidence;
	event->stage = said->stage;
	event->reason = said->reason;
	event->hint = said->hint;
	if (event->type == EVENT_PROCESS_START_FAILED)
		event->path = said->path;
	if (said->kept && is_kept(event))
		keep(diagnose, event, looked_ns);
	name_unit(event);
}

void diagnose_busy(struct diagnose *diagnose, bool busy)
{
	diagnose->busy = busy;
	cache_busy(diagnose->cache, busy);
}

struct diagnose *diagnose_new(const struct view_roots *roots)
{
	struct diagnose *diagnose = memory_new(sizeof(*diagnose));

	diagnose->views = views_new(roots);
	diagnose->cache = cache_new(LIFETIME_NS);
	return diagnose;
}

void diagnose_listen(struct diagnose *diagnose, struct audit *audit)
{
	views_listen(diagnose->views, audit);
}

void diagnose_free(struct diagnose *diagnose)
{
	if (!diagnose)
		return;
	views_free(diagnose->views);
	cache_free(diagnose->cache);
	buffer_free(&diagnose->question);
	free(diagnose);
}
