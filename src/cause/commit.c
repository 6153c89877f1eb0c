// SPDX-License-Identifier: GPL-2.0-only
#include "cause/commit.h"

#include <errno.h>
#include <stdlib.h>

#include "cause/image.h"

static bool file_caps(struct facts *f, struct subject *s, struct access_file_caps *caps)
{
	const struct look *look = facts_look(f, s);
	char room[64];
	ssize_t n;

	if (!look || look->error)
		return false;
	n = f->view->ops->attribute(f->view, look->handle, &look->node, "security.capability", room, sizeof(room));
	return n > 0 && access_parse_file_caps((struct bytes){ room, (size_t)n }, caps);
}

uint64_t commit_caps_missing(struct facts *f, struct subject *s, bool *known)
{
	struct access_file_caps caps;
	struct credentials status;

	*known = false;
	/* Without that bit the program starts with fewer. */
	if (!file_caps(f, s, &caps) || !caps.effective)
		return 0;
	*known = f->view->standing >= VIEW_CALLER && facts_status(f, &status) && status.capabilities_known;
	return *known ? caps.permitted & ~status.bounding : caps.permitted;
}

bool commit_over_limit(struct facts *f, struct subject *image)
{
	struct segments segments;
	uint64_t limit;

	return f->view && view_limit(f->view, "Max address space", &limit) &&
	       image_has(f, image, SEGMENT_BIG, &segments) && segments.total > limit;
}

/* The kernel's errors for what it cannot map. */
static int try_segments(struct facts *f, struct subject *image)
{
	struct segments segments;

	if (image_has(f, image, SEGMENT_SIZES, &segments))
		return EINVAL;
	if (image_has(f, image, SEGMENT_ADDRESS, &segments))
		return ENOMEM;
	if (image_has(f, image, SEGMENT_LOW, &segments) && facts_credentials(f)->uid)
		return EPERM;
	if (image_has(f, image, SEGMENT_HUGE, &segments))
		return ENOMEM;
	return commit_over_limit(f, image) ? ENOMEM : 0;
}

int commit_try(struct facts *f)
{
	struct subject *image = facts_image(f);
	bool known;

	if (commit_caps_missing(f, image, &known) && known)
		return EPERM;
	return try_segments(f, image);
}
