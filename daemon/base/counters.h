/*
 * What the daemon has done since it started, as numbers: shown by `padan status`, later served as metrics. One table
 * names them; names follow Prometheus (base units, _total) without the prefix padan_. No labels: nothing personal.
 *
 * Belongs to the loop's thread. Pool work counts for itself and adds its sums when it is back.
 */
#ifndef PADAN_COUNTERS_H
#define PADAN_COUNTERS_H

#include <stddef.h>
#include <stdint.h>

/* name, what it counts */
#define COUNTERS(X)                                                                                                    \
	X(jobs_claimed_total, "jobs taken from the queue")                                                             \
	X(jobs_done_total, "jobs finished")                                                                            \
	X(jobs_retried_total, "jobs handed back after a failure")                                                      \
	X(jobs_failed_total, "jobs set aside for good")                                                                \
	X(leases_lost_total, "jobs whose lease went to somebody else")                                                 \
	X(lists_done_total, "lists whose flags stand")                                                                 \
	X(rows_read_total, "rows read from files")                                                                     \
	X(rows_accepted_total, "rows that became entries")                                                             \
	X(rows_rejected_total, "rows set aside")                                                                       \
	X(flags_opened_total, "flags raised")                                                                          \
	X(flags_settled_total, "flags resolved by themselves")                                                         \
	X(registers_loaded_total, "district registers loaded from the database")                                       \
	X(files_taken_total, "inbox files taken in")                                                                   \
	X(files_refused_total, "inbox files refused")                                                                  \
	X(files_repeated_total, "inbox files that had come before")                                                    \
	X(inbox_overflows_total, "times the kernel dropped inbox events")                                              \
	X(alerts_sent_total, "alerts delivered")                                                                       \
	X(alerts_retried_total, "alert deliveries that failed and will be tried again")                                \
	X(alerts_dead_total, "alerts given up")                                                                        \
	X(database_reconnects_total, "times the database came back")

enum counter {
#define COUNTER_ENUM(name, help) COUNTER_##name,
	COUNTERS(COUNTER_ENUM)
#undef COUNTER_ENUM
	COUNTER_KINDS
};

struct counters {
	uint64_t values[COUNTER_KINDS];
};

static inline void counter_add(struct counters *counters, enum counter counter, uint64_t n)
{
	counters->values[counter] += n;
}

const char *counter_name(enum counter counter);
const char *counter_help(enum counter counter);

/* {"jobs_done_total":3,…} into text; returns the length, or -1 when it does not fit. */
int counters_json(const struct counters *counters, char *text, size_t size);

#endif
