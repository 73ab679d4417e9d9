/*
 * The daemon: watches the inbox and the queue, works on lists, tells what it found. Everything runs on one libuv loop; what
 * takes long runs in its pool, or in PostgreSQL.
 *
 * Here is only how the parts begin and end; each says in its header what it does.
 */
#include "daemon/alerts/alert_outbox.h"
#include "daemon/base/counters.h"
#include "daemon/base/event_loop.h"
#include "daemon/base/failpoint.h"
#include "daemon/base/log.h"
#include "daemon/base/options.h"
#include "daemon/base/service_notify.h"
#include "daemon/base/version.h"
#include "daemon/http/http_server.h"
#include "daemon/inbox/inbox.h"
#include "daemon/jobs/job_worker.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/banned.h"

struct daemon {
	struct event_loop loop;
	struct service service;
	struct counters counters;
	struct job_worker worker;
	struct inbox inbox;
	struct alert_outbox outbox;
	struct http_server *web; /* NULL: none */
	bool has_inbox, stopping;
	unsigned parts; /* still to be closed */
};

static void on_part_closed(void *arg)
{
	struct daemon *daemon = arg;

	if (--daemon->parts)
		return;
	service_close(&daemon->service);
	event_loop_close(&daemon->loop);
}

static void on_stop(void *arg)
{
	struct daemon *daemon = arg;

	if (daemon->stopping) {
		log_notice("stopping already");
		return;
	}
	daemon->stopping = true;
	log_notice("stopping", LOG_NUMBER("jobs_in_hand", job_worker_busy(&daemon->worker)));
	service_stopping(&daemon->service);
	daemon->parts = 2 + daemon->has_inbox + (daemon->web != NULL);
	if (daemon->web)
		http_server_close(daemon->web, on_part_closed, daemon);
	alert_outbox_close(&daemon->outbox, on_part_closed, daemon);
	if (daemon->has_inbox)
		inbox_close(&daemon->inbox, on_part_closed, daemon);
	job_worker_stop(&daemon->worker, on_part_closed, daemon);
}

/* Rules and configurations live in the database and are looked at with every job; what can be read anew is the queue. */
static void on_reload(void *arg)
{
	struct daemon *daemon = arg;

	log_notice("reloading");
	service_reloading(&daemon->service);
	job_worker_kick(&daemon->worker);
	if (daemon->has_inbox)
		inbox_usable(&daemon->inbox);
	if (daemon->web && !daemon->stopping)
		http_server_reload(daemon->web);
	service_ready(&daemon->service);
}

static void on_done(void *arg, uint32_t district, int64_t job)
{
	struct daemon *daemon = arg;

	if (daemon->has_inbox && !daemon->stopping)
		inbox_on_done(&daemon->inbox, district, job);
	if (!daemon->stopping)
		alert_outbox_kick(&daemon->outbox);
}

static void on_usable(void *arg)
{
	struct daemon *daemon = arg;

	if (daemon->has_inbox && !daemon->stopping)
		inbox_usable(&daemon->inbox);
	if (!daemon->stopping)
		alert_outbox_usable(&daemon->outbox);
}

struct daemon_options {
	const char *conninfo, *inbox, *level, *name, *web, *web_url, *web_pages, *web_uploads;
	long lease, threads, alert_wait, alert_limit;
	bool allow_inner, failpoints, version;
};

static int run(const struct daemon_options *options, struct error *err)
{
	struct daemon *daemon = calloc(1, sizeof(*daemon));
	struct event_loop_signals signals = {on_stop, on_reload, daemon};
	struct job_worker_options worker = {
		.conninfo = options->conninfo,
		.name = options->name,
		.lease_seconds = options->lease,
		.threads = options->threads,
		.searched = options->web && *options->web,
		.on_done = on_done,
		.on_usable = on_usable,
		.arg = daemon,
	};

	struct alert_outbox_options alerts = {
		.conninfo = options->conninfo,
		.allow_inner = options->allow_inner,
		.backoff_seconds = options->alert_wait,
		.limit_seconds = options->alert_limit,
	};
	struct http_server_options web = {.listen = options->web, .public_url = options->web_url, .pages = options->web_pages, .uploads = options->web_uploads,
		.conninfo = options->conninfo, .registers = daemon ? &daemon->worker.registers : NULL};
	struct inbox_options inbox = {.conninfo = options->conninfo, .folder = options->inbox};

	if (!daemon)
		return error_memory(err);
	daemon->has_inbox = options->inbox && *options->inbox;
	if (event_loop_init(&daemon->loop, &signals, err) < 0 || service_start(&daemon->service, &daemon->loop.uv, err) < 0 ||
		job_worker_start(&daemon->worker, &daemon->loop, &daemon->service, &daemon->counters, &worker, err) < 0 ||
		alert_outbox_start(&daemon->outbox, &daemon->loop.uv, &daemon->counters, &alerts, err) < 0 ||
		(daemon->has_inbox &&
			inbox_start(&daemon->inbox, &daemon->loop.uv, &daemon->service, &daemon->counters, &inbox, err) < 0) ||
		(options->web && *options->web && http_server_start(&daemon->web, &daemon->loop, &daemon->counters, &web, err) < 0)) {
		free(daemon); /* the process ends: what is half open goes with it */
		return -1;
	}
	log_notice("padand started", LOG_WORD("version", PADAN_VERSION));
	service_ready(&daemon->service);
	event_loop_run(&daemon->loop);
	if (!event_loop_release(&daemon->loop))
		log_error("something was left open on the loop");
	log_notice("padand stopped");
	free(daemon);
	return 0;
}

int main(int argc, char **argv)
{
	struct daemon_options o = {.inbox = getenv("PADAN_INBOX"), .level = "info", .web = getenv("PADAN_WEB"),
		.web_url = getenv("PADAN_WEB_URL"), .web_pages = getenv("PADAN_WEB_PAGES"), .web_uploads = getenv("PADAN_WEB_UPLOADS")};
	const struct option_spec options[] = {
		{"db", OPTION_TEXT, &o.conninfo, "CONNINFO", "Sambungan basis data (tanpa ini: PGHOST, PGSERVICE, …)",
			"Database connection (without it: PGHOST, PGSERVICE, …)"},
		{"inbox", OPTION_TEXT, &o.inbox, "DIR", "Folder kotak masuk (tanpa ini: PADAN_INBOX; kosong: tidak dipakai)",
			"Folder of the inbox (without it: PADAN_INBOX; empty: none)"},
		{"web", OPTION_TEXT, &o.web, "ADDRESS", "Alamat web: 127.0.0.1:8750 atau unix:/jalur (tanpa ini: PADAN_WEB; kosong: tanpa web)",
			"Address of the web: 127.0.0.1:8750 or unix:/path (without it: PADAN_WEB; empty: none)"},
		{"web-url", OPTION_TEXT, &o.web_url, "URL", "Alamat web bagi pemakai, lewat proksi (tanpa ini: PADAN_WEB_URL)",
			"The web's address as people know it, through a proxy (without it: PADAN_WEB_URL)"},
		{"web-uploads", OPTION_TEXT, &o.web_uploads, "DIR", "Folder berkas yang sedang dikirim lewat web (tanpa ini: PADAN_WEB_UPLOADS, STATE_DIRECTORY, /var/tmp)",
			"Folder of files that are being sent through the web (without it: PADAN_WEB_UPLOADS, STATE_DIRECTORY, /var/tmp)"},
		{"web-pages", OPTION_TEXT, &o.web_pages, "DIR", "Folder halaman web (tanpa ini: PADAN_WEB_PAGES)",
			"Folder of the web's pages (without it: PADAN_WEB_PAGES)"},
		{"name", OPTION_TEXT, &o.name, "NAME", "Nama daemon ini di basis data; bawaan: nama komputer",
			"This daemon's name in the database; the host's by default"},
		{"threads", OPTION_INTEGER, &o.threads, "N", "Jumlah utas untuk satu pekerjaan; bawaan: semua inti",
			"Threads for one job; all cores by default", .min = 1, .max = 256},
		{"lease", OPTION_INTEGER, &o.lease, "SECONDS", "Lama sewa pekerjaan", "How long a job is leased", .min = 1, .max = 3600},
		{"alert-wait", OPTION_INTEGER, &o.alert_wait, "SECONDS", "Jeda pertama sebelum pemberitahuan yang gagal diulang",
			"First wait before an alert that failed is tried again", .min = 1, .max = 86400},
		{"alert-limit", OPTION_INTEGER, &o.alert_limit, "SECONDS", "Waktu terlama untuk satu pengiriman",
			"Longest time for one delivery", .min = 1, .max = 600},
		{"allow-inner-webhooks", OPTION_FLAG, &o.allow_inner, NULL, "Izinkan webhook ke alamat dalam dan tanpa TLS",
			"Allow webhooks to inner addresses and without TLS"},
		{"log", OPTION_CHOICE, &o.level, "LEVEL", "Tingkat catatan", "Log level",
			.choices = "error|warning|notice|info|debug"},
		{"failpoints", OPTION_FLAG, &o.failpoints, NULL, "Tampilkan titik uji (hanya versi debug memakainya)",
			"List the fail-points (debug builds alone use them)"},
		{"version", OPTION_FLAG, &o.version, NULL, "Tampilkan versi", "Show the version"},
		{0},
	};
	const struct command_spec command = {"padand", "",
		"Mengawasi kotak masuk dan antrean, mencocokkan daftar, menandai kesalahan, memberi tahu Bappeda. Berhenti dengan\n"
		"SIGTERM; menunggu bila PostgreSQL belum berjalan.",
		"Watches the inbox and the queue, matches lists, flags errors, tells Bappeda. SIGTERM ends it; it waits while\n"
		"PostgreSQL is away.", options, 0, 0, "  padand --db \"host=/run/postgresql dbname=padan\" --inbox /var/lib/padan/inbox"};
	struct options_result got;
	struct error err = {0};
	enum log_level level = LOG_LEVEL_INFO;
	int status = options_parse_or_exit_status(&command, argc, argv, &got);

	if (status != OPTIONS_GO_ON)
		return status;
	if (o.version) {
		puts("padand " PADAN_VERSION);
		return 0;
	}
	if (o.failpoints) {
		failpoint_print(stdout);
		return 0;
	}
	if (log_level_parse(o.level, &level) == 0)
		log_open(level);
	/* The pool serves long work (matching) beside short work (names, files): more threads than libuv's four. */
	setenv("UV_THREADPOOL_SIZE", "12", 0);
	/*
	 * Registers live for months beside jobs that come and go: one heap, and large blocks each a mapping of its own, which grows without
	 * a copy and is given back when it is freed. Hot loops use arenas, so the one lock costs nothing that can be measured.
	 */
	mallopt(M_ARENA_MAX, 1);
	mallopt(M_MMAP_THRESHOLD, 256 << 10);
	if (run(&o, &err) == 0)
		return 0;
	log_error("padand can't start", LOG_ERROR_TEXT(&err));
	fprintf(stderr, "padand: %s\n", lang_error(got.lang, &err));
	return error_exit_status(&err);
}
