/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Words that hints are made of. Bytes of other processes go in as they are: the whole sentence is escaped at last.
 * Strings are static or in the event's arena, and never NULL.
 */
#ifndef EXECFAIL_HINT_H
#define EXECFAIL_HINT_H

#include "base/buffer.h"
#include "cause/facts.h"

/*
 * A name in a sentence: as it is, or in double quotes where its end could not be told; shortened where it is longer
 * than anybody reads. "?" for an unknown one.
 */
const char *hint_name(struct facts *facts, struct bytes name);

/* A PATH in a sentence: its first directories, and how many more there are. */
const char *hint_path(struct facts *facts, struct bytes path);

/* A name as a word of a command line for a shell, text_quote(): whole, since it is to be copied. */
const char *hint_word(struct facts *facts, struct bytes name);

/* Up to the first blank; all of it where it has none. Part of the name. */
struct bytes hint_first_word(struct bytes name);

/* "user alice (1000)", "user 1000", "the caller": who the caller is to files. */
const char *hint_caller(struct facts *facts);

/* "mode 0644, owner 0:0" */
const char *hint_owner(struct facts *facts, const struct view_node *node);

/* "the interpreter /bin/x of the script /opt/run.sh"; of the program only its name. */
const char *hint_subject(struct facts *facts, struct subject *subject);

/* Whose #! line or header asks for it; p NULL: nobody's, or it cannot be known. */
struct bytes hint_asker(struct facts *facts, struct subject *subject);

/* "/data (nfs4, server:/export)", "an unknown file system" for NULL */
const char *hint_mount(struct facts *facts, const struct mount_row *mount);

/* Appends where a walk ended for want of a name: "/a/b does not exist", with the link that leads there. */
void hint_missing(struct facts *facts, struct subject *subject, struct buffer *out);

/*
 * Appends which program of these directories, as in PATH, was meant instead, where one has nearly that name. prefix:
 * what comes before the name, "" of one that is searched for.
 */
void hint_nearest(struct facts *facts, struct bytes path, const char *prefix, struct bytes name, struct buffer *out);

/* The same of a path: the programs beside it. */
void hint_nearest_path(struct facts *facts, struct bytes path, struct buffer *out);

#endif
