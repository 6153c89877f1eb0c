// SPDX-License-Identifier: GPL-2.0-only
#include "crew/verdict.h"

#include <string.h>

#include "base/text.h"
#include "record.h"

enum text {
	TEXT_REASON,
	TEXT_HINT,
	TEXT_BINARY,
	TEXT_CGROUP,
	TEXT_PATH,
	TEXT_ARGUMENTS,
	TEXTS,
};

#define UNKNOWN_TEXT UINT32_MAX /* its length where there is none */

struct head {
	uint64_t number;
	uint64_t steps;
	uint32_t refused;
	uint8_t look;
	uint8_t stage;
	uint8_t evidence;
	uint8_t cgroup_known;
	uint8_t binary_known;
	uint8_t kept;
	uint8_t zero[2];
	uint32_t lengths[TEXTS];
	uint64_t dev;
	uint64_t ino;
	int64_t ctime_sec;
	uint32_t ctime_nsec;
	uint32_t mode;
	uint32_t magic;
	uint32_t zero_too;
};

static const uint32_t most[TEXTS] = {
	[TEXT_REASON] = VERDICT_REASON, [TEXT_HINT] = VERDICT_HINT, [TEXT_BINARY] = VERDICT_PATH,
	[TEXT_CGROUP] = VERDICT_PATH,   [TEXT_PATH] = VERDICT_PATH, [TEXT_ARGUMENTS] = RECORD_STRINGS_MAX,
};

bool request_parse(struct bytes message, struct request *request, struct bytes *record)
{
	if (message.n < sizeof(*request))
		return false;
	memcpy(request, message.p, sizeof(*request));
	*record = bytes_after(message, sizeof(*request));
	return record->n <= RECORD_MAX + sizeof(uint64_t);
}

static uint32_t length_of(struct bytes text, enum text which)
{
	if (!text.p)
		return UNKNOWN_TEXT;
	return text.n < most[which] ? (uint32_t)text.n : most[which];
}

/* Each with its NUL; p NULL: there is nothing but what the record had. */
static struct bytes arguments_of(struct buffer *joined, const struct event *event)
{
	const struct bytes_list *list = &event->arguments;

	if (!(event->late & 1u << PART_ARGUMENTS))
		return (struct bytes){};
	for (size_t i = 0; i < list->n; i++) {
		buffer_add(joined, list->v[i].p, list->v[i].n);
		buffer_put(joined, '\0');
	}
	return (struct bytes){ joined->n ? joined->p : "", joined->n };
}

void verdict_pack(struct buffer *out, uint64_t number, const struct event *event, bool kept)
{
	BUFFER_AUTO struct buffer arguments = {};
	const struct bytes texts[TEXTS] = {
		[TEXT_REASON] = event->reason,
		[TEXT_HINT] = event->hint,
		/* A path that is cut would be another's. */
		[TEXT_BINARY] = event->look == LOOK_FOUND && event->binary.path.n <= VERDICT_PATH ? event->binary.path
												  : (struct bytes){},
		[TEXT_CGROUP] = event->proc_cgroup.n <= VERDICT_PATH ? event->proc_cgroup : (struct bytes){},
		[TEXT_PATH] = event->exit_code && event->path.n <= VERDICT_PATH ? event->path : (struct bytes){},
		[TEXT_ARGUMENTS] = arguments_of(&arguments, event),
	};
	struct head head = {
		.number = number,
		.steps = event->steps < VERDICT_STEPS ? event->steps : VERDICT_STEPS,
		.look = (uint8_t)event->look,
		.stage = (uint8_t)event->stage,
		.evidence = (uint8_t)event->evidence,
		.kept = kept,
		.cgroup_known = event->proc_cgroup_known,
		.binary_known = event->look == LOOK_FOUND && event->binary.known,
	};

	if (head.binary_known) {
		head.dev = event->binary.dev;
		head.ino = event->binary.ino;
		head.ctime_sec = event->binary.ctime_sec;
		head.ctime_nsec = event->binary.ctime_nsec;
		head.mode = event->binary.mode;
		head.magic = event->binary.magic;
	}
	for (enum text i = 0; i < TEXTS; i++)
		head.lengths[i] = length_of(texts[i], i);
	buffer_add(out, &head, sizeof(head));
	for (enum text i = 0; i < TEXTS; i++)
		if (texts[i].p)
			buffer_add(out, texts[i].p, head.lengths[i]);
}

void verdict_pack_refused(struct buffer *out, int call)
{
	struct head head = { .refused = (uint32_t)call };

	memset(head.lengths, 0xff, sizeof(head.lengths));
	buffer_add(out, &head, sizeof(head));
}

/* --- what was heard --- */

static bool take_texts(struct bytes rest, const struct head *head, struct bytes texts[TEXTS])
{
	for (enum text i = 0; i < TEXTS; i++) {
		texts[i] = (struct bytes){};
		if (head->lengths[i] == UNKNOWN_TEXT)
			continue;
		if (head->lengths[i] > most[i] || head->lengths[i] > rest.n)
			return false;
		texts[i] = bytes_first(rest, head->lengths[i]);
		rest = bytes_after(rest, head->lengths[i]);
	}
	return !rest.n;
}

/* A name that could be one of docs/reasons.md. */
static bool is_reason(struct bytes reason)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

	for (size_t i = 0; i < reason.n; i++)
		if (!memchr(letters, reason.p[i], sizeof(letters) - 1))
			return false;
	return reason.n;
}

static struct event_file file_of(const struct head *head, struct bytes path)
{
	if (!head->binary_known)
		return (struct event_file){};
	return (struct event_file){
		.known = true,
		.dev = head->dev,
		.ino = head->ino,
		.ctime_sec = head->ctime_sec,
		.ctime_nsec = head->ctime_nsec,
		.mode = head->mode,
		.magic = head->magic,
		.path = path,
	};
}

static bool is_head(const struct head *head)
{
	return head->steps <= VERDICT_STEPS && head->look <= LOOK_UNSEEN && head->stage <= STAGE_SERVICE_MANAGER &&
	       head->evidence <= EVIDENCE_USER && head->kept <= 1 && head->cgroup_known <= 1 &&
	       head->binary_known <= 1 && head->ctime_nsec < 1000000000 &&
	       (head->look == LOOK_FOUND || !head->binary_known);
}

static bool is_joined(struct bytes arguments)
{
	return !arguments.n || !arguments.p[arguments.n - 1];
}

bool verdict_parse(struct bytes message, struct verdict *verdict)
{
	struct bytes texts[TEXTS];
	struct head head;

	if (message.n < sizeof(head))
		return false;
	memcpy(&head, message.p, sizeof(head));
	if (!is_head(&head) || !take_texts(bytes_after(message, sizeof(head)), &head, texts) ||
	    !is_joined(texts[TEXT_ARGUMENTS]))
		return false;
	*verdict = (struct verdict){
		.number = head.number,
		.steps = head.steps,
		.refused = (int)head.refused,
		.look = head.look,
		.binary = file_of(&head, texts[TEXT_BINARY]),
		.proc_cgroup_known = head.cgroup_known,
		.proc_cgroup = texts[TEXT_CGROUP],
		.arguments = texts[TEXT_ARGUMENTS],
		.diagnosis = { head.evidence, head.stage, head.kept, texts[TEXT_REASON], texts[TEXT_HINT],
			       texts[TEXT_PATH] },
	};
	return verdict->refused || (is_reason(texts[TEXT_REASON]) && texts[TEXT_HINT].p);
}

static struct bytes copy(struct event *event, struct bytes text)
{
	return text.p ? (struct bytes){ arena_copy(event->arena, text.p, text.n), text.n } : text;
}

/* It was made fit to be read where it was said: of a sentence that was, this changes nothing. */
static struct bytes sentence(struct event *event, struct bytes hint)
{
	BUFFER_AUTO struct buffer escaped = {};

	text_sentence(&escaped, hint);
	return copy(event, buffer_bytes(&escaped));
}

void verdict_apply(struct verdict *verdict, struct event *event)
{
	event->steps += verdict->steps;
	if (event->seen & SEEN_OUTCOME && !event->binary.known) {
		event->look = verdict->look;
		event->look_known = true;
		event->binary = verdict->binary;
		event->binary.path = copy(event, verdict->binary.path);
	}
	if (event->argv && verdict->arguments.p)
		decode_arguments(event, verdict->arguments);
	event->argv = 0;
	event->proc_cgroup_known = verdict->proc_cgroup_known;
	event->proc_cgroup = copy(event, verdict->proc_cgroup);
	verdict->diagnosis.reason = copy(event, verdict->diagnosis.reason);
	verdict->diagnosis.hint = sentence(event, verdict->diagnosis.hint);
	verdict->diagnosis.path = copy(event, verdict->diagnosis.path);
}
