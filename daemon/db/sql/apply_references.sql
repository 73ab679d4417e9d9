-- $1 district, $2 the configuration's references as a JSON array.
WITH wanted AS (
	SELECT * FROM jsonb_to_recordset($2::jsonb) AS w (reference text, name text, office text)
), old AS (
	SELECT r.reference AS code, jsonb_build_object('name', r.name, 'office', r.office) AS before
	FROM padan.reference_lists r WHERE r.district = $1::integer AND r.active
), written AS (
	INSERT INTO padan.reference_lists AS r (district, reference, name, office)
		SELECT $1::integer, w.* FROM wanted w ORDER BY w.reference
		ON CONFLICT (district, reference) DO UPDATE SET name = excluded.name, office = excluded.office, active = true
		WHERE (r.name, r.office, r.active) IS DISTINCT FROM (excluded.name, excluded.office, true)
		RETURNING r.reference AS code, jsonb_build_object('name', r.name, 'office', r.office) AS after
), ended AS (
	UPDATE padan.reference_lists r SET active = false
		WHERE r.district = $1::integer AND r.active AND r.reference NOT IN (SELECT w.reference FROM wanted w)
		RETURNING r.reference AS code
)
INSERT INTO padan.config_history (district, thing, code, before, after)
	SELECT $1::integer, 'reference', c.code, old.before, c.after
	FROM (SELECT code, after FROM written UNION ALL SELECT code, NULL FROM ended) c LEFT JOIN old USING (code)
	ORDER BY c.after IS NULL, c.code
	RETURNING thing, code, before, after
