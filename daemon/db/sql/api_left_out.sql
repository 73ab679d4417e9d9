-- $1 village, $2 kecamatan, $3 desil, $4 after "village:household", $5 limit: target households that nothing reaches.
WITH wanted AS (
	SELECT r.* FROM padan.web_reach r
	WHERE r.district = (SELECT padan.web_district()) AND r.target AND r.programmes = '{}'
		AND ($1::bigint IS NULL OR r.village = $1::bigint) AND ($3::smallint IS NULL OR r.desil = $3::smallint)
		AND ($2::text IS NULL OR r.village IN (SELECT v.village FROM padan.villages v WHERE lower(v.kecamatan) = lower($2)))
), page AS (
	SELECT w.* FROM wanted w
	WHERE $4::text IS NULL OR (coalesce(w.village, 0), w.household) > (split_part($4, ':', 1)::bigint, split_part($4, ':', 2)::bigint)
	ORDER BY coalesce(w.village, 0), w.household LIMIT least(greatest(coalesce($5::integer, 50), 1), 200)
)
SELECT jsonb_build_object('items', coalesce((SELECT jsonb_agg(padan.web_household_row(p) ORDER BY coalesce(p.village, 0), p.household)
		FROM page q JOIN padan.web_reach p ON p.district = q.district AND p.household = q.household), '[]'),
	'next', CASE WHEN (SELECT count(*) FROM page) = least(greatest(coalesce($5::integer, 50), 1), 200) THEN
		(SELECT coalesce(p.village, 0) || ':' || p.household FROM page p ORDER BY coalesce(p.village, 0) DESC, p.household DESC LIMIT 1) END,
	'total', (SELECT coalesce(sum(c.n), 0) FROM padan.web_reach_counts c WHERE c.district = (SELECT padan.web_district()) AND c.level = 'household'
		AND c.target AND c.programmes = '{}' AND ($1::bigint IS NULL OR c.village = $1::bigint) AND ($3::smallint IS NULL OR c.desil = $3::smallint)
		AND ($2::text IS NULL OR c.village IN (SELECT v.village FROM padan.villages v WHERE lower(v.kecamatan) = lower($2))))) AS json,
	(SELECT array_agg(p.household ORDER BY p.household) FROM page p) AS seen_households
