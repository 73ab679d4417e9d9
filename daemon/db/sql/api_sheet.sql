-- $1 sheet: its flags as api_flag.sql has them, a row each; the sheet's head and the visit as JSON stand behind them.
WITH lists AS MATERIALIZED (
	SELECT * FROM padan.web_list_words()
)
SELECT f.flag, f.kind, f.severity, f.certainty, f.state, f.status, f.list, f.row, f.other_list, f.other_row, f.rule, f.person,
	f.household, f.programme, f.village, f.period, f.reason, v.name AS village_name, v.kecamatan,
	l.kind AS list_kind, l.subject AS list_subject, l.period AS list_period, l.rows_accepted,
	ol.kind || ':' || ol.subject || ':' || ol.period AS other, ov.name AS other_village,
	e.person = o.person OR EXISTS (SELECT FROM padan.match_evidence p WHERE p.district = f.district AND p.kind = 'person' AND p.probability >= 0.2
		AND (p.a_list, p.a_row, p.b_list, p.b_row) IN ((f.list, f.row, f.other_list, f.other_row), (f.other_list, f.other_row, f.list, f.row))) AS same_person,
	e.*, o.*,
	e.person = o.person AND EXISTS (SELECT FROM padan.match_evidence m WHERE m.district = f.district AND m.kind = 'household' AND m.verdict = 'linked'
		AND (m.a_list, m.a_row, m.b_list, m.b_row) IN ((f.list, f.row, f.other_list, f.other_row), (f.other_list, f.other_row, f.list, f.row))) AS by_family,
	(SELECT padan.web_config()) AS config, padan.web_sheet(s) AS sheet,
	(SELECT array_agg(DISTINCT h.household) FROM padan.sheet_visits h WHERE h.district = s.district AND h.sheet = s.sheet AND h.household IS NOT NULL) AS seen_households,
	jsonb_build_object('item', i.item, 'flag', f.flag, 'kind', f.kind, 'name', e.name_shown, 'nik', padan.web_number(e.nik), 'birth', padan.web_birth(e.birth, false),
		'rt', nullif(e.rt, 0), 'rw', nullif(e.rw, 0), 'address', e.address, 'programme', f.programme, 'household', i.household,
		'members', (SELECT coalesce(jsonb_agg(m.name ORDER BY m.relation = 0, m.relation, m.name), '[]') FROM (
			SELECT x.person, min(x.name_shown) AS name, min(x.relation) AS relation FROM padan.entries x JOIN padan.lists y USING (district, list)
			WHERE x.district = f.district AND x.household = i.household AND y.state = 'done' GROUP BY x.person LIMIT 20) m),
		'result', i.result, 'note', i.note, 'verifier', i.verifier, 'at', i.at) AS json
FROM padan.sheets s
JOIN padan.sheet_visits i ON i.district = s.district AND i.sheet = s.sheet
JOIN padan.flags f ON f.district = s.district AND f.flag = i.flag
JOIN lists l ON l.list = f.list
LEFT JOIN lists ol ON ol.list = f.other_list
LEFT JOIN padan.villages v ON v.district = f.district AND v.village = f.village
LEFT JOIN LATERAL padan.web_entry_fields(f.list, f.row) e ON true
LEFT JOIN LATERAL padan.web_entry_fields(f.other_list, f.other_row) o ON true
LEFT JOIN padan.villages ov ON ov.district = f.district AND ov.village = o.village
WHERE s.district = (SELECT padan.web_district()) AND s.sheet = $1::bigint
ORDER BY i.item
