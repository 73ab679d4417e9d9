-- $1 district, $2 period or NULL, $3 only lists that count: 't'.
SELECT l.list, l.kind, l.subject, l.period, l.office, l.door, l.sender, l.file_name, l.received_at, l.state, l.current,
	l.superseded_by, l.rows_read, l.rows_accepted, l.rows_rejected, l.decree_number, l.decree_date, l.refused_id, l.refused_en,
	l.withdrawn_by, l.withdrawn_reason,
	(SELECT count(*) FROM padan.flags f WHERE f.district = l.district AND f.list = l.list
		AND f.status IN ('found', 'assigned', 'confirmed')) AS flags
FROM padan.list_status l
WHERE l.district = $1::integer AND ($2::text IS NULL OR l.period = $2) AND ($3 <> 't' OR l.current)
ORDER BY l.list
