/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who looks: a process for nothing else, which reads what the callers wrote and where they live, waits for whom they
 * make it wait, and is ended when that takes too long.
 */
#ifndef EXECFAIL_WORKER_H
#define EXECFAIL_WORKER_H

struct audit_told;
struct step;
struct enrich;
struct diagnose;

/* What a worker begins with; made once, before privileges are given up. */
struct worker_tools {
	struct enrich *enrich;
	struct diagnose *diagnose;
	struct audit_told *told; /* what of the security modules' records was */
};

struct worker_tools worker_tools_new(void);

/* Answers the requests that come by the socket, until that is closed, and shares its steps. Never returns. */
__attribute__((noreturn)) void worker_run(const struct worker_tools *tools, int socket, struct step *step);

#endif
