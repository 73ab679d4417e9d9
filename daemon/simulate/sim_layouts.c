/*
 * The files in which offices send their lists. See sim_layouts.h; the workbook is in sim_workbook.c.
 */
#include "daemon/simulate/sim_layouts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct sim_layout sim_layouts[SIM_LISTS] = {
	[SIM_TARGET] = {',', SIM_UTF8, "\n", .titles = {"DATA SASARAN PERCEPATAN PENGHAPUSAN KEMISKINAN EKSTREM (P3KE) – INDIVIDU",
		"%s", ""},
		.columns = {{"No", CELL_NUMBER}, {"ID Keluarga P3KE", CELL_FAMILY_ID}, {"Provinsi", CELL_PROVINCE},
			{"Kabupaten/Kota", CELL_REGENCY}, {"Kecamatan", CELL_KECAMATAN}, {"Desa/Kelurahan", CELL_VILLAGE},
			{"Kode Kemdagri", CELL_CODE}, {"Desil Kesejahteraan", CELL_DECILE}, {"Alamat", CELL_ADDRESS_RT},
			{"ID Individu", CELL_PERSON_ID}, {"Nama", CELL_NAME}, {"NIK", CELL_NIK},
			{"Padan Dukcapil", CELL_IS_CHECKED}, {"Jenis Kelamin", CELL_SEX_WORD},
			{"Hubungan dengan Kepala Keluarga", CELL_RELATION_WORD}, {"Tanggal Lahir", CELL_BIRTH_ISO},
			{"Status Kawin", CELL_MARITAL}, {"Pekerjaan", CELL_WORK}, {"Pendidikan", CELL_SCHOOLING},
			{"Usia dibawah 7 Tahun", CELL_AGE_BAND, 0, 6}, {"Usia 7-12", CELL_AGE_BAND, 7, 12},
			{"Usia 13-15", CELL_AGE_BAND, 13, 15}, {"Usia 16-18", CELL_AGE_BAND, 16, 18},
			{"Usia 19-21", CELL_AGE_BAND, 19, 21}, {"Usia 22-59", CELL_AGE_BAND, 22, 59},
			{"Usia 60 Tahun keatas", CELL_AGE_BAND, 60, 130}, {"Penerima BPNT", CELL_OLD_RECIPIENT},
			{"Penerima BPUM", CELL_OLD_RECIPIENT}, {"Penerima BST", CELL_OLD_RECIPIENT},
			{"Penerima PKH", CELL_OLD_RECIPIENT}, {"Penerima SEMBAKO", CELL_OLD_RECIPIENT},
			{"Resiko Stunting", CELL_OLD_RECIPIENT}}},
	[SIM_PKH] = {';', SIM_UTF8_BOM, "\r\n", .curly = true,
		.columns = {{"no", CELL_NUMBER}, {"nik_ktp", CELL_NIK}, {"no_kk", CELL_KK}, {"nama_penerima", CELL_NAME},
			{"tgl_lahir", CELL_BIRTH_SLASH}, {"jk", CELL_SEX_LETTER}, {"alamat", CELL_ADDRESS}, {"rt", CELL_RT},
			{"rw", CELL_RW}, {"kelurahan", CELL_VILLAGE}, {"kecamatan", CELL_KECAMATAN},
			{"nominal", CELL_AMOUNT, 750000, 0}}},
	[SIM_BPNT] = {.titles = {"DAFTAR KPM PROGRAM SEMBAKO / BPNT", "%s"}, .total = "JUMLAH", .total_column = 1,
		.columns = {{"NO", CELL_NUMBER}, {"NAMA KPM", CELL_NAME}, {"NIK KPM", CELL_NIK}, {"TGL LHR", CELL_BIRTH_SHORT},
			{"L/P", CELL_SEX_LETTER}, {"ALAMAT", CELL_ADDRESS_RT}, {"NO REKENING", CELL_ACCOUNT},
			{"NOMINAL", CELL_AMOUNT, 200000, 0}}},
	[SIM_BLT_DD] = {'\t', SIM_WINDOWS_1252, "\r\n", .curly = true,
		.titles = {"DAFTAR KELUARGA PENERIMA MANFAAT BLT DANA DESA", "%s", "Tahun Anggaran 2024 – Tahap II", ""},
		.total = "Jumlah", .total_column = 1, .signature = "Kepala Dinas Pemberdayaan Masyarakat dan Desa",
		.columns = {{"No.", CELL_NUMBER}, {"Nama Kepala Keluarga", CELL_NAME}, {"No. KTP", CELL_NIK}, {"No. KK", CELL_KK},
			{"Tempat/Tgl Lahir", CELL_PLACE_BIRTH}, {"Alamat", CELL_ADDRESS}, {"RT/RW", CELL_RT_RW},
			{"Desa", CELL_VILLAGE}, {"Kecamatan", CELL_KECAMATAN}, {"Jumlah Jiwa", CELL_FAMILY_SIZE}}},
	[SIM_PBI_JK] = {'|', SIM_UTF16_LE_BOM, "\r\n", .quoted = true,
		.columns = {{"nomor_kartu_keluarga", CELL_KK}, {"nomor_induk_kependudukan", CELL_NIK}, {"nama_lengkap", CELL_NAME},
			{"tempat_lahir", CELL_BIRTH_PLACE}, {"tanggal_lahir", CELL_BIRTH_DASH}, {"jenis_kelamin", CELL_SEX_NUMBER},
			{"status_hubungan_keluarga", CELL_RELATION_CODE}, {"kd_kec", CELL_BPS_KECAMATAN},
			{"kd_desa", CELL_BPS_VILLAGE}, {"rt_ktp", CELL_RT}, {"rw_ktp", CELL_RW}, {"alamat_ktp", CELL_ADDRESS}}},
	[SIM_PIP] = {',', SIM_WINDOWS_1252, "\r\n", .title_case = true, .curly = true,
		.titles = {"Daftar Siswa Penerima Program Indonesia Pintar", "%s – Semester Genap"}, .total = "Total", .total_column = 2,
		.columns = {{"No", CELL_NUMBER}, {"NISN", CELL_PUPIL_NUMBER}, {"Nama Siswa", CELL_NAME}, {"NIK", CELL_NIK},
			{"Tempat, Tanggal Lahir", CELL_PLACE_BIRTH_WORDS}, {"L/P", CELL_SEX_LETTER}, {"Nama Sekolah", CELL_SCHOOL},
			{"Kelas", CELL_CLASS}, {"Nama Orang Tua", CELL_HEAD_NAME}, {"Alamat", CELL_ADDRESS_RT},
			{"Desa/Kelurahan", CELL_VILLAGE}, {"Nominal", CELL_AMOUNT, 450000, 0}}},
	[SIM_RTLH] = {';', SIM_UTF8, "\n", .total = "TOTAL", .total_column = 1,
		.columns = {{"NO", CELL_NUMBER}, {"NAMA PEMOHON", CELL_NAME}, {"NIK", CELL_NIK}, {"NO. KK", CELL_KK},
			{"TGL LAHIR", CELL_BIRTH_SERIAL}, {"JENIS KELAMIN", CELL_SEX_WORD}, {"ALAMAT", CELL_ADDRESS},
			{"RT", CELL_RT}, {"RW", CELL_RW}, {"KODE WILAYAH", CELL_CODE_DOTTED},
			{"NILAI BANTUAN", CELL_AMOUNT, 20000000, 0}}},
	[SIM_ASN] = {',', SIM_UTF8, "\n",
		.columns = {{"NIP", CELL_STAFF_NUMBER}, {"Nama", CELL_NAME}, {"NIK", CELL_NIK}, {"Tanggal Lahir", CELL_BIRTH_DASH},
			{"Jenis Kelamin", CELL_SEX_LETTER}, {"Unit Kerja", CELL_AGENCY}}},
	[SIM_MENINGGAL] = {'|', SIM_UTF8, "\n",
		.columns = {{"NO", CELL_NUMBER}, {"NIK", CELL_NIK}, {"NAMA", CELL_NAME}, {"TGL_LAHIR", CELL_BIRTH_ISO},
			{"JENIS_KELAMIN", CELL_SEX_LETTER}, {"DESA", CELL_VILLAGE}, {"TGL_MENINGGAL", CELL_DEATH_ISO}}},
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

int sim_writing_stopped(struct error *err)
{
	return error_set(err, ERROR_CANCELLED, "Dihentikan; tidak ada yang ditulis.", "Stopped; nothing was written.");
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
		sim_text_printf(text, "%s%sMengetahui,%s%s%s%s", layout->line_end, separator, layout->line_end, separator,
			layout->signature, layout->line_end);
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

		if (r % 4096 == 0 && writing->stop && writing->stop(writing->stop_arg)) {
			sim_writing_stopped(err);
			goto out;
		}
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
