-- $1 NIK: entries of current lists that bear it and that the caller may see, in the order of ENTRY_COPY_OUT (daemon/jobs/entry_copy.h), then
-- which list each is and the open flags of its person by kind.
SELECT e.list, e.row, e.line, e.person, e.household, e.nik, e.nik_digits, e.kk, e.kk_digits, e.birth, e.sex, e.relation, e.desil, e.rt, e.rw, e.village,
	e.name, e.name_shown, e.father_name, e.head_name, e.family_id, e.person_key, e.birth_place, e.address, e.village_text, e.notes,
	s.kind, s.subject, (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', c.kind, 'count', c.n, 'finding', c.finding, 'to_check', c.n - c.finding - c.provisional,
			'provisional', c.provisional) ORDER BY c.kind), '[]')
		FROM (SELECT f.kind, count(*) AS n, count(*) FILTER (WHERE f.state = 'finding') AS finding, count(*) FILTER (WHERE f.state = 'provisional') AS provisional
			FROM padan.flags f WHERE f.district = e.district AND f.person = e.person AND f.status IN ('found', 'assigned', 'confirmed') GROUP BY f.kind) c) AS flags
FROM padan.entries e JOIN padan.list_status s ON s.district = e.district AND s.list = e.list AND s.current
WHERE e.district = (SELECT padan.web_district()) AND e.nik = $1::bigint
ORDER BY e.list DESC, e.row LIMIT 50
