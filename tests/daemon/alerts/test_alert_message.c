/*
 * What goes over the wire: headers that nobody can break out of, the same bytes at every attempt, a signature that others
 * can check, addresses that are not public.
 */
#include "daemon/alerts/alert_address.h"
#include "daemon/alerts/alert_message.h"
#include "daemon/alerts/alert_text.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct alert list_done(const char *subject)
{
	struct alert alert = {.district = 1505, .alert = 3, .key = "list:17:bappeda:smtp", .kind = "list_done",
		.recipient = "bappeda", .district_name = "Kabupaten Muaro Jambi", .created = 1720000000};

	alert.payload = json_pack("{s:I, s:s, s:s, s:s, s:I, s:I, s:I, s:{s:i, s:i}, s:i, s:[{s:s, s:i}], s:[{s:s, s:s, s:i}]}",
		"list", (json_int_t)17, "list_kind", "programme", "subject", subject, "period", "2024-07", "rows_read",
		(json_int_t)12345, "rows_accepted", (json_int_t)12340, "rows_rejected", (json_int_t)5, "flags", "INCLUSION", 12,
		"OVERLAP", 3, "to_check", 2, "kecamatan", "name", "Mestong", "flags", 9, "villages", "name", "Tempino",
		"kecamatan", "Mestong", "flags", 7);
	assert_non_null(alert.payload);
	return alert;
}

static void test_mail(void **state)
{
	struct alert alert = list_done("pkh");
	struct str to[] = {STR_LITERAL("a@x.example"), STR_LITERAL("b@x.example")};
	char *mail, *again, *body;
	unsigned char text[8192];
	size_t n, n_again, n_text;

	assert_int_equal(alert_mail(&alert, STR_LITERAL("padan@x.example"), to, 2, &mail, &n, NULL), 0);
	assert_non_null(strstr(mail, "From: Padan <padan@x.example>\r\nTo: <a@x.example>,\r\n <b@x.example>\r\nSubject: =?UTF-8?B?"));
	assert_non_null(strstr(mail, "\r\nMessage-ID: <1505.list-17-bappeda-smtp@padan.invalid>\r\n"));
	assert_non_null(strstr(mail, "\r\nDate: Wed, 3 Jul 2024 09:46:40 +0000\r\n"));
	body = strstr(mail, "\r\n\r\n") + 4;
	assert_int_equal(sodium_base642bin(text, sizeof(text) - 1, body, strlen(body), "\r\n", &n_text, NULL,
				 sodium_base64_VARIANT_ORIGINAL),
		0);
	text[n_text] = '\0';
	assert_non_null(strstr((char *)text, "Baris dibaca 12.345, diterima 12.340, ditolak 5.\r\n"));
	assert_non_null(strstr((char *)text, "bukan sasaran"));
	assert_non_null(strstr((char *)text, "Tempino, Kec. Mestong"));
	assert_non_null(strstr((char *)text, "padan flags --list 17"));
	for (char *line = mail; line < mail + n; line = strstr(line, "\r\n") + 2)
		assert_true(strcspn(line, "\r\n") <= 78);
	/* A second attempt sends the same bytes. */
	assert_int_equal(alert_mail(&alert, STR_LITERAL("padan@x.example"), to, 2, &again, &n_again, NULL), 0);
	assert_int_equal(n, n_again);
	assert_memory_equal(mail, again, n);
	free(mail);
	free(again);
	json_decref(alert.payload);
}

static void test_headers_cannot_be_injected(void **state)
{
	struct alert alert = list_done("pkh\r\nBcc: evil@x.example");
	char longest[255];
	struct str to[] = {STR_LITERAL("a@x.example")};
	char *mail;
	size_t n;

	snprintf(alert.district_name, sizeof(alert.district_name), "Muaro\r\nX-Evil: 1");
	snprintf(alert.key, sizeof(alert.key), "list:1\r\nX-Evil: 1");
	assert_int_equal(alert_mail(&alert, STR_LITERAL("padan@x.example"), to, 1, &mail, &n, NULL), 0);
	assert_null(strstr(mail, "\nBcc:"));
	assert_null(strstr(mail, "\nX-Evil"));
	free(mail);
	json_decref(alert.payload);
	assert_false(alert_address_is_sane(STR_LITERAL("a@x.example\r\nBcc: b@y.example")));
	assert_false(alert_address_is_sane(STR_LITERAL("a@x.example, b@y.example")));
	assert_false(alert_address_is_sane(STR_LITERAL("<a@x.example>")));
	assert_false(alert_address_is_sane(STR_LITERAL("nobody")));
	assert_true(alert_address_is_sane(STR_LITERAL("program@dinsos.example")));
	memset(longest, 'x', sizeof longest);
	memcpy(longest, "a@", 2);
	assert_true(alert_address_is_sane((struct str){longest, 254})); /* RFC 5321, 4.5.3.1.3 */
	assert_false(alert_address_is_sane((struct str){longest, 255}));
}

static void test_every_kind_has_words(void **state)
{
	static const char *const kinds[] = {"list_done", "list_refused", "limit", "digest", "unheard-of"};
	struct alert_text *text = malloc(sizeof(*text));
	json_t *empty = json_object(), *odd = json_pack("{s:i, s:[i], s:s}", "flags", 3, "kecamatan", 7, "limit", "excluded_in_village");

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		alert_text(kinds[i], "Muaro Jambi", empty, text);
		assert_true(text->n > 20 && *text->subject);
		alert_text(kinds[i], "Muaro Jambi", odd, text);
		assert_true(text->n == strlen(text->body));
	}
	json_decref(empty);
	json_decref(odd);
	free(text);
}

static void test_long_bodies_are_cut(void **state)
{
	struct alert_text *text = malloc(sizeof(*text));
	json_t *payload = json_pack("{s:s, s:[]}", "list_kind", "programme", "villages");
	json_t *villages = json_object_get(payload, "villages");

	for (int i = 0; i < 2000; i++)
		json_array_append_new(villages, json_pack("{s:s, s:s, s:i}", "name", "Desa", "kecamatan", "Kecamatan", "flags", i));
	alert_text("list_done", "Muaro Jambi", payload, text);
	assert_true(text->n < sizeof(text->body));
	assert_memory_equal(text->body + text->n - 2, "\r\n", 2);
	json_decref(payload);
	free(text);
}

static void test_webhook_body_and_signature(void **state)
{
	struct alert alert = list_done("pkh");
	char *body, signature[ALERT_SIGNATURE_MAX];
	json_t *back;
	size_t n;

	assert_int_equal(alert_json(&alert, &body, &n, NULL), 0);
	back = json_loads(body, 0, NULL);
	assert_string_equal(json_string_value(json_object_get(back, "id")), "1505.list-17-bappeda-smtp@padan.invalid");
	assert_int_equal(json_integer_value(json_object_get(json_object_get(back, "payload"), "list")), 17);
	/* echo -n '1720000000.{"a":1}' | openssl dgst -sha256 -hmac rahasia */
	alert_signature(STR_LITERAL("rahasia"), 1720000000, STR_LITERAL("{\"a\":1}"), signature);
	assert_string_equal(signature, "t=1720000000,v1=5760b90142d1e3aa8bc293030ae11c35d478b3e67b55b76f2ae21655907a90db");
	json_decref(back);
	json_decref(alert.payload);
	free(body);
}

static bool inner(const char *text)
{
	struct sockaddr_in in = {.sin_family = AF_INET};
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};

	if (inet_pton(AF_INET, text, &in.sin_addr) == 1)
		return address_is_inner((struct sockaddr *)&in);
	assert_int_equal(inet_pton(AF_INET6, text, &in6.sin6_addr), 1);
	return address_is_inner((struct sockaddr *)&in6);
}

static void test_inner_addresses(void **state)
{
	static const char *const inner_ones[] = {"0.0.0.0", "10.1.2.3", "100.64.0.1", "100.127.255.255", "127.0.0.1", "169.254.169.254",
		"172.16.0.1", "172.31.255.255", "192.168.1.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "::", "::1",
		"::7f00:1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1", "2002:a00:1::", "2001:0:1::", "2001:db8::1",
		"fc00::1", "fd12::1", "fe80::1", "ff02::1"};
	static const char *const public_ones[] = {"1.1.1.1", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1",
		"192.167.1.1", "223.255.255.255", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101", "2002:101:101::"};

	for (size_t i = 0; i < sizeof(inner_ones) / sizeof(inner_ones[0]); i++) {
		if (!inner(inner_ones[i]))
			fail_msg("%s", inner_ones[i]);
	}
	for (size_t i = 0; i < sizeof(public_ones) / sizeof(public_ones[0]); i++) {
		if (inner(public_ones[i]))
			fail_msg("%s", public_ones[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mail),
		cmocka_unit_test(test_headers_cannot_be_injected),
		cmocka_unit_test(test_every_kind_has_words),
		cmocka_unit_test(test_long_bodies_are_cut),
		cmocka_unit_test(test_webhook_body_and_signature),
		cmocka_unit_test(test_inner_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
