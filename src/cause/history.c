// SPDX-License-Identifier: GPL-2.0-only
#include "cause/history.h"

#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "look/elsewhere.h"

enum {
	RECENT_S = 24 * 3600, /* what is older explains nothing */
	SAME_S = 60, /* how far what dpkg wrote down may lie from what it did */
	LOG_MAX = 256 << 10, /* bytes of the end of its log */
	LIST_MAX = 4 << 20, /* of a package's list of files */
};

struct asker {
	const struct look_how *how;
	const struct caller *caller;
	struct arena *arena;
};

/* The end of a file; p NULL: it cannot be read. */
static struct bytes read_end(const struct asker *a, const char *path, size_t max)
{
	struct view *view = a->how->view;
	struct bytes text = {};
	struct look look;
	uint64_t at;
	char *room;
	ssize_t n;

	look_path(a->how, view_path_of(view, a->caller, bytes_of(path)), &look);
	if (!look.error && S_ISREG(look.node.mode) && look_may_read(a->how, look.handle, &look.node)) {
		at = look.node.size > max ? look.node.size - max : 0;
		room = arena_alloc(a->arena, max + 1);
		n = view->ops->read(view, look.handle, &look.node, at, room, max);
		text = n < 0 ? text : (struct bytes){ room, (size_t)n };
	}
	look_end(a->how, &look);
	return text;
}

/* What dpkg did: "2025-06-24 14:36:25 upgrade libfoo1:amd64 1.0 1.1", in local time. */
struct deed {
	int64_t when;
	struct bytes verb;
	struct bytes package; /* without its architecture */
};

static bool parse_deed(struct arena *arena, struct bytes line, struct deed *deed)
{
	struct tm tm = { .tm_isdst = -1 };
	const char *text = arena_copy(arena, line.p, line.n);
	const char *rest = strptime(text, "%Y-%m-%d %H:%M:%S ", &tm);
	struct bytes words;

	if (!rest)
		return false;
	words = bytes_of(rest);
	deed->when = mktime(&tm);
	deed->verb = bytes_cut(&words, ' ');
	deed->package = bytes_cut(&words, ' ');
	deed->package = bytes_first(deed->package, bytes_find(deed->package, ':'));
	return deed->package.n;
}

static bool takes_away(const struct deed *deed)
{
	return bytes_is(deed->verb, "remove") || bytes_is(deed->verb, "purge");
}

static bool has_file(const struct asker *a, struct bytes package, struct bytes path)
{
	static const char *const forms[] = { "/var/lib/dpkg/info/%.*s.list", "/var/lib/dpkg/info/%.*s:amd64.list",
					     "/var/lib/dpkg/info/%.*s:arm64.list",
					     "/var/lib/dpkg/info/%.*s:i386.list" };
	/* Packages say /bin where that is a link to /usr/bin. */
	struct bytes shorter = bytes_begins(path, "/usr/") ? bytes_after(path, strlen("/usr")) : path;
	const char *wanted = arena_printf(a->arena, "\n%.*s\n", (int)path.n, path.p);
	const char *merged = arena_printf(a->arena, "\n%.*s\n", (int)shorter.n, shorter.p);
	struct bytes list;

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		list = read_end(a, arena_printf(a->arena, forms[i], (int)package.n, package.p), LIST_MAX);
		if (list.n &&
		    (memmem(list.p, list.n, wanted, strlen(wanted)) || memmem(list.p, list.n, merged, strlen(merged))))
			return true;
	}
	return false;
}

static bool is_same_time(int64_t a, int64_t b)
{
	return a - b <= SAME_S && b - a <= SAME_S;
}

void history_of_file(const struct look_how *how, const struct caller *caller, struct bytes path,
		     const struct view_node *node, struct history *history)
{
	const struct asker a = { how, caller, how->view->arena };
	struct bytes log;
	struct deed deed;

	*history = (struct history){};
	if (!path.n || node->ctime_sec > time(NULL) || time(NULL) - node->ctime_sec > RECENT_S)
		return;
	history->changed = node->ctime_sec;
	log = read_end(&a, "/var/log/dpkg.log", LOG_MAX);
	while (log.n && !history->package.p)
		if (parse_deed(a.arena, bytes_cut(&log, '\n'), &deed) && is_same_time(deed.when, node->ctime_sec) &&
		    (bytes_is(deed.verb, "install") || bytes_is(deed.verb, "upgrade")) &&
		    has_file(&a, deed.package, path))
			history->package = deed.package;
}

void history_of_library(const struct look_how *how, const struct caller *caller, struct bytes library,
			struct history *history)
{
	const struct asker a = { how, caller, how->view->arena };
	struct bytes package = bytes_of(elsewhere_debian_name(a.arena, library));
	struct bytes log = package.n ? read_end(&a, "/var/log/dpkg.log", LOG_MAX) : (struct bytes){};
	struct deed deed;

	*history = (struct history){};
	/* The last word counts: what was removed may be there again. */
	while (log.n) {
		if (!parse_deed(a.arena, bytes_cut(&log, '\n'), &deed) || !bytes_same(deed.package, package))
			continue;
		if (takes_away(&deed))
			*history = (struct history){ .changed = deed.when, .removed = true, .package = deed.package };
		else if (bytes_is(deed.verb, "install"))
			*history = (struct history){};
	}
}

const char *history_age(struct arena *arena, int64_t seconds)
{
	static const struct {
		int64_t seconds;
		const char *name;
	} units[] = { { 24 * 3600, "day" }, { 3600, "hour" }, { 60, "minute" }, { 1, "second" } };
	size_t i = 0;
	int64_t n;

	while (i < sizeof(units) / sizeof(units[0]) - 1 && seconds < units[i].seconds)
		i++;
	n = seconds / units[i].seconds;
	return arena_printf(arena, "%lld %s%s", (long long)n, units[i].name, n == 1 ? "" : "s");
}
