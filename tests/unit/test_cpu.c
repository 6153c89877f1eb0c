// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include "look/cpu.h"

#define BASE "fpu cx8 cmov mmx fxsr sse sse2"
#define V2 BASE " pni ssse3 cx16 sse4_1 sse4_2 popcnt lahf_lm"

static void test_levels(void **state)
{
	(void)state;
	assert_int_equal(cpu_levels(B("flags\t\t: " BASE "\n")), CPU_BASELINE);
	assert_int_equal(cpu_levels(B("processor\t: 0\nflags\t\t: " V2 " avx\nbugs\t\t: none\n")),
			 CPU_BASELINE | CPU_V2);
	assert_int_equal(cpu_levels(B("flags\t\t: " V2 " avx avx2 bmi1 bmi2 f16c fma abm movbe xsave")),
			 CPU_BASELINE | CPU_V2 | CPU_V3);
	/* a level has all of the one below */
	assert_int_equal(cpu_levels(B("flags\t\t: " BASE " avx avx2 bmi1 bmi2 f16c fma abm movbe xsave")),
			 CPU_BASELINE);
	assert_int_equal(cpu_levels(B("vendor_id\t: GenuineIntel\nflags\t\t: " BASE "\n")), CPU_BASELINE | CPU_INTEL);
	assert_int_equal(cpu_levels(B("vendor_id\t: AuthenticAMD\nflags\t\t: " BASE "\n")), CPU_BASELINE);
	assert_int_equal(cpu_levels(B("Features\t: fp asimd\n")), 0);
	assert_int_equal(cpu_levels((struct bytes){}), 0);
}

static void test_names(void **state)
{
	(void)state;
	assert_string_equal(cpu_level_name(CPU_BASELINE | CPU_V2 | CPU_V3), "x86-64-v3");
	assert_string_equal(cpu_level_name(CPU_V4), "x86-64-v4");
	assert_string_equal(cpu_level_name(CPU_BASELINE), "x86-64");
	assert_string_equal(cpu_level_name(0), "x86-64");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_levels),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
