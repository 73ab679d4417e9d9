/*
 * The notes beside files: what an office reads.
 */
#include "daemon/inbox/inbox_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

static void test_done(void **state)
{
	struct inbox_result result = {.file_name = "pkh_2024-07.csv", .list = 17, .subject = "pkh", .period = "2024-07",
		.received_at = "2024-07-01 10:02", .read = 1234567, .accepted = 1234565, .rejected = 2,
		.rejects_name = "pkh_2024-07.ditolak.csv", .n_kinds = 1, .kinds = {{"INCLUSION", 12}}};
	char text[INBOX_NOTE_MAX];
	size_t n = inbox_note(&result, text);

	assert_int_equal(n, strlen(text));
	assert_non_null(strstr(text, "Diterima pada 2024-07-01 10:02 sebagai daftar 17 (pkh, periode 2024-07)."));
	assert_non_null(strstr(text, "1.234.567"));
	assert_non_null(strstr(text, "pkh_2024-07.ditolak.csv"));
	assert_non_null(strstr(text, "bukan sasaran"));
	assert_null(strstr(text, "BPS"));
	result.village_bps = 4321;
	inbox_note(&result, text);
	assert_non_null(strstr(text, "Pada 4.321 baris desa hanya ditulis dengan kode BPS"));
	result.repeated = true;
	inbox_note(&result, text);
	assert_non_null(strstr(text, "sudah pernah diterima"));
	assert_non_null(strstr(text, "Tidak ada yang berubah"));
}

static void test_refused(void **state)
{
	struct inbox_result result = {.file_name = "x.csv", .refused = true, .reason_id = "Berkas kosong.", .reason_en = "Empty file."};
	char text[INBOX_NOTE_MAX];

	inbox_note(&result, text);
	assert_non_null(strstr(text, "DITOLAK"));
	assert_non_null(strstr(text, "Berkas kosong.\n(Empty file.)"));
	result.reason_id = result.reason_en = NULL;
	assert_true(inbox_note(&result, text) > 0);
}

static void test_always_fits(void **state)
{
	static char name[INBOX_NOTE_MAX];
	struct inbox_result result = {.file_name = name, .subject = name, .period = name, .received_at = name, .rejects_name = name};
	char text[INBOX_NOTE_MAX];

	memset(name, 'x', sizeof(name) - 1);
	assert_int_equal(inbox_note(&result, text), INBOX_NOTE_MAX - 1);
	assert_int_equal(strlen(text), INBOX_NOTE_MAX - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_done),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_always_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
