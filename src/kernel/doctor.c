// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/doctor.h"

#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "crew/confine.h"
#include "kernel/family.h"
#include "kernel/system.h"
#include "kernel/types.h"

static void say_hooks(FILE *to, const struct tracer *t)
{
	const struct attachment *a;
	bool needless;

	for (size_t i = 0; i < hooks_count; i++) {
		a = &t->attached[i];
		needless = a->state == HOOK_MISSING && (hooks_table[i].instead_of || family_covers(t, i));
		if (a->state == HOOK_NOT_WANTED || needless)
			continue;
		fprintf(to, "    %-9s %s", hook_state_name(a->state), hooks_table[i].program);
		if (a->state == HOOK_MISSING || a->state == HOOK_FAILED)
			fprintf(to, ": %s; unseen: %s", error_text(a->error ? -a->error : ENOENT),
				hooks_table[i].gives);
		fputc('\n', to);
	}
}

int doctor(FILE *to, const struct tracer_config *config)
{
	struct tracer_config each = *config;
	struct refusal refusal;
	enum hooks chosen = HOOKS_AUTO;
	struct tracer *t;
	struct types types;

	family_begin();
	system_describe(to, config->btf);
	if (!system_can_trace(config->btf))
		return 1;
	family_types(&types);
	for (size_t i = 0; i < families_count; i++) {
		if (config->hooks != HOOKS_AUTO && config->hooks != families[i])
			continue;
		memset(&refusal, 0, sizeof(refusal));
		t = family_try(families[i], &each, &types, &refusal);
		fprintf(to, "hooks %s: %s%s\n", hooks_names[families[i]],
			t ? "attaches" : "no: ", t ? "" : refusal.text);
		if (!t)
			continue;
		say_hooks(to, t);
		if (chosen == HOOKS_AUTO)
			chosen = families[i];
		family_free(t);
	}
	types_close(&types);
	object_pack();
	if (chosen == HOOKS_AUTO) {
		fprintf(to, "chosen: none, nothing can be seen on this kernel\n");
		return 1;
	}
	fprintf(to, "chosen: hooks %s, transport %s\n", hooks_names[chosen],
		transport_names[family_transport(config->transport)]);
	confine_describe(to);
	fprintf(to, "unseen: %s\n", hooks_family_unseen(chosen, config->seccomp));
	if (config->events & ~hooks_family_events(chosen))
		fprintf(to, "unseen: %s\n", hooks_family_unseen_event);
	return 0;
}
