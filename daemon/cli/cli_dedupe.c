/* padan dedupe: which rows of one file are the same person. The work is daemon/link/link_run.c. */
#include "daemon/cli/cli.h"
#include "daemon/link/link_run.h"

int cli_dedupe(int argc, char **argv)
{
	struct link_options o = {.threshold = 0};
	const struct option_spec options[] = {LINK_OPTIONS(o), {0}};
	const struct command_spec command = {"dedupe", "FILE.csv",
		"Mencari orang yang tercatat lebih dari sekali dalam satu berkas. Jenis kolom ditebak dari judul dan isinya;\n"
		"tebakannya ditampilkan. Menulis id,cluster_id: baris dengan cluster_id sama adalah orang yang sama.",
		"Finds persons who stand in a file more than once. The columns' types are guessed from header and contents, and\n"
		"the guess is shown. Writes id,cluster_id: rows of one cluster_id are one person.",
		options, 1, 1, "  padan dedupe penduduk.csv --out orang.csv\n  padan dedupe people.csv --as ssn=identifier --pairs pairs.csv"};
	struct options_result got;
	int status = options_parse_or_exit_status(&command, argc, argv, &got);

	if (status != OPTIONS_GO_ON)
		return status;
	return link_run("dedupe", &o, (const char *const *)got.operands, 1, got.lang);
}
