/*
 * Titles, headers, totals, signatures. See row_shape.h.
 */
#include "daemon/ingest/row_shape.h"

#include "daemon/ingest/column_guess.h"
#include "daemon/ingest/column_words.h"

enum {
	HEADER_CELL_MAX = 80, /* a longer cell is no column's name */
	SURE_ROLES = 4,       /* a row that names so many roles … */
	LOOK_BEYOND = 10,     /* … is the header, unless one of the next rows does better */
	SPARSE_CELLS = 3,
	LIST_ROLES = 2        /* a row that names so many columns may be a header */
};

struct row_look {
	uint32_t filled, known, roles;
	bool names_somebody;
	uint32_t numbers; /* cells without a letter */
};

static bool has_letter(struct str cell)
{
	for (size_t i = 0; i < cell.n; i++)
		if (((unsigned char)cell.p[i] | 0x20) >= 'a' && ((unsigned char)cell.p[i] | 0x20) <= 'z')
			return true;
	return false;
}

static struct row_look look_at(const struct shape_row *row, const struct column_synonym *synonyms, size_t synonyms_n)
{
	struct row_look look = {0};
	bool seen[COLUMN_ROLES] = {false};

	for (uint32_t i = 0; i < row->n; i++) {
		struct str cell = str_trim(row->cells[i]);
		struct column_word word;

		if (cell.n == 0)
			continue;
		look.filled++;
		look.numbers += !has_letter(cell);
		if (cell.n > HEADER_CELL_MAX)
			continue;
		word = column_word_find_exact(cell, synonyms, synonyms_n);
		if (word.strength == COLUMN_UNKNOWN)
			continue;
		look.known++;
		if (word.role != COLUMN_IGNORE && !seen[word.role]) {
			seen[word.role] = true;
			look.roles++;
			look.names_somebody |= word.role == COLUMN_NAME || word.role == COLUMN_HEAD_NAME || word.role == COLUMN_NIK;
		}
	}
	return look;
}

/* "1 2 3 4 …" or "(1) (2) (3)": the columns' numbers, as Indonesian tables print them below the header. */
static bool is_numbering(const struct shape_row *row)
{
	uint32_t filled = 0, expected = 1;

	for (uint32_t i = 0; i < row->n; i++) {
		struct str cell = str_trim(row->cells[i]);
		uint32_t number = 0;

		if (cell.n == 0)
			continue;
		for (size_t k = 0; k < cell.n; k++) {
			if (cell.p[k] >= '0' && cell.p[k] <= '9' && number < 100000)
				number = number * 10 + (uint32_t)(cell.p[k] - '0');
			else if (cell.p[k] == '\0' || !strchr("()[] .=", cell.p[k]))
				return false;
		}
		if (filled > 0 && number != expected)
			return false;
		filled++;
		expected = number + 1;
	}
	return filled >= 3;
}

/* Whether `lower`, right below a header row, completes it: names under names that span several columns. */
static bool completes(const struct shape_row *upper, const struct shape_row *lower, const struct row_look *lower_look)
{
	uint32_t under_gaps = 0;

	if (lower_look->numbers || lower_look->filled == 0 || lower_look->known * 2 < lower_look->filled)
		return false;
	for (uint32_t i = 0; i < lower->n; i++) {
		bool filled = str_trim(lower->cells[i]).n > 0;
		bool gap = i >= upper->n || str_trim(upper->cells[i]).n == 0;

		under_gaps += filled && gap;
	}
	return under_gaps > 0;
}

/* Without a known word: the first of the widest rows is the likeliest. */
static uint32_t widest(const struct shape_row *rows, uint32_t n)
{
	uint32_t best = 0, best_filled = 0;

	for (uint32_t r = 0; r < n; r++) {
		uint32_t filled = 0;

		for (uint32_t i = 0; i < rows[r].n; i++)
			filled += str_trim(rows[r].cells[i]).n > 0;
		if (filled > best_filled) {
			best = r;
			best_filled = filled;
		}
	}
	return best;
}

void row_shape_header(const struct shape_row *rows, uint32_t n, const struct column_synonym *synonyms, size_t synonyms_n,
	struct header_choice *choice)
{
	struct row_look best = {0};
	uint32_t last;

	*choice = (struct header_choice){.rows = 1};
	for (uint32_t r = 0; r < n; r++) {
		struct row_look look = look_at(&rows[r], synonyms, synonyms_n);

		if (look.roles > best.roles || (look.roles == best.roles && look.roles && look.known > best.known)) {
			best = look;
			choice->first = r;
		}
		if (best.roles >= SURE_ROLES && r >= choice->first + LOOK_BEYOND)
			break;
	}
	if (best.roles == 0) {
		choice->first = widest(rows, n);
		return;
	}
	choice->roles = best.roles;
	choice->names_somebody = best.names_somebody;
	if (choice->first > 0 && completes(&rows[choice->first - 1], &rows[choice->first], &best)) {
		struct row_look above = look_at(&rows[choice->first - 1], synonyms, synonyms_n);

		if (above.roles) {
			choice->first--;
			choice->rows++;
			choice->roles += above.roles;
			choice->names_somebody |= above.names_somebody;
		}
	}
	last = choice->first + choice->rows - 1;
	if (choice->rows == 1 && last + 1 < n) {
		struct row_look below = look_at(&rows[last + 1], synonyms, synonyms_n);

		if (completes(&rows[last], &rows[last + 1], &below)) {
			choice->rows++;
			choice->roles += below.roles;
			choice->names_somebody |= below.names_somebody;
			last++;
		}
	}
	choice->numbered = last + 1 < n && is_numbering(&rows[last + 1]);
}

static uint32_t filled_cells(const struct shape_row *row)
{
	uint32_t filled = 0;

	for (uint32_t i = 0; i < row->n; i++)
		filled += str_trim(row->cells[i]).n > 0;
	return filled;
}

static uint32_t known_words(const struct shape_row *row)
{
	uint32_t known = 0;

	for (uint32_t i = 0; i < row->n; i++) {
		struct str cell = str_trim(row->cells[i]);

		known += cell.n > 0 && cell.n <= HEADER_CELL_MAX && column_guess_knows(cell);
	}
	return known;
}

void row_shape_table_header(const struct shape_row *rows, uint32_t n, struct header_choice *choice)
{
	uint32_t most = 0, first = 0;

	row_shape_header(rows, n, NULL, 0, choice);
	if (choice->roles >= LIST_ROLES && choice->names_somebody)
		return;
	for (uint32_t r = 0; r < n; r++) {
		uint32_t filled = filled_cells(&rows[r]);

		if (filled > most)
			most = filled;
	}
	while (first + 1 < n && filled_cells(&rows[first]) * 2 < most && known_words(&rows[first]) < LIST_ROLES)
		first++;
	*choice = (struct header_choice){.first = n ? first : 0, .rows = 1, .roles = n ? known_words(&rows[first]) : 0};
}

bool row_shape_is_empty(const struct str *cells, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (str_trim(cells[i]).n)
			return false;
	return true;
}

/*
 * The cell begins with one of the words (squeezed, each ended by a space), and a word ends there: "Kepala Desa" and
 * "KEPALA  DESA," begin with "kepaladesa", "Nipah" does not begin with "nip".
 */
static bool begins_with_word(struct str cell, const char *words)
{
	while (*words) {
		size_t length = strcspn(words, " "), matched = 0, i = 0;

		for (; i < cell.n && matched < length; i++) {
			char c = (char)(cell.p[i] >= 'A' && cell.p[i] <= 'Z' ? cell.p[i] | 0x20 : cell.p[i]);

			if (c >= 'a' && c <= 'z' && c != words[matched++])
				break;
		}
		if (matched == length && i <= cell.n && (i == 0 || ((cell.p[i - 1] | 0x20) == words[length - 1])) &&
			(i == cell.n || !has_letter((struct str){cell.p + i, 1})))
			return true;
		words += length;
		words += *words == ' ';
	}
	return false;
}

/* Digits, points, commas, and "Rp", "KPM", "jiwa" … of a total: nothing that names anyone. */
static bool is_amount(struct str cell)
{
	bool digit = false;
	uint32_t letters = 0;

	for (size_t i = 0; i < cell.n; i++) {
		digit |= cell.p[i] >= '0' && cell.p[i] <= '9';
		letters += ((unsigned char)cell.p[i] | 0x20) >= 'a' && ((unsigned char)cell.p[i] | 0x20) <= 'z';
	}
	return (digit && letters <= 5) || (cell.n <= 3 && letters == 0);
}

/* Whether the first letter is that of a word below: most cells are told by it. */
static bool may_be_total(struct str cell)
{
	for (size_t i = 0; i < cell.n; i++)
		if (has_letter((struct str){cell.p + i, 1}))
			return strchr("jstg", cell.p[i] | 0x20) != NULL;
	return false;
}

bool row_shape_is_total(const struct str *cells, uint32_t n)
{
	bool word = false;

	for (uint32_t i = 0; i < n; i++) {
		struct str cell = str_trim(cells[i]);

		if (cell.n == 0)
			continue;
		if (!word && may_be_total(cell) && begins_with_word(cell, "jumlah total subtotal grandtotal totaljumlah jml ttl ")) {
			word = true;
			continue;
		}
		if (!is_amount(cell) || cell.n >= 15)
			return false;
	}
	return word;
}

bool row_shape_is_sparse(const struct str *cells, uint32_t n, uint32_t width)
{
	uint32_t filled = 0;

	for (uint32_t i = 0; i < n; i++) {
		struct str cell = str_trim(cells[i]);
		uint32_t digits = 0;

		if (cell.n == 0)
			continue;
		if (++filled > SPARSE_CELLS)
			return false;
		for (size_t k = 0; k < cell.n; k++)
			digits += cell.p[k] >= '0' && cell.p[k] <= '9';
		/* 18 digits are a civil servant's number below a signature. */
		if (digits == 16)
			return false;
	}
	return n == 0 || filled * 2 <= (n > width ? n : width);
}

/* "Sengeti, 12 Juli 2024": a comma, then a day, a month's name and a year. */
static bool is_place_and_date(struct str cell)
{
	static const char MONTHS[] = "januari februari maret april mei juni juli agustus september oktober november desember ";
	const char *comma = cell.n ? memchr(cell.p, ',', cell.n) : NULL;
	struct str rest;
	size_t digits = 0;

	if (!comma)
		return false;
	rest = str_trim((struct str){comma + 1, cell.n - (size_t)(comma + 1 - cell.p)});
	while (rest.n && ((rest.p[0] >= '0' && rest.p[0] <= '9') || rest.p[0] == ' ' || rest.p[0] == '.')) {
		rest.p++;
		rest.n--;
	}
	for (size_t i = 0; i < rest.n; i++)
		digits += rest.p[i] >= '0' && rest.p[i] <= '9';
	return digits == 4 && begins_with_word(rest, MONTHS);
}

/* "Sumber: Dinas Sosial", not the village Sumber Agung. */
static bool is_source(struct str cell)
{
	return begins_with_word(cell, "sumber ") && memchr(cell.p, ':', cell.n);
}

/* "17" of the column of running numbers: whatever else such a row lacks, it is one of the list's. */
static bool is_numbered(const struct str *cells, uint32_t n)
{
	struct str cell = n ? str_trim(cells[0]) : (struct str){NULL, 0};

	for (size_t i = 0; i < cell.n; i++)
		if (cell.p[i] < '0' || cell.p[i] > '9')
			return false;
	return cell.n > 0 && n > 1;
}

bool row_shape_is_signature(const struct str *cells, uint32_t n, uint32_t width)
{
	static const char WORDS[] =
		"mengetahui menyetujui disetujui dibuatoleh diketahui tertanda ttd kepaladinas kepaladesa kepalabidang kepalaseksi "
		"pjkepaladesa pltkepala camat lurah sekretarisdaerah sekretarisdesa nip bendahara operatordata pendampingdesa "
		"catatan keterangan sumberdata dicetak anbupati bupati kadis pejabat ";

	if (is_numbered(cells, n) || !row_shape_is_sparse(cells, n, width))
		return false;
	for (uint32_t i = 0; i < n; i++) {
		struct str cell = str_trim(cells[i]);

		if (cell.n && (begins_with_word(cell, WORDS) || is_source(cell) || is_place_and_date(cell)))
			return true;
	}
	return false;
}

/* The header once more, as on every page of a printed list. */
static bool repeats_header(const struct str *cells, uint32_t n, const struct str *header, uint32_t header_n)
{
	uint32_t same = 0;

	for (uint32_t i = 0; i < n; i++) {
		char a[COLUMN_KEY_MAX], b[COLUMN_KEY_MAX];

		if (str_trim(cells[i]).n == 0)
			continue;
		if (i >= header_n || column_key(cells[i], a) != column_key(header[i], b) || strcmp(a, b) != 0)
			return false;
		same++;
	}
	return same >= 2;
}

enum row_kind row_shape_kind(const struct str *cells, uint32_t n, const struct str *header, uint32_t header_n,
	bool *below_signature)
{
	if (row_shape_is_total(cells, n))
		return ROW_KIND_TOTAL;
	if (row_shape_is_signature(cells, n, header_n) || (*below_signature && row_shape_is_sparse(cells, n, header_n))) {
		*below_signature = true;
		return ROW_KIND_OTHER;
	}
	*below_signature = false;
	return repeats_header(cells, n, header, header_n) ? ROW_KIND_OTHER : ROW_KIND_DATA;
}
