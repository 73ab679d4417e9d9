-- $1 district or NULL: lists by kind and state, with their rows.
SELECT l.district, l.kind, l.state, count(*) AS lists, sum(l.rows_read)::bigint AS rows_read,
	sum(l.rows_accepted)::bigint AS rows_accepted, sum(l.rows_rejected)::bigint AS rows_rejected
FROM padan.lists l WHERE $1::integer IS NULL OR l.district = $1::integer
GROUP BY l.district, l.kind, l.state ORDER BY l.district, l.kind, l.state
