/*
 * Cutting a big CSV text at true record borders, and guessing a text's delimiter. See csv_scan.h.
 *
 * Whether a line end inside a big file lies within quotes depends on everything before it, and in damaged files on more
 * than the count of quotes. So each part is scanned from a guess, and the guess is then checked against where the part
 * before it really ended: the result is that of one scan from the start, only faster.
 */
#include "daemon/ingest/csv_scan.h"

#include "daemon/ingest/ingest_limits.h"

#include <stdlib.h>

enum { TRIAL_BYTES = 64 * 1024, TRIAL_RECORDS = 8, TRIAL_BORDERS = 32, GUESS_RECORDS = 200 };

struct part {
	size_t begin, end; /* where it was scanned from, and the first border at or behind its stop */
	size_t stop;
	uint64_t lines, records;
	bool failed;
};

struct cut {
	struct str text;
	struct csv_dialect dialect;
	const struct csv_limits *limits;
	uint32_t columns; /* of the first record: what a true border is likely to be followed by */
	struct part *parts;
};

/* Whether the records from `at` on look like the file's own: the same width, no faults. */
static bool looks_like_border(const struct cut *cut, size_t at, struct arena *arena)
{
	struct csv_scan scan;
	struct csv_record record;
	size_t n = cut->text.n - at < TRIAL_BYTES ? cut->text.n - at : TRIAL_BYTES;
	bool fits = true;

	csv_scan_init(&scan, cut->dialect, cut->limits, arena, 1);
	csv_scan_text(&scan, (struct str){cut->text.p + at, n}, at + n == cut->text.n);
	for (int i = 0; i < TRIAL_RECORDS && fits && csv_scan_next(&scan, &record) == CSV_RECORD; i++)
		fits = record.faults == 0 && (record.n == cut->columns || csv_record_is_blank(&record));
	csv_scan_release(&scan);
	arena_reset(arena);
	return fits;
}

/* The line border behind `at` that looks most like a record's; the first one if none does. */
static size_t guess_border(const struct cut *cut, size_t at)
{
	size_t first = cut->text.n;
	struct arena arena;

	arena_init(&arena, 0);
	for (int tries = 0; tries < TRIAL_BORDERS && at < cut->text.n; tries++) {
		const char *lf = memchr(cut->text.p + at, '\n', cut->text.n - at);

		at = lf ? (size_t)(lf - cut->text.p) + 1 : cut->text.n;
		if (tries == 0)
			first = at;
		if (looks_like_border(cut, at, &arena)) {
			first = at;
			break;
		}
	}
	arena_release(&arena);
	return first;
}

static void count_part(void *arg, size_t i)
{
	const struct cut *cut = arg;
	struct part *part = &cut->parts[i];
	struct csv_scan scan;
	struct csv_record record;
	struct arena arena;
	enum csv_result result = CSV_END;

	arena_init(&arena, 0);
	csv_scan_init(&scan, cut->dialect, cut->limits, &arena, 0);
	csv_scan_text(&scan, cut->text, true);
	csv_scan_seek(&scan, part->begin, 0);
	part->records = 0;
	while (scan.at < part->stop && (result = csv_scan_next(&scan, &record)) == CSV_RECORD) {
		part->records += !csv_record_is_blank(&record);
		if (arena.used)
			arena_reset(&arena);
		/* The rest of an over-long line belongs to its record: a border is where no line is being skipped. */
		csv_scan_skip(&scan);
	}
	part->failed = result == CSV_NO_MEMORY;
	part->end = scan.at;
	part->lines = scan.line;
	csv_scan_release(&scan);
	arena_release(&arena);
}

static uint32_t columns_of_first(const struct cut *cut)
{
	struct csv_scan scan;
	struct csv_record record = {.n = 1};
	struct arena arena;
	enum csv_result result;

	arena_init(&arena, 0);
	csv_scan_init(&scan, cut->dialect, cut->limits, &arena, 1);
	csv_scan_text(&scan, cut->text, true);
	do
		result = csv_scan_next(&scan, &record);
	while (result == CSV_RECORD && csv_record_is_blank(&record));
	csv_scan_release(&scan);
	arena_release(&arena);
	return record.n;
}

size_t csv_ranges(struct str text, struct csv_dialect dialect, const struct csv_limits *limits,
	const struct parallel *parallel, size_t parts, struct csv_range *ranges)
{
	struct cut cut = {.text = text, .dialect = dialect, .limits = limits};
	size_t filled = 0, at = 0;
	uint64_t line = 1;

	if (parts == 0 || text.n == 0)
		return 0;
	cut.parts = calloc(parts, sizeof *cut.parts);
	if (!cut.parts)
		return 0;
	cut.columns = columns_of_first(&cut);
	for (size_t i = 0; i < parts; i++) {
		size_t nominal = text.n / parts * i, last = i ? cut.parts[i - 1].begin : 0;

		/* Within a line that is longer than a part nothing is looked for again. */
		cut.parts[i].begin = i == 0 ? 0 : last > nominal ? last : guess_border(&cut, nominal);
		if (i > 0)
			cut.parts[i - 1].stop = cut.parts[i].begin;
	}
	cut.parts[parts - 1].stop = text.n;
	parallel_run(parallel, parts, count_part, &cut);
	for (size_t i = 0; i < parts; i++) {
		struct part *part = &cut.parts[i];

		if (part->begin != at) {
			part->begin = at;
			count_part(&cut, i);
		}
		if (part->failed) {
			filled = 0;
			break;
		}
		if (part->end == at)
			continue;
		ranges[filled++] = (struct csv_range){at, part->end, line, part->records};
		at = part->end;
		line += part->lines;
	}
	free(cut.parts);
	return filled;
}

/* How well a delimiter explains the head: lines that share one width above 1, and how wide they are. −1: memory. */
static double delimiter_score(struct str head, char delimiter, struct arena *arena)
{
	uint32_t widths[GUESS_RECORDS], n = 0;
	struct csv_scan scan;
	struct csv_record record;
	enum csv_result result = CSV_END;
	double best = 0;

	csv_scan_init(&scan, (struct csv_dialect){delimiter, '"'}, NULL, arena, 1);
	csv_scan_text(&scan, head, true);
	while (n < GUESS_RECORDS && (result = csv_scan_next(&scan, &record)) == CSV_RECORD)
		if (!csv_record_is_blank(&record))
			widths[n++] = record.n;
	csv_scan_release(&scan);
	arena_reset(arena);
	if (result == CSV_NO_MEMORY)
		return -1;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t same = 0;

		for (uint32_t j = 0; j < n; j++)
			same += widths[j] == widths[i];
		if ((double)same * same * (widths[i] - 1) > best)
			best = (double)same * same * (widths[i] - 1);
	}
	return best;
}

struct csv_dialect csv_dialect_guess(struct str head)
{
	static const char CANDIDATES[] = ",;\t|";
	struct csv_dialect dialect = {',', '"'};
	struct arena arena;
	double best = 0;

	if (head.n > 5 && memchr(CANDIDATES, head.p[4], sizeof CANDIDATES - 1) && memcmp(head.p, "sep=", 4) == 0 && (head.p[5] == '\n' || head.p[5] == '\r')) {
		dialect.delimiter = head.p[4];
		return dialect;
	}
	arena_init(&arena, 0);
	for (const char *c = CANDIDATES; *c; c++) {
		double score = delimiter_score(head, *c, &arena);

		if (score < 0) {
			dialect.delimiter = '\0';
			break;
		}
		if (score > best) {
			best = score;
			dialect.delimiter = *c;
		}
	}
	arena_release(&arena);
	return dialect;
}
