// SPDX-License-Identifier: GPL-2.0-only
#include "cause/commit.h"

#include <errno.h>
#include <stdlib.h>

#include "cause/image.h"

/* get_file_caps() looks at none where the mount or its options forbid what they would give. */
static bool are_ignored(struct facts *f, const struct look *look)
{
	const struct mount_row *mount = view_mount(f->view, &look->node);

	return mount && mount->nosuid;
}

/* How many bytes of the attribute there are; -ENODATA: none, as good as none, or other errors of looking. */
static ssize_t read_caps(struct facts *f, struct subject *s, char *room, size_t size)
{
	const struct look *look = facts_look(f, s);

	if (!look || look->error)
		return -EAGAIN;
	if (are_ignored(f, look))
		return -ENODATA;
	return f->view->ops->attribute(f->view, look->handle, &look->node, "security.capability", room, size);
}

bool commit_has_no_caps(struct facts *f, struct subject *s)
{
	char room[64];

	return read_caps(f, s, room, sizeof(room)) == -ENODATA;
}

uint64_t commit_caps_missing(struct facts *f, struct subject *s, bool *known)
{
	struct access_file_caps caps;
	struct credentials status;
	char room[64];
	ssize_t n = read_caps(f, s, room, sizeof(room));

	*known = false;
	/* Without that bit the program starts with fewer. */
	if (n <= 0 || !access_parse_file_caps((struct bytes){ room, (size_t)n }, &caps) || !caps.effective)
		return 0;
	*known = f->view->standing >= VIEW_CALLER && facts_status(f, &status) && status.capabilities_known;
	if (!*known)
		return caps.permitted;
	return caps.permitted & ~(status.bounding | (caps.inheritable & status.inheritable));
}

struct commit_limit commit_limit(struct facts *f, struct subject *image)
{
	struct segments segments;
	uint64_t limit;

	if (!f->view || !image_has(f, image, SEGMENT_BIG, &segments))
		return (struct commit_limit){};
	if (view_limit(f->view, "Max address space", &limit) && segments.total > limit)
		return (struct commit_limit){ "the limit of the address space", "RLIMIT_AS: ulimit -v", limit };
	if (view_limit(f->view, "Max data size", &limit) && segments.writable > limit)
		return (struct commit_limit){ "the limit of data", "RLIMIT_DATA: ulimit -d", limit };
	return (struct commit_limit){};
}

/* The kernel's errors for what it cannot map. */
static int try_segments(struct facts *f, struct subject *image)
{
	struct segments segments;

	if (image_has(f, image, SEGMENT_SIZES, &segments) || image_has(f, image, SEGMENT_OFFSET, &segments))
		return EINVAL;
	if (image_has(f, image, SEGMENT_ADDRESS, &segments))
		return ENOMEM;
	if (image_has(f, image, SEGMENT_LOW, &segments) && facts_credentials(f)->uid)
		return EPERM;
	if (image_has(f, image, SEGMENT_HUGE, &segments))
		return ENOMEM;
	return commit_limit(f, image).words ? ENOMEM : 0;
}

int commit_try(struct facts *f)
{
	struct subject *image = facts_image(f);
	bool known;

	if (commit_caps_missing(f, image, &known) && known)
		return EPERM;
	return try_segments(f, image);
}
