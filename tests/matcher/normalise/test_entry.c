/*
 * Rows become entries; sex, relation and desil as lists write them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "matcher/normalise/desil.h"
#include "matcher/normalise/entry.h"
#include "matcher/normalise/list_habits.h"
#include "matcher/normalise/sex.h"

#define TEXT(literal)                        \
	{                                    \
		literal, sizeof(literal) - 1 \
	}

static const enum column_role roles[] = {COLUMN_NIK, COLUMN_KK, COLUMN_NAME, COLUMN_BIRTH_PLACE_DATE, COLUMN_SEX,
        COLUMN_RELATION, COLUMN_KECAMATAN, COLUMN_VILLAGE, COLUMN_ADDRESS, COLUMN_RT_RW, COLUMN_DESIL,
        COLUMN_FAMILY_ID};
enum { COLUMNS = sizeof(roles) / sizeof(*roles) };

static const struct village villages[] = {
        {UINT64_C(1505011001), TEXT("Sengeti"), TEXT("Sekernan")},
        {UINT64_C(1505012002), TEXT("Sungai Baung"), TEXT("Sekernan")},
};

static enum entry_reject build(const char *const *texts, const bool *numeric, struct arena *arena, struct entry *out)
{
	struct village_table table = {villages, 2, NULL};
	struct entry_context context = {.villages = &table, .district = 1505, .reference_year = 2024};
	struct str cells[COLUMNS];
	enum entry_reject reject;
	struct error err;

	error_clear(&err);
	for (size_t i = 0; i < COLUMNS; i++)
		cells[i] = str_from(texts[i]);
	assert_int_equal(entry_build(&context, roles, cells, numeric, COLUMNS, 7, 12, arena, out, &reject, &err), 0);
	return reject;
}

static bool has_note(const struct entry *entry, enum note_kind kind)
{
	for (unsigned i = 0; i < entry->n_notes; i++)
		if (entry->notes[i].kind == kind)
			return true;
	return false;
}

static void builds_a_clean_row(void **state)
{
	static const char *const row[COLUMNS] = {"1505017112800012", "1505010203150007", "Siti  Aminah",
	        "Jambi, 31-12-1980", "P", "Istri", "Sekernan", "Sengeti", "Jl. Merdeka No. 12", "003/001", "1",
	        "F-0012"};
	struct entry entry;
	struct arena arena;

	(void)state;
	arena_init(&arena, 0);
	assert_int_equal(build(row, NULL, &arena, &entry), ENTRY_ACCEPTED);
	assert_int_equal(entry.row, 7);
	assert_int_equal(entry.line, 12);
	assert_true(entry.nik == UINT64_C(1505017112800012) && entry.nik_digits == 16);
	assert_true(entry.kk == UINT64_C(1505010203150007) && entry.kk_digits == 16);
	assert_int_equal(entry.sex, SEX_FEMALE);
	assert_int_equal(entry.relation, RELATION_WIFE);
	assert_int_equal(entry.desil, 1);
	assert_int_equal(entry.rt, 3);
	assert_int_equal(entry.rw, 1);
	assert_int_equal(entry.birth, 19801231);
	assert_true(entry.village == UINT64_C(1505011001));
	assert_true(str_equal(entry.name, STR_LITERAL("SITI AMINAH")));
	assert_true(str_equal(entry.name_shown, STR_LITERAL("Siti Aminah")));
	assert_true(str_equal(entry.birth_place, STR_LITERAL("JAMBI")));
	assert_true(str_equal(entry.family_id, STR_LITERAL("F0012")));
	assert_true(str_equal(entry.village_text, STR_LITERAL("SENGETI")));
	assert_true(str_equal(entry.address, STR_LITERAL("JALAN MERDEKA 12")));
	assert_int_equal(entry.n_notes, 0);
	arena_release(&arena);
}

static void notes_damage(void **state)
{
	static const char *const row[COLUMNS] = {"1505017112800010", "BELUM ADA", "Alm. H. Moh. Ali bin Umar, SE",
	        "31/02/80", "L", "1", "", "Desa Sugai Baung", "RT 4", "", "D2", ""};
	static const bool numeric[COLUMNS] = {true};
	struct entry entry;
	struct arena arena;

	(void)state;
	arena_init(&arena, 0);
	assert_int_equal(build(row, numeric, &arena, &entry), ENTRY_ACCEPTED);
	assert_int_equal(entry.nik_digits, 15);
	assert_true(has_note(&entry, NOTE_NIK_SPREADSHEET));
	assert_true(has_note(&entry, NOTE_NIK_DATE));
	assert_true(has_note(&entry, NOTE_NIK_SEX));
	assert_true(entry.kk == 0 && entry.kk_digits == 0);
	assert_true(has_note(&entry, NOTE_KK_PLACEHOLDER) || has_note(&entry, NOTE_KK_MISSING));
	assert_true(has_note(&entry, NOTE_DATE_IMPOSSIBLE));
	assert_true(has_note(&entry, NOTE_DATE_CENTURY));
	assert_int_equal(entry.birth, 19800231);
	assert_true(str_equal(entry.name, STR_LITERAL("MUHAMMAD ALI")));
	assert_true(str_equal(entry.father_name, STR_LITERAL("UMAR")));
	assert_true(has_note(&entry, NOTE_NAME_DECEASED));
	assert_true(has_note(&entry, NOTE_NAME_TITLES));
	assert_true(has_note(&entry, NOTE_NAME_ABBREVIATED));
	assert_true(entry.village == UINT64_C(1505012002));
	assert_true(has_note(&entry, NOTE_VILLAGE_RESPELT));
	assert_int_equal(entry.rt, 4);
	assert_int_equal(entry.desil, 2);
	assert_int_equal(entry.relation, RELATION_HEAD);
	assert_null(entry.address.p);
	for (unsigned i = 0; i < entry.n_notes; i++) {
		assert_true(entry_note_text((enum note_kind)entry.notes[i].kind, false)[0] != '\0');
		assert_true(entry_note_text((enum note_kind)entry.notes[i].kind, true)[0] != '\0');
	}
	arena_release(&arena);
}

static void mends_swapped_numbers(void **state)
{
	static const char *const swapped[COLUMNS] = {
	        "1505010203150007", "1505017112800012", "Siti Aminah", "31-12-1980", "P", "", "", "", "", "", "", ""};
	static const char *const twice[COLUMNS] = {
	        "1505010203150007", "1505010203150007", "Siti Aminah", "31-12-1980", "P", "", "", "", "", "", "", ""};
	struct entry entry;
	struct arena arena;

	(void)state;
	arena_init(&arena, 0);
	assert_int_equal(build(swapped, NULL, &arena, &entry), ENTRY_ACCEPTED);
	assert_true(entry.nik == UINT64_C(1505017112800012));
	assert_true(entry.kk == UINT64_C(1505010203150007));
	assert_true(has_note(&entry, NOTE_NIK_IS_KK));
	assert_false(has_note(&entry, NOTE_KK_INVALID));
	assert_int_equal(build(twice, NULL, &arena, &entry), ENTRY_ACCEPTED);
	assert_true(entry.nik == 0);
	assert_true(entry.kk == UINT64_C(1505010203150007));
	assert_true(has_note(&entry, NOTE_NIK_IS_KK));
	arena_release(&arena);
}

static void rejects_what_names_nobody(void **state)
{
	static const char *const rows[][COLUMNS] = {
	        {"1505017112800012", "", "", "", "", "", "", "", "", "", "", ""},
	        {"1505017112800012", "", "-", "", "", "", "", "", "", "", "", ""},
	        {"1505017112800012", "", "12345", "", "", "", "", "", "", "", "", ""},
	        {"", "", "", "", "", "", "", "", "", "", "", ""},
	};
	struct entry entry;
	struct arena arena;

	(void)state;
	arena_init(&arena, 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_int_equal(build(rows[i], NULL, &arena, &entry), ENTRY_NAMES_NOBODY);
	arena_release(&arena);
}

static void reports_memory(void **state)
{
	enum column_role role = COLUMN_NAME;
	struct str cell = STR_LITERAL("SITI AMINAH");
	enum entry_reject reject;
	struct entry entry;
	struct arena arena;
	struct error err;

	(void)state;
	error_clear(&err);
	arena_init(&arena, 1);
	assert_int_equal(entry_build(NULL, &role, &cell, NULL, 1, 1, 1, &arena, &entry, &reject, &err), -1);
	assert_int_equal(err.kind, ERROR_MEMORY);
	arena_release(&arena);
}

static void reads_sexes(void **state)
{
	static const struct {
		const char *raw;
		enum sex sex;
	} cases[] = {
	        {"L", SEX_MALE},
	        {"p", SEX_FEMALE},
	        {"LK", SEX_MALE},
	        {"Pr", SEX_FEMALE},
	        {"Laki-laki", SEX_MALE},
	        {"LAKI - LAKI", SEX_MALE},
	        {"PEREMPUAN", SEX_FEMALE},
	        {"Pria", SEX_MALE},
	        {"wanita", SEX_FEMALE},
	        {"M", SEX_MALE},
	        {"F", SEX_FEMALE},
	        {"Male", SEX_MALE},
	        {"FEMALE", SEX_FEMALE},
	        {"1", SEX_MALE},
	        {"2", SEX_FEMALE},
	        {"1.0", SEX_MALE},
	        {"02", SEX_FEMALE},
	        {"2. Perempuan", SEX_FEMALE},
	        {"1 - LAKI-LAKI", SEX_MALE},
	        {"P (perempuan)", SEX_FEMALE},
	        {"", SEX_UNKNOWN},
	        {"-", SEX_UNKNOWN},
	        {"X", SEX_UNKNOWN},
	        {"0", SEX_UNKNOWN},
	        {"JAMBI", SEX_UNKNOWN},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (sex_parse(str_from(cases[i].raw), SEX_CODING_DEFAULT) != cases[i].sex)
			fail_msg("%s", cases[i].raw);
}

/* Cells of one letter each, every one with its witness, if it has one: "Pm Pf W". */
static enum sex_coding coding_of(const char *cells)
{
	struct sex_votes votes = {.l = 0};

	for (const char *c = cells; *c; c += c[1] == 'm' || c[1] == 'f' ? 2 : 1)
		sex_votes_add(&votes, (struct str){c, 1}, c[1] == 'm' ? SEX_MALE : c[1] == 'f' ? SEX_FEMALE : SEX_UNKNOWN);
	return sex_votes_coding(&votes);
}

static void learns_what_letters_stand_for(void **state)
{
	(void)state;
	assert_int_equal(coding_of(""), SEX_CODING_DEFAULT);
	assert_int_equal(coding_of("LPLP"), SEX_CODING_DEFAULT);
	assert_int_equal(coding_of("PWPWPP"), SEX_CODING_PW);
	assert_int_equal(coding_of("LPLPW"), SEX_CODING_DEFAULT);
	assert_int_equal(coding_of("LPW"), SEX_CODING_DEFAULT);
	/* A list of mothers, in which one slip must not make men of all: by its NIK, and by how rare it is. */
	assert_int_equal(coding_of("PfPfPfPfPfPWW"), SEX_CODING_DEFAULT);
	assert_int_equal(coding_of("PPPPPPPPPPPPPPPPPPPPPPPPW"), SEX_CODING_DEFAULT);
	/* A list of men alone, as pria. */
	assert_int_equal(coding_of("PmPmPmPmPmPf"), SEX_CODING_PW);
	assert_int_equal(coding_of("0101"), SEX_CODING_01);
	assert_int_equal(coding_of("0m1f0m1f0m1f1f1f"), SEX_CODING_10);
	assert_int_equal(coding_of("121212"), SEX_CODING_DEFAULT);
	assert_int_equal(sex_parse(STR_LITERAL("P"), SEX_CODING_PW), SEX_MALE);
	assert_int_equal(sex_parse(STR_LITERAL("0"), SEX_CODING_01), SEX_FEMALE);
	assert_int_equal(sex_parse(STR_LITERAL("0"), SEX_CODING_10), SEX_MALE);
}

static void reads_relations_and_desils(void **state)
{
	static const struct {
		const char *raw;
		enum relation relation;
	} relations[] = {
	        {"1", RELATION_HEAD},
	        {"Kepala Keluarga", RELATION_HEAD},
	        {"3", RELATION_WIFE},
	        {"ISTRI", RELATION_WIFE},
	        {"Isteri", RELATION_WIFE},
	        {"Istri/Suami", RELATION_WIFE},
	        {"4 - Anak", RELATION_CHILD},
	        {"11", RELATION_OTHER},
	        {"Orang Tua/Mertua", RELATION_PARENT},
	        {"Famili Lain", RELATION_OTHER_FAMILY},
	        {"10.0", RELATION_SERVANT},
	        {"Lainnya", RELATION_OTHER},
	        {"", RELATION_UNKNOWN},
	        {"0", RELATION_UNKNOWN},
	        {"99", RELATION_UNKNOWN},
	        {"tetangga", RELATION_UNKNOWN},
	};
	static const struct {
		const char *raw;
		unsigned desil;
	} desils[] = {{"1", 1}, {"10", 10}, {"1.0", 1}, {"Desil 3", 3}, {"DESIL IV", 4}, {"D2", 2}, {"07", 7}, {"", 0},
	        {"-", 0}, {"0", 0}, {"11", 0}, {"1-4", 0}, {"NA", 0}};

	(void)state;
	for (size_t i = 0; i < sizeof(relations) / sizeof(*relations); i++)
		if (relation_parse(str_from(relations[i].raw)) != relations[i].relation)
			fail_msg("%s", relations[i].raw);
	for (size_t i = 0; i < sizeof(desils) / sizeof(*desils); i++)
		if (desil_parse(str_from(desils[i].raw)) != desils[i].desil)
			fail_msg("%s: %u", desils[i].raw, desil_parse(str_from(desils[i].raw)));
	assert_string_equal(relation_text_id(RELATION_WIFE), "istri");
	assert_string_equal(relation_text_en(RELATION_CHILD_IN_LAW), "child-in-law");
}

/* One row of other columns than the table's. */
static void build_in(const struct entry_context *context, const enum column_role *columns, const char *const *texts, size_t n,
        struct arena *arena, struct entry *out)
{
	struct str cells[8];
	enum entry_reject reject;
	struct error err;

	error_clear(&err);
	for (size_t i = 0; i < n; i++)
		cells[i] = str_from(texts[i]);
	assert_int_equal(entry_build(context, columns, cells, NULL, n, 1, 2, arena, out, &reject, &err), 0);
	assert_int_equal(reject, ENTRY_ACCEPTED);
}

static void build_of(const enum column_role *columns, const char *const *texts, size_t n, uint8_t name_width, struct arena *arena,
        struct entry *out)
{
	build_in(&(struct entry_context){.reference_year = 2024, .name_width = name_width}, columns, texts, n, arena, out);
}

static void reckons_the_birth_year_from_an_age(void **state)
{
	static const enum column_role columns[] = {COLUMN_NAME, COLUMN_AGE, COLUMN_BIRTH_DATE};
	static const struct {
		const char *age, *date;
		uint32_t birth;
	} cases[] = {{"34", "", 19900000}, {"34 th", "", 19900000}, {"34 Tahun", "-", 19900000}, {"34", "01-02-1988", 19880201}, {"0", "", 0},
	        {"7 bulan", "", 0}, {"340", "", 0}, {"34/35", "", 0}, {"", "", 0}};
	struct arena arena;

	(void)state;
	arena_init(&arena, 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *const row[] = {"SLAMET", cases[i].age, cases[i].date};
		struct entry entry;

		build_of(columns, row, 3, 0, &arena, &entry);
		assert_int_equal(entry.birth, cases[i].birth);
		assert_int_equal(has_note(&entry, NOTE_DATE_FROM_AGE), cases[i].birth == 19900000);
	}
	arena_release(&arena);
}

static void a_parent_stands_for_the_head(void **state)
{
	static const enum column_role columns[] = {COLUMN_NAME, COLUMN_PARENT_NAME, COLUMN_HEAD_NAME};
	static const char *const rows[][3] = {{"RIZKY", "H. Ahmad Fauzi", ""}, {"RIZKY", "SITI", "AHMAD FAUZI"}};
	struct arena arena;

	(void)state;
	arena_init(&arena, 0);
	for (size_t i = 0; i < 2; i++) {
		struct entry entry;

		build_of(columns, rows[i], 3, 0, &arena, &entry);
		assert_true(str_equal(entry.head_name, STR_LITERAL("AHMAD FAUZI")));
	}
	arena_release(&arena);
}

static void reads_a_list_of_pria_and_wanita(void **state)
{
	static const enum column_role columns[] = {COLUMN_NIK, COLUMN_NAME, COLUMN_SEX};
	/* Born on the 14th, and on the 14th + 40. */
	const char *const man[] = {"1505011403850001", "SLAMET", "P"}, *const woman[] = {"1505015403850002", "SUMINI", "W"};
	struct list_habits habits = {.names = 0};
	struct entry_context context = {0};
	struct entry entry;
	struct arena arena;

	(void)state;
	for (int i = 0; i < 10; i++) {
		const char *const *row = i % 2 ? man : woman;
		struct str cells[] = {str_from(row[0]), str_from(row[1]), str_from(row[2])};

		list_habits_add(&habits, columns, cells, 3);
	}
	list_habits_settle(&habits, &context);
	assert_int_equal(context.sex_coding, SEX_CODING_PW);
	arena_init(&arena, 0);
	build_in(&context, columns, man, 3, &arena, &entry);
	assert_int_equal(entry.sex, SEX_MALE);
	assert_int_equal(entry.n_notes, 0);
	build_in(&context, columns, woman, 3, &arena, &entry);
	assert_int_equal(entry.sex, SEX_FEMALE);
	arena_release(&arena);
}

static void learns_where_a_list_cuts_names(void **state)
{
	static const enum column_role columns[] = {COLUMN_NAME};
	static const char *const names[] = {"SLAMET", "BUDI HARTONO", "SRI WAHYUNI", "ABDURRAHMAN WAH", "SITI NURHALIZA ", "MUHAMMAD FAUZI "};
	struct list_habits cut = {.names = 0}, free_form = {.names = 0}, wide = {.names = 0};
	struct entry_context context = {0};
	struct entry entry;
	struct arena arena;

	(void)state;
	for (unsigned i = 0; i < 60; i++) {
		struct str cell = str_from(names[i % 6]);

		list_habits_add(&free_form, columns, &cell, 1);
		if (i % 6 == 3 || i % 6 < 3)
			list_habits_add(&cut, columns, &cell, 1);
	}
	list_habits_settle(&free_form, &context);
	assert_int_equal(context.name_width, 0); /* 14 letters are more frequent than 15 */
	for (unsigned i = 0; i < 20; i++)
		list_habits_add(&cut, columns, &(struct str){"SRI WAHYUNI", 11}, 1);
	list_habits_settle(&cut, &context);
	assert_int_equal(context.name_width, 15);
	/* Names that pile up beyond any field's width are one name that came often. */
	for (unsigned i = 0; i < 60; i++)
		list_habits_add(&wide, columns, &(struct str){"MUHAMMAD ABDURRAHMAN WAHID ALFARIZI", i % 2 ? 35 : 11}, 1);
	list_habits_settle(&wide, &context);
	assert_int_equal(context.name_width, 0);
	context.name_width = 15;
	arena_init(&arena, 0);
	build_of(columns, &names[3], 1, context.name_width, &arena, &entry);
	assert_true(has_note(&entry, NOTE_NAME_CUT));
	build_of(columns, &names[1], 1, context.name_width, &arena, &entry);
	assert_false(has_note(&entry, NOTE_NAME_CUT));
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(builds_a_clean_row),
	        cmocka_unit_test(notes_damage),
	        cmocka_unit_test(mends_swapped_numbers),
	        cmocka_unit_test(rejects_what_names_nobody),
	        cmocka_unit_test(reports_memory),
	        cmocka_unit_test(reads_sexes),
	        cmocka_unit_test(learns_what_letters_stand_for),
	        cmocka_unit_test(reads_a_list_of_pria_and_wanita),
	        cmocka_unit_test(reads_relations_and_desils),
	        cmocka_unit_test(reckons_the_birth_year_from_an_age),
	        cmocka_unit_test(a_parent_stands_for_the_head),
	        cmocka_unit_test(learns_where_a_list_cuts_names),
	};

	return cmocka_run_group_tests_name("entries", tests, NULL, NULL);
}
