-- $1 household: through all lists that counted, as far as the caller may see them.
WITH rows AS MATERIALIZED (
	SELECT e.*, s.kind, s.subject, s.period, s.period_from, coalesce(s.current, false) AS current
	FROM padan.entries e JOIN padan.list_status s ON s.district = e.district AND s.list = e.list
	WHERE e.district = (SELECT padan.web_district()) AND e.household = $1::bigint AND s.state = 'done'
), newest AS (
	SELECT * FROM rows ORDER BY current DESC, (kind = 'target') DESC, (relation = 1) DESC, period_from DESC, list DESC, row LIMIT 1
), gone AS (
	-- Merged into an older one: that is where it went.
	SELECT h.became FROM padan.identity_history i JOIN padan.households h ON h.district = i.district AND h.household = i.old_id
	WHERE i.district = (SELECT padan.web_district()) AND i.kind = 'household' AND i.what = 'merge' AND i.old_id = $1::bigint LIMIT 1
), members AS (
	SELECT DISTINCT ON (r.person) r.person, r.name_shown, r.sex, r.birth, r.relation, r.nik, r.list, r.row FROM rows r
	ORDER BY r.person, r.current DESC, r.period_from DESC, r.list DESC, r.row
), persons AS (
	SELECT r.person, min(r.period_from) AS since, max(r.period_from) AS last_seen, bool_or(r.current) AS here_now,
		jsonb_agg(jsonb_build_object('list', r.list, 'row', r.row, 'kind', r.kind, 'subject', r.subject, 'period', r.period, 'current', r.current)
			ORDER BY r.period_from DESC, r.list DESC, r.row) AS lists
	FROM rows r GROUP BY r.person
)
SELECT jsonb_build_object('household', $1::bigint, 'became', (SELECT became FROM gone),
	'head', n.name_shown, 'village', n.village, 'village_text', n.village_text, 'rt', nullif(n.rt, 0), 'rw', nullif(n.rw, 0), 'address', n.address,
	'desil', (SELECT nullif(max(r.desil), 0) FROM rows r WHERE r.kind = 'target' AND r.current), 'on_target', EXISTS (SELECT FROM rows r WHERE r.kind = 'target' AND r.current),
	'members', coalesce((SELECT jsonb_agg(jsonb_build_object('person', m.person, 'name', m.name_shown, 'sex', padan.web_sex(m.sex),
			'birth', padan.web_birth(m.birth, false), 'relation', m.relation, 'nik', padan.web_number(m.nik), 'since', p.since, 'last_seen', p.last_seen,
			'here_now', p.here_now, 'lists', p.lists) ORDER BY m.relation = 0, m.relation, m.person)
		FROM members m JOIN persons p USING (person)), '[]'),
	'cards', coalesce((SELECT jsonb_agg(jsonb_build_object('kk', padan.web_number(k.kk), 'since', k.since, 'last_seen', k.last_seen, 'entries', k.n)
			ORDER BY k.last_seen DESC, k.n DESC)
		FROM (SELECT r.kk, min(r.period_from) AS since, max(r.period_from) AS last_seen, count(*) AS n FROM rows r WHERE r.kk > 0 GROUP BY r.kk) k), '[]'),
	'programmes', coalesce((SELECT jsonb_agg(jsonb_build_object('programme', g.subject, 'periods', g.periods, 'current', g.current, 'person', g.person, 'name', g.name)
			ORDER BY g.subject, g.person)
		FROM (SELECT r.subject, r.person, max(r.name_shown) AS name, bool_or(r.current) AS current, jsonb_agg(DISTINCT r.period) AS periods
			FROM rows r WHERE r.kind = 'programme' GROUP BY r.subject, r.person) g), '[]'),
	'entries', coalesce((SELECT jsonb_agg(padan.web_entry(e, r.kind, r.subject, r.period, r.current) ORDER BY r.period_from DESC, r.list DESC, r.row)
		FROM (SELECT * FROM rows ORDER BY period_from DESC, list DESC, row LIMIT 200) r
		JOIN padan.entries e ON e.district = r.district AND e.list = r.list AND e.row = r.row), '[]'),
	'flags', coalesce((SELECT jsonb_agg(padan.web_flag(f, padan.web_flag_name(f.list, f.row)) ORDER BY f.status = 'resolved', f.worst, f.flag)
		FROM padan.flags f WHERE f.district = (SELECT padan.web_district()) AND (f.household = $1::bigint OR f.person IN (SELECT m.person FROM members m))), '[]'),
	'decisions', coalesce((SELECT jsonb_agg(padan.web_decision(d) ORDER BY d.decision DESC) FROM padan.decisions d
		WHERE d.district = (SELECT padan.web_district()) AND EXISTS (SELECT FROM rows r WHERE (r.list, r.row) IN ((d.a_list, d.a_row), (d.b_list, d.b_row)))), '[]'),
	'history', coalesce((SELECT jsonb_agg(jsonb_build_object('at', i.at, 'kind', i.kind, 'what', i.what, 'old_id', i.old_id, 'new_id', i.new_id, 'list', i.list) ORDER BY i.event DESC)
		FROM padan.identity_history i WHERE i.district = (SELECT padan.web_district()) AND i.kind = 'household' AND $1::bigint IN (i.old_id, i.new_id)), '[]'),
	'looked', CASE WHEN padan.web_role() = 'administrator' THEN padan.web_looked('household', $1::bigint, NULL, 20) -> 'items' END) AS json
FROM (SELECT 1) one LEFT JOIN newest n ON true
WHERE EXISTS (SELECT FROM rows) OR EXISTS (SELECT FROM gone)
