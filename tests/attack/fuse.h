/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A file system of the attacker's own, spoken without a library: one directory with one file, and who is not answered.
 */
#ifndef ATTACK_FUSE_H
#define ATTACK_FUSE_H

#include <stdatomic.h>
#include <stdbool.h>

#define FUSE_FILE "x" /* text, executable: ENOEXEC */

/* What is never answered. */
enum fuse_silence {
	FUSE_SILENT_TO_OTHERS, /* all that is asked by processes of another process group */
	FUSE_SILENT_OF_WRITES, /* writes, whoever asks */
	FUSE_SILENT_OF_READS, /* and reads */
	FUSE_SILENT_OF_FLUSHES, /* so that who closes a file waits */
};

/* device: an open /dev/fuse of this user namespace. 0 or -1 and errno. */
int fuse_mount(int device, const char *directory);

/* Set once somebody is not answered, in memory that others share; NULL: nobody wants to know. */
extern atomic_bool *fuse_silenced;

/* Until the file system is no more, or standard input ends: others may wait for an answer before they can. */
void fuse_serve(int device, enum fuse_silence silence);

#endif
