/* See train.h. */
#include "matcher/link/train.h"

#include "matcher/base/log2.h"
#include "matcher/link/train_parts.h"

#include <math.h>
#include <stdlib.h>

/*
 * A first round on few pairs finds roughly who is who; then names and values are counted in persons, and the second
 * learns from more pairs. Twins are seldom seen: their shipped values hold longer.
 */
static const struct {
	size_t patterns, strangers;
	int steps;
} rounds[] = {
	{150000, 150000, 8},
	{500000, 500000, 10},
};
enum { ROUNDS = sizeof rounds / sizeof *rounds, STRENGTH = 30, TWIN_STRENGTH = 60 };

/*
 * What a pair counts for a comparison that helped to find it. Learnt from such pairs alone, a comparison seems better than it is;
 * without them it seems worse where a row has one error at most, since what finds the pair then has none.
 */
#define CHOSEN_SHARE 0.5

/* Shares of the shipped value: nothing becomes impossible, nor a move all but impossible. */
#define LEVEL_FLOOR 0.02
#define MOVED_FLOOR 0.3

/* Of members of a household who are two, so many are twins at most: one birth in eighty, four to six pairs of members a birth. */
#define TWINS_MOST 0.05

/* Without a household's key: pairs of members for each pair of rows of one person, from which on a list has households. */
#define HOUSEHOLDS_LEAST 0.15
#define HOUSEHOLDS_STRENGTH 10.0

/* Levels at which two rows tell of two people, and those at which they tell of one. */
static bool tells_two(enum comparison_kind kind, unsigned level)
{
	unsigned tokens = phrase_tokens_level(level);

	switch (kind) {
	case COMPARE_NAME:
		return tokens == TOKENS_APART || tokens == PHRASE_MOST || tokens == TOKENS_ONE || tokens == TOKENS_ONE_FUZZY;
	case COMPARE_DATE:
		return level == DATES_DIFFERENT;
	case COMPARE_AGE:
		return level == NUMBER_DIFFERENT;
	case COMPARE_SEX:
		return level == SEX_LEVEL_DIFFERENT;
	default:
		return false;
	}
}

static bool tells_one(enum comparison_kind kind, unsigned level)
{
	unsigned tokens = phrase_tokens_level(level);

	switch (kind) {
	case COMPARE_NAME:
		return tokens <= TOKENS_SAME_REORDERED;
	case COMPARE_DATE:
		return level != DATES_DIFFERENT;
	case COMPARE_AGE:
		return level == NUMBER_EQUAL;
	case COMPARE_IDENTIFIER:
		return level != IDENTIFIER_DIFFERENT;
	default:
		return false;
	}
}

/*
 * What makes a person one may not be learnt away: rows of one person agree in name, date, age and sex far more often than not, and
 * those of two members of a household seldom. Without that bound, relatives of one address would teach that one person's rows differ,
 * and where there are no households, one person's damaged rows that members of one agree.
 */
static double most_learnt(const struct fs_comparison *comparison, unsigned class, unsigned level, double shipped)
{
	bool bound = (class == FS_MATCH && tells_two(comparison->kind, level)) ||
		     (class == FS_HOUSEHOLD && tells_one(comparison->kind, level));

	return bound ? 4 * shipped + 0.02 : 1;
}

/*
 * The least that a level may be learnt down to. People move: where rows of one household are many, the first steps may find only
 * those of one person that stayed, and would learn that nobody ever moves.
 */
static double least_learnt(const struct fs_comparison *comparison, unsigned class, unsigned level, double shipped)
{
	bool differ = false;

	if (comparison->kind == COMPARE_WORDS)
		differ = phrase_tokens_level(level) == TOKENS_APART;
	else if (comparison->kind == COMPARE_CODE)
		differ = level == CODE_DIFFERENT;
	else if (comparison->kind == COMPARE_NUMBER)
		differ = level == NUMBER_DIFFERENT;
	return (class == FS_MATCH && differ ? MOVED_FLOOR : LEVEL_FLOOR) * shipped;
}

/* New probabilities of one class for one comparison: counts, pulled towards the shipped values by `strength` pairs. */
static void update_levels(struct fs_comparison *comparison, unsigned class, const double *counts, const double *shipped,
	double strength)
{
	unsigned splits = comparison_is_phrase(comparison->kind) ? PHRASE_SPLITS : 1;
	unsigned per_split = (comparison->n_levels - 1) / splits;

	for (unsigned s = 0; s < splits; s++) {
		const unsigned first = 1 + s * per_split;
		double total = 0, prior = 0;

		for (unsigned l = first; l < first + per_split; l++) {
			total += counts[l];
			prior += shipped[l];
		}
		for (unsigned l = first; l < first + per_split; l++) {
			double p = (counts[l] + strength * shipped[l] / prior) / (total + strength);
			double most = most_learnt(comparison, class, l, shipped[l]), least = least_learnt(comparison, class, l, shipped[l]);

			p = p < most ? p : most;
			comparison->p[class][l] = p > least ? p : least;
		}
	}
}

typedef double class_sums[FS_CLASSES];

/* What one task of a step sums up. */
struct step_part {
	struct tally tallies[FS_STRANGER];
	class_sums *found; /* by pair of lists */
	double moved, addresses; /* of one person's pairs that tell of the address: those of somebody who moved, all */
};

struct step {
	const struct training *training;
	const struct patterns *patterns;
	struct step_part parts[TRAIN_TASKS];
};

static void expect_part(void *arg, size_t task)
{
	struct step *step = arg;
	struct step_part *part = &step->parts[task];
	const struct patterns *patterns = step->patterns;
	size_t first = patterns->n * task / TRAIN_TASKS, end = patterns->n * (task + 1) / TRAIN_TASKS;
	size_t n = step->training->store->n_columns;

	for (size_t i = first; i < end; i++) {
		const struct pattern *pattern = &patterns->items[i];
		struct pair_score score;
		double moved = 0;
		bool sure;

		pattern_weigh(step->training, pattern, &score);
		/* Of namesakes, too, the one "moved": who moves is learnt from those whose address did not decide. */
		if (step->training->scorer->places && (moved = pattern_moved(step->training, pattern, &sure)) >= 0 && sure) {
			part->moved += moved * score.p[FS_MATCH] * pattern->count;
			part->addresses += score.p[FS_MATCH] * pattern->count;
		}
		for (unsigned k = 0; k < FS_STRANGER; k++) {
			double weight = score.p[k] * pattern->count;

			if (weight < 1e-9)
				continue;
			part->found[pattern->lists][k] += weight * patterns->scale;
			for (size_t c = 0; c < n; c++) {
				double counted = pattern->free_from >> c & 1 ? weight : weight * CHOSEN_SHARE;

				/* How the address of somebody who moved differs teaches nothing of slips in those of others. */
				if (k == FS_MATCH && (step->training->scorer->places >> c & 1) && moved > 0)
					counted *= 1 - moved;
				if (pattern->level[c])
					part->tallies[k].level[c][pattern->level[c]] += counted;
			}
		}
	}
}

/* The common rates, and each pair of lists' own shares, which lean on the common ones by twenty matches' worth. */
static void update_priors(struct training *training, const class_sums *found, size_t n_list_pairs)
{
	struct scorer *scorer = training->scorer;
	struct fs_model *model = training->model;
	double matches[2] = {0}, records[2] = {0}, members = 0, twins = 0, homes = 0;

	for (size_t i = 0; i < n_list_pairs; i++) {
		const struct list_prior *prior = &scorer->priors[i];

		if (!(prior->within ? training->within_lists : training->across_lists))
			continue;
		matches[!prior->within] += found[i][FS_MATCH];
		records[!prior->within] += prior->match_base;
		members += found[i][FS_HOUSEHOLD];
		twins += found[i][FS_TWIN];
		homes += prior->member_base;
	}
	if (twins > TWINS_MOST * members)
		twins = TWINS_MOST * members;
	training->matches = matches[0] + matches[1];
	training->members = members;
	/* Ten records of the shipped rate keep a tiny list from jumping to none or all. */
	if (records[0] > 0)
		model->within = (matches[0] + 10 * 0.1) / (records[0] + 10);
	if (records[1] > 0)
		model->across = (matches[1] + 10 * 0.5) / (records[1] + 10);
	if (model->households && homes > 0) {
		model->members = (members + 10 * 2) / (homes + 10);
		if (model->twins > 0)
			model->twins = (twins + 1) / (homes + 100);
	}
	scorer_priors_from_rates(scorer);
	for (size_t i = 0; i < n_list_pairs; i++) {
		struct list_prior *prior = &scorer->priors[i];

		for (unsigned k = FS_MATCH; k < FS_STRANGER; k++) {
			double common = prior->share[k];

			if (common > 0)
				prior->share[k] = (found[i][k] + 20) / (prior->pairs + 20 / common);
			if (k == FS_TWIN && prior->share[k] > TWINS_MOST * prior->share[FS_HOUSEHOLD])
				prior->share[k] = TWINS_MOST * prior->share[FS_HOUSEHOLD];
		}
	}
}

/*
 * Which counts a class learns a comparison from. What makes a household pair is its key, and what makes twins is their
 * birth date as well: learnt from the class's own pairs they would drift to whoever is numerous, the neighbours of one RT.
 * Two rows of one household carry its key, right or damaged, as two rows of one person do; a twin's date stays as shipped;
 * where twins live is learnt from all members of households, who are many.
 */
static const double *counts_for(const struct step_part *sum, const struct fs_model *model, size_t c, unsigned class,
	bool keyed, bool sure)
{
	static const double none[LEVELS_MAX];

	switch (model->comparisons[c].kind) {
	case COMPARE_KK:
		return sum->tallies[FS_MATCH].level[c];
	case COMPARE_NAME:
	case COMPARE_SEX:
	case COMPARE_IDENTIFIER:
	case COMPARE_EMAIL:
		return class != FS_MATCH && !sure ? none : sum->tallies[class].level[c];
	case COMPARE_AGE:
	case COMPARE_DATE:
		return class == FS_TWIN || (class == FS_HOUSEHOLD && !sure) ? none : sum->tallies[class].level[c];
	case COMPARE_CODE:
	case COMPARE_WORDS:
	case COMPARE_NUMBER:
		if (!keyed && model->comparisons[c].kind != COMPARE_NUMBER)
			return sum->tallies[FS_MATCH].level[c];
		return sum->tallies[class == FS_TWIN ? FS_HOUSEHOLD : class].level[c];
	default:
		return sum->tallies[class].level[c];
	}
}

/* Of a sum, as much as does not depend on the order of what was summed. */
static double in_steps(double share)
{
	return floor(share * 65536 + 0.5) / 65536;
}

static void maximise(struct training *training, struct step *step, const struct fs_model *shipped, size_t n_list_pairs)
{
	struct step_part *sum = &step->parts[0];

	for (size_t t = 1; t < TRAIN_TASKS; t++) {
		sum->moved += step->parts[t].moved;
		sum->addresses += step->parts[t].addresses;
		for (unsigned k = 0; k < FS_STRANGER; k++)
			tally_sum(&sum->tallies[k], &step->parts[t].tallies[k]);
		for (size_t i = 0; i < n_list_pairs; i++) {
			for (unsigned k = 0; k < FS_CLASSES; k++)
				sum->found[i][k] += step->parts[t].found[i][k];
		}
	}
	for (size_t c = 0; shipped && c < training->store->n_columns; c++) {
		for (unsigned k = 0; k < FS_STRANGER; k++)
			update_levels(&training->model->comparisons[c], k, counts_for(sum, training->model, c, k, training->store->kk >= 0, training->households_sure),
				shipped->comparisons[c].p[k], k == FS_TWIN ? TWIN_STRENGTH : STRENGTH);
	}
	if (shipped)
		training->model->moved = in_steps((sum->moved + STRENGTH * shipped->moved) / (sum->addresses + STRENGTH));
	update_priors(training, (const class_sums *)sum->found, n_list_pairs);
	scorer_prepare(training->scorer);
}

/* shipped NULL: the levels stay as they are, the priors are learnt. */
static int run_steps(struct training *training, const struct patterns *patterns, const struct fs_model *shipped, int steps)
{
	size_t n_list_pairs = list_pair((uint32_t)training->scorer->n_lists, 0);
	struct step *step = malloc(sizeof *step);
	class_sums *found = malloc(TRAIN_TASKS * (n_list_pairs + 1) * sizeof *found);
	int status = -1;

	if (!step || !found)
		goto out;
	for (int s = 0; s < steps; s++) {
		memset(step, 0, sizeof *step);
		memset(found, 0, TRAIN_TASKS * (n_list_pairs + 1) * sizeof *found);
		step->training = training;
		step->patterns = patterns;
		for (size_t t = 0; t < TRAIN_TASKS; t++)
			step->parts[t].found = found + t * (n_list_pairs + 1);
		parallel_run(training->parallel, TRAIN_TASKS, expect_part, step);
		maximise(training, step, shipped, n_list_pairs);
	}
	status = 0;
out:
	free(step);
	free(found);
	return status;
}

/* How much of a person each record is, by the pairs it is in: counted in whole numbers, which add up in any order. */
struct sharing {
	const struct training *training;
	uint32_t *partners; /* expected partners of each record, in 1 / FREQUENCY_ONE */
};

#define NEAR_LEAST -20  /* log2 odds before anything is learnt from which on a pair is looked at for a match */
#define SHARE_LEAST -16 /* log2 odds: less than one in 65,536 counts for nothing */

static void share_part(void *arg, size_t task)
{
	struct sharing *sharing = arg;
	const struct candidates *candidates = sharing->training->candidates;
	size_t at = candidates->n * task / TRAIN_TASKS, end = candidates->n * (task + 1) / TRAIN_TASKS, n;
	size_t numbers[SCORER_BATCH];

	while ((n = train_next_near(sharing->training, &at, end, numbers)) > 0) {
		for (size_t k = 0; k < n; k++) {
			const struct candidate *pair = &candidates->pairs[numbers[k]];
			struct pair_score score;
			uint32_t p;

			if (!scorer_score_above(sharing->training->scorer, pair->a, pair->b, SHARE_LEAST, &score))
				continue;
			p = (uint32_t)(score.p[FS_MATCH] * FREQUENCY_ONE + 0.5);
			__atomic_fetch_add(&sharing->partners[pair->a], p, __ATOMIC_RELAXED);
			__atomic_fetch_add(&sharing->partners[pair->b], p, __ATOMIC_RELAXED);
		}
	}
}

/* From expected partners to the share of a person that each record is, in place. */
static void shares_of(const struct training *training, uint32_t *partners)
{
	size_t n = training->store->n_records, focused = 0;
	uint64_t sum = 0;

	for (size_t r = 0; r < n; r++)
		partners[r] = (uint32_t)((double)FREQUENCY_ONE * FREQUENCY_ONE / ((double)FREQUENCY_ONE + partners[r]) + 0.5);
	/* Of records out of focus not all partners are known: they are taken for average. */
	for (size_t r = 0; training->focus && r < n; r++) {
		focused += training->focus[r];
		sum += training->focus[r] ? partners[r] : 0;
	}
	for (size_t r = 0; focused && r < n; r++)
		partners[r] = training->focus[r] ? partners[r] : (uint32_t)(sum / focused);
}

static int count_in_persons(const struct training *training)
{
	struct sharing sharing = {.training = training, .partners = calloc(training->store->n_records + 1, sizeof *sharing.partners)};
	int status = -1;

	if (sharing.partners) {
		parallel_run(training->parallel, TRAIN_TASKS, share_part, &sharing);
		shares_of(training, sharing.partners);
		status = frequencies_count(training->frequencies, training->store, sharing.partners, training->parallel, NULL);
	}
	free(sharing.partners);
	return status;
}

static int learn_dependence(struct training *training, const struct patterns *patterns, const struct stranger_counts *strangers)
{
	struct joint_counts matches = {0};

	if (joint_counts_init(&matches, training->store->n_columns) < 0)
		return -1;
	for (size_t i = 0; i < patterns->n; i++) {
		struct pair_score score;

		pattern_weigh(training, &patterns->items[i], &score);
		if (score.p[FS_MATCH] > 0.01)
			joint_counts_add(&matches, patterns->items[i].level, score.p[FS_MATCH] * patterns->items[i].count);
	}
	dependence_learn(training->model, &strangers->joint, &matches);
	joint_counts_release(&matches);
	return 0;
}

static int run_round(struct training *training, const struct fs_model *shipped, int round)
{
	struct patterns patterns = {0};
	struct stranger_counts strangers = {0};
	int status = -1;

	if (round && count_in_persons(training) < 0)
		goto out;
	if (strangers_count(&strangers, training, rounds[round].strangers) < 0 ||
	    patterns_count(&patterns, training, rounds[round].patterns) < 0)
		goto out;
	strangers_update(training->model, shipped, &strangers);
	dependence_learn_nik(training->model, training->store, strangers.nik);
	scorer_prepare(training->scorer);
	if (run_steps(training, &patterns, shipped, rounds[round].steps) < 0)
		goto out;
	status = learn_dependence(training, &patterns, &strangers);
out:
	patterns_release(&patterns);
	strangers_release(&strangers);
	return status;
}

/*
 * A list without a household's key may have households or not. Where there are hardly any, the class would take what is one
 * person's, damaged: it is given up, and the round made again. The first round's guess may be too high, so each is asked.
 */
static int reconsider_households(struct training *training, struct fs_model *shipped, int round)
{
	if (training->store->kk >= 0 || !shipped->households)
		return 0;
	training->households_sure = training->members + HOUSEHOLDS_STRENGTH >= HOUSEHOLDS_LEAST * training->matches;
	if (training->households_sure)
		return 0;
	shipped->households = false;
	*training->model = *shipped;
	for (int again = 0; again <= round; again++) {
		scorer_priors_from_rates(training->scorer);
		scorer_prepare(training->scorer);
		if (run_round(training, shipped, again) < 0)
			return -1;
	}
	return 0;
}

int train_run(struct training *training, struct error *err)
{
	struct fs_model *shipped = malloc(sizeof *shipped);
	const struct linker_progress *progress = training->progress;
	int status = 0;

	if (!shipped)
		return error_memory(err);
	fs_model_default(shipped, training->store);
	training->households_sure = training->store->kk >= 0;
	if (train_find_near(training, NEAR_LEAST) < 0)
		status = error_memory(err);
	for (int round = 0; round < ROUNDS && status == 0; round++) {
		if (progress && progress->report && progress->report(progress->arg, "train", (double)round / ROUNDS) != 0)
			status = error_set(err, ERROR_CANCELLED, "Dibatalkan", "Cancelled");
		else if (run_round(training, shipped, round) < 0 || reconsider_households(training, shipped, round) < 0)
			status = error_memory(err);
	}
	training->model->learnt_from = training->store->n_records;
	free(shipped);
	return status;
}

int train_adapt(struct training *training, bool priors, struct error *err)
{
	struct patterns patterns = {0};
	int status = train_find_near(training, NEAR_LEAST);

	if (priors && status == 0) {
		status = patterns_count(&patterns, training, rounds[0].patterns);
		if (status == 0)
			status = run_steps(training, &patterns, NULL, rounds[0].steps);
		patterns_release(&patterns);
	}
	if (status == 0)
		status = count_in_persons(training);
	return status < 0 ? error_memory(err) : 0;
}
