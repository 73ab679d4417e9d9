/*
 * See name.h. A name is folded, cut into words, and words are taken away from its ends as long as they are titles and a
 * name remains; what follows BIN or BINTI is the father's; the rest gets its one spelling.
 */
#include "matcher/normalise/name.h"

#include "matcher/normalise/name_words.h"
#include "matcher/normalise/text_fold.h"

enum { WORDS_MAX = 24, FOLDED_MAX = 512 };

struct piece {
	struct str text;
	bool dotted;   /* a dot follows */
	bool glued;    /* and the next piece follows without a space */
	bool comma;    /* a comma stands somewhere in front of it */
	bool bracket;  /* it stood in ( ) */
	unsigned kind; /* name_word_kind */
};

/* The name being taken apart: pieces from first to end − 1 remain. */
struct work {
	struct piece piece[WORDS_MAX];
	unsigned first, end;
	bool whole;     /* a whole name, not a part of one */
	bool keys;      /* its tokens' keys are wanted */
	unsigned kinds; /* of the words taken away, an OR of enum word_kind */
	uint16_t flags;
	char text[FOLDED_MAX]; /* pieces' letters without apostrophes */
};

static bool is_name_byte(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

/* Cuts folded text into pieces. */
static void split(struct str folded, struct work *work)
{
	bool comma = false, bracket = false, open = false;
	size_t used = 0;

	for (size_t i = 0; i <= folded.n; i++) {
		char c = i < folded.n ? folded.p[i] : ' ';
		struct piece *last = work->end ? &work->piece[work->end - 1] : NULL;

		if (is_name_byte(c)) {
			if (!open) {
				if (work->end == WORDS_MAX) {
					work->flags |= NAME_TOO_MANY;
					return;
				}
				last = &work->piece[work->end++];
				*last = (struct piece){
				        .text = {work->text + used, 0}, .comma = comma, .bracket = bracket};
				open = true;
			}
			if (c >= '0' && c <= '9')
				work->flags |= NAME_HAS_DIGITS;
			work->text[used++] = c;
			last->text.n++;
			continue;
		}
		if (c == '\'')
			continue;
		if (open && c == '.') {
			last->dotted = true;
			last->glued = i + 1 < folded.n && is_name_byte(folded.p[i + 1]);
		}
		open = false;
		comma |= c == ',' && work->end;
		bracket = c == '(' || c == '[' ? true : c == ')' || c == ']' ? false : bracket;
	}
}

static void drop(struct work *work, unsigned at, unsigned n)
{
	memmove(&work->piece[at], &work->piece[at + n], (work->end - at - n) * sizeof(*work->piece));
	work->end -= n;
}

/* Whether pieces [from, to) hold something that can be a name by itself. */
static bool holds_name(const struct work *work, unsigned from, unsigned to)
{
	for (unsigned i = from; i < to; i++)
		if (work->piece[i].text.n >= 2 && !(work->piece[i].kind & (WORD_BEFORE | WORD_AFTER | WORD_DECEASED)))
			return true;
	return false;
}

/* ALM wherever it stands, HJ wherever it stands, and what stands in brackets. */
static void take_scattered(struct work *work)
{
	bool outside = false;

	for (unsigned i = 0; i < work->end; i++)
		outside |= !work->piece[i].bracket && work->piece[i].text.n >= 2 &&
		           !(work->piece[i].kind & (WORD_BEFORE | WORD_DECEASED));
	for (unsigned i = 0; i < work->end && work->end > 1;) {
		struct piece *piece = &work->piece[i];
		unsigned kind = piece->kind;
		bool taken = (kind & (WORD_DECEASED | WORD_ANYWHERE)) || (piece->bracket && outside);

		if (!taken) {
			i++;
			continue;
		}
		work->kinds |= kind & (WORD_DECEASED | WORD_ANYWHERE) ? kind : 0;
		drop(work, i, 1);
	}
}

/* The last n pieces written together, if they hang together (S.PD, M. SI): the word, in scratch. */
static struct str joined_tail(const struct work *work, unsigned n, char scratch[16])
{
	size_t length = 0;

	for (unsigned i = work->end - n; i < work->end; i++) {
		const struct piece *piece = &work->piece[i];

		if (length + piece->text.n > 15 || (i + 1 < work->end && !piece->dotted))
			return (struct str){scratch, 0};
		memcpy(scratch + length, piece->text.p, piece->text.n);
		length += piece->text.n;
	}
	return (struct str){scratch, length};
}

/* Degrees behind: each time the longest that fits, as long as a name remains in front. */
static void take_titles_behind(struct work *work)
{
	bool again = true;

	while (again) {
		again = false;
		for (unsigned n = 4; n >= 1 && !again; n--) {
			char scratch[16];
			struct str word;
			unsigned kind;
			bool marked;

			if (work->end < work->first + n + 1 || !holds_name(work, work->first, work->end - n))
				continue;
			word = joined_tail(work, n, scratch);
			kind = name_word_kind(word);
			marked = work->piece[work->end - n].comma || n > 1;
			if (n == 1 && work->whole && word.n == 2 && work->end >= work->first + 3 &&
			        (kind & WORD_AFTER_MARKED) && !(kind & WORD_BEFORE) && word.p[0] == 'S')
				marked = true; /* AHMAD FAUZI SE */
			if (!(kind & WORD_AFTER) && !((kind & WORD_AFTER_MARKED) && marked))
				continue;
			if (!work->whole && n == 1 && !work->piece[work->end - 1].comma)
				continue;
			work->end -= n;
			work->kinds |= WORD_AFTER | (kind & (WORD_FEMALE | WORD_MALE));
			again = true;
		}
	}
}

static void take_titles_before(struct work *work)
{
	while (work->end > work->first + 1) {
		const struct piece *piece = &work->piece[work->first];
		unsigned kind = piece->kind;

		if (work->end > work->first + 2 && str_equal(piece->text, STR_LITERAL("AHLI")) &&
		        str_equal(piece[1].text, STR_LITERAL("WARIS"))) {
			work->flags |= NAME_HEIR;
			work->first += 2;
			continue;
		}
		if (!(kind & WORD_BEFORE) || (!work->whole && (kind & WORD_LETTER)))
			return;
		if (!holds_name(work, work->first + 1, work->end))
			return;
		work->kinds |= kind;
		work->first++;
	}
}

/* Where the father's name begins (its BIN), or end. */
static unsigned find_father(const struct work *work)
{
	for (unsigned i = work->first + 1; i + 1 < work->end; i++)
		if (work->piece[i].kind & WORD_FATHER)
			return i;
	return work->end;
}

/* 0 and 1 typed for O and I inside a word. */
static void repair_digits(struct str word)
{
	char *p = (char *)word.p; /* the caller's own buffer */
	size_t letters = 0;

	for (size_t i = 0; i < word.n; i++)
		letters += p[i] >= 'A' && p[i] <= 'Z';
	if (letters < 2)
		return;
	for (size_t i = 0; i < word.n; i++)
		p[i] = p[i] == '0' ? 'O' : p[i] == '1' ? 'I' : p[i];
}

struct name_token name_token_of(struct str text)
{
	struct name_token token = {.text = text, .phonetic = name_phonetic(text, false)};
	uint64_t other;

	if (text.n == 1 && text.p[0] == 'M')
		other = name_phonetic(STR_LITERAL("MUHAMMAD"), false);
	else
		other = memchr(text.p, 'J', text.n) ? name_phonetic(text, true) : token.phonetic;
	token.phonetic_other = other == token.phonetic ? 0 : other;
	if (text.n == 1 && text.p[0] >= 'A' && text.p[0] <= 'Z')
		token.flags |= NAME_TOKEN_INITIAL;
	if (name_word_kind(text) & WORD_WEAK)
		token.flags |= NAME_TOKEN_WEAK;
	return token;
}

/* Where canonical tokens are written, joined by spaces. */
struct writer {
	char *out;
	size_t n, room;
};

static struct str write_token(struct writer *writer, struct str text)
{
	struct str written;

	if (writer->n + text.n + 1 > writer->room)
		text.n = writer->room > writer->n + 1 ? writer->room - writer->n - 1 : 0;
	if (writer->n)
		writer->out[writer->n++] = ' ';
	written = (struct str){writer->out + writer->n, text.n};
	memcpy(writer->out + writer->n, text.p, text.n);
	writer->n += text.n;
	return written;
}

static bool add_token(struct writer *writer, struct str text, uint8_t flags, bool keys, struct name_token *tokens, uint8_t max,
        uint8_t *count)
{
	struct str written;

	if (*count == max)
		return false;
	if (text.n > NAME_TOKEN_LETTERS_MAX) {
		text.n = NAME_TOKEN_LETTERS_MAX;
		while (text.n > 1 && ((unsigned char)text.p[text.n] & 0xC0) == 0x80)
			text.n--; /* not in the middle of a character */
	}
	written = write_token(writer, text);
	tokens[*count] = keys ? name_token_of(written) : (struct name_token){.text = written};
	tokens[*count].flags |= flags;
	++*count;
	return true;
}

/* Canonical tokens of pieces [from, to). Returns false if there were too many. */
static bool add_tokens(struct work *work, unsigned from, unsigned to, struct writer *writer, struct name_token *tokens,
        uint8_t max, uint8_t *count)
{
	for (unsigned i = from; i < to; i++) {
		struct str text = work->piece[i].text, behind;
		bool abbreviated;
		uint8_t flags = 0;

		repair_digits(text);
		behind = name_word_behind_abdul(text);
		if (behind.n) {
			if (!add_token(writer, STR_LITERAL("ABDUL"), 0, work->keys, tokens, max, count) ||
			        !add_token(writer, behind, 0, work->keys, tokens, max, count))
				return false;
			continue;
		}
		if (i > from && i + 1 < to &&
		        (str_equal(text, STR_LITERAL("ALIAS")) || str_equal(text, STR_LITERAL("ALS"))))
			continue;
		behind = name_word_canonical(text, i == from, i + 1 < to, &abbreviated);
		if (abbreviated) {
			flags |= NAME_TOKEN_ABBREVIATED;
			work->flags |= NAME_ABBREVIATED;
		} else if (!str_equal(behind, text)) {
			flags |= NAME_TOKEN_CANONICAL;
		}
		if (!add_token(writer, behind, flags, work->keys, tokens, max, count))
			return false;
	}
	return true;
}

static uint16_t flags_of_kinds(unsigned kinds)
{
	return (uint16_t)((kinds & WORD_DECEASED ? NAME_DECEASED : 0) | (kinds & WORD_FEMALE ? NAME_TITLE_FEMALE : 0) |
	                  (kinds & WORD_MALE ? NAME_TITLE_MALE : 0) |
	                  (kinds & (WORD_BEFORE | WORD_AFTER) ? NAME_TITLE_REMOVED : 0));
}

static int parse(struct str raw, bool whole, bool keys, struct arena *arena, struct name *out)
{
	char folded[FOLDED_MAX];
	struct work work; /* its text and pieces are not worth clearing */
	struct writer writer, father_writer;
	unsigned father;
	size_t letters = 0;

	*out = (struct name){.flags = NAME_MISSING};
	work.first = work.end = 0;
	work.whole = whole;
	work.keys = keys;
	work.kinds = 0;
	work.flags = 0;
	if (text_is_missing(raw))
		return 0;
	split((struct str){folded, text_fold_into(raw, folded, sizeof(folded), NULL)}, &work);
	if (work.end == 0)
		return 0;
	for (unsigned i = 0; i < work.end; i++)
		work.piece[i].kind = name_word_kind(work.piece[i].text);
	take_scattered(&work);
	take_titles_behind(&work);
	take_titles_before(&work);
	father = whole ? find_father(&work) : work.end;
	if (father < work.end)
		work.kinds |= work.piece[father].kind & (WORD_FEMALE | WORD_MALE);
	for (unsigned i = work.first; i < work.end; i++)
		letters += work.piece[i].text.n + 8; /* MUH → MUHAMMAD */
	writer = (struct writer){arena_alloc(arena, letters + 16), 0, letters + 16};
	father_writer = (struct writer){arena_alloc(arena, letters + 16), 0, letters + 16};
	if (!writer.out || !father_writer.out)
		return -1;
	if (!add_tokens(&work, work.first, father, &writer, out->tokens, NAME_TOKENS_MAX, &out->count))
		work.flags |= NAME_TOO_MANY;
	if (father < work.end)
		add_tokens(
		        &work, father + 1, work.end, &father_writer, out->father, NAME_FATHER_MAX, &out->father_count);
	out->text = (struct str){writer.out, writer.n};
	out->flags = (uint16_t)(work.flags | flags_of_kinds(work.kinds));
	if (text_is_missing(out->text)) /* "BELUM ADA (…)" */
		*out = (struct name){.flags = NAME_MISSING};
	return 0;
}

int name_parse(struct str raw, struct arena *arena, struct name *out)
{
	return parse(raw, true, true, arena, out);
}

int name_parse_text(struct str raw, bool whole, struct arena *arena, struct name *out)
{
	return parse(raw, whole, false, arena, out);
}
