-- Ids that came up: $1 district, $2 list, or NULL.
INSERT INTO padan.persons (district, person, first_list)
SELECT DISTINCT $1::integer, i.person, coalesce($2::bigint, 0)
FROM (SELECT person FROM padan.entries WHERE district = $1 AND list = $2
	UNION ALL SELECT person FROM pg_temp.padan_changed) i
WHERE i.person IS NOT NULL
ORDER BY 2 -- appended to the index, not scattered over it
ON CONFLICT DO NOTHING
