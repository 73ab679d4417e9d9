/*
 * Chance for the simulator: xoshiro256** (Blackman, Vigna; public domain) seeded by splitmix64, so that the same
 * seed gives the same district on every machine. Integers only where a choice is made; no libm.
 *
 * Each part of the simulator draws from a stream of its own (sim_random_fork), so that more damage in one list
 * changes neither the people nor the other lists.
 */
#ifndef PADAN_SIM_RANDOM_H
#define PADAN_SIM_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sim_random {
	uint64_t s[4];
};

void sim_random_init(struct sim_random *random, uint64_t seed);

/* A stream that depends on the seed and the label alone, not on what was drawn before. */
void sim_random_fork(struct sim_random *random, uint64_t seed, const char *label);

uint64_t sim_random_next(struct sim_random *random);

/* 0 … n-1; n ≥ 1. */
uint32_t sim_random_below(struct sim_random *random, uint32_t n);

/* low … high, both included. */
int sim_random_between(struct sim_random *random, int low, int high);

/* True with probability p (≤ 0: never, ≥ 1: always). Draws once whatever p is. */
bool sim_random_chance(struct sim_random *random, double p);

/* The index of one of n weights, drawn in proportion; the weights' sum must be positive. */
size_t sim_random_weighted(struct sim_random *random, const int *weights, size_t n);

/* Orders n numbers by chance (Fisher and Yates). */
void sim_random_shuffle(struct sim_random *random, uint32_t *items, size_t n);

#endif
