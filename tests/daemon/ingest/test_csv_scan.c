/*
 * The CSV scanner: its grammar by example, against its slow twin on seeded random text (whole, in pieces, and cut into
 * ranges), and the kernels that mark structural bytes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "daemon/ingest/csv_scan.h"
#include "matcher/base/hash.h"
#include "tests/reference/csv_slow.h"

static uint64_t next_random(uint64_t *state)
{
	return hash_mix(*state += UINT64_C(0x9e3779b97f4a7c15));
}

/* All records as one text: cells in <>, one line per record, faults behind. */
static void describe(const struct csv_record *record, char *out, size_t size)
{
	size_t n = strlen(out);

	n += (size_t)snprintf(out + n, size - n, "%llu:", (unsigned long long)record->line);
	for (uint32_t i = 0; i < record->n; i++)
		n += (size_t)snprintf(out + n, size - n, "<%.*s>", STR_ARGS(record->cells[i]));
	snprintf(out + n, size - n, record->faults ? "!%u@%u\n" : "\n", record->faults, record->fault_column);
}

static const char *scanned(const char *text, const struct csv_limits *limits)
{
	static char out[4096];
	struct csv_scan scan;
	struct csv_record record;
	struct arena arena;

	out[0] = '\0';
	arena_init(&arena, 0);
	csv_scan_init(&scan, (struct csv_dialect){',', '"'}, limits, &arena, 1);
	csv_scan_text(&scan, str_from(text), true);
	while (csv_scan_next(&scan, &record) == CSV_RECORD)
		describe(&record, out, sizeof out);
	csv_scan_release(&scan);
	arena_release(&arena);
	return out;
}

static void reads_the_grammar(void **state)
{
	(void)state;
	assert_string_equal(scanned("a,b\nc,d", NULL), "1:<a><b>\n2:<c><d>\n");
	assert_string_equal(scanned("a\r\nb\rc\n\nd\r\n", NULL), "1:<a>\n2:<b>\n3:<c>\n4:<>\n5:<d>\n");
	assert_string_equal(scanned("\"a,1\",\"say \"\"x\"\"\"\n", NULL), "1:<a,1><say \"x\">\n");
	assert_string_equal(scanned("\"two\nlines\",b\nc\n", NULL), "1:<two\nlines><b>\n3:<c>\n");
	assert_string_equal(scanned("5\" pipe,\"\",x\n", NULL), "1:<5\" pipe><><x>\n");
	assert_string_equal(scanned("", NULL), "");
	assert_string_equal(scanned(",\n,", NULL), "1:<><>\n2:<><>\n");
}

static void mends_stray_and_unclosed_quotes(void **state)
{
	(void)state;
	/* Text behind a closing quote stays, with a note. */
	assert_string_equal(scanned("\"PT \"Maju\" Jaya\",x\n", NULL), "1:<PT Maju\" Jaya\"><x>!1@1\n");
	/* Not closed on its line, and the next line's quotes give it away: one record is lost, not the file. */
	assert_string_equal(scanned("1,\"BUDI,2\n2,\"SITI\",3\n", NULL), "1:<1><\"BUDI><2>!2@2\n2:<2><SITI><3>\n");
	/* Never closed at all. */
	assert_string_equal(scanned("1,\"BUDI,2\n2,SITI,3\n", NULL), "1:<1><\"BUDI><2>!2@2\n2:<2><SITI><3>\n");
	assert_string_equal(scanned("1,\"BUDI", NULL), "1:<1><\"BUDI>!2@2\n");
}

static void holds_its_limits(void **state)
{
	const struct csv_limits limits = {8, 4, 24, 3};

	(void)state;
	assert_string_equal(scanned("123456789,x\nb\n", &limits), "1:<12345678>!4@1\n2:<b>\n");
	assert_string_equal(scanned("12345678,x\nb\n", &limits), "1:<12345678><x>\n2:<b>\n");
	assert_string_equal(scanned("1,2,3,4,5,6\nb\n", &limits), "1:<1><2><3><4>!8@4\n2:<b>\n");
	assert_string_equal(scanned("1234567,1234567,1234567,1234567\nb\n", &limits),
		"1:<1234567><1234567><1234567><1234567>!16@4\n2:<b>\n");
	/* A quoted cell over more lines than a record may have. */
	assert_string_equal(scanned("\"a\nb\nc\nd\"\ne\n", &limits), "1:<\"a>!2@1\n2:<b>\n3:<c>\n4:<d\">\n5:<e>\n");
}

static void an_unclosed_quote_does_not_swallow_the_file(void **state)
{
	const size_t lines = 200000;
	char *text = malloc(lines * 16);
	size_t n = (size_t)sprintf(text, "1,\"BUDI,x\n"), records = 0, faulty = 0;
	struct csv_scan scan;
	struct csv_record record;
	struct arena arena;

	(void)state;
	for (size_t i = 2; i <= lines; i++)
		n += (size_t)sprintf(text + n, "%zu,SITI,x\n", i);
	arena_init(&arena, 0);
	csv_scan_init(&scan, (struct csv_dialect){',', '"'}, NULL, &arena, 1);
	csv_scan_text(&scan, (struct str){text, n}, true);
	while (csv_scan_next(&scan, &record) == CSV_RECORD) {
		records++;
		faulty += record.faults != 0;
		assert_int_equal(record.line, records);
		assert_int_equal(record.n, 3);
	}
	assert_int_equal(records, lines);
	assert_int_equal(faulty, 1);
	csv_scan_release(&scan);
	arena_release(&arena);
	free(text);
}

static void a_doubted_record_is_read_again_as_one_line(void **state)
{
	struct csv_scan scan;
	struct csv_record record;
	struct arena arena;
	char out[256] = "";

	(void)state;
	arena_init(&arena, 0);
	csv_scan_init(&scan, (struct csv_dialect){',', '"'}, NULL, &arena, 1);
	csv_scan_text(&scan, STR_LITERAL("1,\"A,x\n2,\",y\n3,C,z\n"), true);
	assert_int_equal(csv_scan_next(&scan, &record), CSV_RECORD);
	assert_int_equal(record.lines, 2);
	assert_int_equal(csv_scan_retry_line(&scan, &record), CSV_RECORD);
	describe(&record, out, sizeof out);
	while (csv_scan_next(&scan, &record) == CSV_RECORD)
		describe(&record, out, sizeof out);
	assert_string_equal(out, "1:<1><\"A><x>!2@2\n2:<2><\"><y>!2@2\n3:<3><C><z>\n");
	csv_scan_release(&scan);
	arena_release(&arena);
}

/* Text made of the bytes that matter, so that every rule of the grammar is met often. */
static size_t random_text(uint64_t *state, char *text, size_t room)
{
	static const char BYTES[] = "\"\"\"\",,,\n\n\r\rab\0;";
	size_t n = next_random(state) % room;
	unsigned kinds = 2 + next_random(state) % (sizeof BYTES - 3);
	bool gentle = next_random(state) % 2;

	for (size_t i = 0; i < n; i++)
		text[i] = gentle && next_random(state) % 3 ? 'x' : BYTES[next_random(state) % kinds + (gentle ? 2 : 0)];
	return n;
}

static void assert_same(const struct csv_slow_record *slow, const struct csv_record *fast)
{
	assert_int_equal(slow->line, fast->line);
	assert_int_equal(slow->begin, fast->begin);
	assert_int_equal(slow->faults, fast->faults);
	assert_int_equal(slow->n, fast->n);
	for (uint32_t i = 0; i < slow->n; i++)
		assert_true(str_equal(slow->cells[i], fast->cells[i]));
}

static void agrees_with_its_twin(void **state)
{
	uint64_t seed = 20261124;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		char text[400];
		struct str whole = {text, random_text(&seed, text, sizeof text)};
		struct csv_limits limits = {1 + (uint32_t)(next_random(&seed) % 60), 1 + (uint32_t)(next_random(&seed) % 12),
			1 + (uint32_t)(next_random(&seed) % 200), 1 + (uint32_t)(next_random(&seed) % 6)};
		struct csv_dialect dialect = {',', next_random(&seed) % 8 ? '"' : 0};
		struct csv_slow_record *slow;
		struct csv_record record;
		struct csv_scan scan;
		struct arena arena;
		size_t n, i = 0;

		if (next_random(&seed) % 2)
			limits = CSV_LIMITS;
		arena_init(&arena, 0);
		n = csv_slow_parse(whole, dialect, &limits, &arena, &slow);
		csv_scan_init(&scan, dialect, &limits, &arena, 1);
		csv_scan_text(&scan, whole, true);
		while (csv_scan_next(&scan, &record) == CSV_RECORD) {
			assert_true(i < n);
			assert_same(&slow[i++], &record);
		}
		assert_int_equal(i, n);
		csv_scan_release(&scan);
		arena_release(&arena);
	}
}

/* The same records whether the text comes whole or in pieces of any size. */
static void pieces_do_not_matter(void **state)
{
	uint64_t seed = 7;

	(void)state;
	for (int round = 0; round < 5000; round++) {
		char text[300], window[300];
		size_t n = random_text(&seed, text, sizeof text), given = 0, have = 0, i = 0, slow_n, base = 0;
		struct csv_limits limits = {1 + (uint32_t)(next_random(&seed) % 60), 1 + (uint32_t)(next_random(&seed) % 12),
			1 + (uint32_t)(next_random(&seed) % 200), 1 + (uint32_t)(next_random(&seed) % 6)};
		struct csv_slow_record *slow;
		struct csv_record record;
		struct csv_scan scan;
		struct arena arena;

		arena_init(&arena, 0);
		slow_n = csv_slow_parse((struct str){text, n}, (struct csv_dialect){',', '"'}, &limits, &arena, &slow);
		csv_scan_init(&scan, (struct csv_dialect){',', '"'}, &limits, &arena, 1);
		csv_scan_text(&scan, (struct str){window, 0}, n == 0);
		for (;;) {
			enum csv_result result = csv_scan_next(&scan, &record);
			size_t piece;

			if (result == CSV_END)
				break;
			if (result == CSV_RECORD) {
				record.begin += base;
				assert_true(i < slow_n);
				assert_same(&slow[i++], &record);
				continue;
			}
			piece = 1 + next_random(&seed) % 40;
			if (piece > n - given)
				piece = n - given;
			base += scan.at;
			have -= scan.at;
			memmove(window, window + scan.at, have);
			memcpy(window + have, text + given, piece);
			have += piece;
			given += piece;
			csv_scan_text(&scan, (struct str){window, have}, given == n);
		}
		assert_int_equal(i, slow_n);
		csv_scan_release(&scan);
		arena_release(&arena);
	}
}

/* Ranges join up to the whole, and a scan of each gives the records that one scan gives. */
static void ranges_are_those_of_one_scan(void **state)
{
	uint64_t seed = 99;

	(void)state;
	for (int round = 0; round < 3000; round++) {
		char text[600];
		struct str whole = {text, random_text(&seed, text, sizeof text)};
		struct csv_dialect dialect = {',', '"'};
		struct csv_limits limits = {1 + (uint32_t)(next_random(&seed) % 60), 1 + (uint32_t)(next_random(&seed) % 12), 200, 4};
		struct csv_range ranges[7];
		struct csv_slow_record *slow;
		struct arena arena;
		size_t n, parts, i = 0, at = 0;

		arena_init(&arena, 0);
		n = csv_slow_parse(whole, dialect, &limits, &arena, &slow);
		parts = csv_ranges(whole, dialect, &limits, NULL, 1 + next_random(&seed) % 7, ranges);
		for (size_t r = 0; r < parts; r++) {
			uint64_t records = 0;
			struct csv_scan scan;
			struct csv_record record;

			assert_int_equal(ranges[r].begin, at);
			csv_scan_init(&scan, dialect, &limits, &arena, 1);
			csv_scan_text(&scan, whole, true);
			csv_scan_seek(&scan, ranges[r].begin, ranges[r].line);
			while (scan.at < ranges[r].end && csv_scan_next(&scan, &record) == CSV_RECORD) {
				assert_true(i < n);
				assert_same(&slow[i++], &record);
				records += !csv_record_is_blank(&record);
				csv_scan_skip(&scan);
			}
			assert_int_equal(records, ranges[r].records);
			at = ranges[r].end;
			assert_int_equal(at, scan.at);
			csv_scan_release(&scan);
		}
		assert_int_equal(i, n);
		assert_int_equal(at, whole.n);
		arena_release(&arena);
	}
}

static void kernels_mark_the_same_bits(void **state)
{
	uint64_t seed = 3;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		char text[300];
		size_t n = random_text(&seed, text, sizeof text);
		uint64_t plain[8] = {0}, other[8];

		csv_mark_plain(text, n, ',', '"', plain);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(plain[i / 64] >> (i % 64) & 1, strchr(",\"\n\r", text[i]) && text[i]);
#if defined(__x86_64__)
		memset(other, 0, sizeof other);
		csv_mark_sse2(text, n, ',', '"', other);
		assert_memory_equal(plain, other, sizeof plain);
		if (__builtin_cpu_supports("avx2")) {
			memset(other, 0, sizeof other);
			csv_mark_avx2(text, n, ',', '"', other);
			assert_memory_equal(plain, other, sizeof plain);
		}
#else
		(void)other;
#endif
	}
}

static void finds_the_delimiter(void **state)
{
	(void)state;
	assert_int_equal(csv_dialect_guess(STR_LITERAL("nik,nama\n1,A\n2,B\n")).delimiter, ',');
	assert_int_equal(csv_dialect_guess(STR_LITERAL("nik;nama;alamat\n1;A;JL. B, RT 1\n2;B;JL. C, RT 2\n")).delimiter, ';');
	assert_int_equal(csv_dialect_guess(STR_LITERAL("\"a\"|\"b,c\"|\"d\"\n\"1,2\"|\"2\"|\"3\"\n")).delimiter, '|');
	assert_int_equal(csv_dialect_guess(STR_LITERAL("DAFTAR, KPM\nTAHUN 2024\nno\tnik\tnama\n1\t2\t3\n")).delimiter, '\t');
	assert_int_equal(csv_dialect_guess(STR_LITERAL("sep=|\na,b,c\n1,2,3\n")).delimiter, '|');
	assert_int_equal(csv_dialect_guess(STR_LITERAL("nama\nA\n")).delimiter, ',');
}

/* A line of many parts' length: looked through once, not once a part. */
static void one_long_line_in_many_parts(void **state)
{
	enum { BYTES = 4 * 1024 * 1024, PARTS = 4096 };
	static struct csv_range ranges[PARTS];
	char *text = malloc(BYTES);
	size_t n;

	(void)state;
	assert_non_null(text);
	memset(text, 'x', BYTES);
	memcpy(text, "a,b\n1,\"", 7);
	text[BYTES - 1] = '\n';
	n = csv_ranges((struct str){text, BYTES}, (struct csv_dialect){',', '"'}, NULL, NULL, PARTS, ranges);
	assert_int_equal(n ? ranges[n - 1].end : 0, BYTES);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_grammar),
		cmocka_unit_test(mends_stray_and_unclosed_quotes),
		cmocka_unit_test(holds_its_limits),
		cmocka_unit_test(an_unclosed_quote_does_not_swallow_the_file),
		cmocka_unit_test(a_doubted_record_is_read_again_as_one_line),
		cmocka_unit_test(agrees_with_its_twin),
		cmocka_unit_test(pieces_do_not_matter),
		cmocka_unit_test(ranges_are_those_of_one_scan),
		cmocka_unit_test(kernels_mark_the_same_bits),
		cmocka_unit_test(finds_the_delimiter),
		cmocka_unit_test(one_long_line_in_many_parts),
	};

	return cmocka_run_group_tests_name("csv_scan", tests, NULL, NULL);
}
