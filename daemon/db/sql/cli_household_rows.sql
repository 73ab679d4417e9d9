-- $1 district, $2 household: the rows that speak of it, in lists that count or did.
SELECT e.list, e.row, l.kind, l.subject, l.period, e.person, e.name_shown AS name, e.relation, e.birth / 10000 AS born,
	s.current
FROM padan.entries e
JOIN padan.lists l USING (district, list)
JOIN padan.list_status s USING (district, list)
WHERE e.district = $1::integer AND e.household = $2::bigint AND l.state = 'done'
ORDER BY l.period_from, e.list, e.row LIMIT 200
