-- $1 NIK, $2 and $3 lists and rows that the register holds for like the person asked for. Of current lists, and of these as row-level security shows
-- the caller: the rows with that NIK or named so, and the other rows of their persons, in the order of ENTRY_COPY_OUT (daemon/jobs/entry_copy.h);
-- then which list each is of, and the open flags of its person by kind.
WITH hits AS MATERIALIZED (
	(SELECT e.list, e.row, e.person FROM padan.entries e WHERE e.district = (SELECT padan.web_district()) AND e.nik = $1::bigint LIMIT 50)
	UNION
	SELECT e.list, e.row, e.person FROM unnest($2::bigint[], $3::integer[]) AS h (list, "row")
		JOIN padan.entries e ON e.district = (SELECT padan.web_district()) AND e.list = h.list AND e.row = h.row
), persons AS MATERIALIZED (
	SELECT DISTINCT person FROM hits
), flags AS MATERIALIZED (
	SELECT c.person, jsonb_agg(jsonb_build_object('kind', c.kind, 'count', c.n, 'finding', c.finding, 'to_check', c.n - c.finding - c.provisional,
		'provisional', c.provisional) ORDER BY c.kind) AS json
	FROM (SELECT f.person, f.kind, count(*) AS n, count(*) FILTER (WHERE f.state = 'finding') AS finding, count(*) FILTER (WHERE f.state = 'provisional') AS provisional
		FROM persons p JOIN padan.flags f ON f.district = (SELECT padan.web_district()) AND f.person = p.person AND f.status IN ('found', 'assigned', 'confirmed')
		GROUP BY f.person, f.kind) c
	GROUP BY c.person
), rows AS MATERIALIZED (
	SELECT list, row FROM hits
	UNION SELECT o.list, o.row FROM persons p CROSS JOIN LATERAL (
		SELECT e.list, e.row FROM padan.entries e WHERE e.district = (SELECT padan.web_district()) AND e.person = p.person LIMIT 100) o
), current AS MATERIALIZED (
	SELECT s.list, s.kind, s.subject FROM padan.list_status s WHERE s.district = (SELECT padan.web_district()) AND s.current AND s.list IN (SELECT list FROM rows)
)
SELECT e.list, e.row, e.line, e.person, e.household, e.nik, e.nik_digits, e.kk, e.kk_digits, e.birth, e.sex, e.relation, e.desil, e.rt, e.rw, e.village,
	e.name, e.name_shown, e.father_name, e.head_name, e.family_id, e.person_key, e.birth_place, e.address, e.village_text, e.notes,
	s.kind, s.subject, coalesce(f.json, '[]') AS flags
FROM rows r JOIN current s ON s.list = r.list
	-- LIMIT: each row by its key, whatever the planner thinks of how many there are.
	CROSS JOIN LATERAL (SELECT * FROM padan.entries x WHERE x.district = (SELECT padan.web_district()) AND x.list = r.list AND x.row = r.row LIMIT 1) e
	LEFT JOIN flags f ON f.person = e.person
ORDER BY e.list DESC, e.row LIMIT 100
