/*
 * What padan simulate writes is what the readers of lists read: each file gives as many rows as the truth has, its
 * columns are understood, and the configuration is accepted as it is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "daemon/base/district_config.h"
#include "daemon/ingest/column_map.h"
#include "daemon/ingest/row_reader.h"
#include "daemon/simulate/simulate.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/test_simulated_lists.XXXXXX";

static int make_folder(void **state)
{
	struct simulate_options options = {.out = folder, .district = "15.05", .households = 900, .seed = 12,
		.damage = 4};
	struct simulate_summary summary;
	struct error err = {0};

	if (!mkdtemp(folder))
		return -1;
	return simulate_district(&options, NULL, NULL, &summary, &err);
}

static int remove_folder(void **state)
{
	struct dirent *entry;
	DIR *dir = opendir(folder);

	if (!dir)
		return -1;
	while ((entry = readdir(dir))) {
		char path[320];

		snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
		if (entry->d_name[0] != '.')
			unlink(path);
	}
	closedir(dir);
	return rmdir(folder);
}

/* How many rows truth_entries.csv has for that list. */
static uint32_t true_rows(const char *list)
{
	char path[320], line[128], prefix[40];
	uint32_t rows = 0;
	FILE *f;

	snprintf(path, sizeof path, "%s/truth_entries.csv", folder);
	snprintf(prefix, sizeof prefix, "%s,", list);
	f = fopen(path, "r");
	assert_non_null(f);
	while (fgets(line, sizeof line, f))
		rows += strncmp(line, prefix, strlen(prefix)) == 0;
	fclose(f);
	return rows;
}

static void assert_role(const struct row_sheet *sheet, const struct column_map *map, enum column_role role,
	const char *header)
{
	assert_true(map->column[role] >= 0);
	assert_true(str_equal(sheet->header[map->column[role]], str_from(header)));
}

struct expected {
	const char *list, *file;
	struct {
		enum column_role role;
		const char *header;
	} columns[9];
};

static const struct expected lists[] = {
	{"target", "target.csv",
		{{COLUMN_NIK, "NIK"}, {COLUMN_FAMILY_ID, "ID Keluarga P3KE"}, {COLUMN_NAME, "Nama"},
			{COLUMN_BIRTH_DATE, "Tanggal Lahir"}, {COLUMN_SEX, "Jenis Kelamin"}, {COLUMN_VILLAGE,
			"Desa/Kelurahan"},
			{COLUMN_VILLAGE_CODE, "Kode Kemdagri"}, {COLUMN_DESIL, "Desil Kesejahteraan"}}},
	{"pkh", "pkh.csv",
		{{COLUMN_NIK, "nik_ktp"}, {COLUMN_KK, "no_kk"}, {COLUMN_NAME, "nama_penerima"}, {COLUMN_BIRTH_DATE,
		"tgl_lahir"},
			{COLUMN_SEX, "jk"}, {COLUMN_VILLAGE, "kelurahan"}, {COLUMN_RT, "rt"}}},
	{"blt_dd", "blt_dd.tsv",
		{{COLUMN_NIK, "No. KTP"}, {COLUMN_KK, "No. KK"}, {COLUMN_NAME, "Nama Kepala Keluarga"},
			{COLUMN_BIRTH_PLACE_DATE, "Tempat/Tgl Lahir"}, {COLUMN_RT_RW, "RT/RW"}, {COLUMN_VILLAGE,
			"Desa"}}},
	{"bpnt", "bpnt.xlsx",
		{{COLUMN_NIK, "NIK KPM"}, {COLUMN_NAME, "NAMA KPM"}, {COLUMN_BIRTH_DATE, "TGL LHR"}, {COLUMN_SEX, "L/P"},
			{COLUMN_ADDRESS, "ALAMAT"}}},
	{"pbi_jk", "pbi_jk.txt",
		{{COLUMN_NIK, "nomor_induk_kependudukan"}, {COLUMN_KK, "nomor_kartu_keluarga"}, {COLUMN_NAME,
		"nama_lengkap"},
			{COLUMN_BIRTH_DATE, "tanggal_lahir"}, {COLUMN_VILLAGE_CODE, "kd_desa"}, {COLUMN_SEX,
			"jenis_kelamin"}, {COLUMN_RELATION, "status_hubungan_keluarga"}}},
	{"pip", "pip.csv",
		{{COLUMN_NIK, "NIK"}, {COLUMN_NAME, "Nama Siswa"}, {COLUMN_BIRTH_PLACE_DATE, "Tempat, Tanggal Lahir"},
			{COLUMN_VILLAGE, "Desa/Kelurahan"}, {COLUMN_SEX, "L/P"}}},
	{"rtlh", "rtlh.csv",
		{{COLUMN_NIK, "NIK"}, {COLUMN_KK, "NO. KK"}, {COLUMN_NAME, "NAMA PEMOHON"}, {COLUMN_BIRTH_DATE,
		"TGL LAHIR"},
			{COLUMN_VILLAGE_CODE, "KODE WILAYAH"}}},
	{"ref:asn", "asn.csv", {{COLUMN_NIK, "NIK"}, {COLUMN_NAME, "Nama"}, {COLUMN_BIRTH_DATE, "Tanggal Lahir"}}},
	{"ref:meninggal", "meninggal.csv",
		{{COLUMN_NIK, "NIK"}, {COLUMN_NAME, "NAMA"}, {COLUMN_BIRTH_DATE, "TGL_LAHIR"}, {COLUMN_VILLAGE,
		"DESA"}}},
};

static void assert_columns_understood(const struct row_reader *reader, const struct expected *expected)
{
	const struct row_sheet *sheet = row_reader_sheet(reader, 0);
	struct column_map_options options = {.sheet = sheet->name};
	struct column_map map;
	struct error err = {0};
	uint32_t rows;
	const struct str *sample = row_reader_sample(reader, 0, &rows);

	if (column_map_make(&map, sheet->header, sheet->n, sample, rows, &options, &err) < 0)
		fail_msg("%s: %s", expected->file, err.en);
	for (size_t i = 0; i < sizeof expected->columns / sizeof expected->columns[0] &&
		expected->columns[i].header; i++)
		assert_role(sheet, &map, expected->columns[i].role, expected->columns[i].header);
	column_map_release(&map);
}

static void the_readers_read_the_rows_that_the_truth_has(void **state)
{
	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
		struct row_reader_options options = {0};
		struct error err = {0};
		struct row_reader *reader;
		struct row row = {0};
		char path[320];
		uint32_t last = 0;
		int more;

		snprintf(path, sizeof path, "%s/%s", folder, lists[i].file);
		reader = row_reader_open(path, &options, &err);
		if (!reader)
			fail_msg("%s: %s", lists[i].file, err.en);
		assert_columns_understood(reader, &lists[i]);
		while ((more = row_reader_next(reader, &row, &err)) == 1) {
			assert_int_equal(row.fault, ROW_OK);
			last = row.row;
		}
		assert_int_equal(more, 0);
		if (last != true_rows(lists[i].list))
			fail_msg("%s: %u rows read, %u true", lists[i].file, last, true_rows(lists[i].list));
		row_reader_free(reader);
	}
}

static void the_configuration_is_accepted(void **state)
{
	struct district_config config;
	struct arena arena;
	struct error err = {0};
	char path[320];

	arena_init(&arena, 0);
	snprintf(path, sizeof path, "%s/district.conf", folder);
	if (district_config_read(path, &arena, &config, NULL, &err) < 0)
		fail_msg("%s", err.en);
	assert_int_equal(config.district, 1505);
	assert_int_equal(config.rules.n_programmes, 6);
	assert_int_equal(config.rules.n_references, 2);
	assert_int_equal(config.rules.n_rules, 10);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_readers_read_the_rows_that_the_truth_has),
		cmocka_unit_test(the_configuration_is_accepted),
	};

	return cmocka_run_group_tests_name("simulated_lists", tests, make_folder, remove_folder);
}
