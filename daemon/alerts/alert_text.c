/*
 * Alerts in words; see alert_text.h.
 */
#include "daemon/alerts/alert_text.h"
#include "daemon/base/flag_words.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "daemon/base/banned.h"

static void say(struct alert_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A line; CR LF is put behind it. What does not fit is left out. */
static void say(struct alert_text *text, const char *format, ...)
{
	size_t room = sizeof(text->body) - text->n;
	va_list arguments;
	int n;

	va_start(arguments, format);
	n = vsnprintf(text->body + text->n, room, format, arguments);
	va_end(arguments);
	if (n < 0 || (size_t)n + 3 > room) {
		text->body[text->n] = '\0';
		return;
	}
	text->n += n;
	memcpy(text->body + text->n, "\r\n", 3);
	text->n += 2;
}

/* 1002 → "1.002" */
static const char *number(json_int_t value, char text[32])
{
	char digits[24];
	int n = snprintf(digits, sizeof(digits), "%lld", (long long)value), at = 0;

	for (int i = 0; i < n; i++) {
		if (i && digits[i - 1] != '-' && (n - i) % 3 == 0)
			text[at++] = '.';
		text[at++] = digits[i];
	}
	text[at] = '\0';
	return text;
}

static json_int_t integer(const json_t *payload, const char *key)
{
	return json_integer_value(json_object_get(payload, key));
}

static const char *word(const json_t *payload, const char *key)
{
	const char *value = json_string_value(json_object_get(payload, key));

	return value ? value : "-";
}

static json_int_t total_of(const json_t *counts)
{
	json_int_t total = 0;
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)counts, key, value)
		total += json_integer_value(value);
	return total;
}

/* A share as percent with Indonesia's decimal comma: 12,5. Returns n, which takes 32 characters. */
static const char *percent(double share, char *n)
{
	char *point;

	snprintf(n, 32, "%.1f", 100 * share);
	point = strchr(n, '.');
	if (point)
		*point = ',';
	return n;
}

static void say_counts(struct alert_text *text, const json_t *counts)
{
	char n[32];
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)counts, key, value)
		say(text, "  %-32s %9s", flag_kind_words(key, LANG_ID), number(json_integer_value(value), n));
}

static void say_places(struct alert_text *text, const char *title, const json_t *places, const char *count)
{
	char n[32];
	size_t i;
	json_t *place;

	if (!json_array_size(places))
		return;
	say(text, "%s", "");
	say(text, "%s", title);
	json_array_foreach((json_t *)places, i, place)
	{
		const char *kecamatan = json_string_value(json_object_get(place, "kecamatan"));
		char name[96];

		snprintf(name, sizeof(name), "%s%s%s", word(place, "name"), kecamatan ? ", Kec. " : "", kecamatan ? kecamatan : "");
		say(text, "  %-40s %9s", name, number(integer(place, count), n));
	}
}

static const char *list_called(const json_t *payload, char text[128])
{
	const char *kind = word(payload, "list_kind");

	if (strcmp(kind, "target") == 0)
		snprintf(text, 128, "sasaran %s", word(payload, "period"));
	else
		snprintf(text, 128, "%s%s %s", strcmp(kind, "reference") == 0 ? "acuan " : "", word(payload, "subject"),
			word(payload, "period"));
	return text;
}

static void list_done(const char *district, const json_t *payload, struct alert_text *text)
{
	const json_t *flags = json_object_get(payload, "flags");
	char list[128], n[32], read[32], accepted[32], rejected[32];

	snprintf(text->subject, sizeof(text->subject), "Padan %s: daftar %s selesai diperiksa, %s temuan", district,
		list_called(payload, list), number(total_of(flags), n));
	say(text, "Daftar %s (nomor %lld) selesai diperiksa.", list, (long long)integer(payload, "list"));
	say(text, "%s", "");
	say(text, "Baris dibaca %s, diterima %s, ditolak %s.", number(integer(payload, "rows_read"), read),
		number(integer(payload, "rows_accepted"), accepted), number(integer(payload, "rows_rejected"), rejected));
	say(text, "%s", "");
	if (total_of(flags)) {
		say(text, "Temuan:");
		say_counts(text, flags);
		say(text, "Di antaranya perlu dicek: %s", number(integer(payload, "to_check"), n));
	} else {
		say(text, "Tidak ada temuan.");
	}
	say_places(text, "Menurut kecamatan:", json_object_get(payload, "kecamatan"), "flags");
	say_places(text, "Desa dengan temuan terbanyak:", json_object_get(payload, "villages"), "flags");
	say(text, "%s", "");
	say(text, "Rinciannya: padan flags --list %lld", (long long)integer(payload, "list"));
}

static void list_refused(const char *district, const json_t *payload, struct alert_text *text)
{
	char list[128];

	snprintf(text->subject, sizeof(text->subject), "Padan %s: daftar %s ditolak", district, list_called(payload, list));
	say(text, "Daftar %s (nomor %lld) ditolak; tidak ada barisnya yang dipakai.", list, (long long)integer(payload, "list"));
	say(text, "%s", "");
	say(text, "%s", word(payload, "reason"));
	say(text, "%s", "");
	say(text, "Setelah diperbaiki, kirim daftarnya lagi.");
}

static void limit_passed(const char *district, const json_t *payload, struct alert_text *text)
{
	char n[32], m[32];

	if (strcmp(word(payload, "limit"), "excluded_in_village") == 0) {
		snprintf(text->subject, sizeof(text->subject), "Padan %s: banyak sasaran belum menerima di desa %s", district,
			word(payload, "village"));
		say(text, "Di desa %s, Kec. %s, %s keluarga sasaran tidak menerima program apa pun.", word(payload, "village"),
			word(payload, "kecamatan"), number(integer(payload, "households"), n));
		say(text, "Batas yang ditetapkan: %s.", number(integer(payload, "allowed"), n));
		say(text, "%s", "");
		say(text, "Rinciannya: padan flags --kind EXCLUSION --village \"%s\"", word(payload, "village"));
		return;
	}
	snprintf(text->subject, sizeof(text->subject), "Padan %s: banyak penerima %s %s bukan sasaran", district,
		word(payload, "subject"), word(payload, "period"));
	say(text, "Pada daftar %s %s (nomor %lld), %s %% entri bukan sasaran (%s entri).", word(payload, "subject"),
		word(payload, "period"), (long long)integer(payload, "list"),
		percent(json_number_value(json_object_get(payload, "share")), m), number(integer(payload, "flags"), n));
	say(text, "Batas yang ditetapkan: %s %%.", percent(json_number_value(json_object_get(payload, "allowed")), m));
	say(text, "%s", "");
	say(text, "Rinciannya: padan flags --kind INCLUSION --list %lld", (long long)integer(payload, "list"));
}

static void digest(const char *district, const json_t *payload, struct alert_text *text)
{
	const json_t *open = json_object_get(payload, "open"), *lists = json_object_get(payload, "lists");
	char list[128], n[32], m[32];
	json_t *one;
	size_t i;

	snprintf(text->subject, sizeof(text->subject), "Padan %s: ringkasan %s, %s temuan terbuka", district,
		word(payload, "date"), number(total_of(open), n));
	say(text, "Ringkasan %s untuk %s.", word(payload, "date"), district);
	say(text, "%s", "");
	if (json_array_size(lists)) {
		say(text, "Daftar yang selesai sejak ringkasan lalu:");
		json_array_foreach((json_t *)lists, i, one)
			say(text, "  %-40s %9s baris", list_called(one, list), number(integer(one, "rows_accepted"), n));
	} else {
		say(text, "Tidak ada daftar baru.");
	}
	say(text, "Temuan baru %s, selesai dengan sendirinya %s.", number(integer(payload, "found"), n),
		number(integer(payload, "resolved"), m));
	say(text, "%s", "");
	if (total_of(open)) {
		say(text, "Temuan yang masih terbuka:");
		say_counts(text, open);
	} else {
		say(text, "Tidak ada temuan terbuka.");
	}
	say_places(text, "Menurut kecamatan:", json_object_get(payload, "kecamatan"), "flags");
	say(text, "%s", "");
	say(text, "Rinciannya: padan status, padan flags");
}

void alert_text(const char *kind, const char *district, const json_t *payload, struct alert_text *text)
{
	static const struct {
		const char *kind;
		void (*write)(const char *district, const json_t *payload, struct alert_text *text);
	} kinds[] = {
		{"list_done", list_done},
		{"list_refused", list_refused},
		{"limit", limit_passed},
		{"digest", digest},
	};

	text->n = 0;
	text->body[0] = '\0';
	snprintf(text->subject, sizeof(text->subject), "Padan %s: pemberitahuan", district);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i].kind, kind) == 0)
			kinds[i].write(district, payload, text);
	}
	say(text, "%s", "");
	say(text, "Surat ini dikirim oleh Padan dan tidak memuat data pribadi. Temuan diputuskan oleh orang, bukan oleh mesin.");
	for (char *p = text->subject; *p; p++) {
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = ' ';
	}
}
