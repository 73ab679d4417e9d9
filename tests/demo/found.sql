-- What has been found so far, one line a kind: shown after each list of the demo.
SELECT CASE f.kind
		WHEN 'EXCLUSION' THEN 'sasaran belum menerima'
		WHEN 'INCLUSION' THEN 'bukan sasaran'
		WHEN 'OVERLAP' THEN 'program bertumpang tindih'
		WHEN 'DUP_PERSON_IN_LIST' THEN 'orang tercatat dua kali'
		WHEN 'DUP_HOUSEHOLD_IN_LIST' THEN 'keluarga tercatat dua kali'
		WHEN 'NIK_CONFLICT' THEN 'satu NIK, dua orang'
		WHEN 'INELIGIBLE' THEN 'desil terlalu tinggi'
		WHEN 'BARRED' THEN 'tercatat dalam daftar acuan'
		WHEN 'QUOTA' THEN 'melebihi kuota'
		WHEN 'DATA_QUALITY' THEN 'mutu data'
		ELSE f.kind
	END AS "Jenis",
	count(*) FILTER (WHERE f.state = 'finding') AS "Temuan",
	count(*) FILTER (WHERE f.state = 'to_check') AS "Perlu dicek",
	count(*) FILTER (WHERE f.state = 'provisional') AS "Sementara"
FROM padan.flags f
WHERE f.status IN ('found', 'assigned', 'confirmed')
GROUP BY f.kind
ORDER BY min(array_position(ARRAY['EXCLUSION', 'INCLUSION', 'OVERLAP', 'DUP_PERSON_IN_LIST', 'DUP_HOUSEHOLD_IN_LIST'], f.kind)), 1;
