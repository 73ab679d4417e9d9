/*
 * Ids of persons or households that came up in a job, to be stored: those that entries bear among the ones given since the
 * last commit. padan.persons and padan.households hold every id before these that was ever borne, as each job writes its own.
 *
 * Ids are given one after another, so the set is a few ranges, whatever its size. Called by job_effects.c, in the pool.
 */
#ifndef PADAN_NEW_IDS_H
#define PADAN_NEW_IDS_H

#include "matcher/base/error.h"

#include <stdint.h>

/* first ≤ id < end. bits[i / 64] has bit i % 64 if an entry bears first + i. */
struct new_ids {
	uint64_t first, end;
	uint64_t *bits;
	char *from, *to; /* the ranges' ends, as values of bigint[]; NULL: there are none */
};

int new_ids_init(struct new_ids *ids, uint64_t first, uint64_t end, struct error *err) PADAN_MUST_CHECK;
/* Any id; others than new ones are left out. */
void new_ids_add(struct new_ids *ids, uint64_t id);
/* Fills from and to. */
int new_ids_write(struct new_ids *ids, struct error *err) PADAN_MUST_CHECK;
void new_ids_release(struct new_ids *ids);

#endif
