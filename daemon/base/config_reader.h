/*
 * Inside the reader of a district's configuration: what its three files share. For others: district_config.h.
 *	config_keys.c    the table of sections and keys, and the reference printed from it
 *	config_values.c  one value of a key: text → number, date, word, index …
 *	config_rules.c   what a rule's keys say together
 *	district_config.c  the order of things
 */
#ifndef PADAN_CONFIG_READER_H
#define PADAN_CONFIG_READER_H

#include "daemon/base/district_config.h"
#include "daemon/base/ini_text.h"

enum config_value_kind {
	VALUE_TEXT,             /* struct str */
	VALUE_DISTRICT,         /* struct district_config: "15.05" */
	VALUE_EMAIL,            /* struct str */
	VALUE_EMAILS,           /* struct alert_config */
	VALUE_URL,              /* struct str; words: the schemes allowed */
	VALUE_WORD,             /* int (an enum): place of the word among words */
	VALUE_YES_NO,           /* bool */
	VALUE_DATE,             /* uint32_t; empty: 0 */
	VALUE_NUMBER,           /* unsigned, min … max */
	VALUE_HOUR,             /* unsigned: 0..23, "no": DIGEST_NEVER */
	VALUE_SHARE,            /* double 0..1: "10 %", "0.1" */
	VALUE_OFFICE,           /* int */
	VALUE_REFERENCE,        /* int */
	VALUE_RULE_PROGRAMMES,  /* struct rule */
	VALUE_PERIOD_PROGRAMMES, /* struct period_config */
	VALUE_MONTHS            /* uint16_t */
};

struct config_key {
	const char *name;
	enum config_value_kind value;
	size_t at; /* offset in the section's object */
	bool needed;
	const char *words; /* VALUE_WORD: "person|household"; VALUE_URL: "smtp|smtps" */
	unsigned min, max; /* VALUE_NUMBER */
	const char *id, *en;
};

enum config_section_kind {
	SECTION_DISTRICT,
	SECTION_OFFICE,
	SECTION_PROGRAMME,
	SECTION_REFERENCE,
	SECTION_TARGET,
	SECTION_RULE,
	SECTION_PERIOD,
	SECTION_COLUMNS, /* its keys are the roles of column_role.h */
	SECTION_ALERTS,
	SECTION_VILLAGES,
	SECTION_THRESHOLDS,
	SECTION_KINDS
};

struct config_section {
	const char *name;
	bool coded; /* [office dinsos]; may stand several times, each code once */
	const struct config_key *keys; /* ends with a NULL name */
	const char *id, *en;
};

extern const struct config_section CONFIG_SECTIONS[SECTION_KINDS];

struct config_reader {
	struct arena *arena;
	struct district_config *out;
	struct config_faults *faults;
	bool no_memory;
};

/* Copies into the arena; remembers when there is no memory. */
struct str config_copy(struct config_reader *reader, struct str text);

/* Reads one entry's value into object; what is wrong with it becomes a fault. */
void config_read_value(struct config_reader *reader, const struct config_key *key, const struct ini_entry *entry,
	void *object);

/* The next piece of a comma-separated value, trimmed; false at the end. Pieces may be empty. */
bool config_next_piece(struct str *rest, struct str *piece);

/* The entry of that key with a value that is not empty; NULL: not given. */
const struct ini_entry *config_given(const struct ini_section *section, const char *key);

/* What a rule says as a whole: parameters of its kind, dates in order, no contradiction. */
void config_check_rule(struct config_reader *reader, const struct ini_section *section, const struct rule *rule);

/* "; maksud Anda \"pkh\"?" or nothing. */
struct config_hint {
	char id[80], en[80];
};
struct config_hint config_hint(struct str word, const char *const *words, size_t n);

#endif
