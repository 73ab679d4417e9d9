-- $1 state, $2 after (an alert), $3 limit. Newest first.
WITH page AS (
	SELECT a.* FROM padan.alerts a WHERE a.district = (SELECT padan.web_district()) AND ($1::text IS NULL OR a.state = $1)
		AND ($2::bigint IS NULL OR a.alert < $2::bigint)
	ORDER BY a.alert DESC LIMIT least(greatest(coalesce($3::integer, 50), 1), 200)
)
SELECT jsonb_build_object('items', coalesce((SELECT jsonb_agg(padan.web_alert(a) ORDER BY a.alert DESC)
		FROM page p JOIN padan.alerts a ON a.district = p.district AND a.alert = p.alert), '[]'),
	'next', CASE WHEN (SELECT count(*) FROM page) = least(greatest(coalesce($3::integer, 50), 1), 200) THEN (SELECT min(p.alert)::text FROM page p) END) AS json
