-- $1 mine, $2 after (a decision), $3 limit. Newest first.
WITH page AS (
	SELECT d.* FROM padan.decisions d
	WHERE d.district = (SELECT padan.web_district()) AND (coalesce($1::boolean, false) = false OR d.decided_by = (SELECT padan.actor()))
		AND ($2::bigint IS NULL OR d.decision < $2::bigint)
	ORDER BY d.decision DESC LIMIT least(greatest(coalesce($3::integer, 50), 1), 200)
)
SELECT jsonb_build_object('items', coalesce((SELECT jsonb_agg(padan.web_decision(d) ORDER BY d.decision DESC)
		FROM page p JOIN padan.decisions d ON d.district = p.district AND d.decision = p.decision), '[]'),
	'next', CASE WHEN (SELECT count(*) FROM page) = least(greatest(coalesce($3::integer, 50), 1), 200) THEN (SELECT min(p.decision)::text FROM page p) END) AS json
