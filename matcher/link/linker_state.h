/*
 * What a linker holds: private to linker.c (its life, records, decisions, models), settle.c (deciding) and query.c (asking).
 */
#ifndef PADAN_LINKER_STATE_H
#define PADAN_LINKER_STATE_H

#include "matcher/link/blocking.h"
#include "matcher/link/linker.h"
#include "matcher/link/score.h"
#include "matcher/link/scored_pairs.h"

struct decision {
	uint32_t a, b;
	enum linker_decision what;
	bool changed; /* since the last settle */
};

struct linker {
	struct store store;
	struct linker_options options;
	struct fs_model model;
	struct decision *decisions;
	size_t n_decisions, decisions_cap;

	/*
	 * Frequencies and priors are counted from the records held at a training or when everything is decided anew, and then stay,
	 * so that what is decided later is decided by the same measure.
	 */
	struct frequencies frequencies;
	struct scorer scorer;
	bool scorer_ready;
	bool trained; /* frequencies and priors are those of a training on these records */
	size_t counted; /* records that they were counted from */

	struct candidates candidates; /* of all records, between a training and the next settle; else empty */
	bool candidates_ready;

	struct scored_pairs scored;
	size_t settled; /* records decided by the last settle */
	bool keep_measure; /* start over by the frequencies and priors in use */
	bool start_over; /* the next settle decides everything anew: a new model, a withdrawal */
	uint32_t *label, *changed;
	size_t n_label, n_changed;
	struct linker_statistics statistics;
};

int linker_report(const struct linker_progress *progress, const char *stage, double fraction, struct error *err)
	PADAN_MUST_CHECK;

/* settle.c: candidates, frequencies and scorer for a training; *focus as in struct training, to be freed. */
int linker_prepare_training(struct linker *linker, const struct parallel *parallel, uint8_t **ret_focus,
	double *ret_sampled, struct error *err) PADAN_MUST_CHECK;

#endif
