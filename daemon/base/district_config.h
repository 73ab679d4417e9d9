/*
 * The one configuration file of a district, as `padan apply` and `padan check` read it: programmes and dated rules
 * (struct ruleset, which the decisions work on), offices, expected lists, words for columns, alerts, thresholds.
 * The form of the file is ini_text.h's; every section and key is in the table of district_config.c, which also prints
 * the reference for documentation and `padan doctor`.
 *
 * Beside what everybody's contract shows (district, office, programme, reference, rule):
 *
 *	[programme pkh]
 *	expected = 1, 4, 7, 10     ; yes (default) | no | the months whose period waits for its list
 *
 *	[reference asn]
 *	office = bkpsdm            ; that may send it; without it an administrator alone
 *
 *	[target]                   ; the target list
 *	office = bappeda           ; that may send it; without it an administrator alone
 *
 *	[period 2024-07]           ; a period that waits for other lists than usual
 *	expected = pkh, blt_dd
 *
 *	[columns]                  ; what offices call their columns, beside what is known already; keys: column_role.h
 *	nik = no identitas, nomor id
 *
 *	[alerts]
 *	email               = bappeda@muarojambi.example, kabid@muarojambi.example
 *	from                = padan@muarojambi.example
 *	smtp                = smtps://mail.muarojambi.example:465
 *	smtp_user           = padan                 ; passwords never stand here: systemd credentials
 *	webhook             = https://bappeda.example/padan
 *	inclusion_share     = 10 %                  ; of a list's entries; more is told at once
 *	excluded_in_village = 50                    ; households; more is told at once
 *	digest_hour         = 7                     ; 0..23, or no
 *
 *	[villages]
 *	file = desa.csv            ; official codes of a district outside the program's own tables; beside this file
 *
 *	[thresholds]
 *	finding  = 0.9             ; flags less certain than this are "perlu dicek"
 *	link     =                 ; probability from which two rows are one person; empty: chosen by the engine
 *	doubtful = 0.05            ; pairs from here to link are looked at by a person
 */
#ifndef PADAN_DISTRICT_CONFIG_H
#define PADAN_DISTRICT_CONFIG_H

#include "daemon/base/config_faults.h"
#include "matcher/base/arena.h"
#include "matcher/flag/rules.h"
#include "matcher/normalise/column_role.h"

#include <stdio.h>

enum { DIGEST_NEVER = 24 };

struct alert_config {
	const struct str *emails; /* Bappeda's */
	size_t n_emails;
	struct str from, smtp_url, smtp_user, webhook_url; /* empty: not used */
	double inclusion_share;       /* 0..1; 0: no limit */
	unsigned excluded_in_village; /* 0: no limit */
	unsigned digest_hour;         /* 0..23 or DIGEST_NEVER */
};

/* A period whose expected lists the file names itself. */
struct period_config {
	struct str code;       /* "2024-07" or "2024" */
	const int *programmes; /* indices */
	size_t n_programmes;
	unsigned line;
};

struct district_config {
	struct ruleset rules;
	uint32_t district;  /* 1505 */
	int target_office;  /* -1: an administrator alone may send the target list */
	struct alert_config alerts;
	const struct period_config *periods;
	size_t n_periods;
	struct str villages_file; /* as written; empty: none */
	const struct column_synonym *synonyms;
	size_t n_synonyms;
	double link_threshold; /* 0: chosen by the engine */
	double doubtful_from;  /* 0: the engine's own */
};

/*
 * Reads the text of a file. All texts of out are copies in the arena. On -1 with ERROR_INPUT, faults (which may be NULL)
 * holds all that is wrong, and err the first of it.
 */
int district_config_parse(struct str text, struct arena *arena, struct district_config *out,
	struct config_faults *faults, struct error *err) PADAN_MUST_CHECK;

/* The same from a file; errors name it. */
int district_config_read(const char *path, struct arena *arena, struct district_config *out,
	struct config_faults *faults, struct error *err) PADAN_MUST_CHECK;

/* Prints faults one a line, as "FILE:12: …" (English or Indonesian), and how many more there are. */
void district_config_print_faults(const struct config_faults *faults, const char *path, bool english, FILE *to);

/* Every section and key with what it means, in the reader's language: the reference that the guide shows. */
void district_config_print_reference(bool english, FILE *to);

#endif
