/*
 * Villages: from what a row says (kecamatan, village, one code or several) to the official ten-digit Kemendagri code.
 * The table belongs to the caller (the district's villages from the database or a file); place_index_new() builds an
 * index over it once per district; place_find() only reads and may be called from many threads.
 */
#ifndef PADAN_PLACE_H
#define PADAN_PLACE_H

#include "matcher/base/arena.h"
#include "matcher/base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A row of the official table of villages. Sorted by code. */
struct village {
	uint64_t code; /* ten digits, Kemendagri: 1505012001 is PPKKCCDDDD */
	struct str name;
	struct str kecamatan;
};

struct village_table {
	const struct village *villages;
	size_t n;
	const struct place_index *index; /* from place_index_new(); NULL: the same results, slower */
};

struct place_index;

/* For village_table.index. The villages must outlive it; it lives in the arena. NULL if the arena is exhausted. */
struct place_index *place_index_new(const struct village *villages, size_t n, struct arena *arena);

enum place_how {
	PLACE_NONE = 0,   /* nothing written, or not found */
	PLACE_BY_CODE,    /* Kemendagri code, with or without dots */
	PLACE_BY_NAME,    /* folded names agree */
	PLACE_BY_SIMILAR, /* one typing error or two, or a name cut off or joined; one village alone fits */
	PLACE_BY_BPS      /* a BPS code that is known through the names beside it */
};

struct place_match {
	uint64_t village;   /* ten digits; 0: not known */
	uint32_t kecamatan; /* PPKKCC; known from the village, or alone; 0: not known */
	uint8_t how;        /* enum place_how, of the village (of the kecamatan if that alone is known) */
	bool ambiguous;     /* the name stands in several kecamatan and nothing says which */
	bool contradiction; /* code and name point at different villages; the name was believed */
	bool bps;           /* the code is one of BPS (the statistics office): only a name beside it tells the village */
};

/* What a row says about its place, as written; each may be empty. */
struct place_words {
	struct str kecamatan, village; /* names; words like DESA, KEL., KECAMATAN, KEC. in front are skipped */
	struct str kecamatan_code;     /* 6 digits, dots or not, or the kecamatan's two with a district */
	struct str village_code;       /* 10 digits, dots or not; 4 digits need the kecamatan */
};

/* district: four digits (1505), for codes written without them; 0: not known. Always fills out. */
void place_find(
        const struct village_table *table, uint32_t district, const struct place_words *words, struct place_match *out);

/* The table's row of that code; NULL if it is not in it. */
const struct village *place_village(const struct village_table *table, uint64_t code);

/* "003/001", "RT 3 RW 1", "3", "RT.03": the numbers, 0 where none. alone: the cell is the column RT (or RW), so a bare
   number counts. Returns whether any was found. */
bool place_parse_rt_rw(struct str raw, bool alone, uint16_t *rt, uint16_t *rw);

#endif
