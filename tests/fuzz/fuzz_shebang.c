// SPDX-License-Identifier: GPL-2.0-only
#include "fuzz.h"

#include "look/filekind.h"
#include "look/shebang.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes head = { (const char *)data, size };
	struct shebang shebang = shebang_parse(head);
	struct file_what what = file_what(head);

	assert_true(fuzz_inside(shebang.interpreter.p, shebang.interpreter.n, head.p, head.n));
	assert_true(fuzz_inside(shebang.argument.p, shebang.argument.n, head.p, head.n));
	assert_int_equal(shebang.state == SHEBANG_NONE, size < 2 || memcmp(data, "#!", 2));
	if (shebang.state == SHEBANG_OK)
		assert_true(shebang.interpreter.n && !memchr(shebang.interpreter.p, '\n', shebang.interpreter.n));
	assert_true(what.name);
	shebang_is_crlf(shebang.interpreter);
	return 0;
}
