// SPDX-License-Identifier: GPL-2.0-only
/* What is told of a check: one line of tests/run's, and comments to it. */
#define _GNU_SOURCE
#include <stdio.h>

#include "runner.h"

#define TOLD_AT_MOST 5

struct tally tally;

/*
 * Threads that all fail at once may preempt each other inside of a program, which the kernel then does not run again.
 * Such a loss must have been counted: of all rows, no more may be missing than execfail said in the end.
 */
static long missing_in_all;

static void show(struct json_object *event)
{
	if (event)
		printf("# %s\n",
		       json_object_to_json_string_ext(event, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
}

void check_wrong(struct check *check, const char *why, struct json_object *event)
{
	if (++check->wrong > TOLD_AT_MOST)
		return;
	if (check->wrong == 1)
		printf("not ok %s # %s\n", check->name, why);
	else
		printf("# and: %s\n", why);
	show(event);
}

void check_end(const struct check *check, const char *skip)
{
	if (check->wrong > TOLD_AT_MOST)
		printf("# and %d more\n", check->wrong - TOLD_AT_MOST);
	if (check->wrong) {
		tally.failed++;
	} else if (skip) {
		printf("skip %s # %s\n", check->name, skip);
		tally.skipped++;
	} else if (check->missing) {
		printf("skip %s # %ld events are missing: see the check of what was lost\n", check->name,
		       check->missing);
		missing_in_all += check->missing;
		tally.skipped++;
	} else {
		printf("ok %s\n", check->name);
		tally.passed++;
	}
	fflush(stdout);
}

void check_losses(long counted)
{
	struct check check = { .name = "lost" };
	char why[100];

	if (!missing_in_all && !counted)
		return;
	snprintf(why, sizeof(why), "%ld events are missing, and execfail counted %ld", missing_in_all, counted);
	if (missing_in_all > counted)
		check_wrong(&check, why, NULL);
	check_end(&check, NULL);
}
