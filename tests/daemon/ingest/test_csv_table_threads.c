/*
 * A CSV file read by one, two and five threads: every cell of every row is the same. Built under the thread sanitizer by
 * `make unit-threads`.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "daemon/base/thread_pool.h"
#include "daemon/ingest/csv_table.h"
#include "matcher/base/hash.h"
#include "tests/support/temp_file.h"

enum { ROWS = 6000, PARTS_MAX = 20 };

struct reading {
	struct csv_table table;
	struct csv_table_range ranges[PARTS_MAX];
	uint64_t row_hash[ROWS]; /* by row: of its line, faults and cells */
	struct part {
		struct reading *reading;
		uint64_t row; /* the next one's number */
		bool failed;
	} parts[PARTS_MAX];
};

static int hash_row(void *arg, const struct csv_table_row *row)
{
	struct part *part = arg;
	struct reading *reading = part->reading;
	uint64_t hash = hash_pair(row->line, row->faults);

	for (uint32_t c = 0; c < reading->table.columns; c++)
		hash = hash_pair(hash, hash_str(row->cells[c]));
	if (part->row >= ROWS || reading->row_hash[part->row])
		return 1;
	reading->row_hash[part->row++] = hash;
	return 0;
}

static void read_range(void *arg, size_t task)
{
	struct reading *reading = arg;
	struct arena arena;
	struct error err = {0};

	arena_init(&arena, 0);
	reading->parts[task].failed =
		csv_table_scan(&reading->table, &reading->ranges[task], &arena, hash_row, &reading->parts[task], &err) != 0;
	arena_release(&arena);
}

static void read_all(const char *path, unsigned threads, struct reading *reading)
{
	struct thread_pool *pool = thread_pool_new(threads);
	const struct parallel *parallel = thread_pool_parallel(pool);
	struct error err = {0};
	uint64_t rows = 0;
	size_t n;

	assert_non_null(pool);
	memset(reading, 0, sizeof *reading);
	assert_int_equal(csv_table_open(&reading->table, path, &err), 0);
	assert_int_equal(csv_table_ranges(&reading->table, parallel, 4 * threads, reading->ranges, &n, &err), 0);
	for (size_t i = 0; i < n; i++) {
		reading->parts[i] = (struct part){reading, rows, false};
		rows += reading->ranges[i].records;
	}
	assert_int_equal(rows, ROWS);
	assert_true(n > 1);
	parallel_run(parallel, n, read_range, reading);
	for (size_t i = 0; i < n; i++)
		assert_false(reading->parts[i].failed);
	csv_table_release(&reading->table);
	thread_pool_free(pool);
}

static void any_number_of_threads_reads_the_same(void **state)
{
	static const char *const kinds[] = {"%u,NAMA %u,JL. X\r\n", "%u,\"N \"\"%u\"\"\nA\",\"\"\n", "\n%u;%u\n", "%u,%u,a,b,c\n"};
	static struct reading one, many;
	FILE *f = fopen(temp_path("rows.csv"), "wb");

	(void)state;
	assert_non_null(f);
	fprintf(f, "id,given_name,address\n"); /* no list: each record is a row */
	for (unsigned i = 0; i < ROWS; i++)
		fprintf(f, kinds[hash_mix(i) % 4], i, i * 7);
	fclose(f);
	read_all(temp_path("rows.csv"), 1, &one);
	for (unsigned threads = 2; threads <= 5; threads += 3) {
		read_all(temp_path("rows.csv"), threads, &many);
		assert_memory_equal(one.row_hash, many.row_hash, sizeof one.row_hash);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_number_of_threads_reads_the_same),
	};

	return cmocka_run_group_tests_name("csv_table, threads", tests, temp_folder_setup, temp_folder_teardown);
}
