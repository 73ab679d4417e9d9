-- $1 kind, $2 subject, $3 period, $4 office, $5 state, $6 current ('true', 'false'), $7 after, $8 limit. Newest first.
WITH found AS (
	SELECT l.* FROM padan.list_status l
	WHERE l.district = (SELECT padan.web_district())
		AND ($1::text IS NULL OR l.kind = $1) AND ($2::text IS NULL OR l.subject = $2) AND ($3::text IS NULL OR l.period = $3)
		AND ($4::text IS NULL OR l.office = $4) AND ($5::text IS NULL OR l.state = $5)
		AND ($6::boolean IS NULL OR coalesce(l.current, false) = $6::boolean)
		AND ($7::bigint IS NULL OR l.list < $7::bigint)
	ORDER BY l.list DESC LIMIT least(greatest(coalesce($8::integer, 50), 1), 200) + 1
), page AS (
	SELECT f.list, padan.web_list(f::padan.list_status) AS json FROM found f ORDER BY f.list DESC LIMIT least(greatest(coalesce($8::integer, 50), 1), 200)
)
SELECT jsonb_build_object('items', coalesce((SELECT jsonb_agg(p.json ORDER BY p.list DESC) FROM page p), '[]'),
	'next', CASE WHEN (SELECT count(*) FROM found) > (SELECT count(*) FROM page) THEN (SELECT min(p.list)::text FROM page p) END) AS json
