/*
 * What a district has decided: programmes, references and dated rules, as plain data. Filled from the configuration
 * file or from the database; read by the flag decisions. No rule is ever code: they change every year.
 */
#ifndef PADAN_RULES_H
#define PADAN_RULES_H

#include "matcher/base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RULE_PROGRAMMES_MAX = 16 };

enum rule_kind {
	RULE_FORBIDDEN_OVERLAP,
	RULE_ONE_PER_HOUSEHOLD,
	RULE_TARGET_ONLY,
	RULE_MAX_DESIL,
	RULE_QUOTA,
	RULE_COOLDOWN,
	RULE_MUST_RECEIVE_ONE_OF,
	RULE_BARRED_BY,
	RULE_KINDS
};

enum rule_level { LEVEL_HOUSEHOLD, LEVEL_PERSON };
enum severity { SEVERITY_INFO, SEVERITY_LOW, SEVERITY_MEDIUM, SEVERITY_HIGH };
enum programme_unit { UNIT_HOUSEHOLD, UNIT_PERSON };

struct programme {
	struct str code, name;
	int office; /* index in offices of struct ruleset */
	enum programme_unit unit;
	bool inclusion; /* recipients off the target list are an error */
	/* Bit m (1..12): its list is awaited in periods of that month; any bit: in periods of a whole year. */
	uint16_t expected_months;
};

struct reference {
	struct str code, name;
	int office; /* that may send it; -1: an administrator alone */
};

struct office {
	struct str code, name;
	struct str email; /* may be empty */
};

struct rule {
	struct str code; /* "bltdd-not-with-pkh" */
	enum rule_kind kind;
	enum rule_level level;
	enum severity severity;
	int programmes[RULE_PROGRAMMES_MAX]; /* indices; flagged at the first */
	size_t n_programmes;
	int reference;       /* index, RULE_BARRED_BY; else -1 */
	uint32_t valid_from; /* yyyymmdd */
	uint32_t valid_to;   /* yyyymmdd, inclusive; 0: until further notice */
	struct str legal_basis;
	unsigned desil;   /* RULE_MAX_DESIL: the highest allowed */
	unsigned entries; /* RULE_QUOTA */
	unsigned years;   /* RULE_COOLDOWN */
	unsigned line;    /* of the configuration file, for messages; 0 unknown */
};

/*
 * What a kind of rule reads beside programmes and dates:
 *	forbidden_overlap    level
 *	one_per_household    (always of the household)
 *	target_only          (always of the household)
 *	max_desil            desil, level: the recipient's own desil, or the highest in the household
 *	quota                entries (level says nothing)
 *	cooldown             years, level
 *	must_receive_one_of  (always of the household)
 *	barred_by            reference, level
 * All texts belong to whoever made the ruleset (an arena beside it). */
struct ruleset {
	struct str district_code; /* "15.05" */
	struct str district_name;
	const struct office *offices;
	size_t n_offices;
	const struct programme *programmes;
	size_t n_programmes;
	const struct reference *references;
	size_t n_references;
	const struct rule *rules;
	size_t n_rules;
	double finding_from; /* flags less certain than this are FLAG_TO_CHECK; 0: RULES_FINDING_FROM */
};

#define RULES_FINDING_FROM 0.9

const char *rule_kind_name(enum rule_kind kind);    /* "forbidden_overlap" */
const char *rule_level_name(enum rule_level level); /* "household" */
const char *severity_name(enum severity severity);  /* "high" */
/* In force on that day (yyyymmdd). */
bool rule_in_force(const struct rule *rule, uint32_t day);
/* Whether a programme (its index) is among those that the rule names. */
bool rule_names(const struct rule *rule, int programme);

/* Index of the programme, reference or office of that code; -1: none. */
int ruleset_find_programme(const struct ruleset *rules, struct str code);
int ruleset_find_reference(const struct ruleset *rules, struct str code);
int ruleset_find_office(const struct ruleset *rules, struct str code);

#endif
