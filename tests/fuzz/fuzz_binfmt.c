// SPDX-License-Identifier: GPL-2.0-only
/* A registration of binfmt_misc and, behind a NUL each, the start and the path of a file. */
#include "fuzz.h"

#include "base/bytes.h"
#include "look/binfmt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes rest = { (const char *)data, size }, interpreter = {};
	struct bytes text = bytes_cut(&rest, '\0'), path = bytes_cut(&rest, '\0');

	if (binfmt_matches(text, rest, path, &interpreter))
		assert_true(interpreter.p && fuzz_inside(interpreter.p, interpreter.n, text.p, text.n));
	else
		assert_true(!bytes_begins(text, "enabled\ninterpreter /x\nflags: \nextension .y\n") ||
			    !bytes_is(path, "/a.y"));
	return 0;
}
