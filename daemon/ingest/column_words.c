/*
 * Synonyms of column names seen in P3KE, DTSEN, SIKS-NG and OpenSID exports and in offices' own files, in their comparable
 * form (see column_key). See column_words.h.
 */
#include "daemon/ingest/column_words.h"

#include "matcher/compare/edit.h"

enum { TYPO_FROM = 6, TWO_TYPOS_FROM = 13 };

struct words {
	enum column_role role;
	enum column_strength strength;
	const char *keys; /* separated by single spaces */
};

static const struct words WORDS[] = {
	{COLUMN_NIK, COLUMN_STRONG,
		"nik nonik nomornik niknumber noktp nomorktp ktp nikktp noktpnik nonikktp noktpel nikktpel niknoktp nomornikktp "
		"nomorindukkependudukan noindukkependudukan nomorinduk nikpenerima nikkpm nikpenerimamanfaat nikart nikanggota "
		"nikindividu nikwarga nikpenduduk niksiswa nikpesertadidik niklansia nikbalita nikanak nikpengurus nikpkm "
		"nikpeserta nikpemohon nikpemilik nomoridentitas noidentitas nikdukcapil nikpadan nikpd nikcalonpenerima"},
	{COLUMN_NIK, COLUMN_WEAK, "nikkk nikkepalakeluarga nikkrt nikkepala niknokk nikkepalakk nikkeprt nikkepalarumahtangga"},
	{COLUMN_KK, COLUMN_STRONG,
		"kk nokk nomorkk nkk nokartukeluarga nomorkartukeluarga kartukeluarga idkk nomorkkart nokkart kknomor kknumber "
		"nomorkkdukcapil nokkdukcapil nokkel nokksiswa nokkpenerima nokkkpm nomorkartukk nokartukk nokkeluarga nomorkeluarga "
		"nokkpd nokkpesertadidik nokkbalita nokklansia nokkpemilik"},
	{COLUMN_FAMILY_ID, COLUMN_STRONG,
		"idkeluarga idkeluargap3ke idkel idkeluargadtsen idkeluargadtks nourutkeluarga idrumahtangga idrt idruta idrtm "
		"idbdt iddtks kodekeluarga idkrt nobdt familyid householdid idpkh idkpm nopesertapkh nopkh idartkeluarga idkeldtsen "
		"idsemesta nomorurutrumahtangga nourutruta"},
	{COLUMN_PERSON_ID, COLUMN_STRONG,
		"idindividu idart idanggota idorang idpenduduk idwarga idpeserta nisn nis idsiswa pesertadidikid noartbdt idartbdt "
		"nokartu nokartubpjs nojkn nokis nokartukis noka nopeserta nopesertajkn nobpjs personid idpersonal nokks nokip nopbi "
		"iddetail nomorpeserta nip nrp nipnrp idbalita"},
	{COLUMN_NAME, COLUMN_STRONG,
		"nama namalengkap namaart namakpm namapenerima namasiswa namaanak nm nmlengkap namapeserta namapesertadidik "
		"namapd namawarga namapenduduk namaanggota namaanggotakeluarga namaanggotarumahtangga namaindividu namaktp namanik "
		"namasesuaiktp namasesuaidukcapil namadukcapil namapenerimamanfaat namapenerimabantuan namapm namapengurus "
		"namalansia namabalita namacalonpenerima namapemohon namapemilik namaorang namajelas name fullname namaalmarhum "
		"namapegawai namakpmpkh namapesertapbi namapesertajkn namadisabilitas namalengkapsesuaiktp namadankpm "
		"namalengkapkpm namapenerimabantuansosial namapenerimablt namasesuaikk namalengkapktp nmart nmkpm nmpenerima "
		"namajenazah namapenyandangdisabilitas namapetani namanelayan namapelaku namausahapemilik namakeluargapenerima"},
	{COLUMN_HEAD_NAME, COLUMN_STRONG,
		"namakepalakeluarga kepalakeluarga namakk namakrt kepalarumahtangga namakepalarumahtangga nmkepalakeluarga nmkrt "
		"nmkk namakepala namakepalakk headname krt kepkel namakepkel namakeprt"},
	{COLUMN_PARENT_NAME, COLUMN_STRONG,
		"namaorangtua namaortu namaorangtuawali namaortuwali orangtua ortu orangtuawali namaayah namaayahkandung nmayah "
		"namaorangtuasiswa namabapak"},
	{COLUMN_PARENT_NAME, COLUMN_WEAK, "namaibu namaibukandung namagadisibu nmibu namawali namawalimurid namawalisiswa ibukandung"},
	{COLUMN_BIRTH_DATE, COLUMN_STRONG,
		"tanggallahir tgllahir tgllhr tgllahr tlahir tl dob dateofbirth birthdate tanggallahirart tgllahirart lahir "
		"tanggallhr tgllahirpd tanggallahirsiswa tgllahirsiswa ttglahir tgllahirkk tanggalkelahiran tanggallahirktp tgllahirktp "
		"tanggallahirpenerima tgllahirpenerima tanggallahiranak tgllahiranak"},
	{COLUMN_BIRTH_PLACE, COLUMN_STRONG,
		"tempatlahir tmplahir tmptlahir tmplhr tptlahir tempatkelahiran birthplace placeofbirth kotalahir tmptlhr tmpatlahir"},
	{COLUMN_BIRTH_PLACE_DATE, COLUMN_STRONG,
		"ttl tempattgllahir tempattanggallahir tmptgllahir tmpttgllahir tempatdantanggallahir tempatdantgllahir "
		"tmptgllhr tempattgllhr tempatlahirtanggallahir tempatlahirtgllahir tempattanggalkelahiran tmpttgllhr tmpattgllahir"},
	{COLUMN_BIRTH_YEAR, COLUMN_STRONG, "tahunlahir thnlahir thlahir birthyear yearofbirth thnlhr"},
	{COLUMN_AGE, COLUMN_STRONG, "umur usia age umurtahun usiatahun umurthn usiathn umurth usiath umursaatini"},
	{COLUMN_SEX, COLUMN_STRONG,
		"jk kelamin lp jeniskelamin jnskelamin jkel jnskel jeniskel sex gender lakilakiperempuan lkpr kelaminlp pl jenkel "
		"jeniskelaminlp jklp lkperempuan kdjk kodejeniskelamin"},
	{COLUMN_RELATION, COLUMN_STRONG,
		"shdk hubkeluarga hubungan hubungankeluarga statushubungankeluarga hubungandengankepalakeluarga hubkk hubkrt "
		"statushubungan statusdalamkeluarga hubungandalamkeluarga statuskeluarga hdkk hubungandgnkepalakeluarga "
		"hubungandengankk hubdgnkk hubungankk kedudukandalamkeluarga relation stathbkel hubkepkel hubungandengankrt "
		"hubungankrt hubungankepalakeluarga statushubungandalamkeluarga shdkk hubkel hubdengankk hubdlmkeluarga"},
	{COLUMN_PROVINCE, COLUMN_STRONG, "provinsi propinsi prov prop province namaprovinsi namapropinsi nmprov nmprop provinsiktp"},
	{COLUMN_REGENCY, COLUMN_STRONG,
		"kabupaten kabupatenkota kab kabkota kota regency namakabupaten namakab nmkab kabupatenkotaktp namakabupatenkota "
		"namakabkota nmkabkota kabkot"},
	{COLUMN_KECAMATAN, COLUMN_STRONG, "kecamatan kec namakecamatan namakec nmkec district nmkecamatan kecamatanktp kecamatandomisili"},
	{COLUMN_KECAMATAN_CODE, COLUMN_STRONG, "kdkec kodekec kodekecamatan kdkecamatan idkec idkecamatan kodewilayahkecamatan"},
	{COLUMN_VILLAGE, COLUMN_STRONG,
		"desa kelurahan desakelurahan kelurahandesa deskel keldesa desakel kel village namadesa namakelurahan namadesakelurahan "
		"namakelurahandesa nmdesa nmkel namakel namadesakel namakeldesa nmkeldesa nmdesakel desakelurahanktp alamatdesa "
		"desadomisili kelurahanktp namavillage nmdes pekon nagari kampung gampong"},
	{COLUMN_VILLAGE_CODE, COLUMN_STRONG,
		"kddesa kodedesa kodekemdagri kodekemendagri kdkel kodekel kodekelurahan kodedesakelurahan kodekelurahandesa "
		"idkelurahan iddesa kodewilayah kdwilayah kodewil kodewilayahdesa kodedesakemendagri kodedesakemdagri kddeskel "
		"villagecode kodekeldesa kodedesakel kodewilayahkemendagri kodewilayahkemdagri kodebps kodedesabps kodewilayahbps kdkeldesa"},
	{COLUMN_ADDRESS, COLUMN_STRONG,
		"alamat alamatlengkap alamatktp almt address alamatrumah alamattempattinggal alamattinggal alamatdomisili "
		"jalan namajalan alamatjalan alamatkpm alamatpenerima alamatsiswa tempattinggal domisili alamatkk alamatsesuaiktp "
		"alamatsekarang"},
	{COLUMN_RT, COLUMN_STRONG, "rt nort rtktp rtdomisili nomorrt"},
	{COLUMN_RW, COLUMN_STRONG, "rw norw rwktp rwdomisili nomorrw"},
	{COLUMN_RT_RW, COLUMN_STRONG, "rtrw nortrw rtrwktp rtdanrw rtrwdusun"},
	{COLUMN_DESIL, COLUMN_STRONG,
		"desil desilnasional desilkesejahteraan deciles decile desilkeluarga kelompokdesil peringkatdesil desildtsen desilp3ke "
		"desilkabupaten"},
	{COLUMN_AMOUNT, COLUMN_STRONG,
		"nominal jumlahbantuan besaran besaranbantuan nilaibantuan amount jumlahuang jumlahrp nilai besarbantuan nominalbantuan "
		"jumlahditerima totalbantuan jmlbantuan rupiah jumlahdana nilairp besaranrp nominalrp jumlahditerimarp"},
	{COLUMN_IGNORE, COLUMN_STRONG,
		"no nomor nourut nomorurut num number keterangan ket catatan statuskawin statusperkawinan pekerjaan pendidikan agama "
		"nikayah nikibu nikwali nikortu namasuami "
		"namaistri niksuami nikistri namapasangan nikpasangan namausaha namasekolah namabank norekening norek namarekening "
		"nohp notelp notelepon telepon hp telp email ttd tandatangan paraf foto dusun lingkungan padandukcapil statuspadan "
		"penerimabpnt penerimabpum penerimabst penerimapkh penerimasembako resikostunting risikostunting jumlahanggota "
		"jumlahanggotakeluarga jumlahart jmlart jmlanggota jumlahjiwa jmljiwa jumlahanak kelas jenjang npsn sekolah asalsekolah "
		"kodepos jenisbantuan program namaprogram namapetugas petugas pendamping namapendamping tanggal tgl bulan tahun tahap "
		"periode status statusbantuan golongandarah suku lintang bujur latitude longitude namakelompok kelompok jabatan "
		"unitkerja instansi namainstansi pangkat golongan namaposyandu posyandu namapuskesmas puskesmas tanggalmeninggal "
		"tglmeninggal tanggalpindah beratbadan tinggibadan bb tb alasanditolakpadan barisasalpadan namadusun kodeprovinsi kdprov "
		"kodekabupaten kdkab kodekab kdprop idsemestakk namabantuan noakta nosk nomorsk tanggalsk namapengirim namaalias"},
};

size_t column_key(struct str header, char key[COLUMN_KEY_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < header.n && n < COLUMN_KEY_MAX - 1; i++) {
		char c = header.p[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			key[n++] = c;
	}
	key[n] = '\0';
	return n;
}

/* Looks a key up among the built-in words: whole with most = 0, else with that many typos and only if one role fits. */
static struct column_word find_key(const char *key, size_t n, size_t most)
{
	struct column_word found = {COLUMN_IGNORE, COLUMN_UNKNOWN};

	for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++) {
		for (const char *word = WORDS[i].keys; *word;) {
			size_t length = strcspn(word, " ");
			bool hit = most ? length >= TYPO_FROM &&
					edit_osa((struct str){key, n}, (struct str){word, length}, (unsigned)most) <= most
					: length == n && memcmp(word, key, n) == 0;

			if (hit && !most)
				return (struct column_word){WORDS[i].role, WORDS[i].strength};
			if (hit && found.strength != COLUMN_UNKNOWN && found.role != WORDS[i].role)
				return (struct column_word){COLUMN_IGNORE, COLUMN_UNKNOWN};
			if (hit)
				found = (struct column_word){WORDS[i].role, COLUMN_GUESSED};
			word += length;
			word += *word == ' ';
		}
	}
	return found;
}

/* The header without what stands in brackets: "Jenis Kelamin (L/P)" → "Jenis Kelamin ". */
static size_t key_without_brackets(struct str header, char key[COLUMN_KEY_MAX])
{
	char text[4 * COLUMN_KEY_MAX];
	size_t n = 0;
	int depth = 0;

	for (size_t i = 0; i < header.n && n < sizeof text; i++) {
		char c = header.p[i];

		depth += c == '(';
		if (depth == 0)
			text[n++] = c;
		if (c == ')' && depth > 0)
			depth--;
	}
	return column_key((struct str){text, n}, key);
}

/* "3. NIK" → "NIK": a number in front that is no part of the name. */
static struct str without_number(struct str header)
{
	size_t i = 0;

	while (i < header.n && header.p[i] >= '0' && header.p[i] <= '9')
		i++;
	if (i == 0 || i == header.n || (header.p[i] != '.' && header.p[i] != ')' && header.p[i] != ' '))
		return header;
	return (struct str){header.p + i + 1, header.n - i - 1};
}

struct column_word column_word_find_exact(struct str header, const struct column_synonym *synonyms, size_t synonyms_n)
{
	char key[COLUMN_KEY_MAX], other[COLUMN_KEY_MAX];
	size_t n = column_key(header, key);
	struct column_word word = {COLUMN_IGNORE, COLUMN_UNKNOWN};

	for (size_t i = 0; n && i < synonyms_n; i++)
		if (column_key(str_from(synonyms[i].text), other) == n && memcmp(key, other, n) == 0)
			return (struct column_word){synonyms[i].role, COLUMN_CONFIGURED};
	header = without_number(str_trim(header));
	n = column_key(header, key);
	if (n)
		word = find_key(key, n, 0);
	if (word.strength == COLUMN_UNKNOWN && header.n && memchr(header.p, '(', header.n) && (n = key_without_brackets(header, key)) > 0)
		word = find_key(key, n, 0);
	return word;
}

struct column_word column_word_find(struct str header, const struct column_synonym *synonyms, size_t synonyms_n)
{
	struct column_word word = column_word_find_exact(header, synonyms, synonyms_n);
	char key[COLUMN_KEY_MAX];
	size_t n;

	if (word.strength != COLUMN_UNKNOWN)
		return word;
	n = key_without_brackets(without_number(str_trim(header)), key);
	if (n >= TYPO_FROM)
		word = find_key(key, n, 1);
	return word.strength == COLUMN_UNKNOWN && n >= TWO_TYPOS_FROM ? find_key(key, n, 2) : word;
}

enum column_role column_map_role(struct str header, const struct column_synonym *synonyms, size_t synonyms_n)
{
	struct column_word word = column_word_find(header, synonyms, synonyms_n);

	return word.strength == COLUMN_UNKNOWN ? COLUMN_ROLES : word.role;
}

bool column_map_same_header(const struct str *a, uint32_t a_n, const struct str *b, uint32_t b_n)
{
	char a_key[COLUMN_KEY_MAX], b_key[COLUMN_KEY_MAX];

	if (a_n != b_n)
		return false;
	for (uint32_t i = 0; i < a_n; i++)
		if (column_key(a[i], a_key) != column_key(b[i], b_key) || strcmp(a_key, b_key) != 0)
			return false;
	return true;
}
