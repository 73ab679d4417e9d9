-- $1 person: all entries that the caller may see.
WITH rows AS MATERIALIZED (
	SELECT e.*, s.kind, s.subject, s.period, s.period_from, coalesce(s.current, false) AS current
	FROM padan.entries e JOIN padan.list_status s ON s.district = e.district AND s.list = e.list
	WHERE e.district = (SELECT padan.web_district()) AND e.person = $1::bigint AND s.state = 'done'
), newest AS (
	SELECT * FROM rows ORDER BY current DESC, (kind = 'target') DESC, period_from DESC, list DESC, row LIMIT 1
), gone AS (
	SELECT h.became FROM padan.identity_history i JOIN padan.persons h ON h.district = i.district AND h.person = i.old_id
	WHERE i.district = (SELECT padan.web_district()) AND i.kind = 'person' AND i.what = 'merge' AND i.old_id = $1::bigint LIMIT 1
)
SELECT jsonb_build_object('person', $1::bigint, 'became', (SELECT became FROM gone), 'name', coalesce(n.name_shown, ''), 'household', n.household,
	'sex', padan.web_sex(n.sex), 'birth', padan.web_birth(n.birth, false), 'nik', padan.web_number(n.nik), 'village', n.village,
	'households', coalesce((SELECT jsonb_agg(h.household ORDER BY h.last_seen DESC) FROM (SELECT r.household, max(r.period_from) AS last_seen FROM rows r
		WHERE r.household IS NOT NULL GROUP BY r.household) h), '[]'),
	'entries', coalesce((SELECT jsonb_agg(padan.web_entry(e, r.kind, r.subject, r.period, r.current) ORDER BY r.period_from DESC, r.list DESC, r.row)
		FROM (SELECT * FROM rows ORDER BY period_from DESC, list DESC, row LIMIT 200) r
		JOIN padan.entries e ON e.district = r.district AND e.list = r.list AND e.row = r.row), '[]'),
	'flags', coalesce((SELECT jsonb_agg(padan.web_flag(f, padan.web_flag_name(f.list, f.row)) ORDER BY f.status = 'resolved', f.worst, f.flag)
		FROM padan.flags f WHERE f.district = (SELECT padan.web_district()) AND f.person = $1::bigint), '[]'),
	'looked', CASE WHEN padan.web_role() = 'administrator' THEN padan.web_looked('person', $1::bigint, NULL, 20) -> 'items' END) AS json
FROM (SELECT 1) one LEFT JOIN newest n ON true
WHERE EXISTS (SELECT FROM rows) OR EXISTS (SELECT FROM gone)
