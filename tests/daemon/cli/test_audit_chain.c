/*
 * The audit trail's chain: whole ones are taken, and every change, gap and cut is found.
 */
#include "daemon/cli/audit_chain.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS = 5 };

struct row {
	const char *fields[AUDIT_FIELDS];
	char number[8], before[AUDIT_HASH_TEXT], hash[AUDIT_HASH_TEXT];
};

/* The hash of a row that follows on row->before, as padan.audit_in() makes it: written down here once more. */
static void seal(struct row *row)
{
	unsigned char bytes[512];
	size_t n = 0;

	sodium_hex2bin(bytes, sizeof bytes, row->before, 64, NULL, &n, NULL);
	for (int f = 0; f < AUDIT_FIELDS; f++) {
		const char *field = row->fields[f];

		if (f)
			bytes[n++] = ',';
		if (field)
			n += (size_t)sprintf((char *)bytes + n, "%zu:%s", strlen(field), field);
		else
			bytes[n++] = '-';
	}
	crypto_hash_sha256(bytes, bytes, n);
	sodium_bin2hex(row->hash, sizeof row->hash, bytes, 32);
}

static void make_rows(struct row rows[ROWS])
{
	char before[AUDIT_HASH_TEXT];

	memset(before, '0', 64);
	before[64] = '\0';
	for (int i = 0; i < ROWS; i++) {
		snprintf(rows[i].number, sizeof rows[i].number, "%u", (unsigned)(i + 1) & 0xffff);
		rows[i].fields[0] = "1505";
		rows[i].fields[1] = rows[i].number;
		rows[i].fields[2] = "2026-11-24T01:02:03.000004Z";
		rows[i].fields[3] = i % 2 ? NULL : "7";
		rows[i].fields[4] = "siti";
		rows[i].fields[5] = "";
		rows[i].fields[6] = "household.view";
		rows[i].fields[7] = "household";
		rows[i].fields[8] = "{12,13}";
		rows[i].fields[9] = "{\"a\": \"é\"}";
		memcpy(rows[i].before, before, sizeof before);
		seal(&rows[i]);
		memcpy(before, rows[i].hash, sizeof before);
	}
}

/* How many rows fit before the first that does not. */
static int fitting(const struct row *rows, int n)
{
	struct audit_chain chain;
	struct error err = {0};

	audit_chain_init(&chain);
	for (int i = 0; i < n; i++) {
		if (audit_chain_add(&chain, rows[i].fields, rows[i].before, rows[i].hash, &err) < 0) {
			assert_int_equal(err.kind, ERROR_INPUT);
			return i;
		}
	}
	return n;
}

static void test_whole(void **state)
{
	struct row rows[ROWS];
	struct audit_chain chain;

	make_rows(rows);
	assert_int_equal(fitting(rows, ROWS), ROWS);
	audit_chain_init(&chain);
	assert_int_equal(audit_chain_end(&chain, 0, chain.hash, NULL), 0);
	for (int i = 0; i < ROWS; i++)
		assert_int_equal(audit_chain_add(&chain, rows[i].fields, rows[i].before, rows[i].hash, NULL), 0);
	assert_int_equal(audit_chain_end(&chain, ROWS, rows[ROWS - 1].hash, NULL), 0);
	assert_int_equal(audit_chain_end(&chain, ROWS + 1, rows[ROWS - 1].hash, NULL), -1); /* cut short */
	assert_int_equal(audit_chain_end(&chain, ROWS, rows[0].hash, NULL), -1);
	assert_int_equal(audit_chain_end(&chain, ROWS - 1, rows[ROWS - 2].hash, NULL), -1);
}

static void test_every_field_counts(void **state)
{
	struct row rows[ROWS];

	for (int f = 0; f < AUDIT_FIELDS; f++) {
		make_rows(rows);
		rows[2].fields[f] = rows[2].fields[f] && !*rows[2].fields[f] ? NULL : "9";
		assert_int_equal(fitting(rows, ROWS), 2);
	}
	/* Moving bytes from one field to the next is a change as well. */
	make_rows(rows);
	rows[2].fields[4] = "siti,0:";
	rows[2].fields[5] = NULL;
	assert_int_equal(fitting(rows, ROWS), 2);
}

static void test_order(void **state)
{
	struct row rows[ROWS], kept;

	make_rows(rows);
	kept = rows[1];
	rows[1] = rows[2];
	rows[2] = kept;
	assert_int_equal(fitting(rows, ROWS), 1);
	make_rows(rows);
	assert_int_equal(fitting(rows + 1, ROWS - 1), 0); /* the first is gone */
	make_rows(rows);
	rows[3].before[0] ^= 1;
	assert_int_equal(fitting(rows, ROWS), 3);
	/* A row put in another's place with a hash that is right for it, but follows on nothing. */
	make_rows(rows);
	memset(rows[2].before, '0', 64);
	rows[2].fields[4] = "budi";
	seal(&rows[2]);
	assert_int_equal(fitting(rows, ROWS), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_every_field_counts),
		cmocka_unit_test(test_order),
	};

	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
