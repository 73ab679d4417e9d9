/*
 * The pages: files of one folder, read into memory in the pool and served from there – so no path of a request ever reaches the
 * file system. What has a hash in its name ("assets/app-3f2a9c1b.js") may be kept by browsers for ever, everything else is asked for
 * anew by its ETag. A file's .br and .gz beside it are what a browser gets that takes them; what has no .gz is compressed when it
 * is read. Paths without a dot that are no file give index.html: the pages' own router knows them.
 *
 * Used by http_server.c for whatever no route answers.
 */
#ifndef PADAN_HTTP_PAGES_H
#define PADAN_HTTP_PAGES_H

#include "daemon/http/http_request.h"
#include "matcher/base/error.h"

struct http_pages;

/* folder NULL: build/web beside the program (build/<flavour>/padand), else /usr/share/padan/web. */
int http_pages_start(struct http_pages **ret, uv_loop_t *loop, const char *folder, struct error *err) PADAN_MUST_CHECK;
void http_pages_reload(struct http_pages *pages); /* in the pool; what is served changes when it is done */
void http_pages_close(struct http_pages *pages, void (*closed)(void *arg), void *arg);
void http_pages_free(struct http_pages *pages); /* after that, and after the last answer */

void http_pages_serve(struct http_request *request);

#endif
