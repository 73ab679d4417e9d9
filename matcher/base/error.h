/*
 * One way to report a failure: a function returns 0, or -1 and fills the caller's struct error.
 *
 * The error says what happened and what the user can do about it, in Indonesian and in English, since
 * whoever fails knows most and whoever prints knows the reader's language. It is filled once, by the
 * callee that knows; callers pass it up untouched or add where they were with error_context().
 * Personal data (a name, a NIK, a KK number, an address, a cell of a list) never goes into an error:
 * name the file, the line, the column and the kind of fault instead.
 */
#ifndef PADAN_ERROR_H
#define PADAN_ERROR_H

enum error_kind {
	ERROR_NONE = 0,
	ERROR_USAGE,    /* the user asked for something that does not exist: exit status 2 */
	ERROR_INPUT,    /* a file or list that must be refused: exit status 3 */
	ERROR_DATABASE, /* PostgreSQL said no or went away: exit status 4 */
	ERROR_SYSTEM,   /* the operating system said no: exit status 4 */
	ERROR_MEMORY,   /* an allocation failed: exit status 4 */
	ERROR_CANCELLED /* the caller's own wish (Ctrl-C, SIGTERM): exit status 4 */
};

enum { ERROR_TEXT_MAX = 480 };

struct error {
	enum error_kind kind;
	char id[ERROR_TEXT_MAX]; /* Indonesian, NUL-terminated, cut at a character if too long */
	char en[ERROR_TEXT_MAX]; /* English */
};

#define PADAN_MUST_CHECK __attribute__((warn_unused_result))

/*
 * Fills err (which may be NULL) and returns -1, so that a failing function can end with
 * `return error_set(err, ERROR_INPUT, "Baris %ld: …", "Line %ld: …", line);`.
 * Both texts take the same arguments in the same order. An error already set is kept: the first cause counts.
 */
int error_set(struct error *err, enum error_kind kind, const char *id_format, const char *en_format, ...)
	__attribute__((format(printf, 3, 5), format(printf, 4, 5)));

/* error_set() for a failed allocation. */
int error_memory(struct error *err);

/* Puts "id: " / "en: " in front of the texts of an error that is set, to say where it happened. Returns -1. */
int error_context(struct error *err, const char *id, const char *en);

/* Back to ERROR_NONE. */
void error_clear(struct error *err);

/* The exit status of contract: 2 usage, 3 input refused, 4 database or system; 0 for ERROR_NONE. */
int error_exit_status(const struct error *err);

#if defined(__clang_analyzer__) && !defined(PADAN_ERROR_C)
/* clang's analyzer sees one file at a time: it is told that these fail, else it follows paths on which nothing was filled in. */
#define error_set(...) ({ (void)error_set(__VA_ARGS__); -1; })
#define error_memory(err) ({ (void)error_memory(err); -1; })
#define error_context(...) ({ (void)error_context(__VA_ARGS__); -1; })
#endif

#endif
