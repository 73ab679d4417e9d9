/* See train.h. */
#include "matcher/link/train.h"

#include "matcher/base/grow.h"
#include "matcher/base/hash.h"
#include "matcher/base/log2.h"
#include "matcher/base/radix_sort.h"
#include "matcher/link/dependence.h"

enum { ROUNDS = 3, STEPS = 12, PATTERN_PAIRS_MAX = 3000000, SAMPLE_PAIRS = 1000000, INVERSE_MAX = 50000, FACTOR_STRENGTH = 10 };

/* Candidate pairs alike in everything that learning looks at. */
struct pattern {
	uint8_t level[COMPARISONS_MAX];
	int32_t frequency; /* sum over the comparisons, in half bits */
	uint32_t lists, free_from, count;
};

struct patterns {
	struct pattern *items;
	size_t n, cap;
	struct hash_map by_hash;
	double scale; /* candidate pairs per counted pair */
	double frequency_mean[COMPARISONS_MAX][LEVELS_MAX]; /* mean frequency among matches at a level */
};

/* Counts of one class by comparison and level. */
struct tally {
	double level[COMPARISONS_MAX][LEVELS_MAX];
};

static unsigned half_bits(int64_t frequency)
{
	return (unsigned)((-frequency + WEIGHT_ONE / 4) / (WEIGHT_ONE / 2));
}

static bool sampled(const struct training *training, const struct candidate *pair, uint64_t keep_below)
{
	return hash_pair(store_content_hash(training->store, pair->a), store_content_hash(training->store, pair->b)) <
	       keep_below;
}

static int count_pattern(struct patterns *patterns, const struct levels *levels, size_t n, uint32_t lists,
	uint32_t free_from)
{
	struct pattern pattern = {.lists = lists, .free_from = free_from, .count = 1};
	uint64_t hash = hash_pair(lists, free_from);
	int64_t frequency = 0;
	uint32_t *at;

	for (size_t c = 0; c < n; c++) {
		pattern.level[c] = levels->level[c];
		frequency += levels->frequency[c];
	}
	pattern.frequency = (int32_t)half_bits(frequency);
	hash = hash_pair(hash_bytes(pattern.level, n, 0), hash_pair(hash, (uint64_t)pattern.frequency));
	at = hash_map_at(&patterns->by_hash, hash, (uint32_t)patterns->n);
	if (!at)
		return -1;
	if (*at < patterns->n) {
		patterns->items[*at].count++;
		return 0;
	}
	if (GROW(&patterns->items, &patterns->cap, patterns->n + 1) < 0)
		return -1;
	patterns->items[patterns->n++] = pattern;
	return 0;
}

/* Compares the candidates (a sample of them where there are very many) and counts their patterns. */
static int count_patterns(const struct training *training, struct patterns *patterns)
{
	const struct candidates *candidates = training->candidates;
	const struct store *store = training->store;
	uint64_t keep_below = UINT64_MAX;
	size_t counted = 0;
	struct tally weight = {0};

	if (candidates->n > PATTERN_PAIRS_MAX)
		keep_below = (uint64_t)((double)UINT64_MAX * PATTERN_PAIRS_MAX / (double)candidates->n);
	patterns->n = 0;
	hash_map_release(&patterns->by_hash);
	memset(patterns->frequency_mean, 0, sizeof patterns->frequency_mean);
	for (size_t i = 0; i < candidates->n; i++) {
		const struct candidate *pair = &candidates->pairs[i];
		struct levels levels;
		struct pair_score score;
		int64_t likelihood[FS_CLASSES];

		if (keep_below != UINT64_MAX && !sampled(training, pair, keep_below))
			continue;
		scorer_compare(training->scorer, pair->a, pair->b, &levels);
		if (count_pattern(patterns, &levels, store->n_columns,
			    (uint32_t)list_pair(store->list_of[pair->a], store->list_of[pair->b]), pair->free_from) < 0)
			return -1;
		counted++;
		scorer_likelihoods(training->scorer, &levels, likelihood);
		scorer_weigh(training->scorer, scorer_prior(training->scorer, pair->a, pair->b), likelihood, &score);
		for (size_t c = 0; c < store->n_columns; c++) {
			weight.level[c][levels.level[c]] += score.p[FS_MATCH];
			patterns->frequency_mean[c][levels.level[c]] +=
				score.p[FS_MATCH] * exp2_of(weight_to_bits(levels.frequency[c]));
		}
	}
	for (size_t c = 0; c < store->n_columns; c++) {
		for (unsigned l = 1; l < LEVELS_MAX; l++)
			patterns->frequency_mean[c][l] /= weight.level[c][l] > 0 ? weight.level[c][l] : 1;
	}
	patterns->scale = counted ? (double)candidates->n / (double)counted : 1;
	return 0;
}

/* The pattern's probabilities; a pair whose names have nothing in common is no match unless all but certain. */
static void weigh_pattern(const struct training *training, const struct pattern *pattern, struct pair_score *ret)
{
	struct levels levels;
	int64_t likelihood[FS_CLASSES];
	int name = training->store->name;

	memset(levels.frequency, 0, sizeof levels.frequency);
	memcpy(levels.level, pattern->level, sizeof levels.level);
	scorer_likelihoods(training->scorer, &levels, likelihood);
	likelihood[FS_STRANGER] -= (int64_t)pattern->frequency * (WEIGHT_ONE / 2);
	scorer_weigh(training->scorer, &training->scorer->priors[pattern->lists], likelihood, ret);
	if (name >= 0 && phrase_tokens_level(pattern->level[name]) == TOKENS_APART && ret->p[FS_MATCH] < 0.95)
		ret->p[FS_MATCH] = 0;
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

			/* Never so rare that nothing could make up for it. */
			comparison->p[class][l] = p > 0.02 * shipped[l] ? p : 0.02 * shipped[l];
		}
	}
}

static void update_priors(struct training *training, const double (*found)[FS_CLASSES], size_t n_pairs_of_lists)
{
	struct scorer *scorer = training->scorer;
	struct fs_model *model = training->model;
	double matches[2] = {0}, expected[2] = {0}, members = 0, twins = 0, records = 0;

	for (size_t a = 0; a < scorer->n_lists; a++) {
		for (size_t b = 0; b <= a; b++) {
			size_t i = list_pair((uint32_t)a, (uint32_t)b);
			struct list_prior *prior = &scorer->priors[i];
			double n = scorer->priors[i].pairs, rate = a == b ? model->within : model->across;

			if (prior->share[FS_MATCH] <= 0 || rate <= 0)
				continue;
			matches[a != b] += found[i][FS_MATCH];
			expected[a != b] += prior->share[FS_MATCH] * n / rate; /* records that could have a partner */
			members += found[i][FS_HOUSEHOLD];
			twins += found[i][FS_TWIN];
			records += model->households ? prior->share[FS_HOUSEHOLD] * n / model->members : 0;
		}
	}
	/* Ten records' worth of the present rate keeps a tiny list from jumping to none or all. */
	if (expected[0] > 0)
		model->within = (matches[0] + 10 * 0.1) / (expected[0] + 10);
	if (expected[1] > 0)
		model->across = (matches[1] + 10 * 0.5) / (expected[1] + 10);
	if (model->households && records > 0) {
		model->members = (members + 10 * 2) / (records + 10);
		model->twins = (twins + 1) / (records + 100);
	}
	/* Each pair of lists has its own share, the common rate weighing as much as twenty matches. */
	scorer_priors_from_rates(scorer);
	for (size_t i = 0; i < n_pairs_of_lists; i++) {
		struct list_prior *prior = &scorer->priors[i];

		for (unsigned k = FS_MATCH; k < FS_STRANGER; k++) {
			double pooled = prior->share[k];

			if (pooled > 0)
				prior->share[k] = (found[i][k] + 20) / (prior->pairs + 20 / pooled);
		}
	}
}

static int maximise(struct training *training, const struct patterns *patterns, const struct fs_model *shipped)
{
	size_t n = training->store->n_columns, n_lists = list_pair((uint32_t)training->scorer->n_lists, 0);
	struct tally *tallies = calloc(FS_STRANGER, sizeof *tallies);
	double(*found)[FS_CLASSES] = calloc(n_lists + 1, sizeof *found);
	int status = -1;

	if (!tallies || !found)
		goto out;
	for (size_t i = 0; i < patterns->n; i++) {
		const struct pattern *pattern = &patterns->items[i];
		struct pair_score score;

		weigh_pattern(training, pattern, &score);
		for (unsigned k = 0; k < FS_STRANGER; k++) {
			double weight = score.p[k] * pattern->count;

			found[pattern->lists][k] += weight * patterns->scale;
			for (size_t c = 0; c < n && weight > 1e-9; c++) {
				if (pattern->level[c] && pattern->free_from >> c & 1)
					tallies[k].level[c][pattern->level[c]] += weight;
			}
		}
	}
	for (size_t c = 0; c < n; c++) {
		for (unsigned k = 0; k < FS_STRANGER; k++)
			update_levels(&training->model->comparisons[c], k, tallies[k].level[c], shipped->comparisons[c].p[k],
				k == FS_TWIN ? 60 : 30);
	}
	update_priors(training, (const double(*)[FS_CLASSES])found, n_lists);
	scorer_prepare(training->scorer);
	status = 0;
out:
	free(tallies);
	free(found);
	return status;
}

/* Records in the order of their contents' hash: neighbours at a distance are strangers drawn by lot. */
static uint32_t *shuffled(const struct store *store, size_t *ret_n)
{
	struct sort_entry *entries = malloc((store->n_records + 1) * 2 * sizeof *entries);
	uint32_t *order = malloc((store->n_records + 1) * sizeof *order);
	size_t n = 0;

	if (entries && order) {
		for (uint32_t r = 0; r < store->n_records; r++) {
			if (!store_withdrawn(store, r))
				entries[n++] = (struct sort_entry){store_content_hash(store, r), r, 0};
		}
		radix_sort(entries, entries + store->n_records + 1, n);
		for (size_t i = 0; i < n; i++)
			order[i] = entries[i].number;
	} else {
		free(order);
		order = NULL;
	}
	free(entries);
	*ret_n = n;
	return order;
}

struct stranger_counts {
	double pairs;
	struct tally tally;
	double split[COMPARISONS_MAX][PHRASE_SPLITS];
	struct tally inverse; /* sum of 1 / frequency at the level */
	struct joint_counts joint;
	double nik[NIK_AREAS][NIK_LEVEL_COUNT];
};

static void count_strangers(const struct training *training, uint32_t a, uint32_t b, struct stranger_counts *counts)
{
	const struct scorer *scorer = training->scorer;
	size_t n = training->store->n_columns;
	struct levels levels;
	struct pair_score score;
	int64_t likelihood[FS_CLASSES];
	double p;

	scorer_compare(scorer, a, b, &levels);
	scorer_likelihoods(scorer, &levels, likelihood);
	scorer_weigh(scorer, scorer_prior(scorer, a, b), likelihood, &score);
	p = score.p[FS_STRANGER];
	counts->pairs += p;
	for (size_t c = 0; c < n; c++) {
		unsigned level = levels.level[c];

		if (!level)
			continue;
		counts->tally.level[c][level] += p;
		counts->tally.level[c][0] += p;
		if (levels.frequency[c] < 0) {
			double inverse = exp2_of(weight_to_bits(-(int64_t)levels.frequency[c]));

			counts->inverse.level[c][level] += p * (inverse < INVERSE_MAX ? inverse : INVERSE_MAX);
		}
		if (comparison_is_phrase(training->model->comparisons[c].kind))
			counts->split[c][phrase_split(level)] += p;
	}
	if (p > 0.5) {
		joint_counts_add(&counts->joint, levels.level, p);
		dependence_add_nik(scorer, a, b, levels.level, p, counts->nik);
	}
}

static void update_strangers(struct training *training, const struct patterns *patterns, const struct fs_model *shipped,
	const struct stranger_counts *counts)
{
	for (size_t c = 0; c < training->store->n_columns; c++) {
		struct fs_comparison *comparison = &training->model->comparisons[c];

		for (unsigned l = 1; l < comparison->n_levels; l++) {
			double seen = counts->tally.level[c][l], u = shipped->comparisons[c].p[FS_STRANGER][l];
			bool phrase = comparison_is_phrase(comparison->kind);

			if (!comparison_by_frequency(comparison->kind, l)) {
				double of = phrase ? counts->split[c][phrase_split(l)] : counts->tally.level[c][0];

				comparison->p[FS_STRANGER][l] = (seen + 0.3) / (of + 0.3 / u);
			} else if (phrase) {
				double of = counts->split[c][phrase_split(l)];
				double factor = of > 0 ? counts->inverse.level[c][l] / of : u;

				comparison->p[FS_STRANGER][l] = (seen * factor + FACTOR_STRENGTH * u) / (seen + FACTOR_STRENGTH);
			}
		}
	}
}

/* u from sampled pairs of records, each counted by its probability of being two strangers. */
static int learn_strangers(struct training *training, const struct patterns *patterns, const struct fs_model *shipped,
	struct stranger_counts *counts)
{
	const struct store *store = training->store;
	size_t n, strides;
	uint32_t *order = shuffled(store, &n);

	if (!order)
		return -1;
	strides = n ? SAMPLE_PAIRS / n + 1 : 0;
	if (strides > n / 2)
		strides = n / 2;
	for (size_t s = 1; s <= strides; s++) {
		/* Distances spread over the whole circle, each once. */
		size_t distance = strides >= n / 2 ? s : 1 + (size_t)(hash_mix(s) % (n - 1));

		for (size_t i = 0; i < n; i++) {
			uint32_t a = order[i], b = order[(i + distance) % n];

			if (a != b)
				count_strangers(training, a, b, counts);
		}
	}
	free(order);
	update_strangers(training, patterns, shipped, counts);
	dependence_learn_nik(training->model, store, counts->nik);
	scorer_prepare(training->scorer);
	return 0;
}

/* How much of a person each record is, by the pairs it is in. */
static int share_of_persons(const struct training *training, float *share)
{
	const struct candidates *candidates = training->candidates;

	for (size_t r = 0; r < training->store->n_records; r++)
		share[r] = 1;
	for (size_t i = 0; i < candidates->n; i++) {
		struct pair_score score;

		scorer_score(training->scorer, candidates->pairs[i].a, candidates->pairs[i].b, &score);
		share[candidates->pairs[i].a] += (float)score.p[FS_MATCH];
		share[candidates->pairs[i].b] += (float)score.p[FS_MATCH];
	}
	for (size_t r = 0; r < training->store->n_records; r++)
		share[r] = 1 / share[r];
	return frequencies_count(training->frequencies, training->store, share, NULL);
}

static int one_round(struct training *training, const struct fs_model *shipped, struct patterns *patterns, int round)
{
	size_t n = training->store->n_columns;
	struct stranger_counts counts = {0};
	struct joint_counts matches = {0};
	float *share = malloc((training->store->n_records + 1) * sizeof *share);
	int status = -1;

	if (!share || joint_counts_init(&counts.joint, n) < 0 || joint_counts_init(&matches, n) < 0)
		goto out;
	if (round && share_of_persons(training, share) < 0)
		goto out;
	if (count_patterns(training, patterns) < 0 || learn_strangers(training, patterns, shipped, &counts) < 0)
		goto out;
	for (int step = 0; step < STEPS; step++) {
		if (maximise(training, patterns, shipped) < 0)
			goto out;
	}
	for (size_t i = 0; i < patterns->n; i++) {
		struct pair_score score;

		weigh_pattern(training, &patterns->items[i], &score);
		if (score.p[FS_MATCH] > 0.01)
			joint_counts_add(&matches, patterns->items[i].level, score.p[FS_MATCH] * patterns->items[i].count);
	}
	dependence_learn(training->model, &counts.joint, &matches);
	status = 0;
out:
	joint_counts_release(&counts.joint);
	joint_counts_release(&matches);
	free(share);
	return status;
}

int train_run(struct training *training, struct error *err)
{
	struct fs_model *shipped = malloc(sizeof *shipped);
	struct patterns patterns = {0};
	int status = -1;

	if (!shipped)
		return error_memory(err);
	fs_model_default(shipped, training->store);
	for (int round = 0; round < ROUNDS; round++) {
		if (one_round(training, shipped, &patterns, round) < 0)
			goto out;
	}
	training->model->learnt_from = training->store->n_records;
	status = 0;
out:
	free(shipped);
	free(patterns.items);
	hash_map_release(&patterns.by_hash);
	return status < 0 ? error_memory(err) : 0;
}
