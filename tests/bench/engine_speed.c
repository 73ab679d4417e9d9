/*
 * make bench-speed: the engine alone, on a file of persons (columns nik, no_kk, nama, tgl_lahir, jk, kd_desa, without quotes).
 *
 *	engine_speed FILE.csv [MODEL]
 *
 * Processor seconds by stage; pairs looked at per second on one core, with all comparisons of the person model; the search of
 * one person in the register, by persons who were left out of it. Not for users, and no test: nothing here passes or fails.
 */
#include "daemon/base/thread_pool.h"
#include "matcher/base/hash.h"
#include "matcher/base/log2.h"
#include "matcher/link/linker_state.h"
#include "matcher/link/pair_filter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FIELDS = 6, LINE_MAX = 1024, COLUMNS_MAX = 32, SEARCHES = 10000, PAIRS = 1000000, REPEATS = 5 };

static const struct {
	const char *column;
	enum field_type type;
} fields[FIELDS] = {{"nik", FIELD_NIK}, {"no_kk", FIELD_KK}, {"nama", FIELD_NAME}, {"tgl_lahir", FIELD_DATE}, {"jk", FIELD_SEX},
	{"kd_desa", FIELD_CODE}};

static double seconds_of(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void fail(const char *what)
{
	fprintf(stderr, "engine_speed: %s\n", what);
	exit(1);
}

/* Where each field stands in a row. */
static void read_header(char *line, int column[FIELDS])
{
	int n = 0;

	for (int f = 0; f < FIELDS; f++)
		column[f] = -1;
	for (char *cell; (cell = strsep(&line, ",\r\n")) && n < COLUMNS_MAX; n++) {
		for (int f = 0; f < FIELDS; f++) {
			if (strcmp(cell, fields[f].column) == 0)
				column[f] = n;
		}
	}
	for (int f = 0; f < FIELDS; f++) {
		if (column[f] < 0)
			fail("a column is missing");
	}
}

static void read_row(const char *line, const int column[FIELDS], struct arena *arena, struct field_value values[FIELDS])
{
	char copy[LINE_MAX], *rest = copy, *cells[COLUMNS_MAX] = {0};

	snprintf(copy, sizeof copy, "%s", line);
	for (int n = 0; n < COLUMNS_MAX && rest; n++)
		cells[n] = strsep(&rest, ",\r\n");
	for (int f = 0; f < FIELDS; f++) {
		if (field_normalise(fields[f].type, str_from(cells[column[f]] ? cells[column[f]] : ""), false, arena, &values[f]) < 0)
			fail("out of memory");
	}
}

struct searches {
	char *rows[SEARCHES];
	size_t n;
	int column[FIELDS];
};

/* All rows but SEARCHES of them, spread over the file, which are kept for searching. */
static struct linker *load(const char *path, struct searches *searches)
{
	const struct linker_options options = {.within_lists = true, .across_lists = true};
	struct linker_schema schema = {.n_fields = FIELDS};
	struct linker *linker;
	struct arena arena;
	char line[LINE_MAX];
	uint32_t list, record;
	FILE *file = fopen(path, "r");

	for (int f = 0; f < FIELDS; f++) {
		schema.fields[f].type = fields[f].type;
		snprintf(schema.fields[f].name, sizeof schema.fields[f].name, "%s", fields[f].column);
	}
	if (!file || !fgets(line, sizeof line, file))
		fail("the file cannot be read");
	read_header(line, searches->column);
	if (linker_new(&schema, &options, &linker, NULL) < 0 || linker_list(linker, &list, NULL) < 0)
		fail("out of memory");
	arena_init(&arena, 0);
	for (size_t n = 0; fgets(line, sizeof line, file); n++) {
		struct field_value values[FIELDS];

		if (n % 16 == 5 && searches->n < SEARCHES) {
			searches->rows[searches->n++] = strdup(line);
			continue;
		}
		read_row(line, searches->column, &arena, values);
		if (linker_add(linker, values, &record, NULL) < 0)
			fail("out of memory");
		arena_reset(&arena);
	}
	arena_release(&arena);
	fclose(file);
	return linker;
}

/* Processor time by stage. */
struct stages {
	const char *name[4];
	double seconds[4], since;
	int at;
};

static int note_stage(void *arg, const char *stage, double fraction)
{
	struct stages *stages = arg;
	double now = seconds_of(CLOCK_PROCESS_CPUTIME_ID);

	(void)fraction;
	stages->seconds[stages->at] += now - stages->since;
	stages->since = now;
	for (int s = 0; s < 4; s++) {
		if (strcmp(stages->name[s], stage) == 0)
			stages->at = s;
	}
	return 0;
}

static void settle(struct linker *linker, const char *model, const struct parallel *parallel)
{
	struct stages stages = {{"index", "train", "score", "cluster"}, {0}, seconds_of(CLOCK_PROCESS_CPUTIME_ID), 0};
	const struct linker_progress progress = {note_stage, &stages};
	struct linker_statistics statistics;

	if (model) {
		struct fs_model *read = malloc(sizeof *read);
		static char text[1 << 22];
		FILE *file = fopen(model, "r");
		size_t n = file ? fread(text, 1, sizeof text, file) : 0;

		if (!read || fs_model_read(read, (struct str){text, n}, NULL) < 0 || linker_set_model(linker, read, NULL) < 0)
			fail("the model cannot be used");
		free(read);
		fclose(file);
	} else if (linker_train(linker, parallel, &progress, NULL) < 0) {
		fail("training failed");
	}
	if (linker_settle(linker, parallel, &progress, NULL) < 0)
		fail("deciding failed");
	linker_statistics(linker, &statistics);
	printf("%zu records, %llu candidate pairs, %llu scored, %llu matched; processor seconds:", linker_records(linker),
		(unsigned long long)statistics.candidate_pairs, (unsigned long long)statistics.scored_pairs,
		(unsigned long long)statistics.matched_pairs);
	for (int s = 0; s < 4; s++)
		printf(" %s %.2f", stages.name[s], stages.seconds[s]);
	printf("\n");
}

/* About a million candidates: those of records drawn by a hash. */
static void draw_candidates(struct linker *linker, const struct parallel *parallel, struct candidates *ret)
{
	struct blocking_request request = linker_blocking(linker, &linker->store, parallel);
	size_t n = linker->store.n_records;
	uint8_t *focus = calloc(n, 1);
	double share = PAIRS / 2.0 / (double)(linker->statistics.candidate_pairs + 1);
	uint64_t below = share < 1 ? (uint64_t)((double)UINT64_MAX * share) : UINT64_MAX;

	if (!focus)
		fail("out of memory");
	for (uint32_t r = 0; r < n; r++)
		focus[r] = hash_mix(store_content_hash(&linker->store, r)) <= below;
	request.focus = focus;
	if (blocking_find(&request, ret, NULL) < 0)
		fail("out of memory");
	free(focus);
}

static double look_at_all(const struct scorer *scorer, const struct candidates *candidates, double least, size_t *ret_above)
{
	double begun = seconds_of(CLOCK_THREAD_CPUTIME_ID);
	struct pair_filter filter;

	*ret_above = 0;
	if (pair_filter_init(&filter, scorer, least, SIZE_MAX, NULL) < 0)
		fail("out of memory");
	begun = seconds_of(CLOCK_THREAD_CPUTIME_ID);
	for (size_t i = 0, looked; i < candidates->n; i += looked) {
		uint8_t kept[PAIR_FILTER_BATCH];
		size_t n = pair_filter_next(&filter, candidates->pairs + i, candidates->n - i, &looked, kept);

		for (size_t k = 0; k < n; k++) {
			const struct candidate *pair = &candidates->pairs[i + kept[k]];
			struct pair_score score;

			*ret_above += scorer_score_above(scorer, pair->a, pair->b, least, &score);
		}
	}
	begun = seconds_of(CLOCK_THREAD_CPUTIME_ID) - begun;
	pair_filter_release(&filter);
	return begun;
}

static double score_all(const struct scorer *scorer, const struct candidates *candidates, double least, size_t *ret_above)
{
	double begun = seconds_of(CLOCK_THREAD_CPUTIME_ID);

	*ret_above = 0;
	for (size_t i = 0; i < candidates->n; i++) {
		struct pair_score score;

		scorer_score(scorer, candidates->pairs[i].a, candidates->pairs[i].b, &score);
		*ret_above += score.weight >= least;
	}
	return seconds_of(CLOCK_THREAD_CPUTIME_ID) - begun;
}

static void time_pairs(struct linker *linker, const struct parallel *parallel)
{
	double least = log2_of(SCORED_PAIRS_FROM / (1 - SCORED_PAIRS_FROM)), best[2] = {1e9, 1e9};
	struct candidates candidates;
	size_t above[2];

	draw_candidates(linker, parallel, &candidates);
	for (int i = 0; i < REPEATS; i++) {
		double verdict = look_at_all(&linker->scorer, &candidates, least, &above[0]);
		double weight = score_all(&linker->scorer, &candidates, least, &above[1]);

		best[0] = verdict < best[0] ? verdict : best[0];
		best[1] = weight < best[1] ? weight : best[1];
	}
	if (above[0] != above[1])
		fail("a pair was refused that should not have been");
	printf("%zu candidate pairs on one core, best of %d: %.2f million a second decided, %.2f million with every comparison made\n",
		candidates.n, REPEATS, (double)candidates.n / best[0] / 1e6, (double)candidates.n / best[1] / 1e6);
	candidates_release(&candidates);
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void time_searches(struct linker *linker, const struct searches *searches)
{
	static double seconds[SEARCHES];
	struct linker_statistics statistics;
	struct linker_pair hits[10];
	struct arena arena;
	size_t found = 0;

	arena_init(&arena, 0);
	for (size_t i = 0; i < searches->n + 1; i++) { /* the first one makes the index and is made again */
		struct field_value values[FIELDS];
		double begun;

		read_row(searches->rows[i ? i - 1 : 0], searches->column, &arena, values);
		begun = seconds_of(CLOCK_THREAD_CPUTIME_ID);
		found += linker_search(linker, values, hits, 10) > 0 && i > 0;
		if (i)
			seconds[i - 1] = seconds_of(CLOCK_THREAD_CPUTIME_ID) - begun;
		arena_reset(&arena);
	}
	arena_release(&arena);
	qsort(seconds, searches->n, sizeof *seconds, by_size);
	linker_statistics(linker, &statistics);
	printf("search of one among %zu: p50 %.0f us, p99 %.0f us, of %zu; %zu found somebody; index %.0f bytes a record\n",
		linker_records(linker), seconds[searches->n / 2] * 1e6, seconds[searches->n * 99 / 100] * 1e6, searches->n, found,
		(double)statistics.index_bytes / (double)linker_records(linker));
}

int main(int argc, char **argv)
{
	static struct searches searches;
	struct thread_pool *pool = thread_pool_new(0);
	struct linker *linker;

	if (argc < 2)
		fail("FILE.csv [MODEL]");
	linker = load(argv[1], &searches);
	settle(linker, argc > 2 ? argv[2] : NULL, thread_pool_parallel(pool));
	time_pairs(linker, thread_pool_parallel(pool));
	if (searches.n)
		time_searches(linker, &searches);
	for (size_t i = 0; i < searches.n; i++)
		free(searches.rows[i]);
	linker_free(linker);
	thread_pool_free(pool);
	return 0;
}
