/*
 * Who asks: sessions by cookie, offices' systems by "Authorization: Bearer". And whether a change comes from our own pages.
 *
 * A session's CSRF token is made from the session's secret, which no script can read; the pages get it from GET /api/v1/session
 * and send it as X-Padan-CSRF with every change. Beside it Origin and Sec-Fetch-Site must be our own, and Host a name we are
 * known by (so that another site's name, pointed at a loopback address, leads nowhere).
 *
 * Used by http_server.c and http_login.c.
 */
#ifndef PADAN_HTTP_AUTH_H
#define PADAN_HTTP_AUTH_H

#include "daemon/base/secret.h"
#include "daemon/http/http_request.h"

enum { CSRF_TEXT = 33 };

void http_csrf_of(const char *session, char text[CSRF_TEXT]);

/* The session's secret that the browser sent; NULL: none. */
const char *http_session_cookie(struct http_request *request);
/* A header of the answer: the browser keeps it, or (NULL) forgets it. */
void http_set_session_cookie(struct http_request *request, const char *secret);

/* 401 */
void http_reply_login(struct http_request *request);

#endif
