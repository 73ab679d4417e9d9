/*
 * Mails and webhook bodies; see alert_message.h.
 */
#include "daemon/alerts/alert_message.h"
#include "daemon/alerts/alert_text.h"
#include "daemon/base/limits.h"

#include <ctype.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "daemon/base/banned.h"

enum { ENCODED_WORD_BYTES = 42, BODY_LINE_BYTES = 57 }; /* of text in a line: 75 and 76 characters once encoded */

void alert_id(const struct alert *alert, char id[ALERT_ID_MAX])
{
	int n = snprintf(id, ALERT_ID_MAX, "%u.%s@padan.invalid", alert->district, alert->key);

	if (n >= ALERT_ID_MAX)
		n = ALERT_ID_MAX - 1;
	for (int i = 0; i < n; i++) {
		if (!isalnum((unsigned char)id[i]) && !strchr(".-_@", id[i]))
			id[i] = '-';
	}
}

bool alert_address_is_sane(struct str address)
{
	size_t at = 0;

	if (address.n < 3 || address.n > 254 || address.p[0] == '@' || address.p[address.n - 1] == '@')
		return false;
	for (size_t i = 0; i < address.n; i++) {
		unsigned char c = address.p[i];

		if (c <= ' ' || c >= 0x7f || strchr("<>()[]\\,;:\"", c))
			return false;
		at += c == '@';
	}
	return at == 1;
}

struct writing {
	char *text;
	size_t n, room;
	bool failed;
};

static void put(struct writing *to, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put(struct writing *to, const char *format, ...)
{
	va_list arguments;
	int n;

	va_start(arguments, format);
	n = vsnprintf(to->text + to->n, to->room - to->n, format, arguments);
	va_end(arguments);
	if (n < 0 || (size_t)n >= to->room - to->n)
		to->failed = true;
	else
		to->n += n;
}

/* Bytes of text that make at most `most` bytes without cutting a UTF-8 character. */
static size_t whole_characters(const char *text, size_t n, size_t most)
{
	if (n <= most)
		return n;
	while (most > 0 && ((unsigned char)text[most] & 0xc0) == 0x80)
		most--;
	return most;
}

/* RFC 2047: encoded words, each of whole characters, folded. Also what keeps a line break out of the headers. */
static void put_encoded(struct writing *to, const char *text)
{
	size_t n = strlen(text);
	bool first = true;

	while (n > 0 && !to->failed) {
		char base64[80];
		size_t part = whole_characters(text, n, ENCODED_WORD_BYTES);

		sodium_bin2base64(base64, sizeof(base64), (const unsigned char *)text, part, sodium_base64_VARIANT_ORIGINAL);
		put(to, "%s=?UTF-8?B?%s?=", first ? "" : "\r\n ", base64);
		first = false;
		text += part;
		n -= part;
	}
}

static void put_body(struct writing *to, const char *text, size_t n)
{
	while (n > 0 && !to->failed) {
		char base64[80];
		size_t part = n < BODY_LINE_BYTES ? n : BODY_LINE_BYTES;

		sodium_bin2base64(base64, sizeof(base64), (const unsigned char *)text, part, sodium_base64_VARIANT_ORIGINAL);
		put(to, "%s\r\n", base64);
		text += part;
		n -= part;
	}
}

/* The time at which the alert came up, whatever the attempt: the bytes stay the same. */
static void put_date(struct writing *to, int64_t seconds)
{
	static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	time_t time = seconds;
	struct tm utc;

	gmtime_r(&time, &utc);
	put(to, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n", days[utc.tm_wday], utc.tm_mday, months[utc.tm_mon],
		utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
}

int alert_mail(const struct alert *alert, struct str from, const struct str *to, size_t n_to, char **ret, size_t *ret_n,
	struct error *err)
{
	struct alert_text *text = malloc(sizeof(*text));
	struct writing out = {.room = LIMIT_ALERT_BODY_BYTES};
	char id[ALERT_ID_MAX];

	out.text = malloc(out.room);
	if (!text || !out.text) {
		free(text);
		free(out.text);
		return error_memory(err);
	}
	alert_text(alert->kind, alert->district_name, alert->payload, text);
	alert_id(alert, id);
	put(&out, "From: Padan <%.*s>\r\nTo: ", STR_ARGS(from));
	for (size_t i = 0; i < n_to; i++)
		put(&out, "%s<%.*s>", i ? ",\r\n " : "", STR_ARGS(to[i]));
	put(&out, "\r\nSubject: ");
	put_encoded(&out, text->subject);
	put(&out, "\r\nMessage-ID: <%s>\r\n", id);
	put_date(&out, alert->created);
	put(&out, "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n"
		  "Content-Language: id\r\nContent-Transfer-Encoding: base64\r\n\r\n");
	put_body(&out, text->body, text->n);
	free(text);
	if (out.failed) {
		free(out.text);
		return error_set(err, ERROR_SYSTEM, "Surat terlalu panjang.", "The mail is too long.");
	}
	*ret = out.text;
	*ret_n = out.n;
	return 0;
}

int alert_json(const struct alert *alert, char **ret, size_t *ret_n, struct error *err)
{
	char id[ALERT_ID_MAX];
	json_t *object;

	alert_id(alert, id);
	object = json_pack("{s:s, s:s, s:I, s:s, s:I, s:O}", "id", id, "kind", alert->kind, "district",
		(json_int_t)alert->district, "recipient", alert->recipient, "created", (json_int_t)alert->created, "payload",
		alert->payload);
	*ret = object ? json_dumps(object, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
	json_decref(object);
	if (!*ret)
		return error_memory(err);
	*ret_n = strlen(*ret);
	if (*ret_n <= LIMIT_ALERT_BODY_BYTES)
		return 0;
	free(*ret);
	*ret = NULL;
	return error_set(err, ERROR_SYSTEM, "Isi pemberitahuan terlalu panjang.", "The alert's body is too long.");
}

void alert_signature(struct str key, int64_t time, struct str body, char signature[ALERT_SIGNATURE_MAX])
{
	unsigned char hash[crypto_auth_hmacsha256_BYTES];
	crypto_auth_hmacsha256_state state;
	char prefix[32];
	int n = snprintf(prefix, sizeof(prefix), "%lld.", (long long)time);

	crypto_auth_hmacsha256_init(&state, (const unsigned char *)key.p, key.n);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)prefix, n);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)body.p, body.n);
	crypto_auth_hmacsha256_final(&state, hash);
	n = snprintf(signature, ALERT_SIGNATURE_MAX, "t=%lld,v1=", (long long)time);
	sodium_bin2hex(signature + n, ALERT_SIGNATURE_MAX - n, hash, sizeof(hash));
}
