/* See blocking.h. */
#include "matcher/link/blocking.h"

#include "matcher/base/grow.h"
#include "matcher/base/hash.h"
#include "matcher/base/radix_sort.h"

/* What an atom says; the order matters nowhere but in the tables below. */
enum role {
	ROLE_SOUND,    /* a name part, by its sound */
	ROLE_NAME,     /* all parts of a name, by sound, in any order */
	ROLE_BEGIN,    /* the first sounds of a name part */
	ROLE_KEY,      /* a person's or household's key, an email address */
	ROLE_KEY_FORM, /* a key as it may read with a digit wrong */
	ROLE_DATE,     /* a birth date, day and month in any order, also the one in a NIK */
	ROLE_MONTH,    /* year and month */
	ROLE_DAY,      /* month and day */
	ROLE_YEAR_DAY, /* year and day */
	ROLE_YEAR,
	ROLE_CODE,
	ROLE_WORD, /* of an address or text */
	ROLE_NUMBER,
	ROLE_SEX,
	ROLES
};

#define R(role) (1u << ROLE_##role)

/* Roles that an atom of few records is an index by. */
static const unsigned alone = R(SOUND) | R(NAME) | R(KEY) | R(KEY_FORM) | R(DATE) | R(WORD) | R(CODE);
/* Roles each is joined with (listed at the smaller role). */
static const unsigned joined[ROLES] = {
	[ROLE_SOUND] = R(SOUND) | R(KEY) | R(DATE) | R(MONTH) | R(DAY) | R(YEAR_DAY) | R(YEAR) | R(CODE) | R(WORD) | R(NUMBER),
	[ROLE_NAME] = R(KEY) | R(DATE) | R(MONTH) | R(DAY) | R(YEAR) | R(CODE) | R(WORD) | R(NUMBER) | R(SEX),
	[ROLE_BEGIN] = R(KEY) | R(KEY_FORM) | R(DATE) | R(MONTH) | R(DAY) | R(YEAR_DAY),
	[ROLE_KEY] = R(DATE) | R(MONTH) | R(DAY) | R(YEAR) | R(CODE) | R(SEX) | R(WORD),
	[ROLE_KEY_FORM] = R(DATE),
	[ROLE_DATE] = R(CODE) | R(WORD) | R(NUMBER) | R(SEX),
	[ROLE_MONTH] = R(CODE) | R(WORD) | R(NUMBER),
	[ROLE_DAY] = R(CODE) | R(WORD) | R(NUMBER),
	[ROLE_YEAR_DAY] = R(CODE) | R(WORD) | R(NUMBER),
	[ROLE_CODE] = R(CODE) | R(WORD) | R(NUMBER),
	[ROLE_WORD] = R(WORD) | R(NUMBER),
};
/* Three together: a role of the first two as above, joined with one of these. */
static const unsigned third[ROLES] = {
	[ROLE_SOUND] = R(BEGIN) | R(YEAR) | R(CODE) | R(WORD) | R(SEX) | R(MONTH) | R(DAY),
	[ROLE_NAME] = R(YEAR) | R(CODE) | R(WORD) | R(SEX),
	[ROLE_KEY] = R(SOUND) | R(BEGIN) | R(YEAR) | R(SEX),
	[ROLE_DATE] = R(BEGIN) | R(SEX),
	[ROLE_CODE] = R(WORD) | R(NUMBER),
};

enum { CAP_ALONE = 40, CAP_TWO = 30, CAP_THREE = 20, ATOMS_MAX = 96 };

struct atom {
	uint64_t hash;
	uint8_t role, column;
};

struct atoms {
	struct atom items[ATOMS_MAX];
	unsigned n;
};

struct finder {
	const struct store *store;
	bool within, across;
	struct sort_entry *entries, *scratch; /* number: record, extra: comparisons the key was made from */
	size_t n_entries, entries_cap, scratch_cap;
	struct sort_entry *found; /* key: a << 32 | b, number: comparisons it did not need */
	size_t n_found, found_cap;
	struct hash_map common; /* atoms, and pairs of them, that more records share than an index may hold */
	uint64_t left_out;
	bool failed;
};

static void add_atom(struct atoms *atoms, enum role role, size_t column, uint64_t value)
{
	if (atoms->n == ATOMS_MAX)
		return;
	atoms->items[atoms->n++] = (struct atom){hash_pair(value, (uint64_t)role << 8 | column), (uint8_t)role, (uint8_t)column};
}

static void add_name(struct atoms *atoms, const struct store_column *column, size_t c, const struct store_value *value)
{
	uint64_t all = 0;

	for (unsigned i = 0; i < value->n_words; i++) {
		const struct token *token = &column->words[value->words[i]].token;
		uint64_t begin = token->phonetic;

		all += hash_mix(token->phonetic);
		if (token->text.n < 2)
			continue;
		add_atom(atoms, ROLE_SOUND, c, token->phonetic);
		if (token->phonetic_other)
			add_atom(atoms, ROLE_SOUND, c, token->phonetic_other);
		while (begin >> 63 == 0 && begin >= 1u << 15)
			begin >>= 5;
		add_atom(atoms, ROLE_BEGIN, c, begin);
	}
	if (value->n_words > 1)
		add_atom(atoms, ROLE_NAME, c, all);
}

static void add_date_parts(struct atoms *atoms, size_t c, uint32_t date)
{
	uint32_t year = date / 10000, month = date / 100 % 100, day = date % 100;

	add_atom(atoms, ROLE_YEAR, c, year);
	if (!month)
		return;
	add_atom(atoms, ROLE_MONTH, c, date / 100);
	if (!day)
		return;
	add_atom(atoms, ROLE_DAY, c, month * 100 + day);
	add_atom(atoms, ROLE_YEAR_DAY, c, year * 100 + day);
}

static void add_date(struct atoms *atoms, size_t c, uint32_t two_digit_year, uint32_t month, uint32_t day)
{
	uint32_t low = month < day ? month : day, high = month < day ? day : month;

	if (month && day)
		add_atom(atoms, ROLE_DATE, c, two_digit_year * 10000 + low * 100 + high);
}

static void add_nik(struct atoms *atoms, const struct store *store, size_t c, const struct store_value *value)
{
	uint64_t bcd = value->number;
	uint32_t day = (uint32_t)(bcd >> 36 & 15) * 10 + (uint32_t)(bcd >> 32 & 15);
	uint32_t month = (uint32_t)(bcd >> 28 & 15) * 10 + (uint32_t)(bcd >> 24 & 15);
	uint32_t year = (uint32_t)(bcd >> 20 & 15) * 10 + (uint32_t)(bcd >> 16 & 15);

	if (bcd >> 60 == 0)
		return;
	add_atom(atoms, ROLE_KEY_FORM, c, bcd >> 16);
	add_atom(atoms, ROLE_KEY_FORM, c, (bcd & UINT64_C(0xffffffffff)) << 1 | 1);
	for (unsigned i = 4; i < 10; i++) {
		uint64_t low = (UINT64_C(1) << (4 * i)) - 1;

		add_atom(atoms, ROLE_KEY_FORM, c, hash_pair((bcd >> 4 & ~low) | (bcd & low), 77));
	}
	if (store->date >= 0)
		add_date(atoms, (size_t)store->date, year, month, day > 40 ? day - 40 : day);
	else
		add_date(atoms, c, year, month, day > 40 ? day - 40 : day);
}

static void add_text_forms(struct atoms *atoms, size_t c, struct str text)
{
	char form[64];

	if (text.n < 5 || text.n > 20)
		return;
	add_atom(atoms, ROLE_KEY_FORM, c, hash_str(text));
	for (size_t i = 0; i < text.n; i++) {
		memcpy(form, text.p, i);
		memcpy(form + i, text.p + i + 1, text.n - i - 1);
		add_atom(atoms, ROLE_KEY_FORM, c, hash_bytes(form, text.n - 1, 0));
	}
}

static void atoms_of(const struct store *store, uint32_t record, struct atoms *atoms)
{
	atoms->n = 0;
	for (size_t c = 0; c < store->n_columns; c++) {
		const struct store_column *column = &store->columns[c];
		uint32_t id = column->ids[record];
		const struct store_value *value = &column->values[id];

		if (id == 0)
			continue;
		switch (column->kind) {
		case COMPARE_NAME:
			add_name(atoms, column, c, value);
			break;
		case COMPARE_WORDS:
			for (unsigned i = 0; i < value->n_words; i++)
				add_atom(atoms, ROLE_WORD, c, column->words[value->words[i]].token.phonetic);
			break;
		case COMPARE_NIK:
			add_atom(atoms, ROLE_KEY, c, id);
			add_nik(atoms, store, c, value);
			break;
		case COMPARE_IDENTIFIER:
			add_atom(atoms, ROLE_KEY, c, id);
			add_text_forms(atoms, c, value->text);
			break;
		case COMPARE_EMAIL:
			add_atom(atoms, ROLE_KEY, c, id);
			add_atom(atoms, ROLE_KEY_FORM, c, hash_bytes(value->text.p, value->number, 1));
			break;
		case COMPARE_KK:
			add_atom(atoms, ROLE_KEY, c, id);
			break;
		case COMPARE_DATE: {
			uint32_t date = (uint32_t)value->number;

			add_date(atoms, c, date / 10000 % 100, date / 100 % 100, date % 100);
			add_date_parts(atoms, c, date);
			break;
		}
		case COMPARE_SEX:
			add_atom(atoms, ROLE_SEX, c, id);
			break;
		case COMPARE_NUMBER:
			add_atom(atoms, ROLE_NUMBER, c, id);
			break;
		default:
			add_atom(atoms, ROLE_CODE, c, id);
			break;
		}
	}
}

static void add_entry(struct finder *finder, uint64_t key, uint32_t record, uint32_t used)
{
	if (GROW(&finder->entries, &finder->entries_cap, finder->n_entries + 1) < 0) {
		finder->failed = true;
		return;
	}
	finder->entries[finder->n_entries++] = (struct sort_entry){key, record, used};
}

static bool pair_counts(const struct finder *finder, uint32_t a, uint32_t b)
{
	return finder->store->list_of[a] == finder->store->list_of[b] ? finder->within : finder->across;
}

static void add_pair(struct finder *finder, uint32_t a, uint32_t b, uint32_t used)
{
	uint32_t low = a < b ? a : b, high = a < b ? b : a;

	if (a == b || !pair_counts(finder, a, b))
		return;
	if (GROW(&finder->found, &finder->found_cap, finder->n_found + 1) < 0) {
		finder->failed = true;
		return;
	}
	finder->found[finder->n_found++] = (struct sort_entry){(uint64_t)low << 32 | high, ~used, 0};
}

/* Drops doubles, and keeps for each pair every comparison that one of its keys did without. */
static void compact_found(struct finder *finder)
{
	size_t kept = 0;

	if (GROW(&finder->scratch, &finder->scratch_cap, finder->n_found) < 0) {
		finder->failed = true;
		return;
	}
	radix_sort(finder->found, finder->scratch, finder->n_found);
	for (size_t i = 0; i < finder->n_found; i++) {
		if (kept && finder->found[kept - 1].key == finder->found[i].key)
			finder->found[kept - 1].number |= finder->found[i].number;
		else
			finder->found[kept++] = finder->found[i];
	}
	finder->n_found = kept;
}

/* Groups the entries by key: small groups give their pairs (if they may), large ones make the key common. */
static void close_pass(struct finder *finder, size_t cap, bool pairs, bool last)
{
	size_t n = finder->n_entries;

	if (GROW(&finder->scratch, &finder->scratch_cap, n) < 0) {
		finder->failed = true;
		return;
	}
	radix_sort(finder->entries, finder->scratch, n);
	for (size_t i = 0; i < n && !finder->failed;) {
		size_t end = i + 1;

		while (end < n && finder->entries[end].key == finder->entries[i].key)
			end++;
		if (end - i > cap || !pairs) {
			if (last)
				finder->left_out += (uint64_t)(end - i) * (end - i - 1) / 2;
			else if (end - i > 1 && !hash_map_at(&finder->common, finder->entries[i].key, 1))
				finder->failed = true;
		} else {
			for (size_t x = i; x < end; x++) {
				for (size_t y = x + 1; y < end; y++)
					add_pair(finder, finder->entries[x].number, finder->entries[y].number,
						finder->entries[x].extra);
			}
		}
		i = end;
	}
	finder->n_entries = 0;
}

static void keep_common(const struct finder *finder, struct atoms *atoms)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < atoms->n; i++) {
		if (hash_map_get(&finder->common, atoms->items[i].hash) != HASH_MAP_NONE)
			atoms->items[kept++] = atoms->items[i];
	}
	atoms->n = kept;
}

static uint64_t hash_of_two(const struct atom *a, const struct atom *b)
{
	return hash_mix(a->hash + b->hash);
}

static bool may_join(const struct atom *a, const struct atom *b, unsigned role_a, unsigned role_b)
{
	return a->role == role_a && b->role == role_b && a->hash != b->hash &&
	       (a->role != b->role || a->hash < b->hash);
}

static void pass_alone(struct finder *finder, unsigned role)
{
	struct atoms atoms;

	for (uint32_t r = 0; r < finder->store->n_records; r++) {
		if (store_withdrawn(finder->store, r))
			continue;
		atoms_of(finder->store, r, &atoms);
		for (unsigned i = 0; i < atoms.n; i++) {
			if (atoms.items[i].role == role)
				add_entry(finder, atoms.items[i].hash, r, 1u << atoms.items[i].column);
		}
	}
	close_pass(finder, CAP_ALONE, alone >> role & 1, false);
}

static void pass_two(struct finder *finder, unsigned role_a, unsigned role_b)
{
	struct atoms atoms;

	for (uint32_t r = 0; r < finder->store->n_records; r++) {
		if (store_withdrawn(finder->store, r))
			continue;
		atoms_of(finder->store, r, &atoms);
		keep_common(finder, &atoms);
		for (unsigned i = 0; i < atoms.n; i++) {
			for (unsigned j = 0; j < atoms.n; j++) {
				const struct atom *a = &atoms.items[i], *b = &atoms.items[j];

				if (may_join(a, b, role_a, role_b))
					add_entry(finder, hash_of_two(a, b), r, 1u << a->column | 1u << b->column);
			}
		}
	}
	close_pass(finder, CAP_TWO, true, false);
}

static void pass_three(struct finder *finder, unsigned role_a, unsigned role_b, unsigned role_c)
{
	struct atoms atoms;

	for (uint32_t r = 0; r < finder->store->n_records; r++) {
		if (store_withdrawn(finder->store, r))
			continue;
		atoms_of(finder->store, r, &atoms);
		keep_common(finder, &atoms);
		for (unsigned i = 0; i < atoms.n; i++) {
			for (unsigned j = 0; j < atoms.n; j++) {
				const struct atom *a = &atoms.items[i], *b = &atoms.items[j];

				if (!may_join(a, b, role_a, role_b) ||
				    hash_map_get(&finder->common, hash_of_two(a, b)) == HASH_MAP_NONE)
					continue;
				for (unsigned k = 0; k < atoms.n; k++) {
					const struct atom *c = &atoms.items[k];

					if (c->role == role_c && c != a && c != b)
						add_entry(finder, hash_mix(a->hash + b->hash + c->hash + 1), r,
							1u << a->column | 1u << b->column | 1u << c->column);
				}
			}
		}
	}
	close_pass(finder, CAP_THREE, true, true);
}

static void run_passes(struct finder *finder)
{
	for (unsigned a = 0; a < ROLES && !finder->failed; a++)
		pass_alone(finder, a);
	for (unsigned a = 0; a < ROLES; a++) {
		for (unsigned b = 0; b < ROLES && !finder->failed; b++) {
			if (joined[a] >> b & 1)
				pass_two(finder, a, b);
		}
	}
	compact_found(finder);
	for (unsigned a = 0; a < ROLES; a++) {
		for (unsigned b = 0; b < ROLES; b++) {
			if (!(joined[a] >> b & 1))
				continue;
			for (unsigned c = 0; c < ROLES && !finder->failed; c++) {
				if (third[a] >> c & 1)
					pass_three(finder, a, b, c);
			}
		}
	}
	compact_found(finder);
}

int blocking_find(const struct store *store, bool within_lists, bool across_lists, struct candidates *ret,
	struct error *err)
{
	struct finder finder = {.store = store, .within = within_lists, .across = across_lists};
	int status = -1;

	*ret = (struct candidates){0};
	run_passes(&finder);
	if (finder.failed)
		goto out;
	ret->pairs = malloc((finder.n_found + 1) * sizeof *ret->pairs);
	if (!ret->pairs)
		goto out;
	for (size_t i = 0; i < finder.n_found; i++) {
		ret->pairs[i] = (struct candidate){
			(uint32_t)(finder.found[i].key >> 32), (uint32_t)finder.found[i].key, finder.found[i].number};
	}
	ret->n = finder.n_found;
	ret->left_out = finder.left_out;
	status = 0;
out:
	free(finder.entries);
	free(finder.scratch);
	free(finder.found);
	hash_map_release(&finder.common);
	return status < 0 ? error_memory(err) : 0;
}

void candidates_release(struct candidates *candidates)
{
	free(candidates->pairs);
	*candidates = (struct candidates){0};
}
