/* See check_explain.h. */
#include "daemon/check/check_explain.h"

#include "daemon/link/link_explain.h"
#include "matcher/district/register.h"
#include "matcher/flag/explain.h"

#include <stdlib.h>

struct explaining {
	const struct check_report *report;
	const struct village_table *villages;
};

static uint32_t find_row(const void *arg, const char *name)
{
	const struct check_report *report = ((const struct explaining *)arg)->report;
	const char *colon = strrchr(name, ':');
	char *end;
	unsigned long row = colon ? strtoul(colon + 1, &end, 10) : 0;

	if (!row || *end || row > UINT32_MAX)
		return UINT32_MAX;
	for (size_t l = 0; l < district_lists(report->district); l++) {
		struct str label = str_from(report->by_number[l]->label);

		if (str_equal(label, (struct str){name, (size_t)(colon - name)}))
			return district_find_entry(report->district, (uint32_t)l, (uint32_t)row);
	}
	return UINT32_MAX;
}

static void put_name(const void *arg, uint32_t record, struct strbuf *out)
{
	const struct check_report *report = ((const struct explaining *)arg)->report;
	struct entry entry;

	district_entry(report->district, record, &entry);
	strbuf_addf(out, "%s:%u", report->by_number[district_list_of(report->district, record)]->label, entry.row);
}

static void put_value(const void *arg, uint32_t record, size_t field, struct strbuf *out)
{
	static const enum explain_field fields[DISTRICT_FIELDS] = {[DISTRICT_NIK] = EXPLAIN_NIK, [DISTRICT_KK] = EXPLAIN_KK,
		[DISTRICT_FAMILY] = EXPLAIN_FAMILY_ID, [DISTRICT_NAME] = EXPLAIN_NAME, [DISTRICT_BIRTH] = EXPLAIN_BIRTH,
		[DISTRICT_SEX] = EXPLAIN_SEX, [DISTRICT_VILLAGE] = EXPLAIN_VILLAGE, [DISTRICT_RT] = EXPLAIN_RT,
		[DISTRICT_ADDRESS] = EXPLAIN_ADDRESS};
	const struct explaining *x = arg;
	const struct explain_style style = {.english = x->report->lang == LANG_EN};
	struct explain_party party = {0};
	const struct village *village;
	struct entry entry;

	district_entry(x->report->district, record, &entry);
	village = x->villages && entry.village ? place_village(x->villages, entry.village) : NULL;
	party.entry = &entry;
	if (village)
		party.village = village->name;
	explain_value(&party, fields[field], &style, out);
}

/* Whether two rows that the linker holds apart are one person by their family. */
static void say_family(const struct check_report *report, const struct link_rows *rows, const struct option_list *names, FILE *to)
{
	uint32_t a, b;
	double sure;

	if (names->count < 2)
		return;
	a = rows->find(rows->arg, names->items[0]);
	b = rows->find(rows->arg, names->items[1]);
	if (district_by_family(report->district, a, b, &sure))
		fprintf(to, lang_text(report->lang, "\nKeluarga mereka menunjukkan: satu orang (%.0f %%).\n", "\nBy their family they are one person (%.0f%%).\n"),
			sure * 100);
	else if (district_household(report->district, a) && district_household(report->district, a) == district_household(report->district, b))
		fputs(lang_text(report->lang, "\nKedua baris ini satu keluarga.\n", "\nThese two rows are of one household.\n"), to);
}

int check_explain(const struct check_report *report, const struct village_table *villages, const struct option_list *names, FILE *to,
	struct error *err)
{
	const struct explaining x = {report, villages};
	const struct link_rows rows = {district_linker(report->district), &district_schema, &x, find_row, put_name, put_value};

	if (link_explain(&rows, names, report->lang, to, err) < 0)
		return -1;
	say_family(report, &rows, names, to);
	return 0;
}
