-- $1 district, $2 the configuration's programmes as a JSON array.
WITH wanted AS (
	SELECT * FROM jsonb_to_recordset($2::jsonb)
		AS w (programme text, name text, office text, unit text, inclusion boolean, expected boolean, expected_months integer[])
), old AS (
	SELECT p.programme AS code, to_jsonb(p) - '{district,programme,active}'::text[] AS before
	FROM padan.programmes p WHERE p.district = $1::integer AND p.active
), written AS (
	INSERT INTO padan.programmes AS p (district, programme, name, office, unit, inclusion, expected, expected_months)
		SELECT $1::integer, w.* FROM wanted w ORDER BY w.programme
		ON CONFLICT (district, programme) DO UPDATE SET name = excluded.name, office = excluded.office,
			unit = excluded.unit, inclusion = excluded.inclusion, expected = excluded.expected,
			expected_months = excluded.expected_months, active = true
		WHERE (p.name, p.office, p.unit, p.inclusion, p.expected, p.expected_months, p.active) IS DISTINCT FROM
			(excluded.name, excluded.office, excluded.unit, excluded.inclusion, excluded.expected,
			excluded.expected_months, true)
		RETURNING p.programme AS code, to_jsonb(p) - '{district,programme,active}'::text[] AS after
), ended AS (
	UPDATE padan.programmes p SET active = false
		WHERE p.district = $1::integer AND p.active AND p.programme NOT IN (SELECT w.programme FROM wanted w)
		RETURNING p.programme AS code
)
INSERT INTO padan.config_history (district, thing, code, before, after)
	SELECT $1::integer, 'programme', c.code, old.before, c.after
	FROM (SELECT code, after FROM written UNION ALL SELECT code, NULL FROM ended) c LEFT JOIN old USING (code)
	ORDER BY c.after IS NULL, c.code
	RETURNING thing, code, before, after
