/*
 * log2 and exp2 that give the same bits on every machine: nothing but IEEE additions and multiplications, unlike libm's, whose
 * last bit differs between versions. Weights are kept in fixed point made from them (WEIGHT_ONE to the bit), so that sums do
 * not depend on their order.
 * Precision: better than 2^-40, far below one fixed-point step.
 */
#ifndef PADAN_LOG2_H
#define PADAN_LOG2_H

#include <stdint.h>

enum { WEIGHT_ONE = 4096 }; /* fixed-point weights: 4096 to one bit of evidence */

/* x > 0 and finite; smaller than 2^-1022 counts as that. */
double log2_of(double x);

/* 2^x; 0 below -1022, clipped above 1023. */
double exp2_of(double x);

static inline int32_t weight_from_bits(double bits)
{
	return (int32_t)(bits * WEIGHT_ONE + (bits < 0 ? -0.5 : 0.5));
}

static inline double weight_to_bits(int64_t weight)
{
	return (double)weight / WEIGHT_ONE;
}

#endif
