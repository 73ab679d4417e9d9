/*
 * Words for the kinds of flags; see flag_words.h.
 */
#include "daemon/base/flag_words.h"

#include <string.h>

const char *flag_kind_words(const char *kind, enum lang lang)
{
	static const struct {
		const char *kind, *id, *en;
	} words[] = {
		{"EXCLUSION", "sasaran belum menerima", "left out"},
		{"INCLUSION", "bukan sasaran", "not on the target list"},
		{"OVERLAP", "program bertumpang tindih", "overlapping programmes"},
		{"DUP_PERSON_IN_LIST", "orang tercatat dua kali", "person listed twice"},
		{"DUP_HOUSEHOLD_IN_LIST", "keluarga tercatat dua kali", "household listed twice"},
		{"NIK_CONFLICT", "satu NIK, dua orang", "one NIK, two persons"},
		{"INELIGIBLE", "desil terlalu tinggi", "desil too high"},
		{"COOLDOWN", "menerima lagi terlalu cepat", "again too soon"},
		{"QUOTA", "melebihi kuota", "over the quota"},
		{"BARRED", "tercatat dalam daftar acuan", "barred by a reference list"},
		{"DATA_QUALITY", "mutu data", "data quality"},
		{"MUST_RECEIVE", "hak belum diterima", "entitlement not received"},
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(words[i].kind, kind) == 0)
			return lang_text(lang, words[i].id, words[i].en);
	}
	return kind;
}
