/*
 * `padan doctor`: checks everything that a newcomer gets wrong, and says the mend. Each check is a row of one table: a query
 * whose rows are what is wrong (first column: which), and what to do about it.
 */
#include "daemon/base/district_config.h"
#include "daemon/base/table.h"
#include "daemon/base/text_file.h"
#include "daemon/base/version.h"
#include "daemon/cli/cli.h"
#include "daemon/cli/cli_common.h"
#include "daemon/db/migrate.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum verdict { FINE, WARNING, BROKEN };

struct check {
	const char *name;    /* for programs */
	const char *id, *en; /* what is checked */
	enum verdict verdict; /* when the query gives a row */
	const char *sql;
	const char *mend_id, *mend_en;
};

/* What can be asked of any server. */
static const struct check server_checks[] = {
	{"server_version", "PostgreSQL 15 atau lebih baru", "PostgreSQL 15 or later", BROKEN,
		"SELECT current_setting('server_version') WHERE current_setting('server_version_num')::integer < 150000",
		"pasang PostgreSQL yang lebih baru", "install a newer PostgreSQL"},
	{"encoding", "basis data memakai UTF-8", "the database uses UTF-8", BROKEN,
		"SELECT current_setting('server_encoding') WHERE current_setting('server_encoding') <> 'UTF8'",
		"buat basis data baru: createdb -E UTF8 -T template0 padan", "make a new database: createdb -E UTF8 -T template0 padan"},
	{"read_only", "server dapat ditulis", "the server can be written", BROKEN,
		"SELECT 'standby' WHERE pg_is_in_recovery() UNION ALL "
		"SELECT 'default_transaction_read_only' WHERE current_setting('default_transaction_read_only') = 'on'",
		"sambungkan ke server utama", "connect to the primary"},
	{"durable", "yang disimpan bertahan saat listrik padam", "what is stored survives a power cut", WARNING,
		"SELECT name || ' = ' || setting FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'autovacuum') AND setting = 'off'",
		"nyalakan lagi dalam postgresql.conf", "switch it on again in postgresql.conf"},
	{"log_values", "catatan server tidak memuat data pribadi", "the server's log holds no personal data", WARNING,
		"SELECT name || ' = ' || setting FROM pg_settings WHERE (name, setting) IN (('log_error_verbosity', 'default'), "
		"('log_error_verbosity', 'verbose'), ('log_statement', 'all'), ('log_statement', 'mod'))",
		"postgresql.conf: log_error_verbosity = terse, log_statement = none",
		"postgresql.conf: log_error_verbosity = terse, log_statement = none"},
	{"encrypted", "sambungan jarak jauh dienkripsi", "a remote connection is encrypted", WARNING,
		"SELECT host(client_addr) FROM pg_stat_activity a JOIN pg_stat_ssl s USING (pid) WHERE a.pid = pg_backend_pid() "
		"AND client_addr IS NOT NULL AND client_addr <> '127.0.0.1' AND client_addr <> '::1' AND NOT s.ssl",
		"tambahkan sslmode=require pada --db", "add sslmode=require to --db"},
	{"connections", "masih ada sambungan bebas", "connections are left", WARNING,
		"SELECT count(*) || ' / ' || current_setting('max_connections') FROM pg_stat_activity HAVING count(*) > "
		"0.9 * current_setting('max_connections')::integer",
		"naikkan max_connections, atau tutup yang tidak dipakai", "raise max_connections, or close what is not used"},
	{0},
};

/* What can be asked once the migrations have run. */
static const struct check padan_checks[] = {
	{"rights", "peran ini boleh bekerja dengan Padan", "this role may work with Padan", BROKEN,
		"SELECT current_user WHERE NOT has_table_privilege('padan.lists', 'SELECT')",
		"GRANT padan_daemon TO peran ini, atau masuk dengan peran lain", "GRANT padan_daemon TO this role, or use another one"},
	{"district", "konfigurasi kabupaten sudah diterapkan", "a district's configuration was applied", BROKEN,
		"SELECT '-' WHERE NOT EXISTS (SELECT FROM padan.districts)", "padan apply KONFIGURASI", "padan apply CONFIG"},
	{"programmes", "setiap kabupaten mempunyai program", "every district has programmes", BROKEN,
		"SELECT code FROM padan.districts d WHERE NOT EXISTS (SELECT FROM padan.programmes p WHERE p.district = d.district AND p.active)",
		"tambahkan bagian [programme …] lalu padan apply", "add sections [programme …], then padan apply"},
	{"rules", "setiap kabupaten mempunyai aturan yang berlaku", "every district has rules in force", WARNING,
		"SELECT code FROM padan.districts d WHERE NOT EXISTS (SELECT FROM padan.rules r WHERE r.district = d.district AND r.active "
		"AND current_date BETWEEN r.valid_from AND coalesce(r.valid_to, 'infinity'))",
		"tambahkan bagian [rule …] dengan dasar hukumnya", "add sections [rule …] with their legal basis"},
	{"villages", "tabel desa resmi ada", "the official table of villages is there", WARNING,
		"SELECT code FROM padan.districts d WHERE NOT EXISTS (SELECT FROM padan.villages v WHERE v.district = d.district)",
		"padan apply KONFIGURASI --villages desa.csv", "padan apply CONFIG --villages villages.csv"},
	{"office_roles", "setiap dinas mempunyai peran basis data (pintu SQL)", "every office has a database role (SQL door)", WARNING,
		"SELECT office FROM padan.offices o WHERE active AND NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = o.role_name)",
		"sudo -u postgres padan apply - --db dbname=… < KONFIGURASI", "sudo -u postgres padan apply - --db dbname=… < CONFIG"},
	{"target", "ada daftar sasaran yang berlaku", "a target list is in force", WARNING,
		"SELECT code FROM padan.districts d WHERE NOT EXISTS (SELECT FROM padan.lists l WHERE l.district = d.district "
		"AND l.kind = 'target' AND l.state = 'done')",
		"padan import --target --period 2024 BERKAS", "padan import --target --period 2024 FILE"},
	{"daemon", "padand berjalan", "padand is running", BROKEN,
		"SELECT '-' WHERE NOT EXISTS (SELECT FROM padan.daemons WHERE seen_at > clock_timestamp() - interval '60 s')",
		"systemctl start padand, atau jalankan padand", "systemctl start padand, or run padand"},
	{"daemon_version", "padand sama versinya dengan program ini", "padand has this program's version", WARNING,
		"SELECT worker || ' ' || version FROM padan.daemons WHERE seen_at > clock_timestamp() - interval '60 s' AND version <> $1",
		"mulai ulang padand: systemctl restart padand", "restart padand: systemctl restart padand"},
	{"stuck_jobs", "pekerjaan tidak menunggu lebih dari 15 menit", "no job waits longer than 15 minutes", WARNING,
		"SELECT district || ':' || job FROM padan.jobs WHERE (state = 'ready' AND run_after < clock_timestamp() - interval '15 min') "
		"OR (state = 'running' AND lease_until < clock_timestamp() - interval '15 min') ORDER BY job LIMIT 20",
		"lihat padan status dan catatan padand (journalctl -u padand)", "see padan status and padand's log (journalctl -u padand)"},
	{"failed_jobs", "tidak ada pekerjaan yang gagal minggu ini", "no job has failed this week", WARNING,
		"SELECT district || ':' || job FROM padan.jobs WHERE state = 'failed' AND finished_at > clock_timestamp() - interval '7 days' "
		"ORDER BY job LIMIT 20", "lihat sebabnya: padan status", "see why: padan status"},
	{"refused_lists", "tidak ada daftar yang ditolak minggu ini", "no list was refused this week", WARNING,
		"SELECT district || ':' || list FROM padan.lists WHERE state = 'refused' AND done_at > clock_timestamp() - interval '7 days' "
		"ORDER BY list LIMIT 20", "lihat sebabnya: padan lists", "see why: padan lists"},
	{"dead_alerts", "tidak ada pesan yang gagal terkirim", "no alert has failed for good", WARNING,
		"SELECT district || ':' || alert || ' ' || recipient FROM padan.alerts WHERE state = 'dead' "
		"AND last_error IS DISTINCT FROM padan.restored_reason() ORDER BY alert LIMIT 20",
		"periksa [alerts] smtp atau webhook dalam konfigurasi", "check smtp or webhook under [alerts] in the configuration"},
	{"restored_alerts", "tidak ada pesan yang ditahan setelah pemulihan dari cadangan", "no alert is held after a restore from a backup",
		WARNING, "SELECT district || ':' || alert || ' ' || recipient FROM padan.alerts WHERE state = 'dead' "
		"AND last_error = padan.restored_reason() ORDER BY alert LIMIT 20",
		"tanyakan penerimanya; yang belum sampai dikirim ulang dari halaman Pengaturan, Pemberitahuan",
		"ask who was to get them; those that did not arrive are sent again from the page Settings, Alerts"},
	{"late_alerts", "pesan terkirim dalam satu jam", "alerts are sent within an hour", WARNING,
		"SELECT district || ':' || alert || ' ' || recipient FROM padan.alerts WHERE state = 'waiting' "
		"AND created_at < clock_timestamp() - interval '1 h' ORDER BY alert LIMIT 20",
		"periksa server surat; padand mencoba terus", "check the mail server; padand keeps trying"},
	{"web_role", "peran ini boleh memakai peran web", "this role may take the web's role", WARNING,
		"SELECT current_user WHERE pg_has_role(current_user, 'padan_daemon', 'MEMBER') AND NOT pg_has_role(current_user, 'padan_web', 'MEMBER')",
		"GRANT padan_web TO peran padand; tanpa itu web tidak menjawab", "GRANT padan_web TO padand's role; without it the web does not answer"},
	{"web_users", "setiap kabupaten mempunyai administrator web", "every district has an administrator of the web", WARNING,
		"SELECT code FROM padan.districts d WHERE NOT EXISTS (SELECT FROM padan.users u WHERE u.district = d.district AND u.active "
		"AND u.role = 'administrator')", "padan user add NAMA --role administrator", "padan user add NAME --role administrator"},
	{"open_intake", "tidak ada daftar intake yang lupa ditutup", "no intake list was left open", WARNING,
		"SELECT DISTINCT district || ' ' || office FROM intake.list WHERE state = 'open' AND made_at < clock_timestamp() - interval '1 day' "
		"AND has_table_privilege('intake.list', 'SELECT')",
		"dinas itu perlu memanggil intake.close_list(id)", "that office has to call intake.close_list(id)"},
	{0},
};

struct doctor {
	struct db_sync db;
	enum lang lang;
	bool json, colours;
	json_t *findings;
	int warnings, broken;
};

static void say(struct doctor *d, const struct check *check, enum verdict verdict, const char *detail)
{
	static const char *const words[][2] = {{"baik", "fine"}, {"perlu dilihat", "look at this"}, {"rusak", "broken"}};
	static const char *const states[] = {"fine", "warning", "broken"};
	static const enum table_style styles[] = {TABLE_GOOD, TABLE_WARNING, TABLE_BAD};
	const char *mend = lang_text(d->lang, check->mend_id, check->mend_en);

	d->warnings += verdict == WARNING;
	d->broken += verdict == BROKEN;
	if (d->json) {
		json_array_append_new(d->findings,
			json_pack("{s:s, s:s, s:s, s:s, s:s}", "check", check->name, "state", states[verdict], "what",
				lang_text(d->lang, check->id, check->en), "detail", detail, "mend", verdict == FINE ? "" : mend));
		return;
	}
	printf("%s%-13s%s %s", terminal_style(d->colours, styles[verdict]), words[verdict][d->lang == LANG_EN],
		terminal_style_end(d->colours, styles[verdict]), lang_text(d->lang, check->id, check->en));
	if (*detail)
		printf(": %s", detail);
	if (verdict != FINE)
		printf("\n              → %s", mend);
	putchar('\n');
}

/* All first columns of the rows that the query gives, as one text. */
static void run_check(struct doctor *d, const struct check *check)
{
	struct error err = {0};
	PGresult *result;
	char detail[400] = "";
	size_t n = 0;
	bool takes_version = strstr(check->sql, "$1") != NULL;
	int rc = takes_version ? db_sync_query(&d->db, check->sql, DB_VALUES(PADAN_VERSION), &result, &err)
			       : db_sync_query(&d->db, check->sql, 0, NULL, &result, &err);

	if (rc < 0) {
		/* A role that may not look cannot be told whether it is so; what would mend the fault is not said. */
		struct check blind = *check;

		blind.mend_id = "ulangi padan doctor dengan peran yang boleh melihatnya, misalnya pemilik basis data";
		blind.mend_en = "run padan doctor again as a role that may look, such as the owner of the database";
		say(d, &blind, check->verdict == BROKEN ? BROKEN : WARNING, lang_error(d->lang, &err));
		return;
	}
	for (int r = 0; r < PQntuples(result) && n < sizeof detail; r++)
		n += (size_t)snprintf(detail + n, sizeof detail - n, "%s%s", r ? ", " : "", db_text(result, r, 0));
	say(d, check, PQntuples(result) ? check->verdict : FINE, strcmp(detail, "-") == 0 ? "" : detail);
	PQclear(result);
}

static bool check_connection(struct doctor *d, const char *conninfo)
{
	static const struct check check = {"connection", "sambungan ke PostgreSQL", "connection to PostgreSQL", BROKEN, NULL,
		"jalankan PostgreSQL dan buat basis datanya (createdb padan); sebutkan dengan --db atau PGHOST/PGDATABASE",
		"start PostgreSQL and make the database (createdb padan); name it with --db or PGHOST/PGDATABASE"};
	struct error err = {0};
	char detail[300];

	if (db_sync_open(&d->db, conninfo, &err) < 0) {
		say(d, &check, BROKEN, lang_error(d->lang, &err));
		return false;
	}
	snprintf(detail, sizeof detail, "%s, %s", PQdb(d->db.pg), PQuser(d->db.pg));
	say(d, &check, FINE, detail);
	return true;
}

static bool check_migrations(struct doctor *d)
{
	static const struct check check = {"migrations", "basis data pada versi program ini", "the database has this program's version",
		BROKEN, NULL, "padan migrate", "padan migrate"};
	struct migrations migrations;
	struct migrate_count missing = {0};
	struct error err = {0};
	char detail[100] = "";
	bool fine;

	if (migrations_load(&migrations, embedded_texts, &err) < 0) {
		say(d, &check, BROKEN, lang_error(d->lang, &err));
		return false;
	}
	fine = migrate_look(&d->db, &migrations, &missing, &err) == 0 && !missing.migrations && !missing.functions;
	if (missing.migrations)
		snprintf(detail, sizeof detail, lang_text(d->lang, "%zu dari %zu belum dijalankan", "%zu of %zu have not run"),
			missing.migrations, migrations.n);
	else if (missing.functions)
		snprintf(detail, sizeof detail, lang_text(d->lang, "fungsi dari program lain: %zu berkas berbeda",
							"functions of another program: %zu files differ"), missing.functions);
	say(d, &check, fine ? FINE : BROKEN, err.kind ? lang_error(d->lang, &err) : detail);
	migrations_release(&migrations);
	return fine;
}

/* Leases hang on the server's clock, dates of periods on this machine's. */
static void check_clock(struct doctor *d)
{
	static const struct check check = {"clock", "jam komputer ini dan server sama", "this machine's clock and the server's agree", WARNING,
		NULL, "nyalakan penyelarasan jam: timedatectl set-ntp true", "switch on time synchronisation: timedatectl set-ntp true"};
	struct error err = {0};
	PGresult *result;
	double apart = 0;
	char detail[64];

	if (db_sync_query(&d->db, "SELECT extract(epoch FROM clock_timestamp())", 0, NULL, &result, &err) == 0) {
		apart = db_double(result, 0, 0) - (double)time(NULL);
		PQclear(result);
	}
	snprintf(detail, sizeof detail, "%+.0f s", apart);
	say(d, &check, apart > 5 || apart < -5 ? WARNING : FINE, apart > 5 || apart < -5 ? detail : "");
}

static void check_config(struct doctor *d, const char *path)
{
	static const struct check readable = {"config", "berkas konfigurasi dapat dibaca", "the configuration file can be read", BROKEN, NULL,
		"perbaiki baris itu", "mend that line"};
	static const struct check applied = {"config_applied", "berkas konfigurasi sudah diterapkan", "the configuration file was applied",
		WARNING, NULL, "padan apply BERKAS", "padan apply FILE"};
	struct district_config config;
	struct error err = {0};
	struct arena arena;
	PGresult *result;
	char district[16];
	char *text = text_file_read(path, &err);

	arena_init(&arena, 0);
	if (!text || district_config_parse(str_from(text), &arena, &config, NULL, &err) < 0) {
		say(d, &readable, BROKEN, lang_error(d->lang, &err));
	} else {
		say(d, &readable, FINE, path);
		snprintf(district, sizeof district, "%u", config.district);
		if (d->db.pg && db_sync_query(&d->db, "SELECT FROM padan.districts WHERE district = $1::integer AND config = $2",
				       DB_VALUES(district, text), &result, &err) == 0) {
			say(d, &applied, PQntuples(result) ? FINE : WARNING, "");
			PQclear(result);
		}
	}
	arena_release(&arena);
	free(text);
}

/* A folder per office, that others cannot write into. */
static void check_inbox(struct doctor *d, const char *path)
{
	static const struct check check = {"inbox", "folder kotak masuk ada, satu per dinas", "the inbox is there, a folder per office", BROKEN,
		NULL, "mkdir -p KOTAK-MASUK/KODE-DINAS; chown padan", "mkdir -p INBOX/OFFICE-CODE; chown padan"};
	static const struct check closed = {"inbox", "folder kotak masuk tertutup bagi pengguna ini", "the inbox is closed to this user", WARNING,
		NULL, "sudo -u padan padan doctor --inbox …", "sudo -u padan padan doctor --inbox …"};
	struct error err = {0};
	PGresult *result;
	char detail[400] = "";
	size_t n = 0;
	struct stat st;

	if (access(path, R_OK | X_OK) < 0 && errno == EACCES) {
		say(d, &closed, WARNING, path);
		return;
	}
	if (stat(path, &st) < 0 || !S_ISDIR(st.st_mode)) {
		say(d, &check, BROKEN, path);
		return;
	}
	if (db_sync_query(&d->db, "SELECT office FROM padan.offices WHERE active ORDER BY office", 0, NULL, &result, &err) < 0) {
		say(d, &check, WARNING, lang_error(d->lang, &err));
		return;
	}
	for (int r = 0; r < PQntuples(result); r++) {
		char folder[1024];

		snprintf(folder, sizeof folder, "%s/%s", path, db_text(result, r, 0));
		if ((stat(folder, &st) < 0 || !S_ISDIR(st.st_mode) || (st.st_mode & S_IWOTH)) && n < sizeof detail)
			n += (size_t)snprintf(detail + n, sizeof detail - n, "%s%s", n ? ", " : "", db_text(result, r, 0));
	}
	PQclear(result);
	say(d, &check, n ? WARNING : FINE, detail);
}

/* What padand is given for its web, beside the database. */
struct web_settings {
	const char *address, *url, *pages;
};

/* 0: somebody answers there; 1: it is free; -1: neither. ADDRESS:PORT of this machine alone; Unix sockets are taken over by padand. */
static int try_address(const char *address)
{
	struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM}, *found = NULL;
	const char *colon = strrchr(address, ':');
	char host[64];
	int fd, result = -1;

	if (!colon || colon == address || (size_t)(colon - address) >= sizeof host)
		return -1;
	snprintf(host, sizeof host, "%.*s", (int)(colon - address) - 2 * (*address == '['), address + (*address == '['));
	if (getaddrinfo(host, colon + 1, &hints, &found) != 0)
		return -1;
	fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, found->ai_addr, found->ai_addrlen) == 0)
		result = 0;
	else if (fd >= 0 && errno == ECONNREFUSED)
		result = 1;
	if (fd >= 0)
		close(fd);
	freeaddrinfo(found);
	return result;
}

static void check_web(struct doctor *d, const struct web_settings *web)
{
	static const struct check pages = {"web_pages", "halaman web ada", "the web's pages are there", WARNING, NULL,
		"make pages, lalu --web-pages FOLDER atau PADAN_WEB_PAGES", "make pages, then --web-pages DIR or PADAN_WEB_PAGES"};
	static const struct check address = {"web_address", "alamat web bebas atau sudah dijawab", "the web's address is free, or answered", BROKEN, NULL,
		"alamat harus milik mesin ini (127.0.0.1:8750) atau unix:/jalur", "the address must be this machine's (127.0.0.1:8750), or unix:/path"};
	static const struct check tls = {"web_tls", "pemakai mencapai web lewat TLS", "people reach the web through TLS", WARNING, NULL,
		"pasang nginx dengan TLS (docs/nginx/padan.conf) dan --web-url https://…", "put nginx with TLS before it (docs/nginx/padan.conf), and --web-url https://…"};
	char path[1024];
	struct stat st;
	int found;

	if (!web->address || !*web->address)
		return; /* no web is wanted */
	snprintf(path, sizeof path, "%s/index.html", web->pages && *web->pages ? web->pages : ".");
	say(d, &pages, web->pages && *web->pages && stat(path, &st) == 0 ? FINE : WARNING, web->pages ? web->pages : "");
	found = strncmp(web->address, "unix:", 5) == 0 ? 1 : try_address(web->address);
	say(d, &address, found < 0 ? BROKEN : FINE, web->address);
	say(d, &tls, web->url && strncmp(web->url, "https://", 8) == 0 ? FINE : WARNING, web->url ? web->url : "");
}

static void examine(struct doctor *d, const char *conninfo, const char *config, const char *inbox)
{
	if (!check_connection(d, conninfo)) {
		if (config)
			check_config(d, config);
		return;
	}
	for (const struct check *c = server_checks; c->name; c++)
		run_check(d, c);
	check_clock(d);
	if (check_migrations(d)) {
		for (const struct check *c = padan_checks; c->name; c++)
			run_check(d, c);
		if (inbox)
			check_inbox(d, inbox);
	}
	if (config)
		check_config(d, config);
}

int cli_doctor(int argc, char **argv)
{
	const char *conninfo = NULL, *inbox = NULL;
	struct web_settings web = {getenv("PADAN_WEB"), getenv("PADAN_WEB_URL"), getenv("PADAN_WEB_PAGES")};
	struct doctor d = {.json = false};
	const struct option_spec options[] = {
		{"inbox", OPTION_TEXT, &inbox, "DIR", "Periksa juga folder kotak masuk ini", "Check this inbox, too"},
		{"web", OPTION_TEXT, &web.address, "ADDRESS", "Periksa juga web di alamat ini (tanpa ini: PADAN_WEB)", "Check the web at this address, too (without it: PADAN_WEB)"},
		{"web-url", OPTION_TEXT, &web.url, "URL", "Alamat web bagi pemakai (tanpa ini: PADAN_WEB_URL)", "The web's address as people know it (without it: PADAN_WEB_URL)"},
		{"web-pages", OPTION_TEXT, &web.pages, "DIR", "Folder halaman web (tanpa ini: PADAN_WEB_PAGES)", "Folder of the web's pages (without it: PADAN_WEB_PAGES)"},
		CLI_JSON_OPTION(d.json),
		CLI_DB_OPTION(conninfo),
		{0},
	};
	const struct command_spec command = {"doctor", "[CONFIG]",
		"Memeriksa segala yang biasanya keliru – sambungan, versi, hak, konfigurasi, padand, antrean, pesan – dan\n"
		"mengatakan perbaikannya. Status 4 bila ada yang rusak.",
		"Checks all that commonly goes wrong – connection, version, rights, configuration, padand, queue, alerts – and\n"
		"says the mend. Exit status 4 if something is broken.", options, 0, 1,
		"  padan doctor\n  padan doctor muaro-jambi.conf --inbox /var/lib/padan/inbox"};
	struct options_result got;
	struct error err = {0};
	int status = options_parse_or_exit_status(&command, argc, argv, &got);

	if (status != OPTIONS_GO_ON)
		return status;
	d.lang = got.lang;
	d.colours = terminal_has_colours(stdout);
	d.findings = json_array();
	examine(&d, conninfo, got.operand_count ? got.operands[0] : NULL, inbox);
	check_web(&d, &web);
	db_sync_close(&d.db);
	if (d.json) {
		if (cli_print_json(d.findings, &err) < 0)
			return cli_fail("doctor", got.lang, &err);
	} else {
		json_decref(d.findings);
		printf(lang_text(d.lang, "\n%d rusak, %d perlu dilihat.\n", "\n%d broken, %d to look at.\n"), d.broken, d.warnings);
	}
	return d.broken ? 4 : 0;
}
