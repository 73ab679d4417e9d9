/*
 * Writing what `padan check` found. See check_report.h and docs of the command for the columns.
 */
#include "daemon/check/check_report.h"

#include "matcher/flag/explain.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Flags from this certainty on are findings enough for flags.csv; the others wait in doubtful.csv for a person. */
static const double SURE_ENOUGH = 0.5;

static struct file_writer *open_file(const struct check_report *report, const char *name, struct error *err)
{
	struct file_writer *writer = NULL;
	char *path;

	if (asprintf(&path, "%s/%s", report->folder, name) < 0) {
		error_memory(err);
		return NULL;
	}
	writer = file_writer_open(path, err);
	free(path);
	return writer;
}

static void header(struct file_writer *writer, const char *const *columns)
{
	for (; *columns; columns++)
		file_writer_cell_text(writer, *columns);
	file_writer_row_end(writer);
}

int check_report_open(struct check_report *report, const char *folder, enum lang lang, struct error *err)
{
	static const char *const entry_columns[] = {"list", "row", "person_id", "household_id", "household_certainty", NULL};
	static const char *const flag_columns[] = {"kind", "severity", "certainty", "state", "list", "row", "other_list",
		"other_row", "rule", "explanation", NULL};
	static const char *const reject_columns[] = {"list", "row", "line", "reason", "cells", NULL};

	*report = (struct check_report){.lang = lang, .folder = strdup(folder)};
	strbuf_init(&report->text, EXPLAIN_TEXT_MAX);
	if (!report->folder)
		return error_memory(err);
	report->made_folder = mkdir(folder, 0777) == 0;
	if (!report->made_folder && errno != EEXIST)
		return error_set(err, ERROR_SYSTEM, "Folder %s tidak dapat dibuat: %s.", "The folder %s cannot be made: %s.", folder,
			strerror(errno));
	report->entries = open_file(report, "entries.csv", err);
	report->flags = report->entries ? open_file(report, "flags.csv", err) : NULL;
	report->doubtful = report->flags ? open_file(report, "doubtful.csv", err) : NULL;
	report->rejects = report->doubtful ? open_file(report, "rejects.csv", err) : NULL;
	report->summary = report->rejects ? open_file(report, "summary.json", err) : NULL;
	if (!report->summary)
		return -1;
	header(report->entries, entry_columns);
	header(report->flags, flag_columns);
	header(report->doubtful, flag_columns);
	header(report->rejects, reject_columns);
	return 0;
}

void check_report_release(struct check_report *report)
{
	file_writer_free(report->entries);
	file_writer_free(report->flags);
	file_writer_free(report->doubtful);
	file_writer_free(report->rejects);
	file_writer_free(report->summary);
	if (report->made_folder && !report->finished)
		rmdir(report->folder); /* of a check that was refused nothing is left */
	strbuf_release(&report->text);
	free(report->by_number);
	free(report->folder);
	*report = (struct check_report){0};
}

static void entry_row(struct check_report *report, const struct check_list *list, uint32_t row, uint32_t entry)
{
	file_writer_cell_text(report->entries, list->label);
	file_writer_cell_uint(report->entries, row);
	if (entry == DISTRICT_NONE) {
		for (int i = 0; i < 3; i++)
			file_writer_cell_text(report->entries, "");
	} else {
		uint64_t household = district_household(report->district, entry);

		file_writer_cell_uint(report->entries, district_person(report->district, entry));
		if (household) {
			file_writer_cell_uint(report->entries, household);
			file_writer_cell_printf(report->entries, "%.4f", district_household_certainty(report->district, entry));
		} else { /* a reference row */
			file_writer_cell_text(report->entries, "");
			file_writer_cell_text(report->entries, "");
		}
	}
	file_writer_row_end(report->entries);
}

int check_report_entries(struct check_report *report, struct error *err)
{
	report->by_number = calloc(report->n_lists + 1, sizeof(*report->by_number));
	if (!report->by_number)
		return error_memory(err);
	for (size_t i = 0; i < report->n_lists; i++) {
		const struct check_list *list = &report->lists[i];
		const struct district_list *held = district_list(report->district, list->number);
		uint32_t entry = held->first_entry, end = entry + held->n_entries;
		struct entry next = {0};

		report->by_number[list->number] = list;
		for (uint32_t row = 1; row <= list->rows; row++) {
			if (entry < end && next.row < row)
				district_entry(report->district, entry, &next);
			if (entry < end && next.row == row)
				entry_row(report, list, row, entry++);
			else
				entry_row(report, list, row, DISTRICT_NONE);
		}
	}
	return 0;
}

/* The list and row of an entry. */
static void place_cells(const struct check_report *report, struct file_writer *writer, uint32_t entry)
{
	struct entry seen;

	if (entry == FLAG_NO_ENTRY) {
		file_writer_cell_text(writer, "");
		file_writer_cell_text(writer, "");
		return;
	}
	district_entry(report->district, entry, &seen);
	file_writer_cell_text(writer, report->by_number[district_list_of(report->district, entry)]->label);
	file_writer_cell_uint(writer, seen.row);
}

static int write_flag(void *arg, const struct flag *flag)
{
	struct check_report *report = arg;
	bool sure = flag->certainty >= SURE_ENOUGH;
	struct file_writer *writer = sure ? report->flags : report->doubtful;
	const struct explain_style style = {.english = report->lang == LANG_EN, .one_line = true};

	strbuf_clear(&report->text);
	if (district_explain(report->district, flag, &style, &report->text, &report->err) < 0)
		return -1;
	(sure ? report->found : report->doubted)[flag->kind]++;
	file_writer_cell_text(writer, flag_kind_name(flag->kind));
	file_writer_cell_text(writer, severity_name(flag->severity));
	file_writer_cell_printf(writer, "%.4f", flag->certainty);
	file_writer_cell_text(writer, flag_state_name(flag->state));
	place_cells(report, writer, flag->entry);
	place_cells(report, writer, flag->other);
	file_writer_cell(writer, flag->rule < 0 ? (struct str){"", 0} : report->rules->rules[flag->rule].code);
	file_writer_cell_safe(writer, strbuf_str(&report->text));
	file_writer_row_end(writer);
	return 0;
}

int check_report_flags(struct check_report *report, struct error *err)
{
	if (district_flags(report->district, true, write_flag, report, err) == 0)
		return 0;
	if (report->err.kind != ERROR_NONE)
		*err = report->err;
	return -1;
}

static json_t *count_flags(const uint64_t *counts)
{
	json_t *object = json_object();

	for (int kind = 0; kind < FLAG_KINDS; kind++)
		json_object_set_new(object, flag_kind_name((enum flag_kind)kind), json_integer((json_int_t)counts[kind]));
	return object;
}

static json_t *describe_list(const struct check_list *list)
{
	return json_pack("{s:s, s:s, s:s, s:I, s:I, s:I}", "list", list->label, "period", list->period, "file", list->path,
		"rows", (json_int_t)list->rows, "accepted", (json_int_t)list->accepted, "rejected",
		(json_int_t)list->rejected);
}

int check_report_summary(struct check_report *report, const struct check_seconds *seconds, struct error *err)
{
	struct linker_statistics linking;
	json_t *lists = json_array(), *summary;
	uint64_t rows = 0, accepted = 0, rejected = 0;
	char *text;

	linker_statistics(district_linker(report->district), &linking);
	for (size_t i = 0; i < report->n_lists; i++) {
		rows += report->lists[i].rows;
		accepted += report->lists[i].accepted;
		rejected += report->lists[i].rejected;
		json_array_append_new(lists, describe_list(&report->lists[i]));
	}
	summary = json_pack("{s:o, s:{s:I, s:I, s:I}, s:I, s:I, s:o, s:o, s:{s:I, s:I, s:I, s:f, s:f, s:f}, "
			    "s:{s:f, s:f, s:f, s:f, s:f, s:f}}",
		"lists", lists, "rows", "read", (json_int_t)rows, "accepted", (json_int_t)accepted, "rejected",
		(json_int_t)rejected, "persons", (json_int_t)district_persons(report->district), "households",
		(json_int_t)district_households(report->district), "flags", count_flags(report->found), "doubtful",
		count_flags(report->doubted), "matching", "candidate_pairs", (json_int_t)linking.candidate_pairs, "matched_pairs",
		(json_int_t)linking.matched_pairs, "doubtful_pairs", (json_int_t)linking.doubtful_pairs, "threshold",
		linking.threshold, "expected_precision", linking.expected_precision, "expected_recall", linking.expected_recall,
		"seconds", "read", seconds->read, "train", seconds->train, "link", seconds->link, "flags", seconds->flags,
		"write", seconds->write, "total", seconds->total);
	text = summary ? json_dumps(summary, JSON_INDENT(2) | JSON_REAL_PRECISION(6)) : NULL;
	json_decref(summary);
	if (!text)
		return error_memory(err);
	file_writer_text(report->summary, text);
	file_writer_text(report->summary, "\n");
	free(text);
	return 0;
}

int check_report_finish(struct check_report *report, struct error *err)
{
	if (file_writer_finish(report->entries, err) < 0 || file_writer_finish(report->flags, err) < 0 ||
		file_writer_finish(report->doubtful, err) < 0 || file_writer_finish(report->rejects, err) < 0)
		return -1;
	if (file_writer_finish(report->summary, err) < 0)
		return -1;
	report->finished = true;
	return 0;
}
