/*
 * Which flags. See flag_filter.h.
 */
#include "daemon/cli/flag_filter.h"
#include "daemon/db/sql.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define FLAG_KINDS_CHOICES \
	"EXCLUSION|INCLUSION|OVERLAP|DUP_PERSON_IN_LIST|DUP_HOUSEHOLD_IN_LIST|NIK_CONFLICT|INELIGIBLE|COOLDOWN|QUOTA|" \
	"BARRED|DATA_QUALITY|MUST_RECEIVE"

void flag_filter_init(struct flag_filter *filter)
{
	memset(filter, 0, sizeof *filter);
	filter->status = "open";
}

void flag_filter_options(struct flag_filter *f, struct option_spec *options)
{
	const struct option_spec rows[FLAG_FILTER_OPTIONS] = {
		{"kind", OPTION_CHOICE, &f->kind, "KIND", "Jenis: EXCLUSION, INCLUSION, OVERLAP, …", "Kind: EXCLUSION, INCLUSION, OVERLAP, …",
			.choices = FLAG_KINDS_CHOICES},
		{"programme", OPTION_TEXT, &f->programme, "CODE", "Hanya program ini", "Only this programme"},
		{"village", OPTION_TEXT, &f->village, "VILLAGE", "Hanya desa ini: kode sepuluh angka atau nama",
			"Only this village: its ten digits or its name"},
		{"state", OPTION_CHOICE, &f->state, "STATE", "finding (temuan), to_check (perlu dicek), provisional (sementara)",
			"finding, to_check or provisional", .choices = "finding|to_check|provisional"},
		{"status", OPTION_CHOICE, &f->status, "STATUS",
			"open (belum selesai, bawaan), found, assigned, confirmed, dismissed, resolved, all",
			"open (not settled, the default), found, assigned, confirmed, dismissed, resolved, all",
			.choices = "open|found|assigned|confirmed|dismissed|resolved|all"},
		{"list", OPTION_INTEGER, &f->list, "LIST", "Hanya yang ada pada, atau ditemukan oleh, daftar ini",
			"Only those in this list, or found by it", .min = 1, .max = 1e15},
		{"severity", OPTION_CHOICE, &f->severity, "SEVERITY", "info, low, medium atau high", "info, low, medium or high",
			.choices = "info|low|medium|high"},
		{"office", OPTION_TEXT, &f->office, "OFFICE", "Hanya yang ditugaskan kepada dinas ini", "Only those assigned to this office"},
	};

	memcpy(options, rows, sizeof rows);
}

void flag_filter_values(struct flag_filter *filter, const char *district, const char **values)
{
	const char *all[FLAG_FILTER_PARAMS] = {district, filter->kind, filter->programme, filter->village, filter->state,
		filter->status, filter->list ? filter->list_text : NULL, filter->severity, filter->office};

	snprintf(filter->list_text, sizeof filter->list_text, "%ld", filter->list);
	memcpy(values, all, sizeof all);
}

int flag_filter_check(const struct flag_filter *filter, struct db_sync *db, const char *district, struct error *err)
{
	PGresult *known;
	int rc = 0;

	if (!filter->programme && !filter->village && !filter->office)
		return 0;
	if (db_sync_query(db, sql_find("cli_filter_known"), DB_VALUES(district, filter->programme, filter->village, filter->office),
		    &known, err) < 0)
		return -1;
	if (filter->programme && db_null(known, 0, 0))
		rc = error_set(err, ERROR_INPUT, "Program \"%.40s\" tidak ada; yang ada: %.300s.",
			"There is no programme \"%.40s\"; known are: %.300s.", filter->programme, db_text(known, 0, 1));
	else if (filter->office && db_null(known, 0, 2))
		rc = error_set(err, ERROR_INPUT, "Dinas \"%.40s\" tidak ada; yang ada: %.300s.",
			"There is no office \"%.40s\"; known are: %.300s.", filter->office, db_text(known, 0, 3));
	else if (filter->village && db_null(known, 0, 4) && !db_null(known, 0, 5))
		rc = error_set(err, ERROR_INPUT, "%.60s adalah kecamatan; sebutkan desanya: %.400s.",
			"%.60s is a kecamatan; name one of its villages: %.400s.", filter->village, db_text(known, 0, 5));
	else if (filter->village && db_null(known, 0, 4))
		rc = error_set(err, ERROR_INPUT, "Desa \"%.60s\" tidak ada dalam tabel desa; tulis namanya atau kodenya yang sepuluh angka.",
			"There is no village \"%.60s\" in the table; write its name or its ten digits.", filter->village);
	PQclear(known);
	return rc;
}

int flag_cases_load(struct flag_cases *cases, struct db_sync *db, const char *district, struct flag_filter *filter,
	int64_t number, int64_t most, struct error *err)
{
	const char *values[FLAG_FILTER_PARAMS + 2];
	char number_text[24], most_text[24];
	PGresult *config, *result;
	int rc;

	memset(cases, 0, sizeof *cases);
	if (db_sync_query(db, "SELECT config FROM padan.districts WHERE district = $1::integer", DB_VALUES(district), &config, err) < 0)
		return -1;
	snprintf(number_text, sizeof number_text, "%" PRId64, number);
	snprintf(most_text, sizeof most_text, "%" PRId64, most);
	flag_filter_values(filter, district, values);
	values[FLAG_FILTER_PARAMS] = number ? number_text : NULL;
	values[FLAG_FILTER_PARAMS + 1] = most_text;
	rc = db_sync_query(db, sql_find("cli_cases"), FLAG_FILTER_PARAMS + 2, values, &result, err);
	if (rc == 0)
		rc = flag_cases_take(cases, str_from(PQntuples(config) ? db_text(config, 0, 0) : ""), result, err);
	PQclear(config);
	return rc;
}
