/*
 * One district's register in memory: its lists and their entries, the persons and households they stand for, and the
 * flags that follow. The one object behind `padan check` (files, no database) and the daemon (rebuilt from PostgreSQL
 * at start, kept up as lists commit). Pure: no input/output, no clock; the caller stores what it needs.
 *
 *	district_new → (district_add_list → district_add_entry …)… → district_train? → district_settle → district_flags
 *	            … → another list → district_settle → district_changed, district_id_changes, district_flags …
 *
 * Numbers: lists and entries are numbered from 0 in the order they were added, and a number is never used again. A
 * list's entries are added together, in ascending row order. "external" is the caller's own number for a list.
 *
 * Ids: persons and households have 64-bit ids that live as long as the register: a merge keeps the older (smaller) id,
 * a split leaves the id with the part that holds most of its entries (the earliest on a tie); what became of an id is
 * told by district_id_changes(). Adding every entry with the ids it had, then settling with the same model, gives the
 * same ids.
 *
 * A household belongs to an entry at its list's date: somebody who married or moved stands in two over time. Entries
 * of reference lists have a person and no household (id 0).
 *
 * Cost: a list of m rows costs in proportion to m and to the households it touches, not to the register. A change of
 * the target version in force, a new model and a rebuild cost the register once.
 * Not thread-safe: one caller at a time; several cores are used through struct parallel. Results do not depend on it.
 */
#ifndef PADAN_DISTRICT_H
#define PADAN_DISTRICT_H

#include "matcher/base/error.h"
#include "matcher/base/parallel.h"
#include "matcher/flag/flag.h"
#include "matcher/flag/rules.h"
#include "matcher/link/linker.h"
#include "matcher/normalise/entry.h"

#include <stdbool.h>
#include <stdint.h>

struct district;

#define DISTRICT_NONE UINT32_MAX

/* A list as its sender described it. */
struct district_list {
	enum list_kind kind;
	int subject;       /* index of the programme or reference in the ruleset; -1 for a target list */
	uint32_t day;      /* yyyymmdd: first day of its period (a target list: its decree's date) */
	char period[8];    /* "2024-07", "2024" as told, for explanations; empty: not told */
	uint64_t external; /* the caller's number: the database's list id; 0 if it has none */
	bool period_open;  /* other lists of the period are still awaited: exclusions are provisional */
	/* Filled by the district: */
	bool withdrawn;
	bool current;         /* of its programme (or the target): the newest day, then the last added; every reference */
	uint32_t first_entry; /* its entries are first_entry … first_entry + n_entries - 1 */
	uint32_t n_entries;
	unsigned target_number; /* 1, 2, … among target lists; 0: none */
};

/* Ids an entry had in an earlier life of the register; 0: none yet. */
struct district_ids {
	uint64_t person;
	uint64_t household;
};

/*
 * The rules and the village table stay the caller's and must outlive the district (villages may be NULL). thresholds:
 * threshold and doubtful_from are taken from it, the rest is the district's business; NULL: chosen by the engine.
 */
int district_new(const struct ruleset *rules, const struct village_table *villages,
	const struct linker_options *thresholds, struct district **ret, struct error *err) PADAN_MUST_CHECK;
void district_free(struct district *district);

/*
 * Ids are given from these on (default 1); a caller with a database passes one more than any it ever stored. Ids that
 * entries bring along move them up by themselves.
 */
void district_set_next_ids(struct district *district, struct district_ids next);
struct district_ids district_next_ids(const struct district *district);

/* Opens a list (the "filled" members are ignored); later district_add_entry() calls belong to it. */
int district_add_list(struct district *district, const struct district_list *list, uint32_t *ret_list,
	struct error *err) PADAN_MUST_CHECK;
/* Everything needed is copied. before may be NULL. */
int district_add_entry(struct district *district, const struct entry *entry, const struct district_ids *before,
	uint32_t *ret_entry, struct error *err) PADAN_MUST_CHECK;
/* Takes a list out; what was current before it is current again. Takes effect at the next settle. */
int district_withdraw_list(struct district *district, uint32_t list, struct error *err) PADAN_MUST_CHECK;
/* The period was closed, or opened again. */
void district_set_period_open(struct district *district, uint32_t list, bool open);

size_t district_lists(const struct district *district);
const struct district_list *district_list(const struct district *district, uint32_t list);
size_t district_entries(const struct district *district); /* all numbers ever given, withdrawn ones included */
/* The list with that external number, or DISTRICT_NONE; the entry of a list at a row, or DISTRICT_NONE. */
uint32_t district_find_list(const struct district *district, uint64_t external);
uint32_t district_find_entry(const struct district *district, uint32_t list, uint32_t row);

/* Human decisions outrank every score and survive everything; UNDECIDED takes one back. Effective at the next settle. */
enum district_level { DISTRICT_PERSON, DISTRICT_HOUSEHOLD };
int district_decide(struct district *district, enum district_level level, uint32_t a, uint32_t b,
	enum linker_decision decision, struct error *err) PADAN_MUST_CHECK;

/*
 * A hash of everything that is compared in an entry: stored with a decision or a flag, it says later whether one of
 * the fields it rested on has changed. The same values give the same number on every machine and version of a list.
 */
uint64_t district_fingerprint(const struct district *district, uint32_t entry);

/*
 * Learns the model from the entries held (worth it from some thousand entries on; below, linker_train() keeps what it
 * can't learn). The next settle then decides everything anew.
 */
int district_train(struct district *district, const struct parallel *parallel, const struct linker_progress *progress,
	struct error *err) PADAN_MUST_CHECK;
int district_set_model(struct district *district, const struct fs_model *model, struct error *err) PADAN_MUST_CHECK;
/* For statistics, pairs and waterfalls; record numbers of the linker are entry numbers. */
const struct linker *district_linker(const struct district *district);

/*
 * Settles persons and households of everything that is new, withdrawn or newly decided, and what it touches.
 * Stages reported: those of the linker and "household".
 */
int district_settle(struct district *district, const struct parallel *parallel, const struct linker_progress *progress,
	struct error *err) PADAN_MUST_CHECK;

/* After a settle; 0: withdrawn, or (household) a reference row. */
uint64_t district_person(const struct district *district, uint32_t entry);
uint64_t district_household(const struct district *district, uint32_t entry);
/*
 * Whether two entries of one person are so because of their family: by what their rows say alone they would be two, but both
 * stand in one household whose other members fit less. *ret: how sure that is, 0..1.
 */
bool district_by_family(const struct district *district, uint32_t a, uint32_t b, double *ret);
/* The probability, 0..1, that the entry belongs to its household (1 where it is the only entry of it). */
float district_household_certainty(const struct district *district, uint32_t entry);
size_t district_persons(const struct district *district);    /* how many there are now */
size_t district_households(const struct district *district);

/*
 * Entries whose person or household id is another than before the last settle (new entries and withdrawn ones among
 * them), ascending; owned by the district until the next settle.
 */
const uint32_t *district_changed(const struct district *district, size_t *ret_n);

/* What became of an id in the last settle. */
enum district_id_reason {
	DISTRICT_ID_MERGED,  /* old ended: its entries belong to now */
	DISTRICT_ID_SPLIT,   /* old goes on; some of its entries got the new id now */
	DISTRICT_ID_GONE     /* old ended with its last entry (a list was withdrawn); now is 0 */
};
struct district_id_change {
	enum district_level level;
	enum district_id_reason reason;
	uint64_t old;
	uint64_t now;
};
const struct district_id_change *district_id_changes(const struct district *district, size_t *ret_n);

/*
 * Entries whose flags may be other than at the last district_flags(): the households (and NIKs, and lists with a
 * quota) of everything that changed. Ascending; owned by the district until something is added or settled.
 */
int district_touched(struct district *district, const uint32_t **ret, size_t *ret_n, struct error *err)
	PADAN_MUST_CHECK;

/*
 * The flags that stand at touched entries (all: at every entry), ascending by (entry, kind, rule, other), where entry
 * and other are the district's entry numbers. Flags known from before that stand at a touched entry and do not come
 * again are resolved. After success nothing is touched any more. Needs a settle before.
 */
int district_flags(struct district *district, bool all, flag_sink *sink, void *arg, struct error *err)
	PADAN_MUST_CHECK;

/*
 * An entry as it was added, as far as it is kept (no line number): for explanations, exports and the search. Texts
 * belong to the district and stay valid until it is freed.
 */
void district_entry(const struct district *district, uint32_t entry, struct entry *ret);
/* The list that an entry belongs to. */
uint32_t district_list_of(const struct district *district, uint32_t entry);

/*
 * Who in the register a person is: one entry for each person that an index finds, the most likely first, as the register was
 * settled last. Nothing is changed. The person is an entry as a list would bring it (matcher/normalise/entry.h), with whatever of
 * it is known: a NIK and a name, a name and a birth date, a name and a village …. Fills at most max hits and returns how many;
 * 0 too when memory ran out. The first call after a settle takes new entries into the index, the others some ten microseconds in a
 * register of a million. Like every call not const, never beside a settle: one caller at a time.
 */
struct district_hit {
	uint32_t entry;      /* of the person's rows the one most like it; the others by district_next_of_person() */
	uint64_t person;     /* district_person(entry) */
	double weight;       /* log2 of the odds that they are one person, the register's size taken in */
	double probability;  /* the same, 0..1 */
	double household;    /* how likely it is another member of that household instead */
};
enum { DISTRICT_HITS_MAX = 32 };
size_t district_search(struct district *district, const struct entry *person, struct district_hit *hits, size_t max);
/* The same for rows: each row that by itself is like the person, the most likely first, whoever else's row it is joined with. */
size_t district_search_rows(struct district *district, const struct entry *person, struct district_hit *hits, size_t max);
/* As linker_search_ready() and linker_search_prepare(). */
bool district_search_ready(const struct district *district);
int district_search_prepare(struct district *district, const struct parallel *parallel);
/* The person's next row, round and round: the entry itself where it has but one. */
uint32_t district_next_of_person(const struct district *district, uint32_t entry);

/* Appends a flag in words (matcher/flag/explain.h). */
struct explain_style;
struct strbuf;
int district_explain(const struct district *district, const struct flag *flag, const struct explain_style *style,
	struct strbuf *out, struct error *err) PADAN_MUST_CHECK;

/* Bytes held, by the district and by its linker's records (for `padan status` and tests). */
size_t district_memory(const struct district *district);

#endif
