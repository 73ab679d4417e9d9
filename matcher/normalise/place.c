/*
 * See place.h. Names are compared without spaces and with common short forms written out; a number in a name (UNIT 2,
 * BAHAR XX) must agree whatever else is misspelt.
 */
#include "matcher/normalise/place.h"

#include "matcher/base/hash.h"
#include "matcher/compare/edit.h"
#include "matcher/normalise/text_fold.h"

enum { PLACE_NAME_MAX = 48, CUT_OFF_MIN = 6 };

/* A name ready to be compared. */
struct folded_place {
	char text[PLACE_NAME_MAX];
	uint8_t n;
	uint8_t number; /* the number in it, 0: none */
};

struct place_index {
	size_t n;
	struct folded_place *villages;
	struct folded_place *kecamatan;
};

static bool is_skipped(struct str word)
{
	static const char *const skipped[] = {"DESA", "DS", "KEL", "KELURAHAN", "KEC", "KECAMATAN", "NAGARI", "KAB"};

	for (size_t i = 0; i < sizeof(skipped) / sizeof(*skipped); i++)
		if (str_equal(word, str_from(skipped[i])))
			return true;
	return false;
}

static struct str written_out(struct str word)
{
	static const char *const forms[][2] = {{"SEI", "SUNGAI"}, {"SEL", "SUNGAI"}, {"SUNGEI", "SUNGAI"},
	        {"TJ", "TANJUNG"}, {"TG", "TANJUNG"}, {"TANJONG", "TANJUNG"}, {"MA", "MUARA"}, {"MUARO", "MUARA"},
	        {"KP", "KAMPUNG"}, {"PD", "PONDOK"}, {"TLK", "TELUK"}, {"TL", "TELUK"}, {"PL", "PULAU"},
	        {"SP", "SIMPANG"}, {"SIMP", "SIMPANG"}, {"BKT", "BUKIT"}, {"LB", "LUBUK"}, {"LBK", "LUBUK"},
	        {"PSR", "PASAR"}, {"KT", "KOTA"}, {"KTO", "KOTO"}};

	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++)
		if (str_equal(word, str_from(forms[i][0])))
			return str_from(forms[i][1]);
	return word;
}

/* Arabic or Roman (up to 39) number; 0 if the word is none. */
static uint8_t number_in(struct str word)
{
	unsigned value = 0, last = 0;

	if (word.p[0] >= '0' && word.p[0] <= '9') {
		for (size_t i = 0; i < word.n; i++) {
			if (word.p[i] < '0' || word.p[i] > '9')
				return 0;
			value = value * 10 + (unsigned)(word.p[i] - '0');
			if (value > 255)
				return 0;
		}
		return (uint8_t)value;
	}
	for (size_t i = word.n; i-- > 0;) {
		unsigned digit = word.p[i] == 'I' ? 1 : word.p[i] == 'V' ? 5 : word.p[i] == 'X' ? 10 : 0;

		if (!digit || word.n > 6)
			return 0;
		value = digit < last ? value - digit : value + digit;
		last = digit > last ? digit : last;
	}
	return (uint8_t)value;
}

static void fold_place(struct str raw, struct folded_place *out)
{
	char words[96];
	size_t n = text_fold_words_into(raw, words, sizeof(words), NULL);
	bool begun = false;

	out->n = out->number = 0;
	for (size_t i = 0; i < n;) {
		size_t start = i;
		struct str word;
		uint8_t number;

		while (i < n && words[i] != ' ')
			i++;
		word = (struct str){words + start, i - start};
		i++;
		if (!begun && is_skipped(word))
			continue;
		number = begun ? number_in(word) : 0;
		begun = true;
		if (number) {
			out->number = number;
			continue;
		}
		word = written_out(word);
		if (word.n > (size_t)(PLACE_NAME_MAX - out->n))
			word.n = (size_t)(PLACE_NAME_MAX - out->n);
		memcpy(out->text + out->n, word.p, word.n);
		out->n = (uint8_t)(out->n + word.n);
	}
}

struct place_index *place_index_new(const struct village *villages, size_t n, struct arena *arena)
{
	struct place_index *index = arena_alloc(arena, sizeof(*index));

	if (!index)
		return NULL;
	index->n = n;
	index->villages = arena_array(arena, n ? n : 1, sizeof(*index->villages));
	index->kecamatan = arena_array(arena, n ? n : 1, sizeof(*index->kecamatan));
	if (!index->villages || !index->kecamatan)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		fold_place(villages[i].name, &index->villages[i]);
		fold_place(villages[i].kecamatan, &index->kecamatan[i]);
	}
	return index;
}

static void folded_village(const struct village_table *table, size_t i, struct folded_place *out)
{
	if (table->index)
		*out = table->index->villages[i];
	else
		fold_place(table->villages[i].name, out);
}

static void folded_kecamatan(const struct village_table *table, size_t i, struct folded_place *out)
{
	if (table->index)
		*out = table->index->kecamatan[i];
	else
		fold_place(table->villages[i].kecamatan, out);
}

/* 0: the same; 1 or 2: typing errors; 3: cut off; more: another place. */
static unsigned name_distance(const struct folded_place *asked, const struct folded_place *official)
{
	struct str a = {asked->text, asked->n}, b = {official->text, official->n};
	unsigned allowed = a.n >= 8 ? 2 : a.n >= 5 ? 1 : 0, distance;

	if (asked->number != official->number)
		return 9;
	distance = edit_osa(a, b, allowed);
	if (distance <= allowed)
		return distance;
	if (a.n >= CUT_OFF_MIN && a.n < b.n && memcmp(a.p, b.p, a.n) == 0)
		return 3;
	return 9;
}

/* The best of several; several at the same distance leave it open. */
struct best {
	unsigned distance;
	uint64_t code;
	bool tie;
};

static void offer(struct best *best, unsigned distance, uint64_t code)
{
	if (distance > 3 || distance > best->distance)
		return;
	if (distance == best->distance && code != best->code)
		best->tie = true;
	if (distance < best->distance)
		*best = (struct best){distance, code, false};
}

static uint32_t find_kecamatan(const struct village_table *table, struct str name, unsigned *distance)
{
	struct best best = {.distance = 9};
	struct folded_place asked;
	uint64_t last = 0;

	*distance = 9;
	fold_place(name, &asked);
	if (asked.n == 0)
		return 0;
	for (size_t i = 0; i < table->n; i++) {
		struct folded_place official;

		if (table->villages[i].code / 10000 == last)
			continue;
		last = table->villages[i].code / 10000;
		folded_kecamatan(table, i, &official);
		offer(&best, name_distance(&asked, &official), last);
	}
	if (best.distance > 3 || best.tie)
		return 0;
	*distance = best.distance;
	return (uint32_t)best.code;
}

static struct best find_village(const struct village_table *table, struct str name, uint32_t kecamatan)
{
	struct best best = {.distance = 9};
	struct folded_place asked;

	fold_place(name, &asked);
	for (size_t i = 0; asked.n && i < table->n; i++) {
		struct folded_place official;

		if (kecamatan && table->villages[i].code / 10000 != kecamatan)
			continue;
		folded_village(table, i, &official);
		offer(&best, name_distance(&asked, &official), table->villages[i].code);
	}
	return best;
}

const struct village *place_village(const struct village_table *table, uint64_t code)
{
	size_t low = 0, high = table ? table->n : 0;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (table->villages[middle].code < code)
			low = middle + 1;
		else
			high = middle;
	}
	return table && low < table->n && table->villages[low].code == code ? &table->villages[low] : NULL;
}

/* The digits of a code as written; returns how many. "1505012001.0" loses its end. */
static unsigned code_digits(struct str raw, uint64_t *value)
{
	char folded[32];
	struct str text = {folded, text_fold_into(str_trim(raw), folded, sizeof(folded), NULL)};
	unsigned n = 0;

	*value = 0;
	if (text.n > 2 && text.p[text.n - 1] == '0' && text.p[text.n - 2] == '.' &&
	        memchr(text.p, '.', text.n - 2) == NULL)
		text.n -= 2;
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] >= '0' && text.p[i] <= '9' && n < 18) {
			*value = *value * 10 + (uint64_t)(text.p[i] - '0');
			n++;
		} else if (text.p[i] >= 'A') {
			return 0;
		}
	}
	return n;
}

static bool knows_kecamatan(const struct village_table *table, uint64_t code)
{
	for (size_t i = 0; table && i < table->n; i++)
		if (table->villages[i].code / 10000 == code)
			return true;
	return false;
}

/* A Kemendagri village part begins with 1 or 2; BPS writes 15 05 010 001, whose first six digits name another kecamatan. */
static bool is_bps(uint64_t ten_digits)
{
	return ten_digits / 1000 % 10 == 0;
}

static uint32_t kecamatan_of_code(const struct village_table *table, uint32_t district, struct str raw)
{
	uint64_t value;
	unsigned n = code_digits(raw, &value);

	if (n == 2 && district)
		value += (uint64_t)district * 100;
	else if (n == 10 && !is_bps(value))
		value /= 10000;
	else if (n != 6)
		return 0;
	return !table || knows_kecamatan(table, value) ? (uint32_t)value : 0;
}

static uint64_t village_of_code(uint32_t kecamatan, struct str raw, bool *bps)
{
	uint64_t value;
	unsigned n = code_digits(raw, &value);

	*bps = false;
	if (n == 4 && kecamatan)
		return (uint64_t)kecamatan * 10000 + value;
	if (n != 10)
		return 0;
	*bps = is_bps(value);
	return value;
}

void place_find(
        const struct village_table *table, uint32_t district, const struct place_words *words, struct place_match *out)
{
	uint32_t by_code, by_name = 0;
	unsigned kecamatan_distance = 9;
	const struct village *coded;
	struct best named;
	uint64_t code;
	bool bps;

	*out = (struct place_match){0};
	by_code = kecamatan_of_code(table, district, words->kecamatan_code);
	if (table)
		by_name = find_kecamatan(table, words->kecamatan, &kecamatan_distance);
	out->kecamatan = by_name ? by_name : by_code;
	if (out->kecamatan)
		out->how = by_name ? (kecamatan_distance ? PLACE_BY_SIMILAR : PLACE_BY_NAME) : PLACE_BY_CODE;
	code = village_of_code(out->kecamatan, words->village_code, &bps);
	out->bps = bps;
	if (!table) {
		if (code && !bps) {
			out->village = code;
			out->kecamatan = (uint32_t)(code / 10000);
			out->how = PLACE_BY_CODE;
		}
		return;
	}
	coded = place_village(table, code);
	named = find_village(table, words->village, out->kecamatan);
	if (named.distance > 3 &&
	        out->kecamatan) /* the kecamatan itself may be wrong, if the village's name is exact elsewhere */
		named = find_village(table, words->village, 0), named.distance = named.distance ? 9 : 0;
	if (named.distance <= 3 && !named.tie && (!coded || named.distance == 0 || named.code == coded->code)) {
		out->contradiction = coded && coded->code != named.code;
		out->village = named.code;
		out->how = bps ? PLACE_BY_BPS : named.distance ? PLACE_BY_SIMILAR : PLACE_BY_NAME;
	} else if (coded) {
		out->village = coded->code;
		out->how = PLACE_BY_CODE;
	} else if (named.distance <= 3) {
		out->ambiguous = true;
	}
	if (out->village)
		out->kecamatan = (uint32_t)(out->village / 10000);
}
