/*
 * Names of what rules are made of, and when they hold. See rules.h.
 */
#include "matcher/flag/rules.h"

static const char *const KINDS[RULE_KINDS] = {
        [RULE_FORBIDDEN_OVERLAP] = "forbidden_overlap",
        [RULE_ONE_PER_HOUSEHOLD] = "one_per_household",
        [RULE_TARGET_ONLY] = "target_only",
        [RULE_MAX_DESIL] = "max_desil",
        [RULE_QUOTA] = "quota",
        [RULE_COOLDOWN] = "cooldown",
        [RULE_MUST_RECEIVE_ONE_OF] = "must_receive_one_of",
        [RULE_BARRED_BY] = "barred_by",
};

const char *rule_kind_name(enum rule_kind kind)
{
	return kind < RULE_KINDS ? KINDS[kind] : "";
}

const char *rule_level_name(enum rule_level level)
{
	return level == LEVEL_PERSON ? "person" : "household";
}

const char *severity_name(enum severity severity)
{
	static const char *const names[] = {"info", "low", "medium", "high"};

	return severity <= SEVERITY_HIGH ? names[severity] : "";
}

bool rule_in_force(const struct rule *rule, uint32_t day)
{
	return day >= rule->valid_from && (rule->valid_to == 0 || day <= rule->valid_to);
}

int ruleset_find_programme(const struct ruleset *rules, struct str code)
{
	for (size_t i = 0; i < rules->n_programmes; i++)
		if (str_equal(rules->programmes[i].code, code))
			return (int)i;
	return -1;
}

int ruleset_find_reference(const struct ruleset *rules, struct str code)
{
	for (size_t i = 0; i < rules->n_references; i++)
		if (str_equal(rules->references[i].code, code))
			return (int)i;
	return -1;
}

int ruleset_find_office(const struct ruleset *rules, struct str code)
{
	for (size_t i = 0; i < rules->n_offices; i++)
		if (str_equal(rules->offices[i].code, code))
			return (int)i;
	return -1;
}

bool rule_names(const struct rule *rule, int programme)
{
	for (size_t i = 0; i < rule->n_programmes; i++)
		if (rule->programmes[i] == programme)
			return true;
	return false;
}
