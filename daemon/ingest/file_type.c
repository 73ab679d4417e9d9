/*
 * Telling files apart by their first bytes. See file_type.h.
 */
#include "daemon/ingest/file_type.h"

static bool begins(struct str head, const char *magic, size_t n)
{
	return head.n >= n && memcmp(head.p, magic, n) == 0;
}

static bool contains(struct str head, const char *needle, size_t n)
{
	return memmem(head.p, head.n, needle, n) != NULL;
}

/* The old binary format of Excel, or the wrapping of an encrypted workbook: both are OLE containers. */
static int refuse_ole(struct str head, struct error *err)
{
	static const char ENCRYPTED[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e";
	static const char WORKBOOK[] = "W\0o\0r\0k\0b\0o\0o\0k";

	if (contains(head, ENCRYPTED, sizeof ENCRYPTED - 1))
		return error_set(err, ERROR_INPUT,
			"Buku kerja ini terkunci kata sandi. Buka di Excel, hapus kata sandinya (File, Info, Protect Workbook), simpan, "
			"lalu kirim lagi.",
			"This workbook is protected by a password. Open it, remove the password, save it and send it again.");
	if (!contains(head, WORKBOOK, sizeof WORKBOOK - 1)) /* the directory that tells may stand far behind */
		return error_set(err, ERROR_INPUT,
			"Ini berkas Office lama (misalnya .xls) atau terkunci kata sandi. Buka di Excel, hapus kata sandinya bila ada, simpan "
			"sebagai .xlsx atau CSV, dan kirim lagi.",
			"This is an old Office file (such as .xls), or one with a password. Open it, remove the password if there is one, "
			"save it as .xlsx or CSV, and send it again.");
	return error_set(err, ERROR_INPUT,
		"Ini berkas Excel lama (.xls). Buka lalu simpan sebagai .xlsx atau CSV, dan kirim lagi.",
		"This is an old Excel file (.xls). Open it, save it as .xlsx or CSV, and send it again.");
}

/* Upper and lower case alike, behind white space and a BOM. */
static bool begins_as_markup(struct str head)
{
	static const char *const TAGS[] = {"<html", "<!doctype", "<table", "<?xml"};

	if (begins(head, "\xEF\xBB\xBF", 3)) {
		head.p += 3;
		head.n -= 3;
	}
	head = str_trim(head);
	for (size_t i = 0; i < sizeof TAGS / sizeof *TAGS; i++)
		if (head.n >= strlen(TAGS[i]) && strncasecmp(head.p, TAGS[i], strlen(TAGS[i])) == 0)
			return true;
	return false;
}

/* Control characters that no text has; NUL apart, of which UTF-16 is full. */
static bool is_binary(struct str head)
{
	size_t controls = 0;

	for (size_t i = 0; i < head.n; i++) {
		unsigned char c = (unsigned char)head.p[i];

		controls += c > 0 && c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != 0x1A && c != '\f';
	}
	return controls * 20 > head.n;
}

/* What a file system leaves of a file that was not written to the end. */
static bool is_blank(struct str head)
{
	size_t i = 0;

	while (i < head.n && head.p[i] == '\0')
		i++;
	return i == head.n;
}

int file_type_find(struct str head, enum file_type *type, struct error *err)
{
	if (head.n == 0)
		return error_set(err, ERROR_INPUT, "Berkas kosong (0 bita). Simpan ulang daftarnya lalu kirim lagi.",
			"The file is empty (0 bytes). Save the list again and send it once more.");
	if (begins(head, "PK\x03\x04", 4) || begins(head, "PK\x05\x06", 4)) {
		*type = FILE_ZIP;
		return 0;
	}
	if (begins(head, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8))
		return refuse_ole(head, err);
	if (begins(head, "%PDF", 4))
		return error_set(err, ERROR_INPUT, "Ini berkas PDF. Kirim daftarnya sebagai .xlsx atau CSV.",
			"This is a PDF file. Send the list as .xlsx or CSV.");
	if (begins_as_markup(head))
		return error_set(err, ERROR_INPUT,
			"Ini halaman HTML atau XML, walaupun namanya mungkin .xls. Buka di Excel, simpan sebagai .xlsx atau CSV, dan kirim "
			"lagi.",
			"This is an HTML or XML page, though its name may say .xls. Open it, save it as .xlsx or CSV, and send it again.");
	if (begins(head, "\x1F\x8B", 2) || begins(head, "Rar!", 4) || begins(head, "7z\xBC\xAF", 4))
		return error_set(err, ERROR_INPUT, "Ini berkas terkompresi. Buka dulu, lalu kirim daftar di dalamnya.",
			"This is a compressed file. Unpack it and send the list inside.");
	if (is_blank(head))
		return error_set(err, ERROR_INPUT,
			"Isi berkas ini hanya bita kosong (NUL): penyimpanan atau penyalinannya terputus. Simpan atau salin lagi, lalu kirim lagi.",
			"This file holds nothing but NUL bytes: its saving or copying was broken off. Save or copy it again, then send it.");
	if (is_binary(head))
		return error_set(err, ERROR_INPUT, "Ini bukan daftar: isinya bukan teks. Kirim daftarnya sebagai .xlsx atau CSV.",
			"This is no list: its contents are not text. Send the list as .xlsx or CSV.");
	*type = FILE_TEXT;
	return 0;
}
