/*
 * By mail: one transfer to the district's relay. In the pool, not on the loop: once the text is sent, libcurl waits for the
 * relay's answer without giving the thread back (lib/smtp.c, smtp_done(), measured with 7.88), and a relay that
 * hangs there would hold everything else. Called by alert_outbox.c.
 */
#include "daemon/alerts/alert_delivery.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "daemon/base/banned.h"

static size_t give_message(char *to, size_t size, size_t n, void *arg)
{
	struct alert_delivery *delivery = arg;
	size_t left = delivery->n_message - delivery->sent, part = size * n < left ? size * n : left;

	memcpy(to, delivery->message + delivery->sent, part);
	delivery->sent += part;
	return part;
}

/* Bappeda's addresses are the configuration's, an office's is its own. */
static int choose_recipients(struct alert_delivery *delivery, const struct str **ret, size_t *ret_n, struct error *err)
{
	const struct alert_config *alerts = &delivery->config.alerts;
	struct str *one;

	*ret = alerts->emails;
	*ret_n = alerts->n_emails;
	if (strcmp(delivery->alert.recipient, "bappeda") != 0 || (*delivery->email && !alerts->n_emails)) {
		one = arena_alloc(&delivery->arena, sizeof(*one));
		if (!one)
			return error_memory(err);
		*one = str_from(delivery->email);
		*ret = one;
		*ret_n = one->n ? 1 : 0;
	}
	if (!*ret_n)
		return error_set(err, ERROR_INPUT, "Tidak ada alamat surel; isi email pada [alerts] atau pada dinasnya.",
			"There is no mail address; fill in email under [alerts] or of the office.");
	for (size_t i = 0; i < *ret_n; i++) {
		if (!alert_address_is_sane((*ret)[i]))
			return error_set(err, ERROR_INPUT, "Alamat surel dalam konfigurasi tidak sah.",
				"A mail address in the configuration is not valid.");
	}
	return 0;
}

static char *text_of(struct alert_delivery *delivery, struct str text)
{
	return (char *)arena_str(&delivery->arena, text).p;
}

/* A password never goes over a line that can be read: TLS is a must then, and tried otherwise. */
static void set_security(struct alert_delivery *delivery, const char *user, struct str password)
{
	curl_easy_setopt(delivery->easy, CURLOPT_USE_SSL, (long)(user && password.n ? CURLUSESSL_ALL : CURLUSESSL_TRY));
	if (user && password.n) {
		curl_easy_setopt(delivery->easy, CURLOPT_USERNAME, user);
		curl_easy_setopt(delivery->easy, CURLOPT_PASSWORD, password.p);
	}
}

int alert_smtp_send(struct alert_delivery *delivery, struct error *err)
{
	const struct alert_config *alerts = &delivery->config.alerts;
	const struct str *to;
	char *url, *from, *user = NULL;
	size_t n_to;

	if (!alerts->smtp_url.n || !alert_address_is_sane(alerts->from))
		return error_set(err, ERROR_INPUT, "smtp atau from belum diisi pada [alerts].",
			"smtp or from is not filled in under [alerts].");
	if (choose_recipients(delivery, &to, &n_to, err) < 0 ||
		alert_mail(&delivery->alert, alerts->from, to, n_to, &delivery->message, &delivery->n_message, err) < 0 ||
		alert_delivery_prepare(delivery, err) < 0)
		return -1;
	for (size_t i = 0; i < n_to; i++) {
		char *address = text_of(delivery, to[i]);
		struct curl_slist *more = address ? curl_slist_append(delivery->list, address) : NULL;

		if (!more)
			return error_memory(err);
		delivery->list = more;
	}
	url = text_of(delivery, alerts->smtp_url);
	from = text_of(delivery, alerts->from);
	if (alerts->smtp_user.n)
		user = text_of(delivery, alerts->smtp_user);
	if (!url || !from)
		return error_memory(err);
	curl_easy_setopt(delivery->easy, CURLOPT_URL, url);
	curl_easy_setopt(delivery->easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(delivery->easy, CURLOPT_MAIL_FROM, from);
	curl_easy_setopt(delivery->easy, CURLOPT_MAIL_RCPT, delivery->list);
	curl_easy_setopt(delivery->easy, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(delivery->easy, CURLOPT_READFUNCTION, give_message);
	curl_easy_setopt(delivery->easy, CURLOPT_READDATA, delivery);
	set_security(delivery, user, alert_credential(delivery, "smtp"));
	return alert_delivery_start_in_pool(delivery, err);
}
