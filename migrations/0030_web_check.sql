-- Checking one NIK, with a plan that the connection keeps: planning took as long as looking. Row-level security is the caller's.
CREATE FUNCTION padan.web_check(a_nik bigint) RETURNS TABLE (list bigint, "row" integer, line bigint, person bigint, household bigint,
	nik bigint, nik_digits smallint, kk bigint, kk_digits smallint, birth integer, sex smallint, relation smallint, desil smallint, rt smallint, rw smallint,
	village bigint, name text, name_shown text, father_name text, head_name text, family_id text, person_key text, birth_place text, address text,
	village_text text, notes text[], kind text, subject text, flags jsonb)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT e.list, e.row, e.line, e.person, e.household, e.nik, e.nik_digits, e.kk, e.kk_digits, e.birth, e.sex, e.relation, e.desil, e.rt, e.rw, e.village,
		e.name, e.name_shown, e.father_name, e.head_name, e.family_id, e.person_key, e.birth_place, e.address, e.village_text, e.notes,
		s.kind, s.subject, (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', c.kind, 'count', c.n, 'finding', c.finding, 'to_check', c.n - c.finding - c.provisional,
				'provisional', c.provisional) ORDER BY c.kind), '[]')
			FROM (SELECT f.kind, count(*) AS n, count(*) FILTER (WHERE f.state = 'finding') AS finding, count(*) FILTER (WHERE f.state = 'provisional') AS provisional
				FROM padan.flags f WHERE f.district = e.district AND f.person = e.person AND f.status IN ('found', 'assigned', 'confirmed') GROUP BY f.kind) c) AS flags
	FROM padan.entries e JOIN padan.list_status s ON s.district = e.district AND s.list = e.list AND s.current
	WHERE e.district = (SELECT padan.web_district()) AND e.nik = a_nik
	ORDER BY e.list DESC, e.row LIMIT 50;
END
$$;
GRANT EXECUTE ON FUNCTION padan.web_check(bigint) TO padan_web;
