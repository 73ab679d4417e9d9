/*
 * The true flags. See sim_truth.h. A plain walk over the rows with tables by person and household; nothing is shared
 * with the flag decisions of the matcher, against which this is held.
 */
#include "daemon/simulate/sim_truth.h"

#include "daemon/simulate/sim_text.h"

#include <stdlib.h>
#include <string.h>

struct truth {
	const struct sim_world *world;
	const struct sim_lists *lists;
	struct sim_text flags;
	uint32_t *target_row;    /* by household: its first row on the target list, 0 none */
	uint32_t *target_family; /* by person: household on the target list + 1, 0 none */
	uint8_t *served;         /* by household of the target list */
	uint32_t *person_seen, *household_seen; /* scratch: first row in the list at hand */
	uint32_t *person_barred, *household_barred; /* scratch: row of the reference list */
	uint32_t *household_in;  /* scratch: row in another list */
	uint8_t *household_list;
};

static int truth_init(struct truth *t, const struct sim_world *world, const struct sim_lists *lists, struct error *err)
{
	size_t people = world->person_count + 1, households = world->household_count + 1;

	*t = (struct truth){.world = world, .lists = lists};
	t->target_row = calloc(households, sizeof *t->target_row);
	t->target_family = calloc(people, sizeof *t->target_family);
	t->served = calloc(households, 1);
	t->person_seen = calloc(people, sizeof *t->person_seen);
	t->household_seen = calloc(households, sizeof *t->household_seen);
	t->person_barred = calloc(people, sizeof *t->person_barred);
	t->household_barred = calloc(households, sizeof *t->household_barred);
	t->household_in = calloc(households, sizeof *t->household_in);
	t->household_list = calloc(households, 1);
	if (!t->target_row || !t->target_family || !t->served || !t->person_seen || !t->household_seen ||
		!t->person_barred || !t->household_barred || !t->household_in || !t->household_list)
		return error_memory(err);
	return 0;
}

static void truth_release(struct truth *t)
{
	sim_text_release(&t->flags);
	free(t->target_row);
	free(t->target_family);
	free(t->served);
	free(t->person_seen);
	free(t->household_seen);
	free(t->person_barred);
	free(t->household_barred);
	free(t->household_in);
	free(t->household_list);
}

/* other_list < 0: no counterpart. */
static void flag(struct truth *t, const char *kind, int list, size_t row, int other_list, uint32_t other_row,
	const char *rule)
{
	sim_text_printf(&t->flags, "%s,%s,%zu,", kind, sim_list_plans[list].label, row);
	if (other_list >= 0)
		sim_text_printf(&t->flags, "%s,%u", sim_list_plans[other_list].label, other_row);
	else
		sim_text_add(&t->flags, ",");
	sim_text_printf(&t->flags, ",%s\n", rule ? rule : "");
}

static void read_target(struct truth *t)
{
	const struct sim_list *target = &t->lists->list[SIM_TARGET];

	for (size_t r = 0; r < target->count; r++) {
		const struct sim_row *row = &target->rows[r];

		if (row->person == SIM_NOBODY)
			continue;
		if (!t->target_row[row->household])
			t->target_row[row->household] = (uint32_t)r + 1;
		t->target_family[row->person] = row->household + 1;
	}
}

static void exclusion(struct truth *t)
{
	const struct sim_list *target = &t->lists->list[SIM_TARGET];

	for (int code = SIM_FIRST_PROGRAMME; code <= SIM_LAST_PROGRAMME; code++) {
		for (size_t r = 0; r < t->lists->list[code].count; r++) {
			const struct sim_row *row = &t->lists->list[code].rows[r];

			if (row->person == SIM_NOBODY)
				continue;
			t->served[row->household] = 1;
			if (t->target_family[row->person])
				t->served[t->target_family[row->person] - 1] = 1;
		}
	}
	for (size_t r = 0; r < target->count; r++) {
		const struct sim_row *row = &target->rows[r];

		if (row->person != SIM_NOBODY && t->target_row[row->household] == r + 1 && !t->served[row->household])
			flag(t, "EXCLUSION", SIM_TARGET, r + 1, -1, 0, NULL);
	}
}

static void duplicates(struct truth *t, int code)
{
	const struct sim_list *list = &t->lists->list[code];

	memset(t->person_seen, 0, t->world->person_count * sizeof *t->person_seen);
	memset(t->household_seen, 0, t->world->household_count * sizeof *t->household_seen);
	for (size_t r = 0; r < list->count; r++) {
		const struct sim_row *row = &list->rows[r];

		if (row->person == SIM_NOBODY)
			continue;
		if (t->person_seen[row->person])
			flag(t, "DUP_PERSON_IN_LIST", code, r + 1, code, t->person_seen[row->person], NULL);
		else if (sim_list_plans[code].by_household && t->household_seen[row->household])
			flag(t, "DUP_HOUSEHOLD_IN_LIST", code, r + 1, code, t->household_seen[row->household], NULL);
		if (!t->person_seen[row->person])
			t->person_seen[row->person] = (uint32_t)r + 1;
		if (!t->household_seen[row->household])
			t->household_seen[row->household] = (uint32_t)r + 1;
	}
}

static void forbidden_overlap(struct truth *t, const struct sim_rule *rule)
{
	const struct sim_list *first = &t->lists->list[rule->programmes[0]];

	memset(t->household_in, 0, t->world->household_count * sizeof *t->household_in);
	for (int i = 1; rule->programmes[i] >= 0; i++) {
		const struct sim_list *list = &t->lists->list[rule->programmes[i]];

		for (size_t r = 0; r < list->count; r++) {
			uint32_t household = list->rows[r].household;

			if (household == SIM_NOBODY || t->household_in[household])
				continue;
			t->household_in[household] = (uint32_t)r + 1;
			t->household_list[household] = (uint8_t)rule->programmes[i];
		}
	}
	for (size_t r = 0; r < first->count; r++) {
		uint32_t household = first->rows[r].household;

		if (household != SIM_NOBODY && t->household_in[household])
			flag(t, "OVERLAP", rule->programmes[0], r + 1, t->household_list[household],
				t->household_in[household], rule->code);
	}
}

static void barred(struct truth *t, const struct sim_rule *rule)
{
	const struct sim_list *reference = &t->lists->list[rule->reference];
	bool by_household = strcmp(rule->level, "household") == 0;

	memset(t->person_barred, 0, t->world->person_count * sizeof *t->person_barred);
	memset(t->household_barred, 0, t->world->household_count * sizeof *t->household_barred);
	for (size_t r = 0; r < reference->count; r++)
		t->person_barred[reference->rows[r].person] = (uint32_t)r + 1;
	for (int code = SIM_TARGET; by_household && code <= SIM_LAST_PROGRAMME; code++) {
		for (size_t r = 0; r < t->lists->list[code].count; r++) {
			const struct sim_row *row = &t->lists->list[code].rows[r];

			if (row->person != SIM_NOBODY && t->person_barred[row->person])
				t->household_barred[row->household] = t->person_barred[row->person];
		}
	}
	for (int i = 0; rule->programmes[i] >= 0; i++) {
		const struct sim_list *list = &t->lists->list[rule->programmes[i]];

		for (size_t r = 0; r < list->count; r++) {
			const struct sim_row *row = &list->rows[r];
			uint32_t by = row->person == SIM_NOBODY ? 0 :
				by_household ? t->household_barred[row->household] : t->person_barred[row->person];

			if (by)
				flag(t, "BARRED", rule->programmes[i], r + 1, rule->reference, by, rule->code);
		}
	}
}

/* INCLUSION by a target_only rule, INELIGIBLE by a max_desil rule. */
static void against_target(struct truth *t, const struct sim_rule *rule)
{
	bool inclusion = strcmp(rule->kind, "target_only") == 0;

	for (int i = 0; rule->programmes[i] >= 0; i++) {
		const struct sim_list *list = &t->lists->list[rule->programmes[i]];

		for (size_t r = 0; r < list->count; r++) {
			const struct sim_row *row = &list->rows[r];
			uint32_t target = row->person == SIM_NOBODY ? 0 : t->target_row[row->household];

			if (row->person == SIM_NOBODY)
				continue;
			if (inclusion && !target && !t->target_family[row->person])
				flag(t, "INCLUSION", rule->programmes[i], r + 1, -1, 0, rule->code);
			if (!inclusion && target && t->lists->list[SIM_TARGET].rows[target - 1].decile > rule->limit)
				flag(t, "INELIGIBLE", rule->programmes[i], r + 1, SIM_TARGET, target, rule->code);
		}
	}
}

static void quota(struct truth *t, const struct sim_rule *rule)
{
	const struct sim_list *list = &t->lists->list[rule->programmes[0]];
	size_t left = sim_quota(t->lists);

	for (size_t r = 0; r < list->count; r++) {
		if (list->rows[r].person == SIM_NOBODY || left-- > 0)
			continue;
		flag(t, "QUOTA", rule->programmes[0], r + 1, -1, 0, rule->code);
		return;
	}
}

static void decide(struct truth *t)
{
	sim_text_add(&t->flags, "kind,list,row,other_list,other_row,rule\n");
	read_target(t);
	exclusion(t);
	for (int code = SIM_TARGET; code <= SIM_LAST_PROGRAMME; code++)
		duplicates(t, code);
	for (int i = 0; i < SIM_RULES; i++) {
		const struct sim_rule *rule = &sim_rules[i];

		if (strcmp(rule->kind, "forbidden_overlap") == 0)
			forbidden_overlap(t, rule);
		else if (strcmp(rule->kind, "barred_by") == 0)
			barred(t, rule);
		else if (strcmp(rule->kind, "quota") == 0)
			quota(t, rule);
		else if (strcmp(rule->kind, "one_per_household") != 0)
			against_target(t, rule);
	}
}

static int write_entries(const struct sim_lists *lists, struct sim_folder *folder, struct error *err)
{
	struct sim_text text = {0};
	int status;

	sim_text_add(&text, "list,row,person_id,household_id\n");
	for (int code = 0; code < SIM_LISTS; code++) {
		for (size_t r = 0; r < lists->list[code].count; r++) {
			const struct sim_row *row = &lists->list[code].rows[r];

			sim_text_printf(&text, "%s,%zu,", sim_list_plans[code].label, r + 1);
			if (row->person == SIM_NOBODY)
				sim_text_add(&text, ",\n");
			else if (code > SIM_LAST_PROGRAMME)
				sim_text_printf(&text, "%u,\n", row->person + 1);
			else
				sim_text_printf(&text, "%u,%u\n", row->person + 1, row->household + 1);
		}
	}
	status = text.failed ? error_memory(err) : sim_folder_write(folder, "truth_entries.csv", text.p, text.n, err);
	sim_text_release(&text);
	return status;
}

int sim_truth_write(const struct sim_world *world, const struct sim_lists *lists, struct sim_folder *folder,
	struct error *err)
{
	struct truth t;
	int status = -1;

	if (truth_init(&t, world, lists, err) == 0 && write_entries(lists, folder, err) == 0) {
		decide(&t);
		status = t.flags.failed ? error_memory(err) :
			sim_folder_write(folder, "truth_flags.csv", t.flags.p, t.flags.n, err);
	}
	truth_release(&t);
	return status;
}
