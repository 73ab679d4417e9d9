/*
 * A workbook's container. See xlsx_zip.h.
 */
#include "daemon/ingest/xlsx_zip.h"

#include "daemon/ingest/ingest_limits.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

struct xlsx_zip {
	zip_t *archive;
};

struct xlsx_entry {
	zip_file_t *file;
	uint64_t packed, expanded;
};

static int damaged(struct error *err)
{
	return error_set(err, ERROR_INPUT,
		"Buku kerja rusak atau terpotong. Buka di Excel, simpan ulang sebagai .xlsx, lalu kirim lagi.",
		"The workbook is damaged or cut short. Open it, save it as .xlsx again and send it once more.");
}

/* "../x", "/x", "a\..\x": names that a workbook never has. */
static bool climbs_out(const char *name)
{
	return name[0] == '/' || name[0] == '\\' || strstr(name, "../") || strstr(name, "..\\") || strcmp(name, "..") == 0;
}

static int inspect(const struct xlsx_zip *zip, struct error *err)
{
	zip_int64_t entries = zip_get_num_entries(zip->archive, 0);

	if (entries < 0 || entries > INGEST_ZIP_ENTRIES)
		return error_set(err, ERROR_INPUT, "Buku kerja berisi terlalu banyak bagian (lebih dari %d). Simpan ulang sebagai .xlsx.",
			"The workbook has too many parts (more than %d). Save it as .xlsx again.", INGEST_ZIP_ENTRIES);
	for (zip_int64_t i = 0; i < entries; i++) {
		zip_stat_t stat;

		zip_stat_init(&stat);
		if (zip_stat_index(zip->archive, (zip_uint64_t)i, 0, &stat) != 0 || !(stat.valid & ZIP_STAT_NAME))
			return damaged(err);
		if (climbs_out(stat.name))
			return error_set(err, ERROR_INPUT,
				"Buku kerja berisi nama bagian yang menunjuk ke luar berkas (../). Demi keamanan berkas ini ditolak; simpan ulang "
				"dari Excel.",
				"The workbook has a part whose name points outside of it (../). It is refused for safety; save it again.");
		if ((stat.valid & ZIP_STAT_ENCRYPTION_METHOD) && stat.encryption_method != ZIP_EM_NONE)
			return error_set(err, ERROR_INPUT,
				"Buku kerja ini terkunci kata sandi. Hapus kata sandinya, simpan, lalu kirim lagi.",
				"This workbook is protected by a password. Remove it, save and send again.");
	}
	return 0;
}

struct xlsx_zip *xlsx_zip_open(int fd, struct error *err)
{
	struct xlsx_zip *zip = calloc(1, sizeof *zip);
	int code;

	if (!zip) {
		close(fd);
		error_memory(err);
		return NULL;
	}
	if (lseek(fd, 0, SEEK_SET) != 0) {
		error_set(err, ERROR_INPUT, "Buku kerja tidak dapat dibaca dari pipa. Simpan dulu sebagai berkas.",
			"A workbook cannot be read from a pipe. Save it as a file first.");
		close(fd);
	} else {
		zip->archive = zip_fdopen(fd, 0, &code);
		if (!zip->archive) {
			close(fd);
			damaged(err);
		} else if (inspect(zip, err) == 0) {
			return zip;
		}
	}
	xlsx_zip_free(zip);
	return NULL;
}

void xlsx_zip_free(struct xlsx_zip *zip)
{
	if (!zip)
		return;
	if (zip->archive)
		zip_discard(zip->archive);
	free(zip);
}

static bool stat_entry(const struct xlsx_zip *zip, const char *name, zip_stat_t *stat)
{
	zip_stat_init(stat);
	return zip_stat(zip->archive, name, ZIP_FL_NOCASE, stat) == 0;
}

bool xlsx_zip_has(const struct xlsx_zip *zip, const char *name)
{
	zip_stat_t stat;

	return stat_entry(zip, name, &stat);
}

uint64_t xlsx_zip_size(const struct xlsx_zip *zip, const char *name)
{
	zip_stat_t stat;

	return stat_entry(zip, name, &stat) && (stat.valid & ZIP_STAT_SIZE) ? stat.size : 0;
}

struct xlsx_entry *xlsx_entry_open(struct xlsx_zip *zip, const char *name, struct error *err)
{
	struct xlsx_entry *entry = calloc(1, sizeof *entry);
	zip_stat_t stat;

	if (!entry) {
		error_memory(err);
		return NULL;
	}
	if (stat_entry(zip, name, &stat)) {
		entry->packed = stat.valid & ZIP_STAT_COMP_SIZE ? stat.comp_size : 0;
		entry->file = zip_fopen_index(zip->archive, stat.index, 0);
	}
	if (!entry->file) {
		damaged(err);
		free(entry);
		return NULL;
	}
	return entry;
}

int64_t xlsx_entry_read(struct xlsx_entry *entry, void *buffer, size_t n, struct error *err)
{
	zip_int64_t got = zip_fread(entry->file, buffer, n);

	if (got < 0)
		return damaged(err);
	entry->expanded += (uint64_t)got;
	if (entry->expanded > INGEST_ENTRY_BYTES ||
		(entry->expanded > INGEST_ZIP_FREE_BYTES && entry->expanded / INGEST_ZIP_RATIO > entry->packed))
		return error_set(err, ERROR_INPUT,
			"Buku kerja mengembang lebih dari %d kali ukurannya. Demi keamanan berkas ini ditolak; simpan sebagai CSV.",
			"The workbook expands to more than %d times its size. It is refused for safety; save it as CSV.",
			INGEST_ZIP_RATIO);
	return got;
}

void xlsx_entry_close(struct xlsx_entry *entry)
{
	if (!entry)
		return;
	zip_fclose(entry->file);
	free(entry);
}
