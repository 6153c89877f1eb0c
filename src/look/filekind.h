/* SPDX-License-Identifier: GPL-2.0-only */
/* What a file is, from its first bytes: for files that somebody took for a program. */
#ifndef EXECFAIL_FILEKIND_H
#define EXECFAIL_FILEKIND_H

#include "base/bytes.h"

enum file_kind {
	FILE_EMPTY,
	FILE_ZEROS, /* nothing but NULs: empty, where that is all there is of it */
	FILE_SCRIPT, /* begins with #! */
	FILE_ELF,
	FILE_MARKED_TEXT, /* begins with a byte order mark */
	FILE_BLANK_SCRIPT, /* #! with blanks or empty lines before it */
	FILE_TEXT,
	FILE_FOREIGN, /* a program, for another system */
	FILE_PACKED, /* holds files: an archive, or something compressed */
	FILE_DOCUMENT, /* some other known format */
	FILE_DATA,
};

struct file_what {
	enum file_kind kind;
	const char *name; /* "a Windows or DOS program"; static, never NULL */
};

/* head: up to SHEBANG_READ bytes of a file, filled up with NULs or not; one that is unknown is taken for empty. */
struct file_what file_what(struct bytes head);

#endif
