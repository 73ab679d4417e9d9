-- $1 … $15 as in api_flags.sql: how many of each kind, programme, kecamatan, village, status, state and severity.
WITH cells AS MATERIALIZED (
	SELECT f.kind, f.programme, f.village, f.status, f.state, f.severity, sum(f.n) AS n
	FROM padan.web_flag_cells($1, $2, $3, $4::bigint, $5, $6, $7, $8::real, $9::real, $10::bigint, $11, $12, $13, $14::bigint, $15::bigint) f
	GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(f.n) <> 0
), kinds AS (
	SELECT jsonb_agg(jsonb_build_object('kind', c.kind, 'count', c.n, 'finding', c.finding, 'to_check', c.to_check, 'provisional', c.provisional)
		ORDER BY c.n DESC, c.kind) AS json
	FROM (SELECT kind, sum(n) AS n, coalesce(sum(n) FILTER (WHERE state = 'finding'), 0) AS finding,
		coalesce(sum(n) FILTER (WHERE state = 'to_check'), 0) AS to_check,
		coalesce(sum(n) FILTER (WHERE state = 'provisional'), 0) AS provisional FROM cells GROUP BY kind) c
), buckets AS (
	SELECT b.what, jsonb_agg(jsonb_build_object('key', b.key, 'count', b.n) ORDER BY b.n DESC, b.key) AS json
	FROM (
		SELECT 'by_programme' AS what, programme AS key, sum(n) AS n FROM cells GROUP BY programme
		UNION ALL SELECT 'by_village', village::text, sum(n) FROM cells GROUP BY village
		UNION ALL SELECT 'by_kecamatan', v.kecamatan, sum(n) FROM cells LEFT JOIN padan.villages v
			ON v.district = (SELECT padan.web_district()) AND v.village = cells.village GROUP BY v.kecamatan
		UNION ALL SELECT 'by_status', status, sum(n) FROM cells GROUP BY status
		UNION ALL SELECT 'by_state', state, sum(n) FROM cells GROUP BY state
		UNION ALL SELECT 'by_severity', severity, sum(n) FROM cells GROUP BY severity) b
	GROUP BY b.what
)
SELECT jsonb_build_object('by_programme', '[]'::jsonb, 'by_village', '[]'::jsonb, 'by_kecamatan', '[]'::jsonb, 'by_status', '[]'::jsonb,
		'by_state', '[]'::jsonb, 'by_severity', '[]'::jsonb)
	|| coalesce((SELECT jsonb_object_agg(b.what, b.json) FROM buckets b), '{}')
	|| jsonb_build_object('total', (SELECT coalesce(sum(n), 0) FROM cells), 'by_kind', coalesce((SELECT json FROM kinds), '[]')) AS json
