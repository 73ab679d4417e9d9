/* padan link: who stands in both of two files. The work is daemon/link/link_run.c. */
#include "daemon/cli/cli.h"
#include "daemon/link/link_run.h"

int cli_link(int argc, char **argv)
{
	struct link_options o = {.threshold = 0};
	const struct option_spec options[] = {LINK_OPTIONS(o),
		{"one-to-one", OPTION_FLAG, &o.one_to_one, NULL, "Setiap baris paling banyak punya satu pasangan",
			"Each row has at most one partner"},
		{0}};
	const struct command_spec command = {"link", "A.csv B.csv",
		"Mencari orang yang ada di kedua berkas. Kolom dengan judul sama, atau jenis sama, dibandingkan.\n"
		"Menulis id,cluster_id untuk semua baris A lalu B; id yang ada di keduanya ditulis a:ID dan b:ID.",
		"Finds who stands in both files. Columns of one name, or else of one type, are compared with each other.\n"
		"Writes id,cluster_id for all rows of A, then of B; ids that stand in both are written a:ID and b:ID.",
		options, 2, 2, "  padan link sensus.csv bantuan.csv --one-to-one --out orang.csv"};
	struct options_result got;
	int status = options_parse_or_exit_status(&command, argc, argv, &got);

	if (status != OPTIONS_GO_ON)
		return status;
	return link_run("link", &o, (const char *const *)got.operands, 2, got.lang);
}
