-- $1 action (or its beginning: "flag."), $2 kind, $3 id, $4 user, $5 from, $6 to, $7 after (a number), $8 limit.
WITH page AS (
	SELECT t.* FROM padan.audit_trail t
	WHERE t.district = (SELECT padan.web_district()) AND ($1::text IS NULL OR t.action = $1 OR starts_with(t.action, rtrim($1, '.') || '.'))
		AND ($2::text IS NULL OR t.kind = $2) AND ($3::bigint IS NULL OR t.ids @> ARRAY[$3::bigint]) AND ($4::bigint IS NULL OR t."user" = $4::bigint)
		AND ($5::date IS NULL OR t.at >= $5::date) AND ($6::date IS NULL OR t.at < $6::date + 1)
		AND ($7::bigint IS NULL OR t.number < $7::bigint)
	ORDER BY t.number DESC LIMIT least(greatest(coalesce($8::integer, 50), 1), 200)
)
SELECT jsonb_build_object('items', coalesce((SELECT jsonb_agg(jsonb_build_object('number', p.number, 'at', p.at, 'who', p.who, 'user', p."user", 'action', p.action,
		'text', padan.web_action(p.action, 'id'), 'text_en', padan.web_action(p.action, 'en'), 'kind', p.kind, 'ids', p.ids, 'detail', p.detail::jsonb,
		'address', p.address) ORDER BY p.number DESC) FROM page p), '[]'),
	'next', CASE WHEN (SELECT count(*) FROM page) = least(greatest(coalesce($8::integer, 50), 1), 200) THEN (SELECT min(p.number)::text FROM page p) END,
	'head', coalesce(h.number, 0), 'head_hash', coalesce(encode(h.hash, 'hex'), '')) AS json
FROM (SELECT 1) one
LEFT JOIN (SELECT t.number, t.hash FROM padan.audit_trail t WHERE t.district = (SELECT padan.web_district()) ORDER BY t.number DESC LIMIT 1) h ON true
