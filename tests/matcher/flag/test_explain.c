/*
 * Explanations word for word: what a village official reads, and what must never stand there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "matcher/compare/digits.h"
#include "matcher/flag/explain.h"

#include <string.h>

static const struct programme PROGRAMMES[] = {
	{.code = {"pkh", 3}, .name = {"Program Keluarga Harapan", 24}},
	{.code = {"blt_dd", 6}, .name = {"BLT Dana Desa", 13}},
};
static const struct rule RULES[] = {
	{.code = {"bltdd-not-with-pkh", 18}, .kind = RULE_FORBIDDEN_OVERLAP, .legal_basis = {"PMK 201/2022 pasal 36", 21},
		.programmes = {1, 0}, .n_programmes = 2, .valid_from = 20230101, .valid_to = 20241231},
	{.code = {"desil", 5}, .kind = RULE_MAX_DESIL, .programmes = {1}, .n_programmes = 1, .valid_from = 20230101, .desil = 4},
	{.code = {"jeda", 4}, .kind = RULE_COOLDOWN, .programmes = {1}, .n_programmes = 1, .valid_from = 20230101, .years = 10},
	{.code = {"kuota", 5}, .kind = RULE_QUOTA, .programmes = {1}, .n_programmes = 1, .valid_from = 20230101, .entries = 2},
};
static const struct ruleset RULESET = {.programmes = PROGRAMMES, .n_programmes = 2, .rules = RULES, .n_rules = 4};

/* Two rows of one woman, and her husband's. */
struct fixture {
	struct entry siti, again, husband;
	struct flag flag;
	struct explain_case explained;
};

static void set_up(struct fixture *f, enum flag_kind kind, double certainty, int rule)
{
	memset(f, 0, sizeof *f);
	f->siti = (struct entry){.row = 5, .nik = 1505014107800012, .nik_digits = 16, .kk = 1505012001100003, .kk_digits = 16,
		.sex = 2, .birth = 19800701, .desil = 6, .rt = 3, .name = STR_LITERAL("SITI AMINAH"),
		.name_shown = STR_LITERAL("Siti Aminah"), .village = 1505012001, .village_text = STR_LITERAL("MESTONG")};
	f->again = f->siti;
	f->again.nik = 1505014107800021;
	f->again.birth = 19800107;
	f->again.name = STR_LITERAL("SITI AMINA");
	f->again.name_shown = STR_LITERAL("Siti Amina");
	f->husband = f->siti;
	f->husband.nik = 1505010203750001;
	f->husband.birth = 19750302;
	f->husband.sex = 1;
	f->husband.name = STR_LITERAL("SLAMET");
	f->husband.name_shown = STR_LITERAL("Slamet");
	f->flag = (struct flag){.kind = kind, .certainty = certainty, .rule = rule,
		.state = certainty < 0.9 ? FLAG_TO_CHECK : FLAG_FINDING};
	f->explained = (struct explain_case){.flag = &f->flag, .rules = &RULESET,
		.at = {.entry = &f->siti, .kind = LIST_PROGRAMME, .list = PROGRAMMES[1].name, .period = STR_LITERAL("2024-07"),
			.village = STR_LITERAL("Mestong"), .row = 5}};
}

static void with(struct fixture *f, const struct entry *other, enum list_kind kind, const char *list, uint32_t row)
{
	f->explained.has_other = true;
	f->explained.other = (struct explain_party){.entry = other, .kind = kind, .list = str_from(list),
		.period = STR_LITERAL("2024"), .row = row};
	f->explained.same_person = other != &f->husband;
}

static void says(const struct fixture *f, struct explain_style style, const char *wanted)
{
	struct strbuf text;
	struct error err = {0};

	strbuf_init(&text, EXPLAIN_TEXT_MAX);
	assert_int_equal(explain_flag(&f->explained, &style, &text, &err), 0);
	assert_string_equal(text.p, wanted);
	strbuf_release(&text);
}

static const struct explain_style INDONESIAN = {0}, ENGLISH = {.english = true}, LINE = {.one_line = true};

static void exclusion(void **state)
{
	struct fixture f;

	(void)state;
	set_up(&f, FLAG_EXCLUSION, 1, -1);
	f.explained.at.kind = LIST_TARGET;
	says(&f, INDONESIAN,
		"Keluarga Siti Aminah (NIK 150501••••••0012) di Mestong RT 3 ada di daftar sasaran (baris 5), tetapi tidak satu pun "
		"anggotanya tercatat menerima program apa pun. Tingkat keyakinan: hampir pasti (lebih dari 99%). Tanyakan kepada ketua RT "
		"apakah keluarga ini masih tinggal di sana dan belum dibantu, lalu usulkan kepada dinas yang programnya sesuai.");
	says(&f, ENGLISH,
		"The family of Siti Aminah (NIK 150501••••••0012) of Mestong RT 3 stands on the target list (row 5), but none of its "
		"members stands in any programme's current list. How sure: almost certain (over 99%). Ask the head of the RT whether the "
		"family still lives there without aid, then propose it to the office whose programme fits.");
	f.flag.state = FLAG_PROVISIONAL;
	says(&f, LINE,
		"Keluarga Siti Aminah (NIK 150501••••••0012) di Mestong RT 3 ada di daftar sasaran (baris 5), tetapi tidak satu pun "
		"anggotanya tercatat menerima program apa pun. Tingkat keyakinan: hampir pasti (lebih dari 99%), tetapi masih sementara "
		"karena daftar lain untuk periode ini belum semua masuk.");
	f.flag.certainty = 0.62;
	f.flag.state = FLAG_TO_CHECK;
	with(&f, &f.again, LIST_PROGRAMME, "Program Keluarga Harapan", 77);
	says(&f, LINE,
		"Keluarga Siti Aminah (NIK 150501••••••0012) di Mestong RT 3 ada di daftar sasaran (baris 5), tetapi tidak satu pun "
		"anggotanya tercatat menerima program apa pun. Bisa jadi keluarga ini sama dengan keluarga Siti Amina (NIK "
		"150501••••••0021) di Program Keluarga Harapan periode 2024 (baris 77); kalau benar, berarti tidak terlewat. Nama sama "
		"dengan ejaan lain, NIK sama tetapi dua angkanya tertukar, tanggal lahir sama tetapi hari dan bulannya tertukar, nomor KK sama, desa sama "
		"dan RT sama. Tingkat keyakinan: mungkin (62%), jadi perlu dicek dulu.");
	f.flag.certainty = 0.3;
	says(&f, LINE,
		"Keluarga Siti Aminah (NIK 150501••••••0012) di Mestong RT 3 di daftar sasaran (baris 5) dianggap sudah menerima lewat "
		"Siti Amina (NIK 150501••••••0021) di Program Keluarga Harapan periode 2024 (baris 77), tetapi kaitan itu diragukan. Nama "
		"sama dengan ejaan lain, NIK sama tetapi dua angkanya tertukar, tanggal lahir sama tetapi hari dan bulannya tertukar, nomor KK sama, desa "
		"sama dan RT sama. Tingkat keyakinan: meragukan (30%), jadi perlu dicek dulu.");
}

static void overlap_of_a_family(void **state)
{
	struct fixture f;

	(void)state;
	set_up(&f, FLAG_OVERLAP, 0.97, 0);
	with(&f, &f.husband, LIST_PROGRAMME, "Program Keluarga Harapan", 77);
	says(&f, INDONESIAN,
		"Siti Aminah (NIK 150501••••••0012) di Mestong RT 3 tercatat di BLT Dana Desa periode Juli 2024 (baris 5), sedangkan "
		"anggota keluarganya, Slamet (NIK 150501••••••0001), tercatat di Program Keluarga Harapan periode 2024 (baris 77); kedua "
		"program ini tidak boleh diterima bersamaan. Nomor KK sama, desa sama dan RT sama. Tingkat keyakinan: hampir pasti (97%). "
		"Dasarnya aturan bltdd-not-with-pkh – PMK 201/2022 pasal 36, berlaku sejak 1 Januari 2023 sampai 31 Desember 2024. "
		"Tanyakan di rumahnya bantuan mana yang benar-benar diterima, lalu kedua dinas memutuskan mana yang diteruskan.");
	f.husband.kk = 1505012001100777;
	f.husband.rt = 9;
	says(&f, (struct explain_style){.one_line = true, .english = true},
		"Siti Aminah (NIK 150501••••••0012) of Mestong RT 3 stands in the list of BLT Dana Desa for July 2024 (row 5), and a "
		"member of the same family, Slamet (NIK 150501••••••0001), in the list of Program Keluarga Harapan for 2024 (row 77); "
		"these programmes may not be received together. The village is the same, but the KK numbers differ in the last four "
		"digits and the RTs differ. How sure: almost certain (97%).");
}

static void repeats(void **state)
{
	struct fixture f;

	(void)state;
	set_up(&f, FLAG_DUP_PERSON_IN_LIST, 0.85, -1);
	f.again.village = 1505012002;
	with(&f, &f.again, LIST_PROGRAMME, "BLT Dana Desa", 3);
	says(&f, LINE,
		"Siti Aminah (NIK 150501••••••0012) di Mestong RT 3 tercatat di BLT Dana Desa periode Juli 2024 (baris 5), padahal orang "
		"yang sama rupanya sudah ada di daftar itu sebagai Siti Amina (NIK 150501••••••0021), baris 3. Nama sama dengan ejaan lain, NIK sama "
		"tetapi dua angkanya tertukar, tanggal lahir sama tetapi hari dan bulannya tertukar dan nomor KK sama, tetapi desa "
		"berbeda. Tingkat keyakinan: kemungkinan besar (85%), jadi perlu dicek dulu.");
	set_up(&f, FLAG_NIK_CONFLICT, 0.96, -1);
	f.husband.nik = f.siti.nik;
	with(&f, &f.husband, LIST_PROGRAMME, "BLT Dana Desa", 3);
	f.explained.other.period = (struct str){0};
	says(&f, LINE,
		"Satu NIK dipakai dua orang: Siti Aminah (NIK 150501••••••0012) di BLT Dana Desa periode Juli 2024 (baris 5), dan Slamet "
		"(NIK 150501••••••0012) di BLT Dana Desa (baris 3). NIK sama, nomor KK sama, desa sama dan RT sama, tetapi nama berbeda, "
		"tanggal lahir berbeda dan jenis kelamin berbeda. Tingkat keyakinan: hampir pasti (96%).");
}

static void by_rule(void **state)
{
	struct fixture f;

	(void)state;
	set_up(&f, FLAG_INELIGIBLE, 0.93, 1);
	with(&f, &f.husband, LIST_TARGET, "", 12);
	f.husband.desil = 7;
	says(&f, LINE,
		"Siti Aminah (NIK 150501••••••0012) di Mestong RT 3 tercatat di BLT Dana Desa periode Juli 2024 (baris 5) dengan desil 7 "
		"menurut daftar sasaran (baris 12), padahal paling tinggi desil 4. Tingkat keyakinan: kemungkinan besar (93%).");
	set_up(&f, FLAG_COOLDOWN, 0.99, 2);
	with(&f, &f.again, LIST_PROGRAMME, "BLT Dana Desa", 8);
	f.again = f.siti;
	says(&f, LINE,
		"Siti Aminah (NIK 150501••••••0012) di Mestong RT 3 tercatat di BLT Dana Desa periode Juli 2024 (baris 5), padahal orang "
		"yang sama sudah menerimanya di BLT Dana Desa periode 2024 (baris 8); baru boleh lagi setelah 10 tahun. Nama sama, NIK "
		"sama, tanggal lahir sama, nomor KK sama, desa sama dan RT sama. Tingkat keyakinan: hampir pasti (99%).");
	set_up(&f, FLAG_QUOTA, 1, 3);
	f.explained.list_entries = 4;
	says(&f, LINE,
		"Siti Aminah (NIK 150501••••••0012) adalah yang pertama melewati kuota 2 di BLT Dana Desa periode Juli 2024 (baris 5), "
		"yang memuat 4 penerima.");
	set_up(&f, FLAG_BARRED, 0.97, -1);
	with(&f, &f.husband, LIST_REFERENCE, "ASN, TNI dan Polri aktif", 9);
	says(&f, LINE,
		"Siti Aminah (NIK 150501••••••0012) di Mestong RT 3 tercatat di BLT Dana Desa periode Juli 2024 (baris 5), padahal anggota "
		"keluarganya, Slamet (NIK 150501••••••0001), ada di daftar ASN, TNI dan Polri aktif (baris 9). Nomor KK sama, desa sama "
		"dan RT sama. Tingkat keyakinan: hampir pasti (97%).");
	f.flag.certainty = 0.3;
	f.flag.state = FLAG_TO_CHECK;
	says(&f, LINE,
		"Siti Aminah (NIK 150501••••••0012) di Mestong RT 3 tercatat di BLT Dana Desa periode Juli 2024 (baris 5), padahal mungkin "
		"anggota keluarganya, Slamet (NIK 150501••••••0001), ada di daftar ASN, TNI dan Polri aktif (baris 9). Nomor KK sama, desa "
		"sama dan RT sama. Tingkat keyakinan: meragukan (30%), jadi perlu dicek dulu.");
	set_up(&f, FLAG_DUP_PERSON_IN_LIST, 0.97, -1);
	f.again = f.siti;
	f.again.nik = 0;
	f.again.row = 8;
	with(&f, &f.again, LIST_PROGRAMME, "BLT Dana Desa", 8);
	f.explained.same_person = f.explained.by_family = true;
	says(&f, LINE,
		"Siti Aminah (NIK 150501••••••0012) di Mestong RT 3 tercatat di BLT Dana Desa periode Juli 2024 (baris 5), padahal orang "
		"yang sama rupanya sudah ada di daftar itu sebagai Siti Aminah (tanpa NIK), baris 8. Nama sama, tanggal lahir sama, nomor "
		"KK sama, desa sama dan RT sama. Dari data itu saja belum pasti keduanya orang yang sama, tetapi keduanya tercatat dalam "
		"satu keluarga dan tidak ada anggota lain yang lebih cocok. Tingkat keyakinan: hampir pasti (97%).");
	set_up(&f, FLAG_DATA_QUALITY, 1, -1);
	f.siti.nik = 0;
	f.siti.notes[0].kind = NOTE_NIK_REPAIRED; /* none that calls for mending */
	f.siti.notes[1].kind = NOTE_NIK_MISSING;
	f.siti.notes[2].kind = NOTE_DATE_UNREADABLE;
	f.siti.n_notes = 3;
	says(&f, LINE,
		"Data Siti Aminah (tanpa NIK) di BLT Dana Desa periode Juli 2024 (baris 5) perlu dibetulkan: NIK kosong; tanggal lahir "
		"tidak terbaca.");
}

static size_t sentences(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += *text == '.' && (text[1] == ' ' || text[1] == '\0');
	return n;
}

/* Whatever is asked: two to six sentences, one line, no NIK, no birth date, in both languages. */
static void every_kind_keeps_the_form(void **state)
{
	const double certainty[] = {0.3, 0.6, 0.97};

	(void)state;
	for (int kind = 0; kind < FLAG_KINDS; kind++)
		for (int i = 0; i < 3 * 2 * 3; i++) {
			struct explain_style style = {.english = i / 3 % 2};
			struct fixture f;
			struct strbuf text;
			struct error err = {0};

			set_up(&f, (enum flag_kind)kind, certainty[i % 3], kind == FLAG_EXCLUSION ? -1 : 0);
			if (i / 6)
				with(&f, i / 6 == 1 ? &f.again : &f.husband, LIST_PROGRAMME, "Program Keluarga Harapan", 77);
			f.siti.name_shown = STR_LITERAL("Siti\r\nBcc: \tAminah");
			strbuf_init(&text, EXPLAIN_TEXT_MAX);
			assert_int_equal(explain_flag(&f.explained, &style, &text, &err), 0);
			assert_in_range(sentences(text.p), 2, 6);
			assert_null(strpbrk(text.p, "\r\n\t"));
			assert_null(strstr(text.p, "1505014107800012"));
			assert_null(strstr(text.p, "410780"));
			assert_null(strstr(text.p, "1980"));
			assert_true(text.p[text.n - 1] == '.');
			strbuf_release(&text);
		}
}

static void value(const struct explain_party *party, enum explain_field field, bool unmasked, const char *wanted)
{
	struct explain_style style = {.unmasked = unmasked};
	struct strbuf text;

	strbuf_init(&text, 100);
	explain_value(party, field, &style, &text);
	assert_string_equal(text.p, wanted);
	strbuf_release(&text);
}

static void values_are_masked_unless_asked_for(void **state)
{
	struct explain_part parts[EXPLAIN_FIELDS];
	struct fixture f;

	(void)state;
	set_up(&f, FLAG_INCLUSION, 1, -1);
	value(&f.explained.at, EXPLAIN_NIK, false, "150501••••••0012");
	value(&f.explained.at, EXPLAIN_NIK, true, "1505014107800012");
	value(&f.explained.at, EXPLAIN_KK, false, "150501••••••0003");
	value(&f.explained.at, EXPLAIN_BIRTH, false, "••-••-1980");
	value(&f.explained.at, EXPLAIN_BIRTH, true, "01-07-1980");
	value(&f.explained.at, EXPLAIN_RT, false, "003");
	value(&f.explained.at, EXPLAIN_VILLAGE, false, "Mestong");
	explain_compare(&f.siti, &f.again, parts);
	assert_string_equal(explain_part_text(&parts[EXPLAIN_NIK], true), "the NIKs are the same but for two digits swapped");
	assert_string_equal(explain_part_text(&parts[EXPLAIN_ADDRESS], true), "");
	f.again.nik = f.siti.nik / 10 * 10; /* a spreadsheet's zero */
	f.again.nik_digits = 15;
	explain_compare(&f.siti, &f.again, parts);
	assert_int_equal(parts[EXPLAIN_NIK].level, DIGITS_FIFTEEN);
	f.again.nik = 0;
	explain_compare(&f.siti, &f.again, parts);
	assert_int_equal(parts[EXPLAIN_NIK].verdict, EXPLAIN_UNKNOWN);
	f.explained.at.entry = NULL; /* erased */
	value(&f.explained.at, EXPLAIN_NAME, true, "");
	says(&f, LINE,
		"Seseorang (datanya sudah dihapus) tercatat di BLT Dana Desa periode Juli 2024 (baris 5), tetapi keluarganya tidak ada di "
		"daftar sasaran. Tingkat keyakinan: hampir pasti (lebih dari 99%).");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exclusion),
		cmocka_unit_test(overlap_of_a_family),
		cmocka_unit_test(repeats),
		cmocka_unit_test(by_rule),
		cmocka_unit_test(every_kind_keeps_the_form),
		cmocka_unit_test(values_are_masked_unless_asked_for),
	};

	return cmocka_run_group_tests_name("explain", tests, NULL, NULL);
}
