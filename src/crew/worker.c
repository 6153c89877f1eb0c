// SPDX-License-Identifier: GPL-2.0-only
#include "crew/worker.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "crew/confine.h"
#include "crew/verdict.h"
#include "event/enrich.h"
#include "event/stage.h"
#include "look/audit.h"
#include "look/step.h"

struct worker_tools worker_tools_new(void)
{
	return (struct worker_tools){ enrich_new(NULL, ENRICH_SHOW_SECRETS | ENRICH_ALWAYS_LOOKS), diagnose_new(NULL),
				      audit_share() };
}

static void answer(const struct worker_tools *tools, struct bytes message, struct arena *arena, struct buffer *out)
{
	struct request request;
	struct bytes record;
	struct event event;
	bool kept;

	if (!request_parse(message, &request, &record) ||
	    decode_record(&request.decode, record.p, record.n, arena, &event))
		_exit(1);
	step_avoid(request.avoid);
	enrich_event(tools->enrich, &event);
	stage_event(&event);
	kept = diagnose_look(tools->diagnose, &event);
	verdict_pack(out, request.number, &event, kept);
}

static int socket_to_complain = -1;

/* The reader has stderr, and we have not. */
static void say_refused(int call)
{
	BUFFER_AUTO struct buffer out = {};

	verdict_pack_refused(&out, call);
	send(socket_to_complain, out.p, out.n, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* The next request, of at most that size; what the security modules tell meanwhile is taken. */
static size_t hear(int socket, struct audit *audit, void *message, size_t size)
{
	struct pollfd fds[] = { { .fd = socket, .events = POLLIN }, { .fd = audit_fd(audit), .events = POLLIN } };
	ssize_t n = -1;

	do {
		if (poll(fds, 2, -1) < 0)
			continue;
		if (fds[1].revents)
			audit_read(audit);
		if (fds[0].revents)
			n = recv(socket, message, size, 0);
	} while (n < 0 && (!fds[0].revents || errno == EINTR));
	if (n <= 0)
		_exit(0);
	return (size_t)n;
}

void worker_run(const struct worker_tools *tools, int socket, struct step *step)
{
	static char message[sizeof(struct request) + RECORD_MAX + sizeof(uint64_t)];
	struct audit *audit = audit_new(tools->told);
	struct arena *arena = arena_new();
	struct buffer out = {};
	size_t n;

	step_share(step);
	diagnose_listen(tools->diagnose, audit);
	socket_to_complain = socket;
	if (confine(CONFINE_WORKER, say_refused))
		_exit(1);
	/* From here on it is the looking that takes time. */
	send(socket, "", 1, MSG_NOSIGNAL);
	for (;;) {
		n = hear(socket, audit, message, sizeof(message));
		arena_reset(arena);
		out.n = 0;
		answer(tools, (struct bytes){ message, n }, arena, &out);
		if (send(socket, out.p, out.n, MSG_NOSIGNAL) < 0)
			_exit(0);
	}
}
