/*
 * What goes over the wire: a mail as RFC 5322 says, a webhook's body with its signature. Made whole in memory before
 * anything is sent, so that a second attempt sends the same bytes under the same Message-ID or Idempotency-Key.
 *
 * Pure, but for libsodium's HMAC. Called by alert_outbox.c.
 */
#ifndef PADAN_ALERT_MESSAGE_H
#define PADAN_ALERT_MESSAGE_H

#include "matcher/base/error.h"
#include "matcher/base/str.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An alert as the outbox holds it. */
struct alert {
	uint32_t district;
	int64_t alert, fence;
	int attempts;
	char key[160];            /* "list:17:bappeda:smtp" */
	char kind[24];
	char recipient[64];       /* "bappeda" or an office */
	char district_name[128];
	int64_t created;          /* seconds since 1970, by the database's clock */
	json_t *payload;
};

/* "<1505.list-17-bappeda-smtp@padan.invalid>" without the brackets: the same at every attempt. */
enum { ALERT_ID_MAX = 224 };
void alert_id(const struct alert *alert, char id[ALERT_ID_MAX]);

/* An address that may stand in a header and in an envelope: no controls, no white space, one @. */
bool alert_address_is_sane(struct str address);

/*
 * A mail in UTF-8, headers encoded; the result is malloc'd and NUL-terminated. Addresses must be sane.
 */
int alert_mail(const struct alert *alert, struct str from, const struct str *to, size_t n_to, char **ret, size_t *ret_n,
	struct error *err) PADAN_MUST_CHECK;

/* {"id":…,"kind":…,"district":1505,"recipient":…,"created":…,"payload":{…}}, malloc'd. */
int alert_json(const struct alert *alert, char **ret, size_t *ret_n, struct error *err) PADAN_MUST_CHECK;

/* "t=1720000000,v1=<hex of HMAC-SHA256(key, "1720000000." body)>". */
enum { ALERT_SIGNATURE_MAX = 128 };
void alert_signature(struct str key, int64_t time, struct str body, char signature[ALERT_SIGNATURE_MAX]);

#endif
