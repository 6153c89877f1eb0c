// SPDX-License-Identifier: GPL-2.0-only
/* What nobody could look at. */
#include "examples.h"

static const struct example examples[] = {
	{ "not_looked", KERNEL, FAILED(LOOKUP, ENOENT), PATH("/opt/tool"), .event.unlooked = UNLOOKED_SILENT,
	  .hint = "the kernel answered ENOENT for /opt/tool, and looking for the cause was given up" },
	{ "not_looked", KERNEL, FAILED(FORMAT, ENOEXEC), PATH("/opt/tool"), .event.unlooked = UNLOOKED_OWNER,
	  .hint = "the kernel answered ENOEXEC for /opt/tool, and nobody looked for the cause: what this user has" },
	{ "not_looked", KERNEL, OUTCOME(EACCES), PATH("/opt/tool"), .event.unlooked = UNLOOKED_FULL,
	  .hint = "too many events waited" },
	{ "not_looked", KERNEL, OUTCOME(EACCES), PATH("/opt/tool"), .event.unlooked = UNLOOKED_FAILED,
	  .hint = "the process that looks had ended" },
	/* What is the kernel's own word needs no look. */
	{ "bad_path_pointer", KERNEL, FAILED(ENTRY, EFAULT), .event.unlooked = UNLOOKED_SILENT,
	  .hint = "passed an address for the path where it has no memory" },
};

int main(void)
{
	return EXAMPLES_RUN(rules_unlooked);
}
