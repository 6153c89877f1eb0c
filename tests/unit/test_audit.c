// SPDX-License-Identifier: GPL-2.0-only
/* What security modules told of what they denied. */
#include "unit.h"

#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "look/audit.h"

#define AT "audit(1700000000.123:45): "
#define NS ((int64_t)1700000000 * 1000000000)
#define DENIED(pid, profile) "apparmor=\"DENIED\" operation=\"exec\" profile=\"" profile "\" pid=" pid " comm=\"sh\""

static int setup(void **state)
{
	*state = arena_new();
	return 0;
}

static int teardown(void **state)
{
	arena_free(*state);
	return 0;
}

static void test_apparmor(void **state)
{
	struct denial d;

	assert_true(
		audit_parse(*state,
			    B(AT "apparmor=\"DENIED\" operation=\"exec\" class=\"file\" info=\"no pid=9\" error=-13 "
				 "profile=\"snap.x\" name=2F6120622F63 pid=123 comm=\"cron\" requested_mask=\"x\" "
				 "denied_mask=\"x\" fsuid=0 ouid=0\n"),
			    &d));
	assert_string_equal(d.module, "apparmor");
	assert_int_equal(d.ns, NS + 123000000);
	assert_int_equal(d.pid, 123);
	assert_bytes(d.comm, "cron");
	assert_bytes(d.subject, "snap.x");
	assert_bytes(d.name, "/a b/c");
	assert_bytes(d.asked, "x");
	assert_bytes(d.why, "no pid=9");
	assert_null(d.object.p);
}

static void test_selinux(void **state)
{
	struct denial d;

	assert_true(
		audit_parse(*state,
			    B(AT "avc:  denied  { execute read } for  pid=7 comm=61 name=\"abcd\" dev=\"vda\" ino=7 "
				 "scontext=u:r:a:s0 tcontext=u:o:b:s0 tclass=file permissive=0"),
			    &d));
	assert_string_equal(d.module, "selinux");
	assert_int_equal(d.pid, 7);
	assert_bytes(d.comm, "a");
	assert_bytes(d.asked, "execute read");
	assert_bytes(d.subject, "u:r:a:s0");
	assert_bytes(d.object, "u:o:b:s0");
	assert_bytes(d.class, "file");
	assert_bytes(d.name, "abcd");
}

static void test_others(void **state)
{
	static const char *const texts[] = {
		"",
		AT "apparmor=\"ALLOWED\" operation=\"exec\" profile=\"a\" pid=7 comm=\"sh\"",
		AT "apparmor=\"DENIED\" operation=\"open\" profile=\"a\" pid=7 comm=\"sh\"",
		AT "apparmor=\"DENIED\" operation=\"exec\" profile=\"a\" comm=\"sh\"",
		AT "avc:  denied  { execute } for  pid=7 comm=\"sh\" permissive=1",
		AT "avc:  granted  { execute } for  pid=7 comm=\"sh\"",
		AT "profile=\"apparmor=\" pid=7",
		"apparmor=\"DENIED\" operation=\"exec\" profile=\"a\" pid=7 comm=\"sh\"",
	};
	struct denial d;

	for (size_t i = 0; i < COUNT(texts); i++)
		assert_false(audit_parse(*state, bytes_of(texts[i]), &d));
	assert_true(audit_parse(*state, B(AT DENIED("7", "a") " name=ABC profile"), &d));
	assert_bytes(d.name, "ABC");
	assert_null(d.asked.p);
}

/* Of each process its own, each once, and none that is too old or younger than the failure. */
static void test_find(void **state)
{
	struct audit *audit = audit_new(NULL);
	struct denial d;

	audit_take(audit, B(AT DENIED("7", "first")));
	audit_take(audit, B(AT DENIED("8", "other")));
	audit_take(audit, B(AT DENIED("7", "second")));
	audit_take(audit, B("audit(1700000000.200:46): " DENIED("7", "third")));
	audit_take(audit, B("audit(1699999990.0:1): " DENIED("7", "old")));
	assert_true(audit_find(audit, *state, 7, NS + 124000000, false, &d));
	assert_bytes(d.subject, "first");
	assert_true(audit_find(audit, *state, 7, NS + 125000000, false, &d));
	assert_bytes(d.subject, "second");
	assert_false(audit_find(audit, *state, 7, NS + 125000000, false, &d));
	assert_true(audit_find(audit, *state, 7, NS + 201000000, false, &d));
	assert_bytes(d.subject, "third");
	assert_true(audit_find(audit, *state, 8, NS + 124000000, false, &d));
	assert_bytes(d.subject, "other");
	audit_free(audit);
	audit_free(NULL);
}

/* What one of two has told, the other does not tell of another call. */
static void test_two(void **state)
{
	struct audit_told *told = audit_share();
	struct audit *one = audit_new(told), *two = audit_new(told);
	struct denial d;

	for (int i = 0; i < 2; i++) {
		audit_take(i ? one : two, B("audit(1700000000.123:45): " DENIED("7", "first")));
		audit_take(i ? one : two, B("audit(1700000000.123:46): " DENIED("7", "second")));
	}
	assert_true(audit_find(one, *state, 7, NS + 124000000, false, &d));
	assert_bytes(d.subject, "first");
	assert_true(audit_find(two, *state, 7, NS + 125000000, false, &d));
	assert_bytes(d.subject, "second");
	assert_false(audit_find(two, *state, 7, NS + 126000000, false, &d));
	assert_false(audit_find(one, *state, 7, NS + 126000000, false, &d));
	audit_free(one);
	audit_free(two);
}

/* What else is denied meanwhile does not push it out; what fails long ago is not waited for. */
static void test_floods(void **state)
{
	struct audit *audit = audit_new(NULL);
	int64_t now = clock_ns(CLOCK_REALTIME);
	struct denial d;

	audit_take(audit, B(AT DENIED("7", "kept")));
	for (int i = 0; i < 1000; i++)
		audit_take(audit, B(AT "apparmor=\"DENIED\" operation=\"open\" profile=\"a\" pid=9 comm=\"sh\""));
	assert_true(audit_find(audit, *state, 7, NS + 124000000, false, &d));
	assert_false(audit_find(audit, *state, 7, now - AUDIT_PATIENCE_MS * 2000000ll, true, &d));
	assert_true(clock_ns(CLOCK_REALTIME) - now < 10000000000);
	for (int i = 0; i < 1000; i++)
		audit_take(audit, B(AT DENIED("9", "a")));
	audit_free(audit);
}

static unsigned int endless; /* messages that were read of a socket that has always one more; 0: as it is */

ssize_t recvfrom(int fd, void *to, size_t size, int flags, struct sockaddr *from, socklen_t *length)
{
	static const char text[] = "audit(1700000000.123:45): " DENIED("7", "flood");
	struct nlmsghdr head = { .nlmsg_len = sizeof(head) + sizeof(text) };

	if (!endless)
		return syscall(SYS_recvfrom, fd, to, size, flags, from, length);
	endless++;
	memset(from, 0, *length);
	memcpy(to, &head, sizeof(head));
	memcpy((char *)to + sizeof(head), text, sizeof(text));
	return sizeof(head) + sizeof(text);
}

/* Who is denied something as fast as it can be read is not read for ever. */
static void test_endless(void **state)
{
	struct audit *audit = audit_new(NULL);
	struct denial d;

	if (audit_fd(audit) < 0) {
		audit_free(audit);
		skip();
	}
	endless = 1;
	audit_read(audit);
	assert_true(endless > 64);
	endless = 0;
	assert_true(audit_find(audit, *state, 7, NS + 124000000, false, &d));
	audit_free(audit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_apparmor, setup, teardown),
		cmocka_unit_test_setup_teardown(test_selinux, setup, teardown),
		cmocka_unit_test_setup_teardown(test_others, setup, teardown),
		cmocka_unit_test_setup_teardown(test_find, setup, teardown),
		cmocka_unit_test_setup_teardown(test_two, setup, teardown),
		cmocka_unit_test_setup_teardown(test_floods, setup, teardown),
		cmocka_unit_test_setup_teardown(test_endless, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
