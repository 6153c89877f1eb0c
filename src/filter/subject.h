/* SPDX-License-Identifier: GPL-2.0-only */
/* What of an event a term is about: a field, or a member of one. */
#ifndef EXECFAIL_SUBJECT_H
#define EXECFAIL_SUBJECT_H

#include "event/fields.h"

enum subject_kind {
	SUBJECT_NONE, /* known or not is all that can be asked */
	SUBJECT_TEXT,
	SUBJECT_TIME, /* text, which can be ordered, too */
	SUBJECT_NUMBER,
	SUBJECT_TRUTH,
};

enum subject_member {
	MEMBER_ALL,
	MEMBER_PID,
	MEMBER_COMM,
	MEMBER_PATH,
	MEMBER_ID,
	MEMBER_RUNTIME,
	MEMBER_ERRNO,
	MEMBER_USER,
};

struct subject {
	const struct field *field;
	enum subject_member member;
};

/* "errno", "container.id"; false: there is none. */
bool subject_find(struct bytes name, struct subject *subject);

/* The name that a mistyped one may have meant; static, NULL: none is near. */
const char *subject_nearest(const char *name);

enum subject_kind subject_kind(const struct subject *subject);

/* Whether the event has it, and it is not null. */
bool subject_known(const struct subject *subject, const struct event *event);

/* Asked of each of its values: one, or the elements of a list. They are of one scalar type, and none is null. */
typedef bool subject_ask(void *context, struct value value);

/* Whether one of them was answered with true; the others are not asked any more. */
bool subject_any(const struct subject *subject, const struct event *event, subject_ask *ask, void *context);

#endif
