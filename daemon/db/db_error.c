/*
 * PostgreSQL's refusals as struct error, without personal data. See db_error.h.
 */
#include "daemon/db/db_error.h"

#include <stdio.h>
#include <string.h>

/* What a SQLSTATE class usually means for whoever reads the message, and what to do about it. */
struct meaning {
	const char *prefix; /* longest match first */
	const char *id, *en;
};

static const struct meaning meanings[] = {
	{"42501", "Peran basis data ini tidak berhak; pakai peran lain (--db \"user=…\")",
		"this database role is not allowed to; use another one (--db \"user=…\")"},
	{"3F000", "Basis data belum disiapkan; jalankan: padan migrate", "the database is not prepared; run: padan migrate"},
	{"42P01", "Basis data belum disiapkan atau versinya lain; jalankan: padan migrate",
		"the database is not prepared or of another version; run: padan migrate"},
	{"42883", "Basis data belum disiapkan atau versinya lain; jalankan: padan migrate",
		"the database is not prepared or of another version; run: padan migrate"},
	{"42703", "Basis data versinya lain; jalankan: padan migrate", "the database is of another version; run: padan migrate"},
	{"25006", "Server hanya dapat dibaca (siaga); sambungkan ke server utama",
		"the server is read-only (a standby); connect to the primary"},
	{"53100", "Diska server penuh; kosongkan ruang lalu ulangi", "the server's disk is full; make room and try again"},
	{"53200", "Server kehabisan memori", "the server is out of memory"},
	{"53300", "Server mencapai batas sambungan; tunggu atau naikkan max_connections",
		"the server has reached its limit of connections; wait or raise max_connections"},
	{"57014", "Dibatalkan, atau melewati batas waktu", "cancelled, or past its time limit"},
	{"57P", "Server sedang berhenti atau memulai; ulangi sebentar lagi",
		"the server is stopping or starting; try again in a moment"},
	{"22", "Ada nilai yang tidak dapat disimpan", "a value cannot be stored"},
	{"23", "Bertentangan dengan data yang ada", "in conflict with what is stored"},
	{"", "PostgreSQL menolak", "PostgreSQL refused"},
};

static const struct meaning *find_meaning(const char *sqlstate)
{
	const struct meaning *m = meanings;

	while (strncmp(sqlstate, m->prefix, strlen(m->prefix)) != 0)
		m++;
	return m;
}

static const char *field_or_empty(const PGresult *result, int field)
{
	const char *value = PQresultErrorField(result, field);

	return value ? value : "";
}

/* error_set() for two texts that were made elsewhere. */
static int set_texts(struct error *err, enum error_kind kind, const char *id, const char *en)
{
	struct error english = {0};

	if (!err || err->kind != ERROR_NONE)
		return -1;
	error_set(err, kind, "%s", "%s", id);
	error_set(&english, kind, "%s", "%s", en);
	memcpy(err->en, english.en, sizeof err->en);
	return -1;
}

int db_error_from_result(struct error *err, const PGresult *result)
{
	const char *sqlstate = field_or_empty(result, PG_DIAG_SQLSTATE);
	const char *message = field_or_empty(result, PG_DIAG_MESSAGE_PRIMARY);
	const char *hint = field_or_empty(result, PG_DIAG_MESSAGE_HINT);
	const char *table = field_or_empty(result, PG_DIAG_TABLE_NAME);
	const char *constraint = field_or_empty(result, PG_DIAG_CONSTRAINT_NAME);
	const char *column = field_or_empty(result, PG_DIAG_COLUMN_NAME);
	const struct meaning *meaning = find_meaning(sqlstate);
	char where[200], id[ERROR_TEXT_MAX], en[ERROR_TEXT_MAX];

	if (strncmp(sqlstate, "PD", 2) == 0)
		return set_texts(err, ERROR_INPUT, message, *hint ? hint : message);
	/* Data exceptions quote the value; "invalid input syntax for type bigint: …". */
	if (strncmp(sqlstate, "22", 2) == 0)
		message = "";
	snprintf(where, sizeof where, "%s%s%s%s%s%s%s", *sqlstate ? " [" : "", sqlstate, *table ? " " : "", table,
		*constraint || *column ? " " : "", *constraint ? constraint : column, *sqlstate ? "]" : "");
	snprintf(id, sizeof id, "%s%s%s%s", meaning->id, *message ? ": " : "", message, where);
	snprintf(en, sizeof en, "Database: %s%s%s%s", meaning->en, *message ? ": " : "", message, where);
	return set_texts(err, ERROR_DATABASE, id, en);
}

int db_error_from_connection(struct error *err, PGconn *conn)
{
	const char *message = PQerrorMessage(conn);
	size_t n = strcspn(message ? message : "", "\n");

	return error_set(err, ERROR_DATABASE,
		"Tidak tersambung ke PostgreSQL (%.*s); periksa --db, PGHOST atau PGSERVICE, dan apakah servernya berjalan.",
		"Not connected to PostgreSQL (%.*s); check --db, PGHOST or PGSERVICE, and whether the server runs.", (int)n,
		message ? message : "");
}

bool db_error_is_passing(const char *sqlstate)
{
	static const char *const passing[] = {"40001", "40P01", "08", "57P", "53", "55P03", "25006"};

	for (size_t i = 0; i < sizeof passing / sizeof *passing; i++)
		if (strncmp(sqlstate, passing[i], strlen(passing[i])) == 0)
			return true;
	return false;
}
