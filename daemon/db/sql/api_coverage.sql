-- $1 by (kecamatan, village, programme, desil, period), $2 programme, $3 kecamatan, $4 village, $5 desil.
WITH cells AS MATERIALIZED (
	SELECT CASE $1 WHEN 'kecamatan' THEN v.kecamatan WHEN 'village' THEN c.village::text WHEN 'desil' THEN c.desil::text END AS key,
		CASE $1 WHEN 'kecamatan' THEN v.kecamatan WHEN 'village' THEN v.name WHEN 'desil' THEN c.desil::text END AS name, c.programmes,
		CASE WHEN $2::text IS NULL THEN c.programmes <> '{}' ELSE $2 = ANY (c.programmes) END AS reached, sum(c.n) AS n
	FROM padan.web_target_cells() c LEFT JOIN padan.villages v ON v.district = (SELECT padan.web_district()) AND v.village = c.village
	WHERE ($3::text IS NULL OR lower(v.kecamatan) = lower($3)) AND ($4::bigint IS NULL OR c.village = $4::bigint)
		AND ($5::smallint IS NULL OR c.desil = $5::smallint)
	GROUP BY 1, 2, 3, 4
), keyed AS (
	SELECT c.* FROM cells c WHERE $1 IN ('kecamatan', 'village', 'desil')
), by_key AS (
	SELECT k.key, max(k.name) AS name, sum(k.n) AS target, coalesce(sum(k.n) FILTER (WHERE k.reached), 0) AS reached
	FROM keyed k GROUP BY k.key
	UNION ALL
	SELECT p.programme, p.name, (SELECT coalesce(sum(n), 0) FROM cells), coalesce((SELECT sum(c.n) FROM cells c WHERE p.programme = ANY (c.programmes)), 0)
	FROM padan.programmes p WHERE $1 = 'programme' AND p.district = (SELECT padan.web_district()) AND p.active
	UNION ALL
	SELECT w.day::text, w.day::text, NULL, NULL FROM padan.web_figures w
	WHERE $1 = 'period' AND w.district = (SELECT padan.web_district()) AND w.office = '' AND w.code = 'reached_share'
), programmes AS (
	SELECT p.key, jsonb_object_agg(p.programme, p.n) AS json
	FROM (SELECT k.key, u.programme, sum(k.n) AS n FROM keyed k, unnest(k.programmes) AS u (programme) GROUP BY 1, 2) p GROUP BY p.key
), past AS (
	SELECT w.day, w.value FROM padan.web_figures w
	WHERE w.district = (SELECT padan.web_district()) AND w.office = '' AND w.code = 'reached_share'
), target AS (
	SELECT l.list, l.period FROM padan.list_status l WHERE l.district = (SELECT padan.web_district()) AND l.kind = 'target' AND l.current
)
SELECT jsonb_build_object('by', $1, 'target_list', (SELECT list FROM target), 'target_period', (SELECT period FROM target),
	'rows', coalesce((SELECT jsonb_agg(jsonb_build_object('key', b.key, 'name', coalesce(b.name, b.key, '-'),
			'target', coalesce(b.target, t.target), 'reached', coalesce(b.reached, round(t.target * h.value)::bigint),
			'left_out', coalesce(b.target - b.reached, t.target - round(t.target * h.value)::bigint),
			'share', CASE WHEN $1 = 'period' THEN h.value ELSE round(b.reached / nullif(b.target, 0), 4) END,
			'by_programme', coalesce(p.json, '{}'), 'before', NULL)
			ORDER BY CASE WHEN $1 IN ('desil', 'period') THEN lpad(b.key, 12, '0') ELSE lower(b.name) END NULLS LAST)
		FROM by_key b LEFT JOIN programmes p ON p.key IS NOT DISTINCT FROM b.key LEFT JOIN past h ON $1 = 'period' AND h.day::text = b.key), '[]'),
	'total', jsonb_build_object('key', NULL, 'name', '', 'target', t.target, 'reached', t.reached, 'left_out', t.target - t.reached,
		'share', round(t.reached / nullif(t.target, 0), 4),
		'by_programme', coalesce((SELECT jsonb_object_agg(q.programme, q.n) FROM (SELECT u.programme, sum(c.n) AS n
			FROM cells c, unnest(c.programmes) AS u (programme) GROUP BY 1) q), '{}'),
		'before', (SELECT value FROM past WHERE day < current_date ORDER BY day DESC LIMIT 1)),
	'provisional', coalesce(a.awaited <> '{}', false), 'awaited', to_jsonb(coalesce(a.awaited, '{}')),
	'at', coalesce((SELECT m.at FROM padan.web_made m WHERE m.district = padan.web_district()), clock_timestamp())) AS json
FROM (SELECT coalesce(sum(n), 0) AS target, coalesce(sum(n) FILTER (WHERE reached), 0) AS reached FROM cells) t,
	(SELECT padan.web_awaited() AS awaited) a
