/*
 * The files in which offices send their lists. See sim_layouts.h; the workbook is in sim_workbook.c.
 */
#include "daemon/simulate/sim_layouts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLUMN(header, cell) {header, CELL_##cell, 0, 0}
#define AGES(header, low, high) {header, CELL_AGE_BAND, low, high}
#define RUPIAH(header, amount) {header, CELL_AMOUNT, amount, 0}

const struct sim_layout sim_layouts[SIM_LISTS] = {
	[SIM_TARGET] = {',', SIM_UTF8, "\n",
		.titles = {"DATA SASARAN PERCEPATAN PENGHAPUSAN KEMISKINAN EKSTREM (P3KE) – INDIVIDU", "%s", ""},
		.columns = {
			COLUMN("No", NUMBER), COLUMN("ID Keluarga P3KE", FAMILY_ID), COLUMN("Provinsi", PROVINCE),
			COLUMN("Kabupaten/Kota", REGENCY), COLUMN("Kecamatan", KECAMATAN),
			COLUMN("Desa/Kelurahan", VILLAGE), COLUMN("Kode Kemdagri", CODE),
			COLUMN("Desil Kesejahteraan", DECILE), COLUMN("Alamat", ADDRESS_RT),
			COLUMN("ID Individu", PERSON_ID), COLUMN("Nama", NAME), COLUMN("NIK", NIK),
			COLUMN("Padan Dukcapil", IS_CHECKED), COLUMN("Jenis Kelamin", SEX_WORD),
			COLUMN("Hubungan dengan Kepala Keluarga", RELATION_WORD), COLUMN("Tanggal Lahir", BIRTH_ISO),
			COLUMN("Status Kawin", MARITAL), COLUMN("Pekerjaan", WORK), COLUMN("Pendidikan", SCHOOLING),
			AGES("Usia dibawah 7 Tahun", 0, 6), AGES("Usia 7-12", 7, 12), AGES("Usia 13-15", 13, 15),
			AGES("Usia 16-18", 16, 18), AGES("Usia 19-21", 19, 21), AGES("Usia 22-59", 22, 59),
			AGES("Usia 60 Tahun keatas", 60, 130), COLUMN("Penerima BPNT", OLD_RECIPIENT),
			COLUMN("Penerima BPUM", OLD_RECIPIENT), COLUMN("Penerima BST", OLD_RECIPIENT),
			COLUMN("Penerima PKH", OLD_RECIPIENT), COLUMN("Penerima SEMBAKO", OLD_RECIPIENT),
			COLUMN("Resiko Stunting", OLD_RECIPIENT)
		}},
	[SIM_PKH] = {';', SIM_UTF8_BOM, "\r\n", .curly = true,
		.columns = {
			COLUMN("no", NUMBER), COLUMN("nik_ktp", NIK), COLUMN("no_kk", KK),
			COLUMN("nama_penerima", NAME), COLUMN("tgl_lahir", BIRTH_SLASH), COLUMN("jk", SEX_LETTER),
			COLUMN("alamat", ADDRESS), COLUMN("rt", RT), COLUMN("rw", RW), COLUMN("kelurahan", VILLAGE),
			COLUMN("kecamatan", KECAMATAN), RUPIAH("nominal", 750000)
		}},
	[SIM_BPNT] = {.titles = {"DAFTAR KPM PROGRAM SEMBAKO / BPNT", "%s"}, .total = "JUMLAH", .total_column = 1,
		.columns = {
			COLUMN("NO", NUMBER), COLUMN("NAMA KPM", NAME), COLUMN("NIK KPM", NIK),
			COLUMN("TGL LHR", BIRTH_SHORT), COLUMN("L/P", SEX_LETTER), COLUMN("ALAMAT", ADDRESS_RT),
			COLUMN("NO REKENING", ACCOUNT), RUPIAH("NOMINAL", 200000)
		}},
	[SIM_BLT_DD] = {'\t', SIM_WINDOWS_1252, "\r\n", .curly = true,
		.titles = {"DAFTAR KELUARGA PENERIMA MANFAAT BLT DANA DESA", "%s", "Tahun Anggaran 2024 – Tahap II",
			""},
		.total = "Jumlah", .total_column = 1, .signature = "Kepala Dinas Pemberdayaan Masyarakat dan Desa",
		.columns = {
			COLUMN("No.", NUMBER), COLUMN("Nama Kepala Keluarga", NAME), COLUMN("No. KTP", NIK),
			COLUMN("No. KK", KK), COLUMN("Tempat/Tgl Lahir", PLACE_BIRTH), COLUMN("Alamat", ADDRESS),
			COLUMN("RT/RW", RT_RW), COLUMN("Desa", VILLAGE), COLUMN("Kecamatan", KECAMATAN),
			COLUMN("Jumlah Jiwa", FAMILY_SIZE)
		}},
	[SIM_PBI_JK] = {'|', SIM_UTF16_LE_BOM, "\r\n", .quoted = true,
		.columns = {
			COLUMN("nomor_kartu_keluarga", KK), COLUMN("nomor_induk_kependudukan", NIK),
			COLUMN("nama_lengkap", NAME), COLUMN("tempat_lahir", BIRTH_PLACE),
			COLUMN("tanggal_lahir", BIRTH_DASH), COLUMN("jenis_kelamin", SEX_NUMBER),
			COLUMN("status_hubungan_keluarga", RELATION_CODE), COLUMN("kd_kec", BPS_KECAMATAN),
			COLUMN("kd_desa", BPS_VILLAGE), COLUMN("rt_ktp", RT), COLUMN("rw_ktp", RW),
			COLUMN("alamat_ktp", ADDRESS)
		}},
	[SIM_PIP] = {',', SIM_WINDOWS_1252, "\r\n", .title_case = true, .curly = true,
		.titles = {"Daftar Siswa Penerima Program Indonesia Pintar", "%s – Semester Genap"}, .total = "Total",
		.total_column = 2,
		.columns = {
			COLUMN("No", NUMBER), COLUMN("NISN", PUPIL_NUMBER), COLUMN("Nama Siswa", NAME),
			COLUMN("NIK", NIK), COLUMN("Tempat, Tanggal Lahir", PLACE_BIRTH_WORDS),
			COLUMN("L/P", SEX_LETTER), COLUMN("Nama Sekolah", SCHOOL), COLUMN("Kelas", CLASS),
			COLUMN("Nama Orang Tua", HEAD_NAME), COLUMN("Alamat", ADDRESS_RT),
			COLUMN("Desa/Kelurahan", VILLAGE), RUPIAH("Nominal", 450000)
		}},
	[SIM_RTLH] = {';', SIM_UTF8, "\n", .total = "TOTAL", .total_column = 1,
		.columns = {
			COLUMN("NO", NUMBER), COLUMN("NAMA PEMOHON", NAME), COLUMN("NIK", NIK), COLUMN("NO. KK", KK),
			COLUMN("TGL LAHIR", BIRTH_SERIAL), COLUMN("JENIS KELAMIN", SEX_WORD), COLUMN("ALAMAT", ADDRESS),
			COLUMN("RT", RT), COLUMN("RW", RW), COLUMN("KODE WILAYAH", CODE_DOTTED),
			RUPIAH("NILAI BANTUAN", 20000000)
		}},
	[SIM_ASN] = {',', SIM_UTF8, "\n",
		.columns = {
			COLUMN("NIP", STAFF_NUMBER), COLUMN("Nama", NAME), COLUMN("NIK", NIK),
			COLUMN("Tanggal Lahir", BIRTH_DASH), COLUMN("Jenis Kelamin", SEX_LETTER),
			COLUMN("Unit Kerja", AGENCY)
		}},
	[SIM_MENINGGAL] = {'|', SIM_UTF8, "\n",
		.columns = {
			COLUMN("NO", NUMBER), COLUMN("NIK", NIK), COLUMN("NAMA", NAME), COLUMN("TGL_LAHIR", BIRTH_ISO),
			COLUMN("JENIS_KELAMIN", SEX_LETTER), COLUMN("DESA", VILLAGE), COLUMN("TGL_MENINGGAL", DEATH_ISO)
		}},
};

size_t sim_layout_columns(const struct sim_layout *layout)
{
	size_t n = 0;

	while (n < SIM_COLUMNS_MAX && layout->columns[n].header)
		n++;
	return n;
}

void sim_cell_context_init(struct sim_cell_context *context, const struct sim_writing *writing, enum sim_list_code code)
{
	*context = (struct sim_cell_context){.world = writing->world, .title_case = sim_layouts[code].title_case,
		.curly = sim_layouts[code].curly};
	sim_random_fork(&context->random, writing->lists->seed ^ UINT64_C(0x5eed), sim_list_plans[code].file);
}

/* One character of UTF-8; the text is our own and valid. */
static unsigned next_character(const unsigned char **p)
{
	unsigned c = *(*p)++;
	int more = c >= 0xE0 ? 2 : c >= 0xC0 ? 1 : 0;

	c &= more == 2 ? 0x0F : more == 1 ? 0x1F : 0x7F;
	while (more--)
		c = c << 6 | (*(*p)++ & 0x3F);
	return c;
}

static void encode(const struct sim_text *from, enum sim_encoding encoding, struct sim_text *to)
{
	const unsigned char *p = (const unsigned char *)from->p, *end = p + from->n;

	if (encoding == SIM_UTF8_BOM)
		sim_text_add(to, "\xEF\xBB\xBF");
	if (encoding == SIM_UTF16_LE_BOM)
		sim_text_add_bytes(to, "\xFF\xFE", 2);
	if (encoding == SIM_UTF8 || encoding == SIM_UTF8_BOM) {
		sim_text_add_bytes(to, from->p, from->n);
		return;
	}
	while (p < end) {
		unsigned c = next_character(&p);
		char bytes[2] = {(char)(c & 0xFF), (char)(c >> 8)};

		if (encoding == SIM_WINDOWS_1252 && c > 0xFF)
			bytes[0] = (char)(c == 0x2019 ? 0x92 : c == 0x2013 ? 0x96 : '?');
		sim_text_add_bytes(to, bytes, encoding == SIM_WINDOWS_1252 ? 1 : 2);
	}
}

static void write_titles(const struct sim_layout *layout, const struct sim_places *places, struct sim_text *text)
{
	for (int i = 0; i < SIM_TITLES_MAX && layout->titles[i]; i++) {
		const char *mark = strstr(layout->titles[i], "%s");

		if (mark) {
			sim_text_add_bytes(text, layout->titles[i], (size_t)(mark - layout->titles[i]));
			sim_text_add(text, places->name);
			sim_text_add(text, mark + 2);
		} else {
			sim_text_add(text, layout->titles[i]);
		}
		sim_text_add(text, layout->line_end);
	}
}

static void write_total(const struct sim_layout *layout, size_t columns, size_t rows, struct sim_text *text)
{
	const char separator[2] = {layout->separator, '\0'};

	for (size_t i = 0; i < columns; i++) {
		if (i)
			sim_text_add(text, separator);
		if (i == layout->total_column)
			sim_text_add(text, layout->total);
		if (i == columns - 1)
			sim_text_printf(text, "%zu", rows);
	}
	sim_text_add(text, layout->line_end);
	if (layout->signature)
		sim_text_printf(text, "%s%sMengetahui,%s%s%s%s", layout->line_end, separator, layout->line_end,
			separator, layout->signature, layout->line_end);
}

int sim_layout_write(const struct sim_writing *writing, enum sim_list_code code, struct error *err)
{
	const struct sim_layout *layout = &sim_layouts[code];
	const struct sim_list *list = &writing->lists->list[code];
	size_t columns = sim_layout_columns(layout);
	struct sim_text text = {0}, cell = {0}, encoded = {0};
	struct sim_cell_context context;
	int status = -1;

	if (!layout->separator)
		return sim_workbook_write(writing, code, err);
	sim_cell_context_init(&context, writing, code);
	write_titles(layout, &writing->world->places, &text);
	for (size_t i = 0; i < columns; i++) {
		if (i)
			sim_text_add_bytes(&text, &layout->separator, 1);
		sim_text_add_cell(&text, layout->columns[i].header, layout->separator, layout->quoted);
	}
	sim_text_add(&text, layout->line_end);
	for (size_t r = 0; r < list->count; r++) {
		const struct sim_row *row = &list->rows[r];
		size_t here = row->ragged == SIM_SHORT ? columns - 2 : columns;

		if (r % 4096 == 0 && sim_world_check_stop(writing->world, err) < 0)
			goto out;
		for (size_t i = 0; i < here; i++) {
			if (i)
				sim_text_add_bytes(&text, &layout->separator, 1);
			sim_cell_write(&context, &layout->columns[i], row, r + 1, &cell);
			if (cell.failed)
				goto memory;
			sim_text_add_cell(&text, cell.p, layout->separator, layout->quoted);
		}
		if (row->ragged == SIM_LONG)
			sim_text_add_bytes(&text, &layout->separator, 1);
		sim_text_add(&text, layout->line_end);
	}
	if (layout->total)
		write_total(layout, columns, list->count, &text);
	if (text.failed)
		goto memory;
	encode(&text, layout->encoding, &encoded);
	if (encoded.failed)
		goto memory;
	status = sim_folder_write(writing->folder, sim_list_plans[code].file, encoded.p, encoded.n, err);
	goto out;
memory:
	error_memory(err);
out:
	sim_text_release(&text);
	sim_text_release(&cell);
	sim_text_release(&encoded);
	return status;
}
