-- $1 after, $2 limit: proposed target versions, newest first.
WITH page AS (
	SELECT p.* FROM padan.proposals p WHERE p.district = (SELECT padan.web_district()) AND ($1::bigint IS NULL OR p.proposal < $1::bigint)
	ORDER BY p.proposal DESC LIMIT least(greatest(coalesce($2::integer, 50), 1), 200)
)
SELECT jsonb_build_object('items', coalesce((SELECT jsonb_agg(padan.web_proposal(p::padan.proposals) ORDER BY p.proposal DESC) FROM page p), '[]'),
	'next', CASE WHEN (SELECT count(*) FROM page) = least(greatest(coalesce($2::integer, 50), 1), 200) THEN
		(SELECT min(p.proposal)::text FROM page p) END) AS json
