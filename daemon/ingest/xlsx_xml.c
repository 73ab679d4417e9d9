/*
 * expat over a ZIP entry. See xlsx_xml.h.
 */
#include "daemon/ingest/xlsx_xml.h"

#include <stdlib.h>
#include <string.h>

/* By name and not by default, so that tests make expat's allocations fail, too. */
static const XML_Memory_Handling_Suite MEMORY = {malloc, realloc, free};

enum { PIECE_BYTES = 64 * 1024 };

static const char *without_prefix(const char *name)
{
	const char *colon = strrchr(name, ':');

	return colon ? colon + 1 : name;
}

static void on_start(void *arg, const XML_Char *name, const XML_Char **attributes)
{
	struct xlsx_xml *xml = arg;

	if (!xml->failed)
		xml->handlers->start(xml->arg, without_prefix(name), attributes);
}

static void on_end(void *arg, const XML_Char *name)
{
	struct xlsx_xml *xml = arg;

	if (!xml->failed && xml->handlers->end)
		xml->handlers->end(xml->arg, without_prefix(name));
}

static void on_text(void *arg, const XML_Char *text, int n)
{
	struct xlsx_xml *xml = arg;

	if (!xml->failed)
		xml->handlers->text(xml->arg, text, n);
}

/* Entities are declared in a document type, and no workbook has one: nothing is expanded, no other file is looked at. */
static void on_doctype(void *arg, const XML_Char *name, const XML_Char *system_id, const XML_Char *public_id, int internal)
{
	struct xlsx_xml *xml = arg;

	(void)name;
	(void)system_id;
	(void)public_id;
	(void)internal;
	xml->doctype = true;
	xlsx_xml_fail(xml);
}

int xlsx_xml_open(struct xlsx_xml *xml, struct xlsx_zip *zip, const char *part, const struct xlsx_handlers *handlers,
	void *arg, struct error *err)
{
	*xml = (struct xlsx_xml){.handlers = handlers, .arg = arg};
	xml->entry = xlsx_entry_open(zip, part, err);
	if (!xml->entry)
		return -1;
	xml->parser = XML_ParserCreate_MM(NULL, &MEMORY, NULL);
	if (!xml->parser) {
		xlsx_xml_close(xml);
		return error_memory(err);
	}
	XML_SetUserData(xml->parser, xml);
	XML_SetElementHandler(xml->parser, on_start, on_end);
	if (handlers->text)
		XML_SetCharacterDataHandler(xml->parser, on_text);
	XML_SetStartDoctypeDeclHandler(xml->parser, on_doctype);
	return 0;
}

static int explain(struct xlsx_xml *xml, struct error *err)
{
	enum XML_Error code = XML_GetErrorCode(xml->parser);

	if (xml->doctype)
		return error_set(err, ERROR_INPUT,
			"Buku kerja berisi definisi entitas XML. Demi keamanan berkas ini ditolak; simpan ulang dari Excel.",
			"The workbook holds XML entity definitions. It is refused for safety; save it again.");
	if (xml->failed)
		return -1;
	if (code == XML_ERROR_NO_MEMORY)
		return error_memory(err);
	return error_set(err, ERROR_INPUT,
		"Buku kerja rusak (XML baris %lu). Buka di Excel, simpan ulang sebagai .xlsx, lalu kirim lagi.",
		"The workbook is damaged (XML line %lu). Open it, save it as .xlsx again and send it once more.",
		(unsigned long)XML_GetCurrentLineNumber(xml->parser));
}

static enum XML_Status parse_piece(struct xlsx_xml *xml, struct error *err)
{
	void *buffer = XML_GetBuffer(xml->parser, PIECE_BYTES);
	int64_t n;

	if (!buffer) {
		error_memory(err);
		xml->failed = true;
		return XML_STATUS_ERROR;
	}
	n = xlsx_entry_read(xml->entry, buffer, PIECE_BYTES, err);
	if (n < 0) {
		xml->failed = true;
		return XML_STATUS_ERROR;
	}
	xml->bytes += (uint64_t)n;
	xml->last = n == 0;
	return XML_ParseBuffer(xml->parser, (int)n, xml->last);
}

int xlsx_xml_run(struct xlsx_xml *xml, struct error *err)
{
	xml->err = err;
	while (xml->suspended || !xml->last) {
		enum XML_Status status = xml->suspended ? XML_ResumeParser(xml->parser) : parse_piece(xml, err);

		xml->suspended = status == XML_STATUS_SUSPENDED;
		if (status == XML_STATUS_ERROR)
			return explain(xml, err);
		if (xml->suspended)
			return 1;
	}
	return 0;
}

int xlsx_xml_whole(struct xlsx_zip *zip, const char *part, const struct xlsx_handlers *handlers, void *arg,
	struct xlsx_xml *xml, struct error *err)
{
	int result = xlsx_xml_open(xml, zip, part, handlers, arg, err);

	if (result == 0)
		result = xlsx_xml_run(xml, err);
	xlsx_xml_close(xml);
	return result;
}

void xlsx_xml_pause(struct xlsx_xml *xml)
{
	XML_StopParser(xml->parser, XML_TRUE);
}

void xlsx_xml_fail(struct xlsx_xml *xml)
{
	xml->failed = true;
	XML_StopParser(xml->parser, XML_FALSE);
}

void xlsx_xml_close(struct xlsx_xml *xml)
{
	if (xml->parser)
		XML_ParserFree(xml->parser);
	xlsx_entry_close(xml->entry);
	xml->parser = NULL;
	xml->entry = NULL;
}

const char *xlsx_xml_attribute(const char **attributes, const char *name)
{
	for (; attributes[0]; attributes += 2)
		if (strcmp(without_prefix(attributes[0]), name) == 0)
			return attributes[1];
	return NULL;
}
