// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/object.h"

#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* As `gzip` made it; see the Makefile. */
extern const unsigned char object_packed[];
extern const uint64_t object_packed_size;

asm(".pushsection .rodata\n"
    ".global object_packed, object_packed_size\n"
    ".balign 8\n"
    "object_packed_size: .quad 1f - object_packed\n"
    "object_packed: .incbin \"" OBJECT_PACKED "\"\n"
    "1:\n"
    ".popsection\n");

static struct {
	void *bytes; /* NULL: packed */
	size_t size;
} unpacked;

/* What gzip's last four bytes say. */
static size_t object_size(void)
{
	const unsigned char *end = object_packed + object_packed_size;

	return end[-4] | end[-3] << 8 | end[-2] << 16 | (size_t)end[-1] << 24;
}

static void *object_unpack(size_t size)
{
	z_stream z = { .next_in = (unsigned char *)object_packed, .avail_in = object_packed_size };
	void *bytes = malloc(size);
	int status;

	if (!bytes || inflateInit2(&z, 16 + MAX_WBITS) != Z_OK) {
		free(bytes);
		return NULL;
	}
	z.next_out = bytes;
	z.avail_out = size;
	status = inflate(&z, Z_FINISH);
	inflateEnd(&z);
	if (status == Z_STREAM_END)
		return bytes;
	free(bytes);
	return NULL;
}

/* The skeleton's, in the place of its own. */
const void *execfail_bpf__elf_bytes(size_t *size)
{
	if (!unpacked.bytes) {
		unpacked.size = object_size();
		unpacked.bytes = object_unpack(unpacked.size);
	}
	*size = unpacked.bytes ? unpacked.size : 0;
	return unpacked.bytes;
}

void object_call(uint32_t helper, uint32_t function)
{
	const struct bpf_insn from = { .code = BPF_JMP | BPF_CALL, .imm = (int)helper };
	const struct bpf_insn to = { from.code, .src_reg = BPF_PSEUDO_KFUNC_CALL, .imm = (int)function };
	size_t size;
	struct bpf_insn *at = (void *)execfail_bpf__elf_bytes(&size);

	/* Code is aligned in the file, as it is in memory. */
	for (size_t i = 0; i < size / sizeof(*at); i++)
		if (!memcmp(&at[i], &from, sizeof(from)))
			at[i] = to;
}

void object_pack(void)
{
	free(unpacked.bytes);
	unpacked.bytes = NULL;
}
