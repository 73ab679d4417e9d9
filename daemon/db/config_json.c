/*
 * A configuration as JSON. See config_json.h.
 */
#include "daemon/db/config_json.h"

#include <stdio.h>

static json_t *text(struct str s)
{
	return json_stringn(s.p ? s.p : "", s.n);
}

static json_t *text_or_null(struct str s)
{
	return s.n ? text(s) : json_null();
}

static json_t *number_or_null(unsigned n)
{
	return n ? json_integer(n) : json_null();
}

static json_t *office_code(const struct ruleset *rules, int office)
{
	return office < 0 ? json_null() : text(rules->offices[office].code);
}

/* yyyymmdd → "yyyy-mm-dd"; 0 → null. */
static json_t *date_or_null(uint32_t day)
{
	char date[32];

	if (!day)
		return json_null();
	snprintf(date, sizeof date, "%04u-%02u-%02u", day / 10000, day / 100 % 100, day % 100);
	return json_string(date);
}

static json_t *programme_codes(const struct ruleset *rules, const int *programmes, size_t n)
{
	json_t *codes = json_array();

	for (size_t i = 0; codes && i < n; i++)
		json_array_append_new(codes, text(rules->programmes[programmes[i]].code));
	return codes;
}

json_t *apply_json_offices(const struct district_config *config)
{
	json_t *all = json_array();

	for (size_t i = 0; all && i < config->rules.n_offices; i++) {
		const struct office *o = &config->rules.offices[i];

		json_array_append_new(all,
			json_pack("{s:o, s:o, s:o}", "office", text(o->code), "name", text(o->name), "email", text_or_null(o->email)));
	}
	return all;
}

/* All months: null, which is "every period"; none: an empty array goes with expected = false. */
static json_t *months(uint16_t bits)
{
	json_t *all;
	int n = 0;

	for (int m = 1; m <= 12; m++)
		n += bits >> m & 1;
	if (n == 12 || n == 0)
		return json_null();
	all = json_array();
	for (int m = 1; all && m <= 12; m++)
		if (bits >> m & 1)
			json_array_append_new(all, json_integer(m));
	return all;
}

json_t *apply_json_programmes(const struct district_config *config)
{
	const struct ruleset *rules = &config->rules;
	json_t *all = json_array();

	for (size_t i = 0; all && i < rules->n_programmes; i++) {
		const struct programme *p = &rules->programmes[i];

		json_array_append_new(all,
			json_pack("{s:o, s:o, s:o, s:s, s:b, s:b, s:o}", "programme", text(p->code), "name", text(p->name),
				"office", office_code(rules, p->office), "unit", p->unit == UNIT_PERSON ? "person" : "household",
				"inclusion", p->inclusion, "expected", p->expected_months != 0, "expected_months",
				months(p->expected_months)));
	}
	return all;
}

json_t *apply_json_references(const struct district_config *config)
{
	const struct ruleset *rules = &config->rules;
	json_t *all = json_array();

	for (size_t i = 0; all && i < rules->n_references; i++) {
		const struct reference *r = &rules->references[i];

		json_array_append_new(all, json_pack("{s:o, s:o, s:o}", "reference", text(r->code), "name", text(r->name), "office",
						   office_code(rules, r->office)));
	}
	return all;
}

json_t *apply_json_rules(const struct district_config *config)
{
	const struct ruleset *rules = &config->rules;
	json_t *all = json_array();

	for (size_t i = 0; all && i < rules->n_rules; i++) {
		const struct rule *r = &rules->rules[i];
		json_t *rule = json_pack("{s:o, s:s, s:s, s:s, s:o}", "rule", text(r->code), "kind", rule_kind_name(r->kind), "level",
			rule_level_name(r->level), "severity", severity_name(r->severity), "legal_basis", text(r->legal_basis));

		json_object_set_new(rule, "programmes", programme_codes(rules, r->programmes, r->n_programmes));
		json_object_set_new(rule, "reference",
			r->reference < 0 ? json_null() : text(rules->references[r->reference].code));
		json_object_set_new(rule, "valid_from", date_or_null(r->valid_from));
		json_object_set_new(rule, "valid_to", date_or_null(r->valid_to));
		json_object_set_new(rule, "desil", number_or_null(r->desil));
		json_object_set_new(rule, "entries", number_or_null(r->entries));
		json_object_set_new(rule, "years", number_or_null(r->years));
		json_array_append_new(all, rule);
	}
	return all;
}

json_t *apply_json_periods(const struct district_config *config)
{
	json_t *all = json_array();

	for (size_t i = 0; all && i < config->n_periods; i++) {
		const struct period_config *p = &config->periods[i];

		json_array_append_new(all, json_pack("{s:o, s:o}", "period", text(p->code), "programmes",
						   programme_codes(&config->rules, p->programmes, p->n_programmes)));
	}
	return all;
}

/* {"nik": ["nomor id warga"], …} */
static json_t *column_words(const struct district_config *config)
{
	json_t *all = json_object();

	for (size_t i = 0; all && i < config->n_synonyms; i++) {
		const char *role = column_role_name(config->synonyms[i].role);

		if (!json_object_get(all, role))
			json_object_set_new(all, role, json_array());
		json_array_append_new(json_object_get(all, role), json_string(config->synonyms[i].text));
	}
	return all;
}

json_t *apply_json_settings(const struct district_config *config)
{
	const struct alert_config *alerts = &config->alerts;
	json_t *emails = json_array();

	for (size_t i = 0; emails && i < alerts->n_emails; i++)
		json_array_append_new(emails, text(alerts->emails[i]));
	return json_pack("{s:f, s:f, s:f, s:o, s:o, s:o, s:o, s:o, s:f, s:i, s:i, s:o}", "finding", config->rules.finding_from, "link",
		config->link_threshold, "doubtful", config->doubtful_from, "email", emails, "from", text_or_null(alerts->from),
		"smtp", text_or_null(alerts->smtp_url), "smtp_user", text_or_null(alerts->smtp_user), "webhook",
		text_or_null(alerts->webhook_url), "inclusion_share", alerts->inclusion_share, "excluded_in_village",
		(int)alerts->excluded_in_village, "digest_hour", (int)alerts->digest_hour, "columns", column_words(config));
}

json_t *apply_json_villages(const struct village_table *table)
{
	json_t *all = json_array();

	for (size_t i = 0; all && i < table->n; i++) {
		const struct village *v = &table->villages[i];

		json_array_append_new(all, json_pack("{s:I, s:o, s:o}", "village", (json_int_t)v->code, "name", text(v->name),
						   "kecamatan", text(v->kecamatan)));
	}
	return all;
}
