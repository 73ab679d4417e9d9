/*
 * What a register gives back once nothing is added to it or searched in it any more: the sets that intern values, and the texts
 * that no comparison reads. See store_seal() in store.h.
 */
#include "matcher/link/store.h"

/* Whether comparing a value of that kind reads its text, and not only what is known about it. */
static bool text_is_compared(enum comparison_kind kind, const struct store_value *value)
{
	const struct store_value number = {.number = value->number};
	char digits[STORE_KEY_DIGITS];

	switch (kind) {
	case COMPARE_IDENTIFIER:
	case COMPARE_CODE:
	case COMPARE_NUMBER:
	case COMPARE_EMAIL:
	case COMPARE_PHONE:
	case COMPARE_AGE:
		return true;
	case COMPARE_NIK:
	case COMPARE_KK:
		return !value->number || !str_equal(value->text, store_key_text(&number, digits));
	default:
		return false;
	}
}

/* Keeps the texts that are compared and lets the others go; without memory for the copy, all stay. */
static void drop_texts(struct store_column *column)
{
	struct text_pool kept = {0};
	size_t bytes = 0;

	for (size_t v = 1; v < column->n_values; v++)
		bytes += text_is_compared(column->kind, &column->values[v]) ? column->values[v].text.n : 0;
	if (text_pool_reserve(&kept, bytes) < 0)
		return;
	for (size_t v = 1; v < column->n_values; v++) {
		struct store_value *value = &column->values[v];

		value->text = text_is_compared(column->kind, value) ? text_pool_add(&kept, value->text) : (struct str){NULL, 0};
	}
	text_pool_release(&column->texts);
	column->texts = kept;
}

void store_seal(struct store *store)
{
	store->sealed = true;
	for (size_t c = 0; c < store->n_columns; c++) {
		struct store_column *column = &store->columns[c];

		text_set_release(&column->by_text);
		text_set_release(&column->by_word);
		drop_texts(column);
	}
}
