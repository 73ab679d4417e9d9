/*
 * Names of the roles. See column_role.h.
 */
#include "matcher/normalise/column_role.h"

static const struct {
	const char *name;
	const char *title;
} ROLES[COLUMN_ROLES] = {
	[COLUMN_IGNORE] = {"ignore", "(diabaikan)"},
	[COLUMN_NIK] = {"nik", "NIK"},
	[COLUMN_KK] = {"kk", "No. KK"},
	[COLUMN_FAMILY_ID] = {"family_id", "ID keluarga"},
	[COLUMN_PERSON_ID] = {"person_id", "ID individu"},
	[COLUMN_NAME] = {"name", "Nama"},
	[COLUMN_BIRTH_DATE] = {"birth_date", "Tanggal lahir"},
	[COLUMN_BIRTH_PLACE] = {"birth_place", "Tempat lahir"},
	[COLUMN_BIRTH_PLACE_DATE] = {"birth_place_date", "Tempat/tgl lahir"},
	[COLUMN_BIRTH_YEAR] = {"birth_year", "Tahun lahir"},
	[COLUMN_AGE] = {"age", "Umur"},
	[COLUMN_SEX] = {"sex", "Jenis kelamin"},
	[COLUMN_RELATION] = {"relation", "Hubungan keluarga"},
	[COLUMN_HEAD_NAME] = {"head_name", "Nama kepala keluarga"},
	[COLUMN_PARENT_NAME] = {"parent_name", "Nama orang tua"},
	[COLUMN_PROVINCE] = {"province", "Provinsi"},
	[COLUMN_REGENCY] = {"regency", "Kabupaten/Kota"},
	[COLUMN_KECAMATAN] = {"kecamatan", "Kecamatan"},
	[COLUMN_KECAMATAN_CODE] = {"kecamatan_code", "Kode kecamatan"},
	[COLUMN_VILLAGE] = {"village", "Desa/Kelurahan"},
	[COLUMN_VILLAGE_CODE] = {"village_code", "Kode desa"},
	[COLUMN_ADDRESS] = {"address", "Alamat"},
	[COLUMN_RT] = {"rt", "RT"},
	[COLUMN_RW] = {"rw", "RW"},
	[COLUMN_RT_RW] = {"rt_rw", "RT/RW"},
	[COLUMN_DESIL] = {"desil", "Desil"},
	[COLUMN_AMOUNT] = {"amount", "Jumlah bantuan"},
};

const char *column_role_name(enum column_role role)
{
	return ROLES[role < COLUMN_ROLES ? role : COLUMN_IGNORE].name;
}

const char *column_role_title(enum column_role role)
{
	return ROLES[role < COLUMN_ROLES ? role : COLUMN_IGNORE].title;
}

enum column_role column_role_from_name(struct str name)
{
	for (enum column_role role = COLUMN_IGNORE; role < COLUMN_ROLES; role++)
		if (str_equal(name, str_from(ROLES[role].name)))
			return role;
	return COLUMN_ROLES;
}
