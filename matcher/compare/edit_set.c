/*
 * edit_set of edit.h: 16 words side by side, each in a 16-bit lane of its own. A group keeps, for each character of a
 * small alphabet, where it stands in each of its words; one step per character of the asked word then moves all 16
 * tables on. The kernel is written once, in the compiler's vectors, and compiled for AVX2, for SSE2 and for plain C.
 */
#include "matcher/compare/edit.h"

enum {
	LANES = 16,
	LANE_BITS = 16,
	LETTERS = 40, /* A–Z, 0–9, space, ', -, and one that stands in no word */
	LETTER_NONE = 39
};

typedef uint16_t lanes __attribute__((vector_size(LANES * 2), aligned(32)));

struct group {
	lanes match[LETTERS];
	lanes last; /* the bit of each word's last letter; 0: an empty lane or a word of another kind */
	uint16_t length[LANES];
};

struct edit_set {
	const struct str *words;
	struct group *groups;
	uint32_t count;
};

static int letter_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= '0' && c <= '9')
		return 26 + (c - '0');
	return c == ' ' ? 36 : c == '\'' ? 37 : c == '-' ? 38 : -1;
}

static bool fits_lane(struct str word)
{
	if (word.n == 0 || word.n > LANE_BITS)
		return false;
	for (size_t i = 0; i < word.n; i++)
		if (letter_of(word.p[i]) < 0)
			return false;
	return true;
}

struct edit_set *edit_set_new(const struct str *words, uint32_t count, struct arena *arena)
{
	struct edit_set *set = arena_alloc(arena, sizeof(*set));
	uint32_t n_groups = (count + LANES - 1) / LANES;
	char *memory = arena_alloc(arena, (size_t)n_groups * sizeof(struct group) + 32);

	if (!set || !memory)
		return NULL;
	set->words = words;
	set->count = count;
	set->groups = (struct group *)(((uintptr_t)memory + 31) & ~(uintptr_t)31);
	for (uint32_t w = 0; w < count; w++) {
		struct group *group = &set->groups[w / LANES];
		unsigned lane = w % LANES;

		if (!fits_lane(words[w]))
			continue;
		for (size_t i = 0; i < words[w].n; i++)
			group->match[letter_of(words[w].p[i])][lane] |= (uint16_t)(1u << i);
		group->last[lane] = (uint16_t)(1u << (words[w].n - 1));
		group->length[lane] = (uint16_t)words[w].n;
	}
	return set;
}

/* The same recurrence as in edit.c, on 16 words. */
static inline __attribute__((always_inline)) void kernel(
        const struct group *group, const uint8_t *letters, size_t n, uint16_t *distance)
{
	lanes zero = {0}, positive = ~zero, negative = zero, diagonal = zero, previous = zero, result;

	memcpy(&result, group->length, sizeof(result));
	for (size_t j = 0; j < n; j++) {
		lanes match = group->match[letters[j]], up, down;

		diagonal = (((~diagonal) & match) << 1) & previous;
		diagonal |= (((match & positive) + positive) ^ positive) | match | negative;
		up = negative | ~(diagonal | positive);
		down = diagonal & positive;
		/* A comparison gives 0xFFFF where true: −1. */
		result -= (lanes)((up & group->last) != zero);
		result += (lanes)((down & group->last) != zero);
		up = up << 1 | 1;
		down <<= 1;
		positive = down | ~(diagonal | up);
		negative = up & diagonal;
		previous = match;
	}
	memcpy(distance, &result, sizeof(result));
}

typedef void kernel_function(const struct group *group, const uint8_t *letters, size_t n, uint16_t *distance);

static void kernel_plain(const struct group *group, const uint8_t *letters, size_t n, uint16_t *distance)
{
	kernel(group, letters, n, distance);
}

#ifdef __x86_64__
__attribute__((target("avx2"))) static void kernel_avx2(
        const struct group *group, const uint8_t *letters, size_t n, uint16_t *distance)
{
	kernel(group, letters, n, distance);
}
#endif

static kernel_function *pick_kernel(void)
{
#ifdef __x86_64__
	if (__builtin_cpu_supports("avx2"))
		return kernel_avx2;
#endif
	return kernel_plain; /* on x86-64 the compiler makes SSE2 of it */
}

const char *edit_kernel(void)
{
#ifdef __x86_64__
	return pick_kernel() == kernel_avx2 ? "avx2" : "sse2";
#else
	return "plain";
#endif
}

static uint8_t one_by_one(struct str word, struct str other, unsigned cutoff)
{
	return (uint8_t)edit_osa(word, other, cutoff);
}

void edit_set_osa(const struct edit_set *set, struct str word, unsigned cutoff, uint8_t *distance)
{
	kernel_function *run = pick_kernel();
	uint8_t letters[LANE_BITS * 2 + 1];
	bool in_lanes = word.n <= LANE_BITS * 2;

	for (size_t i = 0; in_lanes && i < word.n; i++) {
		int letter = letter_of(word.p[i]);

		letters[i] = (uint8_t)(letter < 0 ? LETTER_NONE : letter);
	}
	for (uint32_t w = 0; w < set->count; w += LANES) {
		const struct group *group = &set->groups[w / LANES];
		uint32_t n = set->count - w < LANES ? set->count - w : LANES;
		uint16_t of_group[LANES];

		if (in_lanes)
			run(group, letters, word.n, of_group);
		for (uint32_t lane = 0; lane < n; lane++) {
			if (!in_lanes || group->last[lane] == 0)
				distance[w + lane] = one_by_one(word, set->words[w + lane], cutoff);
			else
				distance[w + lane] = (uint8_t)(of_group[lane] > cutoff ? cutoff + 1 : of_group[lane]);
		}
	}
}
