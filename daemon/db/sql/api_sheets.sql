-- $1 village, $2 state, $3 after (a sheet), $4 limit. Newest first.
WITH page AS (
	SELECT s.sheet FROM padan.sheets s WHERE s.district = (SELECT padan.web_district()) AND ($1::bigint IS NULL OR s.village = $1::bigint)
		AND ($2::text IS NULL OR s.state = $2) AND ($3::bigint IS NULL OR s.sheet < $3::bigint)
	ORDER BY s.sheet DESC LIMIT least(greatest(coalesce($4::integer, 50), 1), 200)
)
SELECT jsonb_build_object('items', coalesce((SELECT jsonb_agg(padan.web_sheet(s) ORDER BY s.sheet DESC) FROM page p
		JOIN padan.sheets s ON s.district = (SELECT padan.web_district()) AND s.sheet = p.sheet), '[]'),
	'next', CASE WHEN (SELECT count(*) FROM page) = least(greatest(coalesce($4::integer, 50), 1), 200) THEN (SELECT min(p.sheet)::text FROM page p) END) AS json
