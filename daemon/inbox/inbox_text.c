/*
 * Notes in words; see inbox_text.h.
 */
#include "daemon/inbox/inbox_text.h"
#include "daemon/base/flag_words.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "daemon/base/banned.h"

struct note {
	char *text;
	size_t n;
};

static void say(struct note *note, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(struct note *note, const char *format, ...)
{
	va_list arguments;
	int n;

	va_start(arguments, format);
	n = vsnprintf(note->text + note->n, INBOX_NOTE_MAX - note->n, format, arguments);
	va_end(arguments);
	if (n > 0)
		note->n += (size_t)n < INBOX_NOTE_MAX - note->n ? (size_t)n : INBOX_NOTE_MAX - note->n - 1;
}

/* 1002 → "1.002", as Indonesians write it. */
static const char *number(uint64_t value, char text[32])
{
	char digits[24];
	int n = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)value), at = 0;

	for (int i = 0; i < n; i++) {
		if (i && (n - i) % 3 == 0)
			text[at++] = '.';
		text[at++] = digits[i];
	}
	text[at] = '\0';
	return text;
}

static void say_flags(struct note *note, const struct inbox_result *result)
{
	char n[32];

	if (!result->n_kinds) {
		say(note, "\nTidak ada temuan baru dari daftar ini.\n");
		return;
	}
	say(note, "\nTemuan dari daftar ini (perlu dilihat orang, bukan keputusan):\n");
	for (size_t i = 0; i < result->n_kinds; i++)
		say(note, "  %-32s %8s\n", flag_kind_words(result->kinds[i].kind, LANG_ID), number(result->kinds[i].n, n));
	say(note, "Rinciannya ada pada administrator kabupaten: padan flags --list %lld\n", (long long)result->list);
}

static void say_done(struct note *note, const struct inbox_result *result)
{
	char read[32], accepted[32], rejected[32];

	if (result->repeated)
		say(note,
			"Isi berkas ini sudah pernah diterima pada %s sebagai daftar %lld (%s, periode %s).\n"
			"Tidak ada yang berubah. Hasil daftar itu:\n\n",
			result->received_at, (long long)result->list, result->subject, result->period);
	else
		say(note, "Diterima pada %s sebagai daftar %lld (%s, periode %s).\n\n", result->received_at,
			(long long)result->list, result->subject, result->period);
	say(note, "Baris dibaca    %10s\nBaris diterima  %10s\nBaris ditolak   %10s\n", number(result->read, read),
		number(result->accepted, accepted), number(result->rejected, rejected));
	if (result->rejects_name)
		say(note, "\nBaris yang ditolak ada di berkas %s, dengan alasannya di kolom alasan_ditolak_padan.\n",
			result->rejects_name);
	/* One period has one target list, so this one has to go first. */
	if (result->rejects_name && strcmp(result->subject, "target") == 0)
		say(note,
			"Perbaiki pada daftar asalnya; administrator menarik daftar ini (padan lists --withdraw %lld), lalu kirim lagi.\n",
			(long long)result->list);
	else if (result->rejects_name)
		say(note,
			"Perbaiki baris itu di berkas tersebut tanpa mengubah kolomnya, lalu letakkan di folder dinas Anda: ia akan\n"
			"melengkapi daftar ini. Atau kirim lagi daftar lengkapnya.\n");
	if (result->village_unknown)
		say(note, "\nPada %s baris desanya tidak ada dalam daftar resmi: periksa ejaannya, atau tulis kode Kemendagri.\n",
			number(result->village_unknown, read));
	if (result->village_bps)
		say(note,
			"\nPada %s baris desa hanya ditulis dengan kode BPS, yang berbeda dari kode Kemendagri: tambahkan kolom nama desa\n"
			"dan kecamatan. Tanpa itu temuan pada baris tersebut tidak punya desa.\n",
			number(result->village_bps, read));
	say_flags(note, result);
}

static void say_refused(struct note *note, const struct inbox_result *result)
{
	say(note, "BERKAS INI DITOLAK; tidak ada barisnya yang dipakai.\n\n%s\n",
		result->reason_id && *result->reason_id ? result->reason_id : "Alasannya tidak tercatat.");
	if (result->reason_en && *result->reason_en)
		say(note, "(%s)\n", result->reason_en);
	if (result->rejects_name)
		say(note, "\nAlasan tiap baris ada di berkas %s; perbaiki pada daftar asalnya.\n", result->rejects_name);
	say(note, "\nSetelah diperbaiki, letakkan berkasnya kembali di folder dinas Anda.\n");
}

size_t inbox_note(const struct inbox_result *result, char text[INBOX_NOTE_MAX])
{
	struct note note = {text, 0};

	text[0] = '\0';
	say(&note, "Padan - catatan untuk berkas %s\n\n", result->file_name);
	if (result->refused)
		say_refused(&note, result);
	else
		say_done(&note, result);
	return note.n;
}
