/*
 * The linker: which records are the same person. One object from the first record to the last, for a single
 * file (dedupe), two files (link), a district's lists (check) and a register that lives for months (the daemon).
 *
 *   new → list/add … → train or set_model → settle → person/pairs/explain → add more → settle …
 *
 * Records are numbered from 0 in the order they were added; lists likewise. A list's records are added together.
 * Memory: flat arrays per field over interned values, the values' text apart; nothing is kept that can be recomputed.
 * Not thread-safe: one caller at a time; it uses several cores itself through struct parallel.
 * Determinism: clusters, weights and the model do not depend on threads nor on the order of records (ids aside).
 */
#ifndef PADAN_LINKER_H
#define PADAN_LINKER_H

#include "matcher/base/error.h"
#include "matcher/base/parallel.h"
#include "matcher/normalise/field.h"

#include <stdbool.h>
#include <stdint.h>

struct linker;
struct fs_model; /* matcher/link/fs_model.h */

enum { LINKER_FIELDS_MAX = 24, LINKER_FIELD_NAME_MAX = 64 };

struct linker_field {
	enum field_type type;
	char name[LINKER_FIELD_NAME_MAX]; /* the column's header, for explanations and the model file */
	bool within_place; /* part of the first code field's place, an RT of its village: compared where that agrees alone */
};

struct linker_schema {
	size_t n_fields;
	struct linker_field fields[LINKER_FIELDS_MAX];
};

struct linker_options {
	bool within_lists;  /* look for repeats inside a list (dedupe, check) */
	bool across_lists;  /* look for the same person in other lists (link, check) */
	bool one_to_one;    /* link: at most one partner per record */
	double threshold;   /* a pair counts as linked from this probability; 0: chosen without labels */
	double doubtful_from; /* pairs from this probability up to the threshold are "to be checked"; 0: 0.05 */
};

/* Called now and then on long work, from the calling thread; returning non-zero cancels (ERROR_CANCELLED). */
struct linker_progress {
	int (*report)(void *arg, const char *stage, double fraction); /* stage: "index", "train", "score", "cluster" */
	void *arg;
};

int linker_new(const struct linker_schema *schema, const struct linker_options *options, struct linker **ret,
	struct error *err) PADAN_MUST_CHECK;
void linker_free(struct linker *linker);

/* Opens the next list; later linker_add() calls belong to it. Returns its number in *ret. */
int linker_list(struct linker *linker, uint32_t *ret, struct error *err) PADAN_MUST_CHECK;

/* Adds a record to the newest list: one value per field of the schema (texts are copied or interned). */
int linker_add(struct linker *linker, const struct field_value *values, uint32_t *ret_record, struct error *err)
	PADAN_MUST_CHECK;

/* The same for `rows` records at once, their values row by row; the result is that of one by one, sooner. */
int linker_add_rows(struct linker *linker, const struct field_value *values, size_t rows, const struct parallel *parallel,
	struct error *err) PADAN_MUST_CHECK;

/*
 * No record will be added, nor anybody searched, any more: gives back the memory that only this needs. For a run over files; a register goes on. Adding after it is a mistake of the caller's.
 */
void linker_seal(struct linker *linker);

/* Takes a list's records out: they are nobody's partner from the next settle on; their numbers are not used again. */
int linker_withdraw(struct linker *linker, uint32_t list, struct error *err) PADAN_MUST_CHECK;

/* A human decision outranks every score: the pair is linked (or never linked) whatever the weights say. */
enum linker_decision { LINKER_UNDECIDED, LINKER_SAME, LINKER_NOT_SAME };
int linker_decide(struct linker *linker, uint32_t a, uint32_t b, enum linker_decision decision, struct error *err)
	PADAN_MUST_CHECK;

/*
 * Learns m, u, term frequencies, priors and the threshold from the records now held, without labels. With too little
 * to learn from, the parameters that can't be learnt keep the values of the model in use (the shipped one at first).
 */
int linker_train(struct linker *linker, const struct parallel *parallel, const struct linker_progress *progress,
	struct error *err) PADAN_MUST_CHECK;
const struct fs_model *linker_model(const struct linker *linker); /* the model in use; owned by the linker */
/* Uses a copy of that model; refused (ERROR_INPUT) when its fields don't fit the schema. */
int linker_set_model(struct linker *linker, const struct fs_model *model, struct error *err) PADAN_MUST_CHECK;

/*
 * Decides everything that is new since the last settle: candidates of the new records, their weights, and the clusters
 * of the components that they, decisions or withdrawals touch. The partition is the one that deciding everything anew
 * with the same model would give; the cost follows the new records, not the register.
 */
int linker_settle(struct linker *linker, const struct parallel *parallel, const struct linker_progress *progress,
	struct error *err) PADAN_MUST_CHECK;

/*
 * The next settle decides everything anew, by the frequencies and priors in use: to check that adding list by list went right.
 */
void linker_start_over(struct linker *linker);

/* After a settle. The cluster of a record, named by its smallest record number; UINT32_MAX if withdrawn. */
uint32_t linker_cluster(const struct linker *linker, uint32_t record);
size_t linker_records(const struct linker *linker); /* all numbers ever given, withdrawn ones included */
/* Records whose cluster name changed in the last settle, ascending; owned by the linker until the next one. */
const uint32_t *linker_changed(const struct linker *linker, size_t *ret_n);

/* A scored pair, a < b. Weight: log2 of the odds that both are one person, prior included. */
struct linker_pair {
	uint32_t a, b;
	float weight;
	float probability; /* of being the same person */
	float household;   /* probability of being two members of one household, not the same person */
};

/* All kept pairs of probability ≥ min, ascending by (a, b). The callback returning non-zero stops it. */
int linker_each_pair(const struct linker *linker, double min_probability,
	int (*pair)(void *arg, const struct linker_pair *pair), void *arg);
/*
 * Kept pairs of one record with probability ≥ doubtful_from, best first, but for those that people decided apart; returns
 * how many there are (≤ max filled).
 */
size_t linker_pairs_of(const struct linker *linker, uint32_t record, struct linker_pair *pairs, size_t max);
/* Scores any two records, whether candidates or not. */
void linker_score(const struct linker *linker, uint32_t a, uint32_t b, struct linker_pair *ret);

/*
 * What all rows of two clusters say together, priors left out: log2 likelihoods against two strangers. For who knows more of
 * them than their rows say (matcher/district/context.c: that they are of one household).
 */
struct linker_evidence {
	double same;  /* … of one person */
	double other; /* … of two members of one household, twins among them as often as there are */
};
/* False: people decided that a row of one and a row of the other are not the same. */
bool linker_weigh_clusters(const struct linker *linker, const uint32_t *a, size_t n_a, const uint32_t *b, size_t n_b,
	struct linker_evidence *ret);
/* How often a list names somebody again, as a share of its records. */
double linker_repeats(const struct linker *linker, uint32_t list);
/* Another number whenever weights may be others than before for the same rows. */
unsigned linker_measure(const struct linker *linker);
/* Weights are measured on the records below this number: those of the first lists held. */
size_t linker_measured(const struct linker *linker);

/* A pair's weight, comparison by comparison: the sum of the parts is the pair's weight. */
enum { WATERFALL_MAX = LINKER_FIELDS_MAX + 8, WATERFALL_LEVEL_MAX = 48 };
struct waterfall_part {
	int field;                       /* index in the schema; -1: the prior; -2: a dependence or other correction */
	char level[WATERFALL_LEVEL_MAX]; /* "exact", "one digit", "missing", …: stable English words, see fs_model.h */
	const char *text, *text_en;      /* the level as people say it: "beda satu angka", "one digit differs"; never NULL */
	float weight;                    /* log2 */
	float frequency_weight;          /* share of it that comes from how rare the agreeing value is */
};
struct waterfall {
	struct linker_pair pair;
	size_t n;
	struct waterfall_part parts[WATERFALL_MAX];
};
void linker_explain(const struct linker *linker, uint32_t a, uint32_t b, struct waterfall *ret);

/* Why two records are one person by the last settle, or are not. */
enum linker_reason {
	LINKER_TOGETHER,           /* what they say reaches the threshold */
	LINKER_TOGETHER_BY_OTHERS, /* it does not, but they belong to rows of one person */
	LINKER_DECIDED_TOGETHER,   /* people decided */
	LINKER_DECIDED_APART,
	LINKER_APART_WITHDRAWN,    /* one of them is in no list any more */
	LINKER_APART_UNASKED,      /* pairs within a list, or across lists, were not to be looked for */
	LINKER_APART_MEMBERS,      /* rather two members of one household */
	LINKER_APART_DIFFER,       /* what differs outweighs what agrees */
	LINKER_APART_TOO_LITTLE,   /* more agrees than differs, too little for so many people */
	LINKER_APART_UNFOUND,      /* it would do, but no index brought them together */
	LINKER_APART_TAKEN,        /* one_to_one: one has a better partner */
	LINKER_APART_BY_OTHERS,    /* it would do, but the rows that each stands with contradict */
	LINKER_REASONS
};
struct linker_why {
	enum linker_reason reason;
	struct waterfall waterfall;
	double least;    /* weight that a pair needs */
	double clusters; /* log2 odds that all rows of both are one person; meaningful where they are two */
	size_t rows[2];  /* of each one's person */
};
int linker_why(const struct linker *linker, uint32_t a, uint32_t b, struct linker_why *ret, struct error *err) PADAN_MUST_CHECK;
/* A sentence in Indonesian or English. */
const char *linker_reason_text(enum linker_reason reason, bool english);

/* How the rows of a record's component came to be persons, step by step: clustered once more, as the last settle did. */
enum linker_step_kind {
	LINKER_STEP_JOINED, /* two clusters became one */
	LINKER_STEP_PARTED, /* one that contradicted itself became two */
	LINKER_STEP_NIK     /* the NIK of record b[0] belongs to the person of record a[0], and says nothing on b[0]'s row */
};
struct linker_step {
	enum linker_step_kind kind;
	const uint32_t *a, *b; /* records of both clusters, ascending; gone when the callback returns */
	size_t n_a, n_b;
	double weight; /* log2 odds that both are one person; INFINITY: decided. For LINKER_STEP_NIK 0 */
};
int linker_explain_cluster(const struct linker *linker, uint32_t record, void (*step)(void *arg, const struct linker_step *step),
	void *arg, struct error *err) PADAN_MUST_CHECK;

/*
 * A field's value as it is compared (names folded, numbers in one form), without a NUL; n 0: missing. Good until something is added;
 * a NIK's or KK's digits stand in room.
 */
enum { LINKER_KEY_DIGITS = 16 };
struct str linker_value(const struct linker *linker, uint32_t record, size_t field, char room[LINKER_KEY_DIGITS]);

/*
 * The records most like these values, best first, among those that an index finds, from the probability doubtful_from on: search of
 * one person in the register as it was settled last. Weighed like a row of a further list that has but this one. hits[…].a is the
 * record, .b a number of no meaning. Returns how many were filled. The register is the same afterwards; the first call
 * after a settle brings the index up to date, the others cost some microseconds. Not beside anything else on this linker.
 */
size_t linker_search(struct linker *linker, const struct field_value *values, struct linker_pair *hits, size_t max);

/* Whether a search would cost only these microseconds; and what makes it so, for whoever has the time now. -1: memory. */
bool linker_search_ready(const struct linker *linker);
int linker_search_prepare(struct linker *linker, const struct parallel *parallel);

/* What the last train and settle did; also what --stats prints. */
enum { LINKER_INDEXES_MAX = 64 };
struct linker_index_yield {
	char name[48];  /* "sound + date" */
	uint64_t pairs; /* candidates that it gave, other indexes' among them */
};
struct linker_statistics {
	uint64_t records, candidate_pairs, scored_pairs, matched_pairs, doubtful_pairs, clusters;
	uint64_t left_out_pairs; /* not looked at because a block was too big even after splitting */
	size_t n_indexes; /* of the plan, in the last settle of everything */
	struct linker_index_yield indexes[LINKER_INDEXES_MAX];
	size_t index_bytes; /* of the index of all records, if it has been made */
	double threshold;        /* the probability in use */
	double expected_precision, expected_recall; /* by the model's own probabilities */
};
void linker_statistics(const struct linker *linker, struct linker_statistics *ret);

#endif
