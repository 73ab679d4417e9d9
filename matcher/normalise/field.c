/*
 * See field.h. One function per kind of column; each starts from a cell that holds something.
 */
#include "matcher/normalise/field.h"

#include "matcher/normalise/address.h"
#include "matcher/normalise/date.h"
#include "matcher/normalise/name.h"
#include "matcher/normalise/nik.h"
#include "matcher/normalise/sex.h"
#include "matcher/normalise/text_fold.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const type_names[FIELD_TYPES] = {"ignore", "name", "given_name", "surname", "nik", "kk",
        "identifier", "date", "sex", "code", "number", "address", "text", "email", "age", "phone"};

const char *field_type_name(enum field_type type)
{
	return type_names[(unsigned)type < FIELD_TYPES ? type : FIELD_IGNORE];
}

enum field_type field_type_from_name(struct str name)
{
	for (int type = 0; type < FIELD_TYPES; type++)
		if (str_equal(name, str_from(type_names[type])))
			return (enum field_type)type;
	return FIELD_TYPES;
}

static int set_text(struct field_value *out, struct str text, struct arena *arena)
{
	out->text = arena_str(arena, text);
	return out->text.p ? 0 : -1;
}

/* Tokens of the name and, in a list of any kind, the father's behind them. */
static int join_father(struct name *name, struct arena *arena)
{
	char joined[1024];
	size_t n = name->text.n;

	if (name->father_count == 0)
		return 0;
	memcpy(joined, name->text.p, n);
	for (unsigned i = 0; i < name->father_count && i + name->count < NAME_TOKENS_MAX; i++) {
		struct str token = name->father[i].text;

		if (n + token.n + 1 > sizeof(joined))
			break;
		joined[n++] = ' ';
		memcpy(joined + n, token.p, token.n);
		n += token.n;
	}
	name->text = arena_str(arena, (struct str){joined, n});
	return name->text.p ? 0 : -1;
}

static int normalise_name(struct str raw, bool whole, struct arena *arena, struct field_value *out)
{
	enum { ROUNDS_MAX = 8 };

	/* What is taken from a name's middle or end may leave a title at its new end: until nothing changes. */
	for (int round = 0; round < ROUNDS_MAX; round++) {
		struct name name;

		if (name_parse_text(raw, whole, arena, &name) != 0 || join_father(&name, arena) != 0)
			return -1;
		if (name.flags & (NAME_TITLE_REMOVED | NAME_DECEASED | NAME_ABBREVIATED))
			out->flags |= FIELD_REPAIRED;
		if (name.flags & NAME_TOO_MANY)
			out->flags |= FIELD_SUSPECT;
		out->text = name.text;
		if (str_equal(raw, name.text) || !(name.father_count || name.flags))
			break;
		raw = name.text;
	}
	return 0;
}

/* What a workbook adds to a number that was a code: "1505012001.0". */
static struct str without_point_zero(struct str raw)
{
	if (raw.n < 3 || memcmp(raw.p + raw.n - 2, ".0", 2) != 0)
		return raw;
	for (size_t i = 0; i < raw.n - 2; i++)
		if (raw.p[i] < '0' || raw.p[i] > '9')
			return raw;
	return (struct str){raw.p, raw.n - 2};
}

/* Letters and digits alone; digits of up to 19 places also as a number. */
static int normalise_identifier(struct str raw, struct arena *arena, struct field_value *out)
{
	char folded[128], kept[128];
	size_t n = text_fold_words_into(without_point_zero(raw), folded, sizeof(folded), NULL), m = 0;
	bool digits = true, alike = true;

	for (size_t i = 0; i < n; i++) {
		if (folded[i] == ' ') {
			out->flags |= FIELD_REPAIRED;
			continue;
		}
		digits &= folded[i] >= '0' && folded[i] <= '9';
		kept[m++] = folded[i];
		alike &= kept[m - 1] == kept[0];
	}
	if (m == 0 || (digits && alike && (kept[0] == '0' || m >= 6))) {
		out->flags = m ? FIELD_PLACEHOLDER : 0;
		return 0;
	}
	for (size_t i = 0; digits && m <= 19 && i < m; i++)
		out->number = out->number * 10 + (uint64_t)(kept[i] - '0');
	return set_text(out, (struct str){kept, m}, arena);
}

static bool has_digit(struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] >= '0' && text.p[i] <= '9')
			return true;
	return false;
}

/* A household key of another kind: it has a digit somewhere, and is no KK number once its signs are gone. */
static int normalise_household_key(struct str raw, struct arena *arena, struct field_value *out)
{
	struct nik kk;

	if (normalise_identifier(raw, arena, out) != 0)
		return -1;
	kk_parse(out->text, false, &kk);
	if (!has_digit(out->text) || kk.value || (kk.flags & (NIK_PLACEHOLDER | NIK_EXPONENT)))
		*out = (struct field_value){0};
	return 0;
}

static int normalise_number_of_person(
        struct str raw, bool numeric, bool kk, struct arena *arena, struct field_value *out)
{
	struct nik nik;
	char text[24];

	if (kk)
		kk_parse(raw, numeric, &nik);
	else
		nik_parse(raw, numeric, &nik);
	if (nik.flags & NIK_PLACEHOLDER)
		out->flags |= FIELD_PLACEHOLDER;
	if (nik.flags & (NIK_CLEANED | NIK_LETTERS_REPAIRED))
		out->flags |= FIELD_REPAIRED;
	if (kk && nik.value == 0 && !(nik.flags & (NIK_PLACEHOLDER | NIK_MISSING | NIK_EXPONENT)))
		return normalise_household_key(raw, arena, out);
	if (nik.value == 0)
		return 0;
	if (nik.flags & (NIK_WRONG_LENGTH | NIK_SIXTEENTH_LOST | NIK_TEMPORARY | NIK_BAD_AREA))
		out->flags |= FIELD_SUSPECT;
	nik_format(&nik, text);
	out->number = nik.value;
	return set_text(out, str_from(text), arena);
}

/* 19800312 → "1980-03-12". */
static struct str date_text(uint32_t yyyymmdd, char text[10])
{
	static const char form[] = "0000-00-00";

	for (int i = 9; i >= 0; i--) {
		text[i] = form[i];
		if (form[i] == '0') {
			text[i] = (char)('0' + yyyymmdd % 10);
			yyyymmdd /= 10;
		}
	}
	return (struct str){text, 10};
}

static int normalise_date(struct str raw, bool numeric, struct arena *arena, struct field_value *out)
{
	struct date date;
	char text[10];

	if (!date_parse(raw, numeric, NULL, &date, NULL)) {
		out->flags |= date.flags & DATE_PLACEHOLDER ? FIELD_PLACEHOLDER : 0;
		return 0;
	}
	if (date.flags & (DATE_IMPOSSIBLE | DATE_AMBIGUOUS | DATE_IMPLAUSIBLE | DATE_TWO_DIGIT_YEAR))
		out->flags |= FIELD_SUSPECT;
	out->number = date_pack(date);
	return set_text(out, date_text((uint32_t)out->number, text), arena);
}

static int normalise_sex(struct str raw, struct arena *arena, struct field_value *out)
{
	enum sex sex = sex_parse(raw, SEX_CODING_DEFAULT);

	out->number = sex;
	return sex == SEX_UNKNOWN ? 0 : set_text(out, str_from(sex_letter(sex)), arena);
}

/* Where the decimal point of [from, to) is; to if there is none. A separator that stands once and not before three
   digits is one, or the last of two kinds: 12,5 and 1.250,50 and 1,250.50, but 1.250 and 1.250.000. */
static size_t find_decimal(const char *text, size_t from, size_t to)
{
	size_t last = to, same = 0, other = 0;

	for (size_t i = from; i < to; i++)
		if (text[i] == '.' || text[i] == ',')
			last = i;
	for (size_t i = from; i < last && last < to; i++) {
		same += text[i] == text[last];
		other += (text[i] == '.' || text[i] == ',') && text[i] != text[last];
	}
	if (same || (!other && to - last == 4 && text[from] != '0'))
		return to;
	return last;
}

/* The first number in the cell: "Rp 1.000,50", "25 th", "-3". */
static int normalise_number(struct str raw, struct arena *arena, struct field_value *out)
{
	char folded[64], text[72];
	size_t n = text_fold_into(raw, folded, sizeof(folded), NULL), from = 0, to, m = 0, decimal, decimals = 0;
	bool negative;

	while (from < n && !(folded[from] >= '0' && folded[from] <= '9'))
		from++;
	for (to = from; to < n && ((folded[to] >= '0' && folded[to] <= '9') || folded[to] == '.' || folded[to] == ',');)
		to++;
	while (to > from && (folded[to - 1] == '.' || folded[to - 1] == ','))
		to--;
	if (from == to)
		return 0;
	decimal = find_decimal(folded, from, to);
	negative = from > 0 && folded[from - 1] == '-' && (from == 1 || folded[from - 2] == ' ');
	if (negative)
		text[m++] = '-';
	for (size_t i = from; i < decimal; i++) {
		if (folded[i] == '.' || folded[i] == ',' || (folded[i] == '0' && out->number == 0 && i + 1 < decimal))
			continue;
		text[m++] = folded[i];
		if (out->number < UINT64_MAX / 10 - 10)
			out->number = out->number * 10 + (uint64_t)(folded[i] - '0');
	}
	if (m == negative)
		text[m++] = '0';
	while (to > decimal && folded[to - 1] == '0')
		to--;
	for (size_t i = decimal + 1; i < to; i++, decimals++) {
		if (decimals == 0)
			text[m++] = '.';
		text[m++] = folded[i];
	}
	if (out->number == 0 && decimals == 0)
		return set_text(out, STR_LITERAL("0"), arena);
	/* Read again, 1.125 would be 1125. */
	if (decimals == 3 && text[negative] != '0')
		text[m++] = '0';
	return set_text(out, (struct str){text, m}, arena);
}

static int normalise_address(struct str raw, struct arena *arena, struct field_value *out)
{
	struct address address;

	char text[1024];
	int n;

	if (address_parse(raw, arena, &address) != 0)
		return -1;
	out->text = address.text;
	if (!address.rt && !address.rw)
		return 0;
	/* Where the address is all there is, RT and RW are part of it. */
	n = snprintf(text, sizeof(text), "%.*s%s%s%.0u", STR_ARGS(address.text), address.text.n ? " " : "",
	        address.rt ? "RT " : "", address.rt);
	if (address.rw && n > 0 && (size_t)n < sizeof(text))
		n += snprintf(text + n, sizeof(text) - (size_t)n, "%sRW %u", address.rt ? " " : "", address.rw);
	return set_text(out, (struct str){text, n > 0 && (size_t)n < sizeof(text) ? (size_t)n : 0}, arena);
}

/* The last nine digits: what stands before them is a trunk prefix or a country's code, written or not. */
static int normalise_phone(struct str raw, struct arena *arena, struct field_value *out)
{
	enum { DIGITS = 9, LEAST = 5 };
	char folded[128], kept[128];
	size_t n = text_fold_into(without_point_zero(raw), folded, sizeof(folded), NULL), m = 0, from;
	bool alike = true;

	for (size_t i = 0; i < n && folded[i] != '/' && folded[i] != ','; i++)
		if (folded[i] >= '0' && folded[i] <= '9')
			kept[m++] = folded[i];
	from = m > DIGITS ? m - DIGITS : 0;
	while (m - from < DIGITS && from < m && kept[from] == '0')
		from++;
	for (size_t i = from; i < m; i++)
		alike &= kept[i] == kept[from];
	if (m - from < LEAST || alike) {
		out->flags = m ? FIELD_PLACEHOLDER : 0;
		return 0;
	}
	out->flags |= m < raw.n ? FIELD_REPAIRED : 0;
	return set_text(out, (struct str){kept + from, m - from}, arena);
}

static int normalise_code(struct str raw, struct arena *arena, struct field_value *out)
{
	struct str code = without_point_zero(raw);

	if (code.n < raw.n)
		out->flags |= FIELD_REPAIRED;
	out->text = text_fold_words(code, arena, NULL);
	return out->text.p ? 0 : -1;
}

static int normalise_text(struct str raw, bool words, struct arena *arena, struct field_value *out)
{
	out->text = words ? text_fold_words(raw, arena, NULL) : text_fold(raw, arena, NULL);
	return out->text.p ? 0 : -1;
}

int field_normalise(enum field_type type, struct str raw, bool numeric, struct arena *arena, struct field_value *out)
{
	int result = 0;

	*out = (struct field_value){0};
	raw = str_trim(raw);
	if (type == FIELD_IGNORE || text_is_missing(raw))
		return 0;
	switch (type) {
	case FIELD_NAME:
		result = normalise_name(raw, true, arena, out);
		break;
	case FIELD_GIVEN_NAME:
	case FIELD_SURNAME:
		result = normalise_name(raw, false, arena, out);
		break;
	case FIELD_NIK:
	case FIELD_KK:
		result = normalise_number_of_person(raw, numeric, type == FIELD_KK, arena, out);
		break;
	case FIELD_IDENTIFIER:
		result = normalise_identifier(raw, arena, out);
		break;
	case FIELD_DATE:
		result = normalise_date(raw, numeric, arena, out);
		break;
	case FIELD_SEX:
		result = normalise_sex(raw, arena, out);
		break;
	case FIELD_CODE:
		result = normalise_code(raw, arena, out);
		break;
	case FIELD_NUMBER:
	case FIELD_AGE:
		result = normalise_number(raw, arena, out);
		break;
	case FIELD_ADDRESS:
		result = normalise_address(raw, arena, out);
		break;
	case FIELD_TEXT:
		result = normalise_text(raw, true, arena, out);
		break;
	case FIELD_PHONE:
		result = normalise_phone(raw, arena, out);
		break;
	case FIELD_EMAIL:
		result = normalise_text(raw, false, arena, out);
		break;
	default:
		break;
	}
	if (out->number == 0 && text_is_missing(out->text)) /* what is left of "- (…)" */
		out->text = (struct str){NULL, 0};
	return result;
}
