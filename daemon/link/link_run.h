/*
 * padan dedupe and padan link: both are one run over one file or two. Called by daemon/cli/cli_dedupe.c and cli_link.c, which
 * differ in their operands and in --one-to-one.
 */
#ifndef PADAN_LINK_RUN_H
#define PADAN_LINK_RUN_H

#include "daemon/base/options.h"

struct link_options {
	const char *id, *out, *pairs, *model, *save_model, *stats;
	struct option_list as;
	double threshold; /* 0: chosen without labels */
	bool one_to_one;
	long threads; /* 0: all cores */
};

/* The rows of the option table that both verbs have, for a struct link_options called o. */
#define LINK_OPTIONS(o) \
	{"id", OPTION_TEXT, &(o).id, "COL", "Kolom kunci baris (bawaan: id, rec_id, unique_id; bila tidak ada, nomor baris)", \
		"The column with the rows' own keys (by default id, rec_id, unique_id; else the row number)"}, \
		{"as", OPTION_LIST, &(o).as, "COL=TYPE", \
			"Jenis suatu kolom; boleh berulang: name given_name surname nik kk identifier date sex code number address text email ignore", \
			"A column's type; repeatable: name given_name surname nik kk identifier date sex code number address text email ignore"}, \
		{"out", OPTION_TEXT, &(o).out, "FILE", "Hasil id,cluster_id (bawaan: keluaran standar)", \
			"The result id,cluster_id (standard output by default)"}, \
		{"pairs", OPTION_TEXT, &(o).pairs, "FILE", "Pasangan id_l,id_r,weight,probability", \
			"The pairs id_l,id_r,weight,probability"}, \
		{"threshold", OPTION_NUMBER, &(o).threshold, "P", "Peluang kecocokan minimum, 0..1 (bawaan: dipilih sendiri)", \
			"Least probability of a match, 0..1 (by default chosen by the engine)", .min = 0, .max = 1}, \
		{"model", OPTION_TEXT, &(o).model, "FILE", "Pakai model tersimpan, tanpa belajar", \
			"Use a saved model instead of training"}, \
		{"save-model", OPTION_TEXT, &(o).save_model, "FILE", "Simpan model (berkas teks)", "Save the model (a text file)"}, \
		{"threads", OPTION_INTEGER, &(o).threads, "N", "Jumlah utas (bawaan: semua inti prosesor)", \
			"Number of threads (by default all cores)", .min = 1, .max = 1024}, \
		{"stats", OPTION_TEXT, &(o).stats, "FILE", "Angka-angka proses sebagai JSON", "Figures of the run as JSON"}

/* The whole run; what goes wrong is said on stderr. Returns the exit status. */
int link_run(const char *verb, const struct link_options *options, const char *const *paths, size_t n_paths, enum lang lang);

#endif
