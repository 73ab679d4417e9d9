/*
 * Entries and raw rows in COPY's formats; see entry_copy.h.
 */
#include "daemon/jobs/entry_copy.h"
#include "daemon/db/copy_binary.h"

#include <stdio.h>

#include "daemon/base/banned.h"

enum { NOTE_NAME_BYTES = 64, RAW_FIELDS = 5, ENTRY_COLUMNS = 28 };

/* "nik_spreadsheet:nik": kind and the column it is about. */
static void write_notes(struct copy_buffer *buffer, const struct entry *entry)
{
	char names[ENTRY_NOTES_MAX][NOTE_NAME_BYTES];
	struct str texts[ENTRY_NOTES_MAX];

	if (!entry->n_notes) {
		copy_binary_null(buffer);
		return;
	}
	for (int i = 0; i < entry->n_notes; i++) {
		snprintf(names[i], sizeof(names[i]), "%s:%s", entry_note_name(entry->notes[i].kind),
			column_role_name(entry->notes[i].role));
		texts[i] = str_from(names[i]);
	}
	copy_binary_texts(buffer, texts, entry->n_notes);
}

static void write_number_or_null(struct copy_buffer *buffer, uint64_t number)
{
	if (number)
		copy_binary_int8(buffer, (int64_t)number);
	else
		copy_binary_null(buffer);
}

static void write_text_or_null(struct copy_buffer *buffer, struct str text)
{
	if (text.n)
		copy_binary_str(buffer, text);
	else
		copy_binary_null(buffer);
}

void entry_copy_write(struct copy_buffer *buffer, uint32_t district, int64_t list, const struct entry *entry,
	struct district_ids ids, uint64_t fingerprint)
{
	copy_binary_row(buffer, ENTRY_COLUMNS);
	copy_binary_int4(buffer, (int32_t)district);
	copy_binary_int8(buffer, list);
	copy_binary_int4(buffer, (int32_t)entry->row);
	copy_binary_int8(buffer, (int64_t)entry->line);
	copy_binary_int8(buffer, (int64_t)ids.person);
	write_number_or_null(buffer, ids.household);
	write_number_or_null(buffer, entry->nik);
	copy_binary_int2(buffer, entry->nik_digits);
	write_number_or_null(buffer, entry->kk);
	copy_binary_int2(buffer, entry->kk_digits);
	if (entry->birth)
		copy_binary_int4(buffer, (int32_t)entry->birth);
	else
		copy_binary_null(buffer);
	copy_binary_int2(buffer, entry->sex);
	copy_binary_int2(buffer, entry->relation);
	copy_binary_int2(buffer, entry->desil);
	copy_binary_int2(buffer, entry->rt > INT16_MAX ? 0 : (int16_t)entry->rt);
	copy_binary_int2(buffer, entry->rw > INT16_MAX ? 0 : (int16_t)entry->rw);
	write_number_or_null(buffer, entry->village);
	copy_binary_str(buffer, entry->name);
	copy_binary_str(buffer, entry->name_shown);
	write_text_or_null(buffer, entry->father_name);
	write_text_or_null(buffer, entry->head_name);
	write_text_or_null(buffer, entry->family_id);
	write_text_or_null(buffer, entry->person_id);
	write_text_or_null(buffer, entry->birth_place);
	write_text_or_null(buffer, entry->address);
	write_text_or_null(buffer, entry->village_text);
	write_notes(buffer, entry);
	copy_binary_int8(buffer, (int64_t)fingerprint);
}

static enum note_kind note_kind_from_name(struct str name)
{
	for (int kind = NOTE_NONE + 1; kind < NOTE_KINDS; kind++) {
		if (str_equal(name, str_from(entry_note_name(kind))))
			return kind;
	}
	return NOTE_NONE;
}

static int read_notes(struct copy_field field, struct arena *arena, struct entry *entry)
{
	struct str *texts;
	size_t n;

	if (field.null)
		return 0;
	if (copy_read_array(field.text, arena, &texts, &n) < 0)
		return -1;
	for (size_t i = 0; i < n && entry->n_notes < ENTRY_NOTES_MAX; i++) {
		const char *colon = memchr(texts[i].p, ':', texts[i].n);
		size_t length = colon ? (size_t)(colon - texts[i].p) : texts[i].n;
		enum note_kind kind = note_kind_from_name((struct str){texts[i].p, length});
		enum column_role role = COLUMN_IGNORE;

		if (colon)
			role = column_role_from_name((struct str){colon + 1, texts[i].n - length - 1});
		/* A note that this version does not know was of an older one: it says nothing any more. */
		if (kind != NOTE_NONE)
			entry->notes[entry->n_notes++] = (struct entry_note){kind, role == COLUMN_ROLES ? COLUMN_IGNORE : role};
	}
	return 0;
}

static int damaged(struct error *err)
{
	return error_set(err, ERROR_DATABASE, "Baris dari basis data tidak dapat dibaca.", "A row of the database can't be read.");
}

int entry_copy_fields(const struct copy_field f[ENTRY_FIELDS], struct arena *arena, int64_t *list, struct entry *entry,
	struct district_ids *ids, struct error *err)
{
	*list = copy_read_int(f[0]);
	*ids = (struct district_ids){(uint64_t)copy_read_int(f[3]), (uint64_t)copy_read_int(f[4])};
	*entry = (struct entry){
		.row = (uint32_t)copy_read_int(f[1]),
		.line = (uint64_t)copy_read_int(f[2]),
		.nik = (uint64_t)copy_read_int(f[5]),
		.nik_digits = (uint8_t)copy_read_int(f[6]),
		.kk = (uint64_t)copy_read_int(f[7]),
		.kk_digits = (uint8_t)copy_read_int(f[8]),
		.birth = (uint32_t)copy_read_int(f[9]),
		.sex = (uint8_t)copy_read_int(f[10]),
		.relation = (uint8_t)copy_read_int(f[11]),
		.desil = (uint8_t)copy_read_int(f[12]),
		.rt = (uint16_t)copy_read_int(f[13]),
		.rw = (uint16_t)copy_read_int(f[14]),
		.village = (uint64_t)copy_read_int(f[15]),
		.name = f[16].text,
		.name_shown = f[17].text,
		.father_name = f[18].text,
		.head_name = f[19].text,
		.family_id = f[20].text,
		.person_id = f[21].text,
		.birth_place = f[22].text,
		.address = f[23].text,
		.village_text = f[24].text,
	};
	return read_notes(f[25], arena, entry) < 0 ? damaged(err) : 0;
}

int entry_copy_read(struct str row, struct arena *arena, int64_t *list, struct entry *entry, struct district_ids *ids,
	struct error *err)
{
	struct copy_field f[ENTRY_FIELDS];

	if (copy_read_row(row, arena, f, ENTRY_FIELDS) != ENTRY_FIELDS)
		return damaged(err);
	return entry_copy_fields(f, arena, list, entry, ids, err);
}

int raw_copy_read(struct str row, struct arena *arena, struct raw_row *raw, struct error *err)
{
	struct copy_field f[RAW_FIELDS];

	if (copy_read_row(row, arena, f, RAW_FIELDS) != RAW_FIELDS)
		return damaged(err);
	*raw = (struct raw_row){
		.row = (uint32_t)copy_read_int(f[0]),
		.line = (uint64_t)copy_read_int(f[1]),
		.rejected = f[4].text.n && f[4].text.p[0] == 't',
	};
	if (copy_read_cells(f[2].text, arena, &raw->cells, &raw->n_cells) < 0)
		return damaged(err);
	if (!f[3].null) {
		struct str *numbers;
		size_t n;

		raw->numeric = arena_array(arena, raw->n_cells ? raw->n_cells : 1, sizeof(*raw->numeric));
		if (!raw->numeric || copy_read_array(f[3].text, arena, &numbers, &n) < 0)
			return damaged(err);
		for (size_t i = 0; i < n; i++) {
			int64_t cell = copy_read_int((struct copy_field){.text = numbers[i]});

			if (cell >= 0 && (size_t)cell < raw->n_cells)
				raw->numeric[cell] = true;
		}
	}
	return 0;
}
