-- $1 programmes with commas, $2 exact, $3 kecamatan, $4 village, $5 after (a household), $6 limit.
WITH wanted AS (
	SELECT r.* FROM padan.web_reach r
	WHERE r.district = (SELECT padan.web_district()) AND r.programmes @> string_to_array($1, ',')
		AND (coalesce($2::boolean, false) = false OR r.programmes <@ string_to_array($1, ','))
		AND ($4::bigint IS NULL OR r.village = $4::bigint)
		AND ($3::text IS NULL OR r.village IN (SELECT v.village FROM padan.villages v WHERE lower(v.kecamatan) = lower($3)))
), page AS (
	SELECT w.* FROM wanted w WHERE $5::bigint IS NULL OR w.household > $5::bigint
	ORDER BY w.household LIMIT least(greatest(coalesce($6::integer, 50), 1), 200)
)
SELECT jsonb_build_object('items', coalesce((SELECT jsonb_agg(padan.web_household_row(p) ORDER BY p.household)
		FROM page q JOIN padan.web_reach p ON p.district = q.district AND p.household = q.household), '[]'),
	'next', CASE WHEN (SELECT count(*) FROM page) = least(greatest(coalesce($6::integer, 50), 1), 200) THEN (SELECT max(p.household)::text FROM page p) END,
	'total', (SELECT coalesce(sum(c.n), 0) FROM padan.web_reach_counts c
		WHERE c.district = (SELECT padan.web_district()) AND c.level = 'household' AND c.programmes @> string_to_array($1, ',')
			AND (coalesce($2::boolean, false) = false OR c.programmes <@ string_to_array($1, ',')) AND ($4::bigint IS NULL OR c.village = $4::bigint)
			AND ($3::text IS NULL OR c.village IN (SELECT v.village FROM padan.villages v WHERE lower(v.kecamatan) = lower($3))))) AS json,
	(SELECT array_agg(p.household ORDER BY p.household) FROM page p) AS seen_households
