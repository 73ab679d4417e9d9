/* See block_scan.h. A hash of 0 is no atom here: one that nobody asks for, or that is too common or not common enough. */
#include "matcher/link/block_scan.h"

#include <stdlib.h>
#include <string.h>

struct word_atoms {
	uint64_t sound, other, begin; /* of an address or text: the word in place of its sound */
	uint64_t mixed; /* of which a name's atom is the sum */
};

struct date_atoms {
	uint64_t date, year, month, day, year_day;
};

struct column_atoms {
	struct word_atoms *words; /* of a phrase, by word */
	struct date_atoms *dates; /* by value */
	uint64_t *values;         /* of a code, sex or number, by value */
};

struct block_atoms {
	const struct block_rules *rules;
	const struct store *store;
	int phase;
	uint32_t roles; /* whose atoms are here */
	struct column_atoms columns[COMPARISONS_MAX];
};

struct block_scan {
	const struct block_atoms *atoms;
	const struct block_rules *rules;
	const struct store *store;
	int phase;
	uint32_t roles; /* whose atoms are looked for */
	uint32_t joined[ATOM_ROLES]; /* roles each is joined with, in this phase and for these indexes */
	uint8_t columns[COMPARISONS_MAX], ahead[COMPARISONS_MAX]; /* that are read; of these, those with too many values for the cache */
	unsigned n_columns, n_ahead;
};

/* A record's atoms; in phases 2 and 3 those that are joined. */
struct found_atoms {
	struct atom items[ATOMS_MAX];
	unsigned n, max;
};

void block_indexes_of(const struct block_rules *rules, int phase, bool planned_only, struct block_indexes *ret)
{
	*ret = (struct block_indexes){{false}};
	for (unsigned a = 0; a < ATOM_ROLES; a++) {
		if (phase == 1 && rules->roles[1] >> a & 1)
			ret->wanted[rules->alone[a]] = true;
		for (unsigned b = 0; b < ATOM_ROLES; b++) {
			if (rules->pairs_needed[a][b] && phase == 2)
				ret->wanted[rules->two[a][b]] = true;
			if (rules->pairs_needed[a][b] && phase == 3 && block_in_plan(rules, rules->three[a]))
				ret->wanted[rules->three[a]] = true;
		}
	}
	for (unsigned i = 0; planned_only && i < BLOCK_COUNTERS; i++)
		ret->wanted[i] &= block_in_plan(rules, i);
}

static uint64_t atom_for(const struct block_atoms *atoms, enum atom_role role, size_t column, uint64_t says)
{
	uint64_t hash;
	bool common;

	if (!(atoms->roles >> role & 1))
		return 0;
	hash = atom_hash(role, column, says);
	common = block_is_common(atoms->rules, role, hash);
	return (atoms->phase == 1 ? !common : common || !(atoms->rules->standing >> role & 1)) ? hash : 0;
}

static void make_words(const struct block_atoms *atoms, size_t c, size_t first, size_t end)
{
	const struct store_column *column = &atoms->store->columns[c];
	struct word_atoms *words = atoms->columns[c].words;

	for (size_t w = first; w < end; w++) {
		const struct token *token = &column->words[w].token;

		if (column->kind == COMPARE_WORDS) {
			words[w].sound = atom_for(atoms, ATOM_WORD, c, token->phonetic);
			continue;
		}
		words[w].mixed = hash_mix(token->phonetic);
		if (token->text.n < 2)
			continue;
		words[w].sound = atom_for(atoms, ATOM_SOUND, c, token->phonetic);
		words[w].other = token->phonetic_other ? atom_for(atoms, ATOM_SOUND, c, token->phonetic_other) : 0;
		words[w].begin = atom_for(atoms, ATOM_BEGIN, c, atom_begin(token->phonetic));
	}
}

static void make_dates(const struct block_atoms *atoms, size_t c, size_t first, size_t end)
{
	const struct store_value *values = atoms->store->columns[c].values;
	struct date_atoms *dates = atoms->columns[c].dates;

	for (size_t v = first; v < end; v++) {
		uint32_t date = (uint32_t)values[v].number, year = date / 10000, month = date / 100 % 100, day = date % 100;
		uint64_t both = atom_date(year % 100, month, day);

		dates[v].date = both ? atom_for(atoms, ATOM_DATE, c, both) : 0;
		dates[v].year = atom_for(atoms, ATOM_YEAR, c, year);
		dates[v].month = month ? atom_for(atoms, ATOM_MONTH, c, date / 100) : 0;
		dates[v].day = month && day ? atom_for(atoms, ATOM_DAY, c, month * 100 + day) : 0;
		dates[v].year_day = month && day ? atom_for(atoms, ATOM_YEAR_DAY, c, year * 100 + day) : 0;
	}
}

static enum atom_role role_of(enum comparison_kind kind)
{
	switch (kind) {
	case COMPARE_SEX:
		return ATOM_SEX;
	case COMPARE_NUMBER:
	case COMPARE_AGE:
		return ATOM_NUMBER;
	default:
		return ATOM_CODE;
	}
}

static void make_values(const struct block_atoms *atoms, size_t c, size_t first, size_t end)
{
	enum atom_role role = role_of(atoms->store->columns[c].kind);

	for (size_t v = first; v < end; v++)
		atoms->columns[c].values[v] = atom_for(atoms, role, c, v);
}

/* Room for what a column's words or values give. Of keys there are nearly as many values as records: theirs are made on the way. */
static bool make_room(struct block_atoms *atoms, size_t c)
{
	const struct store_column *column = &atoms->store->columns[c];
	struct column_atoms *ret = &atoms->columns[c];

	switch (column->kind) {
	case COMPARE_NAME:
	case COMPARE_WORDS:
		return (ret->words = calloc(column->n_words + 1, sizeof *ret->words));
	case COMPARE_DATE:
		return (ret->dates = calloc(column->n_values, sizeof *ret->dates));
	case COMPARE_NIK:
	case COMPARE_KK:
	case COMPARE_IDENTIFIER:
	case COMPARE_PHONE:
	case COMPARE_EMAIL:
		return true;
	default:
		return (ret->values = calloc(column->n_values, sizeof *ret->values));
	}
}

enum { TABLE_TASKS = 16 /* a column */ };

static void make_slice(void *arg, size_t task)
{
	const struct block_atoms *atoms = arg;
	size_t c = task / TABLE_TASKS, slice = task % TABLE_TASKS;
	const struct store_column *column = &atoms->store->columns[c];
	const struct column_atoms *made = &atoms->columns[c];
	size_t n = made->words ? column->n_words : column->n_values;
	size_t first = n * slice / TABLE_TASKS, end = n * (slice + 1) / TABLE_TASKS;

	first += first == 0; /* number 0 is none */
	if (made->words)
		make_words(atoms, c, first, end);
	else if (made->dates)
		make_dates(atoms, c, first, end);
	else if (made->values)
		make_values(atoms, c, first, end);
}

struct block_atoms *block_atoms_new(const struct block_rules *rules, const struct store *store, int phase,
	const struct parallel *parallel)
{
	struct block_atoms *atoms = calloc(1, sizeof *atoms);

	if (!atoms)
		return NULL;
	*atoms = (struct block_atoms){.rules = rules, .store = store, .phase = phase, .roles = rules->roles[phase]};
	/* Of a role that stands alone, only what is common is joined: nothing, where nothing is. */
	if (phase > 1)
		atoms->roles &= ~rules->standing | rules->common_roles;
	for (size_t c = 0; c < store->n_columns; c++) {
		if (!make_room(atoms, c)) {
			block_atoms_free(atoms);
			return NULL;
		}
	}
	parallel_run(parallel, store->n_columns * TABLE_TASKS, make_slice, atoms);
	return atoms;
}

void block_atoms_free(struct block_atoms *atoms)
{
	for (size_t c = 0; atoms && c < COMPARISONS_MAX; c++) {
		free(atoms->columns[c].words);
		free(atoms->columns[c].dates);
		free(atoms->columns[c].values);
	}
	free(atoms);
}

/* The most atoms that a record can have. */
static unsigned most_atoms(const struct store *store)
{
	unsigned most = 0;

	for (size_t c = 0; c < store->n_columns; c++) {
		switch (store->columns[c].kind) {
		case COMPARE_NAME:
			most += 3 * PHRASE_WORDS + 1;
			break;
		case COMPARE_WORDS:
			most += PHRASE_WORDS;
			break;
		case COMPARE_NIK:
			most += NIK_FORMS + 2;
			break;
		case COMPARE_IDENTIFIER:
		case COMPARE_PHONE:
			most += TEXT_FORMS + 1;
			break;
		case COMPARE_DATE:
			most += 5;
			break;
		default:
			most += 2;
			break;
		}
	}
	return most;
}

/* Which roles are looked for, and what is joined with what. */
static void choose_roles(struct block_scan *scan, const struct block_indexes *indexes)
{
	const struct block_rules *rules = scan->rules;
	uint32_t needed = 0;

	for (unsigned a = 0; a < ATOM_ROLES; a++) {
		if (scan->phase == 1 && rules->roles[1] >> a & 1 && indexes->wanted[rules->alone[a]])
			needed |= 1u << a;
		for (unsigned b = 0; scan->phase > 1 && b < ATOM_ROLES; b++) {
			unsigned index = scan->phase == 2 ? rules->two[a][b] : rules->three[a];

			if (!rules->pairs_needed[a][b] || index >= BLOCK_COUNTERS || !indexes->wanted[index])
				continue;
			scan->joined[a] |= 1u << b;
			needed |= 1u << a | 1u << b | (scan->phase == 3 ? rules->third[a] : 0);
		}
	}
	/* Where a record may have more atoms than are joined, which ones are left out must not depend on the indexes wanted now. */
	if (scan->phase > 1 && most_atoms(scan->store) > BLOCK_ATOMS_MAX)
		needed = UINT32_MAX;
	scan->roles = scan->atoms->roles & needed;
}

/* The roles that a column's values play. */
static uint32_t roles_of(const struct store *store, size_t c)
{
	switch (store->columns[c].kind) {
	case COMPARE_NAME:
		return 1u << ATOM_SOUND | 1u << ATOM_NAME | 1u << ATOM_BEGIN;
	case COMPARE_WORDS:
		return 1u << ATOM_WORD;
	case COMPARE_DATE:
		return 1u << ATOM_DATE | 1u << ATOM_YEAR | 1u << ATOM_MONTH | 1u << ATOM_DAY | 1u << ATOM_YEAR_DAY;
	case COMPARE_NIK:
		return 1u << ATOM_KEY | 1u << ATOM_KEY_FORM | 1u << ATOM_DATE;
	case COMPARE_KK:
	case COMPARE_IDENTIFIER:
	case COMPARE_PHONE:
	case COMPARE_EMAIL:
		return 1u << ATOM_KEY | 1u << ATOM_KEY_FORM;
	default:
		return 1u << role_of(store->columns[c].kind);
	}
}

/* Whether more of a key is asked for than which it is. */
static bool reads_forms(const struct block_scan *scan, enum comparison_kind kind)
{
	switch (kind) {
	case COMPARE_NIK:
		return scan->roles & (1u << ATOM_KEY_FORM | 1u << ATOM_DATE);
	case COMPARE_IDENTIFIER:
	case COMPARE_PHONE:
	case COMPARE_EMAIL:
		return scan->roles >> ATOM_KEY_FORM & 1;
	default:
		return false;
	}
}

struct block_scan *block_scan_new(const struct block_atoms *atoms, const struct block_indexes *indexes)
{
	struct block_scan *scan = calloc(1, sizeof *scan);
	const struct store *store = atoms->store;

	if (!scan)
		return NULL;
	scan->atoms = atoms;
	scan->rules = atoms->rules;
	scan->store = store;
	scan->phase = atoms->phase;
	choose_roles(scan, indexes);
	for (size_t c = 0; c < store->n_columns; c++) {
		if (!(roles_of(store, c) & scan->roles))
			continue;
		scan->columns[scan->n_columns++] = (uint8_t)c;
		if (atoms->columns[c].words || reads_forms(scan, store->columns[c].kind))
			scan->ahead[scan->n_ahead++] = (uint8_t)c;
	}
	return scan;
}

void block_scan_free(struct block_scan *scan)
{
	free(scan);
}

static inline void add(struct found_atoms *found, enum atom_role role, size_t column, unsigned part, uint64_t hash)
{
	if (hash && found->n < found->max)
		found->items[found->n++] = (struct atom){hash, (uint8_t)role, (uint8_t)column, (uint8_t)part};
}

static inline bool looks_for(const struct block_scan *scan, enum atom_role role)
{
	return scan->roles >> role & 1;
}

/* Of what is not in the tables. */
static inline void add_new(const struct block_scan *scan, struct found_atoms *found, enum atom_role role, size_t c, uint64_t says)
{
	if (looks_for(scan, role))
		add(found, role, c, ATOM_WHOLE, atom_for(scan->atoms, role, c, says));
}

static void add_name(const struct block_scan *scan, size_t c, const struct store_value *value, struct found_atoms *found)
{
	const struct word_atoms *words = scan->atoms->columns[c].words;
	bool sounds = looks_for(scan, ATOM_SOUND), begins = looks_for(scan, ATOM_BEGIN);
	uint64_t all = 0;

	for (unsigned i = 0; i < value->n_words; i++) {
		const struct word_atoms *word = &words[value->words[i]];

		all += word->mixed;
		if (sounds) {
			add(found, ATOM_SOUND, c, i, word->sound);
			add(found, ATOM_SOUND, c, i, word->other);
		}
		if (begins)
			add(found, ATOM_BEGIN, c, i, word->begin);
	}
	if (value->n_words > 1)
		add_new(scan, found, ATOM_NAME, c, all);
}

static void add_words(const struct block_scan *scan, size_t c, const struct store_value *value, struct found_atoms *found)
{
	for (unsigned i = 0; i < value->n_words; i++)
		add(found, ATOM_WORD, c, ATOM_WHOLE, scan->atoms->columns[c].words[value->words[i]].sound);
}

static void add_date(struct found_atoms *found, size_t c, uint64_t hash)
{
	for (unsigned i = 0; i < found->n; i++) {
		if (found->items[i].hash == hash)
			return;
	}
	add(found, ATOM_DATE, c, ATOM_WHOLE, hash);
}

static void add_dates(const struct block_scan *scan, size_t c, uint32_t id, struct found_atoms *found)
{
	const struct date_atoms *date = &scan->atoms->columns[c].dates[id];

	if (looks_for(scan, ATOM_DATE) && date->date)
		add_date(found, c, date->date);
	if (looks_for(scan, ATOM_YEAR))
		add(found, ATOM_YEAR, c, ATOM_WHOLE, date->year);
	if (looks_for(scan, ATOM_MONTH))
		add(found, ATOM_MONTH, c, ATOM_WHOLE, date->month);
	if (looks_for(scan, ATOM_DAY))
		add(found, ATOM_DAY, c, ATOM_WHOLE, date->day);
	if (looks_for(scan, ATOM_YEAR_DAY))
		add(found, ATOM_YEAR_DAY, c, ATOM_WHOLE, date->year_day);
}

static void add_forms(const struct block_scan *scan, size_t c, const uint64_t *forms, unsigned n, struct found_atoms *found)
{
	for (unsigned i = 0; i < n; i++)
		add_new(scan, found, ATOM_KEY_FORM, c, forms[i]);
}

static void add_nik(const struct block_scan *scan, size_t c, uint64_t bcd, struct found_atoms *found)
{
	size_t date_column = scan->store->date >= 0 ? (size_t)scan->store->date : c;
	uint64_t date = looks_for(scan, ATOM_DATE) ? atom_nik_date(bcd) : 0;

	if (looks_for(scan, ATOM_KEY_FORM) && bcd >> 60) {
		uint64_t forms[NIK_FORMS];

		atom_nik_forms(bcd, forms);
		add_forms(scan, c, forms, NIK_FORMS, found);
	}
	if (date)
		add_date(found, date_column, atom_for(scan->atoms, ATOM_DATE, date_column, date));
}

/* Of a key: what few records share. */
static void add_key(const struct block_scan *scan, size_t c, uint32_t id, struct found_atoms *found)
{
	const struct store_column *column = &scan->store->columns[c];
	uint64_t forms[TEXT_FORMS];

	add_new(scan, found, ATOM_KEY, c, id);
	if (!reads_forms(scan, column->kind))
		return;
	if (column->kind == COMPARE_NIK) {
		add_nik(scan, c, column->values[id].number, found);
	} else if (column->kind == COMPARE_EMAIL) {
		forms[0] = hash_bytes(store_text(column, &column->values[id]).p, column->values[id].number, 1);
		add_forms(scan, c, forms, 1, found);
	} else {
		add_forms(scan, c, forms, atom_text_forms(store_text(column, &column->values[id]), forms), found);
	}
}

static void find_atoms(const struct block_scan *scan, uint32_t record, struct found_atoms *found)
{
	const struct store *store = scan->store;
	const uint32_t *ids = &store->ids[(size_t)record * store->n_columns];

	for (unsigned i = 0; i < scan->n_columns; i++) {
		size_t c = scan->columns[i];
		const struct store_column *column = &store->columns[c];

		if (ids[c] == 0)
			continue;
		switch (column->kind) {
		case COMPARE_NAME:
			add_name(scan, c, &column->values[ids[c]], found);
			break;
		case COMPARE_WORDS:
			add_words(scan, c, &column->values[ids[c]], found);
			break;
		case COMPARE_DATE:
			add_dates(scan, c, ids[c], found);
			break;
		case COMPARE_NIK:
		case COMPARE_KK:
		case COMPARE_IDENTIFIER:
		case COMPARE_PHONE:
		case COMPARE_EMAIL:
			add_key(scan, c, ids[c], found);
			break;
		default:
			add(found, role_of(column->kind), c, ATOM_WHOLE, scan->atoms->columns[c].values[ids[c]]);
			break;
		}
	}
}

/* Nothing is read here that was not asked for a step before: a value that is waited for would cost what this is to save. */
void block_scan_prefetch(const struct block_scan *scan, uint32_t record, int step)
{
	const struct store *store = scan->store;
	const uint32_t *ids = &store->ids[(size_t)record * store->n_columns];

	for (unsigned i = 0; i < scan->n_ahead; i++) {
		const struct store_value *value = &store->columns[scan->ahead[i]].values[ids[scan->ahead[i]]];
		const struct word_atoms *words = scan->atoms->columns[scan->ahead[i]].words;

		if (step == 0) {
			__builtin_prefetch(value);
		} else if (words && step == 1) {
			__builtin_prefetch(value->words);
		} else if (words) {
			for (unsigned w = 0; w < value->n_words; w++)
				__builtin_prefetch(&words[value->words[w]]);
		}
	}
}

static inline void give(struct key_batch *batch, uint64_t key, uint32_t record, uint32_t used, unsigned index)
{
	if (batch->n == KEY_BATCH)
		key_batch_flush(batch);
	batch->keys[batch->n++] = (struct sort_entry){key, record, used | (uint32_t)index << KEY_INDEX_SHIFT};
}

/* A record's atoms by role. */
struct by_role {
	const struct atom *atoms[BLOCK_ATOMS_MAX];
	uint8_t start[ATOM_ROLES + 1];
	uint32_t present;
};

static void sort_by_role(const struct found_atoms *found, struct by_role *ret)
{
	uint8_t next[ATOM_ROLES];

	memset(ret->start, 0, sizeof ret->start);
	ret->present = 0;
	for (unsigned i = 0; i < found->n; i++) {
		ret->start[found->items[i].role + 1]++;
		ret->present |= 1u << found->items[i].role;
	}
	for (unsigned role = 0; role < ATOM_ROLES; role++)
		ret->start[role + 1] = (uint8_t)(ret->start[role + 1] + ret->start[role]);
	memcpy(next, ret->start, sizeof next);
	for (unsigned i = 0; i < found->n; i++)
		ret->atoms[next[found->items[i].role]++] = &found->items[i];
}

static void give_threes(const struct block_scan *scan, uint32_t record, const struct by_role *by_role, const struct atom *a,
	const struct atom *b, struct key_batch *batch)
{
	const struct block_rules *rules = scan->rules;

	for (uint32_t left = rules->third[a->role] & by_role->present; left; left &= left - 1) {
		unsigned role = (unsigned)__builtin_ctz(left);

		for (unsigned k = by_role->start[role]; k < by_role->start[role + 1]; k++) {
			const struct atom *c = by_role->atoms[k];
			uint64_t key = block_key_of_three(a->hash, b->hash, c->hash);

			if (c != a && c != b && !block_same_part(a, c) && !block_same_part(b, c) && !key_set_has(&rules->common[3], key))
				give(batch, key, record, 1u << a->column | 1u << b->column | 1u << c->column, rules->three[a->role]);
		}
	}
}

/* One atom joined with all of a role. */
static void join(const struct block_scan *scan, uint32_t record, const struct by_role *by_role, const struct atom *a, unsigned role,
	struct key_batch *batch)
{
	const struct block_rules *rules = scan->rules;

	for (unsigned j = by_role->start[role]; j < by_role->start[role + 1]; j++) {
		const struct atom *b = by_role->atoms[j];
		uint64_t key = block_key_of_two(a->hash, b->hash);
		bool common;

		if (a->hash == b->hash || (a->role == role && a->hash > b->hash) || block_same_part(a, b))
			continue;
		common = key_set_has(&rules->common[2], key);
		if (scan->phase == 2 && !common)
			give(batch, key, record, 1u << a->column | 1u << b->column, rules->two[a->role][role]);
		else if (scan->phase == 3 && common)
			give_threes(scan, record, by_role, a, b, batch);
	}
}

void block_scan_record(const struct block_scan *scan, uint32_t record, struct key_batch *batch)
{
	struct found_atoms found;
	struct by_role by_role;

	found.n = 0;
	found.max = scan->phase == 1 ? ATOMS_MAX : BLOCK_ATOMS_MAX;
	find_atoms(scan, record, &found);
	if (scan->phase == 1) {
		for (unsigned i = 0; i < found.n; i++)
			give(batch, block_key(found.items[i].hash), record, 1u << found.items[i].column,
				scan->rules->alone[found.items[i].role]);
		return;
	}
	sort_by_role(&found, &by_role);
	for (unsigned i = 0; i < found.n; i++) {
		for (uint32_t left = scan->joined[found.items[i].role] & by_role.present; left; left &= left - 1)
			join(scan, record, &by_role, &found.items[i], (unsigned)__builtin_ctz(left), batch);
	}
}
