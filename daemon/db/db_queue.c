/*
 * The queue of one connection: queries with their own copies of what they were given, in order, each answered once. See
 * db_conn_internal.h; db_conn.c runs it.
 */
#include "daemon/db/db_conn_internal.h"

#include <stdlib.h>
#include <string.h>

struct pending *db_conn_pending(const struct db_query *query)
{
	size_t size = sizeof(struct pending), used = 0;
	int lengths[DB_PARAMS_MAX] = {0};
	struct pending *pending;
	char *bytes;

	for (int i = 0; i < query->n; i++) {
		bool binary = query->formats && query->formats[i] && query->lengths;

		if (query->values[i])
			lengths[i] = binary ? query->lengths[i] : (int)strlen(query->values[i]);
		size += (size_t)lengths[i] + 1;
	}
	pending = calloc(1, size);
	if (!pending)
		return NULL;
	bytes = (char *)(pending + 1);
	pending->query = *query;
	for (int i = 0; i < query->n; i++) {
		pending->lengths[i] = lengths[i];
		pending->formats[i] = query->formats ? query->formats[i] : 0;
		if (!query->values[i])
			continue;
		pending->values[i] = memcpy(bytes + used, query->values[i], (size_t)lengths[i]);
		used += (size_t)lengths[i] + 1;
	}
	return pending;
}

int db_conn_query(struct db_conn *conn, const struct db_query *query, struct error *err)
{
	struct pending *pending;

	if (conn->closing)
		return error_set(err, ERROR_CANCELLED, "Sambungan basis data sedang ditutup.", "The connection is being closed.");
	if (conn->queued >= DB_QUEUE_MAX || query->n > DB_PARAMS_MAX)
		return error_set(err, ERROR_DATABASE, "Antrean ke basis data penuh (%zu); server terlalu lambat atau terputus.",
			"The queue to the database is full (%zu); the server is too slow or away.", conn->queued);
	pending = db_conn_pending(query);
	if (!pending)
		return error_memory(err);
	if (conn->last)
		conn->last->next = pending;
	else
		conn->first = pending;
	conn->last = pending;
	conn->queued++;
	db_conn_kick(conn);
	return 0;
}

struct pending *db_conn_take_first(struct db_conn *conn)
{
	struct pending *pending = conn->first;

	conn->first = pending->next;
	if (!conn->first)
		conn->last = NULL;
	conn->queued--;
	return pending;
}

void db_conn_answer(struct pending *pending, PGresult *result, const struct db_failure *failure)
{
	if (pending->query.done)
		pending->query.done(pending->query.arg, result, failure);
	free(pending);
}

void db_conn_answer_lost(struct db_conn *conn, const struct db_failure *failure, bool everything)
{
	struct pending *lost = NULL, **lost_end = &lost, **at = &conn->first;
	bool first_ran = conn->running;

	conn->running = false;
	conn->sent = conn->n_plans = 0;
	conn->copy = COPY_NONE;
	PQclear(conn->result);
	conn->result = NULL;
	conn->last = NULL;
	while (*at) {
		struct pending *pending = *at;

		if (everything || pending->internal || pending->sent || pending->query.session || (first_ran && pending == conn->first)) {
			*at = pending->next;
			pending->next = NULL;
			*lost_end = pending;
			lost_end = &pending->next;
			conn->queued--;
			first_ran = false;
		} else {
			conn->last = pending;
			at = &pending->next;
		}
	}
	while (lost) {
		struct pending *next = lost->next;

		db_conn_answer(lost, NULL, failure);
		lost = next;
	}
}
