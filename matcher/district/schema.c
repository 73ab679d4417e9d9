/*
 * What a district's entries are linked by, and how an entry says it in the linker's terms.
 */
#include "matcher/base/hash.h"
#include "matcher/district/register.h"

#include <stdio.h>

const struct linker_schema district_schema = {
	DISTRICT_FIELDS,
	{
		[DISTRICT_NIK] = {FIELD_NIK, "nik"},
		[DISTRICT_KK] = {FIELD_KK, "kk"},
		[DISTRICT_FAMILY] = {FIELD_KK, "family_id"},
		[DISTRICT_NAME] = {FIELD_NAME, "name"},
		[DISTRICT_BIRTH] = {FIELD_DATE, "birth_date"},
		[DISTRICT_SEX] = {FIELD_SEX, "sex"},
		[DISTRICT_VILLAGE] = {FIELD_CODE, "village"},
		[DISTRICT_RT] = {FIELD_CODE, "rt", .within_place = true},
		[DISTRICT_ADDRESS] = {FIELD_ADDRESS, "address"},
	},
};

/* A number printed with that many digits. */
static int number_text(struct arena *scratch, uint64_t number, int digits, struct str *ret)
{
	char text[24];
	int n = snprintf(text, sizeof(text), "%0*llu", digits, (unsigned long long)number);

	*ret = arena_str(scratch, (struct str){text, (size_t)n});
	return ret->p ? 0 : -1;
}

static int digits_value(struct arena *scratch, uint64_t number, uint8_t digits, struct field_value *value)
{
	if (!number)
		return 0;
	value->number = number;
	if (digits < 16)
		value->flags = FIELD_SUSPECT;
	return number_text(scratch, number, digits ? digits : 16, &value->text);
}

static int date_value(struct arena *scratch, uint32_t birth, struct field_value *value)
{
	char text[24];
	int n;

	if (!birth)
		return 0;
	value->number = birth;
	n = snprintf(text, sizeof(text), "%04u-%02u-%02u", birth / 10000, birth / 100 % 100, birth % 100);
	value->text = arena_str(scratch, (struct str){text, (size_t)n});
	return value->text.p ? 0 : -1;
}

/*
 * A village's code, or its name as written where no table of codes is at hand. A name that such a table does not know, or knows
 * more than once, is no other village than that of a row which has the code: it says nothing.
 */
static int village_value(struct arena *scratch, const struct entry *entry, struct field_value *value)
{
	if (entry->village)
		return number_text(scratch, entry->village, 10, &value->text);
	for (int i = 0; i < entry->n_notes; i++)
		if (entry->notes[i].kind == NOTE_VILLAGE_UNKNOWN || entry->notes[i].kind == NOTE_VILLAGE_BPS)
			return 0;
	value->text = entry->village_text;
	return 0;
}

/* An RT's number says something within its village alone. */
static int rt_value(struct arena *scratch, const struct entry *entry, struct str village, struct field_value *value)
{
	char text[96];
	int n;

	if (!entry->rt || !village.n)
		return 0;
	n = snprintf(text, sizeof(text), "%.*s RT %u", village.n > 64 ? 64 : (int)village.n, village.p, entry->rt);
	value->text = arena_str(scratch, (struct str){text, (size_t)n});
	return value->text.p ? 0 : -1;
}

int district_field_values(const struct entry *entry, struct arena *scratch, struct field_value values[DISTRICT_FIELDS])
{
	memset(values, 0, DISTRICT_FIELDS * sizeof(*values));
	if (digits_value(scratch, entry->nik, entry->nik_digits, &values[DISTRICT_NIK]) < 0 ||
		digits_value(scratch, entry->kk, entry->kk_digits, &values[DISTRICT_KK]) < 0 ||
		date_value(scratch, entry->birth, &values[DISTRICT_BIRTH]) < 0 ||
		village_value(scratch, entry, &values[DISTRICT_VILLAGE]) < 0 ||
		rt_value(scratch, entry, values[DISTRICT_VILLAGE].text, &values[DISTRICT_RT]) < 0)
		return -1;
	/* A family id is whatever a list's maker chose, running numbers often: only equality says something, so its hash
	 * stands for it, which is never one digit from its neighbour's. */
	if (entry->family_id.n &&
		digits_value(scratch, 1 + hash_str(entry->family_id) % UINT64_C(9999999999999998), 16,
			&values[DISTRICT_FAMILY]) < 0)
		return -1;
	values[DISTRICT_NAME].text = entry->name;
	values[DISTRICT_SEX].number = entry->sex;
	if (entry->sex)
		values[DISTRICT_SEX].text = entry->sex == 1 ? STR_LITERAL("L") : STR_LITERAL("P");
	values[DISTRICT_ADDRESS].text = entry->address;
	return 0;
}

uint64_t district_entry_fingerprint(const struct entry *entry)
{
	uint64_t hash = hash_pair(entry->nik, entry->kk);

	hash = hash_pair(hash, hash_str(entry->name));
	hash = hash_pair(hash, (uint64_t)entry->birth << 8 | entry->sex);
	hash = hash_pair(hash, entry->village ? entry->village : hash_str(entry->village_text));
	hash = hash_pair(hash, hash_pair(entry->rt, hash_str(entry->address)));
	return hash_pair(hash, hash_str(entry->family_id));
}
