-- Flags that no longer show: $1 district, $2 list (NULL: no list but a rule or decision), $3 everything was looked at.
UPDATE padan.flags f SET status = 'resolved', resolved_list = $2::bigint, changed_list = $2::bigint,
	changed_at = clock_timestamp()
WHERE f.district = $1 AND f.status <> 'resolved'
	AND ($3::boolean OR EXISTS (SELECT FROM pg_temp.padan_touched t WHERE t.list = f.list AND t.row = f.row))
	AND NOT EXISTS (SELECT FROM pg_temp.padan_flags n WHERE n.key = f.key)
