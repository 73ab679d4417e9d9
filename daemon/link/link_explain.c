/* See link_explain.h. */
#include "daemon/link/link_explain.h"

#include "daemon/base/table.h"

#include <math.h>

enum { STEPS_SHOWN = 40, ROWS_SHOWN = 12, TEXT_MAX = 4096 };

struct explaining {
	const struct link_rows *rows;
	enum lang lang;
	FILE *to;
};

/* What a row is called. */
static void put_name(const struct explaining *x, uint32_t record, struct strbuf *out)
{
	x->rows->name(x->rows->arg, record, out);
}

/* ---- numbers ---- */

/* "+7,1" or "-12.3": bits. */
static const char *bits_text(enum lang lang, double bits, char text[32])
{
	if (!isfinite(bits))
		return bits > 0 ? "∞" : "-∞";
	snprintf(text, 32, "%+.1f", bits);
	for (char *p = text; *p && lang == LANG_ID; p++)
		*p = *p == '.' ? ',' : *p;
	return text;
}

static const char *percent_text(enum lang lang, double share, char text[32])
{
	snprintf(text, 32, share > 0 && share < 0.001 ? "< 0.1" : share > 0.999 && share < 1 ? "> 99.9" : "%.1f", share * 100);
	for (char *p = text; *p && lang == LANG_ID; p++)
		*p = *p == '.' ? ',' : *p;
	return text;
}

/* ---- a pair ---- */

static bool is_name(enum field_type type)
{
	return type == FIELD_NAME || type == FIELD_GIVEN_NAME || type == FIELD_SURNAME;
}

/* All name columns are one comparison, which stands at the first of them. */
static bool goes_with(const struct linker_schema *schema, size_t other, int field)
{
	return field >= 0 &&
	       ((int)other == field || (is_name(schema->fields[field].type) && is_name(schema->fields[other].type)));
}

static void add_value(const struct explaining *x, struct table *table, uint32_t record, int field)
{
	struct strbuf text;

	strbuf_init(&text, TEXT_MAX);
	for (size_t f = 0; f < x->rows->schema->n_fields; f++) {
		size_t before = text.n;

		if (!goes_with(x->rows->schema, f, field))
			continue;
		if (before)
			strbuf_add(&text, STR_LITERAL(" "));
		x->rows->value(x->rows->arg, record, f, &text);
	}
	table_cell(table, text.p, TABLE_PLAIN);
	strbuf_release(&text);
}

static void add_title(const struct explaining *x, struct table *table, int field)
{
	char title[3 * LINKER_FIELD_NAME_MAX] = "";
	size_t n = 0;

	for (size_t f = 0; f < x->rows->schema->n_fields && n + LINKER_FIELD_NAME_MAX + 4 < sizeof title; f++)
		if (goes_with(x->rows->schema, f, field))
			n += (size_t)snprintf(title + n, sizeof title - n, "%s%s", n ? " + " : "", x->rows->schema->fields[f].name);
	table_cell(table, title, TABLE_PLAIN);
}

/* One line for each comparison. */
static int print_parts(const struct explaining *x, const struct waterfall *waterfall, const uint32_t rows[2], struct error *err)
{
	const bool english = x->lang == LANG_EN;
	char text[32];
	struct strbuf titles[2];
	struct table table;
	int status;

	table_init(&table, x->to);
	table_column(&table, lang_text(x->lang, "Kolom", "Column"), TABLE_LEFT);
	for (int i = 0; i < 2; i++) {
		strbuf_init(&titles[i], TEXT_MAX);
		put_name(x, rows[i], &titles[i]);
		table_column(&table, titles[i].n ? titles[i].p : "", TABLE_LEFT);
	}
	table_column(&table, lang_text(x->lang, "Perbandingan", "Comparison"), TABLE_LEFT);
	table_column(&table, lang_text(x->lang, "Bobot", "Weight"), TABLE_RIGHT);
	for (size_t i = 0; i < waterfall->n; i++) {
		const struct waterfall_part *part = &waterfall->parts[i];
		double weight = (double)part->weight;

		add_title(x, &table, part->field);
		add_value(x, &table, rows[0], part->field);
		add_value(x, &table, rows[1], part->field);
		table_cell(&table, english ? part->text_en : part->text, TABLE_PLAIN);
		table_cell(&table, bits_text(x->lang, weight, text), weight > 0.05 ? TABLE_GOOD : weight < -0.05 ? TABLE_WARNING : TABLE_PLAIN);
	}
	for (int i = 0; i < 3; i++)
		table_cell(&table, i ? "" : lang_text(x->lang, "Jumlah", "Sum"), TABLE_STRONG);
	table_cell(&table, "", TABLE_PLAIN);
	table_cell(&table, bits_text(x->lang, (double)waterfall->pair.weight, text), TABLE_STRONG);
	status = table_print(&table, err);
	table_release(&table);
	strbuf_release(&titles[0]);
	strbuf_release(&titles[1]);
	return status;
}

static int explain_pair(const struct explaining *x, const uint32_t rows[2], struct error *err)
{
	struct linker_why why;
	char a[32], b[32], c[32];

	if (linker_why(x->rows->linker, rows[0], rows[1], &why, err) < 0)
		return -1;
	fprintf(x->to, "%s\n", linker_reason_text(why.reason, x->lang == LANG_EN));
	fprintf(x->to,
		lang_text(x->lang,
			"Bobot pasangan ini %s (bit: setiap 1 melipatduakan), perlu %s; peluang satu orang %s %%, dua anggota satu keluarga ",
			"This pair weighs %s (bits: each doubles the odds) and needs %s; it is one person with %s%%, two members of one household with "),
		bits_text(x->lang, (double)why.waterfall.pair.weight, a), bits_text(x->lang, why.least, b),
		percent_text(x->lang, (double)why.waterfall.pair.probability, c));
	fprintf(x->to, lang_text(x->lang, "%s %%.\n", "%s%%.\n"), percent_text(x->lang, (double)why.waterfall.pair.household, c));
	if (why.reason > LINKER_DECIDED_TOGETHER && isfinite(why.clusters) && why.rows[0] + why.rows[1] > 2)
		fprintf(x->to,
			lang_text(x->lang, "Semua baris kedua orang itu bersama-sama (%zu dan %zu): %s.\n",
				"All rows of these two persons together (%zu and %zu): %s.\n"),
			why.rows[0], why.rows[1], bits_text(x->lang, why.clusters, a));
	fputc('\n', x->to);
	return print_parts(x, &why.waterfall, rows, err);
}

/* ---- a person ---- */

/* The steps that concern one person, as lines of text. */
struct history {
	const struct explaining *x;
	uint32_t label;
	struct strbuf lines, niks;
	size_t n;
};

static bool concerns(const struct history *history, const uint32_t *records, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (linker_cluster(history->x->rows->linker, records[i]) == history->label)
			return true;
	return false;
}

static void add_rows(const struct explaining *x, struct strbuf *out, const uint32_t *records, size_t n)
{
	for (size_t i = 0; i < n && i < ROWS_SHOWN; i++) {
		if (i)
			strbuf_add(out, STR_LITERAL(", "));
		put_name(x, records[i], out);
	}
	if (n > ROWS_SHOWN)
		strbuf_addf(out, ", … (%zu)", n);
}

static void take_step(void *arg, const struct linker_step *step)
{
	struct history *history = arg;
	const struct explaining *x = history->x;
	char text[32];

	if (!concerns(history, step->a, step->n_a) && !concerns(history, step->b, step->n_b))
		return;
	if (step->kind == LINKER_STEP_NIK) {
		/* Everything is clustered once more without that NIK. */
		strbuf_clear(&history->lines);
		history->n = 0;
		strbuf_addf(&history->niks, "%s", lang_text(x->lang, "  NIK pada baris ", "  The NIK of row "));
		add_rows(x, &history->niks, step->b, 1);
		strbuf_addf(&history->niks, "%s", lang_text(x->lang, " milik orang dari baris ", " belongs to the person of row "));
		add_rows(x, &history->niks, step->a, 1);
		strbuf_addf(&history->niks, "%s", lang_text(x->lang, ", jadi tidak dihitung.\n", ", so it does not count.\n"));
		return;
	}
	if (++history->n > STEPS_SHOWN)
		return;
	strbuf_addf(&history->lines, "  %zu. ", history->n);
	add_rows(x, &history->lines, step->a, step->n_a);
	strbuf_addf(&history->lines, "%s", step->kind == LINKER_STEP_JOINED ? "  +  " : lang_text(x->lang, "  dipisah dari  ", "  parted from  "));
	add_rows(x, &history->lines, step->b, step->n_b);
	if (isfinite(step->weight))
		strbuf_addf(&history->lines, "   (%s)\n", bits_text(x->lang, step->weight, text));
	else
		strbuf_addf(&history->lines, "   (%s)\n", lang_text(x->lang, "keputusan petugas", "decided by people"));
}

static int explain_person(const struct explaining *x, uint32_t row, struct error *err)
{
	struct history history = {.x = x, .label = linker_cluster(x->rows->linker, row)};
	struct strbuf name;
	int status;

	strbuf_init(&history.lines, 1 << 20);
	strbuf_init(&history.niks, 1 << 16);
	strbuf_init(&name, TEXT_MAX);
	put_name(x, row, &name);
	status = linker_explain_cluster(x->rows->linker, row, take_step, &history, err);
	if (status == 0) {
		fprintf(x->to, lang_text(x->lang, "\nOrang dari baris %s: ", "\nThe person of row %s: "), name.n ? name.p : "");
		if (!history.n)
			fprintf(x->to, "%s", lang_text(x->lang, "baris ini saja.\n", "this row alone.\n"));
		else
			fprintf(x->to, "%s", lang_text(x->lang, "digabung langkah demi langkah, yang paling pasti lebih dulu\n",
							 "joined step by step, the surest first\n"));
		fputs(history.niks.n ? history.niks.p : "", x->to);
		fputs(history.n ? history.lines.p : "", x->to);
		if (history.n > STEPS_SHOWN)
			fprintf(x->to, lang_text(x->lang, "  … dan %zu langkah lagi\n", "  … and %zu more steps\n"), history.n - STEPS_SHOWN);
		status = strbuf_failed(&history.lines, err);
	}
	strbuf_release(&history.lines);
	strbuf_release(&history.niks);
	strbuf_release(&name);
	return status;
}

int link_explain(const struct link_rows *rows, const struct option_list *names, enum lang lang, FILE *to, struct error *err)
{
	const struct explaining x = {rows, lang, to};
	uint32_t found[2] = {0, 0};

	if (names->count > 2)
		return error_set(err, ERROR_USAGE, "--explain: satu baris, atau dua.", "--explain: one row, or two.");
	for (size_t i = 0; i < names->count; i++) {
		found[i] = rows->find(rows->arg, names->items[i]);
		if (found[i] == UINT32_MAX)
			return error_set(err, ERROR_USAGE, "--explain %.80s: tidak ada baris dengan kunci itu.",
				"--explain %.80s: no row has that key.", names->items[i]);
	}
	if (names->count == 2 && found[0] == found[1])
		return error_set(err, ERROR_USAGE, "--explain: dua kali baris yang sama.", "--explain: the same row twice.");
	if (names->count == 2 && explain_pair(&x, found, err) < 0)
		return -1;
	if (explain_person(&x, found[0], err) < 0)
		return -1;
	if (names->count == 2 && linker_cluster(rows->linker, found[0]) != linker_cluster(rows->linker, found[1]))
		return explain_person(&x, found[1], err);
	return 0;
}
