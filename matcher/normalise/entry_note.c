/*
 * What the notes of an entry are called (entry.h).
 */
#include "matcher/normalise/entry.h"

struct note_words {
	const char *name, *id, *en;
	bool quality;
};

static const struct note_words words[NOTE_KINDS] = {
        [NOTE_NONE] = {"none", "tidak ada catatan", "no note", false},
        [NOTE_NIK_MISSING] = {"nik_missing", "NIK kosong", "NIK missing", true},
        [NOTE_NIK_PLACEHOLDER] = {"nik_placeholder", "NIK hanya isian pengganti, bukan nomor seseorang",
                "NIK is a placeholder, nobody's number", true},
        [NOTE_NIK_LENGTH] = {"nik_length", "NIK bukan 16 angka", "NIK does not have 16 digits", true},
        [NOTE_NIK_SPREADSHEET] = {"nik_spreadsheet",
                "angka terakhir NIK diubah menjadi 0 oleh lembar sebar; 15 angka dipakai",
                "the NIK's last digit was turned into 0 by a spreadsheet; 15 digits are used", true},
        [NOTE_NIK_EXPONENT] = {"nik_exponent", "NIK tersimpan sebagai bilangan E+15; angkanya hilang",
                "NIK was kept as a number with E+15; its digits are lost", true},
        [NOTE_NIK_REPAIRED] = {"nik_repaired", "pemisah atau huruf pada NIK dirapikan",
                "separators or letters in the NIK were mended", false},
        [NOTE_NIK_IS_KK] = {"nik_is_kk", "NIK dan nomor KK tertukar atau sama",
                "NIK and KK number are swapped or the same", true},
        [NOTE_NIK_INVALID] = {"nik_invalid", "wilayah, tanggal, atau nomor urut dalam NIK tidak mungkin",
                "area, date or serial inside the NIK is impossible", true},
        [NOTE_NIK_TEMPORARY] = {"nik_temporary", "NIK sementara dari sistem informasi desa",
                "temporary NIK from a village information system", true},
        [NOTE_NIK_DATE] = {"nik_date", "tanggal lahir berbeda dari tanggal dalam NIK",
                "the birth date is not the one inside the NIK", true},
        [NOTE_NIK_SEX] = {"nik_sex", "jenis kelamin berbeda dari yang tersirat dalam NIK",
                "the sex is not the one inside the NIK", true},
        [NOTE_KK_MISSING] = {"kk_missing", "nomor KK kosong", "KK number missing", true},
        [NOTE_KK_PLACEHOLDER] = {"kk_placeholder", "nomor KK hanya isian pengganti", "KK number is a placeholder",
                true},
        [NOTE_KK_LENGTH] = {"kk_length", "nomor KK bukan 16 angka", "KK number does not have 16 digits", true},
        [NOTE_KK_SPREADSHEET] = {"kk_spreadsheet",
                "angka terakhir nomor KK diubah menjadi 0 oleh lembar sebar; 15 angka dipakai",
                "the KK number's last digit was turned into 0 by a spreadsheet; 15 digits are used", true},
        [NOTE_KK_EXPONENT] = {"kk_exponent", "nomor KK tersimpan sebagai bilangan E+15; angkanya hilang",
                "KK number was kept as a number with E+15; its digits are lost", true},
        [NOTE_KK_REPAIRED] = {"kk_repaired", "pemisah atau huruf pada nomor KK dirapikan",
                "separators or letters in the KK number were mended", false},
        [NOTE_KK_INVALID] = {"kk_invalid", "wilayah, tanggal, atau nomor urut dalam nomor KK tidak mungkin",
                "area, date or serial inside the KK number is impossible", true},
        [NOTE_DATE_UNREADABLE] = {"date_unreadable", "tanggal lahir tidak terbaca", "birth date cannot be read", true},
        [NOTE_DATE_IMPOSSIBLE] = {"date_impossible", "tanggal lahir tidak mungkin", "birth date is impossible", true},
        [NOTE_DATE_PARTIAL] = {"date_partial", "tanggal lahir tidak lengkap", "birth date is not complete", false},
        [NOTE_DATE_CENTURY] = {"date_century", "abad pada tahun lahir dua angka dilengkapi",
                "the century of a two-digit birth year was completed", false},
        [NOTE_SEX_UNREADABLE] = {"sex_unreadable", "jenis kelamin tidak terbaca", "sex cannot be read", true},
        [NOTE_VILLAGE_UNKNOWN] = {"village_unknown", "desa/kelurahan tidak ada dalam daftar resmi",
                "village is not in the official table", false},
        [NOTE_VILLAGE_RESPELT] = {"village_respelt", "desa/kelurahan dikenali dengan ejaan atau kode lain",
                "village was recognised under another spelling or code", false},
        [NOTE_NAME_TITLES] = {"name_titles", "gelar, sapaan, atau nama ayah dipisahkan dari nama",
                "titles or the father's name were set apart from the name", false},
        [NOTE_NAME_DECEASED] = {"name_deceased", "nama ditulis dengan ALM/ALMH: mungkin sudah meninggal",
                "the name is written with ALM/ALMH: may have died", true},
        [NOTE_NAME_ABBREVIATED] = {"name_abbreviated", "singkatan dalam nama dilengkapi",
                "an abbreviation in the name was completed", false},
        [NOTE_NAME_CUT] = {"name_cut", "nama mungkin terpotong", "the name may have been cut off", false},
        [NOTE_DATE_FROM_AGE] = {"date_from_age", "hanya umur yang ditulis: tahun lahir diperkirakan, bisa berselisih setahun",
                "only the age is told: the birth year is reckoned and may be one off", false},
        [NOTE_VILLAGE_BPS] = {"village_bps", "kode desa memakai kode BPS, bukan Kemendagri; sertakan nama desa dan kecamatan",
                "the village's code is one of BPS, not of Kemendagri; add the names of village and kecamatan", false},
};

static const struct note_words *words_of(enum note_kind kind)
{
	return &words[(unsigned)kind < NOTE_KINDS ? kind : NOTE_NONE];
}

const char *entry_note_text(enum note_kind kind, bool english)
{
	return english ? words_of(kind)->en : words_of(kind)->id;
}

const char *entry_note_name(enum note_kind kind)
{
	return words_of(kind)->name;
}

bool entry_note_is_quality(enum note_kind kind)
{
	return words_of(kind)->quality;
}
