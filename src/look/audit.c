// SPDX-License-Identifier: GPL-2.0-only
#include "look/audit.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"

enum {
	KEPT = 64, /* records of denials */
	AT_ONCE = 1024, /* messages that are read: who is denied something over and over keeps nobody reading */
	TEXT = 2048, /* bytes of one: what is behind them is not of interest */
	CALL_NS = 1000000000, /* a call that fails later after the denial is none of these */
	CLOCK_NS = 1000000, /* how far clocks are apart that are read one after the other */
};

/* Whatever one of the readers makes of it, others are told less at worst. */
struct audit_told {
	_Atomic size_t next;
	_Atomic uint64_t serials[KEPT];
};

struct audit {
	int fd;
	struct audit_told *told; /* NULL: only what is forgotten here */
	size_t next; /* to be written over */
	struct {
		size_t n; /* 0: none */
		char text[TEXT];
	} kept[KEPT];
};

/* --- a record: audit(1700000000.123:45): apparmor="DENIED" operation="exec" … pid=7 comm="sh" … --- */

static bool is_key(struct bytes text, size_t at, struct bytes key)
{
	return (!at || text.p[at - 1] == ' ') && text.n - at > key.n && !memcmp(text.p + at, key.p, key.n) &&
	       text.p[at + key.n] == '=';
}

/* Of what others chose, there is neither a quote nor a blank between quotes. */
static struct bytes value_of(struct bytes text, const char *name)
{
	struct bytes key = bytes_of(name), value = {};
	bool quoted = false;

	for (size_t i = 0; i < text.n; i++) {
		if (!quoted && is_key(text, i, key)) {
			value = bytes_after(text, i + key.n + 1);
			break;
		}
		quoted ^= text.p[i] == '"';
	}
	if (bytes_begins(value, "\"")) {
		value = bytes_after(value, 1);
		return bytes_cut(&value, '"');
	}
	return bytes_cut(&value, ' ');
}

static int digit_of(char c)
{
	static const char digits[] = "0123456789ABCDEF";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* Without quotes, a string of others is in hexadecimal: something in it could not be shown. */
static struct bytes string_of(struct arena *arena, struct bytes text, const char *name)
{
	struct bytes value = value_of(text, name);
	char *to;

	if (!value.n || value.n % 2 || value.p[-1] == '"')
		return value.p ? (struct bytes){ arena_copy(arena, value.p, value.n), value.n } : value;
	to = arena_alloc(arena, value.n / 2 + 1);
	for (size_t i = 0; i < value.n; i += 2) {
		int high = digit_of(value.p[i]), low = digit_of(value.p[i + 1]);

		if (high < 0 || low < 0)
			return (struct bytes){ arena_copy(arena, value.p, value.n), value.n };
		to[i / 2] = (char)(high << 4 | low);
	}
	return (struct bytes){ to, value.n / 2 };
}

static struct bytes word_of(struct arena *arena, struct bytes text, const char *name)
{
	struct bytes value = value_of(text, name);

	return value.p ? (struct bytes){ arena_copy(arena, value.p, value.n), value.n } : value;
}

static bool parse_apparmor(struct arena *arena, struct bytes text, struct denial *denial)
{
	if (!bytes_is(value_of(text, "apparmor"), "DENIED") || !bytes_is(value_of(text, "operation"), "exec"))
		return false;
	denial->module = "apparmor";
	denial->subject = string_of(arena, text, "profile");
	denial->name = string_of(arena, text, "name");
	denial->asked = word_of(arena, text, "denied_mask");
	denial->why = word_of(arena, text, "info");
	return true;
}

/* avc:  denied  { execute } for  pid=7 comm="sh" … scontext=… tcontext=… tclass=file permissive=0 */
static bool parse_selinux(struct arena *arena, struct bytes text, struct denial *denial)
{
	static const char begin[] = "avc:  denied  { ";
	const char *at = text.n ? memmem(text.p, text.n, begin, strlen(begin)) : NULL;
	struct bytes asked;

	if (!at || bytes_is(value_of(text, "permissive"), "1"))
		return false;
	asked = bytes_after(text, (size_t)(at - text.p) + strlen(begin));
	asked = bytes_cut(&asked, '}');
	if (asked.n && asked.p[asked.n - 1] == ' ')
		asked.n--;
	denial->module = "selinux";
	denial->asked = (struct bytes){ arena_copy(arena, asked.p, asked.n), asked.n };
	denial->subject = word_of(arena, text, "scontext");
	denial->object = word_of(arena, text, "tcontext");
	denial->class = word_of(arena, text, "tclass");
	denial->name = string_of(arena, text, "name");
	return true;
}

bool audit_parse(struct arena *arena, struct bytes text, struct denial *denial)
{
	const char *string = arena_copy(arena, text.p, text.n); /* with a NUL */
	struct bytes pid = value_of(text, "pid");
	unsigned long long serial;
	long long seconds;
	int milliseconds;

	*denial = (struct denial){};
	if (!text.n || sscanf(string, "audit(%lld.%d:%llu", &seconds, &milliseconds, &serial) != 3 || !pid.n)
		return false;
	if (!parse_apparmor(arena, text, denial) && !parse_selinux(arena, text, denial))
		return false;
	denial->ns = seconds * 1000000000 + milliseconds * (int64_t)1000000;
	denial->serial = serial;
	denial->pid = (uint32_t)strtoul(arena_copy(arena, pid.p, pid.n), NULL, 10);
	denial->comm = string_of(arena, text, "comm");
	return true;
}

/* --- those that came --- */

/* Exec is a small part of what modules deny: the rest is not to push it out. */
static bool is_of_interest(struct bytes text)
{
	if (bytes_is(value_of(text, "operation"), "exec"))
		return bytes_is(value_of(text, "apparmor"), "DENIED");
	return memmem(text.p, text.n, "avc:  denied ", strlen("avc:  denied "));
}

void audit_take(struct audit *audit, struct bytes text)
{
	text.n = text.n < TEXT ? text.n : TEXT;
	if (!text.n || !is_of_interest(text))
		return;
	memcpy(audit->kept[audit->next].text, text.p, text.n);
	audit->kept[audit->next].n = text.n;
	audit->next = (audit->next + 1) % KEPT;
}

void audit_read(struct audit *audit)
{
	struct {
		struct nlmsghdr head;
		char text[TEXT];
	} message;
	struct sockaddr_nl from;
	ssize_t n;

	for (int i = 0; audit->fd >= 0 && i < AT_ONCE; i++) {
		n = recvfrom(audit->fd, &message, sizeof(message), MSG_DONTWAIT, (struct sockaddr *)&from,
			     &(socklen_t){ sizeof(from) });
		/* ENOBUFS: some were lost. */
		if (n < 0 && (errno == EINTR || errno == ENOBUFS))
			continue;
		if (n < 0)
			return;
		/* By the kernel. The length in its head is the text's, or that of both, by the kernel's version. */
		if (n > (ssize_t)sizeof(message.head) && !from.nl_pid)
			audit_take(audit, (struct bytes){ message.text, (size_t)n - sizeof(message.head) });
	}
}

/* By another who reads along. */
static bool was_told(const struct audit *audit, uint64_t serial)
{
	for (size_t i = 0; audit->told && i < KEPT; i++)
		if (audit->told->serials[i] == serial)
			return true;
	return false;
}

static void tell(struct audit *audit, uint64_t serial)
{
	if (audit->told)
		audit->told->serials[audit->told->next++ % KEPT] = serial;
}

/* The last before the failure; of several in one tick, the first: calls are asked about one after the other. */
static size_t find(const struct audit *audit, struct arena *arena, uint32_t pid, int64_t failed_ns,
		   struct denial *denial)
{
	size_t found = KEPT;
	struct denial one;

	*denial = (struct denial){};
	for (size_t i = 0; i < KEPT; i++) {
		size_t at = (audit->next + i) % KEPT;
		struct bytes text = { audit->kept[at].text, audit->kept[at].n };

		if (!text.n || !audit_parse(arena, text, &one) || one.pid != pid)
			continue;
		if (one.ns > failed_ns + CLOCK_NS || one.ns < failed_ns - CALL_NS || one.ns <= denial->ns)
			continue;
		if (was_told(audit, one.serial))
			continue;
		*denial = one;
		found = at;
	}
	return found;
}

/* False: it comes no more. */
static bool await(struct audit *audit, int64_t failed_ns)
{
	struct pollfd come = { .fd = audit->fd, .events = POLLIN };
	int64_t passed = (clock_ns(CLOCK_REALTIME) - failed_ns) / 1000000;

	if (audit->fd < 0 || passed < 0 || passed >= AUDIT_PATIENCE_MS)
		return false;
	if (poll(&come, 1, AUDIT_PATIENCE_MS - (int)passed) <= 0)
		return false;
	audit_read(audit);
	return true;
}

bool audit_find(struct audit *audit, struct arena *arena, uint32_t pid, int64_t failed_ns, bool patient,
		struct denial *denial)
{
	size_t found;

	audit_read(audit);
	do
		found = find(audit, arena, pid, failed_ns, denial);
	while (found == KEPT && patient && await(audit, failed_ns));
	if (found == KEPT)
		return false;
	audit->kept[found].n = 0;
	tell(audit, denial->serial);
	return true;
}

/* --- the socket --- */

/* Records of other kinds, which a busy auditd has thousands of, are not even queued. */
static int take_denials_only(int fd)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, offsetof(struct nlmsghdr, nlmsg_type)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(AUDIT_AVC), 0, 1),
		BPF_STMT(BPF_RET | BPF_K, ~0u),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog program = { sizeof(code) / sizeof(code[0]), code };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
}

static int read_along(void)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = 1u << (AUDIT_NLGRP_READLOG - 1) };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_AUDIT);

	if (fd < 0)
		return -1;
	if (!take_denials_only(fd) && !bind(fd, (struct sockaddr *)&address, sizeof(address)))
		return fd;
	close(fd);
	return -1;
}

struct audit_told *audit_share(void)
{
	void *told = mmap(NULL, sizeof(struct audit_told), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return told == MAP_FAILED ? NULL : told;
}

struct audit *audit_new(struct audit_told *told)
{
	struct audit *audit = memory_new(sizeof(*audit));

	audit->told = told;
	audit->fd = read_along();
	if (audit->fd < 0)
		log_info("the kernel's audit records cannot be read: rules of security modules are not told");
	return audit;
}

void audit_free(struct audit *audit)
{
	if (!audit)
		return;
	if (audit->fd >= 0)
		close(audit->fd);
	free(audit);
}

int audit_fd(const struct audit *audit)
{
	return audit->fd;
}
