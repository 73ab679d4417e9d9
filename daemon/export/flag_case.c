/*
 * Flags out of the database. See flag_case.h.
 */
#include "daemon/export/flag_case.h"

#include "daemon/db/db_sync.h"
#include "daemon/jobs/entry_copy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FLAG_COLUMNS = 26, AT_COLUMN = FLAG_COLUMNS, OTHER_COLUMN = AT_COLUMN + ENTRY_FIELDS };

int flag_cases_take(struct flag_cases *cases, struct str config, PGresult *result, struct error *err)
{
	struct str text;

	memset(cases, 0, sizeof *cases);
	arena_init(&cases->arena, 0);
	cases->result = result;
	cases->n = PQntuples(result);
	text = arena_str(&cases->arena, config);
	if (!text.p)
		return error_memory(err);
	return district_config_parse(text, &cases->arena, &cases->config, NULL, err);
}

void flag_cases_release(struct flag_cases *cases)
{
	PQclear(cases->result);
	arena_release(&cases->arena);
	memset(cases, 0, sizeof *cases);
}

/* 26 columns from the first on; *there false where the entry is gone (erased) or there is none. */
static int read_entry(struct flag_cases *cases, int row, int first, struct entry *entry, bool *there, struct error *err)
{
	struct copy_field fields[ENTRY_FIELDS];
	struct district_ids ids;
	int64_t list;

	*there = !db_null(cases->result, row, first);
	if (!*there)
		return 0;
	for (int i = 0; i < ENTRY_FIELDS; i++)
		fields[i] = (struct copy_field){
			{PQgetvalue(cases->result, row, first + i), (size_t)PQgetlength(cases->result, row, first + i)},
			db_null(cases->result, row, first + i)};
	return entry_copy_fields(fields, &cases->arena, &list, entry, &ids, err);
}

static const char *named(const struct flag_cases *cases, int row, const char *column)
{
	int at = PQfnumber(cases->result, column);

	return at < 0 ? "" : PQgetvalue(cases->result, row, at);
}

static enum flag_kind kind_from_name(const char *name)
{
	int kind = 0;

	while (kind < FLAG_KINDS && strcmp(flag_kind_name(kind), name) != 0)
		kind++;
	return kind < FLAG_KINDS ? (enum flag_kind)kind : FLAG_DATA_QUALITY;
}

static enum flag_state state_from_name(const char *name)
{
	return strcmp(name, "finding") == 0 ? FLAG_FINDING : strcmp(name, "to_check") == 0 ? FLAG_TO_CHECK : FLAG_PROVISIONAL;
}

static enum severity severity_from_name(const char *name)
{
	int severity = SEVERITY_INFO;

	while (severity < SEVERITY_HIGH && strcmp(severity_name(severity), name) != 0)
		severity++;
	return (enum severity)severity;
}

static int rule_from_code(const struct ruleset *rules, const char *code)
{
	for (size_t i = 0; i < rules->n_rules; i++)
		if (str_equal(rules->rules[i].code, str_from(code)))
			return (int)i;
	return -1;
}

/* What a list is: kind, and the name of its programme or reference. */
static void fill_party(struct explain_party *party, const struct ruleset *rules, struct str kind, struct str subject,
	struct str period)
{
	int index;

	party->period = period;
	party->list = subject;
	if (str_equal(kind, STR_LITERAL("target"))) {
		party->kind = LIST_TARGET;
	} else if (str_equal(kind, STR_LITERAL("reference"))) {
		party->kind = LIST_REFERENCE;
		index = ruleset_find_reference(rules, subject);
		if (index >= 0 && rules->references[index].name.n)
			party->list = rules->references[index].name;
	} else {
		party->kind = LIST_PROGRAMME;
		index = ruleset_find_programme(rules, subject);
		if (index >= 0 && rules->programmes[index].name.n)
			party->list = rules->programmes[index].name;
	}
}

/* "programme:pkh:2024-07" */
static void fill_other(struct explain_party *party, const struct ruleset *rules, struct str told)
{
	const char *first = memchr(told.p, ':', told.n), *second;
	struct str kind, subject, period;

	if (!first)
		return;
	kind = (struct str){told.p, (size_t)(first - told.p)};
	second = memchr(first + 1, ':', told.n - kind.n - 1);
	if (!second)
		return;
	subject = (struct str){first + 1, (size_t)(second - first - 1)};
	period = (struct str){second + 1, told.n - kind.n - subject.n - 2};
	fill_party(party, rules, kind, subject, period);
}

int flag_cases_get(struct flag_cases *cases, int row, struct flag_case *ret, struct error *err)
{
	const struct ruleset *rules = &cases->config.rules;
	struct explain_case *explained = &ret->explained;
	bool there;

	memset(ret, 0, sizeof *ret);
	ret->number = named(cases, row, "flag");
	ret->kind = named(cases, row, "kind");
	ret->state = named(cases, row, "state");
	ret->severity = named(cases, row, "severity");
	ret->status = named(cases, row, "status");
	ret->reason = named(cases, row, "reason");
	ret->village_name = named(cases, row, "village_name");
	ret->kecamatan = named(cases, row, "kecamatan");
	ret->household = named(cases, row, "household");
	ret->programme = named(cases, row, "programme");
	ret->list = strtoll(named(cases, row, "list"), NULL, 10);
	ret->other_list = strtoll(named(cases, row, "other_list"), NULL, 10);
	ret->flag = (struct flag){.kind = kind_from_name(ret->kind), .severity = severity_from_name(ret->severity),
		.state = state_from_name(ret->state), .certainty = strtod(named(cases, row, "certainty"), NULL),
		.other = ret->other_list ? 1 : FLAG_NO_ENTRY, .rule = rule_from_code(rules, named(cases, row, "rule"))};
	explained->flag = &ret->flag;
	explained->rules = rules;
	explained->list_entries = (uint32_t)strtoul(named(cases, row, "rows_accepted"), NULL, 10);
	explained->has_other = ret->other_list != 0;
	explained->same_person = *named(cases, row, "same_person") == 't';
	explained->by_family = *named(cases, row, "by_family") == 't';
	fill_party(&explained->at, rules, str_from(named(cases, row, "list_kind")), str_from(named(cases, row, "list_subject")),
		str_from(named(cases, row, "list_period")));
	explained->at.village = str_from(ret->village_name);
	explained->at.row = (uint32_t)strtoul(named(cases, row, "row"), NULL, 10);
	if (read_entry(cases, row, AT_COLUMN, &ret->at, &there, err) < 0)
		return -1;
	explained->at.entry = there ? &ret->at : NULL;
	if (!explained->has_other)
		return 0;
	fill_other(&explained->other, rules, str_from(named(cases, row, "other")));
	explained->other.village = str_from(named(cases, row, "other_village"));
	explained->other.row = (uint32_t)strtoul(named(cases, row, "other_row"), NULL, 10);
	if (read_entry(cases, row, OTHER_COLUMN, &ret->other, &there, err) < 0)
		return -1;
	explained->other.entry = there ? &ret->other : NULL;
	return 0;
}
