// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include "cause/reasons.h"

static char *printed(list_print *list, bool json)
{
	char *text = NULL;
	size_t n = 0;
	FILE *to = open_memstream(&text, &n);

	list(to, json);
	fclose(to);
	return text;
}

static void test_list(void **state)
{
	char *text = printed(reasons_list, false);

	(void)state;
	assert_non_null(strstr(text, "interpreter_crlf                  ENOENT for a script that is there"));
	assert_non_null(strstr(text, "core_pattern_helper"));
	assert_non_null(strstr(text, "other_<errno>"));
	free(text);
}

/* Where the tests are run from the top of the tree. */
static void test_document_is_up_to_date(void **state)
{
	char *text = printed(reasons_list_markdown, false);
	int fd = open("docs/reasons.md", O_RDONLY);
	BUFFER_AUTO struct buffer document = {};

	(void)state;
	if (fd < 0) {
		free(text);
		skip();
	}
	unit_read(fd, &document);
	close(fd);
	/* Else: ./execfail --list-reasons=markdown > docs/reasons.md */
	assert_string_equal(buffer_string(&document), text);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_document_is_up_to_date),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
