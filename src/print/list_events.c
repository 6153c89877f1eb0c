// SPDX-License-Identifier: GPL-2.0-only
/* docs/events.md */
#include "event/events.h"
#include "event/fields.h"
#include "print/list.h"

static const char head[] =
	"<!-- Made by `execfail --list-fields=markdown`. Change src/event/events.c and fields.c instead. -->\n\n"
	"# Events\n\n"
	"What `-e` takes, and what an object of each has (`-o json`; [the schema](event.schema.json)). `null` is unknown. Arguments and\n"
	"environment are read from memory of the caller, who may change it meanwhile, but for a program that has started: those are on its\n"
	"own stack. Beside our names are those that Tracee's event of the same name has, where one of its arguments means the same.\n\n"
	"What one task does is told in the order in which it happened. Only failures are looked into, folded and counted; the others are told\n"
	"as they come. Hooks that none of the events asked for needs are not attached: `execfail --doctor -e LIST` shows which are.\n";

static const char *tracee_name(const struct field *field, enum event_type type)
{
	for (size_t i = 0; i < sizeof(field->tracee) / sizeof(field->tracee[0]); i++)
		if (field->tracee[i].events & 1u << type)
			return field->tracee[i].name;
	return NULL;
}

static void put_field(FILE *to, const struct field *field, enum event_type type)
{
	const char *tracee = tracee_name(field, type), *quote = tracee ? "`" : "";

	fprintf(to, "| `%s` | %s%s | %s%s%s | %s |\n", field->name, value_type_name(field->type),
		field->flags & FIELD_OPTIONAL ? ", or missing" : "", quote, tracee ?: "", quote, field->help);
}

static void put_event(FILE *to, const struct event_kind *kind)
{
	fprintf(to, "\n## %s\n\n%s\n\n", kind->name, kind->about);
	fputs("| field | type | Tracee | |\n|---|---|---|---|\n", to);
	for (size_t i = 0; i < fields_count; i++)
		if (field_applies(&fields[i], kind->type))
			put_field(to, &fields[i], kind->type);
}

void list_events_markdown(FILE *to, bool json)
{
	(void)json;
	fputs(head, to);
	for (size_t i = 0; i < event_kinds_count; i++)
		if (event_kinds[i].about)
			put_event(to, &event_kinds[i]);
}
