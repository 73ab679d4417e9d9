-- $1 … $9 as in cli_flags.sql: how many of each kind, by programme.
SELECT f.kind, f.programme, count(*) FILTER (WHERE f.state = 'finding') AS finding,
	count(*) FILTER (WHERE f.state = 'to_check') AS to_check, count(*) FILTER (WHERE f.state = 'provisional') AS provisional,
	count(*) FILTER (WHERE f.status = 'confirmed') AS confirmed, count(DISTINCT f.village) AS villages
FROM padan.flags f
LEFT JOIN padan.villages v ON v.district = f.district AND v.village = f.village
WHERE f.district = $1::integer
	AND ($2::text IS NULL OR f.kind = upper($2))
	AND ($3::text IS NULL OR f.programme = $3)
	AND ($4::text IS NULL OR f.village::text = replace($4, '.', '') OR lower(v.name) = lower($4))
	AND ($5::text IS NULL OR f.state = $5)
	AND CASE $6::text WHEN 'open' THEN f.status IN ('found', 'assigned', 'confirmed') WHEN 'all' THEN true ELSE f.status = $6 END
	AND ($7::bigint IS NULL OR f.list = $7::bigint OR f.found_list = $7::bigint)
	AND ($8::text IS NULL OR f.severity = $8)
	AND ($9::text IS NULL OR f.assigned_to = $9)
GROUP BY f.kind, f.programme
ORDER BY f.kind, f.programme NULLS FIRST
