/*
 * A flag in words: two to six plain sentences for a village official – who, in which lists, what agrees and what
 * differs, how sure, which rule with its legal basis, what to do next – or one line for a file, and the evidence as a
 * table. Indonesian or English.
 *
 * Pure: everything comes in as plain structs. Texts written by others are cut and cleaned; a NIK or KK is masked and a
 * birth date shown by its year alone unless the caller asks (and records that it did).
 */
#ifndef PADAN_EXPLAIN_H
#define PADAN_EXPLAIN_H

#include "matcher/base/strbuf.h"
#include "matcher/flag/flag.h"
#include "matcher/normalise/entry.h"

/* Enough for any explanation; what strbuf_init() may be given. */
enum { EXPLAIN_TEXT_MAX = 8192 };

/* A row and the list it stands in. */
struct explain_party {
	const struct entry *entry; /* NULL: there is none, or its personal data was erased */
	enum list_kind kind;
	struct str list;    /* name of the programme or reference; not used for a target list */
	struct str period;  /* "2024-07" or "2024"; empty: not told */
	struct str village; /* its official name; empty: as the row says it */
	uint32_t row;
};

struct explain_case {
	const struct flag *flag;
	const struct ruleset *rules;
	struct explain_party at;
	struct explain_party other; /* meaningful if has_other */
	bool has_other;
	bool same_person;      /* at and other are one person (by verdict, or by a doubtful link), not two of one family */
	bool by_family;        /* one person because of the family: their rows alone would say too little */
	uint32_t list_entries; /* QUOTA: how many entries the list holds */
};

struct explain_style {
	bool english;
	bool unmasked; /* show NIK, KK and birth date whole */
	bool one_line; /* for a file: what was found, what agrees and differs, how sure */
};

/* From this probability of a link on, two rows that are not one person by verdict are told as one who might be. */
#define EXPLAIN_SAME_PERSON_FROM 0.2

/* Appends the explanation to out. -1: memory. */
int explain_flag(const struct explain_case *explained, const struct explain_style *style, struct strbuf *out,
	struct error *err) PADAN_MUST_CHECK;

enum explain_field {
	EXPLAIN_NAME,
	EXPLAIN_NIK,
	EXPLAIN_BIRTH,
	EXPLAIN_SEX,
	EXPLAIN_KK,
	EXPLAIN_FAMILY_ID,
	EXPLAIN_VILLAGE,
	EXPLAIN_RT,
	EXPLAIN_ADDRESS,
	EXPLAIN_FIELDS
};

enum explain_verdict { EXPLAIN_UNKNOWN, EXPLAIN_AGREES, EXPLAIN_DIFFERS };

/* How two rows compare in a field: for a person to read, not what the engine weighed. */
struct explain_part {
	enum explain_field field;
	enum explain_verdict verdict;
	unsigned level; /* of the field's own comparison: enum tokens_level, digits_level, dates_level; else 0 */
};

/* One part for each field, in the order of enum explain_field. */
void explain_compare(const struct entry *a, const struct entry *b, struct explain_part parts[EXPLAIN_FIELDS]);

/* "NIK beda satu angka", "birth dates differ"; "" for what is not known. */
const char *explain_part_text(const struct explain_part *part, bool english);

/* "NIK", "Tanggal lahir"; "Birth date". */
const char *explain_field_title(enum explain_field field, bool english);

/* A field's value as a table shows it: masked, or whole. Empty for what is not known. */
void explain_value(const struct explain_party *party, enum explain_field field, const struct explain_style *style,
	struct strbuf *out);

/* "hampir pasti", "almost certain": from 0.95, 0.8, 0.5 on, and below. */
const char *explain_certainty(double certainty, bool english);

/* What a kind is called where people read it: "Terlewat (tidak menerima apa pun)", "Left out (receives nothing)". */
const char *explain_kind(enum flag_kind kind, bool english);

/* "temuan", "perlu dicek", "sementara". */
const char *explain_state(enum flag_state state, bool english);

/* "1 Januari 2023"; "2024-07" → "Juli 2024", other periods as they are. */
void explain_day(uint32_t yyyymmdd, bool english, struct strbuf *out);
void explain_period(struct str period, bool english, struct strbuf *out);

#endif
