-- $1 district, $2 kind, $3 programme, $4 village (code or name), $5 state, $6 status ('open': not settled yet; 'all'), $7 list,
-- $8 severity, $9 office assigned to, $10 how many at most (0: all). NULL: any. total is the number without $10.
SELECT f.flag, f.kind, f.severity, f.certainty, f.state, f.status, f.list, f.row, f.other_list, f.other_row, f.rule, f.programme,
	f.period, f.village, v.name AS village_name, v.kecamatan, f.person, f.household, f.found_list, f.found_at, f.assigned_to,
	f.decided_by, f.decided_at, f.reason, e.name_shown AS name, count(*) OVER () AS total
FROM padan.flags f
LEFT JOIN padan.villages v ON v.district = f.district AND v.village = f.village
LEFT JOIN padan.entries e ON e.district = f.district AND e.list = f.list AND e.row = f.row
WHERE f.district = $1::integer
	AND ($2::text IS NULL OR f.kind = upper($2))
	AND ($3::text IS NULL OR f.programme = $3)
	AND ($4::text IS NULL OR f.village::text = replace($4, '.', '') OR lower(v.name) = lower($4))
	AND ($5::text IS NULL OR f.state = $5)
	AND CASE $6::text WHEN 'open' THEN f.status IN ('found', 'assigned', 'confirmed') WHEN 'all' THEN true ELSE f.status = $6 END
	AND ($7::bigint IS NULL OR f.list = $7::bigint OR f.found_list = $7::bigint)
	AND ($8::text IS NULL OR f.severity = $8)
	AND ($9::text IS NULL OR f.assigned_to = $9)
ORDER BY array_position(ARRAY['high', 'medium', 'low', 'info'], f.severity),
	array_position(ARRAY['finding', 'to_check', 'provisional'], f.state), f.certainty DESC, f.flag
LIMIT nullif($10::bigint, 0)
