/*
 * The model: how often each comparison level is seen among four classes of pairs – the same person (m), another member of
 * the household (h), twins (t), strangers (u) –, which comparisons depend on each other, and how many partners to expect.
 * Fellegi and Sunter (1969) with two more classes: a pair's weight is
 *
 *	log2( λM Π m ) − log2( λH Π h + λT Π t + λU Π u )
 *
 * Plain data: copied by assignment, kept as a readable text file (fs_model_write, fs_model_read). A level whose weight goes
 * by frequency has u as a factor on the frequency of what agrees: strangers agree on a value as often as it is common.
 */
#ifndef PADAN_FS_MODEL_H
#define PADAN_FS_MODEL_H

#include "matcher/link/comparison.h"

#include <stdio.h>

enum fs_class { FS_MATCH, FS_HOUSEHOLD, FS_TWIN, FS_STRANGER, FS_CLASSES };

struct fs_comparison {
	enum comparison_kind kind;
	char name[LINKER_FIELD_NAME_MAX];
	unsigned n_levels;
	double p[FS_CLASSES][LEVELS_MAX]; /* by class and level; [0], missing, is 1 everywhere */
	/* The comparison it depends on (-1: none), and what that changes in its weight: bits by level of that one and its own. */
	int parent;
	float correction[LEVELS_MAX][LEVELS_MAX];
};

struct fs_model {
	size_t n;
	struct fs_comparison comparisons[COMPARISONS_MAX];
	/* NIKs of two people born on one day: log2 of how often each level is, by area (dependence.h). */
	float nik_on_birthday[3][NIK_LEVEL_COUNT];
	bool households; /* whether the classes household and twin are in use */
	/* Partners to expect of one record: in its own list, in another list; and of household members, twins. */
	double within, across, members, twins;
	double moved; /* of rows of one person, so many where the other tells another address altogether (movers.h) */
	double threshold; /* probability from which a pair counts as linked */
	uint64_t learnt_from; /* records; 0: as shipped */
	uint64_t plan; /* bit per index (blocking.h) that finds candidates; those that found nobody of their own are left out */
};

/* The shipped values for these columns. */
void fs_model_default(struct fs_model *model, const struct store *store);

/*
 * The shipped values of one kind of comparison into ret's levels, and the shipped rates into the model; false if the text that
 * came with the program has no such kind or cannot be read.
 */
bool fs_model_shipped(enum comparison_kind kind, struct fs_comparison *ret, struct fs_model *ret_rates);

/* The text of matcher/models/shipped.model, NUL-terminated; made at build. */
extern const char fs_shipped_text[];

/* Whether the model's comparisons are those of the store, in order, kind and name. */
bool fs_model_fits(const struct fs_model *model, const struct store *store);

/* The model as text, into memory from malloc (*ret_text, NUL-terminated); and back. */
int fs_model_write(const struct fs_model *model, char **ret_text, size_t *ret_size, struct error *err) PADAN_MUST_CHECK;
int fs_model_read(struct fs_model *model, struct str text, struct error *err) PADAN_MUST_CHECK;

#endif
