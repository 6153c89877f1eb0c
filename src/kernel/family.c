// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/family.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/log.h"
#include "kernel/attach.h"
#include "kernel/casts.h"
#include "kernel/system.h"
#include "kernel/types.h"

enum {
	CONTROL_ROUNDS = 16, /* programs that may be left out one by one until an object loads */
	SPARE_SLOTS_MIN = 8, /* for records of preempted programs */
	COUNTS = 4096, /* kinds of failures; what comes beyond them is counted together */
	SEARCHING = 4096, /* tasks whose last exec failed: the oldest are forgotten */
	PLACES_MIN = 512, /* execs in flight at once; those that wait for a slow file system count, too */
};

const enum hooks families[] = { HOOKS_FENTRY, HOOKS_KPROBE, HOOKS_LEGACY, HOOKS_TRACEPOINT };

const size_t families_count = sizeof(families) / sizeof(families[0]);

/* What libbpf said last: the program that did not load, and the line that names the trouble. */
static struct {
	char program[64];
	char line[256];
} said;

static int libbpf_said(enum libbpf_print_level level, const char *format, va_list args)
{
	static char line[1 << 20];
	char *name, *end;

	if (level == LIBBPF_DEBUG && !log_enabled(LOG_DEBUG))
		return 0;
	vsnprintf(line, sizeof(line), format, args);
	if (level == LIBBPF_WARN) {
		name = strstr(line, "prog '");
		if (name && strstr(line, "failed to load")) {
			name += strlen("prog '");
			end = strchr(name, '\'');
			if (end)
				snprintf(said.program, sizeof(said.program), "%.*s", (int)(end - name), name);
		}
		snprintf(said.line, sizeof(said.line), "%.*s", (int)sizeof(said.line) - 1, line);
	}
	/*
	 * A level lower: what it warns of is tried on purpose here, and reported in our own words. That programs come without
	 * the lines of their source (tools/unline.c) tells nobody anything.
	 */
	log_line(level == LIBBPF_WARN && !strstr(line, ".BTF.ext line info") ? LOG_INFO : LOG_DEBUG, "%s", line);
	return 0;
}

static const char *program_function(const struct bpf_program *program)
{
	return hook_function(bpf_program__section_name(program));
}

static bool is_trampoline(const struct bpf_program *program)
{
	const char *section = bpf_program__section_name(program);

	return !strncmp(section, "fentry/", 7) || !strncmp(section, "fexit/", 6);
}

/* Of the family that is being loaded. */
static struct types *types_now;

/* A program is about to be loaded that hangs on a function by its number among the types. */
static int trampoline_prepare(struct bpf_program *program, struct bpf_prog_load_opts *opts, long attach_type)
{
	opts->attach_btf_id = types_function(types_now, program_function(program));
	opts->expected_attach_type = (enum bpf_attach_type)attach_type;
	bpf_program__set_expected_attach_type(program, opts->expected_attach_type);
	return bpf_program__set_type(program, BPF_PROG_TYPE_TRACING);
}

/*
 * libbpf reads all types of the kernel once more where it sees a program of that type, and goes through them for each.
 * So it only sees what they are when it loads them, and is told the number.
 */
static void trampolines_register(void)
{
	LIBBPF_OPTS(libbpf_prog_handler_opts, opts, .prog_prepare_load_fn = trampoline_prepare);

	opts.cookie = BPF_TRACE_FENTRY;
	libbpf_register_prog_handler("fentry+", BPF_PROG_TYPE_RAW_TRACEPOINT, 0, &opts);
	opts.cookie = BPF_TRACE_FEXIT;
	libbpf_register_prog_handler("fexit+", BPF_PROG_TYPE_RAW_TRACEPOINT, 0, &opts);
}

void family_begin(void)
{
	libbpf_set_print(libbpf_said);
	trampolines_register();
}

static bool hook_wanted(const struct tracer *t, const struct hook *hook, const struct tracer_config *config)
{
	if (hook_copy(hook) > t->copies || !(hook->events & config->events))
		return false;
	if (hook->flags & HOOK_SCOPE && !config->scoped)
		return false;
	if (hook->flags & HOOK_SEARCH && !config->searches)
		return false;
	if (hook->flags & HOOK_SANDBOX && !config->seccomp)
		return false;
	return hook->families & 1u << t->hooks;
}

/* The name in a line of /proc/kallsyms, "ADDRESS TYPE NAME [MODULE]", ended by a NUL. */
static char *kallsyms_name(char *line)
{
	char *name = strchr(line, ' ');

	name = name ? strchr(name + 1, ' ') : NULL;
	if (!name)
		return NULL;
	name[1 + strcspn(name + 1, "\t\n")] = '\0';
	return name + 1;
}

/* One pass over the kernel's symbols, of which there are some 150,000. Unknown ones are there: attaching will tell. */
static int kallsyms_look_up(struct tracer *t)
{
	const char **wanted = calloc(hooks_count, sizeof(*wanted)), *name;
	FILE *f = fopen("/proc/kallsyms", "re");
	char *line = NULL;
	size_t room = 0;

	for (size_t i = 0; wanted && i < hooks_count; i++) {
		wanted[i] = program_function(attach_program(t, i));
		t->symbols[i] = !f;
	}
	while (wanted && f && getline(&line, &room, f) > 0) {
		name = kallsyms_name(line);
		for (size_t i = 0; name && i < hooks_count; i++)
			if (wanted[i][0] == name[0] && !strcmp(name, wanted[i]))
				t->symbols[i] = true;
	}
	free(line);
	free(wanted);
	if (f)
		fclose(f);
	return wanted ? 0 : -ENOMEM;
}

/*
 * Whether the kernel has the functions that are to be probed: what cannot be attached need not be loaded and verified
 * either. Whatever is in BTF has a symbol; what is not may have one.
 */
static int symbols_look_up(struct tracer *t, const struct tracer_config *config, struct types *types)
{
	bool all = types->all;

	t->symbols = calloc(hooks_count, sizeof(*t->symbols));
	if (!t->symbols)
		return -ENOMEM;
	for (size_t i = 0; all && i < hooks_count; i++) {
		if (!hook_wanted(t, &hooks_table[i], config) ||
		    bpf_program__type(attach_program(t, i)) != BPF_PROG_TYPE_KPROBE)
			continue;
		t->symbols[i] = types_function(types, program_function(attach_program(t, i)));
		all = t->symbols[i];
	}
	return all ? 0 : kallsyms_look_up(t);
}

/*
 * A better one will be there: on another function that BTF names, or at the same place in the same way. What the kernel
 * loads and what it attaches may be two things with others.
 */
static bool is_spared(const struct tracer *t, size_t i)
{
	const char *instead_of = hooks_table[i].instead_of;
	const struct attachment *better = instead_of ? attach_of(t, instead_of) : NULL;
	const struct bpf_program *program = attach_program(t, i);

	if (!better || (better->state != HOOK_LOADED && better->state != HOOK_SPARED))
		return false;
	return is_trampoline(program) ||
	       !strcmp(bpf_program__section_name(program),
		       bpf_program__section_name(attach_program(t, (size_t)(better - t->attached))));
}

static void programs_choose(struct tracer *t, const struct tracer_config *config, struct types *types)
{
	struct bpf_program *program;
	const struct hook *hook;
	struct attachment *a;

	for (size_t i = 0; i < hooks_count; i++) {
		hook = &hooks_table[i];
		a = &t->attached[i];
		program = attach_program(t, i);
		if (!hook_wanted(t, hook, config))
			a->state = HOOK_NOT_WANTED;
		else if (a->state == HOOK_FAILED)
			; /* found out in an earlier round */
		else if (is_spared(t, i))
			a->state = HOOK_SPARED;
		else if (bpf_program__type(program) == BPF_PROG_TYPE_KPROBE)
			a->state = !t->symbols || t->symbols[i] ? HOOK_LOADED : HOOK_MISSING;
		else if (!is_trampoline(program))
			a->state = HOOK_LOADED;
		else
			a->state = types_function(types, program_function(program)) ? HOOK_LOADED : HOOK_MISSING;
		bpf_program__set_autoload(program, a->state == HOOK_LOADED);
	}
}

static void maps_size(struct tracer *t, const struct tracer_config *config)
{
	unsigned int cpus = libbpf_num_possible_cpus();
	unsigned int rows = PLACES_MIN / ROW_PLACES;

	if (t->skel->rodata->cfg.shares) {
		bpf_map__set_map_flags(t->skel->maps.reader, BPF_F_MMAPABLE);
		bpf_map__set_map_flags(t->skel->maps.shares, BPF_F_MMAPABLE);
		bpf_map__set_map_flags(t->skel->maps.buffered, BPF_F_MMAPABLE);
		bpf_map__set_max_entries(t->skel->maps.buffered, cpus);
	}
	t->skel->rodata->cfg.buffer = stream_buffer_size(t->transport, config->buffer);
	if (t->transport == TRANSPORT_RINGBUF) {
		bpf_map__set_max_entries(t->skel->maps.events, t->skel->rodata->cfg.buffer);
	} else {
		bpf_map__set_type(t->skel->maps.events, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
		bpf_map__set_key_size(t->skel->maps.events, sizeof(int));
		bpf_map__set_value_size(t->skel->maps.events, sizeof(int));
		bpf_map__set_max_entries(t->skel->maps.events, cpus);
	}
	t->skel->rodata->cfg.cpus = cpus;
	while (rows * ROW_PLACES < cpus * 16)
		rows *= 2;
	t->skel->rodata->cfg.rows = rows;
	t->skel->rodata->cfg.slots = cpus + (cpus > SPARE_SLOTS_MIN ? cpus : SPARE_SLOTS_MIN);
	bpf_map__set_max_entries(t->skel->maps.scratch, t->skel->rodata->cfg.slots);
	bpf_map__set_max_entries(t->skel->maps.rows, rows);
	bpf_map__set_max_entries(t->skel->maps.attempts, rows * ROW_PLACES);
	bpf_map__set_max_entries(t->skel->maps.attempt_texts, rows * ROW_PLACES);
	bpf_map__set_max_entries(t->skel->maps.takers, rows * ROW_PLACES);
	bpf_map__set_max_entries(t->skel->maps.counts, config->counts ? COUNTS : 1);
	bpf_map__set_max_entries(t->skel->maps.searching, config->searches ? SEARCHING : 1);
	bpf_map__set_max_entries(t->skel->maps.scope, config->scoped ? 65536 : 1);
	bpf_map__set_max_entries(t->skel->maps.kin, config->kin ? KIN_MAX : 1);
}

static int skeleton_open(struct tracer *t, const struct tracer_config *config, struct types *types)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .btf_custom_path = config->btf ?: types->path);
	uint32_t casts[CASTS];
	int err;

	casts_resolve(types, casts);
	t->skel = execfail_bpf__open_opts(&opts);
	err = t->skel ? types_ask(types, bpf_object__btf(t->skel->obj)) : -errno;
	if (err)
		return err;
	t->skel->rodata->cfg.ringbuf = t->transport == TRANSPORT_RINGBUF;
	t->skel->rodata->cfg.shares = t->shares = system_has_ringbuf();
	t->skel->rodata->cfg.environment = config->environment;
	t->skel->rodata->cfg.events = t->events = config->events;
	if (config->sieve)
		t->skel->rodata->sieve = *config->sieve;
	t->skel->rodata->cfg.copies = t->copies;
	t->skel->rodata->cfg.scoped = config->scoped;
	t->skel->rodata->cfg.kin = config->kin;
	t->skel->rodata->cfg.searches = config->searches;
	t->skel->rodata->cfg.counts = config->counts;
	t->skel->rodata->cfg.scope_ns = system_pid_ns();
	t->skel->rodata->cfg.kernel_btf = system_has_btf();
	t->skel->rodata->cfg.entries = t->hooks == HOOKS_KPROBE || t->hooks == HOOKS_LEGACY;
	t->skel->rodata->cfg.returns = t->skel->rodata->cfg.entries && t->copies > 1;
	memcpy(t->skel->rodata->cfg.casts, casts, sizeof(casts));
	maps_size(t, config);
	return 0;
}

/* Leaves out the program that libbpf named. False when it named none, or one that cannot be spared. */
static bool program_give_up(struct tracer *t, int error)
{
	struct attachment *a = said.program[0] ? attach_of(t, said.program) : NULL;

	if (!a || a->state != HOOK_LOADED || hooks_table[a - t->attached].flags & HOOK_REQUIRED)
		return false;
	a->state = HOOK_FAILED;
	a->error = error;
	return true;
}

static int tracer_load(struct tracer *t, const struct tracer_config *config, struct types *types)
{
	int err = 0;

	for (int round = 0; round < CONTROL_ROUNDS; round++) {
		said.program[0] = said.line[0] = 0;
		err = skeleton_open(t, config, types);
		if (!err && !t->symbols && (t->hooks == HOOKS_KPROBE || t->hooks == HOOKS_LEGACY))
			err = symbols_look_up(t, config, types);
		if (err)
			return err;
		programs_choose(t, config, types);
		err = execfail_bpf__load(t->skel);
		if (!err || !program_give_up(t, err))
			return err;
		execfail_bpf__destroy(t->skel);
		t->skel = NULL;
	}
	return err;
}

bool family_program_info(const struct tracer *t, size_t i, struct bpf_prog_info *info)
{
	int fd = bpf_program__fd(attach_program(t, i));
	uint32_t size = sizeof(*info);

	memset(info, 0, sizeof(*info));
	return fd >= 0 && !bpf_obj_get_info_by_fd(fd, info, &size);
}

enum transport family_transport(enum transport wish)
{
	if (wish != TRANSPORT_AUTO)
		return wish;
	return system_has_ringbuf() ? TRANSPORT_RINGBUF : TRANSPORT_PERFBUF;
}

__attribute__((format(printf, 3, 4))) static void refuse(struct refusal *refusal, int error, const char *format, ...)
{
	va_list args;

	refusal->error = error;
	va_start(args, format);
	vsnprintf(refusal->text, sizeof(refusal->text), format, args);
	va_end(args);
}

static const char *load_trouble(int error)
{
	if (said.program[0])
		return said.program;
	return error == -EPERM ? "the kernel refuses to load it" : "it does not load";
}

void family_free(struct tracer *t)
{
	if (!t)
		return;
	if (t->attached)
		attach_let_go(t->attached);
	execfail_bpf__destroy(t->skel);
	free(t->symbols);
	free(t->attached);
	free(t);
}

/*
 * How often the programs at the end of a call are attached: more than once where they can be preempted, by tasks whose
 * run of the same program is skipped then. Trampolines: since ca06f55b9002 (5.12), in a kernel that preempts itself.
 * Tracepoints of system calls: in 7.x, whose trace_call_bpf_faultable() holds preemption off no more. Probes do.
 */
static unsigned int family_copies(enum hooks family, struct types *types)
{
	if (family == HOOKS_FENTRY)
		return !system_preempts() ? 1 : system_has_kprobes() ? OUTCOME_LAST : OUTCOME_COPIES;
	return types_function(types, "trace_call_bpf_faultable") ? OUTCOME_COPIES : 1;
}

/* Before all is read, relocated and verified in vain: whether any program may hang on a function. 0 or -errno. */
static int fentry_refused(struct types *types)
{
	const struct bpf_insn nothing[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .expected_attach_type = BPF_TRACE_FENTRY);
	int fd;

	opts.attach_btf_id = types_function(types, "bprm_change_interp");
	if (!opts.attach_btf_id)
		return 0;
	fd = bpf_prog_load(BPF_PROG_TYPE_TRACING, "probe", "GPL", nothing, sizeof(nothing) / sizeof(nothing[0]), &opts);
	if (fd >= 0)
		close(fd);
	/* All else is told in more detail by the programs themselves. */
	return fd == -EPERM ? fd : 0;
}

struct tracer *family_try(enum hooks family, const struct tracer_config *config, struct types *types,
			  struct refusal *refusal)
{
	struct tracer *t = calloc(1, sizeof(*t));
	const struct hook *missing;
	int err;

	if (t)
		t->attached = calloc(hooks_count, sizeof(*t->attached));
	if (!t || !t->attached) {
		family_free(t);
		refuse(refusal, -ENOMEM, "out of memory");
		return NULL;
	}
	types_now = types;
	t->hooks = family;
	t->transport = family_transport(config->transport);
	t->copies = family_copies(family, types);
	if (family == HOOKS_FENTRY && !types->all) {
		refuse(refusal, -ENOENT, "this kernel has no BTF of its own to hang programs on");
		goto fail;
	}
	err = family == HOOKS_FENTRY ? fentry_refused(types) : 0;
	if (err) {
		refuse(refusal, err, "the kernel refuses to load it: %s", error_text(-err));
		goto fail;
	}
	if ((family == HOOKS_KPROBE || family == HOOKS_LEGACY) && !system_has_kprobes()) {
		refuse(refusal, -ENOENT, "this kernel has no kprobes");
		goto fail;
	}
	err = tracer_load(t, config, types);
	if (err) {
		refuse(refusal, err, "%s: %s", load_trouble(err), error_text(-err));
		goto fail;
	}
	attach_all(t);
	missing = attach_missing(t, config, &err);
	if (missing) {
		refuse(refusal, err, "%s cannot be attached: %s", missing->program, error_text(-err));
		goto fail;
	}
	return t;
fail:
	family_free(t);
	return NULL;
}
