/*
 * The cells of offices' files. See sim_cells.h.
 */
#include "daemon/simulate/sim_cells.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define PICK(random, array) ((array)[sim_random_below((random), sizeof(array) / sizeof((array)[0]))])

static const char *const relation_words[] = {
	"", "Kepala Keluarga", "Suami", "Istri", "Anak", "Menantu", "Cucu", "Orang Tua", "Mertua", "Famili Lain"
};
static const char *const works[] = {
	"Petani/Pekebun", "Buruh Tani/Perkebunan", "Buruh Harian Lepas", "Wiraswasta", "Karyawan Swasta",
	"Nelayan/Perikanan", "Pedagang", "Sopir"
};
static const char *const schoolings[] = {
	"Tidak/Belum Sekolah", "Tamat SD/Sederajat", "SLTP/Sederajat", "SLTA/Sederajat", "Diploma IV/Strata I"
};
static const char *const agencies[] = {
	"Dinas Pendidikan", "Dinas Kesehatan", "Kantor Camat", "Sekretariat Daerah", "SDN 45/IX", "SMPN 7", "Puskesmas",
	"Polres", "Kodim 0415", "Dinas Perkebunan"
};

/* The text with each part's first letter large, or as it is; apostrophes as the layout has them. */
static void put_text(const struct sim_cell_context *context, const char *from, struct sim_text *text)
{
	bool start = true;

	for (; *from; from++) {
		char c = *from;

		if (c == '\'' && context->curly) {
			sim_text_add(text, "\xE2\x80\x99");
			continue;
		}
		if (context->title_case)
			c = (char)(start ? toupper((unsigned char)c) : tolower((unsigned char)c));
		start = c == ' ' || c == '.' || c == '-';
		sim_text_add_bytes(text, &c, 1);
	}
}

static void put_birth(const struct sim_date *birth, enum sim_cell cell, struct sim_text *text)
{
	const struct sim_date *d = birth;
	const char *month;

	if (d->year == 0)
		return;
	if (d->month == 0) {
		sim_text_printf(text, "%d", d->year);
		return;
	}
	switch (cell) {
	case CELL_BIRTH_ISO:
		sim_text_printf(text, "%04d-%02d-%02d", d->year, d->month, d->day);
		break;
	case CELL_BIRTH_SLASH:
		sim_text_printf(text, "%02d/%02d/%04d", d->day, d->month, d->year);
		break;
	case CELL_BIRTH_SHORT:
		sim_text_printf(text, "%02d-%02d-%02d", d->day, d->month, d->year % 100);
		break;
	case CELL_BIRTH_SERIAL:
		sim_text_printf(text, "%d", sim_date_number(*d) + 25569);
		break;
	case CELL_PLACE_BIRTH_WORDS:
		month = sim_date_month(d->month);
		sim_text_printf(text, "%d %c", d->day, month[0]);
		for (month++; *month; month++)
			sim_text_printf(text, "%c", tolower((unsigned char)*month));
		sim_text_printf(text, " %d", d->year);
		break;
	default:
		sim_text_printf(text, "%02d-%02d-%04d", d->day, d->month, d->year);
		break;
	}
}

static void put_place_birth(const struct sim_cell_context *context, const struct sim_row *row, enum sim_cell cell,
	struct sim_text *text)
{
	struct sim_cell_context plain = *context;

	if (!row->birth_place)
		return;
	plain.title_case = cell == CELL_PLACE_BIRTH_WORDS;
	put_text(&plain, row->birth_place, text);
	if (row->birth.year)
		sim_text_add(text, ", ");
	put_birth(&row->birth, cell, text);
}

static void put_address(const struct sim_row *row, bool with_rt, struct sim_text *text)
{
	sim_text_add(text, row->street);
	if (row->house_number % 3 == 0)
		sim_text_printf(text, " NO. %u", row->house_number);
	if (with_rt && row->rt)
		sim_text_printf(text, row->house_number % 2 ? " RT %03u" : " RT.%02u", row->rt);
	if (with_rt && row->rw)
		sim_text_printf(text, row->house_number % 2 ? " RW %03u" : "/RW.%02u", row->rw);
}

/* Where the row's village is told by a code. */
static void put_place_code(const struct sim_cell_context *context, enum sim_cell cell, const struct sim_row *row,
	struct sim_text *text)
{
	const struct sim_places *places = &context->world->places;
	const struct sim_village *village = &places->villages[row->village];
	char code[14];

	if (!row->village_name[0])
		return;
	if (cell == CELL_BPS_VILLAGE || cell == CELL_BPS_KECAMATAN) {
		sim_places_bps(places, village, code);
		sim_text_add_bytes(text, code, cell == CELL_BPS_VILLAGE ? 10 : 7);
	} else {
		sim_places_code(places, village, cell == CELL_CODE_DOTTED, code);
		sim_text_add(text, code);
	}
}

/* Cells that stay filled in a row that names nobody. */
static bool is_place(enum sim_cell cell)
{
	return cell == CELL_NUMBER || (cell >= CELL_PROVINCE && cell <= CELL_BPS_VILLAGE) || cell == CELL_RT ||
		cell == CELL_RW || cell == CELL_RT_RW;
}

/* What has no bearing on who somebody is. */
static void put_decoration(struct sim_cell_context *context, const struct sim_column *column, const struct sim_row *row,
	struct sim_text *text)
{
	struct sim_random *random = &context->random;
	struct sim_date birth;
	bool married;
	int age = row->age;

	switch (column->cell) {
	case CELL_MARITAL:
		married = row->relation <= SIM_WIFE && row->family_size > 1;
		sim_text_add(text, married ? "Kawin" : age < 20 ? "Belum Kawin" : "Cerai Mati");
		break;
	case CELL_WORK:
		sim_text_add(text, age < 18 ? "Pelajar/Mahasiswa" : PICK(random, works));
		break;
	case CELL_SCHOOLING:
		sim_text_add(text, age < 8 ? schoolings[0] : PICK(random, schoolings));
		break;
	case CELL_AGE_BAND:
		sim_text_add(text, age >= column->low && age <= column->high ? "Ya" : "Tidak");
		break;
	case CELL_OLD_RECIPIENT:
		sim_text_add(text, sim_random_chance(random, 0.2) ? "Ya" : "Tidak");
		break;
	case CELL_FAMILY_SIZE:
		sim_text_printf(text, "%u", row->family_size);
		break;
	case CELL_PUPIL_NUMBER:
		sim_text_printf(text, "00%08u", sim_random_below(random, 100000000));
		break;
	case CELL_SCHOOL:
		sim_text_printf(text, "%s %u/IX", age < 13 ? "SDN" : age < 16 ? "SMPN" : "SMAN",
			1 + sim_random_below(random, 180));
		break;
	case CELL_CLASS:
		sim_text_printf(text, "%d", age < 7 ? 1 : age > 18 ? 12 : age - 6);
		break;
	case CELL_ACCOUNT:
		sim_text_printf(text, "%04u-01-%06u-53-%u", 300 + row->village, sim_random_below(random, 1000000),
			sim_random_below(random, 10));
		break;
	case CELL_AMOUNT:
		sim_text_printf(text, "%d", column->low);
		break;
	case CELL_STAFF_NUMBER:
		birth = sim_date_of(context->world->people[row->person].birth);
		sim_text_printf(text, "%04d%02d%02d%04u%02u%u%03u", birth.year, birth.month, birth.day,
			2000 + sim_random_below(random, 23), 1 + sim_random_below(random, 12),
			row->sex == SIM_FEMALE ? 2u : 1u, 1 + sim_random_below(random, 60));
		break;
	case CELL_AGENCY:
		sim_text_add(text, PICK(random, agencies));
		break;
	default:
		break;
	}
}

void sim_cell_write(struct sim_cell_context *context, const struct sim_column *column, const struct sim_row *row,
	size_t number, struct sim_text *text)
{
	const struct sim_places *places = &context->world->places;
	const struct sim_village *village = &places->villages[row->village];
	static const char *const sex_words[] = {"Laki-laki", "Perempuan", ""};
	static const char *const sex_letters[] = {"L", "P", ""}, *const sex_numbers[] = {"1", "2", ""};
	struct sim_date death;

	sim_text_clear(text);
	if (row->person == SIM_NOBODY && (!is_place(column->cell) || column->cell == CELL_DECILE)) {
		sim_text_add(text, "");
		return;
	}
	switch (column->cell) {
	case CELL_NUMBER:
		sim_text_printf(text, "%zu", number);
		break;
	case CELL_NAME:
		put_text(context, row->name, text);
		break;
	case CELL_HEAD_NAME:
		put_text(context, row->head_name, text);
		break;
	case CELL_NIK:
		sim_text_add(text, row->nik);
		break;
	case CELL_KK:
		sim_text_add(text, row->kk);
		break;
	case CELL_FAMILY_ID:
		sim_text_printf(text, "%s%09u", places->area, row->household + 1);
		break;
	case CELL_PERSON_ID:
		sim_text_printf(text, "%s%010zu", places->area, 4000000 + number);
		break;
	case CELL_PROVINCE:
		sim_text_add(text, places->province);
		break;
	case CELL_REGENCY:
		sim_text_add(text, places->name);
		break;
	case CELL_KECAMATAN:
		sim_text_add(text, sim_places_kecamatan(places, village)->name);
		break;
	case CELL_VILLAGE:
		sim_text_add(text, row->village_name);
		break;
	case CELL_CODE:
	case CELL_CODE_DOTTED:
	case CELL_BPS_KECAMATAN:
	case CELL_BPS_VILLAGE:
		put_place_code(context, column->cell, row, text);
		break;
	case CELL_DECILE:
		sim_text_printf(text, "%u", row->decile);
		break;
	case CELL_ADDRESS:
	case CELL_ADDRESS_RT:
		put_address(row, column->cell == CELL_ADDRESS_RT, text);
		break;
	case CELL_RT:
		if (row->rt)
			sim_text_printf(text, "%03u", row->rt);
		break;
	case CELL_RW:
		if (row->rw)
			sim_text_printf(text, "%03u", row->rw);
		break;
	case CELL_RT_RW:
		if (row->rt)
			sim_text_printf(text, "%03u/%03u", row->rt, row->rw);
		break;
	case CELL_SEX_LETTER:
		sim_text_add(text, sex_letters[row->sex]);
		break;
	case CELL_SEX_WORD:
		sim_text_add(text, sex_words[row->sex]);
		break;
	case CELL_SEX_NUMBER:
		sim_text_add(text, sex_numbers[row->sex]);
		break;
	case CELL_RELATION_WORD:
		sim_text_add(text, relation_words[row->relation]);
		break;
	case CELL_RELATION_CODE:
		sim_text_printf(text, "%u", row->relation);
		break;
	case CELL_BIRTH_ISO:
	case CELL_BIRTH_SLASH:
	case CELL_BIRTH_DASH:
	case CELL_BIRTH_SHORT:
	case CELL_BIRTH_SERIAL:
		put_birth(&row->birth, column->cell, text);
		break;
	case CELL_PLACE_BIRTH:
	case CELL_PLACE_BIRTH_WORDS:
		put_place_birth(context, row, column->cell, text);
		break;
	case CELL_BIRTH_PLACE:
		sim_text_add(text, row->birth_place ? row->birth_place : "");
		break;
	case CELL_DEATH_ISO:
		death = sim_date_of(row->death);
		sim_text_printf(text, "%04d-%02d-%02d", death.year, death.month, death.day);
		break;
	case CELL_IS_CHECKED:
		sim_text_add(text, strcmp(row->nik, context->world->people[row->person].nik) == 0 ? "Ya" : "Tidak");
		break;
	default:
		put_decoration(context, column, row, text);
		break;
	}
	if (!text->p)
		sim_text_add(text, "");
}
