/*
 * The texts and notes of an entry as one run of bytes: a length before each text (one byte, or 255 and two more), then
 * the notes. Most of a register's memory is text, so a text that says nothing new takes one byte.
 */
#include "matcher/district/register.h"

enum { TEXTS = 9, TEXT_MAX = 65535, SAME_AS_BEFORE = 254, LONG = 255, TEXT_PIECE = 64 * 1024 };

/* In the order they are packed; the name comes first and is never empty. */
static void text_places(struct entry *entry, struct str *places[TEXTS])
{
	struct str *order[TEXTS] = {&entry->name, &entry->name_shown, &entry->father_name, &entry->head_name,
		&entry->family_id, &entry->person_id, &entry->birth_place, &entry->address, &entry->village_text};

	memcpy(places, order, sizeof(order));
}

static size_t length_of(struct str text)
{
	return text.n > TEXT_MAX ? TEXT_MAX : text.n;
}

static bool says_the_same(struct str *const places[TEXTS], int i)
{
	return i && places[i]->n && str_equal(*places[i], *places[i - 1]);
}

static size_t packed_size(struct str *const places[TEXTS], size_t n_notes)
{
	size_t size = 1 + 2 * n_notes;

	for (int i = 0; i < TEXTS; i++) {
		size_t n = length_of(*places[i]);

		size += says_the_same(places, i) ? 1 : n < SAME_AS_BEFORE ? 1 + n : 3 + n;
	}
	return size;
}

/* Byte by byte out of big pieces: an arena would round each entry up to 16. */
static unsigned char *take(struct text_pool *pool, size_t size)
{
	unsigned char *given;

	if (pool->left < size) {
		size_t piece = size > TEXT_PIECE ? size : TEXT_PIECE;

		pool->free = arena_alloc(&pool->arena, piece);
		if (!pool->free)
			return NULL;
		pool->left = piece;
	}
	given = pool->free;
	pool->free += size;
	pool->left -= size;
	return given;
}

const unsigned char *texts_pack(const struct entry *entry, struct text_pool *pool)
{
	struct entry copy = *entry;
	struct str *places[TEXTS];
	unsigned char *packed, *p;

	text_places(&copy, places);
	p = packed = take(pool, packed_size(places, entry->n_notes));
	if (!p)
		return NULL;
	for (int i = 0; i < TEXTS; i++) {
		size_t n = length_of(*places[i]);

		if (says_the_same(places, i)) {
			*p++ = SAME_AS_BEFORE;
			continue;
		}
		if (n < SAME_AS_BEFORE) {
			*p++ = (unsigned char)n;
		} else {
			*p++ = LONG;
			*p++ = (unsigned char)(n & 255);
			*p++ = (unsigned char)(n >> 8);
		}
		if (n)
			memcpy(p, places[i]->p, n);
		p += n;
	}
	*p++ = entry->n_notes;
	for (int i = 0; i < entry->n_notes; i++) {
		*p++ = entry->notes[i].kind;
		*p++ = entry->notes[i].role;
	}
	return packed;
}

void texts_unpack(const unsigned char *texts, struct entry *ret)
{
	struct str *places[TEXTS];
	const unsigned char *p = texts;

	text_places(ret, places);
	for (int i = 0; i < TEXTS; i++) {
		size_t n = *p++;

		if (n == SAME_AS_BEFORE) {
			*places[i] = *places[i - 1];
			continue;
		}
		if (n == LONG) {
			n = p[0] | (size_t)p[1] << 8;
			p += 2;
		}
		*places[i] = (struct str){(const char *)p, n};
		p += n;
	}
	ret->n_notes = *p++;
	for (int i = 0; i < ret->n_notes; i++) {
		ret->notes[i].kind = *p++;
		ret->notes[i].role = *p++;
	}
}
