/*
 * The command line: `padan VERB …`. Finds the verb in one table and hands over; each verb lives in a file of its own,
 * daemon/cli/cli_VERB.c, reads its own options and answers `padan VERB --help`.
 *
 * Here is only what all verbs share: --help, --version and --lang (kept in PADAN_LANG, see daemon/base/lang.h).
 */
#include "daemon/base/lang.h"
#include "daemon/base/version.h"
#include "daemon/cli/cli.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_DONE = 0, EXIT_USAGE = 2 };

struct verb {
	const char *name;
	int (*run)(int argc, char **argv); /* argv[0] is the verb; returns the exit status */
	const char *help_id;               /* one line */
	const char *help_en;
};

/* In the order of --help: from lists to flags, then what surrounds them. */
static const struct verb verbs[] = {
	{"check", cli_check, "memeriksa daftar dari berkas, tanpa basis data", "checks lists from files, without a database"},
	{"migrate", cli_migrate, "menyiapkan basis data, atau membawanya ke versi program ini",
		"prepares the database, or brings it to this program's version"},
	{"apply", cli_apply, "menerapkan konfigurasi kabupaten: dinas, program, aturan",
		"applies a district's configuration: offices, programmes, rules"},
	{"import", cli_import, "memasukkan daftar, atau hasil verifikasi lapangan",
		"takes in a list, or the results of a check at the door"},
	{"lists", cli_lists, "daftar yang diterima; menarik, memusnahkan, menutup periode",
		"the lists that came; withdraws, erases, closes a period"},
	{"status", cli_status, "keadaan: padand, antrean, daftar, temuan, pesan",
		"how things stand: daemons, queue, lists, flags, alerts"},
	{"flags", cli_flags, "temuan, yang terberat lebih dahulu", "the flags, gravest first"},
	{"explain", cli_explain, "menjelaskan suatu temuan, dengan buktinya", "explains a flag, with its evidence"},
	{"decide", cli_decide, "mencatat putusan: temuan benar atau salah, orang yang sama atau bukan",
		"records a decision: a flag is right or wrong, two rows the same person or not"},
	{"search", cli_search, "mencari orang dalam semua daftar", "finds persons in all lists"},
	{"export", cli_export, "menulis temuan untuk verifikasi lapangan (XLSX, CSV)", "writes flags for a check at the door (XLSX, CSV)"},
	{"user", cli_user, "pengguna web: membuat, memberi tautan masuk, menutup", "users of the web: makes them, gives them a link to log in, shuts them out"},
	{"token", cli_token, "token API untuk sistem milik dinas", "API tokens for offices' own systems"},
	{"audit", cli_audit, "jejak audit: membuktikan keutuhannya, siapa melihat siapa", "the audit trail: proves that it is whole, who saw whom"},
	{"doctor", cli_doctor, "memeriksa segala yang biasanya keliru dan mengatakan perbaikannya",
		"checks all that commonly goes wrong and says the mend"},
	{"dedupe", cli_dedupe, "mencari orang yang tercatat ganda dalam satu berkas", "finds who stands in one file twice"},
	{"link", cli_link, "mencari orang yang ada di dua berkas", "finds who stands in both of two files"},
	{"simulate", cli_simulate, "menulis kabupaten buatan untuk latihan dan uji coba",
		"writes a made-up district for training and trials"},
	{NULL, NULL, NULL, NULL},
};

static void print_help(FILE *to, enum lang lang)
{
	fputs(lang_text(lang,
		      "Padan – mencocokkan daftar penerima bantuan dan menandai kesalahan sasaran.\n\n"
		      "Pemakaian: padan PERINTAH [opsi]\n\nPerintah:\n",
		      "Padan – matches aid lists against each other and flags targeting errors.\n\n"
		      "Usage: padan COMMAND [options]\n\nCommands:\n"),
		to);
	for (const struct verb *verb = verbs; verb->name; verb++)
		fprintf(to, "  %-10s %s\n", verb->name, lang_text(lang, verb->help_id, verb->help_en));
	fputs(lang_text(lang,
		      "\nOpsi umum:\n"
		      "  --lang id|en   bahasa; tanpa ini menurut LANG, bawaan bahasa Indonesia\n"
		      "  --version      versi program\n\n"
		      "`padan PERINTAH --help` menjelaskan tiap perintah.\n",
		      "\nCommon options:\n"
		      "  --lang id|en   language; without it by LANG, Indonesian by default\n"
		      "  --version      the program's version\n\n"
		      "`padan COMMAND --help` explains each command.\n"),
		to);
}

/* Takes `--lang X` and `--lang=X` out of argv (up to a bare `--`) and keeps X in PADAN_LANG. Returns the new argc, or -1. */
static int take_lang(int argc, char **argv)
{
	int kept = 0;

	for (int i = 0; i < argc; i++) {
		const char *value = NULL;
		enum lang lang;

		if (strcmp(argv[i], "--") == 0) {
			while (i < argc)
				argv[kept++] = argv[i++];
			break;
		}
		if (strncmp(argv[i], "--lang=", 7) == 0)
			value = argv[i] + 7;
		else if (strcmp(argv[i], "--lang") == 0)
			value = i + 1 < argc ? argv[++i] : "";
		if (!value) {
			argv[kept++] = argv[i];
			continue;
		}
		if (lang_parse(value, &lang) < 0 || setenv("PADAN_LANG", value, 1) < 0)
			return -1;
	}
	argv[kept] = NULL;
	return kept;
}

int main(int argc, char **argv)
{
	enum lang lang;

	/* As in padand.c: one heap, and large blocks each a mapping of its own, given back when they are freed. */
	mallopt(M_ARENA_MAX, 1);
	mallopt(M_MMAP_THRESHOLD, 256 << 10);
	argc = take_lang(argc, argv);
	lang = lang_from_environment();
	if (argc < 0) {
		fputs("padan: --lang harus id atau en / --lang must be id or en\n", stderr);
		return EXIT_USAGE;
	}
	if (argc < 2) {
		print_help(stderr, lang);
		return EXIT_USAGE;
	}
	if (argc == 3 && strcmp(argv[1], "help") == 0) { /* help VERB is VERB --help */
		argv[1] = argv[2];
		argv[2] = "--help";
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
		print_help(stdout, lang);
		return EXIT_DONE;
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts("padan " PADAN_VERSION);
		return EXIT_DONE;
	}
	for (const struct verb *verb = verbs; verb->name; verb++) {
		if (strcmp(argv[1], verb->name) == 0)
			return verb->run(argc - 1, argv + 1);
	}
	fprintf(stderr,
		lang_text(lang, "padan: tidak ada perintah \"%s\". `padan --help` menampilkan semuanya.\n",
			"padan: there is no command \"%s\". `padan --help` lists them all.\n"),
		argv[1]);
	return EXIT_USAGE;
}
