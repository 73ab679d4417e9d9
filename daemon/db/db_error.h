/*
 * What PostgreSQL's refusals become: struct error with a text for people, without personal data.
 *
 * PostgreSQL quotes values in DETAIL, CONTEXT and, for data exceptions (class 22), in the message itself. None of these
 * goes on: only the message of other classes, the SQLSTATE and the names of table, column and constraint do.
 * SQLSTATE PDxxx are Padan's own refusals (migrations/): their message is Indonesian, their hint English, kind ERROR_INPUT.
 */
#ifndef PADAN_DB_ERROR_H
#define PADAN_DB_ERROR_H

#include "matcher/base/error.h"

#include <libpq-fe.h>
#include <stdbool.h>

/* From a result that is an error. Returns -1. */
int db_error_from_result(struct error *err, const PGresult *result);

/* From a connection that could not be made or was lost. Returns -1. */
int db_error_from_connection(struct error *err, PGconn *conn);

/* SQLSTATEs after which the same transaction may be tried again: serialisation, deadlock, lost connection, shutdown, limits. */
bool db_error_is_passing(const char *sqlstate);

#endif
