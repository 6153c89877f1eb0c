// SPDX-License-Identifier: GPL-2.0-only
/* Bytes of others on their way to a terminal, to JSON, to a shell; and values that are to be kept to oneself. */
#include "fuzz.h"

#include "base/buffer.h"
#include "base/text.h"
#include "event/secret.h"

/* To who runs a workflow. */
static bool has_command(struct bytes out)
{
	return out.n && (memmem(out.p, out.n, "##[", 3) || memmem(out.p, out.n, "##vso[", 6));
}

static void assert_harmless(struct bytes out)
{
	assert_true(text_is_utf8(out));
	for (size_t i = 0; i < out.n; i++)
		assert_true((unsigned char)out.p[i] >= ' ' && out.p[i] != 0x7f);
	/* C1 controls. */
	for (size_t i = 0; i + 1 < out.n; i++)
		assert_true((unsigned char)out.p[i] != 0xc2 || (unsigned char)out.p[i + 1] >= 0xa0);
	assert_true(!has_command(out));
}

static void json(struct bytes in)
{
	BUFFER_AUTO struct buffer out = {};

	text_json(&out, in);
	assert_true(text_is_utf8(buffer_bytes(&out)));
	assert_true(!has_command(buffer_bytes(&out)));
}

static void escape(struct bytes in)
{
	BUFFER_AUTO struct buffer out = {}, fit = {};
	size_t columns = in.n ? (unsigned char)in.p[0] : 0;

	text_escape(&out, in);
	assert_harmless(buffer_bytes(&out));
	assert_true(text_cut(in, columns) <= in.n);
	text_fit(&fit, buffer_bytes(&out), columns);
	assert_true(text_is_utf8(buffer_bytes(&fit)));
	assert_true(out.n < 2 || memcmp(out.p, "::", 2) || in.n < 3 || (in.p[2] | 32) < 'a' || (in.p[2] | 32) > 'z');
	text_width(buffer_bytes(&out));
}

static void sentence(struct bytes in)
{
	BUFFER_AUTO struct buffer out = {};

	text_sentence(&out, in);
	assert_harmless(buffer_bytes(&out));
}

static void repair(struct bytes in)
{
	BUFFER_AUTO struct buffer out = {}, quoted = {};

	text_repair(&out, in);
	assert_true(text_is_utf8(buffer_bytes(&out)));
	text_quote(&quoted, in);
	assert_true(quoted.n >= in.n);
}

static void mask(struct bytes in)
{
	struct arena *arena = arena_new();

	secret_variable(arena, in, false);
	secret_variable(arena, in, true);
	secret_value(arena, in, false);
	secret_name(in);
	arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = { (const char *)data, size };

	escape(in);
	sentence(in);
	json(in);
	repair(in);
	mask(in);
	return 0;
}
