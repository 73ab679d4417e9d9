/*
 * The keys of many records at once against those of each record alone (block_keys_each()): for every phase, with nothing common
 * and with keys of each kind drawn to be, for all indexes and some, on rows of every type of field.
 */
#include "matcher/base/hash.h"
#include "matcher/link/block_scan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

enum { RECORDS = 120, KEYS = 200000 };

static const struct linker_schema everything = {12, {{FIELD_NIK, "nik"}, {FIELD_GIVEN_NAME, "depan"}, {FIELD_DATE, "lahir"},
	{FIELD_SURNAME, "marga"}, {FIELD_ADDRESS, "alamat"}, {FIELD_KK, "kk"}, {FIELD_IDENTIFIER, "nomor"}, {FIELD_PHONE, "telepon"},
	{FIELD_EMAIL, "surel"}, {FIELD_SEX, "jk"}, {FIELD_CODE, "desa"}, {FIELD_AGE, "umur"}}};

/* A row of few different values, some missing. */
static void make_row(uint64_t seed, unsigned n, struct arena *arena, struct field_value values[])
{
	char text[12][64];
	uint64_t r = hash_pair(seed, n);
	unsigned day = 1 + r % 3, month = 1 + r / 3 % 12, year = 1960 + (unsigned)(r / 36 % 4);

	snprintf(text[0], sizeof text[0], "150501%02u%02u%02u%04u", day + (r & 64 ? 40 : 0), month, year % 100, (unsigned)(r >> 8 & 3) + 1);
	snprintf(text[1], sizeof text[1], "%s", (const char *[]){"SITI", "SITI SITI", "BUDI R", "MUHAMMAD"}[r >> 10 & 3]);
	snprintf(text[2], sizeof text[2], r >> 12 & 1 ? "%04u-%02u-%02u" : "%04u", year, month, day);
	snprintf(text[3], sizeof text[3], "%s", (const char *[]){"AMINAH", "HARTONO", "", "SALEH"}[r >> 14 & 3]);
	snprintf(text[4], sizeof text[4], "JALAN MAWAR %u RT %u", (unsigned)(r >> 16 & 7), (unsigned)(r >> 19 & 3));
	snprintf(text[5], sizeof text[5], "15050110011%05u", (unsigned)(r >> 21 & 7) + 1);
	snprintf(text[6], sizeof text[6], "AB-%u", 1000 + (unsigned)(r >> 24 & 15));
	snprintf(text[7], sizeof text[7], "0812345678%02u", (unsigned)(r >> 28 & 7));
	snprintf(text[8], sizeof text[8], "orang%u@contoh.id", (unsigned)(r >> 31 & 3));
	snprintf(text[9], sizeof text[9], "%s", r >> 33 & 1 ? "L" : "P");
	snprintf(text[10], sizeof text[10], "15050120%02u", (unsigned)(r >> 34 & 3));
	snprintf(text[11], sizeof text[11], "%u", 20 + (unsigned)(r >> 36 & 7));
	for (int f = 0; f < 12; f++)
		assert_int_equal(field_normalise(everything.fields[f].type, str_from(hash_pair(r, (uint64_t)f) % 9 ? text[f] : ""), false, arena, &values[f]), 0);
}

static void fill(struct store *store, uint64_t seed)
{
	struct arena arena;
	struct error err = {0};

	assert_int_equal(store_init(store, &everything, &err), 0);
	arena_init(&arena, 0);
	for (unsigned n = 0; n < RECORDS; n++) {
		struct field_value values[LINKER_FIELDS_MAX];
		uint32_t record;

		make_row(seed, n, &arena, values);
		assert_int_equal(store_add(store, values, &record, &err), 0);
	}
	arena_release(&arena);
}

struct collected {
	struct sort_entry *keys;
	size_t n;
	uint32_t record;
	const bool *wanted;
};

static void collect_one(void *arg, uint64_t key, uint32_t used, unsigned index)
{
	struct collected *collected = arg;

	assert_true(collected->n < KEYS);
	if (collected->wanted[index])
		collected->keys[collected->n++] = (struct sort_entry){key, collected->record, used | index << KEY_INDEX_SHIFT};
}

static void collect_batch(void *arg, const struct sort_entry *keys, size_t n)
{
	struct collected *collected = arg;

	assert_true(collected->n + n <= KEYS);
	memcpy(collected->keys + collected->n, keys, n * sizeof *keys);
	collected->n += n;
}

static int compare(const void *a, const void *b)
{
	const struct sort_entry *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	return (x->extra > y->extra) - (x->extra < y->extra);
}

/* Returns how many keys there were; some of them are common from then on. */
static size_t check(struct block_rules *rules, const struct store *store, int phase, bool planned_only)
{
	struct collected slow = {.keys = malloc(KEYS * sizeof *slow.keys)}, fast = {.keys = malloc(KEYS * sizeof *fast.keys)};
	struct key_batch batch = {.full = collect_batch, .arg = &fast};
	struct block_indexes indexes;
	struct block_atoms *atoms = block_atoms_new(rules, store, phase, NULL);
	struct block_scan *scan;
	size_t n;

	block_indexes_of(rules, phase, planned_only, &indexes);
	assert_non_null(atoms);
	scan = block_scan_new(atoms, &indexes);
	assert_non_null(scan);
	slow.wanted = indexes.wanted;
	for (slow.record = 0; slow.record < RECORDS; slow.record++) {
		block_keys_each(rules, store, slow.record, phase, collect_one, &slow);
		block_scan_record(scan, slow.record, &batch);
	}
	key_batch_flush(&batch);
	block_scan_free(scan);
	block_atoms_free(atoms);
	n = slow.n;
	assert_int_equal(fast.n, n);
	qsort(slow.keys, n, sizeof *slow.keys, compare);
	qsort(fast.keys, n, sizeof *fast.keys, compare);
	assert_memory_equal(fast.keys, slow.keys, n * sizeof *fast.keys);
	for (size_t i = 0; i < n; i++) {
		if (hash_mix(slow.keys[i].key) % 3 == 0)
			assert_int_equal(block_rules_add_common(rules, phase, slow.keys[i].key, slow.keys[i].extra >> KEY_INDEX_SHIFT), 0);
	}
	free(slow.keys);
	free(fast.keys);
	return n;
}

static void gives_the_keys_of_the_twin(void **state)
{
	static const uint64_t plans[] = {UINT64_MAX, UINT64_C(0x5555555555555555), UINT64_C(0x00ff00ff00ff00ff), 1u << 4};

	(void)state;
	for (uint64_t seed = 1; seed <= 3; seed++) {
		struct store store;

		fill(&store, seed);
		for (size_t p = 0; p < sizeof plans / sizeof *plans; p++) {
			struct block_rules rules;

			block_rules_init(&rules, plans[p], 1);
			/* Twice: with nothing common, then with what was drawn in all phases. */
			for (int round = 0; round < 2; round++) {
				for (int phase = 1; phase <= 3; phase++)
					assert_true(check(&rules, &store, phase, round == 1) > 0 || p > 0);
			}
			block_rules_release(&rules);
		}
		store_release(&store);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(gives_the_keys_of_the_twin)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
