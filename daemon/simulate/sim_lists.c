/*
 * The lists of the simulated district as rows. See sim_lists.h.
 */
#include "daemon/simulate/sim_lists.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct sim_list_plan sim_list_plans[SIM_LISTS] = {
	[SIM_TARGET] = {"target", "target", "target.csv", "target", "bappeda", false, false, false, 0.7},
	[SIM_PKH] = {"pkh", "pkh", "pkh.csv", "programme", "dinsos", true, true, false, 0.9},
	[SIM_BPNT] = {"bpnt", "bpnt", "bpnt.xlsx", "programme", "dinsos", true, false, true, 1.0},
	[SIM_BLT_DD] = {"blt_dd", "blt_dd", "blt_dd.tsv", "programme", "dpmd", true, true, false, 1.4},
	[SIM_PBI_JK] = {"pbi_jk", "pbi_jk", "pbi_jk.txt", "programme", "dinkes", false, true, false, 0.7},
	[SIM_PIP] = {"pip", "pip", "pip.csv", "programme", "disdik", false, false, false, 1.2},
	[SIM_RTLH] = {"rtlh", "rtlh", "rtlh.csv", "programme", "perkim", true, true, false, 1.3},
	[SIM_ASN] = {"asn", "ref:asn", "asn.csv", "reference", "bkpsdm", false, false, false, 0.4},
	[SIM_MENINGGAL] = {"meninggal", "ref:meninggal", "meninggal.csv", "reference", "dukcapil", false, false,
		false, 0.5},
};

void sim_lists_init(struct sim_lists *lists, uint64_t seed, double damage)
{
	memset(lists, 0, sizeof *lists);
	lists->seed = seed;
	lists->damage = damage;
}

void sim_lists_release(struct sim_lists *lists)
{
	for (int i = 0; i < SIM_LISTS; i++)
		free(lists->list[i].rows);
	free(lists->on_target);
	free(lists->listed);
	memset(lists, 0, sizeof *lists);
}

static void copy_upper(char *to, size_t size, const char *from)
{
	size_t i = 0;

	for (; from[i] && i + 1 < size; i++)
		to[i] = (char)toupper((unsigned char)from[i]);
	to[i] = '\0';
}

void sim_row_village(const struct sim_world *world, struct sim_row *row)
{
	copy_upper(row->village_name, sizeof row->village_name, world->places.villages[row->village].name);
}

void sim_row_fill(const struct sim_world *world, uint32_t person, struct sim_row *row)
{
	const struct sim_person *p = &world->people[person];
	const struct sim_household *h = &world->households[p->household];
	uint32_t head = sim_world_head(world, p->household);
	int age = sim_person_age(world, p);

	memset(row, 0, sizeof *row);
	row->person = person;
	row->household = p->household;
	snprintf(row->name, sizeof row->name, "%s", p->name);
	memcpy(row->nik, p->nik, sizeof p->nik);
	memcpy(row->kk, h->kk, sizeof h->kk);
	row->birth = sim_date_of(p->birth);
	row->street = h->street;
	row->birth_place = p->birth_place;
	row->head_name = world->people[head == SIM_NOBODY ? person : head].name;
	row->village = h->village;
	sim_row_village(world, row);
	row->house_number = h->house_number;
	row->sex = p->sex;
	row->rt = h->rt;
	row->rw = h->rw;
	row->relation = p->relation;
	row->decile = h->decile;
	row->age = (uint8_t)(age < 0 ? 0 : age > 120 ? 120 : age);
	row->death = p->death;
	for (uint32_t i = h->first; i != SIM_NOBODY; i = world->people[i].next)
		row->family_size += sim_person_lives(&world->people[i]);
}

int sim_lists_add(struct sim_lists *lists, enum sim_list_code code, const struct sim_row *row, struct error *err)
{
	struct sim_list *list = &lists->list[code];

	if (list->count == list->room) {
		size_t room = list->room ? list->room * 2 : 256;
		struct sim_row *rows = realloc(list->rows, room * sizeof *rows);

		if (!rows)
			return error_memory(err);
		list->rows = rows;
		list->room = room;
	}
	list->rows[list->count++] = *row;
	return 0;
}

static int by_order(const void *a, const void *b)
{
	const struct sim_row *x = a, *y = b;

	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	return x->person < y->person ? -1 : x->person > y->person;
}

void sim_lists_sort(struct sim_lists *lists)
{
	for (int i = 0; i < SIM_LISTS; i++) {
		if (lists->list[i].count > 1)
			qsort(lists->list[i].rows, lists->list[i].count, sizeof(struct sim_row), by_order);
	}
}
