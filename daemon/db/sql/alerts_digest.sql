-- The daily digest: $1 district, $2 YYYY-MM-DD, $3 by mail, $4 by webhook. Counts since the digest before it, or of one day.
WITH since AS (
	SELECT coalesce(max(a.created_at), clock_timestamp() - interval '1 day') AS at
	FROM padan.alerts a WHERE a.district = $1 AND a.kind = 'digest'
), open AS (
	SELECT f.kind, f.village FROM padan.flags f
	WHERE f.district = $1 AND f.status IN ('found', 'assigned', 'confirmed') AND f.state <> 'provisional'
), payload AS (
	SELECT jsonb_build_object(
		'date', $2::text,
		'lists', coalesce((SELECT jsonb_agg(jsonb_build_object('list', l.list, 'list_kind', l.kind, 'subject', l.subject,
				'period', l.period, 'rows_accepted', l.rows_accepted) ORDER BY l.list)
			FROM padan.lists l, since WHERE l.district = $1 AND l.state = 'done' AND l.done_at > since.at), '[]'),
		'found', (SELECT count(*) FROM padan.flags f, since WHERE f.district = $1 AND f.found_at > since.at
			AND f.state <> 'provisional'),
		'resolved', (SELECT count(*) FROM padan.flags f, since WHERE f.district = $1 AND f.status = 'resolved'
			AND f.state <> 'provisional' AND f.changed_at > since.at),
		'open', coalesce((SELECT jsonb_object_agg(kind, n) FROM (SELECT kind, count(*) AS n FROM open GROUP BY kind) k), '{}'),
		'kecamatan', coalesce((SELECT jsonb_agg(jsonb_build_object('name', kecamatan, 'flags', n) ORDER BY n DESC, kecamatan)
			FROM (SELECT coalesce(v.kecamatan, '-') AS kecamatan, count(*) AS n
				FROM open LEFT JOIN padan.villages v ON v.district = $1 AND v.village = open.village
				GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 20) k), '[]')) AS payload
)
INSERT INTO padan.alerts (district, key, kind, channel, recipient, payload)
SELECT $1::integer, 'digest:' || $2::text || ':' || c.channel, 'digest', c.channel, 'bappeda', p.payload
FROM payload p, (VALUES ('smtp'), ('webhook')) AS c (channel)
WHERE CASE c.channel WHEN 'smtp' THEN $3::boolean ELSE $4::boolean END
ON CONFLICT (district, key) DO NOTHING
