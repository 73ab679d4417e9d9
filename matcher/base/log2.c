/* See log2.h. */
#include "matcher/base/log2.h"

#include <string.h>

#define LOG2_E 1.44269504088896340736
#define SQRT_2 1.41421356237309504880
#define SMALLEST 2.2250738585072014e-308

/* 1 / (2k + 1) */
static const double log2_terms[] = {
	1.0, 1.0 / 3, 1.0 / 5, 1.0 / 7, 1.0 / 9, 1.0 / 11, 1.0 / 13, 1.0 / 15, 1.0 / 17, 1.0 / 19, 1.0 / 21,
};

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
	for (int k = 10; k >= 0; k--)
		sum = sum * z2 + log2_terms[k];
	return exponent + 2 * LOG2_E * z * sum;
}

/* (ln 2)^k / k! */
static const double exp2_terms[] = {
	1.00000000000000000e+00,
	6.93147180559945286e-01,
	2.40226506959100722e-01,
	5.55041086648215831e-02,
	9.61812910762847688e-03,
	1.33335581464284433e-03,
	1.54035303933816088e-04,
	1.52527338040598411e-05,
	1.32154867901443095e-06,
	1.01780860092396999e-07,
	7.05491162080112336e-09,
	4.44553827187081162e-10,
	2.56784359934882055e-11,
	1.36914888539041281e-12,
	6.77872635482254506e-14,
};

/* 2^x = 2^i · 2^f, f within [-1/2, 1/2]: Taylor up to the 14th power. */
double exp2_of(double x)
{
	int i;
	double f, sum = 0;
	uint64_t bits;
	double scale;

	if (x < -1022)
		return 0;
	if (x > 1023)
		x = 1023;
	i = (int)(x + (x < 0 ? -0.5 : 0.5));
	f = x - i;
	for (int k = 14; k >= 0; k--)
		sum = sum * f + exp2_terms[k];
	bits = (uint64_t)(i + 1023) << 52;
	memcpy(&scale, &bits, sizeof scale);
	return sum * scale;
}
