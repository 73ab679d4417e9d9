/*
 * Claiming, sending and recording alerts; see alert_outbox.h. What is sent stands in alert_message.c, how in alert_smtp.c
 * and alert_webhook.c.
 */
#include "daemon/alerts/alert_outbox.h"
#include "daemon/alerts/alert_delivery.h"
#include "daemon/base/event_loop.h"
#include "daemon/base/failpoint.h"
#include "daemon/base/limits.h"
#include "daemon/base/log.h"
#include "daemon/db/sql.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/base/banned.h"

enum { NUMBER_MAX = 24, POLL_MS = 2000, DIGEST_MS = 60000, CREDENTIAL_MAX = 4096 };

static void parts_gone(struct alert_outbox *outbox);

static int ask(struct alert_outbox *outbox, const char *sql, int n, const char *const *values, db_done_fn *done)
{
	struct db_query query = {.sql = sql, .n = n, .values = values, .done = done, .arg = outbox};
	struct error err = {0};

	if (db_conn_query(outbox->conn, &query, &err) == 0)
		return 0;
	log_warning("query of the outbox not sent", LOG_ERROR_TEXT(&err));
	return -1;
}

/* ---- one delivery ---- */

struct str alert_credential(struct alert_delivery *delivery, const char *name)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");
	char path[4200], *text;
	struct str trimmed;

	for (int special = 1; folder && special >= 0; special--) {
		int fd;
		ssize_t n;

		if (special)
			snprintf(path, sizeof(path), "%s/padan_%s_%u", folder, name, delivery->alert.district);
		else
			snprintf(path, sizeof(path), "%s/padan_%s", folder, name);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		text = arena_alloc(&delivery->arena, CREDENTIAL_MAX + 1);
		n = text ? read(fd, text, CREDENTIAL_MAX) : -1;
		close(fd);
		if (n <= 0)
			break;
		trimmed = str_trim((struct str){text, n});
		((char *)trimmed.p)[trimmed.n] = '\0'; /* zeroed room behind it */
		return trimmed;
	}
	return (struct str){NULL, 0};
}

static size_t take_answer(char *bytes, size_t size, size_t n, void *arg)
{
	struct alert_delivery *delivery = arg;

	delivery->answered += size * n;
	return delivery->answered > LIMIT_ALERT_ANSWER_BYTES ? 0 : size * n; /* 0 ends the transfer */
}

int alert_delivery_prepare(struct alert_delivery *delivery, struct error *err)
{
	unsigned limit = delivery->outbox->options.limit_seconds;

	delivery->easy = curl_easy_init();
	if (!delivery->easy)
		return error_memory(err);
	limit = limit ? limit : LIMIT_ALERT_SECONDS;
	curl_easy_setopt(delivery->easy, CURLOPT_TIMEOUT, (long)limit);
	/* The answer behind a mail's text is waited for by this limit, whatever the other says. */
	curl_easy_setopt(delivery->easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)limit);
	curl_easy_setopt(delivery->easy, CURLOPT_ERRORBUFFER, delivery->error);
	curl_easy_setopt(delivery->easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(delivery->easy, CURLOPT_PROXY, "");
	curl_easy_setopt(delivery->easy, CURLOPT_WRITEFUNCTION, take_answer);
	curl_easy_setopt(delivery->easy, CURLOPT_WRITEDATA, delivery);
	curl_easy_setopt(delivery->easy, CURLOPT_MAXFILESIZE, (long)LIMIT_ALERT_ANSWER_BYTES);
	curl_easy_setopt(delivery->easy, CURLOPT_FORBID_REUSE, 1L);
	return 0;
}

static void on_transferred(void *arg, CURL *easy, CURLcode code)
{
	struct alert_delivery *delivery = arg;
	struct error err = {0};
	long status = 0;

	delivery->in_curl = false;
	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
	if (atomic_load(&delivery->given_up))
		error_set(&err, ERROR_CANCELLED, "Dibatalkan karena program berhenti.", "Cancelled: the program is stopping.");
	else if (code != CURLE_OK)
		/* libcurl's own words would quote what the other side said: its number and the status are enough. */
		error_set(&err, ERROR_SYSTEM, "%s (jawaban %ld)", "%s (answer %ld)", curl_easy_strerror(code), status);
	else if (status < 200 || status > 299)
		error_set(&err, ERROR_SYSTEM, "Jawaban %ld.", "Answer %ld.", status);
	alert_delivery_over(delivery, err.kind == ERROR_NONE ? NULL : &err);
}

int alert_delivery_start(struct alert_delivery *delivery, struct error *err)
{
	delivery->transfer = (struct curl_transfer){on_transferred, delivery};
	if (curl_loop_add(&delivery->outbox->curl, delivery->easy, &delivery->transfer, err) < 0)
		return -1;
	delivery->in_curl = true;
	return 0;
}

/* Asked now and then by libcurl, in the pool: non-zero ends the transfer. */
static int on_transfer_progress(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	struct alert_delivery *delivery = arg;

	return atomic_load(&delivery->given_up);
}

static void transfer_in_pool(uv_work_t *work)
{
	struct alert_delivery *delivery = work->data;

	delivery->code = curl_easy_perform(delivery->easy);
}

static void after_transfer(uv_work_t *work, int status)
{
	struct alert_delivery *delivery = work->data;

	delivery->in_pool = false;
	on_transferred(delivery, delivery->easy, status < 0 ? CURLE_ABORTED_BY_CALLBACK : delivery->code);
}

int alert_delivery_start_in_pool(struct alert_delivery *delivery, struct error *err)
{
	int status;

	curl_easy_setopt(delivery->easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(delivery->easy, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(delivery->easy, CURLOPT_XFERINFOFUNCTION, on_transfer_progress);
	curl_easy_setopt(delivery->easy, CURLOPT_XFERINFODATA, delivery);
	delivery->work.data = delivery;
	status = uv_queue_work(delivery->outbox->loop, &delivery->work, transfer_in_pool, after_transfer);
	if (status < 0)
		return event_loop_error(err, "pengiriman surel", "mail transfer", status);
	delivery->in_pool = true;
	return 0;
}

static void on_recorded(void *arg, PGresult *result, const struct db_failure *failure)
{
	struct alert_outbox *outbox = arg;

	if (failure && failure->err.kind != ERROR_CANCELLED)
		log_warning("an alert's end was not recorded; it will be sent again under the same id",
			LOG_ERROR_TEXT(&failure->err));
	failpoint(alert_recorded);
	if (!outbox->closing)
		alert_outbox_kick(outbox);
}

/* 15 s, 30 s, 1 min … six hours. */
static unsigned backoff(const struct alert_outbox *outbox, int attempts)
{
	unsigned first = outbox->options.backoff_seconds ? outbox->options.backoff_seconds : LIMIT_ALERT_BACKOFF_SECONDS;
	uint64_t wait = (uint64_t)first << (attempts < 1 ? 0 : attempts > 20 ? 19 : attempts - 1);

	return wait < LIMIT_ALERT_BACKOFF_SECONDS_MAX ? (unsigned)wait : LIMIT_ALERT_BACKOFF_SECONDS_MAX;
}

static void record(struct alert_delivery *delivery, const struct error *why)
{
	struct alert_outbox *outbox = delivery->outbox;
	bool dead = why && delivery->alert.attempts >= LIMIT_ALERT_ATTEMPTS;
	char district[NUMBER_MAX], alert[NUMBER_MAX], fence[NUMBER_MAX], wait[NUMBER_MAX];
	const char *values[] = {district, alert, fence, why ? "f" : "t", wait, why ? why->id : NULL, dead ? "t" : "f"};

	snprintf(district, sizeof(district), "%u", delivery->alert.district);
	snprintf(alert, sizeof(alert), "%lld", (long long)delivery->alert.alert);
	snprintf(fence, sizeof(fence), "%lld", (long long)delivery->alert.fence);
	snprintf(wait, sizeof(wait), "%u s", why ? backoff(outbox, delivery->alert.attempts) : 0);
	if (why && why->kind == ERROR_CANCELLED) {
		ask(outbox, sql_find("alerts_released"), 3, values, on_recorded);
		return;
	}
	if (why)
		log_warning("alert not delivered", LOG_NUMBER("district", delivery->alert.district),
			LOG_NUMBER("alert", delivery->alert.alert), LOG_NUMBER("attempt", delivery->alert.attempts),
			LOG_WORD("next", dead ? "given-up" : "later"), LOG_ERROR_TEXT(why));
	else
		log_info("alert delivered", LOG_NUMBER("district", delivery->alert.district),
			LOG_NUMBER("alert", delivery->alert.alert), LOG_WORD("kind", delivery->alert.kind));
	counter_add(outbox->counters,
		dead  ? COUNTER_alerts_dead_total
		: why ? COUNTER_alerts_retried_total
		      : COUNTER_alerts_sent_total,
		1);
	ask(outbox, sql_find("alerts_over"), 7, values, on_recorded);
}

static void delivery_free(struct alert_delivery *delivery)
{
	if (delivery->in_curl)
		curl_loop_remove(&delivery->outbox->curl, delivery->easy);
	curl_easy_cleanup(delivery->easy);
	curl_slist_free_all(delivery->list);
	curl_slist_free_all(delivery->pinned);
	json_decref(delivery->alert.payload);
	free(delivery->message);
	arena_release(&delivery->arena);
	free(delivery);
}

void alert_delivery_over(struct alert_delivery *delivery, const struct error *why)
{
	struct alert_outbox *outbox = delivery->outbox;
	struct alert_delivery **at = &outbox->deliveries;

	if (!why)
		failpoint(alert_sent);
	record(delivery, why);
	while (*at != delivery)
		at = &(*at)->next;
	*at = delivery->next;
	outbox->n_deliveries--;
	delivery_free(delivery);
	if (outbox->closing)
		parts_gone(outbox);
}

/* ---- claiming ---- */

static int read_alert(struct alert_delivery *delivery, const PGresult *result, int row, struct error *err)
{
	struct alert *alert = &delivery->alert;

	alert->district = strtoul(PQgetvalue(result, row, 0), NULL, 10);
	alert->alert = strtoll(PQgetvalue(result, row, 1), NULL, 10);
	alert->fence = strtoll(PQgetvalue(result, row, 2), NULL, 10);
	alert->attempts = strtol(PQgetvalue(result, row, 3), NULL, 10);
	snprintf(alert->key, sizeof(alert->key), "%s", PQgetvalue(result, row, 4));
	snprintf(alert->kind, sizeof(alert->kind), "%s", PQgetvalue(result, row, 5));
	delivery->webhook = strcmp(PQgetvalue(result, row, 6), "webhook") == 0;
	snprintf(alert->recipient, sizeof(alert->recipient), "%s", PQgetvalue(result, row, 7));
	alert->created = strtoll(PQgetvalue(result, row, 9), NULL, 10);
	snprintf(alert->district_name, sizeof(alert->district_name), "%s", PQgetvalue(result, row, 10));
	snprintf(delivery->email, sizeof(delivery->email), "%s", PQgetvalue(result, row, 12));
	alert->payload = json_loads(PQgetvalue(result, row, 8), JSON_REJECT_DUPLICATES, NULL);
	if (!alert->payload)
		return error_set(err, ERROR_DATABASE, "Isi pemberitahuan rusak.", "The alert's payload is damaged.");
	return district_config_parse(str_from(PQgetvalue(result, row, 11)), &delivery->arena, &delivery->config, NULL, err);
}

static void send_one(struct alert_outbox *outbox, const PGresult *result, int row)
{
	struct alert_delivery *delivery = calloc(1, sizeof(*delivery));
	struct error err = {0};

	if (!delivery)
		return; /* its lease ends, and it is claimed again */
	delivery->outbox = outbox;
	arena_init(&delivery->arena, 0);
	delivery->next = outbox->deliveries;
	outbox->deliveries = delivery;
	outbox->n_deliveries++;
	if (read_alert(delivery, result, row, &err) < 0 ||
		(delivery->webhook ? alert_webhook_send(delivery, &err) : alert_smtp_send(delivery, &err)) < 0)
		alert_delivery_over(delivery, &err);
}

static void on_claimed(void *arg, PGresult *result, const struct db_failure *failure)
{
	struct alert_outbox *outbox = arg;

	outbox->claiming = false;
	if (failure && !failure->lost && failure->err.kind != ERROR_CANCELLED)
		log_error("the outbox can't be asked", LOG_ERROR_TEXT(&failure->err));
	if (result && PQntuples(result))
		failpoint(alert_claimed);
	/* While closing, what was claimed is left to its lease. */
	for (int i = 0; result && !outbox->closing && i < PQntuples(result); i++)
		send_one(outbox, result, i);
	if (outbox->closing)
		parts_gone(outbox);
}

void alert_outbox_kick(struct alert_outbox *outbox)
{
	unsigned limit = outbox->options.limit_seconds ? outbox->options.limit_seconds : LIMIT_ALERT_SECONDS;
	char lease[NUMBER_MAX], most[NUMBER_MAX];
	const char *values[] = {lease, most};

	if (!outbox->usable || outbox->claiming || outbox->closing || outbox->n_deliveries >= LIMIT_ALERTS_AT_ONCE)
		return;
	snprintf(lease, sizeof(lease), "%u s", 2 * limit + 30);
	snprintf(most, sizeof(most), "%u", LIMIT_ALERTS_AT_ONCE - outbox->n_deliveries);
	outbox->claiming = ask(outbox, sql_find("alerts_claim"), 2, values, on_claimed) == 0;
}

void alert_outbox_usable(struct alert_outbox *outbox)
{
	outbox->usable = true;
	alert_outbox_kick(outbox);
}

static void on_poll(uv_timer_t *timer)
{
	alert_outbox_kick(timer->data);
}

/* ---- the digest ---- */

static void on_digest_written(void *arg, PGresult *result, const struct db_failure *failure)
{
	if (failure && !failure->lost && failure->err.kind != ERROR_CANCELLED)
		log_warning("digest not written", LOG_ERROR_TEXT(&failure->err));
}

/* One row of alerts_digest_due.sql: written if its hour has come. */
static void write_digest(struct alert_outbox *outbox, PGresult *result, int row)
{
	struct district_config config;
	struct error err = {0};
	struct arena arena;
	const char *config_text = PQgetvalue(result, row, 1);
	unsigned hour = strtoul(PQgetvalue(result, row, 3), NULL, 10);
	const char *values[4] = {PQgetvalue(result, row, 0), PQgetvalue(result, row, 2)};

	arena_init(&arena, 0);
	if (*config_text && district_config_parse(str_from(config_text), &arena, &config, NULL, &err) == 0) {
		bool mail = config.alerts.n_emails && config.alerts.smtp_url.n, webhook = config.alerts.webhook_url.n > 0;

		values[2] = mail ? "t" : "f";
		values[3] = webhook ? "t" : "f";
		if ((mail || webhook) && config.alerts.digest_hour != DIGEST_NEVER && hour >= config.alerts.digest_hour)
			ask(outbox, sql_find("alerts_digest"), 4, values, on_digest_written);
	}
	arena_release(&arena);
}

static void on_digest_due(void *arg, PGresult *result, const struct db_failure *failure)
{
	struct alert_outbox *outbox = arg;

	for (int i = 0; !failure && !outbox->closing && i < PQntuples(result); i++)
		write_digest(outbox, result, i);
}

static void on_digest(uv_timer_t *timer)
{
	struct alert_outbox *outbox = timer->data;

	if (outbox->usable)
		ask(outbox, sql_find("alerts_digest_due"), 0, NULL, on_digest_due);
}

/* ---- starting and closing ---- */

int alert_outbox_start(struct alert_outbox *outbox, uv_loop_t *loop, struct counters *counters,
	const struct alert_outbox_options *options, struct error *err)
{
	struct db_conn_options conn = {
		.conninfo = options->conninfo, .application_name = "padand alerts", .statement_timeout = 60000};
	int status;

	*outbox = (struct alert_outbox){.options = *options, .loop = loop, .counters = counters};
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
		return error_set(err, ERROR_SYSTEM, "libcurl tidak dapat dimulai.", "libcurl can't be started.");
	if (curl_loop_start(&outbox->curl, loop, err) < 0 || db_conn_start(loop, &conn, &outbox->conn, err) < 0)
		return -1;
	if ((status = uv_timer_init(loop, &outbox->poll)) < 0 || (status = uv_timer_init(loop, &outbox->digest)) < 0)
		return event_loop_error(err, "pewaktu", "timer", status);
	outbox->poll.data = outbox->digest.data = outbox;
	uv_timer_start(&outbox->poll, on_poll, POLL_MS, POLL_MS);
	uv_timer_start(&outbox->digest, on_digest, 5000, DIGEST_MS);
	return 0;
}

static void part_gone(void *arg)
{
	struct alert_outbox *outbox = arg;

	outbox->open_parts--;
	parts_gone(outbox);
}

static void timer_gone(uv_handle_t *handle)
{
	part_gone(handle->data);
}

/* First the deliveries end, then what they were told is recorded, then the connection and the transfers' loop go. */
static void parts_gone(struct alert_outbox *outbox)
{
	void (*closed)(void *arg) = outbox->closed;

	if (outbox->n_deliveries)
		return;
	if (outbox->conn && (!db_conn_queued(outbox->conn) || db_conn_state(outbox->conn) != DB_READY)) {
		outbox->open_parts += 2;
		db_conn_close(outbox->conn, part_gone, outbox);
		outbox->conn = NULL;
		curl_loop_close(&outbox->curl, part_gone, outbox);
		return;
	}
	if (outbox->open_parts || outbox->conn || !closed)
		return;
	outbox->closed = NULL;
	curl_global_cleanup();
	closed(outbox->closed_arg);
}

static void on_released(void *arg, PGresult *result, const struct db_failure *failure)
{
	parts_gone(arg);
}

void alert_outbox_close(struct alert_outbox *outbox, void (*closed)(void *arg), void *arg)
{
	struct alert_delivery *next;
	struct error why = {0};

	outbox->closing = true;
	outbox->closed = closed;
	outbox->closed_arg = arg;
	outbox->open_parts = 2;
	error_set(&why, ERROR_CANCELLED, "Dibatalkan karena program berhenti.", "Cancelled: the program is stopping.");
	for (struct alert_delivery *delivery = outbox->deliveries; delivery; delivery = next) {
		next = delivery->next;
		atomic_store(&delivery->given_up, true);
		/* The callback of what is in the pool ends it in any case. */
		if (delivery->in_resolver)
			uv_cancel((uv_req_t *)&delivery->resolving);
		else if (!delivery->in_pool)
			alert_delivery_over(delivery, &why);
	}
	uv_close((uv_handle_t *)&outbox->poll, timer_gone);
	uv_close((uv_handle_t *)&outbox->digest, timer_gone);
	/* Runs behind everything that was asked before: then all is recorded. */
	if (db_conn_state(outbox->conn) == DB_READY && ask(outbox, "SELECT 1", 0, NULL, on_released) == 0)
		return;
	parts_gone(outbox);
}
