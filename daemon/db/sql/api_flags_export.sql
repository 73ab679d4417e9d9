-- $1 … $15 as in api_flags.sql: rows as api_flag.sql has them, village by village, 20,000 at most.
WITH lists AS MATERIALIZED (
	SELECT * FROM padan.web_list_words()
), chosen AS MATERIALIZED (
	SELECT f.* FROM padan.flags f
	WHERE f.district = (SELECT padan.web_district())
		AND ($1::text IS NULL OR f.kind = ANY (string_to_array(upper($1), ',')))
		AND ($2::text IS NULL OR f.programme = ANY (string_to_array($2, ',')))
		AND ($3::text IS NULL OR f.village IN (SELECT v.village FROM padan.villages v WHERE lower(v.kecamatan) = lower($3)))
		AND ($4::bigint IS NULL OR f.village = $4::bigint)
		AND ($5::text IS NULL OR f.state = $5)
		AND CASE coalesce($6, 'open') WHEN 'open' THEN f.status IN ('found', 'assigned', 'confirmed') WHEN 'all' THEN true
			WHEN 'undecided' THEN f.status IN ('found', 'assigned') ELSE f.status = $6 END
		AND ($7::text IS NULL OR f.severity = $7)
		AND ($8::real IS NULL OR f.certainty >= $8::real) AND ($9::real IS NULL OR f.certainty <= $9::real)
		AND ($10::bigint IS NULL OR f.list = $10::bigint OR f.found_list = $10::bigint)
		AND ($11::text IS NULL OR f.rule = $11)
		AND ($12::text IS NULL OR coalesce(f.assigned_to, '-') = $12)
		AND ($13::text IS NULL OR f.period = $13)
		AND ($14::bigint IS NULL OR f.person = $14::bigint) AND ($15::bigint IS NULL OR f.household = $15::bigint)
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
