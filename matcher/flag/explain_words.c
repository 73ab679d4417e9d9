/*
 * Pieces of explanations. See explain_words.h. Written as a district's official writes; no word of statistics.
 */
#include "matcher/flag/explain_words.h"

#include "matcher/normalise/nik.h"

#include <inttypes.h>
#include <stdio.h>

enum { NAME_SHOWN_MAX = 80, LIST_SHOWN_MAX = 120, VILLAGE_SHOWN_MAX = 60, LEGAL_SHOWN_MAX = 300, PROGRAMMES_SHOWN_MAX = 8 };

static const char *const MONTHS_ID[] = {"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus",
        "September", "Oktober", "November", "Desember"};
static const char *const MONTHS_EN[] = {"January", "February", "March", "April", "May", "June", "July", "August",
        "September", "October", "November", "December"};

static const char *month_name(unsigned month, bool english)
{
	return month < 1 || month > 12 ? "?" : (english ? MONTHS_EN : MONTHS_ID)[month - 1];
}

void explain_day(uint32_t day, bool english, struct strbuf *out)
{
	strbuf_addf(out, "%u %s %u", day % 100, month_name(day / 100 % 100, english), day / 10000);
}

void explain_period(struct str period, bool english, struct strbuf *out)
{
	unsigned month = 0;

	if (period.n == 7 && period.p[4] == '-')
		month = (unsigned)(period.p[5] - '0') * 10 + (unsigned)(period.p[6] - '0');
	if (month >= 1 && month <= 12)
		strbuf_addf(out, "%s %.4s", month_name(month, english), period.p);
	else
		strbuf_add_foreign(out, period, 20);
}

static void put_number(uint64_t value, uint8_t digits, const struct explain_style *style, struct strbuf *out)
{
	char masked[40];

	if (style->unmasked) {
		strbuf_addf(out, "%0*" PRIu64, digits >= 10 && digits <= 18 && digits != 15 ? digits : 16, value);
		return;
	}
	nik_mask(value, masked);
	strbuf_add(out, str_from(masked));
}

void explain_who(const struct explain_party *party, const struct explain_style *style, struct strbuf *out)
{
	const struct entry *entry = party->entry;

	if (!entry) {
		strbuf_add(out, str_from(style->english ? "somebody (the data were erased)" : "seseorang (datanya sudah dihapus)"));
		return;
	}
	strbuf_add_foreign(out, entry->name_shown.n ? entry->name_shown : entry->name, NAME_SHOWN_MAX);
	if (entry->nik) {
		strbuf_add(out, STR_LITERAL(" (NIK "));
		put_number(entry->nik, entry->nik_digits, style, out);
		strbuf_add(out, STR_LITERAL(")"));
	} else {
		strbuf_add(out, str_from(style->english ? " (no NIK)" : " (tanpa NIK)"));
	}
}

void explain_where(const struct explain_party *party, bool english, struct strbuf *out)
{
	if (party->kind == LIST_TARGET) {
		strbuf_add(out, str_from(english ? "the target list" : "daftar sasaran"));
	} else {
		strbuf_add(out, str_from(party->kind == LIST_REFERENCE && !english ? "daftar " : english ? "the list of " : ""));
		strbuf_add_foreign(out, party->list, LIST_SHOWN_MAX);
	}
	if (party->period.n && party->kind == LIST_PROGRAMME) {
		strbuf_add(out, str_from(english ? " for " : " periode "));
		explain_period(party->period, english, out);
	}
	strbuf_addf(out, english ? " (row %u)" : " (baris %u)", party->row);
}

void explain_place(const struct explain_party *party, bool english, struct strbuf *out)
{
	struct str village = party->village;

	if (!party->entry)
		return;
	if (!village.n)
		village = party->entry->village_text;
	if (!village.n)
		return;
	strbuf_add(out, str_from(english ? " of " : " di "));
	strbuf_add_foreign(out, village, VILLAGE_SHOWN_MAX);
	if (party->entry->rt)
		strbuf_addf(out, " RT %u", party->entry->rt);
}

/* Of two persons of one family, only what families share says something. persons: they might be one person. */
static bool is_of_use(const struct explain_case *explained, bool persons, enum explain_field field)
{
	switch (field) {
	case EXPLAIN_KK:
	case EXPLAIN_VILLAGE:
	case EXPLAIN_RT:
		return true;
	case EXPLAIN_FAMILY_ID: /* of one list alone; elsewhere the numbers are other lists' own */
		return explained->at.kind == explained->other.kind;
	case EXPLAIN_NAME:
	case EXPLAIN_NIK:
	case EXPLAIN_BIRTH:
	case EXPLAIN_SEX:
		return persons;
	case EXPLAIN_ADDRESS:
	case EXPLAIN_FIELDS:
		break;
	}
	return false;
}

/* "a, b dan c" of the parts with that verdict; how many there were. */
static size_t put_parts(const struct explain_part *parts, const struct explain_case *explained,
	enum explain_verdict verdict, bool english, struct strbuf *out)
{
	bool persons = explained->same_person || explained->flag->kind == FLAG_NIK_CONFLICT ||
		parts[EXPLAIN_NAME].verdict == EXPLAIN_AGREES;
	const char *texts[EXPLAIN_FIELDS];
	size_t n = 0;

	for (int i = 0; i < EXPLAIN_FIELDS; i++)
		if (parts[i].verdict == verdict && is_of_use(explained, persons, parts[i].field) &&
			!(verdict == EXPLAIN_AGREES && parts[i].field == EXPLAIN_SEX)) /* half of all people agree in it */
			texts[n++] = explain_part_text(&parts[i], english);
	for (size_t i = 0; i < n; i++) {
		if (i)
			strbuf_add(out, i + 1 < n ? STR_LITERAL(", ") : english ? STR_LITERAL(" and ") : STR_LITERAL(" dan "));
		strbuf_add(out, str_from(texts[i]));
	}
	return n;
}

/* "NIK sama dan desa sama, tetapi tanggal lahir berbeda." */
void explain_parts(const struct explain_case *explained, bool english, struct strbuf *out)
{
	struct explain_part parts[EXPLAIN_FIELDS];
	struct strbuf agrees, differs;
	size_t n, start = out->n;

	if (!explained->has_other || !explained->at.entry || !explained->other.entry)
		return;
	strbuf_init(&agrees, EXPLAIN_TEXT_MAX);
	strbuf_init(&differs, EXPLAIN_TEXT_MAX);
	explain_compare(explained->at.entry, explained->other.entry, parts);
	n = put_parts(parts, explained, EXPLAIN_AGREES, english, &agrees);
	n += put_parts(parts, explained, EXPLAIN_DIFFERS, english, &differs);
	if (n) {
		strbuf_addf(out, "%s%s%s. ", agrees.p,
			!agrees.n || !differs.n ? "" : english ? ", but " : ", tetapi ", differs.p);
		if (out->n > start && out->p[start] >= 'a' && out->p[start] <= 'z')
			out->p[start] = (char)(out->p[start] - 'a' + 'A');
	}
	out->no_memory |= agrees.no_memory || differs.no_memory;
	strbuf_release(&agrees);
	strbuf_release(&differs);
}

const char *explain_certainty(double certainty, bool english)
{
	if (certainty >= 0.95)
		return english ? "almost certain" : "hampir pasti";
	if (certainty >= 0.8)
		return english ? "very likely" : "kemungkinan besar";
	if (certainty >= 0.5)
		return english ? "likely" : "mungkin";
	return english ? "doubtful" : "meragukan";
}

/* Nobody is certain to the last percent about people on lists. */
static void put_percent(double certainty, bool english, struct strbuf *out)
{
	if (certainty >= 0.995)
		strbuf_add(out, str_from(english ? "over 99%" : "lebih dari 99%"));
	else
		strbuf_addf(out, "%.0f%%", certainty * 100);
}

void explain_how_sure(const struct explain_case *explained, bool english, struct strbuf *out)
{
	const struct flag *flag = explained->flag;

	if (flag->kind == FLAG_QUOTA || flag->kind == FLAG_DATA_QUALITY)
		return;
	strbuf_addf(out, english ? "How sure: %s (" : "Tingkat keyakinan: %s (", explain_certainty(flag->certainty, english));
	put_percent(flag->certainty, english, out);
	if (flag->state == FLAG_PROVISIONAL)
		strbuf_add(out, str_from(english ? "), but provisional, as other lists of the period are still awaited. "
						 : "), tetapi masih sementara karena daftar lain untuk periode ini belum semua masuk. "));
	else if (flag->state == FLAG_TO_CHECK)
		strbuf_add(out, str_from(english ? "), so it has to be checked first. " : "), jadi perlu dicek dulu. "));
	else
		strbuf_add(out, STR_LITERAL("). "));
}

void explain_rule(const struct explain_case *explained, bool english, struct strbuf *out)
{
	const struct rule *rule;

	if (explained->flag->rule < 0 || (size_t)explained->flag->rule >= explained->rules->n_rules)
		return;
	rule = &explained->rules->rules[explained->flag->rule];
	strbuf_add(out, str_from(english ? "The rule: " : "Dasarnya aturan "));
	strbuf_add_foreign(out, rule->code, 60);
	if (rule->legal_basis.n) {
		strbuf_add(out, STR_LITERAL(" – "));
		strbuf_add_foreign(out, rule->legal_basis, LEGAL_SHOWN_MAX);
	}
	strbuf_add(out, str_from(english ? ", in force from " : ", berlaku sejak "));
	explain_day(rule->valid_from, english, out);
	if (rule->valid_to) {
		strbuf_add(out, str_from(english ? " to " : " sampai "));
		explain_day(rule->valid_to, english, out);
	}
	strbuf_add(out, STR_LITERAL(". "));
}

struct kind_words {
	const char *id, *en;           /* what the kind is called */
	const char *next_id, *next_en; /* what to do next */
};

static const struct kind_words KINDS[FLAG_KINDS] = {
        [FLAG_EXCLUSION] = {"Terlewat: sasaran yang tidak menerima apa pun", "Left out: on the target list, receives nothing",
                "Tanyakan kepada ketua RT apakah keluarga ini masih tinggal di sana dan belum dibantu, lalu usulkan kepada "
                "dinas yang programnya sesuai.",
                "Ask the head of the RT whether the family still lives there without aid, then propose it to the office "
                "whose programme fits."},
        [FLAG_INCLUSION] = {"Salah sasaran: penerima di luar daftar sasaran", "Inclusion: recipient off the target list",
                "Datangi rumahnya untuk melihat keadaannya; jika memang layak, usulkan lewat musyawarah desa, dan jika tidak, "
                "laporkan kepada dinas pengelola.",
                "Visit the home; if the family is in need, propose it at the village meeting, and if not, report it to the "
                "office that runs the programme."},
        [FLAG_OVERLAP] = {"Tumpang tindih antarprogram", "Overlap between programmes",
                "Tanyakan di rumahnya bantuan mana yang benar-benar diterima, lalu kedua dinas memutuskan mana yang "
                "diteruskan.",
                "Ask at the door which aid is really received; the offices then decide which one goes on."},
        [FLAG_DUP_PERSON_IN_LIST] = {"Orang yang sama dua kali dalam satu daftar", "The same person twice in a list",
                "Cocokkan dengan KTP-nya; jika benar orang yang sama, minta dinas pengelola membetulkan daftarnya.",
                "Compare with the identity card; if it is the same person, ask the office to mend its list."},
        [FLAG_DUP_HOUSEHOLD_IN_LIST] = {"Keluarga yang sama dua kali dalam satu daftar", "The same household twice in a list",
                "Cek kartu keluarganya; jika benar satu keluarga, minta dinas pengelola memilih satu wakil saja.",
                "Look at the family card; if it is one family, ask the office to keep one entry for it."},
        [FLAG_NIK_CONFLICT] = {"Satu NIK dipakai dua orang", "One NIK on two persons",
                "Lihat KTP keduanya dan minta Dinas Dukcapil memastikan siapa pemilik NIK ini.",
                "Look at both identity cards and ask the civil registry (Dukcapil) whose NIK this is."},
        [FLAG_INELIGIBLE] = {"Desil di atas batas", "Desil above the limit",
                "Cek desil terbarunya dan keadaan rumah tangganya sebelum diputuskan.",
                "Check the newest desil and the state of the household before deciding."},
        [FLAG_COOLDOWN] = {"Menerima lagi sebelum waktunya", "Received again too soon",
                "Cek catatan penyaluran yang dulu dan hasilnya di rumahnya sebelum diputuskan.",
                "Check the record of the earlier aid and what came of it before deciding."},
        [FLAG_QUOTA] = {"Melebihi kuota", "Over the quota",
                "Minta dinas pengelola menyesuaikan jumlah penerima atau menunjukkan dasar penambahannya.",
                "Ask the office to bring the number down or to show what allows more."},
        [FLAG_BARRED] = {"Tercatat di daftar yang tidak boleh menerima", "Stands on a list that bars",
                "Pastikan orangnya memang sama lewat KTP atau Dinas Dukcapil, lalu serahkan keputusannya kepada dinas "
                "pengelola.",
                "Make sure by identity card or the civil registry that it is the same person, then leave the decision to the "
                "office."},
        [FLAG_DATA_QUALITY] = {"Data perlu dibetulkan", "Data to be mended",
                "Minta dinas pengirim membetulkannya menurut KTP dan KK.",
                "Ask the sending office to mend it by identity card and family card."},
        [FLAG_MUST_RECEIVE] = {"Belum menerima haknya", "Lacks what it is entitled to",
                "Tanyakan kepada ketua RT apakah keluarga ini memang belum menerimanya, lalu usulkan kepada dinas pengelola.",
                "Ask the head of the RT whether the family really lacks it, then propose it to the office."},
};

const char *explain_kind(enum flag_kind kind, bool english)
{
	return kind >= FLAG_KINDS ? "" : english ? KINDS[kind].en : KINDS[kind].id;
}

const char *explain_next(enum flag_kind kind, bool english)
{
	return kind >= FLAG_KINDS ? "" : english ? KINDS[kind].next_en : KINDS[kind].next_id;
}

const char *explain_state(enum flag_state state, bool english)
{
	static const char *const id[] = {"temuan", "perlu dicek", "sementara"};
	static const char *const en[] = {"finding", "to be checked", "provisional"};

	return state > FLAG_PROVISIONAL ? "" : english ? en[state] : id[state];
}

const char *explain_field_title(enum explain_field field, bool english)
{
	static const char *const titles[EXPLAIN_FIELDS][2] = {
		[EXPLAIN_NAME] = {"Nama", "Name"},
		[EXPLAIN_NIK] = {"NIK", "NIK"},
		[EXPLAIN_BIRTH] = {"Tanggal lahir", "Birth date"},
		[EXPLAIN_SEX] = {"Jenis kelamin", "Sex"},
		[EXPLAIN_KK] = {"Nomor KK", "KK number"},
		[EXPLAIN_FAMILY_ID] = {"ID keluarga", "Family id"},
		[EXPLAIN_VILLAGE] = {"Desa/kelurahan", "Village"},
		[EXPLAIN_RT] = {"RT/RW", "RT/RW"},
		[EXPLAIN_ADDRESS] = {"Alamat", "Address"},
	};

	return field >= EXPLAIN_FIELDS ? "" : titles[field][english];
}

static void put_birth(uint32_t birth, const struct explain_style *style, struct strbuf *out)
{
	if (!birth)
		return;
	if (!style->unmasked)
		strbuf_addf(out, "••-••-%04u", birth / 10000);
	else if (birth % 10000 == 0)
		strbuf_addf(out, "%04u", birth / 10000);
	else
		strbuf_addf(out, "%02u-%02u-%04u", birth % 100, birth / 100 % 100, birth / 10000);
}

void explain_value(const struct explain_party *party, enum explain_field field, const struct explain_style *style,
	struct strbuf *out)
{
	const struct entry *entry = party->entry;

	if (!entry)
		return;
	switch (field) {
	case EXPLAIN_NAME:
		strbuf_add_foreign(out, entry->name_shown.n ? entry->name_shown : entry->name, NAME_SHOWN_MAX);
		break;
	case EXPLAIN_NIK:
		if (entry->nik)
			put_number(entry->nik, entry->nik_digits, style, out);
		break;
	case EXPLAIN_BIRTH:
		put_birth(entry->birth, style, out);
		break;
	case EXPLAIN_SEX:
		if (entry->sex)
			strbuf_add(out, str_from(style->english ? (entry->sex == 1 ? "male" : "female") : (entry->sex == 1 ? "L" : "P")));
		break;
	case EXPLAIN_KK:
		if (entry->kk)
			put_number(entry->kk, entry->kk_digits, style, out);
		break;
	case EXPLAIN_FAMILY_ID:
		strbuf_add_foreign(out, entry->family_id, NAME_SHOWN_MAX);
		break;
	case EXPLAIN_VILLAGE:
		strbuf_add_foreign(out, party->village.n ? party->village : entry->village_text, VILLAGE_SHOWN_MAX);
		break;
	case EXPLAIN_RT:
		if (entry->rt)
			strbuf_addf(out, "%03u", entry->rt);
		if (entry->rw)
			strbuf_addf(out, "/%03u", entry->rw);
		break;
	case EXPLAIN_ADDRESS:
		strbuf_add_foreign(out, entry->address, LIST_SHOWN_MAX);
		break;
	case EXPLAIN_FIELDS:
		break;
	}
}
