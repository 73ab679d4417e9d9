/*
 * See relation.h.
 */
#include "matcher/normalise/relation.h"

#include "matcher/normalise/text_fold.h"

struct word {
	const char *text;
	enum relation relation;
};

/* Whole cells, folded to words. */
static const struct word words[] = {
        {"KEPALA KELUARGA", RELATION_HEAD},
        {"KEPALA RUMAH TANGGA", RELATION_HEAD},
        {"KEPALA", RELATION_HEAD},
        {"KEP KELUARGA", RELATION_HEAD},
        {"KEP KEL", RELATION_HEAD},
        {"KK", RELATION_HEAD},
        {"KRT", RELATION_HEAD},
        {"HEAD", RELATION_HEAD},
        {"HEAD OF HOUSEHOLD", RELATION_HEAD},
        {"HEAD OF FAMILY", RELATION_HEAD},
        {"SUAMI", RELATION_HUSBAND},
        {"HUSBAND", RELATION_HUSBAND},
        {"ISTRI", RELATION_WIFE},
        {"ISTERI", RELATION_WIFE},
        {"ISTRI SUAMI", RELATION_WIFE},
        {"WIFE", RELATION_WIFE},
        {"ANAK", RELATION_CHILD},
        {"ANAK KANDUNG", RELATION_CHILD},
        {"ANAK TIRI", RELATION_CHILD},
        {"ANAK ANGKAT", RELATION_CHILD},
        {"CHILD", RELATION_CHILD},
        {"SON", RELATION_CHILD},
        {"DAUGHTER", RELATION_CHILD},
        {"MENANTU", RELATION_CHILD_IN_LAW},
        {"MANTU", RELATION_CHILD_IN_LAW},
        {"CHILD IN LAW", RELATION_CHILD_IN_LAW},
        {"CUCU", RELATION_GRANDCHILD},
        {"GRANDCHILD", RELATION_GRANDCHILD},
        {"ORANG TUA", RELATION_PARENT},
        {"ORANGTUA", RELATION_PARENT},
        {"ORTU", RELATION_PARENT},
        {"ORANG TUA MERTUA", RELATION_PARENT},
        {"AYAH", RELATION_PARENT},
        {"IBU", RELATION_PARENT},
        {"PARENT", RELATION_PARENT},
        {"MERTUA", RELATION_PARENT_IN_LAW},
        {"PARENT IN LAW", RELATION_PARENT_IN_LAW},
        {"FAMILI", RELATION_OTHER_FAMILY},
        {"FAMILI LAIN", RELATION_OTHER_FAMILY},
        {"FAMILY LAIN", RELATION_OTHER_FAMILY},
        {"KELUARGA LAIN", RELATION_OTHER_FAMILY},
        {"SAUDARA", RELATION_OTHER_FAMILY},
        {"KEPONAKAN", RELATION_OTHER_FAMILY},
        {"OTHER RELATIVE", RELATION_OTHER_FAMILY},
        {"PEMBANTU", RELATION_SERVANT},
        {"PEMBANTU RUMAH TANGGA", RELATION_SERVANT},
        {"PRT", RELATION_SERVANT},
        {"SOPIR", RELATION_SERVANT},
        {"LAINNYA", RELATION_OTHER},
        {"LAIN", RELATION_OTHER},
        {"LAIN LAIN", RELATION_OTHER},
        {"OTHER", RELATION_OTHER},
};

/* 1..11, also "1.0", "01" and "1 - Kepala Keluarga". */
static enum relation of_code(struct str *text)
{
	unsigned code = 0;
	size_t i = 0;

	while (i < text->n && i < 2 && text->p[i] >= '0' && text->p[i] <= '9')
		code = code * 10 + (unsigned)(text->p[i++] - '0');
	if (i == 0 || (i < text->n && text->p[i] != ' '))
		return RELATION_UNKNOWN;
	while (i < text->n && text->p[i] == ' ')
		i++;
	text->p += i;
	text->n -= i;
	return code <= RELATION_OTHER ? (enum relation)code : RELATION_UNKNOWN;
}

enum relation relation_parse(struct str raw)
{
	char folded[48];
	struct str text = {folded, text_fold_words_into(raw, folded, sizeof(folded), NULL)};
	enum relation code = of_code(&text);

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (str_equal(text, str_from(words[i].text)))
			return words[i].relation;
	return code;
}

const char *relation_text_id(enum relation relation)
{
	static const char *const texts[] = {"tidak diketahui", "kepala keluarga", "suami", "istri", "anak", "menantu",
	        "cucu", "orang tua", "mertua", "famili lain", "pembantu", "lainnya"};

	return texts[relation <= RELATION_OTHER ? relation : 0];
}

const char *relation_text_en(enum relation relation)
{
	static const char *const texts[] = {"unknown", "head of the family", "husband", "wife", "child", "child-in-law",
	        "grandchild", "parent", "parent-in-law", "other relative", "servant", "other"};

	return texts[relation <= RELATION_OTHER ? relation : 0];
}
