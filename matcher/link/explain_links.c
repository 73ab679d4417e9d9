/*
 * See linker.h: a pair's weight part by part, why two records are one person or are not, how a cluster came together.
 */
#include "matcher/base/log2.h"
#include "matcher/link/level_words.h"
#include "matcher/link/linker_state.h"

#include "matcher/base/grow.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static struct waterfall_part *add_part(struct waterfall *waterfall, int field, const char *level, double weight)
{
	struct waterfall_part *part = &waterfall->parts[waterfall->n];

	if (waterfall->n < WATERFALL_MAX - 1)
		waterfall->n++;
	*part = (struct waterfall_part){.field = field, .weight = (float)weight, .text = "", .text_en = ""};
	snprintf(part->level, sizeof part->level, "%s", level);
	return part;
}

void linker_explain(const struct linker *linker, uint32_t a, uint32_t b, struct waterfall *ret)
{
	const struct scorer *scorer = &linker->scorer;
	struct levels levels;
	int64_t likelihood[FS_CLASSES];
	struct pair_score score;
	const struct list_prior *prior = scorer_prior(scorer, a, b);
	double sum = weight_to_bits(prior->weight[FS_MATCH]);
	struct waterfall_part *part;

	memset(ret, 0, sizeof *ret);
	scorer_compare(scorer, a, b, &levels);
	scorer_likelihoods(scorer, &levels, likelihood);
	scorer_weigh(prior, likelihood, &score);
	linker_fill_pair(&ret->pair, a, b, &score);
	part = add_part(ret, -1, "prior", sum);
	part->text = "sebelum apa pun dibandingkan";
	part->text_en = "before anything is compared";
	for (size_t c = 0; c < linker->store.n_columns; c++) {
		const struct store_column *column = &linker->store.columns[c];
		unsigned level = levels.level[c];
		double weight = level ? weight_to_bits((int64_t)scorer->weight[c][FS_MATCH][level] -
					   scorer->weight[c][FS_STRANGER][level] - levels.frequency[c])
				      : 0;

		part = add_part(ret, column->fields[0], comparison_level_name(column->kind, level), weight);
		part->frequency_weight = (float)weight_to_bits(-(int64_t)levels.frequency[c]);
		part->text = level_words(column->kind, level, false);
		part->text_en = level_words(column->kind, level, true);
		sum += weight;
	}
	/* What the household classes and dependences between comparisons take away (or add). */
	part = add_part(ret, -2, "household and dependence", score.weight - sum);
	part->text = "isian yang saling terkait, sesama anggota keluarga";
	part->text_en = "fields that go together, members of one family";
}

struct str linker_value(const struct linker *linker, uint32_t record, size_t field, char room[LINKER_KEY_DIGITS])
{
	const struct store *store = &linker->store;

	for (size_t c = 0; c < store->n_columns; c++) {
		struct str text;

		for (size_t f = 0; f < store->columns[c].n_fields; f++) {
			if (store->columns[c].fields[f] != field)
				continue;
			text = store_key_text(&store->columns[c], store_value(store, c, record), room);
			for (size_t skip = 0; skip < f && text.n; skip++) {
				const char *end = memchr(text.p, '\x1f', text.n);
				size_t n = end ? (size_t)(end - text.p) + 1 : text.n;

				text = (struct str){text.p + n, text.n - n};
			}
			if (text.n && memchr(text.p, '\x1f', text.n))
				text.n = (size_t)((const char *)memchr(text.p, '\x1f', text.n) - text.p);
			return text;
		}
	}
	return (struct str){"", 0};
}

/* All records of a record's cluster, ascending; NULL: memory. */
static uint32_t *rows_of(const struct linker *linker, uint32_t record, size_t *ret_n)
{
	uint32_t label = linker_cluster(linker, record), *rows = NULL;
	size_t n = 0, cap = 0;

	for (uint32_t r = label; r < linker->n_label; r++) {
		if (linker->label[r] != label)
			continue;
		if (GROW(&rows, &cap, n + 1) < 0) {
			free(rows);
			return NULL;
		}
		rows[n++] = r;
	}
	*ret_n = n;
	return rows;
}

static bool was_found(const struct linker *linker, uint32_t a, uint32_t b)
{
	for (uint32_t i = linker->scored.first[a]; i < linker->scored.first[a + 1]; i++) {
		const struct linker_pair *pair = &linker->scored.pairs[linker->scored.by_record[i]];

		if (pair->a == b || pair->b == b)
			return true;
	}
	return false;
}

/* Of two records in clusters of their own: why. */
static enum linker_reason why_apart(const struct linker *linker, uint32_t a, uint32_t b, const struct linker_why *why)
{
	const uint32_t *list_of = linker->store.list_of;
	const struct waterfall *waterfall = &why->waterfall;

	if (!(list_of[a] == list_of[b] ? linker->options.within_lists : linker->options.across_lists))
		return LINKER_APART_UNASKED;
	if ((double)waterfall->pair.weight < why->least && waterfall->pair.household > 0.5f)
		return LINKER_APART_MEMBERS;
	if ((double)waterfall->pair.weight < why->least)
		return waterfall->pair.weight - waterfall->parts[0].weight < 0 ? LINKER_APART_DIFFER : LINKER_APART_TOO_LITTLE;
	if (!was_found(linker, a, b))
		return LINKER_APART_UNFOUND;
	return linker->options.one_to_one && why->clusters == -INFINITY ? LINKER_APART_TAKEN : LINKER_APART_BY_OTHERS;
}

int linker_why(const struct linker *linker, uint32_t a, uint32_t b, struct linker_why *ret, struct error *err)
{
	const struct cluster_options options = linker_clustering(linker);
	enum linker_decision decided;
	uint32_t *rows_a, *rows_b;

	*ret = (struct linker_why){.least = options.threshold};
	if (a >= linker->n_label || b >= linker->n_label || a == b)
		return error_set(err, ERROR_INPUT, "Pasangan %u dan %u tidak ada", "There is no pair %u and %u", a, b);
	linker_explain(linker, a, b, &ret->waterfall);
	if (store_withdrawn(&linker->store, a) || store_withdrawn(&linker->store, b)) {
		ret->reason = LINKER_APART_WITHDRAWN;
		return 0;
	}
	rows_a = rows_of(linker, a, &ret->rows[0]);
	rows_b = rows_of(linker, b, &ret->rows[1]);
	if (!rows_a || !rows_b) {
		free(rows_a);
		free(rows_b);
		return error_memory(err);
	}
	decided = linker_decided(linker, a < b ? a : b, a < b ? b : a);
	if (linker->label[a] == linker->label[b]) {
		ret->reason = decided == LINKER_SAME ? LINKER_DECIDED_TOGETHER
			      : (double)ret->waterfall.pair.weight >= ret->least ? LINKER_TOGETHER : LINKER_TOGETHER_BY_OTHERS;
	} else {
		ret->clusters = cluster_odds(&linker->scorer, &options, rows_a, ret->rows[0], rows_b, ret->rows[1]);
		ret->reason = decided == LINKER_NOT_SAME ? LINKER_DECIDED_APART : why_apart(linker, a, b, ret);
	}
	free(rows_a);
	free(rows_b);
	return 0;
}

const char *linker_reason_text(enum linker_reason reason, bool english)
{
	static const char *const texts[LINKER_REASONS][2] = {
		[LINKER_TOGETHER] = {"Satu orang: yang sama jauh lebih berat daripada yang berbeda.",
			"One person: what agrees outweighs what differs by far."},
		[LINKER_TOGETHER_BY_OTHERS] = {"Satu orang karena baris lain dari orang itu: kedua baris ini sendiri belum cukup.",
			"One person because of that person's other rows: these two rows alone would not do."},
		[LINKER_DECIDED_TOGETHER] = {"Satu orang: diputuskan oleh petugas.", "One person: decided by people."},
		[LINKER_DECIDED_APART] = {"Dua orang: diputuskan oleh petugas.", "Two persons: decided by people."},
		[LINKER_APART_WITHDRAWN] = {"Tidak dibandingkan: daftarnya sudah ditarik.", "Not compared: the list was withdrawn."},
		[LINKER_APART_UNASKED] = {"Tidak dibandingkan: pasangan dalam satu daftar tidak dicari.",
			"Not compared: pairs within one list are not looked for."},
		[LINKER_APART_MEMBERS] = {"Dua orang: lebih mungkin dua anggota satu keluarga.",
			"Two persons: rather two members of one household."},
		[LINKER_APART_DIFFER] = {"Dua orang: yang berbeda lebih berat daripada yang sama.",
			"Two persons: what differs outweighs what agrees."},
		[LINKER_APART_TOO_LITTLE] = {"Dua orang: ada yang sama, tetapi terlalu sedikit atau terlalu umum di antara sekian banyak orang.",
			"Two persons: something agrees, but too little or too common among so many people."},
		[LINKER_APART_UNFOUND] = {"Terlewat: cukup mirip untuk satu orang, tetapi tidak ada indeks yang mempertemukan kedua baris ini.",
			"Missed: alike enough for one person, but no index brought these two rows together."},
		[LINKER_APART_TAKEN] = {"Dua orang: salah satunya sudah punya pasangan yang lebih cocok.",
			"Two persons: one of them has a better partner."},
		[LINKER_APART_BY_OTHERS] = {"Dua orang: kedua baris ini mirip, tetapi baris lain dari orang-orang itu bertentangan.",
			"Two persons: these two rows are alike, but the other rows of these persons contradict each other."},
	};

	return reason < LINKER_REASONS ? texts[reason][english] : "";
}

/* A trace of clustering in records instead of members. */
struct telling {
	void (*step)(void *arg, const struct linker_step *step);
	void *arg;
	uint32_t *records; /* room for both sides */
};

static void tell(struct telling *telling, enum linker_step_kind kind, const uint32_t *records, const uint32_t *a, size_t n_a,
	const uint32_t *b, size_t n_b, double score)
{
	struct linker_step step = {kind, telling->records, telling->records + n_a, n_a, n_b, score};

	for (size_t i = 0; i < n_a; i++)
		telling->records[i] = records[a[i]];
	for (size_t i = 0; i < n_b; i++)
		telling->records[n_a + i] = records[b[i]];
	telling->step(telling->arg, &step);
}

static void tell_merged(void *arg, const uint32_t *records, const uint32_t *a, size_t n_a, const uint32_t *b, size_t n_b,
	double score)
{
	tell(arg, LINKER_STEP_JOINED, records, a, n_a, b, n_b, score);
}

static void tell_parted(void *arg, const uint32_t *records, const uint32_t *a, size_t n_a, const uint32_t *b, size_t n_b,
	double score)
{
	tell(arg, LINKER_STEP_PARTED, records, a, n_a, b, n_b, score);
}

static void tell_foreign(void *arg, uint32_t record, uint32_t owner)
{
	struct telling *telling = arg;
	struct linker_step step = {LINKER_STEP_NIK, &owner, &record, 1, 1, 0};

	telling->step(telling->arg, &step);
}

int linker_explain_cluster(const struct linker *linker, uint32_t record, void (*step)(void *arg, const struct linker_step *step),
	void *arg, struct error *err)
{
	const struct cluster_options options = linker_clustering(linker);
	size_t n = linker->store.n_records, n_edges;
	struct cluster_edge *edges = linker_edges(linker, &n_edges);
	uint32_t *label = malloc((n + 1) * sizeof *label), *room = malloc((n + 1) * sizeof *room);
	struct telling telling = {step, arg, room};
	const struct cluster_trace trace = {&telling, tell_merged, tell_parted, tell_foreign};
	int status = -1;

	if (!edges || !label || !room)
		error_memory(err);
	else
		status = cluster_tell(&linker->scorer, &options, edges, n_edges, record, &trace, label, err);
	free(edges);
	free(label);
	free(room);
	return status;
}
