/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which file is being looked at, for who watches the one that looks: should it not answer, it is known what did not,
 * and who looks next is told what not to touch.
 */
#ifndef EXECFAIL_STEP_H
#define EXECFAIL_STEP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

/* In the place of a device: all that everybody has open, which is looked through for who holds a file. */
#define STEP_DESCRIPTORS UINT64_MAX

/*
 * Or what is mounted somewhere. All of that has one lock, which no user can keep, but many of whose copies take it for
 * seconds.
 */
#define STEP_MOUNTS (UINT64_MAX - 1)

enum {
	STEP_NAME = 512,
	STEP_AVOIDED = 8,
};

struct step {
	uint64_t device; /* of the file system that may be waited for; 0: none is */
	uint64_t file; /* step_file() of what is there, where others' files are as well; 0: it does not matter which */
	char path[STEP_NAME]; /* not trusted to end */
};

/* Steps of this process are written there; NULL: nowhere. */
void step_share(struct step *step);

/* The next step: a name in a directory, of which that is the path; "" is the root. */
void step_begin(struct bytes directory, const char *name);
/* The same by its whole path. */
void step_at(const char *path);

/* What comes next may wait for the file system with that device, and there for that file; 0: for none. */
void step_touch(uint64_t device, uint64_t file);

/* A number for a file, or directory, that is no device's. */
uint64_t step_file(uint64_t device, uint64_t inode);
bool step_is_file(uint64_t place);

/* File systems and files that somebody waits for in vain; 0: none. From now on step_avoids() is true of these alone. */
void step_avoid(const uint64_t places[STEP_AVOIDED]);
bool step_avoids(uint64_t place);

/* Where it is: the same, of another process. */
uint64_t step_device(const struct step *step);

/* Its path, or the beginning of that, for as long as the step does not change; n 0 before the first. */
struct bytes step_path(const struct step *step);

#endif
