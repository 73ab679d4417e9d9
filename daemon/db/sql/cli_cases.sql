-- Flags with the rows that they stand on, for explanations and exports. $1 … $9 as in cli_flags.sql, $10 one flag's number,
-- $11 how many at most (0: all). Behind the 26 columns of the flag come 26 of its entry and 26 of its counterpart, as
-- ENTRY_COPY_OUT (daemon/jobs/entry_copy.h) has them. By village, so that each village's flags stand together.
SELECT f.flag, f.kind, f.severity, f.certainty, f.state, f.status, f.list, f.row, f.other_list, f.other_row, f.rule, f.person,
	f.household, f.programme, f.village, f.period, f.reason, v.name AS village_name, v.kecamatan,
	l.kind AS list_kind, l.subject AS list_subject, l.period AS list_period, l.rows_accepted,
	ol.kind || ':' || ol.subject || ':' || ol.period AS other, ov.name AS other_village,
	-- One person by verdict, or by a doubtful link that is worth telling: EXPLAIN_SAME_PERSON_FROM (matcher/flag/explain.h).
	e.person = o.person OR EXISTS (SELECT FROM padan.match_evidence m WHERE m.district = f.district AND m.kind = 'person'
		AND m.probability >= 0.2
		AND (m.a_list, m.a_row, m.b_list, m.b_row) IN ((f.list, f.row, f.other_list, f.other_row),
		(f.other_list, f.other_row, f.list, f.row))) AS same_person,
	e.list, e.row, e.line, e.person, e.household, e.nik, e.nik_digits, e.kk, e.kk_digits, e.birth, e.sex,
	e.relation, e.desil, e.rt, e.rw, e.village, e.name, e.name_shown, e.father_name, e.head_name, e.family_id,
	e.person_key, e.birth_place, e.address, e.village_text, e.notes,
	o.list, o.row, o.line, o.person, o.household, o.nik, o.nik_digits, o.kk, o.kk_digits, o.birth, o.sex,
	o.relation, o.desil, o.rt, o.rw, o.village, o.name, o.name_shown, o.father_name, o.head_name, o.family_id,
	o.person_key, o.birth_place, o.address, o.village_text, o.notes,
	e.person = o.person AND EXISTS (SELECT FROM padan.match_evidence m WHERE m.district = f.district AND m.kind = 'household'
		AND m.verdict = 'linked'
		AND (m.a_list, m.a_row, m.b_list, m.b_row) IN ((f.list, f.row, f.other_list, f.other_row),
		(f.other_list, f.other_row, f.list, f.row))) AS by_family
FROM padan.flags f
JOIN padan.lists l ON l.district = f.district AND l.list = f.list
LEFT JOIN padan.villages v ON v.district = f.district AND v.village = f.village
LEFT JOIN padan.entries e ON e.district = f.district AND e.list = f.list AND e.row = f.row
LEFT JOIN padan.lists ol ON ol.district = f.district AND ol.list = f.other_list
LEFT JOIN padan.entries o ON o.district = f.district AND o.list = f.other_list AND o.row = f.other_row
LEFT JOIN padan.villages ov ON ov.district = o.district AND ov.village = o.village
WHERE f.district = $1::integer
	AND ($2::text IS NULL OR f.kind = upper($2))
	AND ($3::text IS NULL OR f.programme = $3)
	AND ($4::text IS NULL OR f.village::text = replace($4, '.', '') OR lower(v.name) = lower($4))
	AND ($5::text IS NULL OR f.state = $5)
	AND CASE $6::text WHEN 'open' THEN f.status IN ('found', 'assigned', 'confirmed') WHEN 'all' THEN true ELSE f.status = $6 END
	AND ($7::bigint IS NULL OR f.list = $7::bigint OR f.found_list = $7::bigint)
	AND ($8::text IS NULL OR f.severity = $8)
	AND ($9::text IS NULL OR f.assigned_to = $9)
	AND ($10::bigint IS NULL OR f.flag = $10::bigint)
	-- Mending data is desk work: such flags are exported by their kind, or by their severity.
	AND (f.kind <> 'DATA_QUALITY' OR coalesce($2::text, $8::text, $10::text) IS NOT NULL)
ORDER BY f.village NULLS LAST, e.rw, e.rt, f.household, f.flag
LIMIT nullif($11::bigint, 0)
