// SPDX-License-Identifier: GPL-2.0-only
/* The text of /proc/PID/mountinfo: paths and options in it are of whoever may mount. */
#include "fuzz.h"

#include "look/mounts.h"

static void check_row(const struct mounts *mounts, const struct mount_row *row, size_t size)
{
	const struct bytes parts[] = { row->root, row->at, row->type, row->source, row->super };

	for (size_t i = 0; i < COUNT(parts); i++)
		assert_true(fuzz_inside(parts[i].p, parts[i].n, mounts->text, size + 1));
	assert_true(row->at.n && row->type.n);
	assert_true(mounts_by_id(mounts, row->id));
	assert_true(mounts_by_path(mounts, row->at));
	assert_true(mounts_have_device(mounts, row->dev));
	assert_true(!mount_is_virtual(row) || mount_is_local(row));
	mounts_layers_are_local(mounts, row);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* What is asked takes as long as there are rows, for each of them. */
	const size_t most = 64;
	struct mounts mounts;

	mounts_parse(&mounts, (struct bytes){ (const char *)data, size });
	for (size_t i = 0; i < mounts.n && i < most; i++)
		check_row(&mounts, &mounts.v[i], size);
	mounts_free(&mounts);
	return 0;
}
