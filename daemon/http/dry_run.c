/*
 * A rule tried on the lists as they stand; see dry_run.h.
 */
#include "daemon/http/dry_run.h"

#include "daemon/base/district_config.h"
#include "daemon/base/limits.h"
#include "daemon/http/config_section.h"
#include "matcher/flag/flag.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/banned.h"

struct found {
	uint32_t entry, other;
};

/* The rule as one configuration has it. */
struct side {
	struct district_config config;
	struct ruleset rules; /* with this rule alone, or none */
	struct found *found;  /* in the order of entries */
	size_t n, room;
};

struct trying {
	struct dry_run *run;
	struct side now, wanted;
	struct flag_list *lists;
	int64_t *numbers; /* of the lists */
	size_t n_lists;
	struct flag_entry *entries;
	uint64_t *villages; /* of the entries */
	size_t n, room;
};

/* ---- the two rules ---- */

static int read_side(struct side *side, const char *text, struct dry_run *run, struct config_faults *faults, struct error *err)
{
	if (district_config_parse(str_from(text), &run->arena, &side->config, faults, err) < 0)
		return -1;
	side->rules = side->config.rules;
	side->rules.n_rules = 0;
	for (size_t i = 0; i < side->config.rules.n_rules; i++) {
		if (str_equal(side->config.rules.rules[i].code, str_from(run->code))) {
			side->rules.rules = &side->config.rules.rules[i];
			side->rules.n_rules = 1;
		}
	}
	return 0;
}

static int read_rules(struct trying *t, struct db_sync *db, struct error *err)
{
	struct dry_run *run = t->run;
	const char *text, *wanted = NULL;
	PGresult *result;
	int rc;

	if (db_sync_query(db, "SELECT config FROM padan.districts WHERE district = $1::integer", DB_VALUES(run->district), &result, err) < 0)
		return -1;
	text = PQntuples(result) ? arena_str(&run->arena, str_from(db_text(result, 0, 0))).p : NULL;
	PQclear(result);
	if (!text)
		return error_memory(err);
	rc = config_section_put(text, "rule", run->code, run->values, &run->arena, &wanted, err);
	if (rc == 0)
		rc = read_side(&t->now, text, run, NULL, err);
	return rc == 0 ? read_side(&t->wanted, wanted, run, &run->faults, err) : -1;
}

/* ---- lists and entries ---- */

static bool looks_back(const struct side *side)
{
	return side->rules.n_rules && side->rules.rules->kind == RULE_COOLDOWN;
}

/* false: no configuration knows its subject. */
static bool read_list(const struct trying *t, const PGresult *result, int row, struct flag_list *list)
{
	const char *kind = db_text(result, row, 1);
	struct str subject = str_from(db_text(result, row, 2));

	*list = (struct flag_list){.kind = LIST_TARGET, .subject = -1, .day = (uint32_t)db_long(result, row, 3), .current = db_bool(result, row, 4),
		.superseded = db_bool(result, row, 5)};
	if (strcmp(kind, "target") == 0)
		return true;
	list->kind = strcmp(kind, "reference") == 0 ? LIST_REFERENCE : LIST_PROGRAMME;
	list->subject = list->kind == LIST_REFERENCE ? ruleset_find_reference(&t->wanted.rules, subject) : ruleset_find_programme(&t->wanted.rules, subject);
	return list->subject >= 0;
}

static int read_lists(struct trying *t, struct db_sync *db, struct error *err)
{
	bool all = looks_back(&t->now) || looks_back(&t->wanted);
	PGresult *result;
	size_t n;

	if (db_sync_query(db,
		    "SELECT l.list, l.kind, l.subject, to_char(coalesce(l.decree_date, l.period_from), 'YYYYMMDD'), l.current, l.superseded_by IS NOT NULL "
		    "FROM padan.list_status l WHERE l.district = $1::integer AND l.state = 'done' AND (l.current OR $2::boolean) ORDER BY l.list",
		    DB_VALUES(t->run->district, all ? "true" : "false"), &result, err) < 0)
		return -1;
	n = (size_t)PQntuples(result);
	t->lists = arena_array(&t->run->arena, n + 1, sizeof *t->lists);
	t->numbers = arena_array(&t->run->arena, n + 1, sizeof *t->numbers);
	for (size_t i = 0; t->lists && t->numbers && i < n; i++) {
		if (read_list(t, result, (int)i, &t->lists[t->n_lists]))
			t->numbers[t->n_lists++] = db_long(result, (int)i, 0);
	}
	PQclear(result);
	return t->lists && t->numbers ? 0 : error_memory(err);
}

static int grow(struct trying *t, struct error *err)
{
	size_t room = t->room ? t->room * 2 : 65536;
	struct flag_entry *entries = realloc(t->entries, room * sizeof *entries);
	uint64_t *villages;

	if (entries)
		t->entries = entries;
	villages = realloc(t->villages, room * sizeof *villages);
	if (villages)
		t->villages = villages;
	if (!entries || !villages)
		return error_memory(err);
	t->room = room;
	return 0;
}

/* The next number of a row in COPY's text form; none for \N. */
static uint64_t next_number(const char **at, uint64_t none)
{
	char *end;
	uint64_t number = **at == '\\' ? none : strtoull(*at, &end, 10);

	*at += strcspn(*at, "\t\n");
	*at += **at == '\t';
	return number;
}

/* Rows end with a line end, so strtoull() does not run past them. */
static int add_entry(void *arg, const char *row, size_t n, struct error *err)
{
	struct trying *t = arg;
	int64_t list = (int64_t)next_number(&row, 0);
	size_t low = 0, high = t->n_lists;

	(void)n;
	if (t->n >= LIMIT_DRY_RUN_ENTRIES)
		return error_set(err, ERROR_INPUT, "Daftar kabupaten ini terlalu besar untuk dicoba.", "The lists of this district are too large to be tried on.");
	if (t->n == t->room && grow(t, err) < 0)
		return -1;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (t->numbers[middle] < list)
			low = middle + 1;
		else
			high = middle;
	}
	t->entries[t->n] = (struct flag_entry){.list = (uint32_t)low, .row = (uint32_t)next_number(&row, 0)};
	t->entries[t->n].person = (uint32_t)next_number(&row, 0);
	t->entries[t->n].household = (uint32_t)next_number(&row, UINT32_MAX);
	t->entries[t->n].desil = (uint8_t)next_number(&row, 0);
	t->villages[t->n++] = next_number(&row, 0);
	return 0;
}

static int read_entries(struct trying *t, struct db_sync *db, struct error *err)
{
	size_t room = 400 + 24 * t->n_lists, n;
	char *sql = arena_alloc(&t->run->arena, room);

	if (!sql)
		return error_memory(err);
	n = (size_t)snprintf(sql, room, "COPY (SELECT list, row, person, household, desil, village FROM padan.entries WHERE district = %ld AND list IN (0",
		strtol(t->run->district, NULL, 10));
	for (size_t i = 0; i < t->n_lists; i++)
		n += (size_t)snprintf(sql + n, room - n, ", %lld", (long long)t->numbers[i]);
	snprintf(sql + n, room - n, ") ORDER BY list, row) TO STDOUT");
	return db_sync_copy_out(db, sql, add_entry, t, err);
}

/* ---- deciding ---- */

static double believed(void *arg, uint32_t a, uint32_t b)
{
	return 1;
}

static void no_doubts(void *arg, uint32_t entry, void (*found)(void *to, uint32_t other, double person, double household), void *to)
{
}

static int take_flag(void *arg, const struct flag *flag)
{
	struct side *side = arg;
	struct found *found;

	if (flag->rule != 0 || flag->certainty < 0.5)
		return 0;
	if (side->n == side->room) {
		side->room = side->room ? side->room * 2 : 4096;
		found = realloc(side->found, side->room * sizeof *found);
		if (!found)
			return -1;
		side->found = found;
	}
	side->found[side->n++] = (struct found){flag->entry, flag->other};
	return 0;
}

static int decide(struct trying *t, struct side *side, struct error *err)
{
	const struct flag_input input = {.rules = &side->rules, .lists = t->lists, .n_lists = t->n_lists, .entries = t->entries, .n_entries = t->n,
		.evidence = {.same_person = believed, .same_household = believed, .doubtful = no_doubts}};

	if (!side->rules.n_rules || flags_decide(&input, NULL, 0, take_flag, side, err) == 0)
		return 0;
	return err->kind == ERROR_NONE ? error_memory(err) : -1;
}

/* ---- what is told of it ---- */

static int compare(const struct found *a, const struct found *b)
{
	if (a->entry != b->entry)
		return a->entry < b->entry ? -1 : 1;
	return a->other < b->other ? -1 : a->other > b->other;
}

static int compare_found(const void *a, const void *b)
{
	return compare(a, b);
}

static void add_example(struct trying *t, struct found found)
{
	struct dry_run *run = t->run;
	const struct flag_entry *entry = &t->entries[found.entry];

	if (run->n_examples < DRY_RUN_EXAMPLES) {
		run->examples[run->n_examples].list = t->numbers[entry->list];
		run->examples[run->n_examples++].row = entry->row;
	}
}

static void set_apart(struct trying *t)
{
	const struct side *now = &t->now, *wanted = &t->wanted;
	struct dry_run *run = t->run;
	size_t i = 0, j = 0;

	while (i < now->n || j < wanted->n) {
		int order = i == now->n ? 1 : j == wanted->n ? -1 : compare(&now->found[i], &wanted->found[j]);

		if (order > 0) {
			run->added++;
			add_example(t, wanted->found[j]);
		} else if (order < 0) {
			run->gone++;
		}
		i += order <= 0;
		j += order >= 0;
	}
	for (j = 0; j < wanted->n && !run->added; j++)
		add_example(t, wanted->found[j]);
	run->flagged = wanted->n;
	run->before = now->n;
}

static int by_count(const void *a, const void *b)
{
	const struct dry_run_count *x = a, *y = b;

	if (x->n != y->n)
		return x->n > y->n ? -1 : 1;
	return x->village < y->village ? -1 : x->village > y->village;
}

static int by_number(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static int count_villages(struct trying *t, struct error *err)
{
	struct dry_run *run = t->run;
	const struct side *wanted = &t->wanted;
	uint64_t *all = arena_array(&run->arena, wanted->n + 1, sizeof *all);
	struct dry_run_count *last = NULL;

	run->villages = arena_array(&run->arena, wanted->n + 1, sizeof *run->villages);
	if (!all || !run->villages)
		return error_memory(err);
	for (size_t i = 0; i < wanted->n; i++)
		all[i] = t->villages[wanted->found[i].entry];
	qsort(all, wanted->n, sizeof *all, by_number);
	for (size_t i = 0; i < wanted->n; i++) {
		if (!last || last->village != all[i]) {
			last = &run->villages[run->n_villages++];
			*last = (struct dry_run_count){.village = all[i]};
		}
		last->n++;
	}
	qsort(run->villages, run->n_villages, sizeof *run->villages, by_count);
	return 0;
}

static int count_programmes(struct trying *t, struct error *err)
{
	struct dry_run *run = t->run;
	size_t known = t->wanted.rules.n_programmes, n = 0;

	run->programmes = arena_array(&run->arena, known + 1, sizeof *run->programmes);
	if (!run->programmes)
		return error_memory(err);
	for (size_t p = 0; p <= known; p++) /* the last: what stands in no programme's list */
		run->programmes[p] = (struct dry_run_count){.key = p < known ? t->wanted.rules.programmes[p].code.p : NULL, .village = p};
	for (size_t i = 0; i < t->wanted.n; i++) {
		const struct flag_list *list = &t->lists[t->entries[t->wanted.found[i].entry].list];

		run->programmes[list->kind == LIST_PROGRAMME ? (size_t)list->subject : known].n++;
	}
	qsort(run->programmes, known + 1, sizeof *run->programmes, by_count);
	while (n <= known && run->programmes[n].n)
		n++;
	run->n_programmes = n;
	return 0;
}

int dry_run_rule(struct dry_run *run, struct db_sync *db, struct error *err)
{
	struct trying t = {.run = run};
	int rc = db_sync_exec(db, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = 60000", err);

	if (rc == 0)
		rc = read_rules(&t, db, err);
	if (rc == 0)
		rc = read_lists(&t, db, err);
	if (rc == 0)
		rc = read_entries(&t, db, err);
	if (rc == 0)
		rc = decide(&t, &t.now, err);
	if (rc == 0)
		rc = decide(&t, &t.wanted, err);
	if (rc == 0) {
		if (t.now.n)
			qsort(t.now.found, t.now.n, sizeof *t.now.found, compare_found);
		if (t.wanted.n)
			qsort(t.wanted.found, t.wanted.n, sizeof *t.wanted.found, compare_found);
		set_apart(&t);
		rc = count_villages(&t, err) < 0 ? -1 : count_programmes(&t, err);
	}
	free(t.entries);
	free(t.villages);
	free(t.now.found);
	free(t.wanted.found);
	return rc;
}
