-- $1 district or NULL. Persons and households are those that a list which counts names: an id whose lists were all withdrawn, or
-- whose programmes are no longer in the configuration, stays known, but is nobody's.
SELECT d.district, d.code, d.name,
	(SELECT count(DISTINCT e.person) FROM padan.entries e JOIN padan.list_status l USING (district, list)
		WHERE e.district = d.district AND l.state = 'done' AND l.known) AS persons,
	(SELECT count(DISTINCT e.household) FROM padan.entries e JOIN padan.list_status l USING (district, list)
		WHERE e.district = d.district AND l.state = 'done' AND l.known) AS households,
	(SELECT count(*) FROM padan.flags f WHERE f.district = d.district AND f.status IN ('found', 'assigned', 'confirmed')
		AND f.state = 'finding') AS finding,
	(SELECT count(*) FROM padan.flags f WHERE f.district = d.district AND f.status IN ('found', 'assigned', 'confirmed')
		AND f.state = 'to_check') AS to_check,
	(SELECT count(*) FROM padan.flags f WHERE f.district = d.district AND f.status IN ('found', 'assigned', 'confirmed')
		AND f.state = 'provisional') AS provisional,
	(SELECT count(*) FROM padan.alerts a WHERE a.district = d.district AND a.state = 'waiting') AS alerts_waiting,
	(SELECT count(*) FROM padan.alerts a WHERE a.district = d.district AND a.state = 'dead') AS alerts_dead,
	(SELECT extract(epoch FROM clock_timestamp() - min(a.created_at))::bigint FROM padan.alerts a
		WHERE a.district = d.district AND a.state = 'waiting') AS oldest_alert_seconds
FROM padan.districts d WHERE $1::integer IS NULL OR d.district = $1::integer
ORDER BY d.district
