/*
 * See cli_verb.h.
 */
#include "daemon/cli/cli_verb.h"

#include <stdio.h>

int cli_verb_run(const struct command_spec *command, int argc, char **argv, struct cli_verb *verb,
	int (*run)(struct cli_verb *verb, struct error *err))
{
	struct options_result got;
	struct error err = {0};
	int rc, status = options_parse_or_exit_status(command, argc, argv, &got);

	if (status != OPTIONS_GO_ON)
		return status;
	verb->lang = got.lang;
	verb->words = got.operands;
	verb->n_words = got.operand_count;
	rc = run(verb, &err);
	db_sync_close(&verb->db);
	return rc < 0 ? cli_fail(command->verb, got.lang, &err) : 0;
}

int cli_verb_open(struct cli_verb *verb, struct error *err)
{
	if (db_sync_open(&verb->db, verb->conninfo, err) < 0 ||
		cli_district(&verb->db, verb->district_code, &verb->district_number, err) < 0)
		return -1;
	snprintf(verb->district, sizeof verb->district, "%d", verb->district_number);
	return 0;
}

int cli_verb_act(struct cli_verb *verb, const char *who, const char *sql, int n, const char *const *values, char answer[64],
	struct error *err)
{
	PGresult *result;

	if (db_sync_exec(&verb->db, "BEGIN", err) < 0 || db_sync_act_as(&verb->db, who, err) < 0 ||
		db_sync_query(&verb->db, sql, n, values, &result, err) < 0)
		return -1;
	snprintf(answer, 64, "%s", PQntuples(result) ? db_text(result, 0, 0) : "");
	PQclear(result);
	return db_sync_exec(&verb->db, "COMMIT", err);
}

int cli_verb_show(const struct cli_verb *verb, const PGresult *rows, const struct cli_column *columns, const char *none_id,
	const char *none_en, struct error *err)
{
	if (verb->json)
		return cli_print_json(cli_json_rows(rows), err);
	if (PQntuples(rows))
		return cli_print_table(rows, columns, verb->lang, err);
	puts(lang_text(verb->lang, none_id, none_en));
	return 0;
}

int cli_unmasking_check(const struct cli_unmasking *unmasking, struct error *err)
{
	if (unmasking->wanted && !(unmasking->reason && *unmasking->reason))
		return error_set(err, ERROR_USAGE, "--unmask memerlukan --reason \"…\"; permintaan ini dicatat.",
			"--unmask needs --reason \"…\"; it is recorded.");
	return 0;
}

int cli_unmasking_record(struct cli_verb *verb, const struct cli_unmasking *unmasking, const char *what, const char *flag,
	const char *list, const char *row, int entries, struct error *err)
{
	char count[16], answer[64];

	if (!unmasking->wanted)
		return 0;
	snprintf(count, sizeof count, "%d", entries);
	return cli_verb_act(verb, unmasking->who,
		"SELECT padan.record_unmasking($1::integer, $2, $3::bigint, $4::bigint, $5::integer, $6::bigint, $7)",
		DB_VALUES(verb->district, what, flag, list, row, count, unmasking->reason), answer, err);
}
