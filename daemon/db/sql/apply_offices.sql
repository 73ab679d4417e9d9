-- $1 district, $2 the configuration's offices as a JSON array.
WITH wanted AS (
	SELECT * FROM jsonb_to_recordset($2::jsonb) AS w (office text, name text, email text)
), old AS (
	SELECT o.office AS code, jsonb_build_object('name', o.name, 'email', o.email) AS before
	FROM padan.offices o WHERE o.district = $1::integer AND o.active
), written AS (
	INSERT INTO padan.offices AS o (district, office, name, email)
		SELECT $1::integer, w.office, w.name, w.email FROM wanted w ORDER BY w.office
		ON CONFLICT (district, office) DO UPDATE SET name = excluded.name, email = excluded.email, active = true
		WHERE (o.name, o.email, o.active) IS DISTINCT FROM (excluded.name, excluded.email, true)
		RETURNING o.office AS code, jsonb_build_object('name', o.name, 'email', o.email) AS after
), ended AS (
	UPDATE padan.offices o SET active = false
		WHERE o.district = $1::integer AND o.active AND o.office NOT IN (SELECT w.office FROM wanted w)
		RETURNING o.office AS code
)
INSERT INTO padan.config_history (district, thing, code, before, after)
	SELECT $1::integer, 'office', c.code, old.before, c.after
	FROM (SELECT code, after FROM written UNION ALL SELECT code, NULL FROM ended) c LEFT JOIN old USING (code)
	ORDER BY c.after IS NULL, c.code
	RETURNING thing, code, before, after
