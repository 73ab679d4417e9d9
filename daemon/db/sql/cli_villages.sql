-- Villages as people write them ($2, an array): ten digits, with dots or without, or a name that only one has. The numbers, and the
-- first text that means none or several.
SELECT array_agg(m.village ORDER BY g.n)::text, min(g.text) FILTER (WHERE m.matches IS DISTINCT FROM 1)
FROM unnest($2::text[]) WITH ORDINALITY AS g (text, n)
LEFT JOIN LATERAL (SELECT min(v.village) AS village, count(*) AS matches FROM padan.villages v
	WHERE v.district = $1::integer AND (v.village::text = replace(g.text, '.', '') OR lower(v.name) = lower(g.text))) m ON true
