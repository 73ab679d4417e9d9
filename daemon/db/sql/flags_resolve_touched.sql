-- Flags of touched entries that no longer show, each looked up: $1 district, $2 list (NULL: no list but a rule or decision).
UPDATE padan.flags f SET status = 'resolved', resolved_list = $2::bigint, changed_list = $2::bigint,
	changed_at = clock_timestamp()
WHERE f.district = $1 AND f.flag = ANY (ARRAY(
	SELECT a.flag FROM pg_temp.padan_touched t
		CROSS JOIN LATERAL (SELECT o.flag, o.key FROM padan.flags o
			WHERE o.district = $1 AND o.list = t.list AND o.row = t.row AND o.status <> 'resolved' OFFSET 0) a
	WHERE NOT EXISTS (SELECT FROM pg_temp.padan_flags n WHERE n.key = a.key)))
