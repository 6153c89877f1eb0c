/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The corpus: one table row per way an exec can fail (or must not look as if it had). A row provokes it for real and
 * says what a tracer must have seen. Memory is never freed: every row is a process of its own.
 */
#ifndef CORPUS_H
#define CORPUS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

#include <json-c/json.h>

/* Rows name what is special about them; the rest is zero. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

#define NOBODY 65534

/* How corpus ends. */
enum {
	EXIT_DONE = 0,
	EXIT_USAGE = 2,
	EXIT_MACHINE = 3, /* the machine did something else than the row says */
};

/*
 * Strings of rows and fixtures may hold '@': it stands for the row's temporary directory.
 */

/* A file made before the row runs. What it is follows from `mode`: S_IFREG when only permission bits are given. */
struct fixture {
	const char *name;
	mode_t mode;
	const char *text; /* contents, or what a symbolic link points to */
	size_t size; /* of text, when it is not a string */
	const struct elf_spec *elf; /* contents instead of text */
};

struct world;

/* What is executed, and how. */
struct call {
	const char *path;
	char **argv;
	char **envp;
	bool at; /* execveat(dirfd, path, argv, envp, flags) */
	int dirfd;
	int flags;
	long (*issue)(const struct call *call); /* the system call itself; the plain one when not set */
};

struct scenario {
	const char *name;
	const char *stage; /* where the kernel gives up; NULL: the exec succeeds and nothing may be reported */
	int error; /* what it answers */

	const struct fixture *files; /* ends with a nameless one */
	const char *path;
	const char *const *argv; /* { path, "argument" } when not set */
	const char *const *envp;
	bool at;
	const char *dir; /* execveat: opened for dirfd; NULL: AT_FDCWD */
	int flags;

	const char *binary; /* the file the kernel opened; by default what `path` names, from stage "security" on */
	const char *interp; /* the interpreter it tried */

	uid_t uid; /* run as this user */
	int kills; /* the caller is killed with this signal instead of seeing the error */
	int exits; /* exit status of a program that starts */
	bool spreads; /* over all processors, to be in each other's way; others keep to the one they begin on */
	bool settings; /* it changes some of the whole machine: one such row at a time */
	bool leaves; /* the caller ends at once, as most do, and may be gone before anybody looks */

	/*
	 * What a table cannot say:
	 * setup	in the deed, before it forks
	 * prepare	in the caller, right before the call; what it does to w->call is not expected to be seen
	 * launch	makes the caller and waits for it; fork() when not set
	 * adjust	what else must be seen
	 * run		all of that
	 * undo		in the owner: restores what outlives processes, whenever the row was interrupted
	 */
	void (*setup)(struct world *w);
	void (*prepare)(struct world *w);
	void (*launch)(struct world *w);
	void (*adjust)(struct world *w, struct json_object *event);
	void (*run)(struct world *w);
	void (*undo)(struct world *w);
	const char *priv; /* for these functions */
};

/* clang-format off */
#define FILES(...) .files = (const struct fixture[]) { __VA_ARGS__, {} }
#define STRINGS(...) ((const char *const[]) { __VA_ARGS__, NULL })
/* clang-format on */

/* The caller's own view of itself, taken right before the call, in memory shared with the process that started it. */
struct portrait {
	pid_t pid, tid, ns_pid;
	uid_t uid, euid;
	gid_t gid;
	char comm[64];
	char exe[PATH_MAX];
	char cwd[PATH_MAX];
	unsigned long mnt_ns, pid_ns;
	long long loginuid; /* -1: unknown */
	bool has_stdin;
	struct stat stdin_stat;
	char stdin_path[PATH_MAX];
	long long before_ns;

	bool stays; /* until the row is over: whoever looks for the cause finds the caller as it was */
	bool returned; /* the call came back */
	int moves; /* counts on when it did, or a child of the deed's ended: a futex */
	int error;
	bool skip; /* set by prepare() when the machine cannot do it */
	char why[256];
};

struct world {
	const struct scenario *row;
	char dir[PATH_MAX]; /* the temporary directory, free of symbolic links */
	pid_t owner; /* the corpus process itself */
	int result_fd;
	struct call call;
	struct portrait *seen;
	int status; /* wait status of the caller */
	struct json_object *events;
	bool unordered; /* the order of the events is a matter of luck */
	struct json_object *may; /* a list: path and errno of events that may come besides, any number of times */
	int some; /* how many of them there are, where that is known */
	pid_t holder; /* the process that is in the way, and is to be named */
	void *priv;
};

/* corpus.c: rows */
extern const struct scenario entry_scenarios[];
extern const struct scenario seccomp_scenarios[];
extern const struct scenario lookup_scenarios[];
extern const struct scenario descriptor_scenarios[];
extern const struct scenario storage_scenarios[];
extern const struct scenario arguments_scenarios[];
extern const struct scenario security_scenarios[];
extern const struct scenario format_scenarios[];
extern const struct scenario interpreter_scenarios[];
extern const struct scenario commit_scenarios[];
extern const struct scenario callers_scenarios[];
extern const struct scenario places_scenarios[];
extern const struct scenario stdin_scenarios[];
extern const struct scenario content_scenarios[];
extern const struct scenario kernel_scenarios[];
extern const struct scenario quiet_scenarios[];
extern const struct scenario churn_scenarios[];

/* corpus_world.c: ending, names, files */
void __attribute__((noreturn, format(printf, 2, 3))) skip(struct world *w, const char *format, ...);
void __attribute__((noreturn, format(printf, 1, 2))) die(const char *format, ...);
void world_report(struct world *w);
char *expand(const struct world *w, const char *text);
char *text_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *text_repeat(const char *unit, size_t count);
void make_fixture(struct world *w, const struct fixture *f);
void make_file(const char *path, mode_t mode, const void *data, size_t size);
int open_or_die(const char *path, int flags);
bool write_text(const char *path, const char *text);
char *read_text(const char *path);
void *shared_memory(size_t size);
void *low_memory(size_t size);
char **strings_copy(const struct world *w, const char *const *strings);
const char *user_name(uid_t uid);
pid_t parent_of(const char *pid);
long long now_ns(void);

/* corpus_world.c: private namespaces, for the calling process */
void own_mounts(void);
void mount_tmpfs(const char *path, unsigned long flags);

/* corpus_role.c: other programs this binary can be, by the name it is called by */
bool role_main(int argc, char **argv, int *status);

/* corpus_call.c: the caller */
void call_from_row(struct world *w);
long call_issue(const struct call *call);
void remove_after(struct world *w);
/* And the directory that it lacked, or a new file in what is executed. */
void remove_directory_after(struct world *w);
void make_entry_after(struct world *w);
void portrait_early(struct world *w);
void portrait_take(struct world *w);
void watch_callers(struct world *w);
void __attribute__((noreturn)) caller_main(struct world *w);
pid_t hold_open(const char *path, int flags);
void launch_fork(struct world *w);
void launch_vfork(struct world *w);
void launch_thread(struct world *w);
void wait_for(struct world *w, pid_t pid);
void __attribute__((noreturn)) caller_skip(struct world *w, const char *why);
void become(uid_t uid);
void limit(int what, unsigned long long value);

/* corpus_expect.c: what must be seen */
struct json_object *expect_failure(struct world *w);
void expect(struct json_object *event, const char *field, struct json_object *value);
void expect_int(struct json_object *event, const char *field, long long value);
void expect_text(struct json_object *event, const char *field, const char *value);
void expect_nothing(struct json_object *event, const char *field);
void expect_binary(struct json_object *event, const char *path);
void expect_pid(struct json_object *event, pid_t pid, pid_t tid);
void expect_parent(struct world *w, struct json_object *event);
void expect_error(struct json_object *event, int error);
struct json_object *json_text(const char *value);
struct json_object *json_list(char *const *strings);
char *base64(const char *text);
struct json_object *json_pair(struct json_object *one, struct json_object *two);
struct json_object *match(const char *how, struct json_object *value);
struct json_object *match_any(void);
struct json_object *match_either(struct json_object *one, struct json_object *two);
struct json_object *match_before(const char *kernel, struct json_object *there, struct json_object *elsewhere);
struct json_object *match_or_null(struct json_object *value);
struct json_object *match_by_family(const char *family, struct json_object *there, struct json_object *elsewhere);
void optional_event(struct json_object *event, const char *const *families);
void optional_before(struct json_object *event, const char *kernel);
void optional_family_before(struct json_object *event, const char *family, const char *kernel);
void expect_hint(struct json_object *event, const char *part);
void holder_is_named(struct world *w, struct json_object *event);
struct json_object *expect_again(struct world *w, struct json_object *event);

void expect_stage(struct json_object *event, const char *stage);
void expect_interp(struct json_object *event, const char *path);
void check_outcome(struct world *w);
bool as_expected(struct world *w);
const char *describe_outcome(struct world *w);

/* corpus_reasons.c: why it must be said to have failed */
void expect_reasons(struct world *w);
void check_reasons(bool (*is_row)(const char *name));

/* corpus_selinux.c: the row's program gets a type, which may not be executed; and what ends that */
void selinux_deny(struct world *w);
void selinux_permit(struct world *w);

/* corpus_compat.c: 32-bit callers */
void need_int80(struct world *w);
void need_x86(struct world *w);
void need_programs_32(struct world *w);
long issue_int80(const struct call *call);
bool kernel_has_x32(void);
long issue_x32(const struct call *call);
void run_program_32(struct world *w);

/* corpus_elf.c: ELF files made byte by byte */
struct elf_poke {
	size_t offset, width;
	unsigned long long value;
};

struct elf_spec {
	int bits; /* 32 or 64, the machine's own when 0 */
	bool big_endian;
	int type; /* ET_EXEC when 0 */
	int machine; /* the machine's own when 0 */
	const char *interp; /* PT_INTERP */
	const char *interp_too; /* a second one */
	const void *code; /* exits 0 when not set */
	size_t code_size;
	const struct elf_poke *pokes; /* the fault: fields overwritten at last; ends with width 0 */
	size_t size; /* cut or grown to this */
};

/* clang-format off */
#define POKE(base, type, field, to) { (base) + offsetof(type, field), sizeof(((type *)0)->field), to }
#define EHDR(field, to) POKE(0, Elf64_Ehdr, field, to)
#define PHDR(n, field, to) POKE(sizeof(Elf64_Ehdr) + (n) * sizeof(Elf64_Phdr), Elf64_Phdr, field, to)
#define POKES(...) .pokes = (const struct elf_poke[]) { __VA_ARGS__, {} }
#define ELF(...) .elf = &(const struct elf_spec) { __VA_ARGS__ }
/* clang-format on */
#define GOOD_ELF .elf = &elf_good

#define ELF_BASE 0x400000UL
#define ELF_CODE 0x200UL /* offset of the code */
#define ELF_INTERP 0x400UL /* offset of the PT_INTERP strings */

extern const struct elf_spec elf_good; /* starts and exits 0 */
extern const struct elf_spec elf_crash; /* starts and gets SIGILL */
extern const struct elf_spec elf_good_32; /* for the 32-bit side of this machine */
void *elf_build(const struct world *w, const struct elf_spec *spec, size_t *size);

#endif
