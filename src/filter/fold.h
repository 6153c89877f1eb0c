/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The steps of a search through PATH, told as one event: execvp() and its like try one directory after the other, and
 * each that lacks the program is a failed exec.
 *
 * A search is what one thread tries with one name and the same arguments, directories of its PATH in their order, and
 * nothing else between. One that goes on to a file that was seen there, or that the kernel says has started, is not
 * told. Of one that does not, that step is told which says most: a file that is there, and cannot be started, rather
 * than one that is not; `attempts` has them all. That is so at the end of PATH, or when the thread fails otherwise:
 * then nobody waits. A search that just stops is told FOLD_MS after its last step; later if more of that process has
 * come, and waits for its cause to be known, but a second at most. A step that comes after that, since the machine had
 * held up who searches, is told no more. All else is told at once.
 */
#ifndef EXECFAIL_FOLD_H
#define EXECFAIL_FOLD_H

#include "event/event.h"

enum { FOLD_MS = 100 };

struct fold;

/* Of the event nothing is to be kept after it returns. */
typedef void fold_tell(void *context, struct event *event);

/* To be ended by fold_free(), which tells nothing more. Out of memory ends the program. */
struct fold *fold_new(fold_tell *tell, void *context);
void fold_free(struct fold *fold);

/* Of the event nothing is kept but a copy. now_ns: CLOCK_MONOTONIC. */
void fold_add(struct fold *fold, struct event *event, int64_t now_ns);

/*
 * A program has started, of which path and tid are known: where that thread was searching for it, the search has found
 * it, and is not told.
 */
void fold_found(struct fold *fold, const struct event *event);

/* Whether more of that process has come, and is yet to be added. */
typedef bool fold_awaits(void *context, uint32_t pid);

/* Tells what has waited long enough. Returns in how many milliseconds to call it again, -1: nothing waits. */
int fold_expire(struct fold *fold, int64_t now_ns, fold_awaits *awaits, void *context);

/* Tells all that waits. */
void fold_flush(struct fold *fold);

/* How many events were not told, or are told within another. */
uint64_t fold_count(const struct fold *fold);

#endif
