// SPDX-License-Identifier: GPL-2.0-only
/* Causes in a security module, or a process that is asked. Asked last: by what else there is, it was allowed. */
#include <errno.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cause/hint.h"
#include "cause/rules.h"
#include "event/names.h"

static bool is_denial(const struct facts *f)
{
	return f->error == EACCES || f->error == EPERM;
}

/* Nothing that can be seen is in the way of opening the file. */
static bool is_free(struct facts *f)
{
	if (!f->view)
		return false;
	if (f->stage == STAGE_UNKNOWN)
		return !facts_try(f)->error;
	return rule_opening(f) && facts_obstacle(f, f->at) == OBSTACLE_NONE;
}

/* --- fanotify --- */

/* Without a hook in the exec it can be any file on the way: then it is the one that is watched. */
static struct subject *watched(struct facts *f, struct view_holder *holder)
{
	struct subject *at = f->at;

	if (rule_listener(f, holder) || f->stage != STAGE_UNKNOWN || !f->view)
		return f->at;
	f->at = facts_try(f)->at;
	while (f->at && !rule_listener(f, holder))
		f->at = f->at->asker;
	return f->at ? f->at : at;
}

static bool is_fanotify(struct facts *f, const struct rule *rule)
{
	struct view_holder holder;

	(void)rule;
	f->at = watched(f, &holder);
	return rule_listener(f, &holder);
}

static void say_fanotify(struct facts *f, const struct rule *rule, struct buffer *out)
{
	struct view_holder holder = {};

	(void)rule;
	rule_listener(f, &holder);
	buffer_printf(out, "opening %s was likely ", hint_subject(f, f->at));
	if (f->error == EPERM)
		buffer_puts(out, "denied");
	else
		buffer_printf(out, "answered with %s", errno_name(f->arena, f->error));
	buffer_printf(out,
		      " by process %u (%s), which the kernel asks about it (fanotify); see the log of that program",
		      holder.pid, hint_name(f, holder.comm));
}

/* --- seccomp: where no hook sees whether the exec was entered --- */

static bool has_filter(const struct facts *f)
{
	return f->event->seen & SEEN_FILTERED;
}

/* EACCES is the answer of modules rather than of filters, EPERM that of both. */
static bool is_filter(struct facts *f, const struct rule *rule)
{
	(void)rule;
	return f->error != EACCES && rule_filtered(f);
}

static void say_filter(struct facts *f, const struct rule *rule, struct buffer *out)
{
	(void)rule;
	buffer_printf(out, "nothing that can be seen forbids to execute %s: a seccomp filter of %s likely answered %s",
		      hint_subject(f, f->at), hint_name(f, f->event->comm), errno_name(f->arena, f->error));
	if (f->error == EPERM)
		buffer_puts(out, ", or a security module did");
}

/* --- modules --- */

struct modules {
	bool known;
	bool apparmor;
	bool selinux;
	bool landlock;
	bool other; /* one more that can deny an exec, or there may be */
	struct bytes label; /* of the caller; p NULL: unknown, or there is none */
};

static bool has_word(struct bytes list, const char *word)
{
	list = bytes_cut(&list, '\n');
	while (list.n)
		if (bytes_is(bytes_cut(&list, ','), word))
			return true;
	return false;
}

static struct bytes label_of(struct facts *f)
{
	struct bytes label = {};

	if (f->view->standing >= VIEW_CALLER)
		label = facts_text(f, VIEW_PROCESS, "attr/current");
	while (label.n && (!label.p[label.n - 1] || label.p[label.n - 1] == '\n'))
		label.n--;
	return label.n ? label : (struct bytes){};
}

/* Where securityfs is not mounted, as in containers. */
static bool has_landlock(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) > 0;
}

static struct modules modules_of(struct facts *f)
{
	struct modules modules = {};
	struct bytes list = {};

	if (!f->view)
		return modules;
	f->user = true;
	list = facts_text(f, VIEW_SYS, "kernel/security/lsm");
	if (!list.p)
		return (struct modules){ .landlock = has_landlock(), .other = true, .label = label_of(f) };
	modules = (struct modules){
		.known = true,
		.apparmor = has_word(list, "apparmor"),
		.selinux = has_word(list, "selinux"),
		.landlock = has_word(list, "landlock"),
		.other = has_word(list, "smack") || has_word(list, "tomoyo") || has_word(list, "ipe") ||
			 has_word(list, "loadpin") || has_word(list, "bpf"),
		.label = label_of(f),
	};
	return modules;
}

static const char *hook_name(const struct facts *f)
{
	switch (f->event->step) {
	case STEP_LSM_CREDS:
		return " at its hook bprm_creds_for_exec";
	case STEP_LSM_CHECK:
		return " at its hook bprm_check_security";
	default:
		return rule_creds_from_file(f) ? " at its hook bprm_creds_from_file" : "";
	}
}

/* A profile or context that is known to forbid nothing. */
static bool is_unconfined(const struct modules *modules)
{
	return modules->apparmor && bytes_is(modules->label, "unconfined");
}

/* Whether it is worth waiting for what a module tells. What the kernel tells by itself needs nobody who looks. */
static bool may_be_told(struct facts *f)
{
	bool user;
	struct modules modules;

	if (f->stage != STAGE_SECURITY && !is_free(f))
		return false;
	user = f->user;
	modules = modules_of(f);
	f->user = user;
	return !is_unconfined(&modules) && (!modules.known || modules.apparmor || modules.selinux);
}

static bool is_told(struct facts *f, const struct rule *rule)
{
	const struct denial *denial = is_denial(f) && may_be_told(f) ? facts_denial(f) : NULL;

	return denial && !strcmp(denial->module, rule->code);
}

/*
 * Of a script, it may be the interpreter, of which the event knows nothing. SELinux tells no more than the last name.
 */
static const char *name_of_denied(struct facts *f)
{
	struct bytes name = facts_denial(f)->name;

	return bytes_begins(name, "/") ? hint_name(f, name) : hint_subject(f, f->at);
}

static void say_apparmor_told(struct facts *f, const struct rule *rule, struct buffer *out)
{
	const struct denial *denial = facts_denial(f);

	(void)rule;
	buffer_printf(out, "AppArmor denied %s: the profile %s does not allow it", name_of_denied(f),
		      hint_name(f, denial->subject));
	if (denial->why.n)
		buffer_printf(out, " (%s)", hint_name(f, denial->why));
	else
		buffer_printf(out, " (denied_mask %s)", hint_name(f, denial->asked));
	buffer_puts(out, "; allow it in the profile (aa-logprof)");
}

static void say_selinux_told(struct facts *f, const struct rule *rule, struct buffer *out)
{
	const struct denial *denial = facts_denial(f);

	(void)rule;
	buffer_printf(out, "SELinux denied %s: %s may not %s what has the context %s (class %s)", name_of_denied(f),
		      hint_name(f, denial->subject), hint_name(f, denial->asked), hint_name(f, denial->object),
		      hint_name(f, denial->class));
}

/* AppArmor has no say when files are opened for an exec, and none in the later hook. */
static bool is_apparmor(struct facts *f, const struct rule *rule)
{
	struct modules modules;

	if (!is_denial(f) || !rule_at(f, rule->stage) || f->event->step == STEP_LSM_CHECK)
		return false;
	if (f->stage == STAGE_UNKNOWN && !is_free(f))
		return false;
	modules = modules_of(f);
	if (!modules.apparmor || modules.selinux)
		return false;
	/* It says "NAME (enforce)" of those that it can deny anything. */
	return modules.label.p && memmem(modules.label.p, modules.label.n, "(enforce)", strlen("(enforce)"));
}

static void say_apparmor(struct facts *f, const struct rule *rule, struct buffer *out)
{
	(void)rule;
	buffer_printf(out,
		      "AppArmor likely denied %s: the caller is confined by the profile %s; see the kernel's log "
		      "(dmesg, apparmor=\"DENIED\"), where a rule of it that says `deny` leaves nothing",
		      hint_subject(f, f->at), hint_name(f, modules_of(f).label));
}

static bool is_selinux(struct facts *f, const struct rule *rule)
{
	(void)rule;
	if (f->error != EACCES || (f->stage != STAGE_SECURITY && !is_free(f)))
		return false;
	return modules_of(f).selinux;
}

static void say_selinux(struct facts *f, const struct rule *rule, struct buffer *out)
{
	struct bytes label = modules_of(f).label;

	(void)rule;
	buffer_printf(out, "SELinux likely denied %s", hint_subject(f, f->at));
	if (label.p)
		buffer_printf(out, " to the caller's context %s", hint_name(f, label));
	buffer_puts(out, "; see: ausearch -m AVC -ts recent");
}

/* A process that may gain privileges cannot restrict itself by Landlock, unless it has them already. */
static bool may_restrict_itself(struct facts *f, bool *sandboxed)
{
	struct credentials status;
	bool asked = f->view->standing >= VIEW_CALLER && facts_status(f, &status);

	*sandboxed = f->event->seen & SEEN_NO_NEW_PRIVS || (asked && status.no_new_privs);
	return *sandboxed || !asked || status.effective & 1ull << CAP_SYS_ADMIN;
}

static bool is_landlock(struct facts *f, const struct rule *rule)
{
	struct modules modules;
	bool sandboxed;

	(void)rule;
	if (f->error != EACCES || f->stage == STAGE_SECURITY || !is_free(f) || !may_restrict_itself(f, &sandboxed))
		return false;
	/* Without a hook in the exec, the answer of a seccomp filter looks the same. */
	if (f->stage == STAGE_UNKNOWN && has_filter(f))
		return false;
	modules = modules_of(f);
	/* Only these other modules deny files as they are opened. */
	return modules.landlock && !modules.selinux && (!modules.other || sandboxed);
}

static void say_landlock(struct facts *f, const struct rule *rule, struct buffer *out)
{
	(void)rule;
	buffer_printf(out,
		      "%s may be executed by its mode and mount: the caller, or who started it, has likely restricted "
		      "itself by Landlock; allow the file in the rules of that sandbox",
		      hint_subject(f, f->at));
}

/* The kernel says that it was one. */
static bool is_module(const struct facts *f)
{
	return f->stage == STAGE_SECURITY || (is_denial(f) && rule_creds_from_file(f));
}

static bool is_denied(struct facts *f, const struct rule *rule)
{
	(void)rule;
	/* Where it was none of file capabilities, that was seen. */
	f->user |= f->stage == STAGE_COMMIT;
	return is_module(f) || (is_denial(f) && is_free(f));
}

/* Who else may have answered so. */
static const char *others(const struct facts *f)
{
	if (f->error == EPERM)
		return " or a fanotify listener";
	/* Without hooks inside of the exec, a filter's answer looks the same. */
	return f->stage == STAGE_UNKNOWN && has_filter(f) ? " or a seccomp filter" : "";
}

static void say_denied(struct facts *f, const struct rule *rule, struct buffer *out)
{
	bool certain = is_module(f);
	struct bytes list = facts_text(f, VIEW_SYS, "kernel/security/lsm");

	(void)rule;
	if (certain)
		buffer_printf(out, "a security module denied %s%s", hint_subject(f, f->at), hook_name(f));
	else
		buffer_printf(out, "nothing that can be seen forbids to execute %s: a security module%s likely did",
			      hint_subject(f, f->at), others(f));
	if (list.n > 1)
		buffer_printf(out, " (active are %.*s)", (int)strcspn(list.p, "\n"), list.p);
}

const struct rule rules_security[] = {
	{ .code = "fanotify",
	  .stage = STAGE_LOOKUP,
	  .applies = is_fanotify,
	  .hint = say_fanotify,
	  .looks =
		  "EPERM, since 6.14 also EIO, EBUSY, ETXTBSY, EAGAIN, ENOSPC or EDQUOT, when the file is opened: a process "
		  "that the kernel asks said no (fapolicyd, an antivirus).",
	  .also = "Whatever else has that error: nobody sees who answered, so nothing else may explain it, and its marks have to be of the file.",
	  .fix = "See the log of that process; fapolicyd-cli --file add FILE, or add the file to its trusted ones." },
	{ .code = "seccomp_errno", .stage = STAGE_ENTRY, .applies = is_filter, .hint = say_filter },
	{ .code = "apparmor", .own = true, .applies = is_told, .hint = say_apparmor_told },
	{ .code = "selinux", .own = true, .applies = is_told, .hint = say_selinux_told },
	{ .code = "apparmor",
	  .stage = STAGE_SECURITY,
	  .own = true,
	  .applies = is_apparmor,
	  .hint = say_apparmor,
	  .looks =
		  "EACCES for an executable file: the caller's AppArmor profile does not allow to execute it; EPERM: no_new_privs does not allow the profile that it would change to.",
	  .also = "Another module that is active as well (Landlock, IMA, IPE, BPF): it is \"likely\".",
	  .fix = "dmesg | grep DENIED; allow it in the profile, or aa-complain PROFILE to find out." },
	{ .code = "selinux",
	  .own = true,
	  .applies = is_selinux,
	  .hint = say_selinux,
	  .looks = "EACCES for an executable file: the SELinux policy does not allow the caller to execute it.",
	  .also = "Another module that is active as well (Landlock, IMA, IPE, BPF): it is \"likely\". A transition that no_new_privs forbids is EPERM: where SELinux does not tell, it is lsm_denied.",
	  .fix = "ausearch -m AVC -ts recent; restorecon -v FILE repairs wrong labels." },
	{ .code = "landlock",
	  .stage = STAGE_LOOKUP,
	  .applies = is_landlock,
	  .hint = say_landlock,
	  .looks = "EACCES for an executable file: the caller runs in a Landlock sandbox that does not allow it.",
	  .also = "Another module that looks at files as they are opened (Smack, TOMOYO, BPF), which has to be out of the question.",
	  .fix = "Allow the file, and its interpreter or loader, in the sandbox's rules." },
	{ .code = "lsm_denied",
	  .applies = is_denied,
	  .hint = say_denied,
	  .looks = "EACCES or EPERM for an executable file: a security module (IMA, IPE, BPF, Smack, ...) denied it.",
	  .also = "Where no hook sees a module answer: a fanotify listener (EPERM), a seccomp filter, a server. It is then \"likely\".",
	  .fix = "See the kernel's and the audit log; /sys/kernel/security/lsm lists the modules that are active." },
	{},
};
