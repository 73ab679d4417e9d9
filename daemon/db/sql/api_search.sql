-- $1 NIK, $2 KK, $3 words of the name, $4 birth (yyyymmdd), $5 village, $6 after "name:person", $7 limit.
WITH hits AS MATERIALIZED (
	SELECT e.* FROM padan.web_search($1::bigint, $2::bigint, $3::text[], $4::integer, $5::bigint) s
	JOIN padan.entries e ON e.district = (SELECT padan.web_district()) AND e.list = s.list AND e.row = s.row
), page AS (
	SELECT h.* FROM hits h
	WHERE $6::text IS NULL OR (h.name COLLATE "C", h.person) > (split_part($6, ':', 1) COLLATE "C", split_part($6, ':', 2)::bigint)
	ORDER BY h.name COLLATE "C", h.person LIMIT least(greatest(coalesce($7::integer, 50), 1), 100)
)
SELECT jsonb_build_object('items', coalesce((SELECT jsonb_agg(jsonb_build_object('person', p.person, 'household', p.household, 'name', p.name_shown,
		'nik', padan.web_number(p.nik), 'kk', padan.web_number(p.kk), 'birth', padan.web_birth(p.birth, false), 'sex', padan.web_sex(p.sex),
		'village', p.village, 'village_text', p.village_text, 'rt', nullif(p.rt, 0), 'rw', nullif(p.rw, 0),
		'lists', (SELECT coalesce(jsonb_agg(jsonb_build_object('list', s.list, 'row', o.row, 'kind', s.kind, 'subject', s.subject, 'period', s.period,
				'current', coalesce(s.current, false)) ORDER BY s.period_from DESC, s.list DESC, o.row), '[]')
			FROM padan.entries o JOIN padan.list_status s ON s.district = o.district AND s.list = o.list
			WHERE o.district = p.district AND o.person = p.person AND s.state = 'done'),
		'open_flags', (SELECT count(*) FROM padan.flags f WHERE f.district = p.district AND (f.person = p.person OR f.household = p.household)
			AND f.status IN ('found', 'assigned', 'confirmed'))) ORDER BY p.name COLLATE "C", p.person) FROM page p), '[]'),
	'next', CASE WHEN (SELECT count(*) FROM page) = least(greatest(coalesce($7::integer, 50), 1), 100) THEN
		(SELECT p.name || ':' || p.person FROM page p ORDER BY p.name COLLATE "C" DESC, p.person DESC LIMIT 1) END,
	'total', least((SELECT count(*) FROM hits), 500), 'total_more', (SELECT count(*) FROM hits) > 500) AS json,
	(SELECT array_agg(p.person ORDER BY p.person) FROM page p) AS seen_persons
