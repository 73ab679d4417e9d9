/*
 * See address.h.
 */
#include "matcher/normalise/address.h"

#include "matcher/normalise/place.h"
#include "matcher/normalise/text_fold.h"

/* What is written leaves room for RT and RW behind it (field.c), so that it can be read again whole. */
enum { FOLDED_MAX = 512, WORDS_MAX = 64, WRITTEN_WORDS_MAX = 56, WRITTEN_MAX = 440 };

struct form {
	const char *text, *canonical;
	bool not_first; /* ST, DR in front are no street */
};

static const struct form forms[] = {
        {"JL", "JALAN", false},
        {"JLN", "JALAN", false},
        {"JALAN", "JALAN", false},
        {"GG", "GANG", false},
        {"GANG", "GANG", false},
        {"LR", "LORONG", false},
        {"LRG", "LORONG", false},
        {"LORONG", "LORONG", false},
        {"DSN", "DUSUN", false},
        {"DUSUN", "DUSUN", false},
        {"DS", "DESA", false},
        {"DESA", "DESA", false},
        {"KEL", "KELURAHAN", false},
        {"KELURAHAN", "KELURAHAN", false},
        {"KEC", "KECAMATAN", false},
        {"KECAMATAN", "KECAMATAN", false},
        {"KP", "KAMPUNG", false},
        {"KPG", "KAMPUNG", false},
        {"KAMPUNG", "KAMPUNG", false},
        {"LK", "LINGKUNGAN", false},
        {"LINGK", "LINGKUNGAN", false},
        {"LINGKUNGAN", "LINGKUNGAN", false},
        {"BLK", "BLOK", false},
        {"BLOK", "BLOK", false},
        {"KOMP", "KOMPLEK", false},
        {"KOMPLEKS", "KOMPLEK", false},
        {"KOMPLEK", "KOMPLEK", false},
        {"PERUM", "PERUMAHAN", false},
        {"PRM", "PERUMAHAN", false},
        {"PERUMAHAN", "PERUMAHAN", false},
        {"STREET", "STREET", true},
        {"STR", "STREET", true},
        {"ST", "STREET", true},
        {"ROAD", "ROAD", true},
        {"RD", "ROAD", true},
        {"AVENUE", "AVENUE", true},
        {"AVE", "AVENUE", true},
        {"AV", "AVENUE", true},
        {"DRIVE", "DRIVE", true},
        {"DR", "DRIVE", true},
        {"LANE", "LANE", true},
        {"LN", "LANE", true},
        {"COURT", "COURT", true},
        {"CT", "COURT", true},
        {"PLACE", "PLACE", true},
        {"PL", "PLACE", true},
        {"CRESCENT", "CRESCENT", true},
        {"CRES", "CRESCENT", true},
        {"CR", "CRESCENT", true},
        {"CLOSE", "CLOSE", true},
        {"CL", "CLOSE", true},
        {"TERRACE", "TERRACE", true},
        {"TCE", "TERRACE", true},
        {"HIGHWAY", "HIGHWAY", true},
        {"HWY", "HIGHWAY", true},
        {"BOULEVARD", "BOULEVARD", true},
        {"BLVD", "BOULEVARD", true},
        {"SQUARE", "SQUARE", true},
        {"SQ", "SQUARE", true},
        {"PARADE", "PARADE", true},
        {"PDE", "PARADE", true},
};

static const struct form *find_form(struct str word, bool first)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++)
		if (forms[i].text[0] == word.p[0] && !(forms[i].not_first && first) &&
		        str_equal(word, str_from(forms[i].text)))
			return &forms[i];
	return NULL;
}

/* The next word of letters and digits; letters and digits split unless the word begins with a digit (12A) . */
static bool next_word(struct str text, size_t *at, struct str *word)
{
	while (*at < text.n && text.p[*at] == ' ')
		++*at;
	word->p = text.p + *at;
	while (*at < text.n && text.p[*at] != ' ')
		++*at;
	word->n = (size_t)(text.p + *at - word->p);
	return word->n > 0;
}

static bool is_number(struct str word)
{
	for (size_t i = 0; i < word.n; i++)
		if (word.p[i] < '0' || word.p[i] > '9')
			return false;
	return word.n > 0;
}

static uint32_t number_of(struct str word)
{
	uint64_t value = 0;

	for (size_t i = 0; i < word.n && word.p[i] >= '0' && word.p[i] <= '9' && value < 100000000; i++)
		value = value * 10 + (uint64_t)(word.p[i] - '0');
	return (uint32_t)value;
}

static bool is_house_word(struct str word)
{
	return str_equal(word, STR_LITERAL("NO")) || str_equal(word, STR_LITERAL("NOMOR")) ||
	       str_equal(word, STR_LITERAL("NMR"));
}

/* Whether the words from here on are RT and RW with their numbers ("RT 3 RW 1", "RT RW 003 001", "RT03"); how many
   words they take. */
static unsigned rt_rw_words(const struct str *words, unsigned n, struct address *out)
{
	unsigned taken = 0, names = 0, numbers = 0;
	uint32_t number[2] = {0, 0};
	bool rw_first;

	rw_first = words[0].n >= 2 && words[0].p[1] == 'W';
	while (taken < n && numbers < 2) {
		struct str word = words[taken], rest = {word.p + 2, word.n - (word.n < 2 ? word.n : 2)};
		bool marked = word.n >= 2 && word.p[0] == 'R' && (word.p[1] == 'T' || word.p[1] == 'W') &&
		              (rest.n == 0 || (rest.n <= 3 && is_number(rest)));

		if (marked && names == 2)
			break;
		if (marked) {
			if (names == 1 && word.p[1] == words[0].p[1])
				break;
			names++;
			if (rest.n)
				number[numbers++] = number_of(rest);
		} else if (names && is_number(word) && word.n <= 3 && numbers < 2) {
			number[numbers++] = number_of(word);
		} else {
			break;
		}
		taken++;
	}
	if (!names || !numbers)
		return 0;
	if (!rw_first || numbers == 2)
		out->rt = (uint16_t)number[rw_first];
	if (rw_first || numbers == 2)
		out->rw = (uint16_t)number[!rw_first];
	return taken;
}

struct writer {
	char *out;
	size_t n;
	unsigned words;
};

static struct str write_word(struct writer *writer, struct str word)
{
	struct str written;

	if (writer->words == WRITTEN_WORDS_MAX || writer->n + word.n + 1 > WRITTEN_MAX)
		return (struct str){writer->out, 0};
	writer->words++;
	if (writer->n)
		writer->out[writer->n++] = ' ';
	written = (struct str){writer->out + writer->n, word.n};
	memcpy(writer->out + writer->n, word.p, word.n);
	writer->n += word.n;
	return written;
}

int address_parse(struct str raw, struct arena *arena, struct address *out)
{
	char folded[FOLDED_MAX];
	struct str words[WORDS_MAX], text;
	struct writer writer = {NULL, 0, 0};
	unsigned n = 0;
	size_t at = 0;

	*out = (struct address){.text = {NULL, 0}};
	if (text_is_missing(raw))
		return 0;
	text = (struct str){folded, text_fold_words_into(raw, folded, sizeof(folded), NULL)};
	while (n < WORDS_MAX && next_word(text, &at, &words[n]))
		n++;
	writer.out = arena_alloc(arena, text.n + n * 12 + 1); /* the longest form adds 9 letters */
	if (!writer.out)
		return -1;
	for (unsigned i = 0; i < n;) {
		const struct form *form;
		unsigned taken = rt_rw_words(&words[i], n - i, out);
		struct str word = words[i], written;

		if (taken || str_equal(word, STR_LITERAL("RT")) || str_equal(word, STR_LITERAL("RW"))) {
			i += taken ? taken : 1;
			continue;
		}
		i++;
		if (is_house_word(word)) {
			if (i < n && words[i].p[0] >= '0' && words[i].p[0] <= '9')
				out->number = number_of(words[i]);
			continue;
		}
		form = find_form(word, writer.n == 0);
		written = write_word(&writer, form ? str_from(form->canonical) : word);
		if (is_number(word) && !out->number)
			out->number = number_of(word);
		else if (!form && written.n && !(word.p[0] >= '0' && word.p[0] <= '9') &&
		         out->count < ADDRESS_TOKENS_MAX)
			out->tokens[out->count++] = written;
	}
	out->text = (struct str){writer.out, writer.n};
	return 0;
}

bool place_parse_rt_rw(struct str raw, bool alone, uint16_t *rt, uint16_t *rw)
{
	char folded[FOLDED_MAX];
	struct str words[WORDS_MAX], text = {folded, text_fold_words_into(raw, folded, sizeof(folded), NULL)};
	struct address address = {.text = {NULL, 0}};
	unsigned n = 0;
	size_t at = 0;

	*rt = *rw = 0;
	while (n < WORDS_MAX && next_word(text, &at, &words[n]))
		n++;
	for (unsigned i = 0; i < n;) {
		unsigned taken = rt_rw_words(&words[i], n - i, &address);

		i += taken ? taken : 1;
	}
	/* "003/001" alone, or "003": the whole cell is numbers. "3.0" is a workbook's 3. */
	if (!address.rt && !address.rw && n >= 1 && n <= 2 && is_number(words[0]) && words[0].n <= 4 &&
	        (alone || n == 2)) {
		bool decimals = n == 2 && memchr(raw.p, '.', raw.n) && number_of(words[1]) == 0;

		address.rt = (uint16_t)number_of(words[0]);
		if (n == 2 && is_number(words[1]) && words[1].n <= 4 && !decimals)
			address.rw = (uint16_t)number_of(words[1]);
	}
	*rt = address.rt;
	*rw = address.rw;
	return *rt || *rw;
}
