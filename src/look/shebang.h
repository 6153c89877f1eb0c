/* SPDX-License-Identifier: GPL-2.0-only */
/* The first line of a script, as load_script() of fs/binfmt_script.c reads it. */
#ifndef EXECFAIL_SHEBANG_H
#define EXECFAIL_SHEBANG_H

#include "base/bytes.h"

enum { SHEBANG_READ = 256 }; /* bytes that the kernel reads of a file: BINPRM_BUF_SIZE */

enum shebang_state {
	SHEBANG_NONE, /* does not begin with #! */
	SHEBANG_OK,
	SHEBANG_EMPTY, /* names no interpreter: ENOEXEC */
	SHEBANG_NAMELESS, /* names "": it ends without a newline, and the NUL behind it ends the name */
	SHEBANG_TOO_LONG, /* what the kernel reads ends in the middle of the interpreter's name: ENOEXEC */
};

/* Bytes inside of the head that was parsed, without terminators. */
struct shebang {
	enum shebang_state state;
	struct bytes interpreter; /* p NULL: none; as much as is there, where it is too long */
	struct bytes argument; /* all that is behind it, as one; p NULL: none */
};

/*
 * head: the start of the file, as many of the SHEBANG_READ bytes that the kernel reads as there are; or what the kernel
 * left of them, which puts NULs behind the interpreter and its argument.
 */
struct shebang shebang_parse(struct bytes head);

/* Whether a name ends in the carriage return of a DOS line. */
bool shebang_is_crlf(struct bytes name);

#endif
