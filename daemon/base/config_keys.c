/*
 * Every section and key of the configuration file: read by district_config.c, printed for people from here.
 */
#include "daemon/base/config_reader.h"

#define DISTRICT(member) offsetof(struct district_config, member)

static const struct config_key DISTRICT_KEYS[] = {
        {"code", VALUE_DISTRICT, 0, true, .id = "kode Kemendagri kabupaten/kota: 15.05",
                .en = "Kemendagri code of the district: 15.05"},
        {"name", VALUE_TEXT, DISTRICT(rules.district_name), true, .id = "nama kabupaten/kota",
                .en = "name of the district"},
        {0},
};

static const struct config_key OFFICE_KEYS[] = {
        {"name", VALUE_TEXT, offsetof(struct office, name), true, .id = "nama dinas", .en = "name of the office"},
        {"email", VALUE_EMAIL, offsetof(struct office, email), .id = "alamat untuk pemberitahuan daftarnya sendiri",
                .en = "address for news of its own lists"},
        {0},
};

static const struct config_key PROGRAMME_KEYS[] = {
        {"name", VALUE_TEXT, offsetof(struct programme, name), true, .id = "nama program", .en = "name of the programme"},
        {"office", VALUE_OFFICE, offsetof(struct programme, office), true, .id = "kode dinas pengelola",
                .en = "code of the office that runs it"},
        {"unit", VALUE_WORD, offsetof(struct programme, unit), true, "household|person",
                .id = "household: satu baris mewakili keluarga; person: tiap orang sendiri",
                .en = "household: one entry stands for the family; person: each entry for itself"},
        {"inclusion", VALUE_YES_NO, offsetof(struct programme, inclusion),
                .id = "no: penerima di luar daftar sasaran bukan kesalahan",
                .en = "no: recipients off the target list are no error here"},
        {"expected", VALUE_MONTHS, offsetof(struct programme, expected_months),
                .id = "yes (tanpa isian) | no | bulan yang menunggu daftarnya: 1, 4, 7, 10",
                .en = "yes (default) | no | the months that wait for its list: 1, 4, 7, 10"},
        {0},
};

static const struct config_key REFERENCE_KEYS[] = {
        {"name", VALUE_TEXT, offsetof(struct reference, name), true, .id = "nama daftar acuan",
                .en = "name of the reference list"},
        {"office", VALUE_OFFICE, offsetof(struct reference, office), .id = "dinas yang boleh mengirimnya",
                .en = "office that may send it"},
        {0},
};

static const struct config_key TARGET_KEYS[] = {
        {"office", VALUE_OFFICE, DISTRICT(target_office), .id = "dinas yang boleh mengirim daftar sasaran",
                .en = "office that may send the target list"},
        {0},
};

static const struct config_key RULE_KEYS[] = {
        {"kind", VALUE_WORD, offsetof(struct rule, kind), true,
                "forbidden_overlap|one_per_household|target_only|max_desil|quota|cooldown|must_receive_one_of|barred_by",
                .id = "jenis aturan", .en = "kind of rule"},
        {"programmes", VALUE_RULE_PROGRAMMES, 0, true, .id = "kode program; temuan berdiri pada yang pertama",
                .en = "codes of programmes; flagged at the first"},
        {"level", VALUE_WORD, offsetof(struct rule, level), false, "household|person", .id = "per keluarga atau per orang",
                .en = "by household or by person"},
        {"valid_from", VALUE_DATE, offsetof(struct rule, valid_from), true, .id = "hari pertama berlaku, TTTT-BB-HH",
                .en = "first day in force, YYYY-MM-DD"},
        {"valid_to", VALUE_DATE, offsetof(struct rule, valid_to), .id = "hari terakhir; kosong: sampai ada perubahan",
                .en = "last day; empty: until further notice"},
        {"legal_basis", VALUE_TEXT, offsetof(struct rule, legal_basis), .id = "dasar hukum", .en = "legal basis"},
        {"severity", VALUE_WORD, offsetof(struct rule, severity), false, "info|low|medium|high", .id = "tingkat",
                .en = "severity"},
        {"reference", VALUE_REFERENCE, offsetof(struct rule, reference), .id = "barred_by: kode daftar acuan",
                .en = "barred_by: code of the reference list"},
        {"desil", VALUE_NUMBER, offsetof(struct rule, desil), .min = 1, .max = 10, .id = "max_desil: desil tertinggi",
                .en = "max_desil: the highest desil allowed"},
        {"entries", VALUE_NUMBER, offsetof(struct rule, entries), .min = 1, .max = 1000000000,
                .id = "quota: jumlah penerima paling banyak", .en = "quota: how many entries at most"},
        {"years", VALUE_NUMBER, offsetof(struct rule, years), .min = 1, .max = 100,
                .id = "cooldown: jarak tahun sebelum boleh menerima lagi", .en = "cooldown: years before the next time"},
        {0},
};

static const struct config_key PERIOD_KEYS[] = {
        {"expected", VALUE_PERIOD_PROGRAMMES, 0, true, .id = "program yang daftarnya ditunggu pada periode ini",
                .en = "programmes whose lists this period waits for"},
        {0},
};

static const struct config_key ALERT_KEYS[] = {
        {"email", VALUE_EMAILS, DISTRICT(alerts), .id = "alamat Bappeda, boleh beberapa dipisah koma",
                .en = "Bappeda's addresses, separated by commas"},
        {"from", VALUE_EMAIL, DISTRICT(alerts.from), .id = "alamat pengirim", .en = "the sender's address"},
        {"smtp", VALUE_URL, DISTRICT(alerts.smtp_url), false, "smtp|smtps", .id = "server surat: smtps://mail.example:465",
                .en = "mail server: smtps://mail.example:465"},
        {"smtp_user", VALUE_TEXT, DISTRICT(alerts.smtp_user), .id = "nama pengguna di server surat",
                .en = "user name at the mail server"},
        {"webhook", VALUE_URL, DISTRICT(alerts.webhook_url), false, "https|http", .id = "alamat webhook",
                .en = "address of the webhook"},
        {"inclusion_share", VALUE_SHARE, DISTRICT(alerts.inclusion_share),
                .id = "bagian salah sasaran dalam satu daftar; lebih dari ini diberitahukan segera",
                .en = "share of inclusion errors in a list; more is told at once"},
        {"excluded_in_village", VALUE_NUMBER, DISTRICT(alerts.excluded_in_village), .min = 1, .max = 1000000,
                .id = "keluarga terlewat di satu desa; lebih dari ini diberitahukan segera",
                .en = "excluded households in a village; more is told at once"},
        {"digest_hour", VALUE_HOUR, DISTRICT(alerts.digest_hour), .id = "jam ringkasan harian 0..23, atau no",
                .en = "hour of the daily digest 0..23, or no"},
        {0},
};

static const struct config_key THRESHOLD_KEYS[] = {
        {"finding", VALUE_SHARE, DISTRICT(rules.finding_from), .id = "temuan mulai kepastian ini; di bawahnya perlu dicek",
                .en = "flags less certain than this are to be checked"},
        {"link", VALUE_SHARE, DISTRICT(link_threshold), .id = "peluang mulai mana dua baris dianggap satu orang",
                .en = "probability from which two rows are one person"},
        {"doubtful", VALUE_SHARE, DISTRICT(doubtful_from), .id = "peluang mulai mana pasangan dilihat petugas",
                .en = "probability from which a pair is looked at by a person"},
        {0},
};

static const struct config_key NO_KEYS[] = {{0}};

static const struct config_key VILLAGE_KEYS[] = {
        {"file", VALUE_TEXT, offsetof(struct district_config, villages_file), false, NULL, 0, 0,
                "tabel resmi desa (CSV atau XLSX: kode, desa, kecamatan), untuk kabupaten yang belum ada di dalam program; "
                "dicari dari folder berkas ini",
                "official table of villages (CSV or XLSX: code, village, kecamatan) for a district that the program does not "
                "have; looked for beside this file"},
        {0},
};

const struct config_section CONFIG_SECTIONS[SECTION_KINDS] = {
        [SECTION_DISTRICT] = {"district", false, DISTRICT_KEYS, "kabupaten/kota", "the district"},
        [SECTION_OFFICE] = {"office", true, OFFICE_KEYS, "dinas (OPD)", "an office"},
        [SECTION_PROGRAMME] = {"programme", true, PROGRAMME_KEYS, "program bantuan", "an aid programme"},
        [SECTION_REFERENCE] = {"reference", true, REFERENCE_KEYS, "daftar acuan (ASN, meninggal, pindah)",
                "a list of persons that some rule bars"},
        [SECTION_TARGET] = {"target", false, TARGET_KEYS, "daftar sasaran", "the target list"},
        [SECTION_RULE] = {"rule", true, RULE_KEYS, "aturan", "a rule"},
        [SECTION_PERIOD] = {"period", true, PERIOD_KEYS, "periode dengan daftar lain dari biasanya",
                "a period that waits for other lists than usual"},
        [SECTION_COLUMNS] = {"columns", false, NO_KEYS, "sebutan kolom di daftar dinas, dipisah koma",
                "what offices call their columns, separated by commas"},
        [SECTION_ALERTS] = {"alerts", false, ALERT_KEYS, "pemberitahuan", "alerts"},
        [SECTION_VILLAGES] = {"villages", false, VILLAGE_KEYS, "tabel desa", "the table of villages"},
        [SECTION_THRESHOLDS] = {"thresholds", false, THRESHOLD_KEYS, "ambang", "thresholds"},
};

static void print_key(const struct config_key *key, bool english, FILE *to)
{
	const char *needed = !key->needed ? "" : english ? " (needed)" : " (wajib)";

	fprintf(to, "%-20s ; %s%s", key->name, english ? key->en : key->id, needed);
	if (key->value == VALUE_WORD && !strstr(key->id, key->words))
		fprintf(to, ": %s", key->words);
	fputc('\n', to);
}

void district_config_print_reference(bool english, FILE *to)
{
	for (size_t i = 0; i < SECTION_KINDS; i++) {
		const struct config_section *section = &CONFIG_SECTIONS[i];

		fprintf(to, "%s[%s%s]  ; %s\n", i ? "\n" : "", section->name,
			!section->coded ? "" : english ? " CODE" : " KODE", english ? section->en : section->id);
		for (const struct config_key *key = section->keys; key->name; key++)
			print_key(key, english, to);
		if (i == SECTION_COLUMNS)
			for (enum column_role role = COLUMN_IGNORE; role < COLUMN_ROLES; role++)
				fprintf(to, "%-20s ; %s\n", column_role_name(role), column_role_title(role));
	}
}
