/*
 * Column maps and guesses under libFuzzer: the input is read as CSV, its first record as the header.
 */
#include "daemon/ingest/column_guess.h"
#include "daemon/ingest/column_map.h"
#include "daemon/ingest/csv_scan.h"
#include "daemon/ingest/row_shape.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { COLUMNS = 40, ROWS = 30 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rows[ROWS][COLUMNS], flat[ROWS * COLUMNS];
	struct shape_row shapes[ROWS];
	struct column_guess guesses[COLUMNS];
	struct header_choice choice;
	struct column_map map;
	struct csv_scan scan;
	struct csv_record record;
	struct arena arena;
	struct error err = {0};
	uint32_t n = 0, columns;

	if (size == 0 || size > 8192)
		return 0;
	arena_init(&arena, 0);
	csv_scan_init(&scan, (struct csv_dialect){',', '"'}, NULL, &arena, 1);
	csv_scan_text(&scan, (struct str){(const char *)data, size}, true);
	while (n < ROWS && csv_scan_next(&scan, &record) == CSV_RECORD) {
		uint32_t width = record.n < COLUMNS ? record.n : COLUMNS;

		memcpy(rows[n], record.cells, width * sizeof **rows);
		shapes[n] = (struct shape_row){rows[n], width};
		row_shape_is_total(rows[n], width);
		row_shape_is_signature(rows[n], width, width);
		n++;
	}
	row_shape_header(shapes, n, NULL, 0, &choice);
	if (n && (choice.first >= n || choice.first + choice.rows + choice.numbered > n))
		abort();
	columns = n ? shapes[0].n : 0;
	for (uint32_t r = 1; r < n; r++)
		for (uint32_t i = 0; i < columns; i++)
			flat[(r - 1) * columns + i] = i < shapes[r].n ? rows[r][i] : (struct str){"", 0};
	if (columns) {
		column_guess(rows[0], columns, flat, n - 1, guesses);
		if (column_map_make(&map, rows[0], columns, flat, n - 1, NULL, &err) == 0)
			column_map_release(&map);
		else if (err.kind != ERROR_INPUT)
			abort();
	}
	csv_scan_release(&scan);
	arena_release(&arena);
	return 0;
}
