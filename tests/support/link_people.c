/* See link_people.h. */
#include "tests/support/link_people.h"

#include "matcher/base/hash.h"

#include <stdio.h>
#include <stdlib.h>

static void give_up(const char *what)
{
	fprintf(stderr, "link_people: %s\n", what);
	abort();
}

void people_schema(struct linker_schema *schema)
{
	static const struct linker_field fields[PEOPLE_FIELDS] = {
		{FIELD_NIK, "nik"}, {FIELD_KK, "kk"}, {FIELD_NAME, "nama"},
		{FIELD_DATE, "lahir"}, {FIELD_SEX, "jk"}, {FIELD_CODE, "desa"},
	};

	memset(schema, 0, sizeof *schema);
	schema->n_fields = PEOPLE_FIELDS;
	memcpy(schema->fields, fields, sizeof fields);
}

/* A name part of two or three syllables out of 12³: common ones are drawn more often. */
static void name_part(uint64_t random, char out[16])
{
	static const char *const syllables[] = {"SU", "RA", "MI", "KAR", "TI", "WA", "NDA", "LE", "STA", "PO", "NI", "DI"};
	unsigned common = random % 3 ? 60 : 1700, pick = (unsigned)(random >> 8) % common;

	snprintf(out, 16, "%s%s%s", syllables[pick % 12], syllables[pick / 12 % 12], pick >= 144 ? syllables[pick / 144 % 12] : "");
}

void people_make(uint64_t seed, unsigned n, struct person_row *ret)
{
	uint64_t home = hash_pair(seed, n / 3), own = hash_pair(seed + 1, n);
	unsigned village = (unsigned)(home % 40), day = 1 + (unsigned)(own % 28), month = 1 + (unsigned)(own >> 8) % 12;
	unsigned year = 1945 + (unsigned)(own >> 16) % 70, woman = own >> 40 & 1;
	char first[16], second[16];

	name_part(hash_pair(own, 1), first);
	name_part(hash_pair(own, 2), second);
	snprintf(ret->village, sizeof ret->village, "150501%04u", 2001 + village);
	snprintf(ret->kk, sizeof ret->kk, "150501%02u%02u%02u%04u", 1 + (unsigned)(home >> 8) % 28, 1 + (unsigned)(home >> 16) % 12,
		10 + (unsigned)(home >> 24) % 12, 1 + (unsigned)(home >> 32) % 9000);
	snprintf(ret->nik, sizeof ret->nik, "1505%02u%02u%02u%02u%04u", 1 + (unsigned)(own >> 48) % 9, day + 40 * woman, month,
		year % 100, 1 + (unsigned)(own >> 52) % 30);
	snprintf(ret->name, sizeof ret->name, "%s%s%s", first, own >> 41 & 3 ? " " : "", own >> 41 & 3 ? second : "");
	snprintf(ret->born, sizeof ret->born, "%04u-%02u-%02u", year, month, day);
	snprintf(ret->sex, sizeof ret->sex, "%s", woman ? "P" : "L");
}

void people_damage(uint64_t seed, struct person_row *row)
{
	uint64_t random = hash_mix(seed + 99);
	size_t n = strlen(row->name), at = 1 + (size_t)(random >> 20) % (n - 1);

	switch (random % 8) {
	case 0:
		row->nik[0] = '\0';
		break;
	case 1:
		row->nik[2 + (random >> 8) % 14] = (char)('0' + (random >> 16) % 10);
		break;
	case 2:
		memmove(row->name + at, row->name + at + 1, n - at);
		break;
	case 3:
		row->name[at] = (char)('A' + (random >> 32) % 26);
		break;
	case 4:
		snprintf(row->born, sizeof row->born, "%s", "");
		break;
	case 5:
		row->kk[15] = (char)('0' + (random >> 16) % 10);
		break;
	case 6:
		row->born[9] = (char)('1' + (random >> 16) % 8);
		break;
	default:
		break;
	}
}

void people_values(const struct person_row *row, struct arena *arena, struct field_value values[PEOPLE_FIELDS])
{
	const char *cells[PEOPLE_FIELDS] = {row->nik, row->kk, row->name, row->born, row->sex, row->village};
	struct linker_schema schema;

	people_schema(&schema);
	for (size_t f = 0; f < PEOPLE_FIELDS; f++) {
		if (field_normalise(schema.fields[f].type, str_from(cells[f]), false, arena, &values[f]) < 0)
			give_up("memory");
	}
}

uint32_t people_add(struct linker *linker, const struct person_row *row)
{
	struct field_value values[PEOPLE_FIELDS];
	struct arena arena;
	struct error err = {0};
	uint32_t record = 0;

	arena_init(&arena, 0);
	people_values(row, &arena, values);
	if (linker_add(linker, values, &record, &err) < 0)
		give_up(err.en);
	arena_release(&arena);
	return record;
}

void people_crowd(struct linker *linker)
{
	for (unsigned n = 0; n < PEOPLE_CROWD + PEOPLE_REPEATS; n++) {
		struct person_row row;

		people_make(7, n < PEOPLE_CROWD ? n : (n - PEOPLE_CROWD) * 4, &row);
		if (n >= PEOPLE_CROWD)
			people_damage(n, &row);
		people_add(linker, &row);
	}
}
