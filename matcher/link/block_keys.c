/* See block_keys.h. */
#include "matcher/link/block_keys.h"

#include <stdio.h>

#define R(role) (1u << ATOM_##role)

/* How many records an atom may have to be an index by itself, by what it says; 0: it never is one. */
static const uint8_t alone[ATOM_ROLES] = {
	[ATOM_SOUND] = 10, [ATOM_NAME] = 40, [ATOM_KEY] = 40, [ATOM_KEY_FORM] = 40, [ATOM_DATE] = 30, [ATOM_WORD] = 10, [ATOM_CODE] = 5,
};
/* Roles each is joined with (listed at the smaller role). */
static const unsigned joined[ATOM_ROLES] = {
	[ATOM_SOUND] = R(SOUND) | R(KEY) | R(DATE) | R(MONTH) | R(DAY) | R(YEAR) | R(CODE) | R(WORD) | R(NUMBER),
	[ATOM_NAME] = R(KEY) | R(DATE) | R(MONTH) | R(DAY) | R(YEAR) | R(CODE) | R(WORD) | R(SEX),
	[ATOM_BEGIN] = R(BEGIN) | R(KEY) | R(KEY_FORM) | R(DATE) | R(MONTH) | R(DAY) | R(YEAR_DAY) | R(CODE) | R(WORD),
	[ATOM_KEY] = R(DATE) | R(MONTH) | R(DAY) | R(YEAR) | R(CODE) | R(SEX) | R(WORD),
	[ATOM_DATE] = R(CODE) | R(WORD) | R(NUMBER) | R(SEX),
	[ATOM_MONTH] = R(CODE) | R(WORD) | R(NUMBER),
	[ATOM_DAY] = R(CODE) | R(WORD) | R(NUMBER),
	[ATOM_YEAR_DAY] = R(CODE) | R(WORD) | R(NUMBER),
	[ATOM_CODE] = R(CODE) | R(WORD) | R(NUMBER),
	[ATOM_WORD] = R(WORD) | R(NUMBER),
};
/* Three together: a role of the first two as above, joined with one of these. */
static const unsigned third[ATOM_ROLES] = {
	[ATOM_SOUND] = R(BEGIN) | R(YEAR) | R(CODE) | R(WORD) | R(SEX) | R(MONTH) | R(DAY),
	[ATOM_NAME] = R(YEAR) | R(CODE) | R(WORD) | R(SEX),
	[ATOM_KEY] = R(SOUND) | R(BEGIN) | R(YEAR) | R(SEX),
	[ATOM_DATE] = R(BEGIN) | R(SEX),
	[ATOM_CODE] = R(WORD) | R(NUMBER),
};
enum { LIMIT_TWO = 30, LIMIT_THREE = 20 };

/* Indexes are numbered: one atom, three, two; the order is that of model files' plans. */
static void number_indexes(struct block_rules *rules)
{
	size_t n = 0;

	for (unsigned a = 0; a < ATOM_ROLES; a++) {
		rules->standing |= alone[a] ? 1u << a : 0;
		rules->third[a] = third[a];
		rules->alone[a] = (uint8_t)(alone[a] ? n++ : BLOCKING_INDEXES_MAX + a);
		rules->limits[rules->alone[a]] = alone[a];
	}
	for (unsigned a = 0; a < ATOM_ROLES; a++) {
		rules->three[a] = (uint8_t)(third[a] ? n++ : BLOCKING_INDEXES_MAX);
		rules->limits[rules->three[a]] = LIMIT_THREE;
	}
	for (unsigned a = 0; a < ATOM_ROLES; a++) {
		for (unsigned b = 0; b < ATOM_ROLES; b++) {
			if (joined[a] >> b & 1) {
				rules->two[a][b] = (uint8_t)n++;
				rules->limits[rules->two[a][b]] = LIMIT_TWO;
			}
		}
	}
	rules->n_indexes = n;
}

/* What has to be looked at for the indexes of the plan: atoms that are joined have to be known as common, if they stand alone too. */
static void find_needed(struct block_rules *rules)
{
	uint32_t joining = 0;

	for (unsigned a = 0; a < ATOM_ROLES; a++) {
		bool threes = block_in_plan(rules, rules->three[a]);

		if (alone[a] && block_in_plan(rules, rules->alone[a]))
			rules->roles[1] |= 1u << a;
		for (unsigned b = 0; b < ATOM_ROLES; b++) {
			rules->pairs_needed[a][b] = joined[a] >> b & 1 && (threes || block_in_plan(rules, rules->two[a][b]));
			if (rules->pairs_needed[a][b])
				rules->roles[2] |= 1u << a | 1u << b;
			if (rules->pairs_needed[a][b] && threes)
				rules->roles[3] |= 1u << a | 1u << b | third[a];
		}
	}
	joining = rules->roles[2] | rules->roles[3];
	for (unsigned a = 0; a < ATOM_ROLES; a++) {
		if (alone[a] && joining >> a & 1)
			rules->roles[1] |= 1u << a;
	}
}

void block_rules_init(struct block_rules *rules, uint64_t plan, unsigned generosity)
{
	*rules = (struct block_rules){.plan = plan, .generosity = generosity};
	number_indexes(rules);
	find_needed(rules);
}

void block_rules_release(struct block_rules *rules)
{
	for (int atoms = 1; atoms <= 3; atoms++)
		key_set_release(&rules->common[atoms]);
}

int block_rules_add_common(struct block_rules *rules, int atoms, uint64_t key, unsigned index)
{
	for (unsigned a = 0; atoms == 1 && a < ATOM_ROLES; a++) {
		if (rules->alone[a] == index)
			rules->common_roles |= 1u << a;
	}
	return key_set_add(&rules->common[atoms], key);
}

void block_rules_name(const struct block_rules *rules, unsigned index, char name[BLOCKING_NAME_MAX])
{
	name[0] = '\0';
	for (unsigned a = 0; a < ATOM_ROLES; a++) {
		if (alone[a] && rules->alone[a] == index)
			snprintf(name, BLOCKING_NAME_MAX, "%s", atom_role_name(a));
		else if (third[a] && rules->three[a] == index)
			snprintf(name, BLOCKING_NAME_MAX, "%s + two more", atom_role_name(a));
		for (unsigned b = 0; b < ATOM_ROLES; b++) {
			if (joined[a] >> b & 1 && rules->two[a][b] == index)
				snprintf(name, BLOCKING_NAME_MAX, "%s + %s", atom_role_name(a), atom_role_name(b));
		}
	}
}

/* An atom that never stands alone is joined whatever its number; the others once they are common. */
static void keep_joining(const struct block_rules *rules, struct atoms *atoms)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < atoms->n && kept < BLOCK_ATOMS_MAX; i++) {
		const struct atom *atom = &atoms->items[i];

		if (!(rules->standing >> atom->role & 1) || block_is_common(rules, atom->role, atom->hash))
			atoms->items[kept++] = *atom;
	}
	atoms->n = kept;
}

static bool may_join(const struct block_rules *rules, const struct atom *a, const struct atom *b)
{
	return rules->pairs_needed[a->role][b->role] && a->hash != b->hash && (a->role != b->role || a->hash < b->hash) &&
	       !block_same_part(a, b);
}

static void take_threes(const struct block_rules *rules, const struct atoms *atoms, const struct atom *a, const struct atom *b,
	block_take *take, void *arg)
{
	for (unsigned k = 0; k < atoms->n; k++) {
		const struct atom *c = &atoms->items[k];
		uint64_t key = block_key_of_three(a->hash, b->hash, c->hash);

		if (third[a->role] >> c->role & 1 && c != a && c != b && !block_same_part(a, c) && !block_same_part(b, c) &&
		    !key_set_has(&rules->common[3], key))
			take(arg, key, 1u << a->column | 1u << b->column | 1u << c->column, rules->three[a->role]);
	}
}

void block_keys_each(const struct block_rules *rules, const struct store *store, uint32_t record, int phase,
	block_take *take, void *arg)
{
	struct atoms atoms;

	if (!rules->roles[phase])
		return;
	atoms_of(store, record, rules->roles[phase], &atoms);
	if (phase == 1) {
		for (unsigned i = 0; i < atoms.n; i++) {
			const struct atom *a = &atoms.items[i];

			if (!block_is_common(rules, a->role, a->hash))
				take(arg, block_key(a->hash), 1u << a->column, rules->alone[a->role]);
		}
		return;
	}
	keep_joining(rules, &atoms);
	for (unsigned i = 0; i < atoms.n; i++) {
		for (unsigned j = 0; j < atoms.n; j++) {
			const struct atom *a = &atoms.items[i], *b = &atoms.items[j];
			uint64_t key;
			bool common;

			if (!may_join(rules, a, b))
				continue;
			key = block_key_of_two(a->hash, b->hash);
			common = key_set_has(&rules->common[2], key);
			if (phase == 2 && !common)
				take(arg, key, 1u << a->column | 1u << b->column, rules->two[a->role][b->role]);
			else if (phase == 3 && common && block_in_plan(rules, rules->three[a->role]))
				take_threes(rules, &atoms, a, b, take, arg);
		}
	}
}
