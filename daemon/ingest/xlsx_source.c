/*
 * A workbook as sheets of raw rows, streamed: one row of cells is in memory at a time. See row_source.h.
 */
#include "daemon/ingest/row_source.h"

#include "daemon/ingest/ingest_limits.h"
#include "daemon/ingest/xlsx_cell.h"
#include "daemon/ingest/xlsx_merges.h"
#include "daemon/ingest/xlsx_workbook.h"
#include "daemon/ingest/xlsx_xml.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

struct xlsx_source {
	struct row_source source;
	struct xlsx_workbook workbook;
	uint64_t bytes, bytes_total; /* expanded: shared strings and sheets */
	uint32_t next_sheet;
	uint32_t hidden;
	bool in_sheet;
	struct xlsx_xml xml;
	struct xlsx_merges merges;
	struct arena texts; /* of the current row */
	/* the row under way */
	struct str *cells; /* INGEST_COLUMNS */
	bool *numeric;
	uint32_t n;
	uint64_t row, last_row;
	size_t row_bytes;
	enum row_fault fault;
	uint32_t fault_column;
	/* the cell under way */
	uint32_t column; /* from 0 */
	enum xlsx_type type;
	uint32_t style;
	bool in_value, in_inline, in_phonetic;
	char *value;
	size_t value_n, value_room;
};

static struct xlsx_source *of(struct row_source *source)
{
	return (struct xlsx_source *)source;
}

static void set_fault(struct xlsx_source *xlsx, enum row_fault fault)
{
	if (xlsx->fault == ROW_OK) {
		xlsx->fault = fault;
		xlsx->fault_column = xlsx->column + 1;
	}
}

static void begin_row(struct xlsx_source *xlsx, const char **attributes)
{
	const char *number = xlsx_xml_attribute(attributes, "r");

	xlsx->row = number ? strtoull(number, NULL, 10) : xlsx->last_row + 1;
	xlsx->last_row = xlsx->row;
	xlsx->n = 0;
	xlsx->row_bytes = 0;
	xlsx->fault = ROW_OK;
	xlsx->fault_column = 0;
	xlsx->column = UINT32_MAX; /* so that the first cell without a reference is column 0 */
	if (xlsx->texts.used)
		arena_reset(&xlsx->texts);
}

static void begin_cell(struct xlsx_source *xlsx, const char **attributes)
{
	const char *reference = xlsx_xml_attribute(attributes, "r"), *style = xlsx_xml_attribute(attributes, "s");
	uint32_t column = 0;
	uint64_t row;

	if (reference)
		xlsx_reference(reference, &column, &row);
	xlsx->column = column ? column - 1 : xlsx->column + 1;
	xlsx->type = xlsx_type_of(xlsx_xml_attribute(attributes, "t"));
	xlsx->style = style ? (uint32_t)strtoul(style, NULL, 10) : 0;
	xlsx->value_n = 0;
}

static void on_start(void *arg, const char *name, const char **attributes)
{
	struct xlsx_source *xlsx = arg;

	if (strcmp(name, "c") == 0)
		begin_cell(xlsx, attributes);
	else if (strcmp(name, "v") == 0)
		xlsx->in_value = true;
	else if (strcmp(name, "is") == 0)
		xlsx->in_inline = true;
	else if (strcmp(name, "t") == 0)
		xlsx->in_value = xlsx->in_inline && !xlsx->in_phonetic;
	else if (strcmp(name, "rPh") == 0)
		xlsx->in_phonetic = true;
	else if (strcmp(name, "row") == 0)
		begin_row(xlsx, attributes);
}

static void on_text(void *arg, const char *text, int n)
{
	struct xlsx_source *xlsx = arg;

	if (!xlsx->in_value)
		return;
	if (xlsx->value_n + (size_t)n > INGEST_CELL_BYTES + 1)
		n = (int)(INGEST_CELL_BYTES + 1 - xlsx->value_n);
	if (xlsx->value_n + (size_t)n > xlsx->value_room) {
		size_t room = 2 * (xlsx->value_n + (size_t)n) + 64;
		char *grown = realloc(xlsx->value, room);

		if (!grown) {
			error_memory(xlsx->xml.err);
			xlsx_xml_fail(&xlsx->xml);
			return;
		}
		xlsx->value = grown;
		xlsx->value_room = room;
	}
	memcpy(xlsx->value + xlsx->value_n, text, (size_t)n);
	xlsx->value_n += (size_t)n;
}

/* A cell's text joins the row; what breaks a limit marks the row. */
static void end_cell(struct xlsx_source *xlsx)
{
	char scratch[XLSX_NUMBER_MAX];
	struct str raw = {xlsx->value ? xlsx->value : "", xlsx->value_n}, text;
	bool numeric;

	if (raw.n == 0)
		return;
	if (xlsx->type == XLSX_TEXT)
		raw.n = xlsx_unescape(xlsx->value, raw.n);
	text = xlsx_cell_text(&xlsx->workbook, xlsx->type, xlsx->style, raw, scratch, &numeric);
	if (text.n == 0)
		return;
	if (xlsx->column >= INGEST_COLUMNS) {
		set_fault(xlsx, ROW_TOO_MANY_COLUMNS);
		return;
	}
	if (text.n > INGEST_CELL_BYTES) {
		set_fault(xlsx, ROW_CELL_TOO_LONG);
		text.n = INGEST_CELL_BYTES;
	}
	xlsx->row_bytes += text.n;
	if (xlsx->row_bytes > INGEST_RECORD_BYTES) {
		set_fault(xlsx, ROW_TOO_LONG);
		return;
	}
	/* Shared strings stay; everything else is in a buffer that the next cell uses. */
	if (xlsx->type != XLSX_SHARED)
		text = arena_str(&xlsx->texts, text);
	if (!text.p) {
		error_memory(xlsx->xml.err);
		xlsx_xml_fail(&xlsx->xml);
		return;
	}
	for (; xlsx->n <= xlsx->column; xlsx->n++) {
		xlsx->cells[xlsx->n] = (struct str){"", 0};
		xlsx->numeric[xlsx->n] = false;
	}
	xlsx->cells[xlsx->column] = text;
	xlsx->numeric[xlsx->column] = numeric;
}

static void on_end(void *arg, const char *name)
{
	struct xlsx_source *xlsx = arg;

	if (strcmp(name, "c") == 0)
		end_cell(xlsx);
	else if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0)
		xlsx->in_value = false;
	else if (strcmp(name, "is") == 0)
		xlsx->in_inline = false;
	else if (strcmp(name, "rPh") == 0)
		xlsx->in_phonetic = false;
	else if (strcmp(name, "row") == 0 && (xlsx->n || xlsx->fault))
		xlsx_xml_pause(&xlsx->xml);
}

static const struct xlsx_handlers SHEET = {on_start, on_end, on_text};

static void close_sheet(struct xlsx_source *xlsx)
{
	if (xlsx->in_sheet)
		xlsx->bytes += xlsx->xml.bytes;
	xlsx->in_sheet = false;
	xlsx_xml_close(&xlsx->xml);
	xlsx_merges_release(&xlsx->merges);
}

static int xlsx_next_sheet(struct row_source *source, struct str *name, struct error *err)
{
	struct xlsx_source *xlsx = of(source);
	const struct xlsx_sheet_info *sheet;

	close_sheet(xlsx);
	while (xlsx->next_sheet < xlsx->workbook.sheets_n && xlsx->workbook.sheets[xlsx->next_sheet].hidden) {
		xlsx->next_sheet++;
		xlsx->hidden++;
	}
	if (xlsx->next_sheet == xlsx->workbook.sheets_n)
		return 0;
	sheet = &xlsx->workbook.sheets[xlsx->next_sheet++];
	if (xlsx_merges_find(&xlsx->merges, xlsx->workbook.zip, sheet->part, err) != 0 ||
		xlsx_xml_open(&xlsx->xml, xlsx->workbook.zip, sheet->part, &SHEET, xlsx, err) != 0)
		return -1;
	xlsx->in_sheet = true;
	xlsx->last_row = 0;
	*name = sheet->name;
	return 1;
}

static int xlsx_next_row(struct row_source *source, struct source_row *row, struct error *err)
{
	struct xlsx_source *xlsx = of(source);
	int result = xlsx_xml_run(&xlsx->xml, err);

	if (result != 1)
		return result;
	if (xlsx_merges_apply(&xlsx->merges, xlsx->row, xlsx->cells, xlsx->numeric, &xlsx->n, INGEST_COLUMNS, err) != 0)
		return -1;
	*row = (struct source_row){
		.cells = xlsx->cells,
		.numeric = xlsx->numeric,
		.n = xlsx->n,
		.line = xlsx->row,
		.fault = xlsx->fault,
		.fault_column = xlsx->fault_column,
	};
	return 1;
}

static bool xlsx_is_last_sheet(const struct row_source *source)
{
	const struct xlsx_source *xlsx = (const struct xlsx_source *)source;

	for (uint32_t i = xlsx->next_sheet; i < xlsx->workbook.sheets_n; i++)
		if (!xlsx->workbook.sheets[i].hidden)
			return false;
	return true;
}

static void xlsx_progress(const struct row_source *source, uint64_t *done, uint64_t *total)
{
	const struct xlsx_source *xlsx = (const struct xlsx_source *)source;

	*done = xlsx->bytes + (xlsx->in_sheet ? xlsx->xml.bytes : 0);
	*total = xlsx->bytes_total;
}

static void xlsx_notes(const struct row_source *source, struct row_reader_notes *notes)
{
	notes->hidden_sheets = ((const struct xlsx_source *)source)->hidden;
}

static char xlsx_delimiter(const struct row_source *source)
{
	(void)source;
	return ',';
}

static void xlsx_free(struct row_source *source)
{
	struct xlsx_source *xlsx = of(source);

	close_sheet(xlsx);
	xlsx_workbook_release(&xlsx->workbook);
	arena_release(&xlsx->texts);
	free(xlsx->cells);
	free(xlsx->numeric);
	free(xlsx->value);
	free(xlsx);
}

/* The parts of a container are not read in order. */
static int check_seekable(int fd, struct error *err)
{
	if (lseek(fd, 0, SEEK_CUR) >= 0)
		return 0;
	return error_set(err, errno == ESPIPE ? ERROR_INPUT : ERROR_SYSTEM,
		"Buku kerja tidak dapat dibaca (%s). Simpan dulu sebagai berkas biasa.",
		"The workbook cannot be read (%s). Save it as an ordinary file first.", strerror(errno));
}

struct row_source *xlsx_source_new(int fd, struct error *err)
{
	struct xlsx_source *xlsx = calloc(1, sizeof *xlsx);
	bool opened = false;

	if (!xlsx) {
		close(fd);
		error_memory(err);
		return NULL;
	}
	xlsx->source = (struct row_source){ROW_FILE_XLSX, xlsx_next_sheet, xlsx_next_row, NULL, xlsx_is_last_sheet,
		xlsx_progress, xlsx_notes, xlsx_delimiter, xlsx_free};
	arena_init(&xlsx->texts, 0);
	xlsx->cells = calloc(INGEST_COLUMNS, sizeof *xlsx->cells);
	xlsx->numeric = calloc(INGEST_COLUMNS, sizeof *xlsx->numeric);
	if (!xlsx->cells || !xlsx->numeric) {
		error_memory(err);
		close(fd);
	} else if (check_seekable(fd, err) != 0) {
		close(fd);
	} else {
		opened = xlsx_workbook_open(&xlsx->workbook, fd, err) == 0;
	}
	if (!opened) {
		xlsx_free(&xlsx->source);
		return NULL;
	}
	xlsx->bytes = xlsx->bytes_total = xlsx->workbook.bytes;
	for (uint32_t i = 0; i < xlsx->workbook.sheets_n; i++)
		if (!xlsx->workbook.sheets[i].hidden)
			xlsx->bytes_total += xlsx_zip_size(xlsx->workbook.zip, xlsx->workbook.sheets[i].part);
	return &xlsx->source;
}
