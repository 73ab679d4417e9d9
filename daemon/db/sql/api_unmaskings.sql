-- $1 after (an event), $2 limit. Newest first.
WITH page AS (
	SELECT u.* FROM padan.unmasking u WHERE u.district = (SELECT padan.web_district()) AND ($1::bigint IS NULL OR u.event < $1::bigint)
	ORDER BY u.event DESC LIMIT least(greatest(coalesce($2::integer, 50), 1), 200)
)
SELECT jsonb_build_object('items', coalesce((SELECT jsonb_agg(jsonb_build_object('at', p.at, 'who', p.who, 'what', p.what, 'flag', p.flag, 'list', p.list, 'row', p.row,
		'entries', p.entries, 'reason', p.reason) ORDER BY p.event DESC) FROM page p), '[]'),
	'next', CASE WHEN (SELECT count(*) FROM page) = least(greatest(coalesce($2::integer, 50), 1), 200) THEN (SELECT min(p.event)::text FROM page p) END) AS json
