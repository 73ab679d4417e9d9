/*
 * See progress.h.
 */
#include "daemon/base/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

void progress_start(struct progress *progress, enum lang lang)
{
	*progress = (struct progress){.terminal = isatty(STDERR_FILENO), .lang = lang, .begun = now()};
}

void progress_rows(struct progress *progress, const char *what, uint64_t done, uint64_t total, double share)
{
	uint64_t t;
	char rows[32], rate[32], of[32], percent[32];
	double seconds;

	if (!progress->terminal)
		return;
	t = now();
	if (t - progress->begun < 1000000000u || t - progress->last < 100000000u)
		return;
	progress->last = t;
	progress->shown = true;
	seconds = (double)(t - progress->begun) / 1e9;
	fprintf(stderr, "\r%s: %s%s%s %s (%s/%s)%s%s\033[K", what, lang_number(progress->lang, (int64_t)done, rows),
		total ? lang_text(progress->lang, " dari ", " of ") : "",
		total ? lang_number(progress->lang, (int64_t)total, of) : "", lang_text(progress->lang, "baris", "rows"),
		lang_number(progress->lang, (int64_t)((double)done / seconds), rate), lang_text(progress->lang, "detik", "s"),
		share > 0 ? " · " : "", share > 0 ? lang_percent(progress->lang, share < 1 ? share : 1, percent) : "");
}

void progress_end(struct progress *progress)
{
	if (progress->shown)
		fputs("\r\033[K", stderr);
	progress->shown = false;
}
