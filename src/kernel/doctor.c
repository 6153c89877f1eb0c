// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/doctor.h"

#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "crew/confine.h"
#include "kernel/attach.h"
#include "kernel/family.h"
#include "kernel/system.h"
#include "kernel/types.h"
#include "print/list.h"

static void say_hook(FILE *to, bool json, const struct hook *hook, const struct attachment *a)
{
	bool unseen = a->state == HOOK_MISSING || a->state == HOOK_FAILED;
	const char *why = unseen ? error_text(a->error ? -a->error : ENOENT) : NULL;
	const struct list_cell cells[] = { { "program", hook->program },
					   { "state", hook_state_name(a->state) },
					   { "error", why },
					   { "unseen", unseen ? hook->gives : NULL } };

	if (json)
		list_put(to, cells, sizeof(cells) / sizeof(cells[0]));
	else if (unseen)
		list_line(to, "    %-9s %s: %s; unseen: %s", hook_state_name(a->state), hook->program, why,
			  hook->gives);
	else
		fprintf(to, "    %-9s %s\n", hook_state_name(a->state), hook->program);
}

static void say_hooks(FILE *to, bool json, const struct tracer *t)
{
	const struct attachment *a;
	bool needless;

	for (size_t i = 0; i < hooks_count; i++) {
		a = &t->attached[i];
		needless = a->state == HOOK_MISSING && (hooks_table[i].instead_of || attach_covers(t, i));
		if (a->state != HOOK_NOT_WANTED && !needless)
			say_hook(to, json, &hooks_table[i], a);
	}
}

/* What became of a family; NULL: it attached. */
static void say_family(FILE *to, bool json, enum hooks family, const char *refusal)
{
	if (json)
		list_say(to, json, hooks_names[family], "%s%s", refusal ? "no: " : "attaches", refusal ?: "");
	else
		list_line(to, "hooks %s: %s%s", hooks_names[family], refusal ? "no: " : "attaches", refusal ?: "");
}

int doctor(FILE *to, bool json, const struct tracer_config *config)
{
	struct tracer_config each = *config;
	struct refusal refusal;
	enum hooks chosen = HOOKS_AUTO;
	struct tracer *t;
	struct types types;
	BUFFER_AUTO struct buffer unseen = {};

	family_begin();
	system_describe(to, json, config->btf);
	if (!system_can_trace(config->btf))
		return 1;
	types_open(&types);
	for (size_t i = 0; i < families_count; i++) {
		if (config->hooks != HOOKS_AUTO && config->hooks != families[i])
			continue;
		memset(&refusal, 0, sizeof(refusal));
		t = family_try(families[i], &each, &types, &refusal);
		say_family(to, json, families[i], t ? NULL : refusal.text);
		if (!t)
			continue;
		say_hooks(to, json, t);
		if (chosen == HOOKS_AUTO)
			chosen = families[i];
		family_free(t);
	}
	types_close(&types);
	object_pack();
	if (chosen == HOOKS_AUTO) {
		list_say(to, json, "chosen", "none, nothing can be seen on this kernel");
		return 1;
	}
	list_say(to, json, "chosen", "hooks %s, transport %s", hooks_names[chosen],
		 transport_names[family_transport(config->transport)]);
	confine_describe(to, json);
	hooks_family_unseen(chosen, config->seccomp, system_version(), &unseen);
	list_say(to, json, "unseen", "%s", buffer_string(&unseen));
	if (config->events & ~hooks_family_events(chosen))
		list_say(to, json, "unseen", "%s", hooks_family_unseen_event);
	return 0;
}
