// SPDX-License-Identifier: GPL-2.0-only
#include "print/printer.h"

#include <string.h>

#include "print/style.h"

const struct printer *const printers[] = {
	&table_printer, &json_printer,    &logfmt_printer, &ecs_printer,
	&otel_printer,  &journal_printer, &github_printer, NULL,
};

const char *const style_colours[] = { "auto", "always", "never", NULL };
const char *const style_times[] = { "local", "utc", "relative", "delta", NULL };

const struct printer *printer_find(const char *name)
{
	for (const struct printer *const *printer = printers; *printer; printer++)
		if (!strcmp((*printer)->name, name))
			return *printer;
	return NULL;
}

const struct field *style_field(const struct style *style, enum event_type type, size_t *at)
{
	/* Whatever was chosen, it is to be seen that something was lost. */
	bool chosen = style->n_fields && type != EVENT_LOST;
	size_t n = chosen ? style->n_fields : fields_count;

	while (*at < n) {
		const struct field *field = chosen ? style->fields[*at] : &fields[*at];

		++*at;
		if (field_applies(field, type))
			return field;
	}
	return NULL;
}
