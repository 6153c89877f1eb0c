// SPDX-License-Identifier: GPL-2.0-only
#include "print/printer.h"

#include <string.h>

#include "print/style.h"

const struct printer *const printers[] = { &table_printer, &json_printer, NULL };

const char *const style_colours[] = { "auto", "always", "never", NULL };
const char *const style_times[] = { "local", "utc", "relative", "delta", NULL };

const struct printer *printer_find(const char *name)
{
	for (const struct printer *const *printer = printers; *printer; printer++)
		if (!strcmp((*printer)->name, name))
			return *printer;
	return NULL;
}
