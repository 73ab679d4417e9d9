/* See household_persons.h. */
#include "matcher/household/household_persons.h"

#include "matcher/base/log2.h"

#include <math.h>

enum { BITS_MOST = 200 }; /* beyond any doubt; keeps sums finite */

static double likelihood(double bits)
{
	if (bits == -INFINITY)
		return 0;
	return exp2_of(bits > BITS_MOST ? BITS_MOST : bits < -BITS_MOST ? -BITS_MOST : bits);
}

double household_person_odds(const double *bits, size_t n, size_t which)
{
	double each = HOUSEHOLD_LISTED / (double)n, others = 1 - HOUSEHOLD_LISTED;

	if (bits[which] == -INFINITY)
		return -INFINITY;
	for (size_t i = 0; i < n; i++)
		if (i != which)
			others += each * likelihood(bits[i]);
	return log2_of(each * likelihood(bits[which])) - log2_of(others);
}
