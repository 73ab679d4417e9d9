/*
 * Which route a path means, what stood in its braces, and what is no route at all.
 */
#include "daemon/http/http_router.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct http_route first[] = {
	{HTTP_GET, "/api/v1/flags", 0},
	{HTTP_GET, "/api/v1/flags/summary", 0},
	{HTTP_GET, "/api/v1/flags/{flag}", 0},
	{HTTP_POST, "/api/v1/flags/{flag}/decision", 0},
	{0},
};
static const struct http_route second[] = {
	{HTTP_GET, "/api/v1/pairs/{a}/{b}", 0},
	{HTTP_DELETE, "/api/v1/flags/{flag}", 0},
	{0},
};
static const struct http_route *const tables[] = {first, second, NULL};

static struct http_match find(enum http_method method, const char *path)
{
	struct http_match match;

	http_router_find(tables, method, path, &match);
	return match;
}

static void test_finds(void **state)
{
	struct http_match match = find(HTTP_GET, "/api/v1/flags");

	assert_ptr_equal(match.route, &first[0]);
	assert_int_equal(match.n, 0);
	assert_ptr_equal(find(HTTP_GET, "/api/v1/flags/summary").route, &first[1]);
	match = find(HTTP_GET, "/api/v1/flags/12");
	assert_ptr_equal(match.route, &first[2]);
	assert_int_equal(match.n, 1);
	assert_true(str_equal(match.params[0].name, str_from("flag")));
	assert_true(str_equal(match.params[0].value, str_from("12")));
	match = find(HTTP_GET, "/api/v1/pairs/3:4/a b");
	assert_ptr_equal(match.route, &second[0]);
	assert_true(str_equal(match.params[0].value, str_from("3:4")));
	assert_true(str_equal(match.params[1].value, str_from("a b")));
	assert_ptr_equal(find(HTTP_DELETE, "/api/v1/flags/12").route, &second[1]);
}

static void test_does_not_find(void **state)
{
	static const char *const paths[] = {"", "/", "/api/v1/flag", "/api/v1/flags/", "/api/v1/flags/12/", "/api/v1/flags//decision",
		"/api/v1/flags/12/decision/3", "//api/v1/flags", "api/v1/flags", "/api/v1/pairs/1", "/api/v1/pairs/1/", "/api/v1/flagsx"};

	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
		struct http_match match = find(HTTP_GET, paths[i]);

		assert_null(match.route);
		assert_false(match.path_known);
	}
	/* Known, but not so. */
	assert_null(find(HTTP_PUT, "/api/v1/flags/12").route);
	assert_true(find(HTTP_PUT, "/api/v1/flags/12").path_known);
}

static void test_methods(void **state)
{
	assert_int_equal(http_method_parse("HEAD"), HTTP_GET);
	assert_int_equal(http_method_parse("DELETE"), HTTP_DELETE);
	assert_int_equal(http_method_parse("get"), HTTP_NO_METHOD);
	assert_int_equal(http_method_parse("TRACE"), HTTP_NO_METHOD);
	assert_string_equal(http_method_name(HTTP_PATCH), "PATCH");
	assert_string_equal(http_method_name(HTTP_NO_METHOD), "other");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_finds),
		cmocka_unit_test(test_does_not_find),
		cmocka_unit_test(test_methods),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
