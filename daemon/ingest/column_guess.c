/*
 * Types of columns by header and contents. See column_guess.h.
 *
 * Two tables know headers, since they answer two questions. column_words.c has whole headers of aid lists → the role that a
 * column plays there. RULES below has single words of any list of persons → what a column can be compared as, with what an
 * aid list ignores (telephones, e-mail) and what must not be compared (groups, keys); it is asked first, and the other for
 * what it does not know. What neither knows is judged by its contents. Contents also overrule a header that they contradict.
 */
#include "daemon/ingest/column_guess.h"

#include "daemon/ingest/column_contents.h"
#include "daemon/ingest/column_together.h"
#include "daemon/ingest/column_words.h"

#include <stdlib.h>

enum {
	HEADER_MAX = 96 /* bytes of a header that are looked at */
};

struct rule {
	enum field_type type;
	enum column_why why;
	const char *words; /* alternatives separated by spaces; "a+b": both words stand in the header */
};

/* The first rule that fits counts: the more telling words come first. */
static const struct rule RULES[] = {
	{FIELD_EMAIL, COLUMN_BY_HEADER, "email e+mail mail surel"},
	{FIELD_IGNORE, COLUMN_IS_GROUP,
		"cluster clusters group groups label labels truth true gold golden duplicate duplicates dup dupe dedupe match matched "
		"matches entity household hh fold split target weight score similarity probability kelompok gerombol"},
	{FIELD_CODE, COLUMN_BY_HEADER, "shdk relation relationship hubungan"},
	/* Somebody else's, or no field of its own kind. */
	{FIELD_TEXT, COLUMN_BY_HEADER,
		"father mother spouse parent guardian husband wife ayah ibu wali suami istri ortu kepala maiden alias nickname company "
		"organisation organization employer occupation job profession pekerjaan jabatan school sekolah nationality religion "
		"agama suku death+date date+death deceased dod"},
	{FIELD_IDENTIFIER, COLUMN_BY_HEADER,
		"ssn soc+sec social+security nino national+insurance passport paspor npwp nisn nis nip bpjs license licence sim tax+id "
		"tax+number national+id citizen+id id+number id+card identity+number nid voter+id student+id student+number "
		"employee+id member+id membership medicare nhs health+number"},
	{FIELD_PHONE, COLUMN_BY_HEADER,
		"phone telephone mobile cellphone cell telp telepon hp nohp handphone ponsel wa whatsapp fax contact+number contact+no tel"},
	{FIELD_NIK, COLUMN_BY_HEADER, "nik ktp nomor+induk+kependudukan"},
	{FIELD_KK, COLUMN_BY_HEADER, "kk nkk nokk kartu+keluarga id+keluarga family+id family+number"},
	{FIELD_IGNORE, COLUMN_IS_OTHER_KEY,
		"created updated modified registered registration inserted timestamp source dataset file comment comments note notes "
		"remark remarks keterangan ket status"},
	{FIELD_DATE, COLUMN_BY_HEADER,
		"dob birthdate birthday date+birth birth+date date+of+birth bday born tanggal+lahir tgl+lahir tgllahir tgllhr ttl"},
	{FIELD_TEXT, COLUMN_BY_HEADER, "birth+place birthplace place+birth tempat+lahir birth+city birth+country birth+town"},
	{FIELD_DATE, COLUMN_BY_HEADER, "birth+year year+birth yob tahun+lahir"},
	{FIELD_NAME, COLUMN_BY_HEADER, "full+name fullname first+and+surname person+name namalengkap nama+lengkap first+surname"},
	{FIELD_SURNAME, COLUMN_BY_HEADER, "nachname familienname apellido apellidos cognome nom surname lastname last+name family+name familyname second+name sname lname marga nama+belakang"},
	{FIELD_GIVEN_NAME, COLUMN_BY_HEADER,
		"vorname prenom nombre given+name givenname given firstname first+name forename forenames christian+name fname middlename middle+name middle "
		"middle+initial nama+depan nama+tengah"},
	{FIELD_CODE, COLUMN_BY_HEADER, "postcode postal+code post+code zip zipcode zip+code pincode kode+pos kodepos"},
	{FIELD_CODE, COLUMN_BY_HEADER, "state province provinsi country country+code region rt rw kd+desa kode+desa kd+kec kode+kec"},
	{FIELD_NUMBER, COLUMN_BY_HEADER, "street+number house+number street+num house+num street+no house+no housenumber building+number flat+number nomor+rumah no+rumah"},
	{FIELD_AGE, COLUMN_BY_HEADER, "age umur usia"},
	{FIELD_EMAIL, COLUMN_BY_HEADER, "email+address"},
	{FIELD_ADDRESS, COLUMN_BY_HEADER, "address addr alamat street road jalan"},
	{FIELD_TEXT, COLUMN_BY_HEADER, "suburb city town village locality county municipality kota desa kelurahan kecamatan kabupaten dusun"},
	{FIELD_SEX, COLUMN_BY_HEADER, "sex gender jk kelamin lp"},
	{FIELD_NAME, COLUMN_BY_HEADER, "name nama names"},
	{FIELD_IGNORE, COLUMN_IS_OTHER_KEY,
		"id uid uuid guid key index rownum rownumber no nomor number num record recid row seq sequence serial unnamed"},
};

static const char *const ROW_KEYS[] = {"id", "recid", "uniqueid", "recordid", "rowid"};

/* ---- the header ---- */

/* Lower-case words with a space around each: "dateOfBirth_1" → " date of birth 1 ". */
static void words_of(struct str header, char out[2 * HEADER_MAX + 3])
{
	size_t n = 0;
	char before = ' ';

	out[n++] = ' ';
	for (size_t i = 0; i < header.n && i < HEADER_MAX && n + 3 < 2 * HEADER_MAX; i++) {
		char c = header.p[i];
		bool upper = c >= 'A' && c <= 'Z', lower = c >= 'a' && c <= 'z', digit = c >= '0' && c <= '9';
		bool starts = (upper && before >= 'a' && before <= 'z') || (digit && !(before >= '0' && before <= '9')) ||
			      (!digit && before >= '0' && before <= '9');

		if (starts && out[n - 1] != ' ')
			out[n++] = ' ';
		if (upper || lower || digit)
			out[n++] = upper ? (char)(c | 0x20) : c;
		else if (out[n - 1] != ' ')
			out[n++] = ' ';
		before = c;
	}
	if (out[n - 1] != ' ')
		out[n++] = ' ';
	out[n] = '\0';
}

static bool has_word(const char *words, const char *word, size_t n)
{
	for (const char *p = words; (p = strchr(p, ' ')) != NULL && p[1]; p++)
		if (strncmp(p + 1, word, n) == 0 && p[1 + n] == ' ')
			return true;
	return false;
}

/* One alternative of a rule: each of its words stands in the header, or the header is their joining. */
static bool alternative_fits(const char *words, const char *key, const char *alternative, size_t n)
{
	char joined[HEADER_MAX];
	size_t joined_n = 0;
	bool all = true;

	for (size_t i = 0; i < n;) {
		size_t length = 0;

		while (i + length < n && alternative[i + length] != '+')
			length++;
		all &= has_word(words, alternative + i, length);
		memcpy(joined + joined_n, alternative + i, length);
		joined_n += length;
		i += length + 1;
	}
	joined[joined_n] = '\0';
	return all || strcmp(joined, key) == 0;
}

static const struct rule *rule_for(struct str header)
{
	char words[2 * HEADER_MAX + 3], key[COLUMN_KEY_MAX];

	words_of(header, words);
	column_key(header, key);
	for (size_t i = 0; i < sizeof RULES / sizeof *RULES; i++) {
		for (const char *p = RULES[i].words; *p;) {
			size_t n = strcspn(p, " ");

			if (alternative_fits(words, key, p, n))
				return &RULES[i];
			p += n;
			p += *p == ' ';
		}
	}
	return NULL;
}

static enum field_type type_of_role(enum column_role role)
{
	switch (role) {
	case COLUMN_NIK:
		return FIELD_NIK;
	case COLUMN_KK:
	case COLUMN_FAMILY_ID:
		return FIELD_KK;
	case COLUMN_PERSON_ID:
		return FIELD_IDENTIFIER;
	case COLUMN_NAME:
		return FIELD_NAME;
	case COLUMN_BIRTH_DATE:
	case COLUMN_BIRTH_PLACE_DATE:
	case COLUMN_BIRTH_YEAR:
		return FIELD_DATE;
	case COLUMN_SEX:
		return FIELD_SEX;
	case COLUMN_ADDRESS:
		return FIELD_ADDRESS;
	case COLUMN_AGE:
		return FIELD_AGE;
	case COLUMN_RELATION:
	case COLUMN_KECAMATAN_CODE:
	case COLUMN_VILLAGE_CODE:
	case COLUMN_RT:
	case COLUMN_RW:
	case COLUMN_RT_RW:
	case COLUMN_DESIL:
		return FIELD_CODE;
	case COLUMN_BIRTH_PLACE:
	case COLUMN_HEAD_NAME:
	case COLUMN_PARENT_NAME:
	case COLUMN_PROVINCE:
	case COLUMN_REGENCY:
	case COLUMN_KECAMATAN:
	case COLUMN_VILLAGE:
		return FIELD_TEXT;
	case COLUMN_AMOUNT:
	case COLUMN_IGNORE:
	case COLUMN_ROLES:
		break;
	}
	return FIELD_IGNORE;
}

static bool is_row_key(struct str header)
{
	char key[COLUMN_KEY_MAX];

	column_key(header, key);
	for (size_t i = 0; i < sizeof ROW_KEYS / sizeof *ROW_KEYS; i++)
		if (strcmp(key, ROW_KEYS[i]) == 0)
			return true;
	return false;
}

int32_t column_guess_id(const struct str *header, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (is_row_key(header[i]))
			return (int32_t)i;
	return -1;
}

bool column_guess_knows(struct str header)
{
	return is_row_key(header) || rule_for(header) || column_word_find_exact(header, NULL, 0).strength != COLUMN_UNKNOWN;
}

static struct column_guess by_contents(const struct column_contents *c)
{
	if (column_share(c->emails, c, 60))
		return (struct column_guess){FIELD_EMAIL, COLUMN_BY_CONTENTS, COLUMN_WHOLE};
	if (column_share(c->niks, c, 80)) {
		enum field_type type = c->women * 20 >= c->niks ? FIELD_NIK : FIELD_KK;

		return (struct column_guess){type, COLUMN_BY_CONTENTS, COLUMN_WHOLE};
	}
	if (column_share(c->phones, c, 70))
		return (struct column_guess){FIELD_PHONE, COLUMN_BY_CONTENTS, COLUMN_WHOLE};
	if (column_share(c->dates, c, 80))
		return (struct column_guess){FIELD_DATE, COLUMN_BY_CONTENTS, COLUMN_WHOLE};
	if (column_share(c->sexes, c, 90) && c->distinct <= 5)
		return (struct column_guess){FIELD_SEX, COLUMN_BY_CONTENTS, COLUMN_WHOLE};
	if (column_share(c->integers, c, 95)) {
		/* Numbers that rise down the file were given out by somebody: a key or a group. */
		if (column_share(c->ascending, c, 97) && c->distinct > 5)
			return (struct column_guess){FIELD_IGNORE, c->distinct == c->filled ? COLUMN_IS_OTHER_KEY : COLUMN_IS_GROUP, COLUMN_WHOLE};
		if (c->longest >= 7 && c->distinct * 10 > c->filled * 7)
			return (struct column_guess){FIELD_IDENTIFIER, COLUMN_BY_CONTENTS, COLUMN_WHOLE};
	}
	if (column_share(c->numbers, c, 95))
		return (struct column_guess){c->distinct * 4 <= c->filled ? FIELD_CODE : FIELD_NUMBER, COLUMN_BY_CONTENTS, COLUMN_WHOLE};
	if (c->distinct * 20 <= c->filled)
		return (struct column_guess){FIELD_CODE, COLUMN_BY_CONTENTS, COLUMN_WHOLE};
	if (column_share(c->with_digits, c, 40) && c->words >= 3 * c->filled)
		return (struct column_guess){FIELD_ADDRESS, COLUMN_BY_CONTENTS, COLUMN_WHOLE};
	return (struct column_guess){FIELD_TEXT, COLUMN_BY_CONTENTS, COLUMN_WHOLE};
}

/* A header's type that the contents contradict is another. */
static struct column_guess confirmed(enum field_type type, const struct column_contents *c)
{
	struct column_guess guess = {type, COLUMN_BY_HEADER, COLUMN_WHOLE};
	bool wrong = false;

	if (c->filled < COLUMN_JUDGED_FROM)
		return guess;
	switch (type) {
	case FIELD_NIK:
		wrong = !column_share(c->integers, c, 30) && !column_share(c->numbers, c, 30);
		break;
	case FIELD_KK:
		wrong = column_share(c->letters, c, 70) && !column_share(c->with_digits, c, 50);
		break;
	case FIELD_DATE:
		wrong = !column_share(c->dates, c, 20) && !column_share(c->integers, c, 50) && !column_share(c->with_digits, c, 50);
		break;
	case FIELD_NAME:
	case FIELD_GIVEN_NAME:
	case FIELD_SURNAME:
		wrong = column_share(c->integers, c, 70);
		break;
	case FIELD_EMAIL:
		wrong = !column_share(c->emails, c, 20);
		break;
	case FIELD_NUMBER:
	case FIELD_AGE:
		wrong = column_share(c->letters, c, 70);
		break;
	case FIELD_SEX:
		wrong = c->distinct > 12 && c->distinct * 5 > c->filled;
		break;
	default:
		break;
	}
	if (wrong)
		return by_contents(c);
	guess.why = COLUMN_BY_BOTH;
	return guess;
}

static struct column_guess guess_one(struct str header, const struct column_contents *c, uint32_t rows)
{
	const struct rule *rule;

	if (is_row_key(header))
		return (struct column_guess){FIELD_IGNORE, COLUMN_IS_ROW_KEY, COLUMN_WHOLE};
	if (rows && c->filled == 0)
		return (struct column_guess){FIELD_IGNORE, COLUMN_IS_EMPTY, COLUMN_WHOLE};
	rule = rule_for(header);
	if (rule && rule->type == FIELD_IGNORE)
		return (struct column_guess){FIELD_IGNORE, rule->why, COLUMN_WHOLE};
	if (c->filled >= COLUMN_JUDGED_FROM && c->distinct == 1 && c->filled == rows)
		return (struct column_guess){FIELD_IGNORE, COLUMN_IS_EMPTY, COLUMN_WHOLE};
	if (rule)
		return confirmed(rule->type, c);
	{
		enum column_role role = column_map_role(header, NULL, 0);

		if (role == COLUMN_AMOUNT || role == COLUMN_IGNORE)
			return (struct column_guess){FIELD_IGNORE, COLUMN_IS_OTHER_KEY, COLUMN_WHOLE};
		if (role != COLUMN_ROLES)
			return confirmed(type_of_role(role), c);
	}
	return c->filled >= COLUMN_JUDGED_FROM ? by_contents(c) : (struct column_guess){FIELD_TEXT, COLUMN_BY_HEADER, COLUMN_WHOLE};
}

void column_guess(const struct str *header, uint32_t n, const struct str *sample, uint32_t rows, struct column_guess *guesses)
{
	struct column_contents *contents = calloc(n + 1, sizeof *contents);

	for (uint32_t i = 0; i < n; i++) {
		struct column_contents here = column_contents_judge(sample, n, rows, i);

		guesses[i] = guess_one(str_trim(header[i]), &here, rows);
		if (contents)
			contents[i] = here;
	}
	/* Without memory each column keeps what it is by itself. */
	if (contents)
		column_together(header, n, contents, guesses);
	free(contents);
}

const char *column_why_text(enum column_why why, bool english)
{
	switch (why) {
	case COLUMN_BY_HEADER:
		return english ? "by its header" : "menurut judulnya";
	case COLUMN_BY_CONTENTS:
		return english ? "by its contents" : "menurut isinya";
	case COLUMN_BY_BOTH:
		return english ? "by header and contents" : "menurut judul dan isinya";
	case COLUMN_IS_ROW_KEY:
		return english ? "the row's own key" : "kunci baris itu sendiri";
	case COLUMN_IS_GROUP:
		return english ? "looks like a group's number" : "tampaknya nomor kelompok";
	case COLUMN_IS_OTHER_KEY:
		return english ? "looks like another key, or says nothing of the person" : "tampaknya kunci lain, atau tidak menyangkut orangnya";
	case COLUMN_IS_EMPTY:
		return english ? "empty or always the same" : "kosong atau selalu sama";
	case COLUMN_IS_PART:
		return english ? "repeats a part of the birth date" : "mengulang bagian tanggal lahir";
	case COLUMN_BY_USER:
		break;
	}
	return english ? "as told" : "sesuai permintaan";
}
