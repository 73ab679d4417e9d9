/*
 * Chance for the simulator. See sim_random.h.
 */
#include "daemon/simulate/sim_random.h"

static uint64_t splitmix(uint64_t *state)
{
	uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

void sim_random_init(struct sim_random *random, uint64_t seed)
{
	for (int i = 0; i < 4; i++)
		random->s[i] = splitmix(&seed);
}

void sim_random_fork(struct sim_random *random, uint64_t seed, const char *label)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325); /* FNV-1a */

	for (; *label; label++)
		h = (h ^ (unsigned char)*label) * UINT64_C(0x100000001b3);
	sim_random_init(random, seed * UINT64_C(0xd1342543de82ef95) + h);
}

static uint64_t rotate(uint64_t x, int k)
{
	return (x << k) | (x >> (64 - k));
}

uint64_t sim_random_next(struct sim_random *random)
{
	uint64_t *s = random->s;
	uint64_t result = rotate(s[1] * 5, 7) * 9;
	uint64_t t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotate(s[3], 45);
	return result;
}

uint32_t sim_random_below(struct sim_random *random, uint32_t n)
{
	return (uint32_t)(((sim_random_next(random) >> 32) * n) >> 32);
}

int sim_random_between(struct sim_random *random, int low, int high)
{
	return low + (int)sim_random_below(random, (uint32_t)(high - low + 1));
}

bool sim_random_chance(struct sim_random *random, double p)
{
	return (double)(sim_random_next(random) >> 11) * 0x1p-53 < p;
}

size_t sim_random_weighted(struct sim_random *random, const int *weights, size_t n)
{
	uint32_t sum = 0;
	uint32_t at;

	for (size_t i = 0; i < n; i++)
		sum += (uint32_t)weights[i];
	at = sim_random_below(random, sum);
	for (size_t i = 0; i < n; i++) {
		if (at < (uint32_t)weights[i])
			return i;
		at -= (uint32_t)weights[i];
	}
	return n - 1;
}

void sim_random_shuffle(struct sim_random *random, uint32_t *items, size_t n)
{
	for (size_t i = n; i > 1; i--) {
		uint32_t j = sim_random_below(random, (uint32_t)i);
		uint32_t keep = items[i - 1];

		items[i - 1] = items[j];
		items[j] = keep;
	}
}
