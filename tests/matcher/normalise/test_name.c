/*
 * Names: titles, fathers, Muhammad and his kin, sounds; Indonesian names and others.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "matcher/base/hash.h"
#include "matcher/normalise/name.h"

static void tells_names(void **state)
{
	static const struct {
		const char *raw, *text, *father;
		unsigned flags;
	} cases[] = {
	        {"Siti Aminah", "SITI AMINAH", "", 0},
	        {"  SITI   AMINAH ", "SITI AMINAH", "", 0},
	        {"H. Abdullah", "ABDULLAH", "", NAME_TITLE_REMOVED | NAME_TITLE_MALE},
	        {"Hj. Nurhayati", "NURHAYATI", "", NAME_TITLE_REMOVED | NAME_TITLE_FEMALE},
	        {"H.M. Nur", "M NUR", "", NAME_TITLE_REMOVED | NAME_TITLE_MALE},
	        {"DRS. H. AHMAD FAUZI, M.Si", "AHMAD FAUZI", "", NAME_TITLE_REMOVED | NAME_TITLE_MALE},
	        {"Prof. Dr. Ir. Budi Santoso, S.T., M.Sc., Ph.D", "BUDI SANTOSO", "", NAME_TITLE_REMOVED},
	        {"Suparman S.Pd.I", "SUPARMAN", "", NAME_TITLE_REMOVED},
	        {"Suparman S. Pd", "SUPARMAN", "", NAME_TITLE_REMOVED},
	        {"Suparman, SE", "SUPARMAN", "", NAME_TITLE_REMOVED},
	        {"AHMAD FAUZI SH", "AHMAD FAUZI", "", NAME_TITLE_REMOVED},
	        {"dr. Lestari", "LESTARI", "", NAME_TITLE_REMOVED},
	        {"Ny. Sumiyati", "SUMIYATI", "", NAME_TITLE_REMOVED | NAME_TITLE_FEMALE},
	        {"(ALM) Budi", "BUDI", "", NAME_DECEASED | NAME_TITLE_MALE},
	        {"BUDI ALM.", "BUDI", "", NAME_DECEASED | NAME_TITLE_MALE},
	        {"Almh. Siti Aminah", "SITI AMINAH", "", NAME_DECEASED | NAME_TITLE_FEMALE},
	        {"AHLI WARIS SLAMET", "SLAMET", "", NAME_HEIR},
	        {"Siti Aminah (Bu RT)", "SITI AMINAH", "", 0},
	        {"Ahmad bin Umar", "AHMAD", "UMAR", NAME_TITLE_MALE},
	        {"AMINAH BINTI M. YUSUF", "AMINAH", "M YUSUF", NAME_TITLE_FEMALE},
	        {"AMINAH BT ABD. RAHMAN", "AMINAH", "ABDUL RAHMAN", NAME_TITLE_FEMALE | NAME_ABBREVIATED},
	        {"MUH. ALI", "MUHAMMAD ALI", "", NAME_ABBREVIATED},
	        {"Moch. Ridwan", "MUHAMMAD RIDWAN", "", NAME_ABBREVIATED},
	        {"MHD ALI", "MUHAMMAD ALI", "", NAME_ABBREVIATED},
	        {"Mohamad Ali", "MUHAMMAD ALI", "", 0},
	        {"MUHAMMED ALI", "MUHAMMAD ALI", "", 0},
	        {"MOCHAMMAD ALI", "MUHAMMAD ALI", "", 0},
	        {"Ali Mukhamad", "ALI MUHAMMAD", "", 0},
	        {"M. ALI", "M ALI", "", 0},
	        {"ACHMAD DANI", "AHMAD DANI", "", 0},
	        {"ABDURRAHMAN", "ABDUL RAHMAN", "", 0},
	        {"ABDULLATIF", "ABDUL LATIF", "", 0},
	        {"ABDULLAH", "ABDULLAH", "", 0},
	        {"ABDURROHIM", "ABDUL ROHIM", "", 0},
	        {"Abdur Rahman", "ABDUL RAHMAN", "", 0},
	        {"St. Aminah", "SITI AMINAH", "", NAME_ABBREVIATED},
	        {"Noer Aini", "NUR AINI", "", 0},
	        {"NUR'AINI", "NURAINI", "", 0},
	        {"RD. AHMAD", "RADEN AHMAD", "", NAME_ABBREVIATED},
	        {"Nys. Halimah", "NYIMAS HALIMAH", "", NAME_ABBREVIATED},
	        {"SUHART0", "SUHARTO", "", NAME_HAS_DIGITS},
	        /* other people's names */
	        {"John H Smith", "JOHN H SMITH", "", 0},
	        {"Smith, John", "SMITH JOHN", "", 0},
	        {"Martin Luther King, Jr.", "MARTIN LUTHER KING JR", "", 0},
	        {"Mr. John Smith", "JOHN SMITH", "", NAME_TITLE_REMOVED | NAME_TITLE_MALE},
	        {"Yo-Yo Ma", "YO YO MA", "", 0},
	        {"O'Brien", "OBRIEN", "", 0},
	        {"Li Bin", "LI BIN", "", 0},
	        {"Jos\xc3\xa9 Nu\xc3\xb1"
	         "ez",
	                "JOSE NUNEZ", "", 0},
	        {"\xd0\x98\xd0\xb2\xd0\xb0\xd0\xbd", "\xd0\x98\xd0\x92\xd0\x90\xd0\x9d", "", 0},
	        /* what is left is a name, whatever it looks like */
	        {"H", "H", "", 0},
	        {"HJ", "HJ", "", 0},
	        {"DR", "DR", "", 0},
	        {"ALM", "ALM", "", 0},
	        {"M", "M", "", 0},
	        {"MUH", "MUHAMMAD", "", NAME_ABBREVIATED}, /* nothing else is written so */
	        {"MOH.", "MUHAMMAD", "", NAME_ABBREVIATED},
	        {"SE", "SE", "", 0},
	        {"", "", "", NAME_MISSING},
	        {"-", "", "", NAME_MISSING},
	        {"NULL", "", "", NAME_MISSING},
	        {"...", "", "", NAME_MISSING},
	        {"A B C D E F G H I J", "A B C D E F G H", "", NAME_TOO_MANY},
	};
	struct arena arena;

	(void)state;
	arena_init(&arena, 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct name name, again;
		struct str father = {"", 0};

		assert_int_equal(name_parse(str_from(cases[i].raw), &arena, &name), 0);
		if (name.father_count) {
			const struct name_token *last = &name.father[name.father_count - 1];

			father = (struct str){
			        name.father[0].text.p, (size_t)(last->text.p + last->text.n - name.father[0].text.p)};
		}
		if (!str_equal(name.text, str_from(cases[i].text)) || !str_equal(father, str_from(cases[i].father)) ||
		        name.flags != cases[i].flags)
			fail_msg("%s: '%.*s' father '%.*s' flags %x", cases[i].raw, STR_ARGS(name.text),
			        STR_ARGS(father), name.flags);
		name_parse(name.text, &arena, &again);
		if (!str_equal(name.text, again.text))
			fail_msg("%s: twice '%.*s'", cases[i].raw, STR_ARGS(again.text));
		assert_int_equal(name.count, again.count);
		for (unsigned t = 0; t < name.count; t++)
			assert_true(name.tokens[t].phonetic == again.tokens[t].phonetic);
	}
	arena_release(&arena);
}

static void spares_parts(void **state)
{
	static const char *const cases[][2] = {{"H", "H"}, {"H. Ahmad", "H AHMAD"}, {"St", "ST"}, {"Ma", "MA"},
	        {"Mr. John", "JOHN"}, {"Bin Laden", "BIN LADEN"}, {"Ahmad, S.Pd", "AHMAD"},
	        {"Van der Berg", "VAN DER BERG"}};
	struct arena arena;

	(void)state;
	arena_init(&arena, 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct name name;

		assert_int_equal(name_parse_text(str_from(cases[i][0]), false, &arena, &name), 0);
		if (!str_equal(name.text, str_from(cases[i][1])))
			fail_msg("%s: '%.*s'", cases[i][0], STR_ARGS(name.text));
	}
	arena_release(&arena);
}

static void hears_the_same(void **state)
{
	static const char *const same[][2] = {{"SOEKARNO", "SUKARNO"}, {"DJOKO", "JOKO"}, {"TJAHYADI", "CAHYADI"},
	        {"NJOMAN", "NYOMAN"}, {"SJARIF", "SYARIF"}, {"ACHMAD", "AHMAD"}, {"YUSUF", "YUSUP"}, {"NOVI", "NOFI"},
	        {"ZAINAL", "JAINAL"}, {"KHAIRUL", "HAIRUL"}, {"CHAIRUL", "KHAIRUL"}, {"SYAMSUL", "SAMSUL"},
	        {"SHOLEH", "SOLEH"}, {"ANNISA", "ANISA"}, {"AISYAH", "AISYA"}, {"SRIYATI", "SRIATI"},
	        {"NURAENI", "NURAINI"}, {"RIDHO", "RIDO"}, {"FATHIMAH", "FATIMA"}, {"QOMARIAH", "KOMARIAH"},
	        {"ROCHMAT", "ROHMAT"}, {"PHILIP", "FILIP"}};
	static const char *const different[][2] = {{"SITI", "SINTA"}, {"AHMAD", "ACHWAN"}, {"BUDI", "RUDI"},
	        {"HASAN", "ASAN"}, {"SARI", "SANI"}, {"WATI", "YATI"}};

	(void)state;
	for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++)
		if (name_phonetic(str_from(same[i][0]), false) != name_phonetic(str_from(same[i][1]), false))
			fail_msg("%s and %s", same[i][0], same[i][1]);
	for (size_t i = 0; i < sizeof(different) / sizeof(*different); i++)
		assert_true(name_phonetic(str_from(different[i][0]), false) !=
		            name_phonetic(str_from(different[i][1]), false));
	assert_true(name_phonetic(STR_LITERAL("JANTO"), true) == name_phonetic(STR_LITERAL("YANTO"), false));
	assert_true(name_phonetic(STR_LITERAL("DJOJO"), true) == name_phonetic(STR_LITERAL("JOYO"), false));
	assert_int_equal(name_phonetic_length(name_phonetic(STR_LITERAL("SITI"), false)), 4);
	assert_int_equal(name_phonetic(STR_LITERAL("123"), false) >> 63, 1);
}

static void survives_anything(void **state)
{
	uint64_t seed = 11;
	struct arena arena;

	(void)state;
	arena_init(&arena, 0);
	for (int round = 0; round < 20000; round++) {
		static const char alphabet[] = "AEHMSTBINDRJ.,'( )-/01 \xc3\xa9\xff";
		char raw[60];
		struct name name, again;
		size_t n = hash_mix(++seed) % sizeof(raw);

		for (size_t i = 0; i < n; i++)
			raw[i] = alphabet[hash_mix(++seed) % (sizeof(alphabet) - 1)];
		assert_int_equal(name_parse((struct str){raw, n}, &arena, &name), 0);
		assert_true((name.count == 0) == ((name.flags & NAME_MISSING) != 0));
		assert_int_equal(name_parse(name.text, &arena, &again), 0);
		arena_reset(&arena);
	}
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(tells_names),
	        cmocka_unit_test(spares_parts),
	        cmocka_unit_test(hears_the_same),
	        cmocka_unit_test(survives_anything),
	};

	return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
