/*
 * The XML parts of a workbook, read as a stream: expat over a ZIP entry, with document types (and so entities of any
 * kind) refused. Only for xlsx_reader's files.
 */
#ifndef PADAN_XLSX_XML_H
#define PADAN_XLSX_XML_H

#include "daemon/ingest/xlsx_zip.h"

#include <expat.h>

/* Names come without their prefix ("x:row" → "row"). text may come in several pieces; NULL: not wanted. */
struct xlsx_handlers {
	void (*start)(void *arg, const char *name, const char **attributes);
	void (*end)(void *arg, const char *name);
	void (*text)(void *arg, const char *text, int n);
};

struct xlsx_xml {
	const struct xlsx_handlers *handlers;
	void *arg;
	struct xlsx_entry *entry;
	XML_Parser parser;
	struct error *err; /* of the call under way: for handlers that give up */
	bool failed, doctype, suspended, last;
	uint64_t bytes; /* read so far */
};

/* Begins at a part of the workbook; what was open in *xml must have been closed. */
int xlsx_xml_open(struct xlsx_xml *xml, struct xlsx_zip *zip, const char *part, const struct xlsx_handlers *handlers,
	void *arg, struct error *err) PADAN_MUST_CHECK;

/* Parses on. 1: a handler called xlsx_xml_pause(); 0: the end; -1 and err. */
int xlsx_xml_run(struct xlsx_xml *xml, struct error *err) PADAN_MUST_CHECK;

/* Opens, parses to the end and closes. */
int xlsx_xml_whole(struct xlsx_zip *zip, const char *part, const struct xlsx_handlers *handlers, void *arg,
	struct xlsx_xml *xml, struct error *err) PADAN_MUST_CHECK;

/* For handlers: stop here, so that xlsx_xml_run() returns 1; or give up, having filled xml->err. */
void xlsx_xml_pause(struct xlsx_xml *xml);
void xlsx_xml_fail(struct xlsx_xml *xml);

/* Legal on a zeroed or closed one. */
void xlsx_xml_close(struct xlsx_xml *xml);

/* The value of the attribute of that name (its prefix does not count), or NULL. */
const char *xlsx_xml_attribute(const char **attributes, const char *name);

#endif
