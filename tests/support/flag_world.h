/*
 * A small register for tests of matcher/flag/: lists, entries, rules and links put in by hand, or all by chance.
 */
#ifndef PADAN_TESTS_FLAG_WORLD_H
#define PADAN_TESTS_FLAG_WORLD_H

#include "matcher/flag/flag.h"
#include "tests/reference/flags_slow.h"

enum { PKH, BPNT, PIP, BSPS, PROGRAMMES };
enum { ASN, DEAD };

extern const struct programme PROGRAMME[PROGRAMMES];

/* A register in the making. */
struct world {
	struct ruleset rules;
	struct rule rule[16];
	struct flag_list lists[24];
	size_t n_lists;
	struct flag_entry entries[400];
	size_t n_entries;
	struct { uint32_t a, b; double person, household; } doubts[16];
	size_t n_doubts;
	uint64_t seed; /* 0: every link is certain, and doubts are those above; else all by chance */
	double sure;   /* of links between entries */
	struct flag flags[FLAGS_SLOW_MAX];
	size_t n;
};

struct world *world_new(void); /* to be freed */
struct flag_input world_input(struct world *w);
/* Decides; the flags are in w->flags. */
void world_decide(struct world *w, const uint32_t *touched, size_t n_touched);

void world_list(struct world *w, enum list_kind kind, int subject, uint32_t day, bool current);
/* An entry of the newest list; its number. */
uint32_t world_entry(struct world *w, uint32_t person, uint32_t household);
struct rule *world_rule(struct world *w, enum rule_kind kind, int first, int second);

/* The only flag of a kind, or NULL; more than one fails. */
const struct flag *world_only(const struct world *w, enum flag_kind kind);
size_t world_count(const struct world *w, enum flag_kind kind);
void world_is_flag(const struct flag *flag, uint32_t at, uint32_t other, int by, double certainty);

#endif
