-- Ids that came up: $1 district, $2 list, or NULL.
INSERT INTO padan.households (district, household, first_list)
SELECT DISTINCT $1::integer, i.household, coalesce($2::bigint, 0)
FROM (SELECT household FROM padan.entries WHERE district = $1 AND list = $2
	UNION ALL SELECT household FROM pg_temp.padan_changed) i
WHERE i.household IS NOT NULL
ORDER BY 2 -- appended to the index, not scattered over it
ON CONFLICT DO NOTHING
