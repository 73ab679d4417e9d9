/*
 * The model as a text file, and back (see fs_model.h): one fact a line, words and numbers with tabs between them, so that two
 * models can be compared with diff. Numbers are written so that reading gives the same bits.
 *
 *	padan-model	1
 *	learnt_from	20000
 *	…
 *	index	name + date                                  used to find candidates; without any such line all indexes are
 *	comparison	name	nama
 *	level	2 same	0.64096	0.005	0.005	0.61684      match, household, twin, stranger (a factor on the frequency, where one counts)
 *	depends	4                                            on the comparison of that number
 *	correction	exact	2 same	-0.5                 by the other's level and its own, bits
 *	birthday	2	one digit	-14.5                NIKs of people born on one day: 0 place unknown, 1 another, 2 the same
 */
#include "matcher/link/fs_model.h"

#include "matcher/base/grow.h"
#include "matcher/link/blocking.h"

#include <stdarg.h>

enum { FORMAT_VERSION = 1, LINE_MAX_BYTES = 512, PARTS_MAX = 8 };

struct text {
	char *bytes;
	size_t n, cap;
	bool failed;
};

__attribute__((format(printf, 2, 3))) static void add(struct text *text, const char *format, ...)
{
	char line[LINE_MAX_BYTES];
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(line, sizeof line, format, args);
	va_end(args);
	if (n < 0 || (size_t)n >= sizeof line || GROW(&text->bytes, &text->cap, text->n + (size_t)n + 1) < 0) {
		text->failed = true;
		return;
	}
	memcpy(text->bytes + text->n, line, (size_t)n + 1);
	text->n += (size_t)n;
}

static const struct {
	const char *name;
	size_t offset;
} rates[] = {
	{"within", offsetof(struct fs_model, within)},
	{"across", offsetof(struct fs_model, across)},
	{"members", offsetof(struct fs_model, members)},
	{"twins", offsetof(struct fs_model, twins)},
	{"moved", offsetof(struct fs_model, moved)},
	{"threshold", offsetof(struct fs_model, threshold)},
};
enum { RATES = sizeof rates / sizeof *rates };

static void write_comparison(struct text *text, const struct fs_model *model, size_t c)
{
	const struct fs_comparison *comparison = &model->comparisons[c];
	enum comparison_kind parent = comparison->parent < 0 ? 0 : model->comparisons[comparison->parent].kind;

	add(text, "comparison\t%s\t%s\n", comparison_kind_name(comparison->kind), comparison->name);
	for (unsigned l = 1; l < comparison->n_levels; l++)
		add(text, "level\t%s\t%.17g\t%.17g\t%.17g\t%.17g\n", comparison_level_name(comparison->kind, l),
			comparison->p[FS_MATCH][l], comparison->p[FS_HOUSEHOLD][l], comparison->p[FS_TWIN][l],
			comparison->p[FS_STRANGER][l]);
	if (comparison->parent < 0)
		return;
	add(text, "depends\t%d\n", comparison->parent);
	for (unsigned p = 1; p < model->comparisons[comparison->parent].n_levels; p++) {
		for (unsigned l = 1; l < comparison->n_levels; l++) {
			if (comparison->correction[p][l] != 0)
				add(text, "correction\t%s\t%s\t%.9g\n", comparison_level_name(parent, p),
					comparison_level_name(comparison->kind, l), (double)comparison->correction[p][l]);
		}
	}
}

int fs_model_write(const struct fs_model *model, char **ret_text, size_t *ret_size, struct error *err)
{
	struct text text = {0};

	add(&text, "padan-model\t%d\nlearnt_from\t%llu\nhouseholds\t%d\n", FORMAT_VERSION,
		(unsigned long long)model->learnt_from, model->households);
	for (size_t i = 0; i < RATES; i++)
		add(&text, "%s\t%.17g\n", rates[i].name, *(const double *)((const char *)model + rates[i].offset));
	for (unsigned i = 0; i < BLOCKING_INDEXES_MAX && model->plan != BLOCKING_ALL_INDEXES; i++) {
		char name[BLOCKING_NAME_MAX];

		if (model->plan >> i & 1 && blocking_index_name(i, name))
			add(&text, "index\t%s\n", name);
	}
	for (size_t c = 0; c < model->n; c++)
		write_comparison(&text, model, c);
	for (unsigned area = 0; area < 3; area++) {
		for (unsigned l = 1; l < NIK_LEVEL_COUNT; l++) {
			if (model->nik_on_birthday[area][l] != 0)
				add(&text, "birthday\t%u\t%s\t%.9g\n", area, comparison_level_name(COMPARE_NIK, l),
					(double)model->nik_on_birthday[area][l]);
		}
	}
	if (text.failed) {
		free(text.bytes);
		return error_memory(err);
	}
	*ret_text = text.bytes;
	*ret_size = text.n;
	return 0;
}

/* One line's parts between tabs, NUL-terminated, in the buffer. */
struct line {
	char buffer[LINE_MAX_BYTES];
	char *parts[PARTS_MAX];
	size_t n;
	unsigned number; /* from 1 */
};

static bool split_line(struct line *line, struct str text)
{
	if (text.n && text.p[text.n - 1] == '\r')
		text.n--;
	if (text.n >= sizeof line->buffer || memchr(text.p, '\0', text.n))
		return false;
	memcpy(line->buffer, text.p, text.n);
	line->buffer[text.n] = '\0';
	line->n = 0;
	for (char *p = line->buffer; p && line->n < PARTS_MAX;) {
		char *tab = strchr(p, '\t');

		line->parts[line->n++] = p;
		if (tab)
			*tab++ = '\0';
		p = tab;
	}
	return true;
}

static bool read_number(const char *text, double min, double max, double *ret)
{
	char *end;
	double x = strtod(text, &end);

	if (end == text || *end || !(x >= min && x <= max))
		return false;
	*ret = x;
	return true;
}

/* The level of that name, or 0. */
static unsigned level_of(enum comparison_kind kind, const char *name)
{
	for (unsigned l = 1; l < comparison_levels(kind); l++) {
		if (strcmp(comparison_level_name(kind, l), name) == 0)
			return l;
	}
	return 0;
}

static bool begin_comparison(struct fs_model *model, const struct line *line)
{
	struct fs_comparison *comparison;
	unsigned kind = 0;

	while (line->n == 3 && kind < COMPARE_KINDS && strcmp(comparison_kind_name(kind), line->parts[1]) != 0)
		kind++;
	if (line->n != 3 || kind == COMPARE_KINDS || model->n == COMPARISONS_MAX ||
	    strlen(line->parts[2]) >= sizeof comparison->name)
		return false;
	comparison = &model->comparisons[model->n++];
	comparison->kind = kind;
	comparison->n_levels = comparison_levels(kind);
	comparison->parent = -1;
	strcpy(comparison->name, line->parts[2]);
	for (int k = 0; k < FS_CLASSES; k++) {
		for (unsigned l = 0; l < comparison->n_levels; l++)
			comparison->p[k][l] = 1;
	}
	return true;
}

static bool read_level(struct fs_comparison *comparison, const struct line *line)
{
	unsigned level = line->n == 6 ? level_of(comparison->kind, line->parts[1]) : 0;

	if (!level)
		return false;
	for (int k = 0; k < FS_CLASSES; k++) {
		if (!read_number(line->parts[2 + k], 1e-300, 1e12, &comparison->p[k][level]))
			return false;
	}
	return true;
}

/* A correction names levels of its parent, which may stand further down: hence the kinds from the first pass. */
static bool read_correction(struct fs_comparison *comparison, const struct line *line, const enum comparison_kind *kinds,
	size_t n_kinds)
{
	unsigned p, l;
	double bits;

	if (line->n != 4 || comparison->parent < 0 || (size_t)comparison->parent >= n_kinds)
		return false;
	p = level_of(kinds[comparison->parent], line->parts[1]);
	l = level_of(comparison->kind, line->parts[2]);
	if (!p || !l || !read_number(line->parts[3], -100, 100, &bits))
		return false;
	comparison->correction[p][l] = (float)bits;
	return true;
}

static bool read_birthday(struct fs_model *model, const struct line *line)
{
	double area, bits;
	unsigned l = line->n == 4 ? level_of(COMPARE_NIK, line->parts[2]) : 0;

	if (!l || !read_number(line->parts[1], 0, 2, &area) || !read_number(line->parts[3], -100, 100, &bits))
		return false;
	model->nik_on_birthday[(unsigned)area][l] = (float)bits;
	return true;
}

static bool read_index(struct fs_model *model, const char *name)
{
	char known[BLOCKING_NAME_MAX];

	for (unsigned i = 0; i < BLOCKING_INDEXES_MAX && blocking_index_name(i, known); i++) {
		if (strcmp(known, name) == 0) {
			model->plan = (model->plan == BLOCKING_ALL_INDEXES ? 0 : model->plan) | UINT64_C(1) << i;
			return true;
		}
	}
	return false;
}

static bool read_line(struct fs_model *model, const struct line *line, const enum comparison_kind *kinds, size_t n_kinds)
{
	struct fs_comparison *comparison = model->n ? &model->comparisons[model->n - 1] : NULL;
	const char *word = line->parts[0];
	double x;

	if (strcmp(word, "comparison") == 0)
		return begin_comparison(model, line);
	if (strcmp(word, "birthday") == 0)
		return read_birthday(model, line);
	if (comparison && strcmp(word, "level") == 0)
		return read_level(comparison, line);
	if (comparison && strcmp(word, "correction") == 0)
		return read_correction(comparison, line, kinds, n_kinds);
	if (line->n != 2)
		return false;
	if (comparison && strcmp(word, "depends") == 0) {
		if (!read_number(line->parts[1], 0, (double)n_kinds - 1, &x) || (size_t)x == model->n - 1)
			return false;
		comparison->parent = (int)x;
		return true;
	}
	if (strcmp(word, "index") == 0)
		return read_index(model, line->parts[1]);
	if (strcmp(word, "learnt_from") == 0 && read_number(line->parts[1], 0, 1e18, &x)) {
		model->learnt_from = (uint64_t)x;
		return true;
	}
	if (strcmp(word, "households") == 0 && read_number(line->parts[1], 0, 1, &x)) {
		model->households = x > 0;
		return true;
	}
	for (size_t i = 0; i < RATES; i++) {
		if (strcmp(word, rates[i].name) == 0)
			return read_number(line->parts[1], 0, 1e6, (double *)((char *)model + rates[i].offset));
	}
	return false;
}

bool fs_model_shipped(enum comparison_kind kind, struct fs_comparison *ret, struct fs_model *ret_rates)
{
	struct str text = str_from(fs_shipped_text);
	struct line line = {.number = 0};
	unsigned levels = 0;
	bool first = true, wanted = false;

	for (int k = 0; k < FS_CLASSES; k++)
		ret->p[k][0] = 1;
	while (text.n) {
		size_t n = strcspn(text.p, "\n");
		struct str one = {text.p, n};

		text.p += n + (n < text.n);
		text.n -= n + (n < text.n);
		if (one.n == 0 || one.p[0] == '#')
			continue;
		if (!split_line(&line, one))
			return false;
		if (strcmp(line.parts[0], "comparison") == 0) {
			first = false;
			wanted = line.n == 3 && strcmp(line.parts[1], comparison_kind_name(kind)) == 0;
		} else if (first) {
			for (size_t i = 0; i < RATES; i++) {
				if (strcmp(line.parts[0], rates[i].name) == 0 && line.n == 2 &&
				    !read_number(line.parts[1], 0, 1e6, (double *)((char *)ret_rates + rates[i].offset)))
					return false;
			}
		} else if (wanted) {
			if (!read_level(ret, &line))
				return false;
			levels++;
		}
	}
	return levels == ret->n_levels - 1;
}

/* Whether following parents always ends: a tree, no circle. */
static bool is_tree(const struct fs_model *model)
{
	for (size_t c = 0; c < model->n; c++) {
		size_t steps = 0;

		for (int p = (int)c; p >= 0; p = model->comparisons[p].parent) {
			if (++steps > model->n)
				return false;
		}
	}
	return true;
}

/* pass 0 learns the comparisons' kinds, pass 1 reads the rest. Returns the number of the line at fault, 0 for none. */
static unsigned read_lines(struct fs_model *model, struct str text, enum comparison_kind *kinds, size_t *n_kinds, int pass)
{
	struct line line = {.number = 0};

	memset(model, 0, sizeof *model);
	model->plan = BLOCKING_ALL_INDEXES;
	while (text.n) {
		const char *end = memchr(text.p, '\n', text.n);
		struct str one = {text.p, end ? (size_t)(end - text.p) : text.n};

		text.p += one.n + (end != NULL);
		text.n -= one.n + (end != NULL);
		line.number++;
		if (one.n == 0 || one.p[0] == '#')
			continue;
		if (!split_line(&line, one))
			return line.number;
		if (line.number == 1) {
			if (line.n != 2 || strcmp(line.parts[0], "padan-model") != 0 || atoi(line.parts[1]) != FORMAT_VERSION)
				return 1;
			continue;
		}
		if (pass == 0) {
			if (strcmp(line.parts[0], "comparison") != 0)
				continue;
			if (!begin_comparison(model, &line))
				return line.number;
			kinds[model->n - 1] = model->comparisons[model->n - 1].kind;
			*n_kinds = model->n;
		} else if (!read_line(model, &line, kinds, *n_kinds)) {
			return line.number;
		}
	}
	return line.number ? 0 : 1;
}

int fs_model_read(struct fs_model *model, struct str text, struct error *err)
{
	enum comparison_kind kinds[COMPARISONS_MAX];
	size_t n_kinds = 0;
	unsigned fault = read_lines(model, text, kinds, &n_kinds, 0);

	if (!fault)
		fault = read_lines(model, text, kinds, &n_kinds, 1);
	if (fault)
		return error_set(err, ERROR_INPUT,
			"Baris %u bukan bagian dari berkas model padan; buat yang baru dengan --save-model.",
			"Line %u is no part of a model file of padan; make a new one with --save-model.", fault);
	if (model->n == 0 || !is_tree(model) || model->threshold <= 0 || model->threshold >= 1)
		return error_set(err, ERROR_INPUT, "Berkas model tidak lengkap; buat yang baru dengan --save-model.",
			"The model file is not complete; make a new one with --save-model.");
	return 0;
}
