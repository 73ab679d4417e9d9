/*
 * What stands in one cell of an office's file: the many ways in which offices write a date, a village, a sex, an
 * address. A layout (sim_layouts.c) is a row of these.
 */
#ifndef PADAN_SIM_CELLS_H
#define PADAN_SIM_CELLS_H

#include "daemon/simulate/sim_lists.h"
#include "daemon/simulate/sim_text.h"

enum sim_cell {
	CELL_NUMBER,         /* 1, 2, 3 … */
	CELL_NAME,
	CELL_HEAD_NAME,
	CELL_NIK,
	CELL_KK,
	CELL_FAMILY_ID,
	CELL_PERSON_ID,
	CELL_PROVINCE,
	CELL_REGENCY,
	CELL_KECAMATAN,
	CELL_VILLAGE,
	CELL_CODE,           /* 1505012002 */
	CELL_CODE_DOTTED,    /* 15.05.01.2002 */
	CELL_BPS_KECAMATAN,  /* 1505050 */
	CELL_BPS_VILLAGE,    /* 1505050002 */
	CELL_DECILE,
	CELL_ADDRESS,
	CELL_ADDRESS_RT,     /* JL. MASJID RT 003 RW 001 */
	CELL_RT,
	CELL_RW,
	CELL_RT_RW,          /* 003/001 */
	CELL_SEX_LETTER,     /* L, P */
	CELL_SEX_WORD,       /* Laki-laki, Perempuan */
	CELL_SEX_NUMBER,     /* 1, 2 */
	CELL_RELATION_WORD,
	CELL_RELATION_CODE,
	CELL_BIRTH_ISO,      /* 1980-12-31 */
	CELL_BIRTH_SLASH,    /* 31/12/1980 */
	CELL_BIRTH_DASH,     /* 31-12-1980 */
	CELL_BIRTH_SHORT,    /* 31-12-80 */
	CELL_BIRTH_SERIAL,   /* 29586: days as spreadsheets count them */
	CELL_PLACE_BIRTH,    /* SENGETI, 31-12-1980 */
	CELL_PLACE_BIRTH_WORDS, /* Sengeti, 31 Desember 1980 */
	CELL_BIRTH_PLACE,
	CELL_DEATH_ISO,
	CELL_IS_CHECKED,     /* Padan Dukcapil: Ya, Tidak */
	CELL_MARITAL,
	CELL_WORK,
	CELL_SCHOOLING,
	CELL_AGE_BAND,       /* Ya if the age is within the column's two numbers */
	CELL_OLD_RECIPIENT,  /* Ya, Tidak: what the list says about earlier aid */
	CELL_FAMILY_SIZE,
	CELL_PUPIL_NUMBER,
	CELL_SCHOOL,
	CELL_CLASS,
	CELL_ACCOUNT,
	CELL_AMOUNT,
	CELL_STAFF_NUMBER,
	CELL_AGENCY
};

struct sim_column {
	const char *header;
	enum sim_cell cell;
	int low, high;      /* CELL_AGE_BAND; CELL_AMOUNT: low */
};

struct sim_cell_context {
	const struct sim_world *world;
	struct sim_random random; /* for what matters to nobody: account numbers, work */
	bool title_case;          /* Siti Aminah instead of SITI AMINAH */
	bool curly;               /* apostrophes as ’ */
};

/* Puts the cell's text (UTF-8, never NULL) into text; number counts rows from 1. */
void sim_cell_write(struct sim_cell_context *context, const struct sim_column *column, const struct sim_row *row,
	size_t number, struct sim_text *text);

#endif
