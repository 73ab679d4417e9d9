/*
 * The daemon's log: one line per event on stderr, or journald fields when stderr is the journal.
 *
 *	log_info("job claimed", LOG_NUMBER("job", job->id), LOG_WORD("kind", job_kind_name(job->kind)));
 *	→ 2024-07-01T02:00:00.123Z info job claimed job=17 kind=process
 *
 * No personal data by construction: the event is a string literal, and there is no field type for free text. A word
 * is ASCII letters, digits and ._:/+- alone, anything else in it is replaced; 13 digits in a row (a NIK, a KK number, though
 * three digits were lost) are blotted out everywhere, also in an error's text and in numbers. File names,
 * header texts and cells are never logged: name the list's number instead.
 *
 * The level and the way out are the only state of the process kept here; log_open() sets them once, before there are
 * threads. log_* may be called from any thread.
 */
#ifndef PADAN_LOG_H
#define PADAN_LOG_H

#include "matcher/base/error.h"

#include <stdbool.h>
#include <stdint.h>

/* Syslog's numbers, as journald's PRIORITY. */
enum log_level { LOG_LEVEL_ERROR = 3, LOG_LEVEL_WARNING = 4, LOG_LEVEL_NOTICE = 5, LOG_LEVEL_INFO = 6, LOG_LEVEL_DEBUG = 7 };

enum log_field_kind { LOG_FIELD_END = 0, LOG_FIELD_NUMBER, LOG_FIELD_SECONDS, LOG_FIELD_WORD, LOG_FIELD_ERROR };

struct log_field {
	enum log_field_kind kind;
	const char *key; /* lower case and _ */
	int64_t number;
	double seconds;
	const char *word;
	const struct error *error;
};

#define LOG_NUMBER(k, v) {.kind = LOG_FIELD_NUMBER, .key = "" k, .number = (int64_t)(v)}
#define LOG_SECONDS(k, v) {.kind = LOG_FIELD_SECONDS, .key = "" k, .seconds = (v)}
#define LOG_WORD(k, v) {.kind = LOG_FIELD_WORD, .key = "" k, .word = (v)}
/* The English text of an error; key "error". */
#define LOG_ERROR_TEXT(e) {.kind = LOG_FIELD_ERROR, .key = "error", .error = (e)}

/* level: what is less urgent is left out. */
void log_open(enum log_level level);
bool log_wants(enum log_level level);
/* "error" … "debug" → level; -1 for anything else. */
int log_level_parse(const char *word, enum log_level *level);

void log_write(enum log_level level, const char *event, const struct log_field *fields);

/* One line as it would be written to stderr, without the time, ended by a newline; for tests and for log_write(). */
int log_format(char *line, int size, enum log_level level, const char *event, const struct log_field *fields);

#define LOG_AT(level, event, ...)                                                                                      \
	log_write(level, "" event, (const struct log_field[]){__VA_ARGS__ __VA_OPT__(, ){.kind = LOG_FIELD_END}})
#define log_error(event, ...) LOG_AT(LOG_LEVEL_ERROR, event, __VA_ARGS__)
#define log_warning(event, ...) LOG_AT(LOG_LEVEL_WARNING, event, __VA_ARGS__)
#define log_notice(event, ...) LOG_AT(LOG_LEVEL_NOTICE, event, __VA_ARGS__)
#define log_info(event, ...) LOG_AT(LOG_LEVEL_INFO, event, __VA_ARGS__)
#define log_debug(event, ...) LOG_AT(LOG_LEVEL_DEBUG, event, __VA_ARGS__)

#endif
