-- $1 proposal, $2 after, $3 limit: household by household.
WITH page AS (
	SELECT c.* FROM padan.proposal_changes c
	WHERE c.district = (SELECT padan.web_district()) AND c.proposal = $1::bigint AND ($2::bigint IS NULL OR c.household > $2::bigint)
	ORDER BY c.household LIMIT least(greatest(coalesce($3::integer, 50), 1), 200)
)
SELECT jsonb_build_object('items', coalesce((SELECT jsonb_agg(jsonb_build_object('what', c.what, 'household', c.household,
			'row', padan.web_household_row(coalesce(r, (c.district, c.household, NULL, NULL, c.what = 'take_out', '{}')::padan.web_reach)),
			'result', c.result, 'verifier', c.verifier, 'at', c.at, 'note', c.note) ORDER BY c.household)
		FROM page c LEFT JOIN padan.web_reach r ON r.district = c.district AND r.household = c.household), '[]'),
	'next', CASE WHEN (SELECT count(*) FROM page) = least(greatest(coalesce($3::integer, 50), 1), 200) THEN
		(SELECT max(c.household)::text FROM page c) END) AS json,
	(SELECT array_agg(c.household ORDER BY c.household) FROM page c) AS seen_households
FROM padan.proposals p WHERE p.district = (SELECT padan.web_district()) AND p.proposal = $1::bigint
