/*
 * The lists of the simulated district as rows, before they are laid out in files: what a clerk wrote down about a
 * person, and – for the truth – whom he meant. The plan says which lists there are.
 */
#ifndef PADAN_SIM_LISTS_H
#define PADAN_SIM_LISTS_H

#include "daemon/simulate/sim_world.h"

enum sim_list_code {
	SIM_TARGET,
	SIM_PKH,
	SIM_BPNT,
	SIM_BLT_DD,
	SIM_PBI_JK,
	SIM_PIP,
	SIM_RTLH,
	SIM_ASN,
	SIM_MENINGGAL,
	SIM_LISTS
};

enum { SIM_FIRST_PROGRAMME = SIM_PKH, SIM_LAST_PROGRAMME = SIM_RTLH };

struct sim_list_plan {
	const char *code;   /* in the configuration: "pkh" */
	const char *label;  /* in entries.csv: "pkh", "ref:asn" */
	const char *file;
	const char *kind;   /* target, programme, reference */
	const char *office; /* whose list it is */
	bool by_household;  /* one row stands for the family */
	bool has_kk;        /* the layout has a column for the KK number */
	bool by_village;    /* rows must stay together by village (sheets) */
	double damage;      /* how carelessly it is kept: times the usual rates */
};

extern const struct sim_list_plan sim_list_plans[SIM_LISTS];

enum sim_ragged { SIM_EVEN, SIM_SHORT, SIM_LONG };

struct sim_row {
	uint32_t person, household; /* the truth; SIM_NOBODY for a row that names nobody */
	uint64_t order;             /* rows are written by this, then by the order they were added in */
	char name[80], nik[40], kk[40];
	struct sim_date birth;      /* year 0: missing; month 0: only the year */
	char village_name[48];
	const char *street, *birth_place, *head_name;
	uint16_t village, house_number;
	uint8_t sex;                /* SIM_MALE, SIM_FEMALE, or SIM_SEXES for missing */
	uint8_t rt, rw;             /* 0: missing */
	uint8_t relation, decile, age, family_size;
	uint8_t ragged;
	int32_t death;
};

struct sim_list {
	struct sim_row *rows;
	size_t count, room;
};

struct sim_lists {
	struct sim_list list[SIM_LISTS];
	double damage;        /* times the usual rates */
	uint64_t seed;
	uint8_t *on_target;   /* by household: 1 if it stands on the target list */
	size_t target_households; /* of that day; later ones stand on none */
	uint8_t *listed;      /* by person: 1 if he stands on the target list */
	size_t target_people;
};

void sim_lists_init(struct sim_lists *lists, uint64_t seed, double damage);
void sim_lists_release(struct sim_lists *lists);

/* What a careful clerk writes about that person today. */
void sim_row_fill(const struct sim_world *world, uint32_t person, struct sim_row *row);

/* The village's name in capitals, from its index. */
void sim_row_village(const struct sim_world *world, struct sim_row *row);

/* Adds a copy of the row. */
int sim_lists_add(struct sim_lists *lists, enum sim_list_code code, const struct sim_row *row, struct error *err)
	PADAN_MUST_CHECK;

/* Puts the rows of all lists into the order of their files. */
void sim_lists_sort(struct sim_lists *lists);

/* The target list, of the world as it is (the target list's date). */
int sim_target_choose(const struct sim_world *world, struct sim_lists *lists, struct error *err) PADAN_MUST_CHECK;

/* The offices' recipients and the reference lists, of the world as it is (the lists' date). */
int sim_recipients_choose(const struct sim_world *world, struct sim_lists *lists, struct error *err) PADAN_MUST_CHECK;

#endif
