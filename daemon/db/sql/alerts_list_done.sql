-- What is told when a list is done, or (NULL) when rules, decisions or a closed period changed what is excluded: $1 district, $2 list, $3 Bappeda by mail, $4 by webhook, $5 offices by mail, $6 share of
-- inclusion errors in a list that is told at once (0: none), $7 excluded households in a village likewise. Counts alone. Only
-- what is sure to be said (no provisional flags). The key makes each alert once, whatever is tried again. All that may have
-- changed stands in the job's own padan_flags, so that nothing here grows with what is held.
WITH this AS (
	SELECT l.*, o.email
	FROM padan.lists l LEFT JOIN padan.offices o ON o.district = l.district AND o.office = l.office
	WHERE l.district = $1 AND l.list = $2
), open AS (
	SELECT f.kind, f.state, f.village, f.list, f.found_list
	FROM pg_temp.padan_flags n JOIN padan.flags f ON f.district = $1 AND f.key = n.key
	WHERE f.status IN ('found', 'assigned', 'confirmed') AND f.state <> 'provisional' AND (f.list = $2 OR f.found_list = $2)
), counted AS (
	SELECT jsonb_build_object(
		'list', t.list, 'list_kind', t.kind, 'subject', t.subject, 'period', t.period, 'office', t.office,
		'rows_read', t.rows_read, 'rows_accepted', t.rows_accepted, 'rows_rejected', t.rows_rejected,
		'flags', coalesce((SELECT jsonb_object_agg(kind, n) FROM (SELECT kind, count(*) AS n FROM open GROUP BY kind) k), '{}'),
		'to_check', (SELECT count(*) FROM open WHERE state = 'to_check'),
		'kecamatan', coalesce((SELECT jsonb_agg(jsonb_build_object('name', kecamatan, 'flags', n) ORDER BY n DESC, kecamatan)
			FROM (SELECT coalesce(v.kecamatan, '-') AS kecamatan, count(*) AS n
				FROM open LEFT JOIN padan.villages v ON v.district = $1 AND v.village = open.village
				GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 20) k), '[]'),
		'villages', coalesce((SELECT jsonb_agg(jsonb_build_object('name', name, 'kecamatan', kecamatan, 'flags', n)
				ORDER BY n DESC, name)
			FROM (SELECT v.name, v.kecamatan, count(*) AS n
				FROM open JOIN padan.villages v ON v.district = $1 AND v.village = open.village
				GROUP BY 1, 2 ORDER BY 3 DESC, 1 LIMIT 10) k), '[]')) AS payload
	FROM this t
), excluded AS (
	SELECT v.village, v.name, v.kecamatan, sum(f.n) AS n
	FROM padan.web_flag_counts f JOIN padan.villages v ON v.district = f.district AND v.village = f.village
	WHERE f.district = $1 AND f.kind = 'EXCLUSION' AND f.status IN ('found', 'assigned', 'confirmed')
		AND f.state <> 'provisional' AND $7::integer > 0
		AND f.village IN (SELECT n.village FROM pg_temp.padan_flags n WHERE n.kind = 'EXCLUSION')
	GROUP BY 1, 2, 3 HAVING sum(f.n) > $7::integer
), limits AS (
	SELECT 'limit:inclusion:' || t.list AS key, jsonb_build_object('limit', 'inclusion_share', 'list', t.list,
			'subject', t.subject, 'period', t.period, 'share', round(i.n::numeric / t.rows_accepted, 4),
			'allowed', $6::numeric, 'flags', i.n) AS payload
	FROM this t, LATERAL (SELECT count(*) AS n FROM open WHERE kind = 'INCLUSION' AND open.list = t.list) i
	WHERE $6::numeric > 0 AND t.rows_accepted > 0 AND i.n > t.rows_accepted * $6::numeric
	UNION ALL
	SELECT 'limit:excluded:' || e.village || ':' || (SELECT coalesce(max(s.list), 0) FROM padan.lists s
			WHERE s.district = $1 AND s.kind = 'target' AND s.state IN ('working', 'done')),
		jsonb_build_object('limit', 'excluded_in_village', 'village', e.name, 'kecamatan', e.kecamatan, 'households', e.n,
			'allowed', $7::integer)
	FROM excluded e
), told AS (
	SELECT 'list:' || t.list AS key, 'list_done' AS kind, 'bappeda' AS recipient, c.payload FROM this t, counted c
	UNION ALL
	SELECT 'list:' || t.list, 'list_done', t.office, c.payload FROM this t, counted c
		WHERE t.email IS NOT NULL AND $5::boolean
	UNION ALL
	SELECT key, 'limit', 'bappeda', payload FROM limits
)
INSERT INTO padan.alerts (district, key, kind, channel, recipient, list, payload)
SELECT $1::integer, told.key || ':' || told.recipient || ':' || c.channel, told.kind, c.channel, told.recipient, $2::bigint,
	told.payload
FROM told, (VALUES ('smtp'), ('webhook')) AS c (channel)
WHERE CASE WHEN told.recipient <> 'bappeda' THEN c.channel = 'smtp'
	WHEN c.channel = 'smtp' THEN $3::boolean ELSE $4::boolean END
ON CONFLICT (district, key) DO NOTHING
