/*
 * Cells of an export, and the CSV form. See export_rows.h.
 */
#include "daemon/export/export_rows.h"

#include "daemon/ingest/file_writer.h"

#include <stdio.h>

const char *export_header(enum export_column column)
{
	static const char *const headers[EXPORT_COLUMNS] = {
		[EXPORT_FLAG] = VERIFICATION_FLAG_HEADER,
		[EXPORT_KIND] = "Jenis",
		[EXPORT_NAME] = "Nama",
		[EXPORT_NIK] = "NIK",
		[EXPORT_BIRTH] = "Tanggal Lahir",
		[EXPORT_RT] = "RT/RW",
		[EXPORT_ADDRESS] = "Alamat",
		[EXPORT_PROGRAMME] = "Program",
		[EXPORT_STATE] = "Sifat",
		[EXPORT_ASK] = "Yang Ditanyakan",
		[EXPORT_EXPLANATION] = "Penjelasan",
		[EXPORT_TICK_RIGHT] = "Benar",
		[EXPORT_TICK_WRONG] = "Salah",
		[EXPORT_RESULT] = VERIFICATION_RESULT_HEADER,
		[EXPORT_NOTE] = VERIFICATION_NOTE_HEADER,
	};

	return headers[column];
}

const char *export_question(enum flag_kind kind, enum lang lang)
{
	static const char *const questions[FLAG_KINDS][2] = {
		[FLAG_EXCLUSION] = {"Apakah keluarga ini masih tinggal di sini dan belum menerima bantuan apa pun?",
			"Does this family still live here, and does it receive no aid at all?"},
		[FLAG_INCLUSION] = {"Apakah keluarga ini layak menerima? Bagaimana rumah dan penghasilannya?",
			"Is this family entitled? What are its house and income like?"},
		[FLAG_OVERLAP] = {"Bantuan mana saja yang benar-benar diterima keluarga ini?", "Which aid does this family really receive?"},
		[FLAG_DUP_PERSON_IN_LIST] = {"Apakah kedua nama ini satu orang? Cocokkan dengan KTP.",
			"Are these two names one person? Compare with the identity card."},
		[FLAG_DUP_HOUSEHOLD_IN_LIST] = {"Apakah keduanya satu keluarga (satu KK, satu dapur)?",
			"Are both one family (one card, one kitchen)?"},
		[FLAG_NIK_CONFLICT] = {"NIK ini milik siapa? Lihat KTP atau KK.", "Whose NIK is this? Look at the identity or family card."},
		[FLAG_INELIGIBLE] = {"Apakah keadaan keluarga ini sesuai dengan desilnya?", "Does this family live as its desil says?"},
		[FLAG_COOLDOWN] = {"Kapan bantuan ini terakhir diterima?", "When was this aid last received?"},
		[FLAG_QUOTA] = {"Apakah masih berhak, bila kuota dibatasi?", "Still entitled, if the quota is kept?"},
		[FLAG_BARRED] = {"Apakah orang ini (atau anggota keluarganya) memang tercatat di daftar acuan itu?",
			"Is this person (or a member of the family) really on that reference list?"},
		[FLAG_DATA_QUALITY] = {"Salin NIK, KK dan tanggal lahir yang benar dari kartunya.",
			"Copy the right NIK, KK number and birth date from the card."},
		[FLAG_MUST_RECEIVE] = {"Apakah keluarga ini belum menerima bantuan yang menjadi haknya?",
			"Does this family lack the aid it is entitled to?"},
	};

	return kind < FLAG_KINDS ? questions[kind][lang] : "";
}

static void add_text(struct strbuf *out, const char *text)
{
	strbuf_add(out, str_from(text));
}

int export_cell(const struct flag_case *flag, enum export_column column, const struct export_style *style, struct strbuf *out,
	struct error *err)
{
	const struct explain_style explain = {.english = style->lang == LANG_EN, .unmasked = style->unmasked, .one_line = true};
	const struct explain_party *at = &flag->explained.at;

	strbuf_clear(out);
	switch (column) {
	case EXPORT_FLAG:
		add_text(out, flag->number);
		break;
	case EXPORT_KIND:
		add_text(out, explain_kind(flag->flag.kind, explain.english));
		break;
	case EXPORT_NAME:
		explain_value(at, EXPLAIN_NAME, &explain, out);
		break;
	case EXPORT_NIK:
		explain_value(at, EXPLAIN_NIK, &explain, out);
		break;
	case EXPORT_BIRTH:
		explain_value(at, EXPLAIN_BIRTH, &explain, out);
		break;
	case EXPORT_RT:
		explain_value(at, EXPLAIN_RT, &explain, out);
		break;
	case EXPORT_ADDRESS:
		explain_value(at, EXPLAIN_ADDRESS, &explain, out);
		break;
	case EXPORT_PROGRAMME:
		add_text(out, flag->programme);
		break;
	case EXPORT_STATE:
		add_text(out, explain_state(flag->flag.state, explain.english));
		break;
	case EXPORT_ASK:
		add_text(out, export_question(flag->flag.kind, style->lang));
		break;
	case EXPORT_EXPLANATION:
		if (explain_flag(&flag->explained, &explain, out, err) < 0)
			return -1;
		break;
	case EXPORT_TICK_RIGHT:
	case EXPORT_TICK_WRONG:
		add_text(out, "☐");
		break;
	case EXPORT_RESULT:
	case EXPORT_NOTE:
	case EXPORT_COLUMNS:
		break;
	}
	return strbuf_failed(out, err);
}

static void write_place(struct file_writer *writer, const struct flag_case *flag)
{
	file_writer_cell_safe(writer, str_from(flag->kecamatan));
	file_writer_cell_safe(writer, flag->explained.at.village.n ? flag->explained.at.village
							    : flag->explained.at.entry ? flag->explained.at.entry->village_text
										       : (struct str){"", 0});
}

int export_csv(struct flag_cases *cases, const char *path, const struct export_style *style, struct error *err)
{
	struct file_writer *writer = file_writer_open(path, err);
	struct flag_case flag;
	struct strbuf cell;
	int rc = writer ? 0 : -1;

	strbuf_init(&cell, EXPLAIN_TEXT_MAX);
	if (rc == 0) {
		file_writer_cell_text(writer, "Kecamatan");
		file_writer_cell_text(writer, "Desa");
		for (int c = 0; c < EXPORT_COLUMNS; c++)
			if (c != EXPORT_TICK_RIGHT && c != EXPORT_TICK_WRONG)
				file_writer_cell_text(writer, export_header(c));
		file_writer_row_end(writer);
	}
	for (int i = 0; rc == 0 && i < cases->n; i++) {
		rc = flag_cases_get(cases, i, &flag, err);
		if (rc == 0)
			write_place(writer, &flag);
		for (int c = 0; rc == 0 && c < EXPORT_COLUMNS; c++) {
			if (c == EXPORT_TICK_RIGHT || c == EXPORT_TICK_WRONG)
				continue;
			rc = export_cell(&flag, c, style, &cell, err);
			file_writer_cell_safe(writer, strbuf_str(&cell));
		}
		if (rc == 0)
			file_writer_row_end(writer);
	}
	if (rc == 0)
		rc = file_writer_finish(writer, err);
	file_writer_free(writer);
	strbuf_release(&cell);
	return rc;
}
