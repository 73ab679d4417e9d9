/* See frequency.h. */
#include "matcher/link/frequency.h"

#include "matcher/base/hash.h"
#include "matcher/base/hash_map.h"
#include "matcher/base/log2.h"
#include "matcher/base/radix_sort.h"
#include "matcher/compare/edit.h"
#include "matcher/link/name_mail.h"

#include <stdlib.h>

/*
 * A value seen with one person alone is about this common among the others: half a person for words and codes, and what
 * the number's own space says for dates and identifiers.
 */
static double unseen(enum comparison_kind kind, double persons)
{
	switch (kind) {
	case COMPARE_NIK:
		return 1e-9 * persons;
	case COMPARE_KK:
		return 1e-8 * persons;
	case COMPARE_IDENTIFIER:
	case COMPARE_PHONE:
		return 1e-7 * persons;
	case COMPARE_EMAIL:
		return 1e-7 * persons;
	case COMPARE_DATE:
		return persons / 25000;
	default:
		return 0.5;
	}
}

/* Persons besides who may hold one value before it says less than usual: a household's key or telephone is its members'. */
static double shared_by(enum comparison_kind kind)
{
	return kind == COMPARE_KK ? 10 : kind == COMPARE_PHONE ? 3 : 0;
}

/*
 * The same by value while counting: millions of values, most of one record alone. Persons are in 1 / unit, and the unit such that those
 * of the commonest value fit; whole numbers add up in any order.
 */
struct counted {
	uint32_t records, persons;
};

struct count {
	struct counted *values;
	double unit;
};

/* Who holds a value or word: how many persons, in how many rows. */
struct holders {
	double persons, records;
};

static struct holders holders_of(const struct count *count, size_t value)
{
	const struct counted *counted = &count->values[value];

	return (struct holders){counted->persons / count->unit, counted->records};
}

static void add_holders(struct holders *to, const struct holders *more)
{
	to->persons += more->persons;
	to->records += more->records;
}

/*
 * Persons who hold it besides those of two rows that agree on it. The two are one person as often as any two rows that hold it are:
 * records / persons − 1 partners of one row among records − 1.
 */
static double others_of(const struct holders *holders)
{
	double linked, others;

	if (holders->records < 2 || holders->persons <= 0)
		return 0;
	linked = (holders->records / holders->persons - 1) / (holders->records - 1);
	others = holders->persons - 2 + (linked < 1 ? linked : 1);
	return others > 0 ? others : 0;
}

/* A small list knows little of how common its names are: as if so many persons had been seen before, with that share of each. */
enum { BACKGROUND_PERSONS = 300 };
#define BACKGROUND_SHARE 0.001

static int32_t log_share(double others, double persons, enum comparison_kind kind)
{
	double background = 0;

	others -= shared_by(kind);
	if (others < 0)
		others = 0;
	if (kind == COMPARE_NAME || kind == COMPARE_WORDS || kind == COMPARE_CODE)
		background = BACKGROUND_PERSONS;
	double share = (others + unseen(kind, persons) + background * BACKGROUND_SHARE) / (persons + background);

	return share >= 1 ? 0 : weight_from_bits(log2_of(share));
}

/* Who holds each value of the column. */
static int count_holders(const struct store *store, size_t c, const uint32_t *share, struct count *ret)
{
	size_t n_values = store->columns[c].n_values;
	uint32_t most = 0;
	unsigned shift = 0;

	ret->values = calloc(n_values, sizeof *ret->values);
	if (!ret->values)
		return -1;
	for (size_t r = 0; r < store->n_records; r++)
		ret->values[store_id(store, c, r)].records += !store_withdrawn(store, (uint32_t)r);
	for (size_t v = 1; v < n_values; v++)
		most = ret->values[v].records > most ? ret->values[v].records : most;
	while ((uint64_t)most * FREQUENCY_ONE >> shift > UINT32_MAX / 2)
		shift++;
	ret->unit = share ? FREQUENCY_ONE >> shift : 1;
	for (size_t v = 1; v < n_values && !share; v++)
		ret->values[v].persons = ret->values[v].records;
	for (size_t r = 0; share && r < store->n_records; r++) {
		if (!store_withdrawn(store, (uint32_t)r))
			ret->values[store_id(store, c, r)].persons += (share[r] + (UINT32_C(1) << shift >> 1)) >> shift;
	}
	return 0;
}

/* Fills the frequencies of values; *ret_persons: those of whom the column says something. */
static int weigh_values(struct column_frequency *frequency, const struct store_column *column, const struct count *count, bool in_persons,
	double *ret_persons)
{
	double persons = 0;
	bool own_key = column->kind == COMPARE_NIK || column->kind == COMPARE_IDENTIFIER || column->kind == COMPARE_EMAIL;

	frequency->n_values = column->n_values;
	frequency->value = calloc(column->n_values, sizeof *frequency->value);
	if (!frequency->value)
		return -1;
	for (size_t v = 1; v < column->n_values; v++)
		persons += holders_of(count, v).persons;
	*ret_persons = persons = persons < 1 ? 1 : persons;
	frequency->unseen = log_share(0, persons, column->kind);
	for (size_t v = 1; v < column->n_values; v++) {
		struct holders holders = holders_of(count, v);
		/* Before anything is known, a few rows with one person's key are one person. */
		bool alone = holders.records < 2 || (own_key && !in_persons && holders.persons <= 8);

		frequency->value[v] = alone ? frequency->unseen : log_share(others_of(&holders), persons, column->kind);
	}
	return 0;
}

/* sums[word] += the holders of all words within one edit, found by their forms with one letter left out. */
static int add_neighbours(const struct store_column *column, const struct holders *holders, struct holders *sums)
{
	size_t n = 0, at = 0;
	struct sort_entry *entries, *scratch;
	int status = -1;

	for (size_t w = 1; w < column->n_words; w++)
		n += column->words[w].token.text.n + 1;
	entries = malloc((n ? n : 1) * sizeof *entries);
	scratch = malloc((n ? n : 1) * sizeof *scratch);
	if (!entries || !scratch)
		goto out;
	for (size_t w = 1; w < column->n_words; w++) {
		struct str text = column->words[w].token.text;
		char form[256];

		entries[at++] = (struct sort_entry){hash_str(text), (uint32_t)w, 0};
		for (size_t i = 0; i < text.n && text.n < sizeof form && text.n >= 3; i++) {
			memcpy(form, text.p, i);
			memcpy(form + i, text.p + i + 1, text.n - i - 1);
			entries[at++] = (struct sort_entry){hash_bytes(form, text.n - 1, 0), (uint32_t)w, 0};
		}
	}
	radix_sort(entries, scratch, at);
	for (size_t i = 0; i < at;) {
		size_t end = i + 1;

		while (end < at && entries[end].key == entries[i].key)
			end++;
		/* A form that hundreds of words share is one of two letters: not a neighbourhood. */
		for (size_t x = i; x < end && end - i <= 64; x++) {
			for (size_t y = i; y < end; y++) {
				if (entries[x].number != entries[y].number)
					add_holders(&sums[entries[x].number], &holders[entries[y].number]);
			}
		}
		i = end;
	}
	status = 0;
out:
	free(entries);
	free(scratch);
	return status;
}

static int add_sounds(const struct store_column *column, const struct holders *holders, struct holders *sums)
{
	struct hash_map by_sound = {0};
	struct holders *total = calloc(column->n_words, sizeof *total);
	int status = -1;

	if (!total)
		return -1;
	for (int pass = 0; pass < 2; pass++) {
		for (size_t w = 1; w < column->n_words; w++) {
			uint32_t *at = hash_map_at(&by_sound, column->words[w].token.phonetic, (uint32_t)w);

			if (!at)
				goto out;
			if (pass == 0)
				add_holders(&total[*at], &holders[w]);
			else
				sums[w] = total[*at];
		}
	}
	status = 0;
out:
	hash_map_release(&by_sound);
	free(total);
	return status;
}

/* By the first letter for an initial, the first three for a longer word. */
static int add_beginnings(const struct store_column *column, const struct holders *holders, struct holders *sums)
{
	struct hash_map beginnings = {0};
	struct holders *total = calloc(2 * column->n_words + 1, sizeof *total);
	uint32_t next = 1;
	int status = -1;

	if (!total)
		return -1;
	for (int pass = 0; pass < 2; pass++) {
		for (size_t w = 1; w < column->n_words; w++) {
			struct str text = column->words[w].token.text;

			for (size_t letters = 1; letters <= 3; letters += 2) {
				uint32_t *at;

				if (text.n < letters)
					continue;
				at = hash_map_at(&beginnings, hash_bytes(text.p, letters, letters), next);
				if (!at)
					goto out;
				next += *at == next;
				if (pass == 0)
					add_holders(&total[*at], &holders[w]);
				else if (letters == 3 || text.n < 3)
					sums[w] = total[*at];
			}
		}
	}
	status = 0;
out:
	hash_map_release(&beginnings);
	free(total);
	return status;
}

static int count_words(struct column_frequency *frequency, const struct store_column *column, double persons,
	const struct count *count)
{
	size_t n = column->n_words;
	struct holders *holders = calloc(n, sizeof *holders), *sums = calloc(n, sizeof *sums);
	int32_t **tables[] = {&frequency->word, &frequency->sound, &frequency->near, &frequency->begins};
	int status = -1;

	for (size_t t = 0; t < 4; t++) {
		*tables[t] = calloc(n, sizeof **tables[t]);
		if (!*tables[t])
			goto out;
	}
	if (!holders || !sums)
		goto out;
	for (size_t v = 1; v < column->n_values; v++) {
		struct holders of_value = holders_of(count, v);

		for (unsigned i = 0; i < column->values[v].n_words; i++)
			add_holders(&holders[column->values[v].words[i]], &of_value);
	}
	for (size_t t = 0; t < 4; t++) {
		memcpy(sums, holders, n * sizeof *sums);
		if ((t == 1 && add_sounds(column, holders, sums) < 0) || (t == 2 && add_neighbours(column, holders, sums) < 0) ||
		    (t == 3 && add_beginnings(column, holders, sums) < 0))
			goto out;
		for (size_t w = 1; w < n; w++)
			(*tables[t])[w] = holders[w].records > 0 ? log_share(others_of(&sums[w]), persons, column->kind) : frequency->unseen;
	}
	frequency->n_words = n;
	frequency->whole = calloc(column->n_values, sizeof *frequency->whole);
	frequency->self = calloc(column->n_values, sizeof *frequency->self);
	if (!frequency->whole || !frequency->self)
		goto out;
	frequency->floor = weight_from_bits(-log2_of(persons + BACKGROUND_PERSONS) - 8);
	for (size_t v = 1; v < column->n_values; v++) {
		struct holders of_value = holders_of(count, v);
		double others = others_of(&of_value);

		frequency->whole[v] = others > 0.5 ? weight_from_bits(log2_of(others / persons)) : frequency->floor;
		for (unsigned i = 0; i < column->values[v].n_words; i++)
			frequency->self[v] += frequency->word[column->values[v].words[i]];
		if (frequency->self[v] < frequency->floor || of_value.records <= 0)
			frequency->self[v] = frequency->floor;
	}
	status = 0;
out:
	free(holders);
	free(sums);
	return status;
}

/* Days of the year that far more dates fall on than on others: 1 January, 1 July … */
static void find_heaps(struct column_frequency *frequency, const struct store_column *column, const struct count *count)
{
	double by_day[13][32] = {{0}}, total = 0, mean;

	for (size_t v = 1; v < column->n_values; v++) {
		uint64_t date = column->values[v].number;
		unsigned month = (unsigned)(date / 100 % 100), day = (unsigned)(date % 100);

		if (month < 1 || month > 12 || day < 1 || day > 31)
			continue;
		by_day[month][day] += holders_of(count, v).persons;
		total += holders_of(count, v).persons;
	}
	mean = total / 366;
	for (unsigned month = 1; month <= 12; month++) {
		for (unsigned day = 1; day <= 31; day++) {
			double above = by_day[month][day] - mean;

			/* 8 standard deviations; never for a handful. */
			frequency->heaped[month][day] = above > 10 && above * above > 64 * mean && above > mean;
		}
	}
}

struct counting {
	struct frequencies *frequencies;
	const struct store *store;
	const uint32_t *share;
	bool failed[COMPARISONS_MAX];
};

static void count_column(void *arg, size_t c)
{
	struct counting *counting = arg;
	const struct store_column *column = &counting->store->columns[c];
	struct column_frequency *frequency = &counting->frequencies->columns[c];
	struct count count = {0};
	double told = 1;
	int status = count_holders(counting->store, c, counting->share, &count);

	if (status == 0)
		status = weigh_values(frequency, column, &count, counting->share != NULL, &told);
	if (status == 0 && column->kind == COMPARE_DATE)
		find_heaps(frequency, column, &count);
	if (status == 0 && column->kind == COMPARE_EMAIL && counting->store->name >= 0)
		status = name_mail_count(frequency, counting->store, c);
	if (status == 0 && comparison_is_phrase(column->kind))
		status = count_words(frequency, column, told, &count);
	free(count.values);
	counting->failed[c] = status < 0;
}

int frequencies_count(struct frequencies *frequencies, const struct store *store, const uint32_t *share,
	const struct parallel *parallel, struct error *err)
{
	struct frequencies counted = {.n = store->n_columns};
	struct counting counting = {.frequencies = &counted, .store = store, .share = share};
	bool failed = false;

	for (uint32_t r = 0; r < store->n_records; r++) {
		if (!store_withdrawn(store, r))
			counted.persons += share ? (double)share[r] / FREQUENCY_ONE : 1;
	}
	if (counted.persons < 1)
		counted.persons = 1;
	parallel_run(parallel, store->n_columns, count_column, &counting);
	for (size_t c = 0; c < store->n_columns; c++)
		failed |= counting.failed[c];
	if (failed) {
		frequencies_release(&counted);
		return error_memory(err);
	}
	frequencies_release(frequencies);
	*frequencies = counted;
	return 0;
}

void frequencies_release(struct frequencies *frequencies)
{
	for (size_t c = 0; c < frequencies->n; c++) {
		struct column_frequency *frequency = &frequencies->columns[c];

		free(frequency->value);
		free(frequency->word);
		free(frequency->sound);
		free(frequency->near);
		free(frequency->begins);
		free(frequency->whole);
		free(frequency->self);
		free(frequency->of_name);
	}
	*frequencies = (struct frequencies){0};
}
