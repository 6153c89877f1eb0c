// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include "base/sanitized.h"
#include "crew/charge.h"
#include "crew/queue.h"
#include "look/step.h"
#include "record.h"

static struct waiting *add(struct queue *queue, uint32_t task, const char *record)
{
	const struct waiting event = { .task = task, .record = record, .size = strlen(record) + 1 };

	return queue_add(queue, &event);
}

static void test_order(void **state)
{
	struct queue *queue = queue_new();
	struct waiting *a, *b, *other;

	(void)state;
	assert_true(queue_is_empty(queue));
	a = add(queue, 1, "a");
	other = add(queue, 1 + 1024, "other");
	b = add(queue, 1, "b");
	assert_string_equal(b->record, "b");
	assert_true(a->first && other->first && !b->first);
	assert_ptr_equal(queue_oldest(queue), a);
	assert_ptr_equal(queue_next(a), other);
	queue_drop(queue, other);
	assert_ptr_equal(queue_next(a), b);
	queue_drop(queue, a);
	assert_true(b->first);
	assert_ptr_equal(queue_oldest(queue), b);
	/* The last of its task is still known. */
	assert_false(add(queue, 1, "c")->first);
	queue_drop(queue, b);
	queue_drop(queue, queue_oldest(queue));
	assert_true(queue_is_empty(queue));
	assert_true(add(queue, 1, "d")->first);
	queue_free(queue);
	queue_free(NULL);
}

static void test_wants(void **state)
{
	struct queue *queue = queue_new();
	struct waiting *a = add(queue, 1, "a"), *b = add(queue, 2, "b");

	(void)state;
	assert_null(queue_first_want(queue));
	queue_want(queue, a);
	queue_want_first(queue, b);
	assert_ptr_equal(queue_first_want(queue), b);
	queue_drop(queue, b);
	assert_ptr_equal(queue_first_want(queue), a);
	queue_want_no_more(queue, a);
	queue_want_no_more(queue, a);
	assert_null(queue_first_want(queue));
	queue_free(queue);
}

static void test_full(void **state)
{
	struct queue *queue = queue_new();

	(void)state;
	assert_true(queue_is_full(queue, QUEUE_BYTES + 1));
	for (uint32_t i = 0; i < QUEUE_EVENTS; i++) {
		assert_false(queue_is_full(queue, 2));
		add(queue, i, "x");
	}
	assert_true(queue_is_full(queue, 2));
	queue_drop(queue, queue_oldest(queue));
	assert_false(queue_is_full(queue, 2));
	queue_free(queue);
}

/* kB of memory of our own. */
static long anonymous(void)
{
	FILE *f = fopen("/proc/self/status", "re");
	char line[256];
	long kb = -1;

	while (f && kb < 0 && fgets(line, sizeof(line), f))
		sscanf(line, "RssAnon: %ld", &kb);
	if (f)
		fclose(f);
	return kb;
}

/* What a flood took is given back, also where something younger lies behind it. */
static void test_memory(void **state)
{
	long before = anonymous(), full;
	char record[8192] = "x";
	struct queue *queue;
	void *younger;

	(void)state;
	/* Of valgrind and sanitizers it is theirs. */
#ifdef SANITIZED_ADDRESS
	skip();
#endif
	if (before < 0 || before > 16 * 1024)
		skip();
	queue = queue_new();
	memset(record, 'x', sizeof(record) - 1);
	for (uint32_t i = 0; !queue_is_full(queue, sizeof(record)); i++)
		add(queue, i, record);
	younger = strdup("younger");
	full = anonymous();
	while (!queue_is_empty(queue))
		queue_drop(queue, queue_oldest(queue));
	queue_give_back(queue);
	assert_in_range(full - before, QUEUE_BYTES / 1024 / 2, QUEUE_BYTES / 1024 * 3 / 2);
	assert_true(anonymous() - before < QUEUE_BYTES / 1024 / 4);
	free(younger);
	queue_free(queue);
}

/* A second, then two, and anew for who was good for as long. */
static void test_charge(void **state)
{
	struct charges charges = {};
	uint64_t now = 5 * CHARGE_NS;

	(void)state;
	assert_false(charge_holds(&charges, 0, now));
	charge_add(&charges, 1000, now);
	assert_true(charge_holds(&charges, 1000, now + CHARGE_NS - 1));
	assert_false(charge_holds(&charges, 1001, now));
	now += CHARGE_NS;
	assert_false(charge_holds(&charges, 1000, now));
	charge_add(&charges, 1000, now);
	assert_true(charge_holds(&charges, 1000, now + 2 * CHARGE_NS - 1));
	/* Who waits for its end each time is not let hang a worker every few seconds. */
	now += 4 * CHARGE_NS + 1;
	charge_add(&charges, 1000, now);
	assert_true(charge_holds(&charges, 1000, now + 4 * CHARGE_NS - 1));
	now += 4 * CHARGE_NS + CHARGE_FORGIVEN_NS + 1;
	charge_add(&charges, 1000, now);
	assert_false(charge_holds(&charges, 1000, now + CHARGE_NS));
	for (uint64_t owner = 0; owner < 2 * CHARGE_OWNERS; owner++)
		charge_add(&charges, owner, now);
	assert_true(charge_holds(&charges, 2 * CHARGE_OWNERS - 1, now));
}

/* What is nobody's is left alone for a second each time: who makes it wait is not who meets it. */
static void test_charge_files(void **state)
{
	const uint64_t file = step_file(10, 1);
	struct charges charges = {};
	uint64_t now = 5 * CHARGE_NS, files[2] = {};

	(void)state;
	charge_add(&charges, 1000, now);
	for (int i = 0; i < 3; i++)
		charge_add(&charges, file, now);
	assert_int_equal(charge_files(&charges, now + CHARGE_NS - 1, files, 2), 1);
	assert_true(files[0] == file);
	assert_int_equal(charge_files(&charges, now + CHARGE_NS, files, 2), 0);
	for (uint64_t i = 0; i < 3; i++)
		charge_add(&charges, step_file(20, i), now);
	assert_int_equal(charge_files(&charges, now, files, 2), 2);
}

static void test_charge_once(void **state)
{
	struct charges charges = {};
	uint64_t now = 5 * CHARGE_NS;

	(void)state;
	for (int i = 0; i < 5; i++, now += CHARGE_NS) {
		charge_once(&charges, 1000, now);
		assert_true(charge_holds(&charges, 1000, now + CHARGE_NS - 1));
		assert_false(charge_holds(&charges, 1000, now + CHARGE_NS));
	}
	/* It is no way to what one is charged with besides. */
	charge_add(&charges, 1001, now);
	charge_add(&charges, 1001, now);
	charge_once(&charges, 1001, now);
	assert_true(charge_holds(&charges, 1001, now + 2 * CHARGE_NS - 1));
	charge_add(&charges, 1001, now);
	assert_true(charge_holds(&charges, 1001, now + 4 * CHARGE_NS - 1));
}

static uint64_t owner_of(uint32_t uid, uint32_t user_ns_owner, uint32_t pid, uint32_t mnt_ns)
{
	const struct event event = { .uid = uid, .user_ns_owner = user_ns_owner, .pid = pid, .mnt_ns = mnt_ns };

	return charge_owner(&event, 50);
}

static void test_owner(void **state)
{
	const uint64_t user = owner_of(1000, RECORD_UNKNOWN, 7, 50), root = owner_of(0, RECORD_UNKNOWN, 7, 50);

	(void)state;
	/* Whatever numbers he has in namespaces of his own, and however many of these. */
	assert_int_equal(owner_of(1000, RECORD_UNKNOWN, 8, 51), user);
	assert_int_equal(owner_of(100000, 1000, 9, 52), user);
	assert_int_equal(owner_of(165535, 1000, 9, 53), user);
	assert_int_not_equal(owner_of(1001, RECORD_UNKNOWN, 7, 50), user);
	/* Containers in one that root has made are told apart by the users that root gave them. */
	assert_int_not_equal(owner_of(100000, 0, 7, 52), owner_of(200000, 0, 7, 52));
	/* Root's processes pay each for itself, but for those of a container, together. */
	assert_int_not_equal(owner_of(0, RECORD_UNKNOWN, 8, 50), root);
	assert_int_equal(owner_of(0, RECORD_UNKNOWN, 8, 51), owner_of(0, RECORD_UNKNOWN, 9, 51));
	assert_int_not_equal(owner_of(0, RECORD_UNKNOWN, 8, 51), owner_of(0, RECORD_UNKNOWN, 8, 52));
	assert_int_not_equal(owner_of(51, RECORD_UNKNOWN, 8, 50), owner_of(0, RECORD_UNKNOWN, 51, 50));
	assert_int_not_equal(owner_of(51, RECORD_UNKNOWN, 8, 50), owner_of(0, RECORD_UNKNOWN, 8, 51));
}

static uint64_t owner_in(uint32_t uid, const char *cgroup)
{
	const struct event event = {
		.uid = uid, .user_ns_owner = RECORD_UNKNOWN, .pid = 7, .mnt_ns = 50, .cgroup = bytes_of(cgroup)
	};

	return charge_owner(&event, 50);
}

/*
 * Numbers that he was given for his namespaces are his outside of these as well: there he has files that are set-uid to
 * each.
 */
static void test_owner_of_many(void **state)
{
	const uint64_t user = owner_in(1000, "/user.slice/user-1000.slice/session-1.scope");

	(void)state;
	assert_int_equal(user, owner_of(1000, RECORD_UNKNOWN, 7, 50));
	assert_int_equal(owner_in(100000, "/user.slice/user-1000.slice/session-1.scope"), user);
	assert_int_equal(owner_in(165535, "/user.slice/user-1000.slice/user@1000.service/app.slice/x"), user);
	assert_int_not_equal(owner_in(100000, "/user.slice/user-1001.slice/session-2.scope"), user);
	/* It is the outermost that says so. */
	assert_int_equal(owner_in(100000, "/system.slice/x.service/user.slice/user-1000.slice"),
			 owner_of(100000, RECORD_UNKNOWN, 7, 50));
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(owner_in(100000, (const char *[]){ "/user.slice/user-1000", "/user.slice/user-.slice",
								    "/user.slice/user-1000.slicex/x",
								    "/user.slice/user-10000000000.slice" }[i]),
				 owner_of(100000, RECORD_UNKNOWN, 7, 50));
	assert_int_equal(owner_in(1001, "/user.slice/user-0.slice/session-1.scope"),
			 owner_of(1001, RECORD_UNKNOWN, 7, 50));
	/* Nor does root pay for whom it came from. */
	assert_int_equal(owner_in(0, "/user.slice/user-1000.slice/session-1.scope"),
			 owner_of(0, RECORD_UNKNOWN, 7, 50));
}

/* So deep below others that nobody knows which: all of them are one. */
static void test_owner_in_the_deep(void **state)
{
	struct event event = {
		.uid = 1000, .user_ns_owner = RECORD_UNKNOWN, .cgroup = B("/"), .cut = 1u << PART_CGROUP
	};
	const uint64_t owner = charge_owner(&event, 50);

	(void)state;
	event.uid = 1001;
	assert_int_equal(charge_owner(&event, 50), owner);
	event.cut = 0;
	assert_int_not_equal(charge_owner(&event, 50), owner);
}

static uint64_t place_of(uint32_t mnt_ns, const char *cgroup)
{
	const struct event event = { .mnt_ns = mnt_ns, .cgroup = bytes_of(cgroup) };

	return charge_place(&event, 50);
}

static void test_place(void **state)
{
	const uint64_t docker = place_of(51, "/system.slice/docker-a.scope");

	(void)state;
	assert_int_equal(place_of(50, "/system.slice/docker-a.scope"), 0);
	assert_int_equal(place_of(0, "/system.slice/docker-a.scope"), 0);
	/* Its root may make groups and namespaces without number. */
	assert_int_equal(place_of(52, "/system.slice/docker-a.scope/init/x"), docker);
	assert_int_not_equal(place_of(51, "/system.slice/docker-b.scope"), docker);
	assert_int_equal(place_of(51, "/kubepods.slice/kubepods-besteffort.slice/pod-a/x"),
			 place_of(52, "/kubepods.slice/kubepods-besteffort.slice/pod-a"));
	assert_int_not_equal(place_of(51, "/kubepods.slice/kubepods-besteffort.slice/pod-a"),
			     place_of(51, "/kubepods.slice/kubepods-besteffort.slice/pod-b"));
	/* Without a hierarchy that tells. */
	assert_true(place_of(51, "/") && place_of(51, NULL) && place_of(51, "/") != place_of(52, "/"));
}

static uint64_t source_of(uint32_t uid, uint32_t user_ns_owner, uint32_t mnt_ns)
{
	const struct event event = { .uid = uid,
				     .user_ns_owner = user_ns_owner,
				     .mnt_ns = mnt_ns,
				     .cgroup = B("/system.slice/docker-a.scope/x") };

	return charge_source(&event, 50);
}

static void test_source(void **state)
{
	const uint64_t container = source_of(0, RECORD_UNKNOWN, 51);

	(void)state;
	assert_int_equal(source_of(0, RECORD_UNKNOWN, 50), 0);
	assert_int_equal(source_of(1000, RECORD_UNKNOWN, 50), 1000);
	/* His own namespaces are his, and all users of a container are of that. */
	assert_int_equal(source_of(1000, 1000, 51), 1000);
	assert_int_equal(source_of(100000, 1000, 52), 1000);
	assert_int_equal(source_of(1000, RECORD_UNKNOWN, 52), container);
	assert_int_equal(source_of(100000, 0, 53), container);
	assert_true(container > UINT32_MAX);
}

static void test_sources(void **state)
{
	struct waiting one = { .task = 1, .source = 1000, .record = "", .size = 1 }, other = one;
	struct queue *queue = queue_new();

	(void)state;
	other.source = 1001;
	assert_false(queue_has_source(queue, 1000));
	queue_add(queue, &one);
	queue_add(queue, &one);
	queue_add(queue, &other);
	queue_drop(queue, queue_oldest(queue));
	assert_true(queue_has_source(queue, 1000) && queue_has_source(queue, 1001));
	queue_drop(queue, queue_oldest(queue));
	assert_false(queue_has_source(queue, 1000));
	assert_true(queue_has_source(queue, 1001));
	queue_free(queue);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),         cmocka_unit_test(test_wants),
		cmocka_unit_test(test_full),          cmocka_unit_test(test_memory),
		cmocka_unit_test(test_charge),        cmocka_unit_test(test_charge_files),
		cmocka_unit_test(test_owner),         cmocka_unit_test(test_place),
		cmocka_unit_test(test_source),        cmocka_unit_test(test_sources),
		cmocka_unit_test(test_owner_of_many), cmocka_unit_test(test_owner_in_the_deep),
		cmocka_unit_test(test_charge_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
