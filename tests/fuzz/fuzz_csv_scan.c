/*
 * The CSV scanner under libFuzzer: whatever the text, the records are those of the slow twin, whether it comes whole, in
 * pieces or in ranges. The first bytes choose the limits and the pieces.
 */
#include "daemon/ingest/csv_scan.h"
#include "tests/reference/csv_slow.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool true_statement)
{
	if (!true_statement)
		abort();
}

static void same(const struct csv_slow_record *slow, const struct csv_record *fast, size_t base)
{
	must(slow->line == fast->line && slow->begin == fast->begin + base);
	must(slow->faults == fast->faults && slow->n == fast->n);
	for (uint32_t i = 0; i < slow->n; i++)
		must(str_equal(slow->cells[i], fast->cells[i]));
}

static void in_pieces(struct csv_scan *scan, struct str text, size_t piece, const struct csv_slow_record *slow, size_t n)
{
	char *window = malloc(text.n + 1);
	size_t have = 0, given = 0, base = 0, i = 0;
	struct csv_record record;
	enum csv_result result;

	csv_scan_text(scan, (struct str){window, 0}, text.n == 0);
	while ((result = csv_scan_next(scan, &record)) != CSV_END) {
		size_t more = piece < text.n - given ? piece : text.n - given;

		if (result == CSV_RECORD) {
			must(i < n);
			same(&slow[i++], &record, base);
			continue;
		}
		base += scan->at;
		have -= scan->at;
		memmove(window, window + scan->at, have);
		memcpy(window + have, text.p + given, more);
		have += more;
		given += more;
		csv_scan_text(scan, (struct str){window, have}, given == text.n);
	}
	must(i == n);
	free(window);
}

static void in_ranges(struct str text, struct csv_dialect dialect, const struct csv_limits *limits, struct arena *arena,
	const struct csv_slow_record *slow, size_t n)
{
	struct csv_range ranges[5];
	size_t parts = csv_ranges(text, dialect, limits, NULL, 5, ranges), i = 0, at = 0;

	for (size_t r = 0; r < parts; r++) {
		struct csv_scan scan;
		struct csv_record record;

		must(ranges[r].begin == at);
		csv_scan_init(&scan, dialect, limits, arena, 1);
		csv_scan_text(&scan, text, true);
		csv_scan_seek(&scan, ranges[r].begin, ranges[r].line);
		while (scan.at < ranges[r].end && csv_scan_next(&scan, &record) == CSV_RECORD) {
			must(i < n);
			same(&slow[i++], &record, 0);
			csv_scan_skip(&scan);
		}
		at = ranges[r].end;
		csv_scan_release(&scan);
	}
	must(i == n && at == text.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct csv_limits limits = CSV_LIMITS;
	struct csv_dialect dialect = {',', '"'};
	struct csv_slow_record *slow;
	struct csv_scan scan;
	struct arena arena;
	struct str text;
	size_t n, piece;

	if (size < 6 || size > 4096)
		return 0;
	if (data[0] % 2)
		limits = (struct csv_limits){1 + data[1], 1 + data[2] % 16, 1 + 4 * data[3], 1 + data[4] % 8};
	if (data[0] & 2)
		dialect.quote = 0;
	piece = 1 + data[5] % 64;
	/* A copy of its own size, so that the sanitizer sees a byte read beyond it. */
	text = (struct str){malloc(size - 6 + 1), size - 6};
	memcpy((char *)text.p, data + 6, text.n);
	arena_init(&arena, 0);
	n = csv_slow_parse(text, dialect, &limits, &arena, &slow);
	csv_scan_init(&scan, dialect, &limits, &arena, 1);
	in_pieces(&scan, text, piece, slow, n);
	csv_scan_release(&scan);
	csv_scan_init(&scan, dialect, &limits, &arena, 1);
	in_pieces(&scan, text, text.n + 1, slow, n);
	csv_scan_release(&scan);
	in_ranges(text, dialect, &limits, &arena, slow, n);
	csv_dialect_guess(text);
	arena_release(&arena);
	free((char *)text.p);
	return 0;
}
