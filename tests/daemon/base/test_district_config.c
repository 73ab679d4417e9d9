/*
 * The configuration of a district: the example that others build on, every mistake with its line, ugly forms of text.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "daemon/base/district_config.h"
#include "daemon/base/ini_text.h"

#include <stdlib.h>
#include <unistd.h>

/* Word for word the example of the contract. */
static const char EXAMPLE[] =
	"[district]\n"
	"code = 15.05\n"
	"name = Kabupaten Muaro Jambi\n"
	"\n"
	"[office dinsos]\n"
	"name  = Dinas Sosial\n"
	"email = program@dinsos.example            ; optional\n"
	"\n"
	"[office dpmd]\n"
	"name  = Dinas Pemberdayaan Masyarakat dan Desa\n"
	"\n"
	"[programme pkh]\n"
	"name   = Program Keluarga Harapan\n"
	"office = dinsos\n"
	"unit   = household        ; household: one entry stands for the family. person: each entry for itself\n"
	"\n"
	"[programme blt_dd]\n"
	"name      = BLT Dana Desa\n"
	"office    = dpmd\n"
	"unit      = household\n"
	"inclusion = yes           ; optional; no: recipients off the target list are no error here\n"
	"\n"
	"[reference asn]           ; a list of persons that some rule bars: civil servants, army and police, deaths, moved away\n"
	"name   = ASN, TNI dan Polri aktif\n"
	"\n"
	"[rule bltdd-not-with-pkh]\n"
	"kind        = forbidden_overlap    ; forbidden_overlap | one_per_household | target_only | max_desil | quota | cooldown | must_receive_one_of | barred_by\n"
	"programmes  = blt_dd, pkh          ; flagged at the first\n"
	"level       = household            ; person | household\n"
	"valid_from  = 2023-01-01\n"
	"valid_to    =                      ; optional; empty: until further notice\n"
	"legal_basis = PMK 201/2022 pasal 36\n"
	"severity    = high                 ; info | low | medium | high\n"
	"\n"
	"[rule no-asn]\n"
	"kind        = barred_by\n"
	"reference   = asn\n"
	"programmes  = pkh, blt_dd\n"
	"level       = household\n"
	"valid_from  = 2021-01-01\n"
	"legal_basis = (nomor peraturan)\n"
	"severity    = medium\n";

/* The shortest beginning that other cases add to. */
#define SMALL "[district]\ncode = 15.05\nname = Muaro Jambi\n[office dinsos]\nname = Dinsos\n" \
	"[programme pkh]\nname = PKH\noffice = dinsos\nunit = household\n" \
	"[programme bpnt]\nname = Sembako\noffice = dinsos\nunit = household\ninclusion = no\n" \
	"[reference asn]\nname = ASN\n"
enum { SMALL_LINES = 16 };

struct fixture {
	struct arena arena;
	struct district_config config;
	struct config_faults faults;
	struct error err;
	int status;
};

static void parse(struct fixture *f, const char *text, size_t n)
{
	memset(f, 0, sizeof *f);
	arena_init(&f->arena, 0);
	f->status = district_config_parse((struct str){text, n}, &f->arena, &f->config, &f->faults, &f->err);
}

static void parses(struct fixture *f, const char *text)
{
	parse(f, text, strlen(text));
	if (f->status)
		print_error("%s\n", f->err.en);
	assert_int_equal(f->status, 0);
	assert_int_equal(f->faults.total, 0);
}

/* A fault on that line whose English text holds that piece, and hardly anything else. */
static void refuses(const char *text, unsigned line, const char *piece)
{
	struct fixture f;
	bool found = false;

	parse(&f, text, strlen(text));
	assert_int_equal(f.status, -1);
	assert_int_equal(f.err.kind, ERROR_INPUT);
	for (size_t i = 0; i < f.faults.n; i++) {
		found |= f.faults.items[i].line == line && strstr(f.faults.items[i].en, piece);
		assert_true(strlen(f.faults.items[i].id) > 10);
	}
	for (size_t i = 0; i < f.faults.n && (!found || f.faults.total > 2); i++)
		print_error("%u: %s\n", f.faults.items[i].line, f.faults.items[i].en);
	assert_true(found && f.faults.total <= 2);
	assert_non_null(strstr(f.err.en, f.faults.items[0].en));
	arena_release(&f.arena);
}

static void is_text(struct str got, const char *wanted)
{
	assert_int_equal(got.n, strlen(wanted));
	assert_memory_equal(got.p ? got.p : "", wanted, got.n);
}

static void contract_example_parses(void **state)
{
	const struct ruleset *rules;
	struct fixture f;

	(void)state;
	parses(&f, EXAMPLE);
	rules = &f.config.rules;
	is_text(rules->district_code, "15.05");
	is_text(rules->district_name, "Kabupaten Muaro Jambi");
	assert_int_equal(f.config.district, 1505);
	assert_int_equal(rules->n_offices, 2);
	is_text(rules->offices[0].code, "dinsos");
	is_text(rules->offices[0].email, "program@dinsos.example");
	is_text(rules->offices[1].email, "");
	assert_int_equal(rules->n_programmes, 2);
	is_text(rules->programmes[0].name, "Program Keluarga Harapan");
	assert_int_equal(rules->programmes[0].unit, UNIT_HOUSEHOLD);
	assert_int_equal(rules->programmes[1].office, 1);
	assert_true(rules->programmes[1].inclusion);
	assert_int_equal(rules->n_references, 1);
	is_text(rules->references[0].name, "ASN, TNI dan Polri aktif");
	assert_int_equal(rules->references[0].office, -1);
	assert_int_equal(rules->n_rules, 2);
	is_text(rules->rules[0].code, "bltdd-not-with-pkh");
	assert_int_equal(rules->rules[0].kind, RULE_FORBIDDEN_OVERLAP);
	assert_int_equal(rules->rules[0].n_programmes, 2);
	assert_int_equal(rules->rules[0].programmes[0], 1);
	assert_int_equal(rules->rules[0].programmes[1], 0);
	assert_int_equal(rules->rules[0].level, LEVEL_HOUSEHOLD);
	assert_int_equal(rules->rules[0].valid_from, 20230101);
	assert_int_equal(rules->rules[0].valid_to, 0);
	is_text(rules->rules[0].legal_basis, "PMK 201/2022 pasal 36");
	assert_int_equal(rules->rules[0].severity, SEVERITY_HIGH);
	assert_int_equal(rules->rules[1].kind, RULE_BARRED_BY);
	assert_int_equal(rules->rules[1].reference, 0);
	assert_int_equal(rules->rules[1].severity, SEVERITY_MEDIUM);
	is_text(rules->rules[1].legal_basis, "(nomor peraturan)");
	assert_int_equal(f.config.target_office, -1);
	assert_int_equal(f.config.alerts.digest_hour, 7);
	arena_release(&f.arena);
}

/* The same file with a BOM, CRLF, and no newline at its end means the same. */
static void ugly_text_means_the_same(void **state)
{
	char text[2 * sizeof EXAMPLE + 8] = "\xEF\xBB\xBF";
	size_t n = 3;
	struct fixture f;

	(void)state;
	for (size_t i = 0; i + 2 < sizeof EXAMPLE; i++) {
		if (EXAMPLE[i] == '\n')
			text[n++] = '\r';
		text[n++] = EXAMPLE[i];
	}
	parse(&f, text, n);
	assert_int_equal(f.status, 0);
	assert_int_equal(f.config.rules.n_rules, 2);
	is_text(f.config.rules.rules[1].legal_basis, "(nomor peraturan)");
	assert_int_equal(f.config.rules.rules[1].severity, SEVERITY_MEDIUM);
	arena_release(&f.arena);
}

static void everything_else_is_read(void **state)
{
	struct fixture f;

	(void)state;
	parses(&f, SMALL "[target]\noffice = dinsos\n[period 2024-07]\nexpected = bpnt\n"
			 "[columns]\nnik = no identitas, nomor id\nname = Nama Keluarga Penerima Manfaat\n"
			 "[alerts]\nemail = bappeda@mj.example, kabid@mj.example ; dua\nfrom = padan@mj.example\n"
			 "smtp = smtps://mail.mj.example:465\nwebhook = https://mj.example/a;b\n"
			 "inclusion_share = 12,5 %\nexcluded_in_village = 50\ndigest_hour = no\n"
			 "[thresholds]\nfinding = 0.8\nlink = \ndoubtful = 0.05\n"
			 "[programme jkn]\nname = PBI\noffice = dinsos\nunit = person\nexpected = 1, 4,7 , 10\n"
			 "[rule q]\nkind = quota\nprogrammes = jkn\nentries = 4000\nvalid_from = 2024-02-29\n"
			 "[rule b]\nkind = barred_by\nprogrammes = jkn\nreference = asn\nvalid_from = 2024-01-01\n"
			 "valid_to = 2024-12-31\n");
	assert_int_equal(f.config.target_office, 0);
	assert_int_equal(f.config.n_synonyms, 3);
	assert_int_equal(f.config.synonyms[1].role, COLUMN_NIK);
	assert_string_equal(f.config.synonyms[1].text, "nomor id");
	assert_int_equal(f.config.alerts.n_emails, 2);
	is_text(f.config.alerts.emails[1], "kabid@mj.example");
	is_text(f.config.alerts.webhook_url, "https://mj.example/a;b");
	assert_true(f.config.alerts.inclusion_share > 0.1249 && f.config.alerts.inclusion_share < 0.1251);
	assert_int_equal(f.config.alerts.excluded_in_village, 50);
	assert_int_equal(f.config.alerts.digest_hour, DIGEST_NEVER);
	assert_true(f.config.link_threshold == 0 && f.config.doubtful_from > 0 && f.config.rules.finding_from < 0.9);
	assert_int_equal(f.config.rules.rules[0].entries, 4000);
	assert_int_equal(f.config.rules.rules[0].valid_from, 20240229);
	assert_int_equal(f.config.rules.rules[1].level, LEVEL_PERSON);
	assert_int_equal(f.config.rules.rules[1].valid_to, 20241231);
	assert_int_equal(f.config.n_periods, 1);
	is_text(f.config.periods[0].code, "2024-07");
	assert_int_equal(f.config.periods[0].n_programmes, 1);
	assert_int_equal(f.config.periods[0].programmes[0], 1);
	assert_int_equal(f.config.rules.programmes[0].expected_months, 0x1FFE); /* every month, unless told */
	assert_int_equal(f.config.rules.programmes[2].expected_months, 1 << 1 | 1 << 4 | 1 << 7 | 1 << 10);
	arena_release(&f.arena);
}

#define RULE(lines) SMALL "[rule r]\n" lines
#define OVERLAP "kind = forbidden_overlap\nprogrammes = pkh, bpnt\nvalid_from = 2024-01-01\n"

static const struct {
	const char *text;
	unsigned line;
	const char *piece;
} MISTAKES[] = {
	{"", 0, "[district]"},
	{"code = 15.05\n[district]\ncode = 15.05\nname = x\n", 1, "stands before any [section]"},
	{"[district]\ncode = 1.5\nname = x\n", 2, "Kemendagri"},
	{"[district]\ncode = 15.05\n", 1, "lacks \"name\""},
	{"[district]\ncode = 15.05\nname = x\nname = y\n", 4, "on line 3 already"},
	{"[district]\ncode = 15.05\nname = x\n[district]\n", 4, "on line 1 already"},
	{"[district]\ncode = 15.05\nname = x\nsome words\n", 4, "no [section]"},
	{"[district]\ncode = 15.05\nname = \x80\n", 3, "not UTF-8"},
	{"[district]\ncode = 15.05\nname = a\001b\n", 3, "control character"},
	{"[district\n[district]\ncode = 15.05\nname = x\n", 1, "not closed"},
	{"[district]\ncode = 15.05\nname = x\n[office ../etc]\n", 4, "a code begins"},
	{"[district]\ncode = 15.05\nname = x\n[office ..]\n", 4, "a code begins"},
	{"[district]\ncode = 15.05\nname = x\n[office]\n", 4, "[office "},
	{"[district x]\ncode = 15.05\nname = x\n[district]\ncode = 15.05\nname = x\n", 1, "takes no code"},
	{SMALL "[program x]\nname = x\n", SMALL_LINES + 1, "did you mean \"programme\"?"},
	{SMALL "[programme PKH]\nname = x\n", SMALL_LINES + 1, "on line 6 already"},
	{SMALL "[programme target]\nname = x\noffice = dinsos\nunit = person\n", SMALL_LINES + 1, "target list"},
	{SMALL "[office done]\nname = x\n", SMALL_LINES + 1, "folder of the inbox"},
	{SMALL "[programme x]\nname = x\noffice = dinas\nunit = person\n", SMALL_LINES + 3, "did you mean \"dinsos\"?"},
	{SMALL "[programme x]\nname = x\noffice = dinsos\nunit = family\n", SMALL_LINES + 4, "household|person"},
	{SMALL "[programme x]\nname = x\noffice = dinsos\nunit = persom\n", SMALL_LINES + 4, "did you mean \"person\"?"},
	{SMALL "[programme x]\nname = x\nofice = y\noffice = dinsos\nunit = person\n", SMALL_LINES + 3,
		"did you mean \"office\"?"},
	{SMALL "[programme x]\nname = x\noffice = dinsos\nunit = person\ninclusion = maybe\n", SMALL_LINES + 5, "yes or no"},
	{SMALL "[programme x]\nname = x\noffice = dinsos\nunit = person\nexpected = 13\n", SMALL_LINES + 5, "months"},
	{SMALL "[office x]\nname = x\nemail = not an address\n", SMALL_LINES + 3, "e-mail"},
	{SMALL "[office x]\nname = x\nemail = a@b.example,c@d.example\n", SMALL_LINES + 3, "e-mail"},
	{SMALL "[period 2024-13]\nexpected = pkh\n", SMALL_LINES + 1, "YYYY-MM"},
	{SMALL "[period 2024-12]\nexpected = pkj\n", SMALL_LINES + 2, "did you mean \"pkh\"?"},
	{SMALL "[columns]\nnikk = x\n", SMALL_LINES + 2, "did you mean \"nik\"?"},
	{SMALL "[columns]\nnik = Nomor X\nkk = nomor x\n", SMALL_LINES + 1, "given for nik and kk"},
	{SMALL "[columns]\nnik = a,,b\n", SMALL_LINES + 2, "between commas"},
	{SMALL "[alerts]\nemail = a@b.example\n", SMALL_LINES + 1, "without smtp"},
	{SMALL "[alerts]\nsmtp = mail.example\n", SMALL_LINES + 2, "smtps://"},
	{SMALL "[alerts]\nwebhook = https://u:secret@x.example/\n", SMALL_LINES + 2, "systemd credential"},
	{SMALL "[alerts]\ninclusion_share = 110 %\n", SMALL_LINES + 2, "share"},
	{SMALL "[alerts]\ndigest_hour = 24\n", SMALL_LINES + 2, "0..23"},
	{SMALL "[thresholds]\nlink = 0.5\ndoubtful = 0.6\n", SMALL_LINES + 1, "greater than link"},
	{RULE("programmes = pkh\nvalid_from = 2024-01-01\n"), SMALL_LINES + 1, "lacks \"kind\""},
	{RULE("kind = target_only\nvalid_from = 2024-01-01\n"), SMALL_LINES + 1, "lacks \"programmes\""},
	{RULE("kind = target_only\nprogrammes = pkh\n"), SMALL_LINES + 1, "lacks \"valid_from\""},
	{RULE("kind = target_only\nprogrammes = pkh\nvalid_from = 2024-02-30\n"), SMALL_LINES + 4, "no such date"},
	{RULE("kind = target_only\nprogrammes = pkh\nvalid_from = 1/2/2024\n"), SMALL_LINES + 4, "YYYY-MM-DD"},
	{RULE("kind = target_onyl\nprogrammes = pkh\nvalid_from = 2024-01-01\n"), SMALL_LINES + 2,
		"did you mean \"target_only\"?"},
	{RULE("kind = target_only\nprogrammes = bpnt\nvalid_from = 2024-01-01\n"), SMALL_LINES + 3, "inclusion = no"},
	{RULE("kind = target_only\nprogrammes = pkh\nlevel = person\nvalid_from = 2024-01-01\n"), SMALL_LINES + 4,
		"judged by household"},
	{RULE(OVERLAP "valid_to = 2023-12-31\n"), SMALL_LINES + 5, "before valid_from"},
	{RULE("kind = forbidden_overlap\nprogrammes = pkh\nvalid_from = 2024-01-01\n"), SMALL_LINES + 3, "two programmes"},
	{RULE("kind = forbidden_overlap\nprogrammes = pkh, pkh\nvalid_from = 2024-01-01\n"), SMALL_LINES + 3, "named twice"},
	{RULE("kind = max_desil\nprogrammes = pkh\nvalid_from = 2024-01-01\n"), SMALL_LINES + 1, "needs the key \"desil\""},
	{RULE("kind = max_desil\nprogrammes = pkh\nvalid_from = 2024-01-01\ndesil = 11\n"), SMALL_LINES + 5, "1..10"},
	{RULE(OVERLAP "desil = 4\n"), SMALL_LINES + 5, "max_desil only"},
	{RULE("kind = barred_by\nprogrammes = pkh\nvalid_from = 2024-01-01\nreference = asm\n"), SMALL_LINES + 5,
		"did you mean \"asn\"?"},
	{RULE(OVERLAP "severity = hihg\n"), SMALL_LINES + 5, "did you mean \"high\"?"},
};

static void each_mistake_names_its_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof MISTAKES / sizeof *MISTAKES; i++)
		refuses(MISTAKES[i].text, MISTAKES[i].line, MISTAKES[i].piece);
}

static void all_mistakes_are_told_at_once(void **state)
{
	char text[8192] = SMALL;
	struct fixture f;

	(void)state;
	for (int i = 0; i < 30; i++)
		snprintf(text + strlen(text), sizeof text - strlen(text), "[rule r%d]\nkind = quota\n", i);
	parse(&f, text, strlen(text));
	assert_int_equal(f.status, -1);
	assert_int_equal(f.faults.n, CONFIG_FAULTS_MAX);
	assert_int_equal(f.faults.total, 90); /* programmes, valid_from, entries of each */
	for (size_t i = 1; i < f.faults.n; i++)
		assert_true(f.faults.items[i - 1].line <= f.faults.items[i].line);
	assert_non_null(strstr(f.err.id, "dan 89 kesalahan lain"));
	arena_release(&f.arena);
}

static void long_values_hold_and_longer_lines_are_refused(void **state)
{
	static char text[INI_LINE_MAX + 2048];
	struct fixture f;
	size_t n;

	(void)state;
	n = (size_t)snprintf(text, sizeof text, "%s[columns]\nnik = ", SMALL);
	while (n < strlen(SMALL) + 8000)
		n += (size_t)snprintf(text + n, sizeof text - n, "kolom nomor %zu, ", n);
	n += (size_t)snprintf(text + n, sizeof text - n, "akhir\n");
	parses(&f, text);
	assert_true(f.config.n_synonyms > 400);
	assert_string_equal(f.config.synonyms[f.config.n_synonyms - 1].text, "akhir");
	arena_release(&f.arena);

	memset(text, 'x', sizeof text);
	memcpy(text, SMALL "[columns]\nnik = ", sizeof SMALL "[columns]\nnik = " - 1);
	parse(&f, text, sizeof text);
	assert_int_equal(f.faults.items[0].line, SMALL_LINES + 2);
	assert_non_null(strstr(f.faults.items[0].en, "longer than"));
	arena_release(&f.arena);
}

static void what_is_no_text_is_refused_whole(void **state)
{
	static const char utf16[] = "\xFF\xFE[\0d\0]\0\n\0";
	char *huge = calloc(1, 2000000);
	struct fixture f;

	(void)state;
	parse(&f, utf16, sizeof utf16 - 1);
	assert_int_equal(f.faults.total, 1);
	assert_int_equal(f.faults.items[0].line, 0);
	assert_non_null(strstr(f.err.en, "UTF-8"));
	arena_release(&f.arena);

	assert_non_null(huge);
	memset(huge, '\n', 2000000);
	parse(&f, huge, 2000000);
	assert_int_equal(f.faults.total, 1);
	assert_non_null(strstr(f.err.en, "KiB"));
	arena_release(&f.arena);
	free(huge);
}

/* With any limit of memory: success, or "out of memory" – never half a configuration. */
static void memory_that_runs_out_is_an_error(void **state)
{
	size_t limit = 1;
	int succeeded = 0;

	(void)state;
	for (; limit < 400000 && !succeeded; limit += 977) {
		struct district_config config;
		struct error err = {0};
		struct arena arena;

		arena_init(&arena, limit);
		if (district_config_parse(str_from(EXAMPLE), &arena, &config, NULL, &err) == 0)
			succeeded = 1;
		else
			assert_int_equal(err.kind, ERROR_MEMORY);
		arena_release(&arena);
	}
	assert_true(succeeded && limit > 20000);
}

static void files_are_named_in_errors(void **state)
{
	char path[] = "/tmp/padan-config-XXXXXX";
	struct district_config config;
	struct config_faults faults;
	struct error err = {0};
	struct arena arena;
	int fd = mkstemp(path);

	(void)state;
	arena_init(&arena, 0);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, EXAMPLE, strlen(EXAMPLE)), strlen(EXAMPLE));
	assert_int_equal(district_config_read(path, &arena, &config, &faults, &err), 0);
	is_text(config.rules.programmes[1].code, "blt_dd"); /* the file's own text is gone by now */
	assert_int_equal(ftruncate(fd, 10), 0);
	assert_int_equal(district_config_read(path, &arena, &config, &faults, &err), -1);
	assert_int_equal(strncmp(err.en, path, strlen(path)), 0);
	error_clear(&err);
	unlink(path);
	close(fd);
	assert_int_equal(district_config_read(path, &arena, &config, &faults, &err), -1);
	assert_int_equal(err.kind, ERROR_INPUT);
	assert_non_null(strstr(err.id, "tidak bisa dibuka"));
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(contract_example_parses),
		cmocka_unit_test(ugly_text_means_the_same),
		cmocka_unit_test(everything_else_is_read),
		cmocka_unit_test(each_mistake_names_its_line),
		cmocka_unit_test(all_mistakes_are_told_at_once),
		cmocka_unit_test(long_values_hold_and_longer_lines_are_refused),
		cmocka_unit_test(what_is_no_text_is_refused_whole),
		cmocka_unit_test(memory_that_runs_out_is_an_error),
		cmocka_unit_test(files_are_named_in_errors),
	};

	return cmocka_run_group_tests_name("district_config", tests, NULL, NULL);
}
