/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What of a filter the programs under bpf/ decide, before anything is collected: made by src/filter/sift.c, and asked
 * by the functions here, which the tests of both sides share. All parts have to hold. Whatever passes is asked the
 * whole filter again.
 */
#ifndef EXECFAIL_SIEVE_H
#define EXECFAIL_SIEVE_H

#include "record.h"

enum {
	SIEVE_TERMS = 4, /* about numbers, and as many about names */
	SIEVE_RANGES = 8,
	SIEVE_COMMS = 8,
	SIEVE_PATHS = 4,
	SIEVE_DEPTH = 8,
	SIEVE_NAME = 64, /* bytes of a directory of control groups, its NUL included */
	SIEVE_ERRNOS = 4096,
};

/* Numbers of a caller, as the record has them. */
enum sieve_number {
	SIEVE_UID,
	SIEVE_EUID,
	SIEVE_PID_NS,
	SIEVE_NUMBERS,
};

struct sieve_range {
	__u32 from, to; /* both are in it */
};

/* A term: one of these numbers is in one of these ranges. */
struct sieve_numbers {
	__u32 of; /* bits 1 << enum sieve_number */
	__u32 n;
	struct sieve_range v[SIEVE_RANGES];
};

/* A name, or how it begins: where mask has no bits, anything may be. */
struct sieve_comm {
	__u64 text[2];
	__u64 mask[2];
};

/* A term: the name is one of these; negated: none. */
struct sieve_comms {
	__u32 negated;
	__u32 n;
	struct sieve_comm v[SIEVE_COMMS];
};

/* A directory, which the caller's control group is, or lies below. */
struct sieve_path {
	__u32 depth; /* below the root */
	/* From the leaf up, filled up with NULs; compared by eight bytes. */
	char names[SIEVE_DEPTH][SIEVE_NAME] __attribute__((aligned(8)));
};

struct sieve {
	__u32 of; /* bits of all these terms */
	__u32 n_numbers;
	__u32 n_comms;
	__u32 n_paths; /* one of which it has to be; 0: any control group will do */
	__u32 by_errno; /* only errors whose bits are in errnos; where there is none, that of 0 */
	struct sieve_numbers numbers[SIEVE_TERMS];
	struct sieve_comms comms[SIEVE_TERMS];
	struct sieve_path paths[SIEVE_PATHS];
	__u64 errnos[SIEVE_ERRNOS / 64];
};

static inline __attribute__((always_inline)) int sieve_in_ranges(const volatile struct sieve_numbers *term,
								 __u32 number)
{
	for (__u32 i = 0; i < SIEVE_RANGES && i < term->n; i++)
		if (number >= term->v[i].from && number <= term->v[i].to)
			return 1;
	return 0;
}

static inline __attribute__((always_inline)) int sieve_is_comm(const volatile struct sieve_comms *term,
							       const __u64 comm[2])
{
	for (__u32 i = 0; i < SIEVE_COMMS && i < term->n; i++)
		if (!((comm[0] ^ term->v[i].text[0]) & term->v[i].mask[0]) &&
		    !((comm[1] ^ term->v[i].text[1]) & term->v[i].mask[1]))
			return !term->negated;
	return !!term->negated;
}

static inline __attribute__((always_inline)) int sieve_has_numbers(const volatile struct sieve_numbers *term,
								   const __u32 values[SIEVE_NUMBERS])
{
	for (__u32 number = 0; number < SIEVE_NUMBERS; number++)
		if (term->of & 1 << number && sieve_in_ranges(term, values[number]))
			return 1;
	return 0;
}

/* error: what the call, or whoever was asked, answers, without its sign; below SIEVE_ERRNOS. */
static inline __attribute__((always_inline)) int sieve_has_error(const volatile struct sieve *sieve, __u64 error)
{
	return sieve->errnos[error / 64] >> error % 64 & 1;
}

static inline __attribute__((always_inline)) int sieve_is_name(const volatile char *name, const char *other)
{
	const volatile __u64 *a = (const volatile __u64 *)name;
	const __u64 *b = (const __u64 *)other;

	for (__u32 i = 0; i < SIEVE_NAME / sizeof(__u64); i++)
		if (a[i] != b[i])
			return 0;
	return 1;
}

#endif
