/*
 * The simulated district's configuration. See sim_truth.h.
 */
#include "daemon/simulate/sim_truth.h"

#include "daemon/simulate/sim_text.h"

#include <string.h>

const struct sim_rule sim_rules[SIM_RULES] = {
	{"bltdd-not-with-pkh-bpnt", "forbidden_overlap", "household", "PMK 201/2022 pasal 36", "high", -1, 0,
		{SIM_BLT_DD, SIM_PKH, SIM_BPNT, -1}},
	{"rtlh-not-with-bltdd", "forbidden_overlap", "household", "Peraturan Bupati (contoh)", "low", -1, 0,
		{SIM_RTLH, SIM_BLT_DD, -1}},
	{"recipients-on-target", "target_only", NULL, "Inpres 4/2022", "medium", -1, 0,
		{SIM_PKH, SIM_BPNT, SIM_BLT_DD, SIM_PIP, SIM_RTLH, -1}},
	{"bltdd-one-per-family", "one_per_household", NULL, "PMK 201/2022 pasal 36", "medium", -1, 0, {SIM_BLT_DD, -1}},
	{"pkh-desil-3", "max_desil", NULL, "Keputusan Dirjen Linjamsos (contoh)", "medium", -1, 3, {SIM_PKH, -1}},
	{"rtlh-desil-2", "max_desil", NULL, "Peraturan Bupati (contoh)", "medium", -1, 2, {SIM_RTLH, -1}},
	{"bltdd-quota", "quota", NULL, "Permendesa 2/2024", "medium", -1, 0, {SIM_BLT_DD, -1}},
	{"no-asn", "barred_by", "household", "Permensos 5/2021 pasal 5 (contoh)", "medium", SIM_ASN, 0,
		{SIM_PKH, SIM_BPNT, SIM_BLT_DD, -1}},
	{"no-deceased", "barred_by", "person", "UU 24/2013 pasal 44", "high", SIM_MENINGGAL, 0,
		{SIM_PKH, SIM_BPNT, SIM_BLT_DD, SIM_RTLH, -1}},
	{"pbi-no-deceased", "barred_by", "person", "PP 76/2015", "medium", SIM_MENINGGAL, 0, {SIM_PBI_JK, -1}},
};

static const char *const offices[][3] = {
	{"bappeda", "Badan Perencanaan Pembangunan Daerah", "bappeda@kabupaten.example"},
	{"dinsos", "Dinas Sosial", "program@dinsos.example"},
	{"dpmd", "Dinas Pemberdayaan Masyarakat dan Desa", "data@dpmd.example"},
	{"dinkes", "Dinas Kesehatan", "jaminan@dinkes.example"},
	{"disdik", "Dinas Pendidikan dan Kebudayaan", "pip@disdik.example"},
	{"perkim", "Dinas Perumahan dan Kawasan Permukiman", NULL},
	{"bkpsdm", "Badan Kepegawaian dan Pengembangan SDM", NULL},
	{"dukcapil", "Dinas Kependudukan dan Pencatatan Sipil", NULL},
};

static const char *const names[SIM_LISTS] = {
	[SIM_PKH] = "Program Keluarga Harapan",
	[SIM_BPNT] = "Program Sembako / BPNT",
	[SIM_BLT_DD] = "BLT Dana Desa",
	[SIM_PBI_JK] = "Penerima Bantuan Iuran Jaminan Kesehatan",
	[SIM_PIP] = "Program Indonesia Pintar",
	[SIM_RTLH] = "Bantuan Rumah Tidak Layak Huni",
	[SIM_ASN] = "ASN, TNI dan Polri aktif",
	[SIM_MENINGGAL] = "Penduduk meninggal",
};

size_t sim_quota(const struct sim_lists *lists)
{
	size_t rows = lists->list[SIM_BLT_DD].count;

	return lists->damage > 0 && rows > 20 ? rows - rows / 20 : rows + 50;
}

static void write_programmes(struct sim_text *text)
{
	for (int i = SIM_FIRST_PROGRAMME; i <= SIM_LAST_PROGRAMME; i++) {
		const struct sim_list_plan *plan = &sim_list_plans[i];

		sim_text_printf(text, "[programme %s]\nname   = %s\noffice = %s\nunit   = %s\n", plan->code, names[i],
			plan->office, plan->by_household ? "household" : "person");
		if (i == SIM_PBI_JK)
			sim_text_add(text, "inclusion = no\n");
		sim_text_add(text, "\n");
	}
	for (int i = SIM_LAST_PROGRAMME + 1; i < SIM_LISTS; i++)
		sim_text_printf(text, "[reference %s]\nname   = %s\noffice = %s\n\n", sim_list_plans[i].code, names[i],
			sim_list_plans[i].office);
}

static void write_rule(const struct sim_rule *rule, size_t quota, struct sim_text *text)
{
	sim_text_printf(text, "[rule %s]\nkind        = %s\nprogrammes  = ", rule->code, rule->kind);
	for (int i = 0; rule->programmes[i] >= 0; i++)
		sim_text_printf(text, "%s%s", i ? ", " : "", sim_list_plans[rule->programmes[i]].code);
	sim_text_add(text, "\n");
	if (rule->reference >= 0)
		sim_text_printf(text, "reference   = %s\n", sim_list_plans[rule->reference].code);
	if (rule->level)
		sim_text_printf(text, "level       = %s\n", rule->level);
	if (rule->limit)
		sim_text_printf(text, "desil       = %d\n", rule->limit);
	if (strcmp(rule->kind, "quota") == 0)
		sim_text_printf(text, "entries     = %zu\n", quota);
	sim_text_printf(text, "valid_from  = 2021-01-01\nlegal_basis = %s\nseverity    = %s\n\n", rule->legal_basis,
		rule->severity);
}

static void write_config(const struct sim_world *world, const struct sim_lists *lists, struct sim_text *text)
{
	sim_text_printf(text,
		"# Kabupaten buatan `padan simulate`: orang, NIK, dan daftarnya tidak nyata.\n"
		"# A district made up by `padan simulate`: its people, numbers and lists are not real.\n\n"
		"[district]\ncode = %s\nname = %s\n\n",
		world->places.code, world->places.name);
	for (size_t i = 0; i < sizeof offices / sizeof offices[0]; i++) {
		sim_text_printf(text, "[office %s]\nname  = %s\n", offices[i][0], offices[i][1]);
		if (offices[i][2])
			sim_text_printf(text, "email = %s\n", offices[i][2]);
		sim_text_add(text, "\n");
	}
	sim_text_printf(text, "[target]\noffice = %s\n\n", sim_list_plans[SIM_TARGET].office);
	write_programmes(text);
	for (int i = 0; i < SIM_RULES; i++)
		write_rule(&sim_rules[i], sim_quota(lists), text);
}

int sim_config_write(const struct sim_world *world, const struct sim_lists *lists, int32_t target_day, int32_t list_day,
	struct sim_folder *folder, struct error *err)
{
	struct sim_text text = {0};
	int status = -1;

	write_config(world, lists, &text);
	if (text.failed || sim_folder_write(folder, "district.conf", text.p, text.n, err) < 0)
		goto out;
	sim_text_clear(&text);
	sim_text_add(&text, "code,period,file,kind,office\n");
	for (int i = 0; i < SIM_LISTS; i++) {
		const struct sim_list_plan *plan = &sim_list_plans[i];
		struct sim_date day = sim_date_of(i == SIM_TARGET ? target_day : list_day);

		sim_text_printf(&text, "%s,%04d-%02d,%s,%s,%s\n", plan->code, day.year, day.month, plan->file,
			plan->kind, plan->office);
	}
	if (!text.failed)
		status = sim_folder_write(folder, "lists.csv", text.p, text.n, err);
out:
	if (text.failed)
		status = error_memory(err);
	sim_text_release(&text);
	return status;
}
