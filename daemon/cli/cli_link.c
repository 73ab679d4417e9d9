/*
 * padan dedupe: which rows of one file are the same person; padan link: who stands in both of two files. One table of options,
 * whose last row is link's alone. The work is daemon/link/link_run.c.
 */
#include "daemon/cli/cli.h"
#include "daemon/cli/cli_common.h"
#include "daemon/link/link_run.h"

#include <string.h>

struct verb {
	const char *name, *operands, *id, *en, *examples;
	size_t files;
};

static int run(const struct verb *verb, int argc, char **argv)
{
	struct link_options o = {.threshold = 0};
	const bool two = verb->files == 2;
	const struct option_spec one_to_one = {"one-to-one", OPTION_FLAG, &o.one_to_one, NULL,
		"Setiap baris paling banyak punya satu pasangan", "Each row has at most one partner"};
	const struct option_spec options[] = {
		{"id", OPTION_TEXT, &o.id, "COL", "Kolom kunci baris (bawaan: id, rec_id, unique_id; bila tidak ada, nomor baris)",
			"The column with the rows' own keys (by default id, rec_id, unique_id; else the row number)"},
		{"as", OPTION_LIST, &o.as, "COL=TYPE",
			"Jenis suatu kolom; boleh berulang: name given_name surname nik kk identifier date sex code number address text email ignore",
			"A column's type; repeatable: name given_name surname nik kk identifier date sex code number address text email ignore"},
		{"out", OPTION_TEXT, &o.out, "FILE", "Hasil id,cluster_id (bawaan: keluaran standar)",
			"The result id,cluster_id (standard output by default)"},
		{"pairs", OPTION_TEXT, &o.pairs, "FILE", "Pasangan id_l,id_r,weight,probability", "The pairs id_l,id_r,weight,probability"},
		{"threshold", OPTION_NUMBER, &o.threshold, "P", "Peluang kecocokan minimum, 0..1 (bawaan: dipilih sendiri)",
			"Least probability of a match, 0..1 (by default chosen by the engine)", .min = 0, .max = 1},
		{"explain", OPTION_LIST, &o.explain, "ROW",
			"Jelaskan orang dari baris dengan kunci ini; dua kali: mengapa kedua baris satu orang atau bukan. Tanpa --out hanya penjelasannya",
			"Explain the person of the row with this key; twice: why two rows are one person or not. Without --out, the explanation alone"},
		{"model", OPTION_TEXT, &o.model, "FILE", "Pakai model tersimpan, tanpa belajar", "Use a saved model instead of training"},
		{"save-model", OPTION_TEXT, &o.save_model, "FILE", "Simpan model (berkas teks)", "Save the model (a text file)"},
		{"threads", OPTION_INTEGER, &o.threads, "N", "Jumlah utas (bawaan: semua inti prosesor)",
			"Number of threads (by default all cores)", .min = 1, .max = 1024},
		{"stats", OPTION_TEXT, &o.stats, "FILE", "Angka-angka proses sebagai JSON", "Figures of the run as JSON"},
		two ? one_to_one : (struct option_spec){0},
		{0},
	};
	const struct command_spec command = {verb->name, verb->operands, verb->id, verb->en, options, verb->files, verb->files,
		verb->examples};
	struct options_result got;
	struct error err = {0};
	int status = options_parse_or_exit_status(&command, argc, argv, &got);

	if (status != OPTIONS_GO_ON)
		return status;
	if (link_run(&o, (const char *const *)got.operands, verb->files, got.lang, &err) < 0)
		return cli_fail(verb->name, got.lang, &err);
	return 0;
}

int cli_dedupe(int argc, char **argv)
{
	static const struct verb dedupe = {"dedupe", "FILE",
		"Mencari orang yang tercatat lebih dari sekali dalam satu berkas: CSV atau XLSX, seperti yang dibaca padan import.\n"
		"Jenis kolom ditebak dari judul dan isinya; tebakannya ditampilkan. Menulis id,cluster_id: baris dengan\n"
		"cluster_id sama adalah orang yang sama.",
		"Finds persons who stand in a file more than once: CSV or XLSX, as padan import reads them. The columns' types are\n"
		"guessed from header and contents, and the guess is shown. Writes id,cluster_id: rows of one cluster_id are one person.",
		"  padan dedupe penduduk.csv --out orang.csv\n  padan dedupe people.csv --as ssn=identifier --pairs pairs.csv\n"
		"  padan dedupe penduduk.csv --explain 12 --explain 57", 1};

	return run(&dedupe, argc, argv);
}

int cli_link(int argc, char **argv)
{
	static const struct verb link = {"link", "A B",
		"Mencari orang yang ada di kedua berkas. Kolom dengan judul sama, atau jenis sama, dibandingkan.\n"
		"Menulis id,cluster_id untuk semua baris A lalu B; id yang ada di keduanya ditulis a:ID dan b:ID.",
		"Finds who stands in both files. Columns of one name, or else of one type, are compared with each other.\n"
		"Writes id,cluster_id for all rows of A, then of B; ids that stand in both are written a:ID and b:ID.",
		"  padan link sensus.csv bantuan.csv --one-to-one --out orang.csv", 2};

	return run(&link, argc, argv);
}
