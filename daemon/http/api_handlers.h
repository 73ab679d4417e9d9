/*
 * Handlers of the API that are more than a statement; api_routes.c has the table, openapi.yaml what they answer.
 */
#ifndef PADAN_API_HANDLERS_H
#define PADAN_API_HANDLERS_H

#include "daemon/http/http_request.h"
#include "daemon/http/http_sql.h"
#include "matcher/normalise/field.h"

/* api_explain.c */
void api_show_flag(struct http_request *request);
void api_show_pair(struct http_request *request);
void api_show_next_pairs(struct http_request *request);

void api_show_sheet(struct http_request *request);

/* api_check.c */
void api_check(struct http_request *request);

/* api_people.c */
void api_search(struct http_request *request);
/* A text of the JSON body in the register's own form; NULL where nothing was typed. -1: the request has been answered. */
int http_typed(struct http_request *request, const char *name, enum field_type type, const char **ret);
void api_add_user(struct http_request *request);
void api_make_user_link(struct http_request *request);
void api_add_token(struct http_request *request);

/* upload_content.c, upload_preview.c, upload_list.c */
void api_take_content(struct http_request *request);
void api_preview_upload(struct http_request *request);
void api_send_list(struct http_request *request);

/* api_rejects.c */
void api_rejects_file(struct http_request *request);
/* A file made for an answer, whole; *bytes is the caller's to free. */
int api_read_file(const char *path, char **bytes, size_t *n, struct error *err) PADAN_MUST_CHECK;

/* api_uploads.c */
void api_drop_upload(struct http_request *request);
/* Makes the folder if need be, and takes out of it what was left there long ago. *ret is the caller's to free. */
int api_uploads_folder(const char *wanted, char **ret, struct error *err) PADAN_MUST_CHECK;

/* api_export.c */
void api_export_csv(struct http_request *request);
void api_export_xlsx(struct http_request *request);
void api_export_sheet(struct http_request *request);

/* api_sheet_file.c */
void api_take_sheet(struct http_request *request);

/* api_proposals.c */
void api_proposal_file(struct http_request *request);

/* api_dry_run.c */
void api_dry_run(struct http_request *request);

/* api_settings.c */
void api_show_settings(struct http_request *request);
void api_check_configuration(struct http_request *request);
void api_put_configuration(struct http_request *request);
void api_put_setting(struct http_request *request);
void api_drop_setting(struct http_request *request);

/* api_vocabulary.c */
void api_show_vocabulary(struct http_request *request);

#endif
