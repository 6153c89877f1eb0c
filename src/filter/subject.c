// SPDX-License-Identifier: GPL-2.0-only
#include "filter/subject.h"

#include <string.h>

#include "base/error.h"
#include "base/text.h"

/* Of fields that are objects. Where only the field is named, the first of its members is meant. */
static const struct {
	const char *name;
	enum subject_member member;
	enum value_type type;
} members[] = {
	{ "ancestors.comm", MEMBER_COMM, VALUE_BYTES },
	{ "ancestors.pid", MEMBER_PID, VALUE_UINT },
	{ "container.id", MEMBER_ID, VALUE_BYTES },
	{ "container.runtime", MEMBER_RUNTIME, VALUE_BYTES },
	{ "container.delegated_to", MEMBER_USER, VALUE_UINT },
	{ "attempts.path", MEMBER_PATH, VALUE_BYTES },
	{ "attempts.errno", MEMBER_ERRNO, VALUE_BYTES },
	{ "caused_by.path", MEMBER_PATH, VALUE_BYTES },
	{ "caused_by.pid", MEMBER_PID, VALUE_UINT },
};

enum { MEMBERS = sizeof(members) / sizeof(members[0]) };

static const struct field *find_field(struct bytes name)
{
	for (size_t i = 0; i < fields_count; i++)
		if (bytes_is(name, fields[i].name))
			return &fields[i];
	return NULL;
}

bool subject_find(struct bytes name, struct subject *subject)
{
	*subject = (struct subject){ .field = find_field(name) };
	for (size_t i = 0; i < MEMBERS && !subject->field; i++)
		if (bytes_is(name, members[i].name))
			*subject = (struct subject){
				.field = find_field(bytes_first(name, bytes_find(name, '.'))),
				.member = members[i].member,
			};
	return subject->field;
}

const char *subject_nearest(const char *name)
{
	const char *names[MEMBERS + 1] = {}, *nearest = fields_nearest(name);

	for (size_t i = 0; i < MEMBERS; i++)
		names[i] = members[i].name;
	return nearest ?: text_nearest(name, names);
}

/* The row of members[] that is meant; MEMBERS: the field has none. */
static size_t find_member(const struct subject *subject)
{
	size_t n = strlen(subject->field->name), i = 0;

	while (i < MEMBERS && (strncmp(members[i].name, subject->field->name, n) || members[i].name[n] != '.' ||
			       (subject->member && subject->member != members[i].member)))
		i++;
	return i;
}

static enum subject_kind kind_of(enum value_type type)
{
	switch (type) {
	case VALUE_BOOL:
		return SUBJECT_TRUTH;
	case VALUE_INT:
	case VALUE_UINT:
		return SUBJECT_NUMBER;
	case VALUE_BYTES:
	case VALUE_STRINGS:
	case VALUE_NAMES:
		return SUBJECT_TEXT;
	default:
		return SUBJECT_NONE;
	}
}

enum subject_kind subject_kind(const struct subject *subject)
{
	size_t i = find_member(subject);

	if (subject->field->flags & FIELD_TIME)
		return SUBJECT_TIME;
	return kind_of(i < MEMBERS ? members[i].type : subject->field->type);
}

static struct value value_of(const struct subject *subject, const struct event *event)
{
	return field_applies(subject->field, event->type) ? field_value(subject->field, event) : value_null();
}

bool subject_known(const struct subject *subject, const struct event *event)
{
	return value_of(subject, event).type != VALUE_NULL;
}

static bool ask_one(struct value value, subject_ask *ask, void *context)
{
	return value.type != VALUE_NULL && ask(context, value);
}

static bool ask_strings(const struct bytes_list *list, subject_ask *ask, void *context)
{
	for (size_t i = 0; i < list->n; i++)
		if (ask_one(value_bytes(list->v[i]), ask, context))
			return true;
	return false;
}

static bool ask_names(uint32_t parts, subject_ask *ask, void *context)
{
	for (enum event_part part = PART_NONE + 1; part < PARTS; part++)
		if (parts & 1u << part && ask_one(value_string(fields_of_part(part)->name), ask, context))
			return true;
	return false;
}

static bool ask_ancestors(struct value value, enum subject_member member, subject_ask *ask, void *context)
{
	for (size_t i = 0; i < value.ancestors.n; i++) {
		const struct event_ancestor *a = &value.ancestors.v[i];

		if (ask_one(member == MEMBER_PID ? value_number(a->pid) : value_bytes(a->comm), ask, context))
			return true;
	}
	return false;
}

static struct value value_of_container(struct value value, enum subject_member member)
{
	if (member == MEMBER_USER)
		return value.container.user == RECORD_UNKNOWN ? value_null() : value_number(value.container.user);
	return value_bytes(member == MEMBER_RUNTIME ? value.container.runtime : value.container.id);
}

static bool ask_attempts(struct value value, enum subject_member member, subject_ask *ask, void *context)
{
	for (size_t i = 0; i < value.attempts.n; i++) {
		const struct event_attempt *a = &value.attempts.v[i];

		if (ask_one(member == MEMBER_ERRNO ? value_string(error_name(a->error)) : value_bytes(a->path), ask,
			    context))
			return true;
	}
	return false;
}

bool subject_any(const struct subject *subject, const struct event *event, subject_ask *ask, void *context)
{
	struct value value = value_of(subject, event);

	switch (value.type) {
	case VALUE_STRINGS:
		return ask_strings(value.strings, ask, context);
	case VALUE_NAMES:
		return ask_names(value.parts, ask, context);
	case VALUE_ANCESTORS:
		return ask_ancestors(value, subject->member, ask, context);
	case VALUE_ATTEMPTS:
		return ask_attempts(value, subject->member, ask, context);
	case VALUE_CONTAINER:
		return ask_one(value_of_container(value, subject->member), ask, context);
	case VALUE_CAUSE:
		return ask_one(subject->member == MEMBER_PID ? value_number(value.cause.pid)
							     : value_bytes(value.cause.path),
			       ask, context);
	default:
		return ask_one(value, ask, context);
	}
}
