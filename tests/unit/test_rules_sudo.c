// SPDX-License-Identifier: GPL-2.0-only
/* sudo, which ended with 1 and had started nothing. */
#include "examples.h"

#define ENDED .event.exit_code = 1, .event.comm = B("sudo"), .stage = STAGE_SHELL, ENVIRONMENT(variables)
#define WORLD                                                                                                          \
	FILES({ "/usr/bin/make", 0755, ELF_GOOD, sizeof(ELF_GOOD) - 1 },                                               \
	      { "/opt/bin/x", 0755, ELF_GOOD, sizeof(ELF_GOOD) - 1 })

static struct bytes variables[] = { B("PATH=/usr/bin:/opt/bin") };
static struct bytes plain[] = { B("sudo"), B("mkae"), B("-j2") };
static struct bytes options[] = { B("sudo"), B("-nu"), B("-u"), B("alice"), B("--user=bob"), B("A=/b"), B("mkae") };
static struct bytes behind[] = { B("sudo"), B("--"), B("mkae") };
static struct bytes direct[] = { B("sudo"), B("/opt/none") };
static struct bytes aside[] = { B("sudo"), B("x") };

static const struct example examples[] = {
	{ "sudo_command_not_found", USER, ENDED, ARGUMENTS(plain), WORLD,
	  .hint = "sudo found no command: likely mkae, which is neither in PATH nor where sudo usually looks" },
	{ "sudo_command_not_found", USER, ENDED, ARGUMENTS(options), WORLD, .hint = "likely mkae, which" },
	{ "sudo_command_not_found", USER, ENDED, ARGUMENTS(behind), WORLD, .hint = "likely mkae, which" },
	{ "sudo_command_not_found", USER, ENDED, ARGUMENTS(direct), WORLD,
	  .hint = "likely /opt/none, which does not exist" },
	{ "sudo_command_not_found", USER, ENDED, ARGUMENTS(aside), WORLD,
	  .hint = "likely x, which PATH leads to as /opt/bin/x, but sudo looks in the secure_path of /etc/sudoers instead; give "
		  "its whole path: sudo /opt/bin/x" },
};

int main(void)
{
	return EXAMPLES_RUN(rules_sudo);
}
