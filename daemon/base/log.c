/*
 * Writing the log: log.h says what a line may hold. Called by everything in the daemon; never by matcher/.
 */
#include "daemon/base/log.h"
#include "daemon/base/limits.h"

#include <ctype.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

#include "daemon/base/banned.h"

enum { DIGITS_MAX = 12, WORD_MAX = 96 };

/* Set once by log_open(), before threads; the level may be changed by SIGHUP, so it is atomic. */
static atomic_int current_level = LOG_LEVEL_INFO;
static atomic_bool to_journal;

static const char *level_name(enum log_level level)
{
	static const char *const names[] = {
		[LOG_LEVEL_ERROR] = "error",
		[LOG_LEVEL_WARNING] = "warning",
		[LOG_LEVEL_NOTICE] = "notice",
		[LOG_LEVEL_INFO] = "info",
		[LOG_LEVEL_DEBUG] = "debug",
	};

	return names[level];
}

int log_level_parse(const char *word, enum log_level *level)
{
	for (int l = LOG_LEVEL_ERROR; l <= LOG_LEVEL_DEBUG; l++) {
		if (strcmp(word, level_name(l)) == 0) {
			*level = l;
			return 0;
		}
	}
	return -1;
}

/* systemd says in JOURNAL_STREAM which device and inode the journal's pipe has; a redirected stderr is not it. */
static bool stderr_is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	unsigned long long device, inode;
	struct stat st;

	return stream && sscanf(stream, "%llu:%llu", &device, &inode) == 2 && fstat(STDERR_FILENO, &st) == 0 &&
	       st.st_dev == device && st.st_ino == inode;
}

void log_open(enum log_level level)
{
	atomic_store(&current_level, level);
	atomic_store(&to_journal, stderr_is_journal());
}

bool log_wants(enum log_level level)
{
	return (int)level <= atomic_load(&current_level);
}

/* Replaces every run of 13 digits or more by '#', in place: what could be a NIK or a KK number is none any more. */
static void blot_digits(char *text)
{
	char *to = text;

	for (const char *p = text; *p;) {
		size_t run = strspn(p, "0123456789");

		if (run > DIGITS_MAX) {
			*to++ = '#';
			p += run;
			continue;
		}
		if (run == 0)
			run = 1;
		memmove(to, p, run);
		to += run;
		p += run;
	}
	*to = '\0';
}

/* The value of a field as text, blotted. */
static void field_text(char *text, size_t size, const struct log_field *field)
{
	switch (field->kind) {
	case LOG_FIELD_NUMBER:
		snprintf(text, size, "%lld", (long long)field->number);
		break;
	case LOG_FIELD_SECONDS:
		snprintf(text, size, "%.3f", field->seconds);
		break;
	case LOG_FIELD_WORD:
		snprintf(text, size < WORD_MAX ? size : WORD_MAX, "%s", field->word ? field->word : "-");
		for (char *p = text; *p; p++) {
			if (!isalnum((unsigned char)*p) && !strchr("._:/+-", *p))
				*p = '?';
		}
		break;
	case LOG_FIELD_ERROR:
		snprintf(text, size, "%s", field->error->en);
		for (char *p = text; *p; p++) {
			if ((unsigned char)*p < ' ' || *p == 0x7f || *p == '"')
				*p = *p == '"' ? '\'' : ' ';
		}
		break;
	case LOG_FIELD_END:
		text[0] = '\0';
		break;
	}
	blot_digits(text);
}

int log_format(char *line, int size, enum log_level level, const char *event, const struct log_field *fields)
{
	int n = snprintf(line, size, "%s %s", level_name(level), event);

	for (int i = 0; i < LIMIT_LOG_FIELDS && fields[i].kind != LOG_FIELD_END && n < size - 2; i++) {
		const char *quote = fields[i].kind == LOG_FIELD_ERROR ? "\"" : "";
		char text[ERROR_TEXT_MAX + 1];

		field_text(text, sizeof(text), &fields[i]);
		n += snprintf(line + n, size - n, " %s=%s%s%s", fields[i].key, quote, text, quote);
	}
	if (n > size - 2)
		n = size - 2;
	line[n++] = '\n';
	line[n] = '\0';
	return n;
}

/* MESSAGE is the whole line; each field stands besides as PADAN_KEY, so that journalctl can select by it. */
static void write_journal(enum log_level level, const char *event, const struct log_field *fields)
{
	char message[LIMIT_LOG_LINE_BYTES + 8] = "MESSAGE=", priority[16];
	char texts[LIMIT_LOG_FIELDS][ERROR_TEXT_MAX + 64];
	struct iovec iov[LIMIT_LOG_FIELDS + 2];
	const char *shown;
	int n = 0;

	log_format(message + 8, LIMIT_LOG_LINE_BYTES, level, event, fields);
	message[strlen(message) - 1] = '\0';
	shown = message + 8 + strlen(level_name(level)) + 1; /* the level is told by PRIORITY */
	memmove(message + 8, shown, strlen(shown) + 1);
	snprintf(priority, sizeof(priority), "PRIORITY=%d", (int)level);
	iov[n++] = (struct iovec){message, strlen(message)};
	iov[n++] = (struct iovec){priority, strlen(priority)};
	for (int i = 0; i < LIMIT_LOG_FIELDS && fields[i].kind != LOG_FIELD_END; i++) {
		char *text = texts[i];
		int at = snprintf(text, sizeof(texts[i]), "PADAN_%s=", fields[i].key);

		for (char *p = text; *p; p++)
			*p = toupper((unsigned char)*p);
		field_text(text + at, sizeof(texts[i]) - at, &fields[i]);
		iov[n++] = (struct iovec){text, strlen(text)};
	}
	sd_journal_sendv(iov, n);
}

void log_write(enum log_level level, const char *event, const struct log_field *fields)
{
	char line[LIMIT_LOG_LINE_BYTES];
	struct timespec now;
	struct tm utc;
	int n;

	if (!log_wants(level))
		return;
	if (atomic_load(&to_journal)) {
		write_journal(level, event, fields);
		return;
	}
	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &utc);
	n = strftime(line, sizeof(line), "%Y-%m-%dT%H:%M:%S", &utc);
	n += snprintf(line + n, sizeof(line) - n, ".%03ldZ ", now.tv_nsec / 1000000);
	n += log_format(line + n, sizeof(line) - n, level, event, fields);
	/* One write per line: lines of several threads don't mix. Nobody can be told when stderr fails. */
	if (write(STDERR_FILENO, line, n) < 0)
		return;
}
