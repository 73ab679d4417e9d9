/*
 * See edit_slow.h.
 */
#include "tests/reference/edit_slow.h"

enum { SLOW_MAX = 200 };

unsigned slow_edit_osa(struct str a, struct str b)
{
	unsigned table[SLOW_MAX + 1][SLOW_MAX + 1];

	for (size_t i = 0; i <= a.n; i++) {
		for (size_t j = 0; j <= b.n; j++) {
			unsigned best;

			if (i == 0 || j == 0) {
				table[i][j] = (unsigned)(i + j);
				continue;
			}
			best = table[i - 1][j - 1] + (a.p[i - 1] != b.p[j - 1]);
			if (table[i - 1][j] + 1 < best)
				best = table[i - 1][j] + 1;
			if (table[i][j - 1] + 1 < best)
				best = table[i][j - 1] + 1;
			if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] && a.p[i - 2] == b.p[j - 1] &&
			        table[i - 2][j - 2] + 1 < best)
				best = table[i - 2][j - 2] + 1;
			table[i][j] = best;
		}
	}
	return table[a.n][b.n];
}

double slow_jaro(struct str a, struct str b)
{
	bool used_a[SLOW_MAX] = {false}, used_b[SLOW_MAX] = {false};
	size_t longer = a.n > b.n ? a.n : b.n, window = longer / 2 > 0 ? longer / 2 - 1 : 0, m = 0, wrong = 0, k = 0;

	if (a.n == 0 || b.n == 0)
		return a.n == b.n;
	for (size_t i = 0; i < a.n; i++) {
		for (size_t j = 0; j < b.n; j++) {
			size_t apart = i > j ? i - j : j - i;

			if (apart <= window && !used_b[j] && a.p[i] == b.p[j]) {
				used_a[i] = used_b[j] = true;
				m++;
				break;
			}
		}
	}
	if (m == 0)
		return 0;
	for (size_t i = 0; i < a.n; i++) {
		if (!used_a[i])
			continue;
		while (!used_b[k])
			k++;
		wrong += a.p[i] != b.p[k];
		k++;
	}
	return ((double)m / (double)a.n + (double)m / (double)b.n + ((double)m - (double)(wrong / 2)) / (double)m) / 3;
}

double slow_jaro_winkler(struct str a, struct str b)
{
	double jaro = slow_jaro(a, b);
	size_t prefix = 0;

	while (prefix < 4 && prefix < a.n && prefix < b.n && a.p[prefix] == b.p[prefix])
		prefix++;
	return jaro > 0.7 ? jaro + 0.1 * (double)prefix * (1 - jaro) : jaro;
}
