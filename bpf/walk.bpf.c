// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "walk.bpf.h"

#include "attempt.bpf.h"
#include "record.bpf.h"

static __always_inline struct mount *real_mount(struct vfsmount *mnt)
{
	return (void *)mnt - bpf_core_field_offset(struct mount, mnt);
}

static __always_inline void walk_enter(struct walk *w, struct mount *mount)
{
	w->mount = mount;
	mount_read(mount, &w->above, &w->point, &w->root);
}

/*
 * One step of a walk up to the root of the mount namespace. Returns the length of the name with its NUL that was put
 * at off & mask behind base, 0 where the step only went through a mount point, negative at the end.
 *
 * What changes from step to step is kept in maps, not in registers: so the verifier finds each step alike.
 */
static __always_inline long walk_step(struct walk *w, char *base, u64 off, const u64 mask)
{
	struct dentry *dentry = w->dentry, *parent;
	const unsigned char *name;
	long n;

	if (dentry == w->root) {
		if (w->above == w->mount || !w->above)
			return -1;
		w->dentry = w->point;
		walk_enter(w, w->above);
		return 0;
	}
	dentry_read(dentry, &parent, &name);
	bound(off, mask);
	n = dentry_name(base + off, dentry, name);
	/* A file without a directory: memfd, pipe, anonymous inode. */
	w->dentry = parent == dentry ? w->root : parent;
	return n;
}

/* Unhashed, as d_unlinked() has it, but for the root of a mount: that of rootfs never is hashed. */
static __always_inline bool walk_starts_deleted(struct walk *w)
{
	struct dentry *dentry = w->dentry;

	return !member_as(dentry, CAST_DENTRY, d_hash.pprev) && dentry != w->root;
}

/*
 * Some steps of the walk from a->walk into the attempt's text. Not 0: the root was reached, or there is no more room.
 */
__noinline int walk_attempt_climb(u32 unused)
{
	struct attempt *a = attempt_find();
	struct attempt_text *text = a ? attempt_text(a) : NULL;
	long n;
	u32 i;

	if (!text)
		return 1;
	for (i = 0; i < loop_limit(CLIMB_STEPS, 1); i++) {
		if (a->path_len >= RECORD_PATH_MAX)
			return 1;
		n = walk_step(&a->walk, text->path, a->path_len, RECORD_PATH_MAX - 1);
		if (n < 0) {
			a->path_flags &= ~SECTION_CUT;
			return 1;
		}
		a->path_len += n;
	}
	return 0;
}

__noinline int walk_attempt_path(u32 unused)
{
	struct attempt *a = attempt_find();
	u32 i;

	if (!a)
		return 0;
	walk_enter(&a->walk, real_mount(a->walk.start));
	a->path_len = 0;
	/* Until the end has been seen. */
	a->path_flags = SECTION_CUT | (walk_starts_deleted(&a->walk) ? SECTION_DELETED : 0);
	a->have_path = 1;
	for (i = 0; i < loop_limit(CLIMBS_MAX, CLIMBS_MAX_STATIC); i++)
		if (walk_attempt_climb(0))
			break;
	return 0;
}

/* Some steps of the walk from s->walk into the section. Not 0: the root was reached, or there is no more room. */
__noinline int walk_section_climb(u32 slot)
{
	struct scratch *s = scratch_get(slot);
	long n;
	u32 i;

	if (!s)
		return 1;
	for (i = 0; i < loop_limit(CLIMB_STEPS, 1); i++) {
		if (s->len > RECORD_MAX)
			return 1;
		n = walk_step(&s->walk, s->data, s->len, RECORD_MASK);
		if (n < 0) {
			s->section_flags &= ~SECTION_CUT;
			return 1;
		}
		s->len += n;
	}
	return 0;
}

__noinline int walk_section_path(u32 slot, u32 kind)
{
	struct scratch *s = scratch_get(slot);
	u32 i;

	if (!s || !section_begin(s, kind))
		return 0;
	walk_enter(&s->walk, real_mount(s->walk.start));
	/* Until the end has been seen. */
	s->section_flags = SECTION_CUT | (walk_starts_deleted(&s->walk) ? SECTION_DELETED : 0);
	for (i = 0; i < loop_limit(CLIMBS_MAX, CLIMBS_MAX_STATIC); i++)
		if (walk_section_climb(slot))
			break;
	section_end(s, s->section_flags);
	return 0;
}
