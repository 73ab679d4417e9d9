-- A list to be worked on: $1 district, $2 list.
SELECT l.kind, l.subject, to_char(coalesce(l.decree_date, l.period_from), 'YYYYMMDD'), l.header, l.mapping, coalesce(l.sheet, ''),
	coalesce(l.rows_read, 0), m.header, m.mapping
FROM padan.lists l
LEFT JOIN LATERAL (SELECT header, mapping FROM padan.column_mappings c
	WHERE c.district = l.district AND c.office = l.office ORDER BY c.used_at DESC LIMIT 1) m ON true
WHERE l.district = $1 AND l.list = $2
