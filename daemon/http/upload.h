/*
 * An upload as its handlers share it: the row in the database and the file in the daemon's folder.
 *
 *	POST /uploads → PUT …/content (again from where it broke off) → POST …/preview (as often as wanted) → POST …/list
 *
 *	api_uploads.c      the folder, the row, dropping it
 *	upload_content.c   its bytes, piece by piece
 *	upload_preview.c   what it would be taken for
 *	upload_list.c      the list that it becomes
 */
#ifndef PADAN_UPLOAD_H
#define PADAN_UPLOAD_H

#include "daemon/http/http_request.h"
#include "daemon/ingest/list_import.h"
#include "matcher/base/arena.h"
#include "matcher/normalise/column_role.h"

/* Lives in the request's arena; texts likewise. */
struct upload {
	const char *id, *file_name, *state, *config, *header, *mapping, *subjects;
	char path[480];
	int64_t bytes, received;
	void (*go_on)(struct http_request *request);

	/* columns as the caller wants them; COLUMN_ROLES where he says nothing */
	enum column_role *chosen;
	size_t n_chosen;

	void *step; /* the step's own */
};

static inline struct upload *upload_of(struct http_request *request)
{
	return request->data;
}

/* From a handler: the caller's upload of the path, then go_on() with no transaction open. Answers what is absent. */
void upload_look_up(struct http_request *request, void (*go_on)(struct http_request *request));

/* The upload is not in the state that the request needs: says why. */
void upload_reply_state(struct http_request *request);

/* "columns" of the body into chosen. */
void upload_read_chosen(struct http_request *request);

#endif
