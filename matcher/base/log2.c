/* See log2.h. */
#include "matcher/base/log2.h"

#include <string.h>

#define LN2 0.69314718055994530942
#define LOG2_E 1.44269504088896340736
#define SQRT_2 1.41421356237309504880
#define SMALLEST 2.2250738585072014e-308

/* log2(m 2^e) = e + 2/ln 2 · artanh((m − 1)/(m + 1)), m within [1/√2, √2): the series converges by 1/34 a step. */
double log2_of(double x)
{
	uint64_t bits;
	int exponent;
	double z, z2, sum = 0;

	if (!(x > SMALLEST))
		x = SMALLEST;
	memcpy(&bits, &x, sizeof bits);
	exponent = (int)(bits >> 52) - 1023;
	bits = (bits & UINT64_C(0xfffffffffffff)) | UINT64_C(0x3ff0000000000000);
	memcpy(&x, &bits, sizeof x);
	if (x > SQRT_2) {
		x *= 0.5;
		exponent++;
	}
	z = (x - 1) / (x + 1);
	z2 = z * z;
	for (int k = 21; k >= 1; k -= 2)
		sum = sum * z2 + 1.0 / k;
	return exponent + 2 * LOG2_E * z * sum;
}

/* 2^x = 2^i · e^(f ln 2), f within [-1/2, 1/2]: Taylor up to the 14th power. */
double exp2_of(double x)
{
	int i;
	double f, sum = 1;
	uint64_t bits;
	double scale;

	if (x < -1022)
		return 0;
	if (x > 1023)
		x = 1023;
	i = (int)(x + (x < 0 ? -0.5 : 0.5));
	f = (x - i) * LN2;
	for (int k = 14; k >= 1; k--)
		sum = 1 + sum * f / k;
	bits = (uint64_t)(i + 1023) << 52;
	memcpy(&scale, &bits, sizeof scale);
	return sum * scale;
}
