/*
 * GET /api/v1/vocabulary: every code that answers bear, with how people call it and what it means. What the district configured
 * comes from PostgreSQL, the words of the engine from where it has them; help texts for terms stand here.
 */
#include "daemon/base/flag_words.h"
#include "daemon/http/api_handlers.h"
#include "matcher/base/hash.h"
#include "matcher/flag/explain.h"
#include "matcher/normalise/column_role.h"
#include "matcher/normalise/relation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/banned.h"

struct term {
	const char *code, *id, *en, *help_id, *help_en;
};

static const struct term flag_help[FLAG_KINDS] = {
	[FLAG_EXCLUSION] = {.help_id = "Keluarga ada di daftar sasaran, tetapi tidak seorang pun anggotanya tercatat di daftar program mana pun.",
		.help_en = "The household is on the target list, but none of its members stands in any programme's list."},
	[FLAG_INCLUSION] = {.help_id = "Penerima yang keluarganya tidak ada di daftar sasaran.", .help_en = "A recipient whose household is not on the target list."},
	[FLAG_OVERLAP] = {.help_id = "Keluarga atau orang yang sama menerima dua program yang tidak boleh diterima bersamaan.",
		.help_en = "One household or person receives two programmes that may not be received together."},
	[FLAG_DUP_PERSON_IN_LIST] = {.help_id = "Orang yang sama tercatat dua kali dalam satu daftar.", .help_en = "One person stands in a list twice."},
	[FLAG_DUP_HOUSEHOLD_IN_LIST] = {.help_id = "Dua anggota satu keluarga dalam daftar yang penerimanya per keluarga.",
		.help_en = "Two members of one household in a list of households."},
	[FLAG_NIK_CONFLICT] = {.help_id = "Satu NIK dipakai dua orang yang berbeda.", .help_en = "Two different persons bear one NIK."},
	[FLAG_INELIGIBLE] = {.help_id = "Desil keluarga di atas batas aturan program.", .help_en = "The household's desil is above the programme's limit."},
	[FLAG_COOLDOWN] = {.help_id = "Menerima lagi sebelum masa jeda berakhir.", .help_en = "Receives again before the time between is over."},
	[FLAG_QUOTA] = {.help_id = "Daftar berisi lebih banyak baris daripada kuotanya.", .help_en = "The list holds more entries than its quota."},
	[FLAG_BARRED] = {.help_id = "Orang atau anggota keluarganya tercatat di daftar acuan yang dilarang aturan, misalnya ASN atau meninggal.",
		.help_en = "The person or a member of the household stands on a reference list that a rule bars, such as civil servants or the deceased."},
	[FLAG_DATA_QUALITY] = {.help_id = "Isian baris ini perlu diperbaiki di kantor; bukan untuk dicek ke rumah.",
		.help_en = "This row wants mending at the desk; nothing to check at the door."},
	[FLAG_MUST_RECEIVE] = {.help_id = "Keluarga sasaran yang menerima bantuan, tetapi bukan yang menjadi haknya.",
		.help_en = "A target household that receives something, but nothing of what it is entitled to."},
};

static const struct term severities[] = {
	{"high", "berat", "high", "Dahulukan.", "First of all."}, {"medium", "sedang", "medium", "", ""}, {"low", "ringan", "low", "", ""},
	{"info", "catatan", "info", "Untuk diketahui.", "For your information."}, {NULL}};
static const struct term flag_states[] = {
	{"finding", "temuan", "finding", "Cukup yakin untuk ditindaklanjuti.", "Sure enough to be acted on."},
	{"to_check", "perlu dicek", "to check", "Belum cukup yakin; perlu dilihat orang.", "Not sure enough; somebody must look."},
	{"provisional", "sementara", "provisional", "Masih ada daftar yang ditunggu periode ini.", "Lists of this period are still awaited."}, {NULL}};
static const struct term flag_statuses[] = {{"found", "baru", "new", "Belum diputuskan.", "Nobody has decided yet."},
	{"assigned", "ditugaskan", "assigned", "Suatu dinas diminta menindaklanjuti.", "An office is to look at it."},
	{"confirmed", "dibenarkan", "confirmed", "Seseorang menyatakan temuan ini benar.", "Somebody says it is right."},
	{"dismissed", "dinyatakan salah", "dismissed", "Seseorang menyatakan temuan ini salah, beserta alasannya.", "Somebody says it is wrong, and why."},
	{"resolved", "selesai", "resolved", "Daftar kemudian tidak lagi menunjukkannya.", "A later list no longer shows it."}, {NULL}};
static const struct term list_states[] = {{"staging", "sedang diterima", "arriving", "", ""},
	{"received", "menunggu giliran", "waiting", "Semua baris sudah masuk; menunggu diperiksa.", "All rows are in; it waits to be checked."},
	{"working", "sedang diperiksa", "being checked", "", ""}, {"done", "selesai diperiksa", "checked", "", ""},
	{"refused", "ditolak", "refused", "Berkas tidak dapat dipakai; alasannya disebutkan.", "The file cannot be used; it says why."},
	{"withdrawn", "ditarik", "withdrawn", "Salah kirim; daftar sebelumnya berlaku lagi.", "Sent by mistake; what was before counts again."},
	{"erased", "dimusnahkan", "erased", "Data pribadinya telah dimusnahkan.", "Its personal data are destroyed."}, {NULL}};
static const struct term terms[] = {
	{"desil", "desil", "desil", "Peringkat kesejahteraan keluarga, 1 (termiskin) sampai 10, menurut daftar sasaran.",
		"How well off a household is, 1 (poorest) to 10, as the target list says."},
	{"certainty", "tingkat keyakinan", "certainty", "Peluang bahwa temuan ini benar, 0 sampai 100%.", "Probability that the flag is right, 0 to 100%."},
	{"weight", "bobot", "weight", "Seberapa kuat kesamaan data menunjukkan orang yang sama; tiap tambahan 1 menggandakan peluangnya.",
		"How strongly the data speak for one person; each 1 more doubles the odds."},
	{"prior", "titik awal", "prior", "Peluang dua baris sembarang adalah orang yang sama, sebelum isinya dibandingkan.",
		"The odds that any two rows are one person, before their contents are compared."},
	{"coverage", "cakupan", "coverage", "Bagian keluarga sasaran yang dijangkau paling sedikit satu program.",
		"Share of target households that at least one programme reaches."},
	{"overlap", "tumpang tindih", "overlap", "Keluarga yang sama di beberapa program; sebagian boleh, sebagian dilarang aturan.",
		"One household in several programmes; some of it is allowed, some a rule forbids."},
	{"doubtful", "pasangan meragukan", "doubtful pair", "Dua baris yang mungkin satu orang, tetapi data tidak cukup untuk memastikan.",
		"Two rows that may be one person, but the data cannot say for sure."},
	{"worth", "nilai putusan", "worth", "Seberapa banyak temuan yang ikut selesai bila pasangan ini diputuskan.",
		"How much of what is flagged is settled by deciding this pair."},
	{"target", "daftar sasaran", "target list", "Keluarga yang seharusnya dijangkau, ditetapkan dengan SK.", "The households to be reached, as decreed."},
	{"mask", "nomor disamarkan", "masked numbers", "NIK dan KK disamarkan; membukanya memerlukan alasan dan dicatat.",
		"NIK and KK are masked; seeing them whole needs a reason and is recorded."},
	{NULL}};

static json_t *term_json(const char *code, const char *id, const char *en, const char *help_id, const char *help_en)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s}", "code", code, "text", id, "text_en", en, "help", help_id ? help_id : "",
		"help_en", help_en ? help_en : "");
}

static json_t *table_json(const struct term *table)
{
	json_t *list = json_array();

	for (; table->code; table++)
		json_array_append_new(list, term_json(table->code, table->id, table->en, table->help_id, table->help_en));
	return list;
}

static json_t *kinds_json(void)
{
	json_t *list = json_array();

	for (int kind = 0; kind < FLAG_KINDS; kind++)
		json_array_append_new(list, term_json(flag_kind_name(kind), explain_kind(kind, false), explain_kind(kind, true),
							flag_help[kind].help_id, flag_help[kind].help_en));
	return list;
}

static json_t *roles_json(void)
{
	json_t *list = json_array();

	for (int role = 0; role < COLUMN_ROLES; role++)
		json_array_append_new(list,
			term_json(column_role_name(role), role ? column_role_title(role) : "tidak dipakai", role ? column_role_title(role) : "not used", NULL, NULL));
	return list;
}

static json_t *relations_json(void)
{
	json_t *list = json_array();
	char code[8];

	for (int relation = RELATION_UNKNOWN; relation <= RELATION_OTHER; relation++) {
		snprintf(code, sizeof code, "%d", relation);
		json_array_append_new(list, term_json(code, relation ? relation_text_id(relation) : "tidak diketahui",
							relation ? relation_text_en(relation) : "unknown", NULL, NULL));
	}
	return list;
}

static json_t *notes_json(void)
{
	json_t *list = json_array();

	for (int note = NOTE_NONE + 1; note < NOTE_KINDS; note++)
		json_array_append_new(list, term_json(entry_note_name(note), entry_note_text(note, false), entry_note_text(note, true), NULL, NULL));
	return list;
}

static void shown(struct http_request *request, PGresult *result, void *arg)
{
	json_t *json = PQntuples(result) ? json_loads(PQgetvalue(result, 0, 0), 0, NULL) : NULL;
	const char *given = http_header(request, "If-None-Match");
	char *text;
	char etag[40];

	if (!json) {
		http_reply_busy(request);
		return;
	}
	json_object_set_new(json, "flag_kinds", kinds_json());
	json_object_set_new(json, "severities", table_json(severities));
	json_object_set_new(json, "flag_states", table_json(flag_states));
	json_object_set_new(json, "flag_statuses", table_json(flag_statuses));
	json_object_set_new(json, "list_states", table_json(list_states));
	json_object_set_new(json, "column_roles", roles_json());
	json_object_set_new(json, "relations", relations_json());
	json_object_set_new(json, "notes", notes_json());
	json_object_set_new(json, "terms", table_json(terms));
	text = json_dumps(json, JSON_COMPACT);
	json_decref(json);
	if (!text) {
		http_reply_busy(request);
		return;
	}
	snprintf(etag, sizeof etag, "\"%016llx\"", (unsigned long long)hash_bytes(text, strlen(text), 7));
	http_reply_header(request, "ETag", etag);
	if (given && strstr(given, etag)) {
		free(text);
		http_reply_empty(request, 304);
	} else {
		http_reply_owned(request, 200, "application/json; charset=utf-8", text, strlen(text));
	}
}

void api_show_vocabulary(struct http_request *request)
{
	http_sql_query(request, "api_vocabulary", 0, NULL, shown, NULL);
}
