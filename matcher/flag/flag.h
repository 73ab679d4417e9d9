/*
 * The flags: who is left out, who should not be there, who is there twice. Pure decisions over entries whose persons
 * and households are settled. What each kind means is said in docs/FLAGS.md (and, for others who build on it, never
 * changes silently).
 *
 * A flag is decided per household (and, for NIK conflicts and quotas, per NIK and per list), so that a new list costs
 * in proportion to the households it touches.
 *	flag_decide.c    the way through households
 *	flag_missing.c   exclusion, inclusion, what a household must receive
 *	flag_repeats.c   twice in a list; one NIK on two persons
 *	flag_by_rule.c   overlap, cooldown, desil, quota, barred
 *	flag_groups.c    entries by household, person, NIK
 *	flag_identity.c  names, keys, what a flag rests on
 */
#ifndef PADAN_FLAG_H
#define PADAN_FLAG_H

#include "matcher/base/arena.h"
#include "matcher/base/error.h"
#include "matcher/flag/rules.h"

#include <stdint.h>

enum flag_kind {
	FLAG_EXCLUSION,
	FLAG_INCLUSION,
	FLAG_OVERLAP,
	FLAG_DUP_PERSON_IN_LIST,
	FLAG_DUP_HOUSEHOLD_IN_LIST,
	FLAG_NIK_CONFLICT,
	FLAG_INELIGIBLE,
	FLAG_COOLDOWN,
	FLAG_QUOTA,
	FLAG_BARRED,
	FLAG_DATA_QUALITY,
	FLAG_MUST_RECEIVE, /* a target household lacks what a must_receive_one_of rule entitles it to */
	FLAG_KINDS
};

enum flag_state { FLAG_FINDING, FLAG_TO_CHECK, FLAG_PROVISIONAL }; /* temuan, perlu dicek, sementara */

enum list_kind { LIST_PROGRAMME, LIST_TARGET, LIST_REFERENCE };

/* A list as the decisions see it. */
struct flag_list {
	enum list_kind kind;
	int subject;        /* index of the programme or the reference; -1 for a target list */
	uint32_t day;       /* yyyymmdd: first day of its period; rules in force and ages are judged on it */
	bool current;       /* the current list of its programme, the target version in force, or a reference */
	bool superseded;    /* its period came again in a later version: not even cooldown counts it */
	bool period_open;   /* a programme's: other lists of the period are still awaited, exclusions are provisional */
};

/*
 * An entry as the decisions see it: ids only, no personal data. Ordered by (list, row), withdrawn lists left out. To
 * decide some households alone, a part of the register is enough: all entries of those households, all of those
 * persons, all with those NIKs, whatever a doubtful link leads to, and all entries of lists that a quota rule names.
 */
struct flag_entry {
	uint32_t list;
	uint32_t row;
	uint32_t person;    /* cluster; equal numbers are the same person */
	uint32_t household; /* equal numbers are the same household; UINT32_MAX: none (reference rows) */
	uint64_t nik;       /* for conflicts; 0 none */
	uint8_t desil;      /* 0 unknown */
	uint16_t quality;   /* how many notes call for a DATA_QUALITY flag */
};

/* How sure the settled links are; given by the caller, who knows the weights. All probabilities 0..1. */
struct flag_evidence {
	void *arg;
	/* Two entries (by index) of one person cluster: the probability that they are one person. */
	double (*same_person)(void *arg, uint32_t a, uint32_t b);
	/* Two entries of one household: the probability that they are of one household. */
	double (*same_household)(void *arg, uint32_t a, uint32_t b);
	/*
	 * Links from an entry to entries of other persons or households that were not believed: calls found() for each.
	 * household: of being of one household, as the same person or another member; never less than person counts.
	 */
	void (*doubtful)(void *arg, uint32_t entry, void (*found)(void *to, uint32_t other, double person, double household),
		void *to);
};

/*
 * The settled persons and households are the verdict; the probabilities say how sure it is. So a flag that follows from
 * the verdict has a certainty of 0.5 or more, and one that would follow had a link been decided the other way has less
 * than 0.5: for people to look at. Below FLAG_LEAST_CERTAINTY nothing is said.
 */
#define FLAG_LEAST_CERTAINTY 0.2
#define FLAG_NO_ENTRY UINT32_MAX

struct flag {
	enum flag_kind kind;
	enum severity severity;
	enum flag_state state;
	double certainty; /* probability that the flag is right, 0..1, rounded to 1e-4 */
	uint32_t entry;   /* index of the entry it stands at; for FLAG_QUOTA the first over it */
	uint32_t other;   /* index of its counterpart, or FLAG_NO_ENTRY */
	int rule;         /* index in the ruleset, or -1: always looked for */
};

struct flag_input {
	const struct ruleset *rules;
	const struct flag_list *lists;
	size_t n_lists;
	const struct flag_entry *entries;
	size_t n_entries;
	struct flag_evidence evidence;
};

/* Receives each flag; non-zero stops. */
typedef int flag_sink(void *arg, const struct flag *flag);

/*
 * All flags of the households that hold the given entries (n_touched 0 and touched NULL: of everything), in a fixed
 * order: by entry, kind, rule, other. -1 on memory (err set) or when the sink stopped it (err as the sink left it).
 */
int flags_decide(const struct flag_input *input, const uint32_t *touched, size_t n_touched, flag_sink *sink, void *arg,
	struct error *err) PADAN_MUST_CHECK;

/* What a flag is about, through all versions of the lists it was found in. */
struct flag_identity {
	enum flag_kind kind;
	struct str rule;    /* code of the rule; empty: none */
	struct str subject; /* code of the programme, "ref:CODE" or "target": the list it stands in, without the period */
	uint64_t id;        /* household id (exclusion, must receive, duplicate household) or person id (all others) */
	unsigned ordinal;   /* 0; 1, 2 … for further flags of one run that are equal in all this, in their fixed order */
};

/* 128 bits that stay the same as long as the identity does, on every machine. */
struct flag_key {
	uint64_t high, low;
};
struct flag_key flag_key(const struct flag_identity *identity);

/*
 * A hash of what a flag rests on: its kind, the rule with its parameters and dates (NULL: none), and the contents of the
 * entries concerned (district_fingerprint() of each, in any order). A dismissed flag stays dismissed while this stays.
 * Severity and legal basis do not count: they change nothing about the case.
 */
uint64_t flag_basis(enum flag_kind kind, const struct ruleset *rules, const struct rule *rule,
	const uint64_t *fingerprints, size_t n);

const char *flag_kind_name(enum flag_kind kind);    /* "DUP_PERSON_IN_LIST" */
const char *flag_state_name(enum flag_state state); /* "finding", "to_check", "provisional" */

#endif
