/* Patterns of candidate pairs: see train_parts.h. */
#include "matcher/link/train_parts.h"

#include "matcher/base/grow.h"
#include "matcher/base/hash.h"
#include "matcher/base/hash_map.h"
#include "matcher/base/log2.h"
#include "matcher/link/movers.h"

struct counting {
	const struct training *training;
	struct patterns parts[TRAIN_TASKS];
	uint64_t keep_below, keep_far_below; /* of the hash of a pair's contents */
	size_t counted[TRAIN_TASKS];         /* candidates that those compared stand for */
	bool failed[TRAIN_TASKS];
};

static int add_pattern(struct patterns *patterns, const struct pattern *pattern, size_t n)
{
	uint64_t hash = hash_pair(hash_bytes(pattern->level, n, 0),
		hash_pair(hash_pair(pattern->lists, pattern->free_from), (uint64_t)pattern->place_frequency << 32 | (uint64_t)pattern->frequency << 1 | pattern->same_birthday));
	uint32_t *at = hash_map_at(&patterns->by_hash, hash, (uint32_t)patterns->n);

	if (!at)
		return -1;
	if (*at < patterns->n) {
		patterns->items[*at].count += pattern->count;
		return 0;
	}
	if (GROW(&patterns->items, &patterns->cap, patterns->n + 1) < 0)
		return -1;
	patterns->items[patterns->n++] = *pattern;
	return 0;
}

static bool is_far(const struct training *training, size_t number)
{
	return training->near && !training->near[number];
}

static void make_pattern(const struct training *training, size_t number, struct pattern *ret)
{
	const struct store *store = training->store;
	const struct candidate *pair = &training->candidates->pairs[number];
	struct levels levels;
	int64_t frequency = 0, place_frequency = 0;

	*ret = (struct pattern){.count = is_far(training, number) ? TRAIN_FAR_EACH : 1, .free_from = training->candidates->free_from[number],
		.lists = (uint32_t)list_pair(store->list_of[pair->a], store->list_of[pair->b])};
	scorer_compare(training->scorer, pair->a, pair->b, &levels);
	ret->same_birthday = levels.same_birthday;
	for (size_t c = 0; c < store->n_columns; c++) {
		ret->level[c] = levels.level[c];
		frequency -= levels.frequency[c];
		place_frequency -= training->scorer->places >> c & 1 ? levels.frequency[c] : 0;
	}
	ret->frequency = (int32_t)((frequency + WEIGHT_ONE / 4) / (WEIGHT_ONE / 2));
	ret->place_frequency = (int32_t)((place_frequency + WEIGHT_ONE / 4) / (WEIGHT_ONE / 2));
}

/* Candidate pairs of a task that wait for their memory. */
struct waiting {
	size_t numbers[SCORER_BATCH];
	uint32_t records[2 * SCORER_BATCH];
	size_t n;
};

static void count_waiting(struct counting *counting, size_t task, struct waiting *waiting)
{
	const struct training *training = counting->training;

	scorer_prefetch_all(training->scorer, waiting->records, 2 * waiting->n);
	for (size_t i = 0; i < waiting->n && !counting->failed[task]; i++) {
		struct pattern pattern;

		make_pattern(training, waiting->numbers[i], &pattern);
		counting->counted[task] += pattern.count;
		counting->failed[task] = add_pattern(&counting->parts[task], &pattern, training->store->n_columns) < 0;
	}
	waiting->n = 0;
}

static void count_part(void *arg, size_t task)
{
	struct counting *counting = arg;
	const struct candidates *candidates = counting->training->candidates;
	const struct store *store = counting->training->store;
	size_t first = candidates->n * task / TRAIN_TASKS, end = candidates->n * (task + 1) / TRAIN_TASKS;
	struct waiting waiting = {.n = 0};

	for (size_t i = first; i < end && !counting->failed[task]; i++) {
		const struct candidate *pair = &candidates->pairs[i];

		uint64_t below = is_far(counting->training, i) ? counting->keep_far_below : counting->keep_below;

		if (below != UINT64_MAX && hash_mix(store_content_hash(store, pair->a) + store_content_hash(store, pair->b)) >= below)
			continue;
		waiting.numbers[waiting.n] = i;
		waiting.records[2 * waiting.n] = pair->a;
		waiting.records[2 * waiting.n++ + 1] = pair->b;
		if (waiting.n == SCORER_BATCH)
			count_waiting(counting, task, &waiting);
	}
	count_waiting(counting, task, &waiting);
}

/* How many would be compared if all near ones were. */
static double worth_comparing(const struct training *training)
{
	size_t n = training->candidates->n, far = 0;

	for (size_t i = 0; i < n; i++)
		far += is_far(training, i);
	return (double)(n - far) + (double)far / TRAIN_FAR_EACH;
}

int patterns_count(struct patterns *patterns, const struct training *training, size_t most)
{
	struct counting *counting = calloc(1, sizeof *counting);
	size_t n = training->candidates->n, counted = 0;
	double share = (double)most / worth_comparing(training);
	bool failed = false;

	if (!counting)
		return -1;
	patterns_release(patterns);
	counting->training = training;
	share = share < 1 ? share : 1;
	counting->keep_below = share < 1 ? (uint64_t)((double)UINT64_MAX * share) : UINT64_MAX;
	counting->keep_far_below = (uint64_t)((double)UINT64_MAX * share / TRAIN_FAR_EACH);
	parallel_run(training->parallel, TRAIN_TASKS, count_part, counting);
	for (size_t t = 0; t < TRAIN_TASKS; t++) {
		failed |= counting->failed[t];
		for (size_t i = 0; i < counting->parts[t].n && !failed; i++)
			failed = add_pattern(patterns, &counting->parts[t].items[i], training->store->n_columns) < 0;
		counted += counting->counted[t];
		patterns_release(&counting->parts[t]);
	}
	patterns->scale = counted ? (double)n / (double)counted / training->sampled : 1;
	free(counting);
	return failed ? -1 : 0;
}

void patterns_release(struct patterns *patterns)
{
	free(patterns->items);
	hash_map_release(&patterns->by_hash);
	*patterns = (struct patterns){0};
}

/* The address's frequency stands at the first column that tells of it. */
static void levels_of(const struct training *training, const struct pattern *pattern, struct levels *ret)
{
	ret->same_birthday = pattern->same_birthday;
	memset(ret->frequency, 0, sizeof ret->frequency);
	memcpy(ret->level, pattern->level, sizeof ret->level);
	for (uint32_t left = training->scorer->places; left; left &= left - 1) {
		if (!pattern->level[__builtin_ctz(left)])
			continue;
		ret->frequency[__builtin_ctz(left)] = -pattern->place_frequency * (WEIGHT_ONE / 2);
		break;
	}
}

#define SURE_WEIGHT 4.0 /* bits: fifteen in sixteen */

double pattern_moved(const struct training *training, const struct pattern *pattern, bool *ret_sure)
{
	const struct scorer *scorer = training->scorer;
	int64_t likelihood[FS_CLASSES];
	struct pair_score score;
	struct levels levels;
	double evidence, moved;
	unsigned told;

	levels_of(training, pattern, &levels);
	evidence = movers_evidence(scorer, &levels, &told);
	movers_add(training->model->moved, evidence, &moved);
	for (uint32_t left = scorer->places; left; left &= left - 1) {
		levels.level[__builtin_ctz(left)] = 0;
		levels.frequency[__builtin_ctz(left)] = 0;
	}
	scorer_likelihoods(scorer, &levels, likelihood);
	likelihood[FS_STRANGER] -= (int64_t)(pattern->frequency - pattern->place_frequency) * (WEIGHT_ONE / 2);
	scorer_weigh(&scorer->priors[pattern->lists], likelihood, &score);
	*ret_sure = score.weight >= SURE_WEIGHT;
	return told < 2 ? -1 : moved;
}

void pattern_weigh(const struct training *training, const struct pattern *pattern, struct pair_score *ret)
{
	struct levels levels;
	int64_t likelihood[FS_CLASSES];
	int name = training->store->name;

	levels_of(training, pattern, &levels);
	scorer_likelihoods(training->scorer, &levels, likelihood);
	likelihood[FS_STRANGER] -= (int64_t)(pattern->frequency - pattern->place_frequency) * (WEIGHT_ONE / 2);
	scorer_weigh(&training->scorer->priors[pattern->lists], likelihood, ret);
	if (name >= 0 && phrase_tokens_level(pattern->level[name]) == TOKENS_APART && ret->p[FS_MATCH] < 0.95)
		ret->p[FS_MATCH] = 0;
}
