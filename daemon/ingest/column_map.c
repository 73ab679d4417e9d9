/*
 * Header words and the first rows' contents → one role per column. See column_map.h.
 *
 * Words propose, contents correct (a "KK" column of names is the head's name, a "desa" column of digits a code), columns
 * that compete for a role are settled by strength of word, then by how well the contents fit, then by place.
 */
#include "daemon/ingest/column_map.h"

#include "daemon/ingest/column_words.h"

#include <stdio.h>
#include <stdlib.h>

enum {
	JUDGED_FROM = 3,   /* filled cells that contents need to have a say */
	SWAP_FROM = 20,    /* and to accuse an office of swapping NIK and KK */
	SEEN_MAX = 300     /* bytes of a message that tell what was read */
};

/* How many of a column's filled sample cells look like what. */
struct contents {
	uint32_t filled;
	uint32_t long_numbers; /* 12 digits or more, nothing else of weight: NIK or KK, damaged ones too */
	uint32_t women;        /* of those: 16 digits whose day part is 41..71, as in no KK number */
	uint32_t days;         /* of those: 16 digits whose day part is a day at all */
	uint32_t digits;       /* digits and separators only */
	uint32_t letters;      /* mostly letters */
	uint32_t dates;        /* a date alone */
	uint32_t place_dates;  /* words, a comma, then digits */
	uint32_t slashes;      /* "003/001" */
	uint32_t codes10, codes6;
	uint32_t small;        /* 1..3 digits */
};

static void judge_number(struct contents *contents, const char *digits, uint32_t n)
{
	contents->long_numbers += n >= 12;
	contents->codes10 += n == 10;
	contents->codes6 += n == 6;
	contents->small += n <= 3;
	if (n == 16) {
		int day = (digits[6] - '0') * 10 + digits[7] - '0';

		contents->women += day >= 41 && day <= 71;
		contents->days += (day >= 1 && day <= 31) || (day >= 41 && day <= 71);
	}
}

static void judge_cell(struct contents *contents, struct str cell)
{
	char digits[20];
	uint32_t n_digits = 0, n_letters = 0, n_slashes = 0, n_dashes = 0, n_other = 0;
	bool comma_then_digit = false, comma = false;

	cell = str_trim(cell);
	if (cell.n == 0 || (cell.n == 1 && cell.p[0] == '-'))
		return;
	contents->filled++;
	for (size_t i = 0; i < cell.n; i++) {
		unsigned char c = (unsigned char)cell.p[i];

		if (c >= '0' && c <= '9') {
			if (n_digits < sizeof digits)
				digits[n_digits] = (char)c;
			n_digits++;
			comma_then_digit |= comma && n_letters > 2;
		} else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') {
			n_letters++;
		} else if (c == ',') {
			comma = true;
		} else if (c == '/') {
			n_slashes++;
		} else if (c == '-') {
			n_dashes++;
		} else if (c >= 0x80) {
			n_other++;
		}
	}
	if (n_digits && n_letters == 0 && n_other == 0) {
		contents->digits++;
		if (n_slashes == 0 && n_dashes < 2)
			judge_number(contents, digits, n_digits);
	}
	contents->letters += n_letters > n_digits && n_letters > 1;
	contents->slashes += n_slashes == 1 && n_letters == 0 && n_digits >= 2 && n_digits <= 6;
	contents->dates += n_letters == 0 && n_digits >= 5 && n_digits <= 14 && (n_slashes == 2 || n_dashes == 2);
	contents->place_dates += comma_then_digit && n_digits >= 5;
}

static bool most(uint32_t part, const struct contents *contents)
{
	return contents->filled >= JUDGED_FROM && part * 10 >= contents->filled * 7;
}

/* What the contents make of a role that the words proposed. */
static enum column_role corrected(enum column_role role, const struct contents *c)
{
	switch (role) {
	case COLUMN_KK:
		return most(c->letters, c) ? COLUMN_HEAD_NAME : role;
	case COLUMN_HEAD_NAME:
		return most(c->long_numbers, c) ? COLUMN_KK : role;
	case COLUMN_VILLAGE:
		return most(c->digits, c) ? COLUMN_VILLAGE_CODE : role;
	case COLUMN_VILLAGE_CODE:
		if (most(c->letters, c))
			return COLUMN_VILLAGE;
		return most(c->codes6, c) ? COLUMN_KECAMATAN_CODE : role;
	case COLUMN_KECAMATAN:
		return most(c->digits, c) ? COLUMN_KECAMATAN_CODE : role;
	case COLUMN_KECAMATAN_CODE:
		if (most(c->letters, c))
			return COLUMN_KECAMATAN;
		return most(c->codes10, c) ? COLUMN_VILLAGE_CODE : role;
	case COLUMN_RT:
	case COLUMN_RW:
		return most(c->slashes, c) ? COLUMN_RT_RW : role;
	case COLUMN_BIRTH_DATE:
		return most(c->place_dates, c) ? COLUMN_BIRTH_PLACE_DATE : role;
	case COLUMN_BIRTH_PLACE_DATE:
		return most(c->dates, c) ? COLUMN_BIRTH_DATE : role;
	case COLUMN_BIRTH_PLACE:
		return most(c->place_dates, c) ? COLUMN_BIRTH_PLACE_DATE : role;
	default:
		return role;
	}
}

/* 0..100: how well the contents suit the role; 50 when they say nothing. */
static uint32_t fit(enum column_role role, const struct contents *c)
{
	uint32_t part;

	if (c->filled == 0)
		return 0;
	switch (role) {
	case COLUMN_NIK:
	case COLUMN_KK:
		part = c->long_numbers;
		break;
	case COLUMN_NAME:
	case COLUMN_HEAD_NAME:
	case COLUMN_PARENT_NAME:
	case COLUMN_VILLAGE:
	case COLUMN_KECAMATAN:
		part = c->letters;
		break;
	case COLUMN_BIRTH_DATE:
		part = c->dates > c->digits ? c->dates : c->digits;
		break;
	case COLUMN_RT:
	case COLUMN_RW:
	case COLUMN_AGE:
	case COLUMN_DESIL:
		part = c->small;
		break;
	default:
		return 50;
	}
	return part * 100 / c->filled;
}

struct candidate {
	struct column_word word;
	struct contents contents;
};

/* Whether column a is a better one for the role than b. */
static bool better(enum column_role role, const struct candidate *a, const struct candidate *b)
{
	uint32_t a_fit = fit(role, &a->contents), b_fit = fit(role, &b->contents);
	bool judged = a->contents.filled >= JUDGED_FROM || b->contents.filled >= JUDGED_FROM;

	if (judged && (a_fit < 20) != (b_fit < 20))
		return a_fit > b_fit;
	if (a->word.strength != b->word.strength)
		return a->word.strength > b->word.strength;
	/* "Nama" half empty beside "Nama Lengkap": the fuller one, if clearly so. */
	return judged && a->contents.filled > 2 * b->contents.filled;
}

static void settle(struct column_map *map, const struct candidate *candidates)
{
	for (uint32_t i = 0; i < map->n; i++) {
		enum column_role role = candidates[i].word.role;

		if (role == COLUMN_IGNORE || candidates[i].word.strength == COLUMN_UNKNOWN)
			continue;
		if (map->column[role] < 0 || better(role, &candidates[i], &candidates[map->column[role]]))
			map->column[role] = (int32_t)i;
	}
}

static void swap_roles(struct column_map *map, enum column_role a, enum column_role b)
{
	int32_t column = map->column[a];

	map->column[a] = map->column[b];
	map->column[b] = column;
}

/*
 * NIK and KK columns whose headers were swapped as a whole: about half of all NIKs have a woman's day (41..71), no KK
 * number does. And NIK against name, where one holds letters and the other numbers.
 */
static void mend_swaps(struct column_map *map, const struct candidate *candidates)
{
	int32_t nik = map->column[COLUMN_NIK], kk = map->column[COLUMN_KK], name = map->column[COLUMN_NAME];

	if (nik >= 0 && name >= 0 && most(candidates[nik].contents.letters, &candidates[nik].contents) &&
		most(candidates[name].contents.long_numbers, &candidates[name].contents))
		swap_roles(map, COLUMN_NIK, COLUMN_NAME);
	nik = map->column[COLUMN_NIK];
	if (nik >= 0 && kk >= 0) {
		const struct contents *n = &candidates[nik].contents, *k = &candidates[kk].contents;

		if (n->days >= SWAP_FROM && k->days >= SWAP_FROM && n->women * 50 < n->days && k->women * 5 > k->days)
			swap_roles(map, COLUMN_NIK, COLUMN_KK);
	}
}

/* A list that knows the family's head alone is about the head. */
static void promote_head(struct column_map *map)
{
	if (map->column[COLUMN_NAME] < 0 && map->column[COLUMN_HEAD_NAME] >= 0)
		swap_roles(map, COLUMN_NAME, COLUMN_HEAD_NAME);
}

static bool is_default_sheet_name(struct str name)
{
	static const char *const DEFAULTS[] = {"sheet", "lembar", "data", "worksheet", "table", "tabel"};
	char key[COLUMN_KEY_MAX];
	size_t n = column_key(name, key);

	while (n && key[n - 1] >= '0' && key[n - 1] <= '9')
		n--;
	if (n == 0)
		return true;
	for (size_t i = 0; i < sizeof DEFAULTS / sizeof *DEFAULTS; i++)
		if (strlen(DEFAULTS[i]) == n && memcmp(key, DEFAULTS[i], n) == 0)
			return true;
	return false;
}

/* A header's cell that holds a long number or a date is none: a data row stands where the header should. */
bool column_map_is_data(const struct str *header, uint32_t n)
{
	struct contents contents = {0};

	for (uint32_t i = 0; i < n; i++)
		judge_cell(&contents, header[i]);
	return contents.long_numbers || contents.dates || contents.place_dates;
}

/* "'Nama', 'Alamat', …" as far as there is room; what is no plausible header is only counted. */
static void list_seen(const struct str *header, uint32_t n, char seen[SEEN_MAX])
{
	size_t used = 0;

	seen[0] = '\0';
	for (uint32_t i = 0; i < n; i++) {
		int length = header[i].n > 30 ? 30 : (int)header[i].n;
		int wrote;

		if (length == 0)
			continue;
		while (length > 0 && header[i].n > (size_t)length && ((unsigned char)header[i].p[length] & 0xC0) == 0x80)
			length--;
		wrote = snprintf(seen + used, SEEN_MAX - used, "%s\"%.*s\"", used ? ", " : "", length, header[i].p);
		if (wrote < 0 || used + (size_t)wrote > SEEN_MAX - 8) {
			snprintf(seen + used, SEEN_MAX - used, "%s…", used ? ", " : "");
			return;
		}
		used += (size_t)wrote;
	}
}

/* Where not a word is known, what stands there may be somebody's name: it must not be quoted. */
static bool any_known(const struct str *header, uint32_t n, const struct column_map_options *options)
{
	for (uint32_t i = 0; i < n; i++)
		if (column_map_role(header[i], options->synonyms, options->synonyms_n) != COLUMN_ROLES)
			return true;
	return false;
}

static int refuse(const struct column_map *map, const struct str *header, uint32_t n,
	const struct column_map_options *options, struct error *err)
{
	char seen[SEEN_MAX];
	bool name = map->column[COLUMN_NAME] >= 0;

	if (column_map_is_data(header, n))
		return error_set(err, ERROR_INPUT,
			"Baris judul kolom tidak ada: baris pertama sudah berisi data (%u kolom). Tambahkan baris judul, "
			"misalnya: nik, no_kk, nama, tanggal lahir, desa.",
			"The header row is missing: the first row already holds data (%u columns). Add a header row, for example: "
			"nik, no_kk, nama, tanggal lahir, desa.",
			n);
	if (n == 1 && !any_known(header, n, options))
		return error_set(err, ERROR_INPUT,
			"Hanya satu kolom yang terbaca: pemisah kolom tidak ditemukan. Simpan daftarnya sebagai .xlsx, atau sebagai CSV dengan "
			"pemisah titik koma, dengan judul kolom seperti nik, no_kk, nama, tanggal lahir, desa.",
			"A single column was read: no delimiter was found. Save the list as .xlsx, or as CSV with semicolons, with headers like "
			"nik, no_kk, nama, tanggal lahir, desa.");
	if (!any_known(header, n, options))
		return error_set(err, ERROR_INPUT,
			"Tidak satu pun dari %u judul kolom dikenal. Pastikan baris judul ada, misalnya: nik, no_kk, nama, tanggal "
			"lahir, desa; atau tambahkan padanan judulnya di konfigurasi.",
			"None of the %u column headers is known. Make sure that there is a header row, for example: nik, no_kk, nama, "
			"tanggal lahir, desa; or add the words to the configuration.",
			n);
	list_seen(header, n, seen);
	if (!name)
		return error_set(err, ERROR_INPUT,
			"Kolom nama tidak ditemukan. Judul kolom yang terbaca: %s. Ganti judulnya menjadi \"nama\" atau tambahkan "
			"padanannya di konfigurasi.",
			"No column with the name was found. Headers read: %s. Call it \"nama\" or add the word to the configuration.",
			seen);
	return error_set(err, ERROR_INPUT,
		"Selain nama perlu ada satu kolom lagi: NIK, No. KK, ID keluarga, tanggal lahir atau desa. Judul kolom yang "
		"terbaca: %s. Perbaiki judulnya atau tambahkan padanannya di konfigurasi.",
		"Beside the name one more column is needed: NIK, KK number, family id, birth date or village. Headers read: %s. "
		"Mend the header or add the word to the configuration.",
		seen);
}

static bool is_enough(const struct column_map *map)
{
	static const enum column_role ONE_OF[] = {COLUMN_NIK, COLUMN_KK, COLUMN_FAMILY_ID, COLUMN_BIRTH_DATE,
		COLUMN_BIRTH_PLACE_DATE, COLUMN_BIRTH_YEAR, COLUMN_VILLAGE, COLUMN_VILLAGE_CODE};

	if (map->column[COLUMN_NAME] < 0)
		return false;
	for (size_t i = 0; i < sizeof ONE_OF / sizeof *ONE_OF; i++)
		if (map->column[ONE_OF[i]] >= 0)
			return true;
	return map->village_from_sheet;
}

static void take_remembered(struct column_map *map, const struct column_map_options *options)
{
	map->remembered = true;
	for (uint32_t i = 0; i < map->n; i++) {
		enum column_role role = options->remembered[i];

		if (role > COLUMN_IGNORE && role < COLUMN_ROLES && map->column[role] < 0)
			map->column[role] = (int32_t)i;
	}
}

static int learn(struct column_map *map, const struct str *header, const struct str *sample, uint32_t rows,
	const struct column_map_options *options, struct error *err)
{
	struct candidate *candidates = calloc(map->n + 1, sizeof *candidates);

	if (!candidates)
		return error_memory(err);
	for (uint32_t i = 0; i < map->n; i++) {
		struct candidate *candidate = &candidates[i];

		candidate->word = column_word_find(header[i], options->synonyms, options->synonyms_n);
		for (uint32_t row = 0; row < rows; row++)
			judge_cell(&candidate->contents, sample[(size_t)row * map->n + i]);
		if (candidate->word.strength != COLUMN_CONFIGURED)
			candidate->word.role = corrected(candidate->word.role, &candidate->contents);
	}
	settle(map, candidates);
	mend_swaps(map, candidates);
	promote_head(map);
	free(candidates);
	return 0;
}

int column_map_make(struct column_map *map, const struct str *header, uint32_t n, const struct str *sample, uint32_t rows,
	const struct column_map_options *options, struct error *err)
{
	static const struct column_map_options NO_OPTIONS;

	if (!options)
		options = &NO_OPTIONS;
	*map = (struct column_map){.n = n, .roles = calloc(n + 1, sizeof *map->roles)};
	if (!map->roles)
		return error_memory(err);
	for (int role = 0; role < COLUMN_ROLES; role++)
		map->column[role] = -1;
	if (options->remembered_n && column_map_same_header(header, n, options->remembered_header, options->remembered_n))
		take_remembered(map, options);
	else if (learn(map, header, sample, rows, options, err) != 0)
		goto failed;
	for (int role = COLUMN_IGNORE + 1; role < COLUMN_ROLES; role++)
		if (map->column[role] >= 0)
			map->roles[map->column[role]] = (enum column_role)role;
	map->village_from_sheet = map->column[COLUMN_VILLAGE] < 0 && map->column[COLUMN_VILLAGE_CODE] < 0 &&
				  options->sheet.n && !is_default_sheet_name(options->sheet);
	if (is_enough(map))
		return 0;
	refuse(map, header, n, options, err);
failed:
	column_map_release(map);
	return -1;
}

void column_map_release(struct column_map *map)
{
	free(map->roles);
	map->roles = NULL;
	map->n = 0;
}
