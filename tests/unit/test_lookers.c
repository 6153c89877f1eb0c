// SPDX-License-Identifier: GPL-2.0-only
/* The reader's side of workers, with a starter and a clock of its own. */
#include "unit.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crew/lookers.h"
#include "crew/queue.h"
#include "crew/sleeper.h"

#define SECOND 1000000000ll

static int64_t passed_ns, ran_ns;

int clock_gettime(clockid_t clock, struct timespec *t)
{
	int err = (int)syscall(SYS_clock_gettime, clock, t);
	/* Those of processes are below 0. */
	int64_t ns = t->tv_sec * SECOND + t->tv_nsec + (clock < 0 ? ran_ns : passed_ns);

	*t = (struct timespec){ ns / SECOND, ns % SECOND };
	return err;
}

/* --- the starter --- */

static union starter_page page;
static int asked, ended, offered; /* workers */
static int worker_end; /* of the socket of the last that was offered */
static int worker_stat = -1; /* of the next */

int starter_ask(const struct starter *starter)
{
	(void)starter;
	asked++;
	return 0;
}

int starter_end(const struct starter *starter, pid_t worker)
{
	(void)starter;
	(void)worker;
	ended++;
	return 0;
}

bool starter_has_ended(const struct starter *starter)
{
	(void)starter;
	return false;
}

int starter_take(const struct starter *starter, struct starter_worker *worker)
{
	int ends[2];

	(void)starter;
	if (!offered)
		return 0;
	offered--;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
	worker_end = ends[1];
	*worker = (struct starter_worker){ .pid = 1, .socket = ends[0], .stat = worker_stat, .step = &page.step };
	return 1;
}

/* --- */

static bool nothing_known(void *context, const struct waiting *event, struct verdict *verdict)
{
	*(enum event_unlooked *)context = event->unlooked;
	return event->unlooked || verdict;
}

static void test_never_ready(void **state)
{
	const struct starter starter = { .control = -1 };
	enum event_unlooked why = UNLOOKED_NOT;
	struct lookers *lookers = lookers_new(&starter, nothing_known, &why);
	int before;

	(void)state;
	assert_int_equal(asked, LOOKERS_WORKERS);
	offered = LOOKERS_WORKERS;
	lookers_work(lookers);
	passed_ns += 4 * SECOND;
	lookers_work(lookers);
	assert_int_equal(ended, 0);
	assert_int_equal(asked, LOOKERS_WORKERS);
	passed_ns += 2 * SECOND;
	lookers_work(lookers);
	assert_int_equal(ended, LOOKERS_WORKERS);
	assert_int_equal(asked, 2 * LOOKERS_WORKERS);
	/* One that says that it is there stays. */
	offered = 1;
	lookers_work(lookers);
	assert_int_equal(send(worker_end, "", 1, 0), 1);
	lookers_work(lookers);
	before = ended;
	passed_ns += 60 * SECOND;
	lookers_work(lookers);
	assert_int_equal(ended, before);
	lookers_free(lookers);
}

/* Nobody can be started: what waits is told all the same. */
static void test_nobody(void **state)
{
	const struct starter starter = { .control = -1 };
	enum event_unlooked why = UNLOOKED_NOT;
	struct lookers *lookers = lookers_new(&starter, nothing_known, &why);
	struct waiting event = { .task = 1, .record = "", .size = 1 };

	(void)state;
	offered = 0;
	lookers_add(lookers, &event);
	lookers_work(lookers);
	assert_false(lookers_rest(lookers));
	passed_ns += 4 * SECOND;
	lookers_work(lookers);
	assert_true(lookers_rest(lookers));
	assert_int_equal(why, UNLOOKED_FAILED);
	lookers_free(lookers);
}

static bool known_if_busy(void *context, const struct waiting *event, struct verdict *verdict)
{
	*(int *)context += event->busy && !verdict;
	return event->busy || event->unlooked || verdict;
}

/* What needs no looking waits for its turn behind what does, and nobody is asked about it meanwhile. */
static void test_busy_is_not_asked(void **state)
{
	const struct starter starter = { .control = -1 };
	int told = 0;
	struct lookers *lookers = lookers_new(&starter, known_if_busy, &told);
	struct waiting unknown = { .task = 1, .record = "", .size = 1 };
	struct waiting known = { .task = 2, .record = "", .size = 1, .busy = true };
	char message[4096];

	(void)state;
	offered = 1;
	lookers_work(lookers);
	assert_int_equal(send(worker_end, "", 1, 0), 1);
	lookers_work(lookers);
	lookers_add(lookers, &unknown);
	lookers_add(lookers, &known);
	lookers_work(lookers);
	assert_int_equal(told, 0);
	assert_true(recv(worker_end, message, sizeof(message), MSG_DONTWAIT) > 0);
	assert_int_equal(recv(worker_end, message, sizeof(message), MSG_DONTWAIT), -1);
	/* Its end is the first one's. */
	close(worker_end);
	lookers_work(lookers);
	assert_int_equal(told, 1);
	lookers_free(lookers);
}

static bool nobody_knows(void *context, const struct waiting *event, struct verdict *verdict)
{
	if (event->unlooked || verdict)
		((enum event_unlooked *)context)[event->task] = event->unlooked;
	return event->unlooked || verdict;
}

static void until_given_up(struct lookers *lookers, const enum event_unlooked *why)
{
	while (!*why) {
		passed_ns += SECOND / 50;
		lookers_work(lookers);
	}
	assert_int_equal(*why, UNLOOKED_SILENT);
}

static void say_ready(struct lookers *lookers)
{
	offered = 1;
	lookers_work(lookers);
	assert_int_equal(send(worker_end, "", 1, 0), 1);
	lookers_work(lookers);
}

/* Two that hang are given up at a time: who waits behind them waits for those that come instead. */
static void test_both_hang(void **state)
{
	const struct starter starter = { .control = -1 };
	enum event_unlooked why[4] = {};
	struct lookers *lookers = lookers_new(&starter, nobody_knows, why);
	pid_t pid = unit_sleeper(&worker_stat);

	(void)state;
	say_ready(lookers);
	worker_stat = dup(worker_stat);
	say_ready(lookers);
	for (uint32_t i = 1; i < 4; i++) {
		lookers_add(lookers, &(struct waiting){ .task = i, .owner = i, .record = "", .size = 1 });
		lookers_work(lookers);
		passed_ns += SECOND / 50;
		lookers_work(lookers);
		passed_ns += SECOND / 50;
		lookers_work(lookers);
	}
	until_given_up(lookers, &why[2]);
	assert_int_equal(why[1], UNLOOKED_SILENT);
	assert_int_equal(why[3], UNLOOKED_NOT);
	lookers_free(lookers);
	worker_stat = -1;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* More than there is room for: the oldest are told without a cause, in their order, and each is told once. */
static void test_full(void **state)
{
	enum { MORE = 100 };
	const struct starter starter = { .control = -1 };
	static enum event_unlooked why[QUEUE_EVENTS + MORE];
	struct lookers *lookers = lookers_new(&starter, nobody_knows, why);

	(void)state;
	for (uint32_t i = 0; i < QUEUE_EVENTS + MORE; i++)
		lookers_add(lookers, &(struct waiting){ .task = i, .record = "", .size = 1 });
	for (uint32_t i = 0; i < QUEUE_EVENTS + MORE; i++)
		assert_int_equal(why[i], i < MORE ? UNLOOKED_FULL : UNLOOKED_NOT);
	lookers_flush(lookers);
	assert_true(lookers_rest(lookers));
	for (uint32_t i = MORE; i < QUEUE_EVENTS + MORE; i++)
		assert_int_equal(why[i], UNLOOKED_FAILED);
	lookers_free(lookers);
}

/* As long as a worker hangs over what is somebody's, and not only for some time, nothing of his is looked at. */
static void test_owner_while_it_hangs(void **state)
{
	const struct starter starter = { .control = -1 };
	enum event_unlooked why[4] = {};
	struct lookers *lookers = lookers_new(&starter, nobody_knows, why);
	struct waiting his = { .task = 1, .owner = 1000, .record = "", .size = 1 };
	struct waiting other = { .task = 2, .owner = 1001, .record = "", .size = 1 };
	pid_t pid = unit_sleeper(&worker_stat);

	(void)state;
	say_ready(lookers);
	lookers_add(lookers, &his);
	until_given_up(lookers, &why[1]);
	/* The next one works. */
	worker_stat = -1;
	say_ready(lookers);
	passed_ns += 3600 * SECOND;
	why[1] = UNLOOKED_NOT;
	lookers_add(lookers, &his);
	lookers_work(lookers);
	assert_int_equal(why[1], UNLOOKED_OWNER);
	lookers_add(lookers, &other);
	lookers_work(lookers);
	assert_false(lookers_rest(lookers));
	assert_int_equal(why[2], UNLOOKED_NOT);
	/* It could be ended. */
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	why[1] = UNLOOKED_NOT;
	lookers_add(lookers, &his);
	lookers_work(lookers);
	assert_int_equal(why[1], UNLOOKED_NOT);
	lookers_free(lookers);
}

static bool is_avoided(uint64_t device)
{
	struct request request;
	bool avoided = false;

	assert_true(recv(worker_end, &request, sizeof(request), MSG_DONTWAIT) > 0);
	for (size_t i = 0; i < STEP_AVOIDED; i++)
		avoided |= request.avoid[i] == device;
	return avoided;
}

/* Among everybody's descriptors it is not the caller who makes it wait: these are left alone, for longer each time. */
static void test_descriptors(void **state)
{
	const struct starter starter = { .control = -1 };
	enum event_unlooked why[4] = {};
	struct lookers *lookers = lookers_new(&starter, nobody_knows, why);
	struct waiting his = { .task = 1, .owner = 1000, .record = "", .size = 1 };
	pid_t pid = unit_sleeper(&worker_stat);

	(void)state;
	say_ready(lookers);
	lookers_add(lookers, &his);
	lookers_work(lookers);
	assert_false(is_avoided(STEP_DESCRIPTORS));
	page.step.device = STEP_DESCRIPTORS;
	until_given_up(lookers, &why[1]);
	page.step.device = 0;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	worker_stat = -1;
	say_ready(lookers);
	lookers_add(lookers, &his);
	lookers_work(lookers);
	assert_true(is_avoided(STEP_DESCRIPTORS));
	/* Of this one nobody knows whether it sleeps. */
	passed_ns += 3600 * SECOND;
	lookers_work(lookers);
	say_ready(lookers);
	his.owner = 1001;
	lookers_add(lookers, &his);
	lookers_work(lookers);
	assert_false(is_avoided(STEP_DESCRIPTORS));
	lookers_free(lookers);
}

static uint64_t ms_until_given_up(uint64_t device)
{
	const struct starter starter = { .control = -1 };
	enum event_unlooked why[4] = {};
	struct lookers *lookers = lookers_new(&starter, nobody_knows, why);
	struct waiting his = { .task = 1, .owner = 1000, .record = "", .size = 1 };
	pid_t pid = unit_sleeper(&worker_stat);
	uint64_t began = passed_ns, ms;

	say_ready(lookers);
	lookers_add(lookers, &his);
	lookers_work(lookers);
	page.step.device = device;
	until_given_up(lookers, &why[1]);
	ms = (passed_ns - began) / 1000000;
	page.step.device = 0;
	/* Whether he pays for it. */
	worker_stat = -1;
	say_ready(lookers);
	why[1] = UNLOOKED_NOT;
	lookers_add(lookers, &his);
	lookers_work(lookers);
	assert_int_equal(why[1], device == STEP_MOUNTS ? UNLOOKED_NOT : UNLOOKED_OWNER);
	lookers_free(lookers);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return ms;
}

/* Who waits for the lock of all mounts is let wait, and nobody pays for it. */
static void test_mounts(void **state)
{
	(void)state;
	assert_true(ms_until_given_up(0) < SLEEPER_ASLEEP_ALL_MS);
	assert_true(ms_until_given_up(STEP_MOUNTS) >= SLEEPER_MOUNTS_MS);
}

/*
 * A directory that is everybody's, and that somebody keeps locked again and again: who looks into it has no part in
 * that, and does not pay more each time.
 */
static void test_met_again(void **state)
{
	const struct starter starter = { .control = -1 };
	enum event_unlooked why[4] = {};
	struct lookers *lookers = lookers_new(&starter, nobody_knows, why);
	struct waiting his = { .task = 1, .owner = 1000, .record = "", .size = 1 };

	(void)state;
	for (int i = 0; i < 5; i++) {
		pid_t pid = unit_sleeper(&worker_stat);

		why[1] = UNLOOKED_NOT;
		say_ready(lookers);
		lookers_add(lookers, &his);
		lookers_work(lookers);
		page.step.device = 20;
		page.step.file = step_file(20, 7);
		while (!why[1]) {
			passed_ns += SECOND / 50;
			lookers_work(lookers);
		}
		/* He unlocks it. */
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		passed_ns += SECOND + SECOND / 10;
		assert_int_equal(why[1], UNLOOKED_SILENT);
	}
	page.step = (struct step){};
	worker_stat = -1;
	lookers_free(lookers);
}

/* How long the first of n events is waited for, with another worker there or not. */
static uint64_t ms_asleep(size_t n, bool another, bool hurried)
{
	const struct starter starter = { .control = -1 };
	enum event_unlooked why[4] = {};
	struct lookers *lookers = lookers_new(&starter, nobody_knows, why);
	pid_t pid = unit_sleeper(&worker_stat);
	int64_t began;

	say_ready(lookers);
	worker_stat = -1;
	if (another)
		say_ready(lookers);
	if (hurried)
		lookers_hurry(lookers);
	for (uint32_t i = 1; i <= n; i++)
		lookers_add(lookers, &(struct waiting){ .task = i, .owner = i, .record = "", .size = 1 });
	lookers_work(lookers);
	began = passed_ns;
	until_given_up(lookers, &why[1]);
	lookers_free(lookers);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return (uint64_t)(passed_ns - began) / 1000000;
}

static void test_alone(void **state)
{
	(void)state;
	assert_in_range(ms_asleep(1, true, false), SLEEPER_ALONE * SLEEPER_ASLEEP_MS,
			SLEEPER_ALONE * SLEEPER_ASLEEP_ALL_MS);
	assert_in_range(ms_asleep(1, false, false), SLEEPER_ASLEEP_MS, SLEEPER_ASLEEP_ALL_MS);
	assert_in_range(ms_asleep(2, true, false), SLEEPER_ASLEEP_MS, SLEEPER_ASLEEP_ALL_MS);
	assert_in_range(ms_asleep(1, true, true), SLEEPER_ASLEEP_MS, SLEEPER_ASLEEP_ALL_MS);
}

/* What a machine that stood still says its processes ran meanwhile. */
static void test_stood_still(void **state)
{
	const struct starter starter = { .control = -1 };
	enum event_unlooked why[4] = {};
	struct lookers *lookers = lookers_new(&starter, nobody_knows, why);
	struct waiting his = { .task = 1, .owner = 1000, .record = "", .size = 1 };
	int64_t began;

	(void)state;
	/* Of one that runs. */
	worker_stat = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
	say_ready(lookers);
	worker_stat = -1;
	lookers_add(lookers, &his);
	lookers_work(lookers);
	passed_ns += 60 * SECOND;
	ran_ns += 60 * SECOND;
	lookers_work(lookers);
	assert_int_equal(why[1], UNLOOKED_NOT);
	/* One that runs and runs is given up all the same. */
	for (began = ran_ns; !why[1]; ran_ns += SECOND / 50) {
		assert_true(ran_ns - began < 60 * SECOND);
		passed_ns += SECOND / 50;
		lookers_work(lookers);
	}
	assert_int_equal(why[1], UNLOOKED_SILENT);
	assert_in_range((ran_ns - began) / 1000000, SLEEPER_RUNNING_MS / 2, SLEEPER_RUNNING_MS);
	lookers_free(lookers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_never_ready),
		cmocka_unit_test(test_nobody),
		cmocka_unit_test(test_busy_is_not_asked),
		cmocka_unit_test(test_both_hang),
		cmocka_unit_test(test_owner_while_it_hangs),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_descriptors),
		cmocka_unit_test(test_mounts),
		cmocka_unit_test(test_stood_still),
		cmocka_unit_test(test_alone),
		cmocka_unit_test(test_met_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
