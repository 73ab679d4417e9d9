/*
 * What columns mean: headers of real layouts, contents that correct them, and refusals that say what was seen.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "daemon/ingest/column_map.h"

enum { WIDTH_MAX = 40 };

/* Splits "a|b|c" into cells; gives how many. */
static uint32_t split(const char *text, struct str *cells)
{
	uint32_t n = 0;

	for (;;) {
		size_t length = strcspn(text, "|");

		cells[n++] = (struct str){text, length};
		if (!text[length])
			return n;
		text += length + 1;
	}
}

/* The roles of a header as "nik|kk|…", without sample rows. */
static const char *roles(const char *header)
{
	static char out[1024];
	struct str cells[WIDTH_MAX];
	uint32_t n = split(header, cells);
	struct column_map map;
	struct error err = {0};

	out[0] = '\0';
	if (column_map_make(&map, cells, n, NULL, 0, NULL, &err) != 0) {
		snprintf(out, sizeof out, "%s", err.id);
		return out;
	}
	for (uint32_t i = 0; i < n; i++)
		snprintf(out + strlen(out), sizeof out - strlen(out), "%s%s", i ? "|" : "", column_role_name(map.roles[i]));
	column_map_release(&map);
	return out;
}

static void knows_the_layouts_that_arrive(void **state)
{
	(void)state;
	assert_string_equal(
		roles("No|ID Keluarga P3KE|Provinsi|Kabupaten/Kota|Kecamatan|Desa/Kelurahan|Kode Kemdagri|Desil Kesejahteraan|Alamat|"
		      "ID Individu|Nama|NIK|Padan Dukcapil|Jenis Kelamin|Hubungan dengan Kepala Keluarga|Tanggal Lahir|Status "
		      "Kawin|Pekerjaan|Pendidikan|Usia dibawah 7 Tahun|Penerima BPNT"),
		"ignore|family_id|province|regency|kecamatan|village|village_code|desil|address|person_id|name|nik|ignore|sex|relation|"
		"birth_date|ignore|ignore|ignore|ignore|ignore");
	assert_string_equal(roles("nomor_induk_kependudukan|nomor_kartu_keluarga|nama|tanggal_lahir|jenis_kelamin|"
				  "status_hubungan_keluarga|rt_ktp|rw_ktp|alamat_ktp|desil_nasional"),
		"nik|kk|name|birth_date|sex|relation|rt|rw|address|desil");
	assert_string_equal(roles("NO.|NO KK|NAMA KPM|NIK KTP|TEMPAT/TGL LAHIR|L/P|RT/RW|KET"),
		"ignore|kk|name|nik|birth_place_date|sex|rt_rw|ignore");
	assert_string_equal(roles("nik|nama_siswa|nama_ibu_kandung|tgl_lhr|jk|nisn|nama sekolah"),
		"nik|name|parent_name|birth_date|sex|person_id|ignore");
	assert_string_equal(roles("id|nik|no_kk|nama|tgl_lahir|jk|kd_desa|cluster"), "ignore|nik|kk|name|birth_date|sex|village_code|ignore");
}

static void forgives_typing(void **state)
{
	(void)state;
	assert_string_equal(roles("N I K|Nama  Lengkpa|Tangal Lahir|Kecematan|Desa / Kelurahan *"),
		"nik|name|birth_date|kecamatan|village");
	assert_string_equal(roles("1. NIK|2) Nama (sesuai KTP)|Jenis Kelamin (L/P)"), "nik|name|sex");
}

static void one_column_per_role(void **state)
{
	(void)state;
	assert_string_equal(roles("nama|nama lengkap|nik kk|nik"), "name|ignore|ignore|nik");
	/* A list that knows the head alone is about the head; a weak NIK serves when there is no other. */
	assert_string_equal(roles("No KK|Nama Kepala Keluarga|NIK KK"), "kk|name|nik");
	assert_string_equal(roles("No KK|Nama Kepala Keluarga|NIK KK|Nama|NIK"), "kk|head_name|ignore|name|nik");
}

static void refuses_and_says_why(void **state)
{
	(void)state;
	assert_non_null(strstr(roles("nik|alamat|jumlah"), "Kolom nama tidak ditemukan"));
	assert_non_null(strstr(roles("nik|alamat|jumlah"), "\"alamat\""));
	assert_non_null(strstr(roles("nama|alamat"), "Selain nama"));
	/* A data row in the header's place must not be quoted. */
	assert_non_null(strstr(roles("1505010101800001|BUDI SANTOSO|L"), "Baris judul kolom tidak ada"));
	assert_null(strstr(roles("1505010101800001|BUDI SANTOSO|L"), "BUDI"));
	assert_null(strstr(roles("BUDI SANTOSO|SUKA DAMAI"), "BUDI"));
}

static void make(struct column_map *map, const char *header, const char *const *rows, uint32_t n_rows,
	const struct column_map_options *options)
{
	static struct str sample[64 * WIDTH_MAX];
	struct str cells[WIDTH_MAX];
	uint32_t n = split(header, cells);
	struct error err = {0};

	for (uint32_t i = 0; i < n_rows; i++)
		assert_int_equal(split(rows[i], sample + (size_t)i * n), n);
	assert_int_equal(column_map_make(map, cells, n, sample, n_rows, options, &err), 0);
}

static void contents_correct_words(void **state)
{
	static const char *const ROWS[] = {"BUDI|1505010101800001|1505012001|003/001|JAMBI, 31-12-1980",
		"SITI|1505014101800001|1505012002|004/001|JAMBI, 01-02-1985", "TINI|1505014101800002|1505012002|004/001|TUNGKAL, 2 Maret 1990", "-|-|-|-|-"};
	struct column_map map;

	(void)state;
	make(&map, "KK|NIK|Desa|RT|Tgl Lahir", ROWS, 4, NULL);
	assert_int_equal(map.roles[0], COLUMN_NAME); /* by way of the head's name */
	assert_int_equal(map.roles[1], COLUMN_NIK);
	assert_int_equal(map.roles[2], COLUMN_VILLAGE_CODE);
	assert_int_equal(map.roles[3], COLUMN_RT_RW);
	assert_int_equal(map.roles[4], COLUMN_BIRTH_PLACE_DATE);
	column_map_release(&map);
}

static void sees_nik_and_kk_swapped(void **state)
{
	const char *rows[30];
	static char text[30][80];
	struct column_map map;

	(void)state;
	for (int i = 0; i < 30; i++) {
		/* The column called KK holds women's days now and then: they are the NIKs. */
		snprintf(text[i], sizeof text[i], "15050101011500%02d|150501%02d018000%02d|NAMA", i, i % 2 ? 41 + i : 1 + i / 2, i);
		rows[i] = text[i];
	}
	make(&map, "nik|no kk|nama", rows, 30, NULL);
	assert_int_equal(map.column[COLUMN_NIK], 1);
	assert_int_equal(map.column[COLUMN_KK], 0);
	column_map_release(&map);
}

static void configuration_and_memory_win(void **state)
{
	static const struct column_synonym SYNONYMS[] = {{COLUMN_NAME, "Jeneng"}, {COLUMN_IGNORE, "nama"}};
	struct column_map_options options = {.synonyms = SYNONYMS, .synonyms_n = 2};
	struct str header[3];
	const enum column_role before[] = {COLUMN_KK, COLUMN_NAME, COLUMN_NIK};
	struct column_map map;

	(void)state;
	make(&map, "JENENG|nama|nik", NULL, 0, &options);
	assert_int_equal(map.roles[0], COLUMN_NAME);
	assert_int_equal(map.roles[1], COLUMN_IGNORE);
	column_map_release(&map);

	options = (struct column_map_options){.remembered_header = header, .remembered = before, .remembered_n = split("A|b c|nik", header)};
	make(&map, "a|B_C|NIK", NULL, 0, &options);
	assert_true(map.remembered);
	assert_memory_equal(map.roles, before, sizeof before);
	column_map_release(&map);
	make(&map, "nama|nik|x", NULL, 0, &options);
	assert_false(map.remembered);
	column_map_release(&map);
}

static void a_sheet_may_be_a_village(void **state)
{
	struct column_map_options options = {.sheet = STR_LITERAL("Suka Damai")};
	struct column_map map;

	(void)state;
	make(&map, "nama|alamat", NULL, 0, &options);
	assert_true(map.village_from_sheet);
	column_map_release(&map);
	options.sheet = STR_LITERAL("Sheet1");
	make(&map, "nama|nik", NULL, 0, &options);
	assert_false(map.village_from_sheet);
	column_map_release(&map);
	options.sheet = STR_LITERAL("Suka Damai");
	make(&map, "nama|desa", NULL, 0, &options);
	assert_false(map.village_from_sheet);
	column_map_release(&map);
}

static void roles_have_names(void **state)
{
	(void)state;
	for (enum column_role role = COLUMN_IGNORE; role < COLUMN_ROLES; role++) {
		assert_int_equal(column_role_from_name(str_from(column_role_name(role))), role);
		assert_true(strlen(column_role_title(role)) > 0);
	}
	assert_int_equal(column_role_from_name(STR_LITERAL("nothing")), COLUMN_ROLES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_the_layouts_that_arrive),
		cmocka_unit_test(forgives_typing),
		cmocka_unit_test(one_column_per_role),
		cmocka_unit_test(refuses_and_says_why),
		cmocka_unit_test(contents_correct_words),
		cmocka_unit_test(sees_nik_and_kk_swapped),
		cmocka_unit_test(configuration_and_memory_win),
		cmocka_unit_test(a_sheet_may_be_a_village),
		cmocka_unit_test(roles_have_names),
	};

	return cmocka_run_group_tests_name("column_map", tests, NULL, NULL);
}
