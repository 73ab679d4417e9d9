-- $1 list, $2 what (added, left, changed), $3 before (a list; NULL: the version before), $4 after "what:person", $5 limit.
WITH l AS MATERIALIZED (
	SELECT s.* FROM padan.list_status s WHERE s.district = (SELECT padan.web_district()) AND s.list = $1::bigint
), before AS MATERIALIZED (
	SELECT v.* FROM l JOIN padan.list_status v ON v.district = l.district AND v.kind = l.kind AND v.subject = l.subject
	WHERE CASE WHEN $3::bigint IS NOT NULL THEN v.list = $3::bigint ELSE v.state = 'done' AND (v.period, v.list) < (l.period, l.list) END
	ORDER BY v.period DESC, v.list DESC LIMIT 1
), compared AS (
	SELECT CASE WHEN o.person IS NULL THEN 'added' WHEN n.person IS NULL THEN 'left' ELSE 'changed' END AS what,
		coalesce(n.person, o.person) AS person, n.row AS new_row, o.row AS old_row
	FROM (SELECT e.person, min(e.row) AS row, array_agg(DISTINCT e.fingerprint ORDER BY e.fingerprint) AS prints FROM padan.entries e, l
			WHERE e.district = l.district AND e.list = l.list GROUP BY e.person) n
	FULL JOIN (SELECT e.person, min(e.row) AS row, array_agg(DISTINCT e.fingerprint ORDER BY e.fingerprint) AS prints
			FROM padan.entries e, before b WHERE e.district = b.district AND e.list = b.list GROUP BY e.person) o USING (person)
	WHERE EXISTS (SELECT FROM before) AND n.prints IS DISTINCT FROM o.prints
), page AS (
	SELECT c.* FROM compared c
	WHERE ($2::text IS NULL OR c.what = $2) AND ($4::text IS NULL OR (c.what, c.person) > (split_part($4, ':', 1), nullif(split_part($4, ':', 2), '')::bigint))
	ORDER BY c.what, c.person LIMIT least(greatest(coalesce($5::integer, 50), 1), 200)
)
SELECT jsonb_build_object('items', coalesce((
		SELECT jsonb_agg(jsonb_build_object('what', p.what, 'person', p.person,
			'before', CASE WHEN o.row IS NOT NULL THEN padan.web_entry(o, b.kind, b.subject, b.period, coalesce(b.current, false)) END,
			'now', CASE WHEN n.row IS NOT NULL THEN padan.web_entry(n, l.kind, l.subject, l.period, coalesce(l.current, false)) END) ORDER BY p.what, p.person)
		FROM page p CROSS JOIN before b
		LEFT JOIN padan.entries o ON o.district = b.district AND o.list = b.list AND o.row = p.old_row
		LEFT JOIN padan.entries n ON n.district = b.district AND n.list = l.list AND n.row = p.new_row), '[]'),
	'next', CASE WHEN (SELECT count(*) FROM page) = least(greatest(coalesce($5::integer, 50), 1), 200) THEN
		(SELECT p.what || ':' || p.person FROM page p ORDER BY p.what DESC, p.person DESC LIMIT 1) END,
	'before', (SELECT b.list FROM before b)) AS json
FROM l
