/*
 * Places of the simulated district. See sim_places.h.
 */
#include "daemon/simulate/sim_places.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct sim_kecamatan muaro_jambi_kecamatan[] = {
	{1, 50, "Jambi Luar Kota", {60, 25, 15}}, {2, 60, "Sekernan", {75, 20, 5}}, {3, 30, "Kumpeh", {80, 17, 3}},
	{4, 40, "Maro Sebo", {88, 9, 3}}, {5, 10, "Mestong", {35, 45, 20}}, {6, 20, "Kumpeh Ulu", {70, 22, 8}},
	{7, 11, "Sungai Bahar", {10, 80, 10}}, {8, 21, "Sungai Gelam", {25, 65, 10}},
	{9, 13, "Bahar Utara", {10, 78, 12}}, {10, 12, "Bahar Selatan", {12, 76, 12}},
	{11, 41, "Taman Rajo", {80, 15, 5}}
};

static const struct sim_village muaro_jambi_villages[] = {
	{1, 1003, "Pijoan"}, {1, 2002, "Sungai Bertam"}, {1, 2004, "Pematang Jering"}, {1, 2005, "Muaro Pijoan"},
	{1, 2006, "Sungai Duren"}, {1, 2007, "Mendalo Darat"}, {1, 2008, "Rengas Bandung"},
	{1, 2009, "Sarang Burung"}, {1, 2010, "Mendalo Laut"}, {1, 2011, "Sembubuk"}, {1, 2012, "Senaung"},
	{1, 2013, "Penyengat Olak"}, {1, 2014, "Simpang Sungai Duren"}, {1, 2015, "Kedemangan"},
	{1, 2016, "Muhajirin"}, {1, 2017, "Maro Sebo"}, {1, 2019, "Danau Sarang Elang"}, {1, 2020, "Simpang Limo"},
	{1, 2021, "Mendalo Indah"}, {1, 2022, "Pematang Gajah"},
	{2, 1010, "Sengeti"}, {2, 2001, "Suak Putat"}, {2, 2002, "Rantau Majo"}, {2, 2003, "Pulau Kayu Aro"},
	{2, 2004, "Pematang Pulai"}, {2, 2005, "Tan Tan"}, {2, 2006, "Kedotan"}, {2, 2007, "Keranggan"},
	{2, 2008, "Berembang"}, {2, 2009, "Sekernan"}, {2, 2011, "Gerunggung"}, {2, 2012, "Tunas Baru"},
	{2, 2013, "Bukit Baling"}, {2, 2014, "Tanjung Lanjut"}, {2, 2015, "Suko Awin Jaya"}, {2, 2016, "Tunas Mudo"},
	{3, 1008, "Tanjung"}, {3, 2001, "Puding"}, {3, 2002, "Pulau Mentaro"}, {3, 2003, "Betung"},
	{3, 2004, "Pematang Raman"}, {3, 2005, "Sungai Bungur"}, {3, 2006, "Seponjen"}, {3, 2007, "Sogo"},
	{3, 2009, "Sungai Aur"}, {3, 2010, "Jebus"}, {3, 2011, "Gedong Karya"}, {3, 2013, "Rantau Panjang"},
	{3, 2014, "Londerang"}, {3, 2016, "Petanang"}, {3, 2017, "Mekar Sari"}, {3, 2018, "Rondang"},
	{3, 2019, "Maju Jaya"},
	{4, 1002, "Jambi Kecil"}, {4, 2001, "Setiris"}, {4, 2003, "Tanjung Katung"}, {4, 2004, "Jambi Tulo"},
	{4, 2005, "Baru"}, {4, 2006, "Danau Lamo"}, {4, 2007, "Muaro Jambi"}, {4, 2016, "Niaso"}, {4, 2017, "Bakung"},
	{4, 2018, "Danau Kedap"}, {4, 2019, "Mudung Darat"}, {4, 2020, "Lubuk Raman"},
	{5, 1009, "Tempino"}, {5, 2001, "Tanjung Pauh Km. 32"}, {5, 2002, "Pelempang"}, {5, 2003, "Sungai Landai"},
	{5, 2004, "Ibru"}, {5, 2005, "Nagasari"}, {5, 2006, "Sebapo"}, {5, 2010, "Baru"},
	{5, 2011, "Tanjung Pauh Km. 39"}, {5, 2012, "Nyogan"}, {5, 2015, "Suka Damai"}, {5, 2016, "Pondok Meja"},
	{5, 2017, "Suka Maju"}, {5, 2018, "Tanjung Pauh Talang Pelita"}, {5, 2019, "Muaro Sebapo"},
	{6, 2001, "Pudak"}, {6, 2002, "Muara Kumpeh"}, {6, 2003, "Kota Karang"}, {6, 2004, "Kasang Lopak Alai"},
	{6, 2005, "Kasang Pudak"}, {6, 2008, "Solok"}, {6, 2009, "Sakean"}, {6, 2010, "Lopak Alai"},
	{6, 2011, "Tarikan"}, {6, 2012, "Ramin"}, {6, 2013, "Teluk Raya"}, {6, 2014, "Pemunduran"},
	{6, 2015, "Sipin Teluk Duren"}, {6, 2016, "Arang Arang"}, {6, 2017, "Sumber Jaya"}, {6, 2018, "Sungai Terap"},
	{6, 2023, "Kasang Kumpeh"}, {6, 2024, "Kasang Kota Karang"},
	{7, 2004, "Suka Makmur"}, {7, 2005, "Marga Mulya"}, {7, 2006, "Panca Mulya"},
	{7, 2007, "Marga Manunggal Jaya"}, {7, 2012, "Tanjung Harapan"}, {7, 2013, "Berkah"},
	{7, 2018, "Bukit Makmur"}, {7, 2021, "Bukit Mas"}, {7, 2025, "Mekar Sari Makmur"}, {7, 2033, "Bakti Mulya"},
	{7, 2034, "Panca Bakti"},
	{8, 2001, "Kebon IX"}, {8, 2002, "Talang Belido"}, {8, 2003, "Talang Kerinci"}, {8, 2004, "Ladang Panjang"},
	{8, 2005, "Tangkit"}, {8, 2006, "Tangkit Baru"}, {8, 2007, "Sungai Gelam"}, {8, 2008, "Parit"},
	{8, 2009, "Petaling Jaya"}, {8, 2010, "Sumber Agung"}, {8, 2011, "Mingkung Jaya"}, {8, 2012, "Trimulya Jaya"},
	{8, 2013, "Mekar Jaya"}, {8, 2014, "Sido Mukti"}, {8, 2015, "Gambut Jaya"},
	{9, 2001, "Talang Bukit"}, {9, 2002, "Talang Datar"}, {9, 2003, "Sumber Mulya"}, {9, 2004, "Mulya Jaya"},
	{9, 2005, "Matra Manunggal"}, {9, 2006, "Bukit Mulya"}, {9, 2007, "Sumber Jaya"}, {9, 2008, "Pinang Tinggi"},
	{9, 2009, "Markanding"}, {9, 2010, "Sungai Dayo"}, {9, 2011, "Bahar Mulya"},
	{10, 2001, "Bukit Subur"}, {10, 2002, "Tri Jaya"}, {10, 2003, "Mekar Jaya"}, {10, 2004, "Ujung Tanjung"},
	{10, 2005, "Tanjung Baru"}, {10, 2006, "Tanjung Mulia"}, {10, 2007, "Adipura Kencana"},
	{10, 2008, "Bukit Jaya"}, {10, 2009, "Tanjung Sari"}, {10, 2010, "Tanjung Lebar"},
	{11, 2001, "Kunangan"}, {11, 2002, "Talang Duku"}, {11, 2003, "Tebat Patah"}, {11, 2004, "Kemingking Dalam"},
	{11, 2005, "Teluk Jambu"}, {11, 2006, "Dusun Mudo"}, {11, 2007, "Sekumbung"}, {11, 2008, "Kemingking Luar"},
	{11, 2009, "Rukam"}, {11, 2010, "Manis Mato"},
};

/* Kecamatan where settlers were first registered: Java by way of transmigration, and North Sumatra. */
static const char *const java_areas[] = {
	"330105", "330217", "330412", "330813", "331009", "331406", "331515", "332007", "340212", "350104", "350209",
	"350310", "350514", "350617", "351808", "352105", "320813", "321112"
};
static const char *const north_areas[] = {
	"120217", "120408", "120509", "120715", "120819", "121106", "127102", "121802"
};
static const char *const nearby_areas[] = {
	"157101", "157103", "157105", "157108", "150402", "150604", "150708", "160502"
};

static const char *const streets[] = {
	"JL. LINTAS TIMUR", "JL. LINTAS SUMATERA", "JL. JAMBI - MUARO BULIAN", "JL. MASJID", "JL. PASAR",
	"JL. PUSKESMAS", "JL. POROS DESA", "JL. SULTAN THAHA", "JL. DEPATI PARBO", "JL. RADEN MATTAHER",
	"JL. PELABUHAN", "JL. TRANSMIGRASI", "JL. SAWIT", "JL. KARET", "GANG MAWAR", "GANG MELATI", "GANG KENANGA",
	"LORONG BUDAYA", "LORONG SEPAKAT", "LORONG KARYA", "DUSUN I", "DUSUN II", "DUSUN III", "DUSUN IV",
	"PERUM MENDALO ASRI", "SIMPANG EMPAT", "TALANG BATU", "KEBUN TUJUH"
};

static const char *const first_words[] = {
	"Sungai", "Tanjung", "Suka", "Bukit", "Pulau", "Muara", "Teluk", "Mekar", "Sumber", "Lubuk", "Talang", "Karang",
	"Rantau"
};
static const char *const last_words[] = {
	"Jaya", "Makmur", "Raya", "Baru", "Harapan", "Mulya", "Sari", "Indah", "Panjang", "Aro", "Pandan", "Durian"
};

/* A district whose tables are not here: 8 kecamatan of 12 villages with names put together. */
static int make_up(struct sim_places *places, struct arena *arena, struct error *err)
{
	enum { KECAMATAN = 8, VILLAGES = 12 };
	struct sim_kecamatan *kecamatan = arena_array(arena, KECAMATAN, sizeof *kecamatan);
	struct sim_village *villages = arena_array(arena, KECAMATAN * VILLAGES, sizeof *villages);
	char text[64];

	if (!kecamatan || !villages)
		return error_memory(err);
	for (int k = 0; k < KECAMATAN; k++) {
		snprintf(text, sizeof text, "%s %s", first_words[k], last_words[(k * 5 + 3) % VILLAGES]);
		kecamatan[k] = (struct sim_kecamatan){(unsigned)k + 1, (unsigned)(k + 1) * 10,
			arena_str(arena, str_from(text)).p, {45, 45, 10}};
		if (!kecamatan[k].name)
			return error_memory(err);
		for (int v = 0; v < VILLAGES; v++) {
			snprintf(text, sizeof text, "%s %s", first_words[(k + v) % (int)COUNT(first_words)],
				last_words[(v + k * 7) % (int)COUNT(last_words)]);
			villages[k * VILLAGES + v] = (struct sim_village){(unsigned)k + 1, 2001 + (unsigned)v,
				arena_str(arena, str_from(text)).p};
			if (!villages[k * VILLAGES + v].name)
				return error_memory(err);
		}
	}
	snprintf(text, sizeof text, "Kabupaten Contoh %s", places->code);
	places->province = "Contoh";
	places->name = arena_str(arena, str_from(text)).p;
	places->kecamatan = kecamatan;
	places->kecamatan_count = KECAMATAN;
	places->villages = villages;
	places->village_count = KECAMATAN * VILLAGES;
	return places->name ? 0 : error_memory(err);
}

/* Keeps wanted villages at even distances, so that every kecamatan has its share. */
static int thin_out(struct sim_places *places, size_t wanted, struct arena *arena, struct error *err)
{
	struct sim_village *kept;
	size_t all = places->village_count;

	if (wanted >= all)
		return 0;
	kept = arena_array(arena, wanted, sizeof *kept);
	if (!kept)
		return error_memory(err);
	for (size_t i = 0; i < wanted; i++)
		kept[i] = places->villages[(i * all + all / 2) / wanted];
	places->villages = kept;
	places->village_count = wanted;
	return 0;
}

int sim_places_init(struct sim_places *places, const char *code, size_t wanted, struct arena *arena, struct error *err)
{
	bool good = strlen(code) == 5 && isdigit((unsigned char)code[0]) && isdigit((unsigned char)code[1]) &&
		code[2] == '.' && isdigit((unsigned char)code[3]) && isdigit((unsigned char)code[4]) && code[0] != '0';

	memset(places, 0, sizeof *places);
	if (!good)
		return error_set(err, ERROR_USAGE, "Kode kabupaten harus seperti 15.05 (dua angka, titik, dua angka).",
			"A district's code must look like 15.05 (two digits, a dot, two digits).");
	snprintf(places->code, sizeof places->code, "%.5s", code);
	snprintf(places->area, sizeof places->area, "%.2s%.2s", code, code + 3);
	if (strcmp(code, "15.05") != 0) {
		if (make_up(places, arena, err) < 0)
			return -1;
	} else {
		places->province = "Jambi";
		places->name = "Kabupaten Muaro Jambi";
		places->kecamatan = muaro_jambi_kecamatan;
		places->kecamatan_count = COUNT(muaro_jambi_kecamatan);
		places->villages = muaro_jambi_villages;
		places->village_count = COUNT(muaro_jambi_villages);
	}
	return thin_out(places, wanted ? wanted : 1, arena, err);
}

const struct sim_kecamatan *sim_places_kecamatan(const struct sim_places *places, const struct sim_village *village)
{
	return &places->kecamatan[village->kecamatan - 1];
}

void sim_places_code(const struct sim_places *places, const struct sim_village *village, bool dotted, char code[14])
{
	if (dotted)
		snprintf(code, 14, "%.5s.%02u.%04u", places->code, village->kecamatan % 100, village->number % 10000);
	else
		snprintf(code, 14, "%.4s%02u%04u", places->area, village->kecamatan % 100, village->number % 10000);
}

void sim_places_bps(const struct sim_places *places, const struct sim_village *village, char code[11])
{
	snprintf(code, 11, "%.4s%03u%03u", places->area, sim_places_kecamatan(places, village)->bps % 1000,
		village->number % 1000);
}

void sim_places_first_area(const struct sim_places *places, const struct sim_village *home, enum sim_culture culture,
	struct sim_random *random, char area[7])
{
	static const int shares[SIM_CULTURES][3] = {{88, 6, 6}, {68, 5, 4}, {55, 6, 6}}; /* home, district, nearby */
	uint32_t at = sim_random_below(random, 100);
	unsigned kecamatan = home->kecamatan;

	if ((int)at < shares[culture][0] + shares[culture][1]) {
		if ((int)at >= shares[culture][0])
			kecamatan = 1 + sim_random_below(random, (uint32_t)places->kecamatan_count);
		snprintf(area, 7, "%.4s%02u", places->area, kecamatan % 100);
	} else if ((int)at < shares[culture][0] + shares[culture][1] + shares[culture][2] || culture == SIM_MALAY) {
		snprintf(area, 7, "%s", nearby_areas[sim_random_below(random, COUNT(nearby_areas))]);
	} else if (culture == SIM_BATAK) {
		snprintf(area, 7, "%s", north_areas[sim_random_below(random, COUNT(north_areas))]);
	} else {
		snprintf(area, 7, "%s", java_areas[sim_random_below(random, COUNT(java_areas))]);
	}
}

const char *sim_places_street(struct sim_random *random)
{
	return streets[sim_random_below(random, COUNT(streets))];
}
