/*
 * See entry.h. Each group of columns is read by a function of its own; the notes of what matters most come first.
 */
#include "matcher/normalise/entry.h"

#include "matcher/normalise/address.h"
#include "matcher/normalise/date.h"
#include "matcher/normalise/desil.h"
#include "matcher/normalise/field.h"
#include "matcher/normalise/name.h"
#include "matcher/normalise/nik.h"
#include "matcher/normalise/sex.h"
#include "matcher/normalise/text_fold.h"

enum { DEFAULT_REFERENCE_YEAR = 2025 };

/* The cells of a row by role: of several columns with one role the first that is not empty. */
struct row {
	const struct entry_context *context;
	struct arena *arena;
	struct str cell[COLUMN_ROLES];
	bool numeric[COLUMN_ROLES];
	bool has[COLUMN_ROLES]; /* the list has such a column */
	bool out_of_memory;
};

static void note(struct entry *entry, enum note_kind kind, enum column_role role)
{
	if (entry->n_notes < ENTRY_NOTES_MAX)
		entry->notes[entry->n_notes++] = (struct entry_note){(uint8_t)kind, (uint8_t)role};
}

static void sort_cells(
        struct row *row, const enum column_role *roles, const struct str *cells, const bool *numeric, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		enum column_role role = roles[i];

		if (role <= COLUMN_IGNORE || role >= COLUMN_ROLES)
			continue;
		row->has[role] = true;
		if (row->cell[role].n || str_trim(cells[i]).n == 0)
			continue;
		row->cell[role] = str_trim(cells[i]);
		row->numeric[role] = numeric && numeric[i];
	}
}

static struct str kept(struct row *row, struct str text)
{
	if (!text.p)
		row->out_of_memory = true;
	return text.n ? text : (struct str){NULL, 0};
}

static struct str folded(struct row *row, enum column_role role)
{
	if (text_is_missing(row->cell[role]))
		return (struct str){NULL, 0};
	return kept(row, text_fold_words(row->cell[role], row->arena, NULL));
}

static struct str identifier(struct row *row, enum column_role role)
{
	struct field_value value;

	if (field_normalise(FIELD_IDENTIFIER, row->cell[role], row->numeric[role], row->arena, &value) != 0)
		row->out_of_memory = true;
	return value.text;
}

static int reference_year(const struct row *row)
{
	return row->context->reference_year ? row->context->reference_year : DEFAULT_REFERENCE_YEAR;
}

/* "34", "34 th", "34 tahun 2 bulan": an age in years; 0: none that a person can have. */
static unsigned age_in_years(struct str cell)
{
	unsigned age = 0;
	size_t i = 0;

	while (i < cell.n && i < 3 && cell.p[i] >= '0' && cell.p[i] <= '9')
		age = age * 10 + (unsigned)(cell.p[i++] - '0');
	/* months alone ("7 bulan"), a date, a range: no age in years */
	while (i < cell.n && cell.p[i] == ' ')
		i++;
	if (i < cell.n && (cell.p[i] | 0x20) != 't' && cell.p[i] != '.' && cell.p[i] != ',')
		return 0;
	return age <= 120 ? age : 0;
}

/* Who was 34 in the year of the list was born 34 years before it, or 35: see dates_compare(). */
static void reckon_birth_year(struct row *row, struct entry *entry, struct date *birth)
{
	unsigned age = birth->year ? 0 : age_in_years(row->cell[COLUMN_AGE]);

	if (age == 0)
		return;
	*birth = (struct date){.year = (int16_t)(reference_year(row) - (int)age)};
	note(entry, NOTE_DATE_FROM_AGE, COLUMN_AGE);
}

static void read_birth(struct row *row, struct entry *entry, struct date *birth)
{
	struct date_context context = {(enum date_order)row->context->date_order, (int16_t)reference_year(row), false};
	static const enum column_role roles[] = {COLUMN_BIRTH_DATE, COLUMN_BIRTH_PLACE_DATE, COLUMN_BIRTH_YEAR};
	struct str place = {NULL, 0};

	*birth = (struct date){0};
	for (size_t i = 0; i < sizeof(roles) / sizeof(*roles); i++) {
		struct date date;
		struct str beside;

		date_parse(row->cell[roles[i]], row->numeric[roles[i]], &context, &date, &beside);
		if (beside.n && !place.n)
			place = beside;
		if (birth->year)
			continue;
		*birth = date;
		if (date.flags & DATE_UNREADABLE)
			note(entry, NOTE_DATE_UNREADABLE, roles[i]);
		else if (date.flags & (DATE_IMPOSSIBLE | DATE_IMPLAUSIBLE))
			note(entry, NOTE_DATE_IMPOSSIBLE, roles[i]);
		else if (date.year && !date_is_full(date))
			note(entry, NOTE_DATE_PARTIAL, roles[i]);
		if (date.flags & DATE_TWO_DIGIT_YEAR)
			note(entry, NOTE_DATE_CENTURY, roles[i]);
	}
	reckon_birth_year(row, entry, birth);
	entry->birth = date_pack(*birth);
	entry->birth_place = folded(row, COLUMN_BIRTH_PLACE);
	if (!entry->birth_place.n && place.n)
		entry->birth_place = kept(row, text_fold_words(place, row->arena, NULL));
}

static void read_sex(struct row *row, struct entry *entry)
{
	struct str cell = row->cell[COLUMN_SEX];

	entry->sex = (uint8_t)sex_parse(cell, (enum sex_coding)row->context->sex_coding);
	if (entry->sex == SEX_UNKNOWN && !text_is_missing(cell))
		note(entry, NOTE_SEX_UNREADABLE, COLUMN_SEX);
}

/* The notes of a NIK or a KK; what matters most comes first. */
static void note_number(struct entry *entry, const struct nik *number, enum column_role role)
{
	static const struct {
		uint16_t flag;
		uint8_t nik, kk;
	} table[] = {
	        {NIK_MISSING, NOTE_NIK_MISSING, NOTE_KK_MISSING},
	        {NIK_PLACEHOLDER, NOTE_NIK_PLACEHOLDER, NOTE_KK_PLACEHOLDER},
	        {NIK_WRONG_LENGTH | NIK_UNREADABLE, NOTE_NIK_LENGTH, NOTE_KK_LENGTH},
	        {NIK_SIXTEENTH_LOST, NOTE_NIK_SPREADSHEET, NOTE_KK_SPREADSHEET},
	        {NIK_EXPONENT, NOTE_NIK_EXPONENT, NOTE_KK_EXPONENT},
	        {NIK_TEMPORARY, NOTE_NIK_TEMPORARY, NOTE_NONE},
	        {NIK_BAD_DATE | NIK_BAD_AREA | NIK_BAD_SERIAL, NOTE_NIK_INVALID, NOTE_KK_INVALID},
	        {NIK_LETTERS_REPAIRED | NIK_CLEANED, NOTE_NIK_REPAIRED, NOTE_KK_REPAIRED},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		uint8_t kind = role == COLUMN_NIK ? table[i].nik : table[i].kk;

		if ((number->flags & table[i].flag) && kind != NOTE_NONE)
			note(entry, (enum note_kind)kind, role);
	}
}

/* One number in both columns: it is the person's own only if it carries the person's date. */
static void settle_same_number(struct nik *nik, struct nik *kk, struct date birth)
{
	bool own = date_is_full(birth) && nik->day == birth.day && nik->month == birth.month &&
	           nik->yy == birth.year % 100;

	*(own ? kk : nik) = (struct nik){0};
}

static void read_numbers(struct row *row, struct entry *entry, struct date birth)
{
	struct nik nik, kk, other;

	nik_parse(row->cell[COLUMN_NIK], row->numeric[COLUMN_NIK], &nik);
	kk_parse(row->cell[COLUMN_KK], row->numeric[COLUMN_KK], &kk);
	if (row->has[COLUMN_NIK])
		note_number(entry, &nik, COLUMN_NIK);
	if (nik_kk_swapped(&nik, &kk, birth, (enum sex)entry->sex)) {
		other = nik;
		nik_describe(kk.value, &nik);
		kk_describe(other.value, &kk);
		note(entry, NOTE_NIK_IS_KK, COLUMN_NIK);
	} else if (nik.value && nik.value == kk.value) {
		settle_same_number(&nik, &kk, birth);
		note(entry, NOTE_NIK_IS_KK, COLUMN_NIK);
	}
	entry->nik = nik.value;
	entry->nik_digits = nik.known_digits;
	entry->kk = kk.value;
	entry->kk_digits = kk.known_digits;
	if (!nik.value)
		entry->nik_digits = 0;
	if (!kk.value)
		entry->kk_digits = 0;
	if (nik.day && date_is_full(birth) &&
	        (nik.day != birth.day || nik.month != birth.month || nik.yy != birth.year % 100))
		note(entry, NOTE_NIK_DATE, COLUMN_BIRTH_DATE);
	if (nik.sex && entry->sex && nik.sex != entry->sex)
		note(entry, NOTE_NIK_SEX, COLUMN_SEX);
	if (row->has[COLUMN_KK])
		note_number(entry, &kk, COLUMN_KK);
}

static bool has_letter(struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		if ((text.p[i] >= 'A' && text.p[i] <= 'Z') || (unsigned char)text.p[i] >= 0x80)
			return true;
	return false;
}

/* Characters, not bytes. */
static size_t letters(struct str text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++)
		n += ((unsigned char)text.p[i] & 0xC0) != 0x80;
	return n;
}

static struct str father_text(const struct name *name)
{
	const struct name_token *last;

	if (name->father_count == 0)
		return (struct str){NULL, 0};
	last = &name->father[name->father_count - 1]; /* the tokens stand side by side, with a space between */
	return (struct str){name->father[0].text.p, (size_t)(last->text.p + last->text.n - name->father[0].text.p)};
}

/* Returns false if the row names nobody. */
static bool read_name(struct row *row, struct entry *entry)
{
	struct name name, head;
	/* A pupil's list names a parent where others name the head: as good a tie to the family. */
	enum column_role by = text_is_missing(row->cell[COLUMN_HEAD_NAME]) ? COLUMN_PARENT_NAME : COLUMN_HEAD_NAME;

	if (name_parse(row->cell[COLUMN_NAME], row->arena, &name) != 0 || name_parse(row->cell[by], row->arena, &head) != 0) {
		row->out_of_memory = true;
		return false;
	}
	if ((name.flags & NAME_MISSING) || !has_letter(name.text))
		return false;
	entry->name = name.text;
	entry->name_shown = kept(row, text_tidy(row->cell[COLUMN_NAME], row->arena));
	entry->father_name = father_text(&name);
	entry->head_name = head.text;
	if (name.flags & NAME_DECEASED)
		note(entry, NOTE_NAME_DECEASED, COLUMN_NAME);
	if ((name.flags & NAME_TITLE_REMOVED) || name.father_count)
		note(entry, NOTE_NAME_TITLES, COLUMN_NAME);
	if (name.flags & NAME_ABBREVIATED)
		note(entry, NOTE_NAME_ABBREVIATED, COLUMN_NAME);
	if (row->context->name_width && letters(row->cell[COLUMN_NAME]) == row->context->name_width)
		note(entry, NOTE_NAME_CUT, COLUMN_NAME);
	return true;
}

static void read_village(struct row *row, struct entry *entry)
{
	const struct village_table *table = row->context->villages;
	struct str village = row->cell[COLUMN_VILLAGE].n ? row->cell[COLUMN_VILLAGE] : row->context->sheet_village;
	struct place_words words = {
	        row->cell[COLUMN_KECAMATAN], village, row->cell[COLUMN_KECAMATAN_CODE], row->cell[COLUMN_VILLAGE_CODE]};
	struct place_match match;
	char issued[6];

	if (text_is_missing(village))
		words.village = village = (struct str){NULL, 0};
	if (text_is_missing(words.kecamatan))
		words.kecamatan = (struct str){NULL, 0};
	place_find(table, row->context->district, &words, &match);
	if (match.ambiguous && !match.kecamatan && entry->kk) { /* the KK tells the kecamatan where it was issued */
		for (uint64_t code = entry->kk / UINT64_C(10000000000), i = sizeof(issued); i-- > 0; code /= 10)
			issued[i] = (char)('0' + code % 10);
		words.kecamatan_code = (struct str){issued, sizeof(issued)};
		place_find(table, row->context->district, &words, &match);
	}
	entry->village = match.village;
	if (village.n)
		entry->village_text = kept(row, text_fold_words(village, row->arena, NULL));
	if (!match.village && table && table->n && (village.n || !text_is_missing(words.village_code)))
		note(entry, match.bps ? NOTE_VILLAGE_BPS : NOTE_VILLAGE_UNKNOWN,
		        row->has[COLUMN_VILLAGE] ? COLUMN_VILLAGE : COLUMN_VILLAGE_CODE);
	else if (match.how == PLACE_BY_SIMILAR || match.how == PLACE_BY_BPS || match.contradiction)
		note(entry, NOTE_VILLAGE_RESPELT, COLUMN_VILLAGE);
}

static void read_address(struct row *row, struct entry *entry)
{
	struct address address;
	uint16_t rt, rw;

	if (address_parse(row->cell[COLUMN_ADDRESS], row->arena, &address) != 0)
		row->out_of_memory = true;
	entry->address = address.text.n ? address.text : (struct str){NULL, 0};
	entry->rt = address.rt;
	entry->rw = address.rw;
	if (place_parse_rt_rw(row->cell[COLUMN_RT_RW], true, &rt, &rw)) {
		entry->rt = rt;
		entry->rw = rw;
	}
	if (place_parse_rt_rw(row->cell[COLUMN_RT], true, &rt, &rw)) {
		entry->rt = rt;
		entry->rw = rw ? rw : entry->rw;
	}
	if (place_parse_rt_rw(row->cell[COLUMN_RW], true, &rt, &rw))
		entry->rw = rw ? rw : rt; /* a bare number there is the RW */
}

int entry_build(const struct entry_context *context, const enum column_role *roles, const struct str *cells,
        const bool *numeric, size_t n_cells, uint32_t number, uint64_t line, struct arena *arena, struct entry *out,
        enum entry_reject *reject, struct error *err)
{
	static const struct entry_context nothing_known = {0};
	struct row row = {.context = context ? context : &nothing_known, .arena = arena};
	struct date birth;
	bool named;

	*out = (struct entry){.row = number, .line = line};
	*reject = ENTRY_ACCEPTED;
	sort_cells(&row, roles, cells, numeric, n_cells);
	read_birth(&row, out, &birth);
	read_sex(&row, out);
	read_numbers(&row, out, birth);
	named = read_name(&row, out);
	read_village(&row, out);
	read_address(&row, out);
	out->relation = (uint8_t)relation_parse(row.cell[COLUMN_RELATION]);
	out->desil = desil_parse(row.cell[COLUMN_DESIL]);
	out->family_id = identifier(&row, COLUMN_FAMILY_ID);
	out->person_id = identifier(&row, COLUMN_PERSON_ID);
	if (row.out_of_memory)
		return error_memory(err);
	if (!named)
		*reject = ENTRY_NAMES_NOBODY;
	return 0;
}
