/*
 * The maxima of reading: what one cell, record, sheet or workbook may take. All memory of daemon/ingest/ follows from
 * these numbers and from the width of a row, never from the length of a file.
 */
#ifndef PADAN_INGEST_LIMITS_H
#define PADAN_INGEST_LIMITS_H

enum {
	INGEST_CELL_BYTES = 1024 * 1024,        /* of one cell, as UTF-8 */
	INGEST_COLUMNS = 10000,                 /* of one record */
	INGEST_RECORD_BYTES = 16 * 1024 * 1024, /* of one record with all its cells */
	INGEST_RECORD_LINES = 256,             /* physical lines that one record may span through quoted line breaks */
	INGEST_READ_BYTES = 256 * 1024,         /* of one read from a file */
	INGEST_TITLE_ROWS = 100,                /* rows looked at in search of the header */
	INGEST_SAMPLE_ROWS = 200,               /* rows below the header kept to judge columns by their contents */
	INGEST_SHEETS = 1000,                   /* of one workbook */
	INGEST_ZIP_ENTRIES = 10000,             /* of one workbook */
	INGEST_ZIP_RATIO = 100,                 /* expanded to packed, once past INGEST_ZIP_FREE_BYTES */
	INGEST_ZIP_FREE_BYTES = 100 * 1024,
	INGEST_STYLES = 65536,                  /* cell formats of one workbook */
	INGEST_SHARED_STRINGS = 8 * 1024 * 1024 /* how many shared strings one workbook may have */
};

#define INGEST_SHARED_BYTES (512ULL * 1024 * 1024)        /* of all shared strings of one workbook */
#define INGEST_ENTRY_BYTES (4ULL * 1024 * 1024 * 1024)    /* of one entry of a workbook, expanded */

#endif
