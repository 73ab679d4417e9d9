/*
 * Reads the villages' tables inside the program, and learns such a table from lists. See villages.h.
 */
#include "daemon/base/villages.h"

#include "daemon/base/embedded.h"
#include "matcher/base/hash.h"

#include <stdio.h>
#include <stdlib.h>

/* Takes a line off the text. */
static struct str next_line(struct str *text)
{
	const char *end = memchr(text->p, '\n', text->n);
	struct str line = {text->p, end ? (size_t)(end - text->p) : text->n};
	size_t taken = end ? line.n + 1 : line.n;

	text->p += taken;
	text->n -= taken;
	return line;
}

/* The number made of the digits up to the first space, dots passed over; *rest is what follows the space. */
static uint64_t leading_code(struct str line, struct str *rest)
{
	uint64_t code = 0;
	size_t i = 0;

	for (; i < line.n && line.p[i] != ' '; i++)
		if (line.p[i] >= '0' && line.p[i] <= '9')
			code = code * 10 + (uint64_t)(line.p[i] - '0');
	*rest = str_trim((struct str){line.p + i, line.n - i});
	return code;
}

static int read_table(struct str text, uint32_t district, struct arena *arena, struct village_table *ret,
	struct error *err)
{
	struct village *villages = NULL;
	size_t n = 0;

	for (int pass = 0; pass < 2; pass++) { /* count, then fill */
		struct str left = text, kecamatan = {0};
		uint64_t area = 0;

		if (pass && !(villages = arena_array(arena, n + 1, sizeof(*villages))))
			return error_memory(err);
		n = 0;
		while (left.n) {
			struct str line = next_line(&left), name;
			uint64_t code = leading_code(line, &name);

			if (!line.n || line.p[0] == '#')
				continue;
			if (line.n > 2 && line.p[2] == '.') {
				area = code;
				kecamatan = name;
			} else if (area / 100 == district) {
				if (pass)
					villages[n] = (struct village){area * 10000 + code, name, kecamatan};
				n++;
			}
		}
	}
	*ret = (struct village_table){.villages = villages, .n = n};
	return 0;
}

static int add_index(struct village_table *table, struct arena *arena, struct error *err)
{
	if (!table->n)
		return 0;
	table->index = place_index_new(table->villages, table->n, arena);
	return table->index ? 0 : error_memory(err);
}

int villages_of_district(uint32_t district, struct arena *arena, struct village_table *ret, struct error *err)
{
	const struct embedded_text *text;
	char path[64];

	*ret = (struct village_table){0};
	snprintf(path, sizeof(path), "daemon/base/villages/%02u.txt", district / 100);
	text = embedded_find(path);
	if (!text)
		return 0;
	if (read_table((struct str){text->text, text->size}, district, arena, ret, err) < 0)
		return -1;
	return add_index(ret, arena, err);
}

enum { LEARNT_MAX = 20000, TEXT_MAX = 100, SEEN_TWICE = 2 };

struct learnt { /* a code with one way of writing its names */
	uint64_t code;
	struct str name, kecamatan;
	uint32_t seen;
};

struct village_learner {
	uint32_t district;
	struct arena arena;
	struct learnt *learnt;
	uint32_t *slots; /* index + 1 in learnt; 0 free */
	size_t n;
};

enum { SLOTS = 65536 }; /* a power of two, more than twice LEARNT_MAX */

struct village_learner *village_learner_new(uint32_t district)
{
	struct village_learner *learner = calloc(1, sizeof(*learner));

	if (!learner)
		return NULL;
	learner->district = district;
	learner->learnt = malloc(LEARNT_MAX * sizeof(*learner->learnt));
	learner->slots = calloc(SLOTS, sizeof(*learner->slots));
	if (!learner->learnt || !learner->slots) {
		village_learner_free(learner);
		return NULL;
	}
	return learner;
}

void village_learner_free(struct village_learner *learner)
{
	if (!learner)
		return;
	arena_release(&learner->arena);
	free(learner->learnt);
	free(learner->slots);
	free(learner);
}

/* Ten digits of this district, dots passed over; else 0. */
static uint64_t village_code(uint32_t district, struct str text)
{
	uint64_t code = 0;
	int digits = 0;

	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '.' || text.p[i] == ' ')
			continue;
		if (text.p[i] < '0' || text.p[i] > '9' || ++digits > 10)
			return 0;
		code = code * 10 + (uint64_t)(text.p[i] - '0');
	}
	return digits == 10 && (!district || code / 1000000 == district) ? code : 0;
}

int village_learner_add(struct village_learner *learner, struct str code_text, struct str name, struct str kecamatan,
	struct error *err)
{
	uint64_t code = village_code(learner->district, code_text);
	struct learnt *learnt;
	size_t slot;

	name = str_trim(name);
	kecamatan = str_trim(kecamatan);
	if (!code || !name.n || name.n > TEXT_MAX || kecamatan.n > TEXT_MAX)
		return 0;
	slot = hash_pair(code, hash_pair(hash_str(name), hash_str(kecamatan))) & (SLOTS - 1);
	for (; learner->slots[slot]; slot = (slot + 1) & (SLOTS - 1)) {
		learnt = &learner->learnt[learner->slots[slot] - 1];
		if (learnt->code == code && str_equal(learnt->name, name) && str_equal(learnt->kecamatan, kecamatan)) {
			learnt->seen++;
			return 0;
		}
	}
	if (learner->n == LEARNT_MAX)
		return 0; /* far more spellings than a district has villages */
	learnt = &learner->learnt[learner->n];
	*learnt = (struct learnt){code, arena_str(&learner->arena, name), arena_str(&learner->arena, kecamatan), 1};
	if (!learnt->name.p || !learnt->kecamatan.p)
		return error_memory(err);
	learner->slots[slot] = (uint32_t)++learner->n;
	return 0;
}

/* By code; the way of writing it that was seen most comes first. */
static int by_code(const void *pa, const void *pb)
{
	const struct learnt *a = pa, *b = pb;
	int names;

	if (a->code != b->code)
		return a->code < b->code ? -1 : 1;
	if (a->seen != b->seen)
		return a->seen > b->seen ? -1 : 1;
	names = str_compare(a->name, b->name);
	return names ? names : str_compare(a->kecamatan, b->kecamatan);
}

int village_learner_table(struct village_learner *learner, struct arena *arena, struct village_table *ret,
	struct error *err)
{
	struct village *villages = arena_array(arena, learner->n + 1, sizeof(*villages));
	size_t n = 0;

	if (!villages)
		return error_memory(err);
	qsort(learner->learnt, learner->n, sizeof(*learner->learnt), by_code);
	memset(learner->slots, 0, SLOTS * sizeof(*learner->slots)); /* they pointed at what has moved */
	for (size_t i = 0, j; i < learner->n; i = j) {
		const struct learnt *first = &learner->learnt[i];
		uint32_t seen = 0;

		for (j = i; j < learner->n && learner->learnt[j].code == first->code; j++)
			seen += learner->learnt[j].seen;
		if (seen < SEEN_TWICE)
			continue;
		villages[n] = (struct village){first->code, arena_str(arena, first->name), arena_str(arena, first->kecamatan)};
		if (!villages[n].name.p || !villages[n].kecamatan.p)
			return error_memory(err);
		n++;
	}
	learner->n = 0;
	*ret = (struct village_table){.villages = villages, .n = n};
	return add_index(ret, arena, err);
}
