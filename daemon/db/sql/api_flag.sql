-- $1 flag: the columns of cli_cases.sql, that daemon/export/flag_case.h reads; then the configuration and what the page shows as JSON.
SELECT f.flag, f.kind, f.severity, f.certainty, f.state, f.status, f.list, f.row, f.other_list, f.other_row, f.rule, f.person,
	f.household, f.programme, f.village, f.period, f.reason, v.name AS village_name, v.kecamatan,
	l.kind AS list_kind, l.subject AS list_subject, l.period AS list_period, l.rows_accepted,
	ol.kind || ':' || ol.subject || ':' || ol.period AS other, ov.name AS other_village,
	e.person = o.person OR coalesce(p.probability >= 0.2, false) AS same_person,
	e.*, o.*,
	e.person = o.person AND EXISTS (SELECT FROM padan.match_evidence m WHERE m.district = f.district AND m.kind = 'household' AND m.verdict = 'linked'
		AND (m.a_list, m.a_row, m.b_list, m.b_row) IN ((f.list, f.row, f.other_list, f.other_row), (f.other_list, f.other_row, f.list, f.row))) AS by_family,
	padan.web_config() AS config,
	padan.web_flag(f, e.name_shown) || jsonb_build_object('entry', padan.web_flag_entry(f.flag, false), 'other', padan.web_flag_entry(f.flag, true),
		'family', padan.web_family(f.household, coalesce(f.person, 0)),
		'rule_text', (SELECT to_jsonb(r) - 'district' FROM padan.rules r WHERE r.district = f.district AND r.rule = f.rule),
		'history', (SELECT coalesce(jsonb_agg(jsonb_build_object('at', h.at, 'who', h.who, 'from_status', h.from_status, 'to_status', h.to_status,
			'from_state', h.from_state, 'to_state', h.to_state, 'certainty', h.certainty, 'list', h.list, 'reason', h.reason) ORDER BY h.change), '[]')
			FROM padan.flag_history h WHERE h.district = f.district AND h.flag = f.flag),
		'pair', CASE WHEN p.verdict = 'doubtful' THEN concat_ws('.', p.kind, p.a_list, p.a_row, p.b_list, p.b_row) END,
		'may', CASE WHEN padan.web_decides_flag(f) THEN (SELECT coalesce(jsonb_agg(CASE t.to_status WHEN 'assigned' THEN 'assign' WHEN 'confirmed' THEN 'confirm'
			WHEN 'dismissed' THEN 'dismiss' ELSE 'reopen' END ORDER BY t.to_status), '[]')
			FROM padan.flag_transitions t WHERE t.from_status = f.status AND t.to_status <> 'resolved' AND f.status <> 'resolved') ELSE '[]' END) AS json
FROM padan.flags f
CROSS JOIN LATERAL padan.web_list_of(f.list) l
LEFT JOIN LATERAL padan.web_list_of(f.other_list) ol ON true
LEFT JOIN padan.villages v ON v.district = f.district AND v.village = f.village
LEFT JOIN LATERAL padan.web_entry_fields(f.list, f.row) e ON true
LEFT JOIN LATERAL padan.web_entry_fields(f.other_list, f.other_row) o ON true
LEFT JOIN padan.villages ov ON ov.district = f.district AND ov.village = o.village
LEFT JOIN padan.match_evidence p ON p.district = f.district AND p.kind = 'person'
	AND (p.a_list, p.a_row, p.b_list, p.b_row) IN ((f.list, f.row, f.other_list, f.other_row), (f.other_list, f.other_row, f.list, f.row))
WHERE f.district = (SELECT padan.web_district()) AND f.flag = $1::bigint
LIMIT 1
