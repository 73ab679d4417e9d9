/*
 * Passwords: argon2id in the pool, a few at a time (64 MiB each), and what a new one must be.
 *
 * Checking takes as long for a name that is not there: then it is checked against a hash of nothing. Used by http_login.c.
 */
#ifndef PADAN_HTTP_PASSWORD_H
#define PADAN_HTTP_PASSWORD_H

#include "daemon/http/http_request.h"
#include "matcher/base/error.h"

#include <stdbool.h>
#include <uv.h>

enum { PASSWORD_LEAST = 12, PASSWORD_MOST = 256 };

struct http_passwords;

int http_passwords_start(struct http_passwords **ret, uv_loop_t *loop, struct error *err) PADAN_MUST_CHECK;
void http_passwords_close(struct http_passwords *passwords, void (*closed)(void *arg), void *arg);
size_t http_passwords_waiting(const struct http_passwords *passwords);

/* hash NULL: nobody's; never right. When the line is full the request is answered with 503 and done is not called. */
typedef void http_password_checked_fn(struct http_request *request, bool right);
void http_password_check(struct http_request *request, const char *password, const char *hash, http_password_checked_fn *done);

/* hash lives for the call; NULL: no memory for it. */
typedef void http_password_made_fn(struct http_request *request, const char *hash);
void http_password_make(struct http_request *request, const char *password, http_password_made_fn *done);

/* Length in characters, not among the common ones, not made of the name or of one repeated piece. -1 and why. */
int password_may_be(const char *password, const char *user_name, struct error *err) PADAN_MUST_CHECK;

#endif
