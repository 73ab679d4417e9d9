/*
 * What a linker holds: private to linker.c (its life, records, decisions, models), settle.c (deciding), query.c (asking) and
 * explain_links.c (why).
 */
#ifndef PADAN_LINKER_STATE_H
#define PADAN_LINKER_STATE_H

#include "matcher/link/blocking.h"
#include "matcher/link/cluster.h"
#include "matcher/link/linker.h"
#include "matcher/link/record_index.h"
#include "matcher/link/score.h"
#include "matcher/link/scored_pairs.h"

struct decision {
	uint32_t a, b;
	enum linker_decision what;
	bool changed; /* since the last settle */
};

/* The rates of struct fs_model. */
struct rates {
	double within, across, members, twins;
};

struct linker {
	struct store store;
	struct linker_options options;
	struct fs_model model;
	struct decision *decisions;
	size_t n_decisions, decisions_cap;

	/*
	 * The measure: frequencies, the priors of pairs of lists, and which keys are common. Taken from the first lists held – which, follows from the lists
	 * and their sizes alone (settle.c) – and kept for those that come after, so that adding list by list decides as reading all
	 * lists at once does. After a training, from all records held then.
	 */
	struct frequencies frequencies;
	struct scorer scorer;
	bool scorer_ready;
	struct block_rules rules;
	bool rules_ready;
	bool trained; /* the measure is that of a training on these records */
	size_t measured; /* it was taken from the records below */
	unsigned measures; /* how often one was taken */
	struct rates rates; /* of the model as it was given; taking a measure fits those in the model to the data */

	struct candidates candidates; /* of all records, between a training and the next settle; else empty */
	bool candidates_ready;

	struct record_index index; /* of the records decided, made when it is first asked for */

	struct scored_pairs scored;
	size_t settled; /* records decided by the last settle */
	bool keep_measure; /* start over by the frequencies and priors in use */
	bool start_over; /* the next settle decides everything anew: a new model, a withdrawal */
	uint32_t *label, *changed;
	size_t n_label, n_changed;
	struct linker_statistics statistics;
};

/* query.c. A pair from its score; what people decided about two records, a < b. */
void linker_fill_pair(struct linker_pair *ret, uint32_t a, uint32_t b, const struct pair_score *score);
enum linker_decision linker_decided(const struct linker *linker, uint32_t a, uint32_t b);

/* settle.c. What clustering goes by: options, and the edges (to be freed; NULL: memory). */
struct cluster_options linker_clustering(const struct linker *linker);
struct cluster_edge *linker_edges(const struct linker *linker, size_t *ret_n);

int linker_report(const struct linker_progress *progress, const char *stage, double fraction, struct error *err)
	PADAN_MUST_CHECK;

/* measure.c. The model's rates as it was given, kept and put back. */
void linker_keep_rates(struct linker *linker);
void linker_give_rates(struct linker *linker);

/* Candidates, frequencies and scorer for a training; *focus as in struct training, to be freed. */
int linker_prepare_training(struct linker *linker, const struct parallel *parallel, uint8_t **ret_focus,
	double *ret_sampled, struct error *err) PADAN_MUST_CHECK;

/* All candidates, and a scorer fit for them: takes the measure unless the one in use is to be kept. */
int linker_prepare_settle(struct linker *linker, const struct parallel *parallel, const struct linker_progress *progress,
	struct error *err) PADAN_MUST_CHECK;

/* The number of the first record that a measure taken now would not be taken from. */
size_t linker_measure_due(const struct linker *linker);

/* What is common is known, or to be counted from these records. */
struct blocking_request linker_blocking(struct linker *linker, const struct store *records, const struct parallel *parallel);

#endif
