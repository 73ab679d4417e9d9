/*
 * What a register gives back once nothing is added to it or searched in it any more: the sets that intern values, and the texts
 * that no comparison reads. See store_seal() in store.h.
 */
#include "matcher/link/store.h"

#include <stdlib.h>

/* Whether values are compared by what is known about them alone, a number or words, and never by their text. */
static bool text_is_for_show(enum comparison_kind kind)
{
	return comparison_is_phrase(kind) || kind == COMPARE_DATE || kind == COMPARE_SEX;
}

static void drop_texts(struct store_column *column)
{
	free(column->texts);
	column->texts = NULL;
	column->n_texts = column->texts_cap = 0;
	for (size_t v = 1; v < column->n_values; v++)
		column->values[v].text_at = column->values[v].text_n = 0;
}

void store_seal(struct store *store)
{
	store->sealed = true;
	for (size_t c = 0; c < store->n_columns; c++) {
		struct store_column *column = &store->columns[c];

		text_set_release(&column->by_text);
		text_set_release(&column->by_word);
		if (text_is_for_show(column->kind))
			drop_texts(column);
	}
}
