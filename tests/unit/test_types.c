// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <bpf/btf.h>

#include "kernel/types.h"

/* A kernel of few types: struct wanted { struct inner inner[2]; struct other *other; hook run; } and what it needs. */
static struct btf *kernel_types(void)
{
	struct btf *btf = btf__new_empty();
	int number = btf__add_int(btf, "int", 4, BTF_INT_SIGNED), inner, array, other, proto, wanted;

	other = btf__add_struct(btf, "other", 4);
	btf__add_field(btf, "x", number, 0, 0);
	inner = btf__add_struct(btf, "inner", 4);
	btf__add_field(btf, "y", number, 0, 0);
	array = btf__add_array(btf, number, inner, 2);
	other = btf__add_ptr(btf, other);
	proto = btf__add_func_proto(btf, number);
	btf__add_func_param(btf, "o", other);
	proto = btf__add_typedef(btf, "hook", btf__add_ptr(btf, btf__add_const(btf, proto)));
	wanted = btf__add_struct(btf, "wanted", 24);
	btf__add_field(btf, "inner", array, 0, 0);
	btf__add_field(btf, "other", other, 64, 0);
	btf__add_field(btf, "run", proto, 128, 0);
	btf__add_func(btf, "wanted", BTF_FUNC_STATIC, proto);
	btf__add_struct(btf, "wanted_not", 4);
	btf__add_decl_tag(btf, "wanted", wanted, -1);
	return btf;
}

static struct btf *asked_types(const char *name)
{
	struct btf *btf = btf__new_empty();

	btf__add_struct(btf, name, 4);
	return btf;
}

static struct btf *cut_to(const char *name)
{
	struct btf *all = kernel_types(), *asked = asked_types(name), *cut = types_cut(all, asked);

	assert_non_null(cut);
	btf__free(all);
	btf__free(asked);
	return cut;
}

static const struct btf_type *type_named(const struct btf *btf, const char *name)
{
	int id = btf__find_by_name(btf, name);

	assert_true(id > 0);
	return btf__type_by_id(btf, (uint32_t)id);
}

static const struct btf_type *member_type(const struct btf *btf, const struct btf_type *t, int i)
{
	return btf__type_by_id(btf, btf_members(t)[i].type);
}

static void test_kept(void **state)
{
	struct btf *cut = cut_to("wanted___of_old");
	const struct btf_type *wanted = type_named(cut, "wanted"), *t;

	(void)state;
	assert_true(btf_is_struct(wanted));
	assert_int_equal(btf_vlen(wanted), 3);
	assert_int_equal(btf_member_bit_offset(wanted, 2), 128);
	t = member_type(cut, wanted, 0);
	assert_int_equal(btf_array(t)->nelems, 2);
	assert_ptr_equal(btf__type_by_id(cut, btf_array(t)->type), type_named(cut, "inner"));
	assert_ptr_equal(member_type(cut, type_named(cut, "inner"), 0), type_named(cut, "int"));
	/* A function is compared by its parameters. */
	t = btf__type_by_id(cut, member_type(cut, wanted, 2)->type);
	t = btf__type_by_id(cut, btf__type_by_id(cut, t->type)->type);
	assert_true(btf_is_func_proto(t));
	assert_true(btf_is_ptr(btf__type_by_id(cut, btf_params(t)[0].type)));
	btf__free(cut);
}

static void test_left_out(void **state)
{
	struct btf *cut = cut_to("wanted");
	const struct btf_type *other = member_type(cut, type_named(cut, "wanted"), 1);

	(void)state;
	assert_true(btf_is_ptr(other));
	assert_int_equal(other->type, 0);
	assert_true(btf__find_by_name(cut, "other") < 0);
	assert_true(btf__find_by_name(cut, "wanted_not") < 0);
	assert_true(btf__find_by_name_kind(cut, "wanted", BTF_KIND_FUNC) < 0);
	assert_true(btf__find_by_name_kind(cut, "wanted", BTF_KIND_DECL_TAG) < 0);
	btf__free(cut);
}

static void test_named(void **state)
{
	struct types types = { .all = kernel_types() };

	(void)state;
	assert_true(btf_is_func(btf__type_by_id(types.all, types_function(&types, "wanted"))));
	assert_ptr_equal(btf__type_by_id(types.all, types_struct(&types, "wanted")), type_named(types.all, "wanted"));
	assert_int_equal(types_function(&types, "inner"), 0);
	assert_int_equal(types_struct(&types, "hook"), 0);
	btf__free(types.all);
	free(types.named);
}

static void test_nothing_asked(void **state)
{
	struct btf *cut = cut_to("elsewhere");

	(void)state;
	assert_int_equal(btf__type_cnt(cut), 1);
	btf__free(cut);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kept),
		cmocka_unit_test(test_left_out),
		cmocka_unit_test(test_named),
		cmocka_unit_test(test_nothing_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
