/* See key_set.h. */
#include "matcher/base/key_set.h"

#include <stdlib.h>

void key_set_release(struct key_set *set)
{
	free(set->slots);
	*set = (struct key_set){0};
}

static void place(struct key_set *set, uint64_t key)
{
	size_t i = key & set->mask;

	while (set->slots[i] && set->slots[i] != key)
		i = (i + 1) & set->mask;
	set->used += set->slots[i] == 0;
	set->slots[i] = key;
}

int key_set_add(struct key_set *set, uint64_t key)
{
	if (key == 0) {
		set->has_zero = true;
		return 0;
	}
	if (!set->slots || 2 * (set->used + 1) > set->mask + 1) {
		struct key_set larger = {.mask = set->slots ? 2 * set->mask + 1 : 63, .has_zero = set->has_zero};

		larger.slots = calloc(larger.mask + 1, sizeof *larger.slots);
		if (!larger.slots)
			return -1;
		for (size_t i = 0; set->slots && i <= set->mask; i++) {
			if (set->slots[i])
				place(&larger, set->slots[i]);
		}
		free(set->slots);
		*set = larger;
	}
	place(set, key);
	return 0;
}
