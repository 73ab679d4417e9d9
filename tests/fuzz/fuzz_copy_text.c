/*
 * COPY's text format under libFuzzer: rows and arrays that PostgreSQL would never send, and what is made of any bytes.
 */
#include "daemon/db/copy_text.h"
#include "daemon/jobs/entry_copy.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = {(const char *)data, size}, *texts;
	struct copy_field fields[COPY_FIELDS_MAX];
	struct copy_buffer buffer;
	struct district_ids ids;
	struct entry entry;
	struct raw_row raw;
	struct arena arena;
	int64_t list;
	size_t n;

	if (size > 8192)
		return 0;
	arena_init(&arena, 0);
	if (copy_read_row(text, &arena, fields, COPY_FIELDS_MAX) > 0 && copy_read_array(fields[0].text, &arena, &texts, &n) == 0) {
		/* What was read is written and read back as it was, but for bytes that are no text. */
		copy_buffer_init(&buffer, 1 << 20);
		copy_write_str(&buffer, str_from(copy_array_literal(texts, n, &arena)));
		copy_row_end(&buffer);
		if (copy_read_row((struct str){buffer.p, buffer.n}, &arena, fields, 1) != 1 ||
			copy_read_array(fields[0].text, &arena, &texts, &n) < 0)
			abort();
		copy_buffer_release(&buffer);
	}
	if (entry_copy_read(text, &arena, &list, &entry, &ids, NULL) == 0) {
		copy_buffer_init(&buffer, 1 << 20);
		entry_copy_write(&buffer, 1505, list, &entry, ids, 1);
		copy_buffer_release(&buffer);
	}
	if (raw_copy_read(text, &arena, &raw, NULL) == 0 && raw.n_cells > size)
		abort();
	arena_release(&arena);
	return 0;
}
