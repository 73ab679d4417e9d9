/* See pair_filter.h. */
#include "matcher/link/pair_filter.h"

#include "matcher/base/log2.h"

#include <stdlib.h>

enum { TASKS = 32, LINE_WORDS = 4 /* a row is so many words, times something */ };

#define NIK_HOLDS_DATE (UINT32_C(1) << 31) /* beside the list's number, in the first word of a row */

static uint64_t number_of(const uint32_t *row, size_t at)
{
	return (uint64_t)row[at + 1] << 32 | row[at];
}

/* Columns by kind, and where each thing lies in a row. */
static void lay_out(struct pair_filter *filter)
{
	const struct store *store = filter->scorer->store;

	for (size_t c = 0; c < store->n_columns; c++) {
		enum comparison_kind kind = store->columns[c].kind;

		if (kind == COMPARE_NIK || kind == COMPARE_KK)
			filter->digits[filter->n_digits++] = (uint8_t)c;
		else if (comparison_is_phrase(kind))
			filter->phrases[filter->n_phrases++] = (uint8_t)c;
		else
			filter->others[filter->n_others++] = (uint8_t)c;
	}
	filter->self_at = 1 + store->n_columns;
	filter->number_at = filter->self_at + filter->n_phrases;
	filter->stride = (filter->number_at + 2 * filter->n_digits + LINE_WORDS - 1) / LINE_WORDS * LINE_WORDS;
}

static void tabulate_gains(struct pair_filter *filter)
{
	const struct scorer *scorer = filter->scorer;

	for (size_t c = 0; c < scorer->model->n; c++) {
		filter->most_apart[c] = INT32_MIN;
		for (unsigned l = 1; l < scorer->model->comparisons[c].n_levels; l++) {
			int32_t gain = scorer->weight[c][FS_MATCH][l] - scorer->weight[c][FS_STRANGER][l];

			/* An equal value's gain goes by its frequency yet. */
			filter->gain[c][l] = gain = l > 1 ? scorer_bound(scorer, c, gain) : gain;
			if (l > 1 && gain > filter->most_apart[c])
				filter->most_apart[c] = gain;
		}
	}
}

/* By all levels that it goes by. */
static void bound_birthday(struct pair_filter *filter)
{
	const struct store *store = filter->scorer->store;
	struct levels levels = {.same_birthday = true};

	if (store->nik < 0)
		return;
	for (unsigned place = 0; place <= (store->place < 0 ? 0 : CODE_DIFFERENT); place++) {
		for (unsigned date = 0; date < (store->date < 0 ? 1 : DATES_LEVEL_COUNT); date++) {
			for (unsigned nik = 1; nik < NIK_LEVEL_COUNT; nik++) {
				int32_t bits;

				if (store->place >= 0)
					levels.level[store->place] = (uint8_t)place;
				if (store->date >= 0)
					levels.level[store->date] = (uint8_t)date;
				levels.level[store->nik] = (uint8_t)nik;
				bits = scorer_birthday_correction(filter->scorer, &levels);
				filter->birthday_most = bits > filter->birthday_most ? bits : filter->birthday_most;
			}
		}
	}
}

/* Dates that are known in full, as comparison.c tells them. */
static int tabulate_dates(struct pair_filter *filter)
{
	const struct store *store = filter->scorer->store;
	const struct column_frequency *frequency;
	const struct store_column *column;

	if (store->date < 0)
		return 0;
	column = &store->columns[store->date];
	frequency = &filter->scorer->frequencies->columns[store->date];
	filter->dates = calloc(column->n_values, sizeof *filter->dates);
	if (!filter->dates)
		return -1;
	for (size_t v = 1; v < column->n_values; v++) {
		uint32_t date = (uint32_t)column->values[v].number, month = date / 100 % 100, day = date % 100;

		if (month >= 1 && month <= 12 && day >= 1 && day <= 31 && !frequency->heaped[month][day])
			filter->dates[v] = date / 10000 << 16 | month << 8 | day;
	}
	return 0;
}

static void fill_row(const struct pair_filter *filter, uint32_t record)
{
	const struct scorer *scorer = filter->scorer;
	const struct store *store = scorer->store;
	uint32_t *row = &filter->rows[record * filter->stride];

	row[0] = store->list_of[record];
	memcpy(row + 1, &store->ids[record * store->n_columns], store->n_columns * sizeof *row);
	for (size_t i = 0; i < filter->n_phrases; i++) {
		const struct column_frequency *frequency = &scorer->frequencies->columns[filter->phrases[i]];
		uint32_t id = row[1 + filter->phrases[i]];

		row[filter->self_at + i] = (uint32_t)(id < frequency->n_values ? frequency->self[id] : frequency->floor);
	}
	for (size_t i = 0; i < filter->n_digits; i++) {
		size_t c = filter->digits[i];
		uint64_t number = store->columns[c].values[row[1 + c]].number;
		uint32_t date;

		row[filter->number_at + 2 * i] = (uint32_t)number;
		row[filter->number_at + 2 * i + 1] = (uint32_t)(number >> 32);
		if ((int)c != store->nik || store->date < 0)
			continue;
		date = (uint32_t)store_value(store, (size_t)store->date, record)->number;
		if (date && number && comparison_nik_holds(number, date))
			row[0] |= NIK_HOLDS_DATE;
	}
}

static void fill_rows(void *arg, size_t task)
{
	const struct pair_filter *filter = arg;
	size_t n = filter->scorer->store->n_records;

	for (size_t r = n * task / TASKS; r < n * (task + 1) / TASKS; r++)
		fill_row(filter, (uint32_t)r);
}

int pair_filter_init(struct pair_filter *filter, const struct scorer *scorer, double least, size_t pairs,
	const struct parallel *parallel)
{
	size_t n = scorer->store->n_records;

	*filter = (struct pair_filter){.scorer = scorer, .least = (int64_t)(least * WEIGHT_ONE)};
	if (pairs < n)
		return 0;
	lay_out(filter);
	tabulate_gains(filter);
	bound_birthday(filter);
	filter->rows = aligned_alloc(64, (n * filter->stride * sizeof *filter->rows + 64) / 64 * 64);
	if (!filter->rows || tabulate_dates(filter) < 0) {
		pair_filter_release(filter);
		return -1;
	}
	parallel_run(parallel, TASKS, fill_rows, filter);
	return 0;
}

void pair_filter_release(struct pair_filter *filter)
{
	free(filter->rows);
	free(filter->dates);
	*filter = (struct pair_filter){0};
}

/* A pair at work. */
struct look {
	const uint32_t *a, *b; /* rows */
	int64_t bound;         /* the most that its weight can be above the least */
	bool same_birthday;
	uint8_t nik; /* its level, where there is one */
	uint8_t number;
};

/* What an equal value says. */
static int32_t agreement(const struct pair_filter *filter, size_t c, uint32_t id)
{
	const struct column_frequency *frequency = &filter->scorer->frequencies->columns[c];
	const struct store_column *column = &filter->scorer->store->columns[c];
	int32_t gain;

	if (column->kind == COMPARE_SEX)
		return filter->gain[c][SEX_LEVEL_EQUAL];
	if (column->kind == COMPARE_DATE && column->values[id].number % 100 == 0)
		return filter->gain[c][DATES_YEAR_ONLY];
	gain = filter->gain[c][1] - (id < frequency->n_values ? frequency->value[id] : frequency->unseen);
	/* Where the place differs it says nothing, and where that agrees less than this. */
	return column->within_place && gain < 0 ? 0 : scorer_bound(filter->scorer, c, gain);
}

static int32_t phrase_most(const struct pair_filter *filter, const struct look *look, size_t phrase)
{
	int32_t a = (int32_t)look->a[filter->self_at + phrase], b = (int32_t)look->b[filter->self_at + phrase];
	size_t c = filter->phrases[phrase];
	int32_t most = filter->scorer->most[c] - (a > b ? a : b);

	return filter->scorer->store->columns[c].within_place && most < 0 ? 0 : scorer_bound(filter->scorer, c, most);
}

/* Before anything is compared but whether values are equal. */
static void begin(const struct pair_filter *filter, struct look *look)
{
	const struct scorer *scorer = filter->scorer;
	const uint32_t *a = look->a, *b = look->b;
	int64_t bound = scorer->priors[list_pair(a[0] & ~NIK_HOLDS_DATE, b[0] & ~NIK_HOLDS_DATE)].weight[FS_MATCH] +
			(int64_t)scorer->slack - filter->least;

	for (size_t i = 0; i < filter->n_others; i++) {
		size_t c = filter->others[i];
		uint32_t ida = a[1 + c], idb = b[1 + c];

		if (ida && idb)
			bound += ida == idb ? agreement(filter, c, ida) : filter->most_apart[c];
	}
	for (size_t i = 0; i < filter->n_phrases; i++) {
		if (a[1 + filter->phrases[i]] && b[1 + filter->phrases[i]])
			bound += phrase_most(filter, look, i);
	}
	look->bound = bound;
	look->same_birthday = false;
}

/* The level of two numbers that differ; 0: not known by their digits. */
static unsigned level_of_digits(const struct pair_filter *filter, const struct look *look, size_t c, uint64_t a, uint64_t b)
{
	const struct store *store = filter->scorer->store;
	unsigned level;

	if (!a || !b || store->columns[c].within_place)
		return 0;
	if (store->columns[c].kind != COMPARE_NIK)
		return digits_compare_bcd(a, b);
	level = comparison_nik_level(a, b);
	return (int)c == store->nik && level > DIGITS_FIFTEEN && (look->a[0] & look->b[0] & NIK_HOLDS_DATE) &&
	       look->a[1 + store->date] != look->b[1 + store->date] ? NIK_CORROBORATED : level;
}

/* NIKs and KKs, digit by digit. */
static void look_at_digits(const struct pair_filter *filter, struct look *look)
{
	const uint32_t *a = look->a, *b = look->b;

	for (size_t i = 0; i < filter->n_digits; i++) {
		size_t c = filter->digits[i];
		uint32_t ida = a[1 + c], idb = b[1 + c];
		uint64_t na = number_of(a, filter->number_at + 2 * i), nb = number_of(b, filter->number_at + 2 * i);
		unsigned level = 0;

		if (!ida || !idb)
			continue;
		if (ida == idb) {
			level = 1;
			look->bound += agreement(filter, c, ida);
		} else {
			level = level_of_digits(filter, look, c, na, nb);
			look->bound += level ? filter->gain[c][level] : filter->most_apart[c];
		}
		if ((int)c == filter->scorer->store->nik) {
			look->nik = (uint8_t)level;
			look->same_birthday = na && nb && ((na ^ nb) & SAME_BIRTHDAY_DIGITS) == 0;
			look->bound += look->same_birthday ? filter->birthday_most : 0;
		}
	}
}

/* Two dates known in full, years apart and on different days of the year, have nothing in common. */
static bool dates_surely_differ(const struct pair_filter *filter, uint32_t ida, uint32_t idb)
{
	uint32_t a = filter->dates[ida], b = filter->dates[idb], years = (a >> 16) - (b >> 16);

	return a && b && years + 1 > 2 && (uint16_t)(a ^ b) != 0;
}

static unsigned level_of_other(const struct pair_filter *filter, size_t c, uint32_t ida, uint32_t idb)
{
	const struct scorer *scorer = filter->scorer;
	struct comparison_outcome outcome;

	if ((int)c == scorer->store->date && dates_surely_differ(filter, ida, idb))
		return DATES_DIFFERENT;
	comparison_compare(&scorer->store->columns[c], &scorer->frequencies->columns[c], ida, idb, 0, 0, &outcome);
	return outcome.level;
}

/* The comparisons that are neither digits nor phrases, exactly as they will be scored. */
static void look_at_others(const struct pair_filter *filter, struct look *look)
{
	const struct scorer *scorer = filter->scorer;
	const struct store *store = scorer->store;
	struct levels levels;

	levels.same_birthday = look->same_birthday;
	memset(levels.level, 0, store->n_columns);
	for (size_t i = 0; i < filter->n_others && look->bound >= 0; i++) {
		size_t c = filter->others[i];
		uint32_t ida = look->a[1 + c], idb = look->b[1 + c];

		if (!ida || !idb || store->columns[c].within_place)
			continue;
		levels.level[c] = (uint8_t)level_of_other(filter, c, ida, idb);
		if (ida != idb)
			look->bound += (levels.level[c] ? filter->gain[c][levels.level[c]] : 0) - filter->most_apart[c];
	}
	if (look->same_birthday && look->nik && look->bound >= 0) {
		levels.level[store->nik] = look->nik;
		look->bound += scorer_birthday_correction(scorer, &levels) - filter->birthday_most;
	}
}

/* Phrases whose words have nothing in common; what others come to is left to whoever scores the pair. */
static void look_at_phrases(const struct pair_filter *filter, struct look *look)
{
	const struct store *store = filter->scorer->store;

	for (size_t i = 0; i < filter->n_phrases && look->bound >= 0; i++) {
		size_t c = filter->phrases[i];
		uint32_t ida = look->a[1 + c], idb = look->b[1 + c];
		unsigned level;

		if (!ida || !idb || ida == idb || store->columns[c].within_place)
			continue;
		level = comparison_apart(&store->columns[c], ida, idb);
		if (level)
			look->bound += filter->gain[c][level] - phrase_most(filter, look, i);
	}
}

/* A step for all pairs at work; those that it refuses are at work no more. */
typedef void look_step(const struct pair_filter *filter, struct look *look);

static inline __attribute__((always_inline)) size_t take_step(
	const struct pair_filter *filter, struct look *looks, size_t n, look_step *step)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		step(filter, &looks[i]);
		if (looks[i].bound >= 0)
			looks[kept++] = looks[i];
	}
	return kept;
}

/* Asks for what comparing a phrase will read, one step further on each call: the value, its list of words, the words. */
enum depth { DEPTH_VALUE, DEPTH_LIST, DEPTH_WORDS };

static inline void prefetch_phrase(const struct store_column *column, uint32_t id, enum depth depth)
{
	const struct store_value *value = &column->values[id];

	if (depth == DEPTH_VALUE)
		__builtin_prefetch(value);
	else if (depth == DEPTH_LIST)
		__builtin_prefetch(value->words);
	for (unsigned i = 0; depth == DEPTH_WORDS && i < value->n_words; i++)
		__builtin_prefetch(&column->words[value->words[i]]);
}

static void prefetch_phrases(const struct pair_filter *filter, const struct look *looks, size_t n, enum depth depth)
{
	for (size_t p = 0; p < filter->n_phrases; p++) {
		const struct store_column *column = &filter->scorer->store->columns[filter->phrases[p]];
		const uint32_t *before = NULL;

		for (size_t i = 0; i < n; i++) {
			if (looks[i].a != before)
				prefetch_phrase(column, looks[i].a[1 + filter->phrases[p]], depth);
			prefetch_phrase(column, looks[i].b[1 + filter->phrases[p]], depth);
			before = looks[i].a;
		}
	}
}

size_t pair_filter_run(const struct pair_filter *filter, const struct candidate *pairs, size_t n, uint8_t kept[PAIR_FILTER_BATCH])
{
	struct look looks[PAIR_FILTER_BATCH];

	if (n == 0)
		return 0;
	for (size_t i = 0; i < n; i++) {
		looks[i].a = &filter->rows[pairs[i].a * filter->stride];
		looks[i].b = &filter->rows[pairs[i].b * filter->stride];
		looks[i].number = (uint8_t)i;
		begin(filter, &looks[i]);
	}
	n = take_step(filter, looks, n, look_at_digits);
	prefetch_phrases(filter, looks, n, DEPTH_VALUE);
	n = take_step(filter, looks, n, look_at_others);
	prefetch_phrases(filter, looks, n, DEPTH_LIST);
	prefetch_phrases(filter, looks, n, DEPTH_WORDS);
	n = take_step(filter, looks, n, look_at_phrases);
	for (size_t i = 0; i < n; i++)
		kept[i] = looks[i].number;
	return n;
}

size_t pair_filter_next(const struct pair_filter *filter, const struct candidate *pairs, size_t n, size_t *ret_looked,
	uint8_t kept[PAIR_FILTER_BATCH])
{
	size_t looked = n < PAIR_FILTER_BATCH ? n : PAIR_FILTER_BATCH;

	*ret_looked = looked;
	if (!filter->rows) {
		for (size_t i = 0; i < looked; i++)
			kept[i] = (uint8_t)i;
		return looked;
	}
	for (size_t i = looked; i < n && i < 2 * looked; i++)
		pair_filter_prefetch(filter, pairs[i].b);
	return pair_filter_run(filter, pairs, looked, kept);
}
