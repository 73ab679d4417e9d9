/*
 * See text_fold.h. One pass over the bytes: ASCII goes straight through a table; what is not ASCII is decoded,
 * decomposed by utf8proc and stripped here, since its own STRIPMARK option would also take the vowels of Indian
 * scripts.
 */
#include "matcher/normalise/text_fold.h"

#include <stdint.h>
#include <utf8proc.h>

/* Where the text goes: `length` runs on beyond the room, so that a first pass can measure. */
struct sink {
	char *out;
	size_t room;
	size_t length; /* bytes the whole result takes */
	size_t kept;   /* bytes of it in out */
	bool words;    /* text_fold_words */
	bool space;    /* a space is due before the next character */
	bool full;
	unsigned seen;
};

static void put(struct sink *sink, const char *bytes, size_t n)
{
	size_t with_space = n + (sink->space && sink->length);

	if (sink->kept + with_space > sink->room)
		sink->full = true;
	if (sink->space && sink->length) {
		if (!sink->full)
			sink->out[sink->kept++] = ' ';
		sink->length++;
	}
	sink->space = false;
	if (!sink->full) {
		memcpy(sink->out + sink->kept, bytes, n);
		sink->kept += n;
	}
	sink->length += n;
}

static void put_ascii(struct sink *sink, unsigned char c)
{
	char byte;

	if (c >= 'a' && c <= 'z')
		c = (unsigned char)(c - 'a' + 'A');
	if (c == '`')
		c = '\'';
	if (c <= ' ' || c == 0x7f) {
		sink->space = true;
		return;
	}
	if (c >= '0' && c <= '9') {
		sink->seen |= TEXT_SEEN_DIGIT;
	} else if (sink->words && !(c >= 'A' && c <= 'Z')) {
		if (c != '\'')
			sink->space = true;
		return;
	}
	byte = (char)c;
	put(sink, &byte, 1);
}

/* The upper half of Windows-1252; 0: no character there. */
static const uint16_t windows_1252[32] = {0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030,
        0x0160, 0x2039, 0x0152, 0, 0x017D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122,
        0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178};

/* Letters that NFKD leaves whole but that people write with plain ones. */
static const struct {
	uint16_t code;
	char plain[3];
} written_out[] = {{0x00C6, "AE"}, {0x00D0, "D"}, {0x00D8, "O"}, {0x00DE, "TH"}, {0x00DF, "SS"}, {0x00E6, "AE"},
        {0x00F0, "D"}, {0x00F8, "O"}, {0x00FE, "TH"}, {0x0110, "D"}, {0x0111, "D"}, {0x0126, "H"}, {0x0127, "H"},
        {0x0131, "I"}, {0x0141, "L"}, {0x0142, "L"}, {0x0152, "OE"}, {0x0153, "OE"}, {0x0166, "T"}, {0x0167, "T"},
        {0x0192, "F"}, {0x1E9E, "SS"}};

static const char *find_written_out(int32_t code)
{
	for (size_t i = 0; i < sizeof(written_out) / sizeof(*written_out); i++)
		if (written_out[i].code == code)
			return written_out[i].plain;
	return NULL;
}

static bool is_invisible(int32_t c)
{
	return c == 0x00AD || c == 0x034F || c == 0x061C || c == 0x180E || (c >= 0x200B && c <= 0x200F) ||
	       (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || (c >= 0xFE00 && c <= 0xFE0F) ||
	       c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFD) || c >= 0xE0000;
}

/* Marks that sit on a letter and may go: Latin, Greek and Cyrillic accents, Hebrew points, Arabic vowel signs. */
static bool is_dropped_mark(int32_t c)
{
	return (c >= 0x0300 && c <= 0x036F) || (c >= 0x0483 && c <= 0x0489) ||
	       (c >= 0x0591 && c <= 0x05C7 && c != 0x05BE) || (c >= 0x0610 && c <= 0x061A) || c == 0x0640 ||
	       (c >= 0x064B && c <= 0x065F) || c == 0x0670 ||
	       (c >= 0x06D6 && c <= 0x06ED && c != 0x06DD && c != 0x06DE && c != 0x06E5 && c != 0x06E6 &&
	               c != 0x06E9) ||
	       (c >= 0x1AB0 && c <= 0x1AFF) || (c >= 0x1DC0 && c <= 0x1DFF) || (c >= 0x20D0 && c <= 0x20FF) ||
	       (c >= 0xFE20 && c <= 0xFE2F);
}

/* ASCII that stands for a character: kinds of quotation mark, dash and digit; 0: none. */
static char ascii_for(int32_t c)
{
	if (c == 0x00B4 || (c >= 0x02B9 && c <= 0x02BF) || (c >= 0x2018 && c <= 0x201B) || c == 0x02C8 || c == 0x02CA ||
	        c == 0x02CB || c == 0x2032 || c == 0xFF07)
		return '\'';
	if (c == 0x00AB || c == 0x00BB || (c >= 0x201C && c <= 0x201F) || c == 0x2033)
		return '"';
	if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0x2043 || c == 0xFE58 || c == 0xFE63 || c == 0xFF0D)
		return '-';
	if (c >= 0x0660 && c <= 0x0669)
		return (char)('0' + (c - 0x0660));
	if (c >= 0x06F0 && c <= 0x06F9)
		return (char)('0' + (c - 0x06F0));
	return 0;
}

/* A character after decomposition. */
static void put_plain(struct sink *sink, int32_t c)
{
	utf8proc_category_t category;
	unsigned char bytes[4];
	const char *plain;

	if (c < 0x80) {
		put_ascii(sink, (unsigned char)c);
		return;
	}
	if (is_dropped_mark(c) || is_invisible(c))
		return;
	c = utf8proc_toupper(c);
	plain = c >= 0x80 ? find_written_out(c) : NULL;
	if (plain) {
		put(sink, plain, strlen(plain));
		return;
	}
	if (c < 0x80 || ascii_for(c)) {
		put_ascii(sink, c < 0x80 ? (unsigned char)c : (unsigned char)ascii_for(c));
		return;
	}
	category = utf8proc_category(c);
	if (category == UTF8PROC_CATEGORY_CN ||
	        category > UTF8PROC_CATEGORY_NO) { /* spaces, signs, what is unassigned */
		sink->space = true;
		return;
	}
	if (category <= UTF8PROC_CATEGORY_ME)
		sink->seen |= TEXT_SEEN_NON_LATIN; /* letters and marks */
	put(sink, (const char *)bytes, (size_t)utf8proc_encode_char(c, bytes));
}

static void put_character(struct sink *sink, int32_t c)
{
	int32_t parts[32];
	const char *plain;
	int boundary = 0;
	utf8proc_ssize_t n;

	if (is_invisible(c)) {
		sink->seen |= TEXT_SEEN_INVISIBLE;
		return;
	}
	if (ascii_for(c)) {
		put_ascii(sink, (unsigned char)ascii_for(c));
		return;
	}
	plain = find_written_out(c);
	if (plain) {
		put(sink, plain, strlen(plain));
		return;
	}
	n = utf8proc_decompose_char(c, parts, 32, UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_STABLE, &boundary);
	if (n <= 0 || n > 32) {
		put_plain(sink, c);
		return;
	}
	for (utf8proc_ssize_t i = 0; i < n; i++) {
		int32_t upper = parts[i] < 0x80 ? parts[i] : utf8proc_toupper(parts[i]);
		int32_t again[32];
		utf8proc_ssize_t m = 1;

		/* A capital may fall apart where its small letter did not. */
		again[0] = upper;
		if (upper != parts[i] && upper >= 0x80)
			m = utf8proc_decompose_char(
			        upper, again, 32, UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_STABLE, &boundary);
		for (utf8proc_ssize_t j = 0; j < m && j < 32; j++)
			put_plain(sink, again[j]);
	}
}

static void fold(struct sink *sink, struct str raw)
{
	const unsigned char *p = (const unsigned char *)raw.p;
	size_t i = 0;

	while (i < raw.n) {
		int32_t c;
		utf8proc_ssize_t taken;

		if (p[i] < 0x80) {
			put_ascii(sink, p[i++]);
			continue;
		}
		taken = utf8proc_iterate(p + i, (utf8proc_ssize_t)(raw.n - i > 4 ? 4 : raw.n - i), &c);
		if (taken <= 0) {
			sink->seen |= TEXT_SEEN_BAD_UTF8;
			c = p[i] < 0xA0 ? windows_1252[p[i] - 0x80] : p[i];
			taken = 1;
		}
		i += (size_t)taken;
		if (c)
			put_character(sink, c);
	}
}

static size_t fold_into(struct str raw, bool words, char *out, size_t room, unsigned *seen)
{
	struct sink sink = {.out = out, .room = room, .words = words};

	fold(&sink, raw);
	if (sink.full)
		sink.seen |= TEXT_SEEN_CUT;
	if (seen)
		*seen = sink.seen;
	return sink.kept;
}

size_t text_fold_into(struct str raw, char *out, size_t room, unsigned *seen)
{
	return fold_into(raw, false, out, room, seen);
}

size_t text_fold_words_into(struct str raw, char *out, size_t room, unsigned *seen)
{
	return fold_into(raw, true, out, room, seen);
}

static struct str fold_to_arena(struct str raw, bool words, struct arena *arena, unsigned *seen)
{
	struct sink measured = {.words = words};
	size_t room = raw.n;
	char *out;

	for (size_t i = 0; i < raw.n; i++) {
		if ((unsigned char)raw.p[i] >= 0x80) { /* ASCII never grows, anything else may */
			fold(&measured, raw);
			room = measured.length;
			break;
		}
	}
	out = arena_alloc(arena, room + 1);
	if (!out)
		return (struct str){NULL, 0};
	return (struct str){out, fold_into(raw, words, out, room, seen)};
}

struct str text_fold(struct str raw, struct arena *arena, unsigned *seen)
{
	return fold_to_arena(raw, false, arena, seen);
}

struct str text_fold_words(struct str raw, struct arena *arena, unsigned *seen)
{
	return fold_to_arena(raw, true, arena, seen);
}

struct str text_tidy(struct str raw, struct arena *arena)
{
	const unsigned char *p = (const unsigned char *)raw.p;
	unsigned char *out = arena_alloc(arena, raw.n * 3 + 1); /* a byte of Windows-1252 takes up to three */
	size_t n = 0;
	bool space = false;

	if (!out)
		return (struct str){NULL, 0};
	for (size_t i = 0; i < raw.n;) {
		int32_t c = p[i];
		utf8proc_ssize_t taken = 1;

		if (c >= 0x80)
			taken = utf8proc_iterate(p + i, (utf8proc_ssize_t)(raw.n - i > 4 ? 4 : raw.n - i), &c);
		if (taken <= 0) {
			c = p[i] < 0xA0 ? windows_1252[p[i] - 0x80] : p[i];
			taken = 1;
		}
		i += (size_t)taken;
		if (is_invisible(c))
			continue;
		if (c <= ' ' || c == 0x7F || (c >= 0x80 && c <= 0xA0) || c == 0x2028 || c == 0x2029) {
			space = true;
			continue;
		}
		if (space && n)
			out[n++] = ' ';
		space = false;
		n += (size_t)utf8proc_encode_char(c, out + n);
	}
	return (struct str){(const char *)out, n};
}

/* Most cells are told by their first byte: a digit, or a letter that none of the words begins with. */
static bool may_begin_missing(unsigned char c)
{
	if (c >= 'a' && c <= 'z')
		c = (unsigned char)(c - 'a' + 'A');
	if (c >= 'A' && c <= 'Z')
		return c == 'N' || c == 'M' || c == 'U' || c == 'K' || c == 'T' || c == 'B';
	return !(c >= '0' && c <= '9');
}

bool text_is_missing(struct str raw)
{
	static const char *const words[] = {"NA", "N A", "NULL", "NONE", "NAN", "NIL", "NIHIL", "MISSING", "UNKNOWN",
	        "KOSONG", "TIDAK ADA", "TDK ADA", "TAK ADA", "BELUM ADA", "BLM ADA", "TIDAK DIKETAHUI", "TIDAK TAHU",
	        "TDK DIKETAHUI", "TIDAK DIISI", "BELUM DIISI", "REF", "VALUE", "NAME", "DIV 0", "NUM"};
	enum { ERRORS = 5 /* the last ones, a spreadsheet's, only with their # */ };
	size_t count = sizeof(words) / sizeof(*words);
	char folded[24];
	struct str text;
	unsigned seen;

	raw = str_trim(raw);
	if (raw.n > 64 || (raw.n && !may_begin_missing((unsigned char)raw.p[0])))
		return false;
	text = (struct str){folded, text_fold_words_into(raw, folded, sizeof(folded), &seen)};
	if (seen & TEXT_SEEN_CUT)
		return false;
	if (text.n == 0)
		return true;
	if (text.n == 1 || (text.n > 1 && folded[0] < 'A'))
		return false;
	if (raw.p[0] != '#')
		count -= ERRORS;
	for (size_t i = 0; i < count; i++)
		if (str_equal(text, str_from(words[i])))
			return true;
	return false;
}
