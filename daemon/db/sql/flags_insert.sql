-- Flags that show for the first time: $1 district, $2 list that showed them (NULL: the one they stand in).
INSERT INTO padan.flags (district, key, basis, kind, severity, certainty, state, list, row, other_list, other_row, rule,
	person, household, programme, village, period, found_list)
SELECT $1::integer, n.key, n.basis, n.kind, n.severity, n.certainty, n.state, n.list, n.row, n.other_list, n.other_row, n.rule,
	n.person, n.household, n.programme, n.village, l.period, coalesce($2::bigint, n.list)
FROM pg_temp.padan_flags n
JOIN padan.lists l ON l.district = $1 AND l.list = n.list
WHERE NOT EXISTS (SELECT FROM pg_temp.padan_standing s WHERE s.key = n.key)
ORDER BY n.list, n.row, n.kind, n.key
