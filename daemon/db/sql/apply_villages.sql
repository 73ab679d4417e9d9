-- $1 district, $2 official villages as a JSON array; those of other districts are passed over. Villages that are not in the
-- array stay: lists may speak of them.
WITH wanted AS (
	SELECT DISTINCT ON (w.village) * FROM jsonb_to_recordset($2::jsonb) AS w (village bigint, name text, kecamatan text)
		WHERE w.village / 1000000 = $1::integer ORDER BY w.village
), written AS (
	INSERT INTO padan.villages AS v (district, village, name, kecamatan)
		SELECT $1::integer, w.village, w.name, w.kecamatan FROM wanted w
		ON CONFLICT (district, village) DO UPDATE SET name = excluded.name, kecamatan = excluded.kecamatan
		WHERE (v.name, v.kecamatan) IS DISTINCT FROM (excluded.name, excluded.kecamatan)
		RETURNING v.village
)
SELECT (SELECT count(*) FROM wanted), (SELECT count(*) FROM written)
