// SPDX-License-Identifier: GPL-2.0-only
/* Services that systemd gave up on. */
#include <ctype.h>

#include "examples.h"

/* As `systemd-analyze exit-status` of systemd 252 lists them. */
static const struct {
	const char *name;
	uint32_t status;
} statuses[] = {
	{ "CHDIR", 200 },
	{ "NICE", 201 },
	{ "FDS", 202 },
	{ "EXEC", 203 },
	{ "MEMORY", 204 },
	{ "LIMITS", 205 },
	{ "OOM_ADJUST", 206 },
	{ "SIGNAL_MASK", 207 },
	{ "STDIN", 208 },
	{ "STDOUT", 209 },
	{ "CHROOT", 210 },
	{ "IOPRIO", 211 },
	{ "TIMERSLACK", 212 },
	{ "SECUREBITS", 213 },
	{ "SETSCHEDULER", 214 },
	{ "CPUAFFINITY", 215 },
	{ "GROUP", 216 },
	{ "USER", 217 },
	{ "CAPABILITIES", 218 },
	{ "CGROUP", 219 },
	{ "SETSID", 220 },
	{ "CONFIRM", 221 },
	{ "STDERR", 222 },
	{ "PAM", 224 },
	{ "NETWORK", 225 },
	{ "NAMESPACE", 226 },
	{ "NO_NEW_PRIVILEGES", 227 },
	{ "SECCOMP", 228 },
	{ "SELINUX_CONTEXT", 229 },
	{ "PERSONALITY", 230 },
	{ "APPARMOR", 231 },
	{ "ADDRESS_FAMILIES", 232 },
	{ "RUNTIME_DIRECTORY", 233 },
	{ "CHOWN", 235 },
	{ "SMACK_PROCESS_LABEL", 236 },
	{ "KEYRING", 237 },
	{ "STATE_DIRECTORY", 238 },
	{ "CACHE_DIRECTORY", 239 },
	{ "LOGS_DIRECTORY", 240 },
	{ "CONFIGURATION_DIRECTORY", 241 },
	{ "NUMA_POLICY", 242 },
	{ "CREDENTIALS", 243 },
	{ "BPF", 244 },
};

static struct example examples[COUNT(statuses) + 2];

static void make(struct example *x, const char *name, uint32_t status)
{
	char *reason, *hint;

	assert_true(asprintf(&reason, "unit_%s", name) > 0);
	assert_true(asprintf(&hint, "(%u/%s); look at", status, name) > 0);
	for (char *p = reason; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	*x = (struct example){ .reason = reason, KERNEL, .stage = STAGE_SERVICE_MANAGER, .hint = hint };
	x->event.exit_code = status;
}

/* What is said, word by word, and of whom. */
static void make_whole(struct example *x)
{
	x[0] = (struct example){
		"unit_chdir", KERNEL, .stage = STAGE_SERVICE_MANAGER,
		.hint = "systemd could not start nginx.service: the working directory could not be entered "
			"(200/CHDIR); look at WorkingDirectory=: it must be there, and User= must be able to "
			"enter it; a - before it makes it optional"
	};
	x[0].event.exit_code = 200;
	x[0].event.unit = B("nginx.service");
	x[1] = (struct example){ "unit_user", KERNEL, .stage = STAGE_SERVICE_MANAGER,
				 .hint = "systemd could not start mine.service: the user" };
	x[1].event.exit_code = 217;
	x[1].event.unit = B("user@1000.service");
	x[1].event.user_unit = B("mine.service");
}

int main(void)
{
	for (size_t i = 0; i < COUNT(statuses); i++)
		make(&examples[i], statuses[i].name, statuses[i].status);
	make_whole(&examples[COUNT(statuses)]);
	return EXAMPLES_RUN(rules_unit);
}
