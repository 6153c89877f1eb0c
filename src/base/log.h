/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What there is to say besides events: a line each on stderr, behind `execfail: `, in one write if it takes all. On a
 * terminal it is broken between words.
 *
 * The finished line is escaped by text_escape(), so foreign bytes may be passed as they are and must not be escaped
 * before. Newlines at the end are left out, others are shown as \n. A reader who takes nothing is waited for a second;
 * the line is then left. errno stays what it was.
 */
#ifndef EXECFAIL_LOG_H
#define EXECFAIL_LOG_H

#include <stdbool.h>

enum log_level {
	LOG_ERR, /* always */
	LOG_WARN, /* always */
	LOG_NOTICE, /* unless it is to be quiet */
	LOG_INFO, /* -v */
	LOG_DEBUG, /* -vv */
};

/*
 * verbose: how often -v was given; negative: quiet. fd: where to write, the caller's. Without this call: 0, and stderr.
 */
void log_init(int verbose, int fd);

/*
 * While something else has the terminal, a line would be drawn over: it is kept, and written when that is over. What
 * goes wrong is written at once as well, since there may be no later.
 */
void log_hold(bool hold);

/* Whether such lines are written: to spare the work for those that are not. */
int log_enabled(enum log_level level);

__attribute__((format(printf, 2, 3))) void log_line(enum log_level level, const char *format, ...);

#define log_err(...) log_line(LOG_ERR, __VA_ARGS__)
#define log_warn(...) log_line(LOG_WARN, __VA_ARGS__)
/* What the user of any run is told, once at its beginning and once at its end. */
#define log_notice(...) log_line(LOG_NOTICE, __VA_ARGS__)
#define log_info(...) log_line(LOG_INFO, __VA_ARGS__)
#define log_debug(...) log_line(LOG_DEBUG, __VA_ARGS__)

#endif
