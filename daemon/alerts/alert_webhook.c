/*
 * By webhook: a signed POST to a public address. The name is resolved once, every answer must be public, and the transfer is
 * pinned to what was looked at; redirects are failures. Called by alert_outbox.c.
 */
#include "daemon/alerts/alert_address.h"
#include "daemon/alerts/alert_delivery.h"
#include "daemon/base/event_loop.h"

#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "daemon/base/banned.h"

static int add_header(struct alert_delivery *delivery, const char *header, struct error *err)
{
	struct curl_slist *more = curl_slist_append(delivery->list, header);

	if (!more)
		return error_memory(err);
	delivery->list = more;
	return 0;
}

static int set_headers(struct alert_delivery *delivery, struct error *err)
{
	struct str key = alert_credential(delivery, "webhook"), body = {delivery->message, delivery->n_message};
	char id[ALERT_ID_MAX], signature[ALERT_SIGNATURE_MAX], header[ALERT_ID_MAX + 64];

	if (!key.n)
		return error_set(err, ERROR_INPUT,
			"Kunci tanda tangan webhook belum ada; letakkan di /etc/padan/credentials/webhook.",
			"There is no key to sign webhooks with; put it into /etc/padan/credentials/webhook.");
	alert_id(&delivery->alert, id);
	snprintf(header, sizeof(header), "Idempotency-Key: %s", id);
	if (add_header(delivery, header, err) < 0)
		return -1;
	alert_signature(key, time(NULL), body, signature);
	snprintf(header, sizeof(header), "Padan-Signature: %s", signature);
	if (add_header(delivery, header, err) < 0 || add_header(delivery, "Content-Type: application/json", err) < 0 ||
		add_header(delivery, "Expect:", err) < 0)
		return -1;
	curl_easy_setopt(delivery->easy, CURLOPT_HTTPHEADER, delivery->list);
	return 0;
}

static int inner_address(struct error *err)
{
	return error_set(err, ERROR_INPUT,
		"Webhook mengarah ke alamat dalam; izinkan dengan --allow-inner-webhooks bila memang dimaksud.",
		"The webhook points at an inner address; allow it with --allow-inner-webhooks if that is meant.");
}

/* "name:443:192.0.2.1": libcurl asks no resolver any more. */
static int pin(struct alert_delivery *delivery, const char *host, const char *port, const struct addrinfo *addresses,
	struct error *err)
{
	char number[NI_MAXHOST], entry[NI_MAXHOST * 2 + 16];

	for (const struct addrinfo *a = addresses; a; a = a->ai_next) {
		if (!delivery->outbox->options.allow_inner && address_is_inner(a->ai_addr))
			return inner_address(err);
	}
	if (!addresses || getnameinfo(addresses->ai_addr, addresses->ai_addrlen, number, sizeof(number), NULL, 0, NI_NUMERICHOST))
		return error_set(err, ERROR_SYSTEM, "Nama webhook tidak beralamat.", "The webhook's name has no address.");
	snprintf(entry, sizeof(entry), "%s:%s:%s%s%s", host, port, addresses->ai_family == AF_INET6 ? "[" : "", number,
		addresses->ai_family == AF_INET6 ? "]" : "");
	delivery->pinned = curl_slist_append(NULL, entry);
	if (!delivery->pinned)
		return error_memory(err);
	curl_easy_setopt(delivery->easy, CURLOPT_RESOLVE, delivery->pinned);
	return 0;
}

/* The parts of the URL as libcurl will understand it; both must be given back with curl_free(). */
static int take_url(struct alert_delivery *delivery, char **host, char **port, struct error *err)
{
	const char *url = arena_str(&delivery->arena, delivery->config.alerts.webhook_url).p;
	CURLU *parsed = curl_url();
	char *scheme = NULL;
	bool sound, secure;

	*host = *port = NULL;
	if (!url || !parsed) {
		curl_url_cleanup(parsed);
		return error_memory(err);
	}
	sound = curl_url_set(parsed, CURLUPART_URL, url, CURLU_DISALLOW_USER) == CURLUE_OK &&
		curl_url_get(parsed, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
		curl_url_get(parsed, CURLUPART_HOST, host, 0) == CURLUE_OK &&
		curl_url_get(parsed, CURLUPART_PORT, port, CURLU_DEFAULT_PORT) == CURLUE_OK;
	secure = sound && strcasecmp(scheme, "https") == 0;
	curl_free(scheme);
	curl_url_cleanup(parsed);
	if (!sound || (!secure && !delivery->outbox->options.allow_inner))
		return error_set(err, ERROR_INPUT, "Alamat webhook harus berbentuk https://…, tanpa nama pengguna.",
			"The webhook's address must be https://…, without a user name.");
	curl_easy_setopt(delivery->easy, CURLOPT_URL, url);
	return 0;
}

static void on_resolved(uv_getaddrinfo_t *request, int status, struct addrinfo *addresses)
{
	struct alert_delivery *delivery = request->data;
	struct error err = {0};
	char *host = NULL, *port = NULL;
	int result = -1;

	delivery->in_resolver = false;
	if (atomic_load(&delivery->given_up))
		error_set(&err, ERROR_CANCELLED, "Dibatalkan.", "Cancelled.");
	else if (status < 0)
		event_loop_error(&err, "nama webhook", "webhook's name", status);
	else if (take_url(delivery, &host, &port, &err) == 0 && pin(delivery, host, port, addresses, &err) == 0)
		result = alert_delivery_start(delivery, &err);
	curl_free(host);
	curl_free(port);
	uv_freeaddrinfo(addresses);
	if (result < 0)
		alert_delivery_over(delivery, &err);
}

int alert_webhook_send(struct alert_delivery *delivery, struct error *err)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG};
	char *host = NULL, *port = NULL, bare[256];
	bool bracketed;
	int status = -1;

	if (!delivery->config.alerts.webhook_url.n)
		return error_set(err, ERROR_INPUT, "webhook belum diisi pada [alerts].", "webhook is not filled in under [alerts].");
	if (alert_json(&delivery->alert, &delivery->message, &delivery->n_message, err) < 0 ||
		alert_delivery_prepare(delivery, err) < 0 || set_headers(delivery, err) < 0 ||
		take_url(delivery, &host, &port, err) < 0)
		goto out;
	curl_easy_setopt(delivery->easy, CURLOPT_PROTOCOLS_STR, delivery->outbox->options.allow_inner ? "https,http" : "https");
	curl_easy_setopt(delivery->easy, CURLOPT_POSTFIELDS, delivery->message);
	curl_easy_setopt(delivery->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)delivery->n_message);
	/* An IPv6 address stands in brackets in a URL, and without them elsewhere. */
	bracketed = host && host[0] == '[';
	snprintf(bare, sizeof(bare), "%s", bracketed ? host + 1 : host ? host : "");
	if (bracketed)
		bare[strcspn(bare, "]")] = '\0';
	delivery->resolving.data = delivery;
	status = uv_getaddrinfo(delivery->outbox->loop, &delivery->resolving, on_resolved, bare, port, &hints);
	if (status < 0)
		event_loop_error(err, "nama webhook", "webhook's name", status);
	else
		delivery->in_resolver = true;
out:
	curl_free(host);
	curl_free(port);
	return status < 0 ? -1 : 0;
}
