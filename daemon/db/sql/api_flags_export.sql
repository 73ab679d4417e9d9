-- $1 … $15 as in api_flags.sql: rows as api_flag.sql has them, village by village, 20,000 at most.
WITH lists AS MATERIALIZED (
	SELECT * FROM padan.web_list_words()
), chosen AS MATERIALIZED (
	SELECT f.* FROM padan.web_flags_wanted($1, $2, $3, $4::bigint, $5, $6, $7, $8::real, $9::real, $10::bigint, $11, $12, $13, $14::bigint, $15::bigint) f
	ORDER BY f.worst, f.flag LIMIT 20000
)
SELECT f.flag, f.kind, f.severity, f.certainty, f.state, f.status, f.list, f.row, f.other_list, f.other_row, f.rule, f.person,
	f.household, f.programme, f.village, f.period, f.reason, v.name AS village_name, v.kecamatan,
	l.kind AS list_kind, l.subject AS list_subject, l.period AS list_period, l.rows_accepted,
	ol.kind || ':' || ol.subject || ':' || ol.period AS other, ov.name AS other_village,
	e.person = o.person OR coalesce(p.probability >= 0.2, false) AS same_person,
	e.*, o.*,
	e.person = o.person AND EXISTS (SELECT FROM padan.match_evidence m WHERE m.district = f.district AND m.kind = 'household' AND m.verdict = 'linked'
		AND (m.a_list, m.a_row, m.b_list, m.b_row) IN ((f.list, f.row, f.other_list, f.other_row), (f.other_list, f.other_row, f.list, f.row))) AS by_family,
	(SELECT padan.web_config()) AS config
FROM chosen f
JOIN lists l ON l.list = f.list
LEFT JOIN lists ol ON ol.list = f.other_list
LEFT JOIN padan.villages v ON v.district = f.district AND v.village = f.village
LEFT JOIN LATERAL padan.web_entry_fields(f.list, f.row) e ON true
LEFT JOIN LATERAL padan.web_entry_fields(f.other_list, f.other_row) o ON true
LEFT JOIN padan.villages ov ON ov.district = f.district AND ov.village = o.village
LEFT JOIN padan.match_evidence p ON p.district = f.district AND p.kind = 'person' AND p.probability >= 0.2
	AND p.a_list = least(f.list, f.other_list) AND p.b_list = greatest(f.list, f.other_list)
	AND (p.a_list, p.a_row, p.b_list, p.b_row) IN ((f.list, f.row, f.other_list, f.other_row), (f.other_list, f.other_row, f.list, f.row))
ORDER BY f.village NULLS LAST, e.rw, e.rt, f.household, f.flag
