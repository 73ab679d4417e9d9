/*
 * One call of flags_decide() in progress: what its files share. For matcher/flag/ alone.
 */
#ifndef PADAN_FLAG_RUN_H
#define PADAN_FLAG_RUN_H

#include "matcher/flag/flag.h"
#include "matcher/flag/flag_groups.h"

/*
 * How many counterparts in one list are weighed, and how many doubtful links of one household: a household of thousands
 * (a list whose KK column holds one number) must not cost its square. Whether there is a counterpart is always exact.
 */
enum { FLAG_LOOKS_MAX = 32, FLAG_DOUBTS_MAX = 512, FLAG_BARRED_MAX = 128 };

/* A doubtful link from an entry of the household that is being decided. */
struct flag_link {
	uint32_t from, other;
	float person, household;
};

/* The likeliest counterpart so far. other FLAG_NO_ENTRY: none; p is then 0. */
struct flag_best {
	uint32_t other;
	double p;
};
#define FLAG_BEST_NONE ((struct flag_best){FLAG_NO_ENTRY, 0})

/* Takes a candidate if it is likelier, or as likely and of a lower number. None is taken for none. */
static inline void flag_best_take(struct flag_best *best, uint32_t other, double p)
{
	if (other != FLAG_NO_ENTRY && (best->other == FLAG_NO_ENTRY || p > best->p || (p == best->p && other < best->other)))
		*best = (struct flag_best){other, p};
}

/* A member of the household that stands on the reference list of a rule, surely or by a doubtful link. */
struct flag_barred {
	int rule;
	uint32_t member;
	struct flag_best sure, maybe;
};

struct flag_run {
	const struct flag_input *input;
	struct flag_groups groups;
	uint32_t *current; /* lists that are current, ascending */
	size_t n_current;
	bool has_target, has_programme; /* one of them is a target (programme) list */
	bool open;         /* other lists of the period are still awaited */

	/* Of the household at hand. */
	struct flag_range members; /* of all lists; empty: an entry without household */
	struct flag_link links[FLAG_DOUBTS_MAX]; /* ascending by from */
	size_t n_links;
	uint32_t link_from; /* while they are gathered */
	struct flag_barred barred[FLAG_BARRED_MAX];
	size_t n_barred;
	double off_target; /* chance that no doubtful link leads to the target list; < 0: not asked yet */
	struct flag_best near_target;

	uint64_t *niks; /* of the entries that were decided; for conflicts */
	size_t n_niks, niks_room;

	struct flag *flags;
	size_t n_flags, flags_room;
	struct error *err;
};

static inline const struct flag_entry *flag_entry_at(const struct flag_run *run, uint32_t entry)
{
	return &run->input->entries[entry];
}

static inline const struct flag_list *flag_list_of(const struct flag_run *run, uint32_t entry)
{
	return &run->input->lists[run->input->entries[entry].list];
}

/* How sure a flag is that follows from the verdict, or that would follow from the opposite one. */
static inline double flag_settled(double p)
{
	return p < 0.5 ? 0.5 : p > 1 ? 1 : p;
}
static inline double flag_unsettled(double p)
{
	return p > 0.4999 ? 0.4999 : p;
}

/*
 * Keeps a flag. rule: index or -1; severity is the rule's where there is one, else the kind's own. One that is less
 * certain than FLAG_LEAST_CERTAINTY is dropped. -1 on memory.
 */
int flag_keep(struct flag_run *run, enum flag_kind kind, uint32_t entry, uint32_t other, int rule, double certainty)
	PADAN_MUST_CHECK;

/*
 * The likeliest entry of a list that stands with an entry: of the same household, or (whatever the household) the same
 * person; by_household false: the same person alone. Only entries numbered below `before` count. One that is likelier
 * than `enough` ends the search (1: none does).
 */
struct flag_best flag_stands_with(const struct flag_run *run, uint32_t entry, uint32_t list, bool by_household,
	uint32_t before, double enough);

/* Where the doubtful links of an entry begin in links. */
size_t flag_links_from(const struct flag_run *run, uint32_t entry);

/* The same by a doubtful link of that entry. */
struct flag_best flag_might_stand_with(const struct flag_run *run, uint32_t entry, uint32_t list, bool by_household,
	uint32_t before);

/* flag_missing.c: exclusion and what a household must receive; inclusion of a programme's entry. */
int flag_decide_target_household(struct flag_run *run) PADAN_MUST_CHECK;
int flag_decide_inclusion(struct flag_run *run, uint32_t entry) PADAN_MUST_CHECK;

/* flag_repeats.c */
int flag_decide_repeats(struct flag_run *run, uint32_t entry) PADAN_MUST_CHECK;
/* All conflicts about one NIK: niks[from …]; those that stand at entries for which wanted() is true. */
int flag_decide_nik(struct flag_run *run, size_t from, bool (*wanted)(const void *arg, uint32_t entry), const void *arg)
	PADAN_MUST_CHECK;

/* flag_by_rule.c: everything that rules say about an entry of a programme's current list. */
void flag_gather_barred(struct flag_run *run);
int flag_decide_by_rule(struct flag_run *run, uint32_t entry) PADAN_MUST_CHECK;

#endif
