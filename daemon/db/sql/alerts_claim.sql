-- Takes alerts that are due: $1 lease, $2 at most. Leases go by the database's clock. Not in a database that was restored from a
-- backup, until padan.came_home() has laid aside what may have been sent since.
WITH due AS (
	SELECT a.district, a.alert FROM padan.alerts a
	WHERE (SELECT padan.is_home()) AND a.state = 'waiting' AND a.next_at <= clock_timestamp()
		AND (a.lease_until IS NULL OR a.lease_until < clock_timestamp())
	ORDER BY a.next_at LIMIT $2::integer FOR UPDATE SKIP LOCKED
), taken AS (
	UPDATE padan.alerts a SET lease_until = clock_timestamp() + $1::interval, fence = nextval('padan.fence'),
		attempts = a.attempts + 1
	FROM due WHERE a.district = due.district AND a.alert = due.alert
	RETURNING a.*
)
SELECT t.district, t.alert, t.fence, t.attempts, t.key, t.kind, t.channel, t.recipient, t.payload,
	extract(epoch FROM t.created_at)::bigint, d.name, d.config, coalesce(o.email, '')
FROM taken t JOIN padan.districts d USING (district)
LEFT JOIN padan.offices o ON o.district = t.district AND o.office = t.recipient
