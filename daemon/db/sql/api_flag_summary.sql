-- $1 … $15 as in api_flags.sql: how many of each kind, programme, kecamatan, village, status, state and severity.
WITH cells AS MATERIALIZED (
	SELECT f.kind, f.programme, f.village, f.status, f.state, f.severity, count(*) AS n
	FROM padan.flags f
	WHERE f.district = (SELECT padan.web_district())
		AND ($1::text IS NULL OR f.kind = ANY (string_to_array(upper($1), ',')))
		AND ($2::text IS NULL OR f.programme = ANY (string_to_array($2, ',')))
		AND ($3::text IS NULL OR f.village IN (SELECT v.village FROM padan.villages v WHERE lower(v.kecamatan) = lower($3)))
		AND ($4::bigint IS NULL OR f.village = $4::bigint)
		AND ($5::text IS NULL OR f.state = $5)
		AND CASE coalesce($6, 'open') WHEN 'open' THEN f.status IN ('found', 'assigned', 'confirmed') WHEN 'all' THEN true
			WHEN 'undecided' THEN f.status IN ('found', 'assigned') ELSE f.status = $6 END
		AND ($7::text IS NULL OR f.severity = $7)
		AND ($8::real IS NULL OR f.certainty >= $8::real) AND ($9::real IS NULL OR f.certainty <= $9::real)
		AND ($10::bigint IS NULL OR f.list = $10::bigint OR f.found_list = $10::bigint)
		AND ($11::text IS NULL OR f.rule = $11)
		AND ($12::text IS NULL OR coalesce(f.assigned_to, '-') = $12)
		AND ($13::text IS NULL OR f.period = $13)
		AND ($14::bigint IS NULL OR f.person = $14::bigint) AND ($15::bigint IS NULL OR f.household = $15::bigint)
	GROUP BY 1, 2, 3, 4, 5, 6
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
