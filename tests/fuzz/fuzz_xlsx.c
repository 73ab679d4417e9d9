/*
 * Workbooks under libFuzzer. Mutating a ZIP archive hardly ever gives another valid one, so the parts themselves are
 * the input, separated by NUL bytes, and stored in an archive here: sheet, shared strings, styles, workbook. Each
 * input is also tried as the file itself.
 */
#include "daemon/ingest/row_reader.h"

#include <stdlib.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zip.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REL(id, type, target) "<Relationship Id=\"" id "\" Type=\"/" type "\" Target=\"" target "\"/>"

static const char RELS[] = "<R>" REL("r1", "worksheet", "s.xml") REL("r2", "worksheet", "s.xml") REL("r8", "styles", "t.xml")
	REL("r9", "sharedStrings", "g.xml") "</R>";
static const char WORKBOOK[] = "<workbook><sheets><sheet name=\"A\" r:id=\"r1\"/><sheet name=\"B\" r:id=\"r2\"/></sheets></workbook>";

static void add(zip_t *zip, const char *name, const void *bytes, size_t n)
{
	zip_int64_t index = zip_file_add(zip, name, zip_source_buffer(zip, bytes, n, 0), 0);

	if (index >= 0)
		zip_set_file_compression(zip, (zip_uint64_t)index, ZIP_CM_STORE, 0);
}

static void read_all(int fd)
{
	const struct row_reader_options options = {.name = "fuzz"};
	struct error err = {0};
	struct row_reader *reader = row_reader_open_fd(fd, &options, &err);
	struct row row;
	uint32_t rows = 0;
	size_t sum = 0;

	if (!reader)
		return;
	while (row_reader_next(reader, &row, &err) == 1 && rows < 10000) {
		if (row.row != ++rows)
			abort();
		for (uint32_t i = 0; i < row.n; i++)
			for (size_t k = 0; k < row.cells[i].n; k++)
				sum += (unsigned char)row.cells[i].p[k];
	}
	/* Every byte of every cell was read, for the sanitizer to see; the sum itself must not be optimised away. */
	__asm__ volatile("" : : "r"(sum));
	row_reader_free(reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const NAMES[] = {"xl/s.xml", "xl/g.xml", "xl/t.xml", "xl/workbook.xml"};
	static const char path[] = "/tmp/padan-fuzz.xlsx";
	char own_path[64];
	const uint8_t *end = data + size;
	zip_t *zip;
	int fd;

	if (size == 0 || size > 16384)
		return 0;
	fd = memfd_create("fuzz", 0);
	if (fd >= 0 && write(fd, data, size) == (ssize_t)size && lseek(fd, 0, SEEK_SET) == 0)
		read_all(fd);
	else if (fd >= 0)
		close(fd);
	snprintf(own_path, sizeof own_path, "%s.%d", path, (int)getpid());
	zip = zip_open(own_path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
	if (!zip)
		return 0;
	add(zip, "xl/_rels/workbook.xml.rels", RELS, sizeof RELS - 1);
	for (int i = 0; i < 4; i++) {
		const uint8_t *stop = data < end ? memchr(data, 0, (size_t)(end - data)) : NULL;
		size_t n = (size_t)((stop ? stop : end) - data);

		if (n == 0 && i == 3)
			add(zip, NAMES[i], WORKBOOK, sizeof WORKBOOK - 1);
		else
			add(zip, NAMES[i], data, n);
		data += n;
		data += data < end;
	}
	if (zip_close(zip) != 0) {
		zip_discard(zip);
		return 0;
	}
	fd = open(own_path, O_RDONLY);
	unlink(own_path);
	if (fd >= 0)
		read_all(fd);
	return 0;
}
