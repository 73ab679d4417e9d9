-- Flags that no longer show: $1 district, $2 list (NULL: no list but a rule or decision).
UPDATE padan.flags f SET status = 'resolved', resolved_list = $2::bigint, changed_list = $2::bigint,
	changed_at = clock_timestamp()
WHERE f.district = $1 AND f.status <> 'resolved'
	AND f.flag = ANY (ARRAY(SELECT s.flag FROM pg_temp.padan_standing s WHERE s.what = 'gone'))
