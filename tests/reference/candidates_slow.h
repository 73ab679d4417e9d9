/*
 * The slow twin of blocking_find(): all keys of all records are counted, then every pair of records is asked whether they share one
 * that few enough have.
 */
#ifndef PADAN_CANDIDATES_SLOW_H
#define PADAN_CANDIDATES_SLOW_H

#include "matcher/link/blocking.h"

struct candidates_slow;

struct candidates_slow *candidates_slow_new(const struct store *store, uint64_t plan, unsigned generosity);
void candidates_slow_free(struct candidates_slow *slow);
bool candidates_slow_pair(const struct candidates_slow *slow, uint32_t a, uint32_t b);

#endif
