-- $1 district, $2 the configuration's rules as a JSON array.
WITH wanted AS (
	SELECT * FROM jsonb_to_recordset($2::jsonb)
		AS w (rule text, kind text, programmes text[], reference text, level text, severity text, valid_from date,
		valid_to date, legal_basis text, desil integer, entries integer, years integer)
), old AS (
	SELECT r.rule AS code, to_jsonb(r) - '{district,rule,active}'::text[] AS before
	FROM padan.rules r WHERE r.district = $1::integer AND r.active
), written AS (
	INSERT INTO padan.rules AS r (district, rule, kind, programmes, reference, level, severity, valid_from, valid_to,
			legal_basis, desil, entries, years)
		SELECT $1::integer, w.* FROM wanted w ORDER BY w.rule
		ON CONFLICT (district, rule) DO UPDATE SET kind = excluded.kind, programmes = excluded.programmes,
			reference = excluded.reference, level = excluded.level, severity = excluded.severity,
			valid_from = excluded.valid_from, valid_to = excluded.valid_to, legal_basis = excluded.legal_basis,
			desil = excluded.desil, entries = excluded.entries, years = excluded.years, active = true
		WHERE (r.kind, r.programmes, r.reference, r.level, r.severity, r.valid_from, r.valid_to, r.legal_basis, r.desil,
			r.entries, r.years, r.active) IS DISTINCT FROM
			(excluded.kind, excluded.programmes, excluded.reference, excluded.level, excluded.severity,
			excluded.valid_from, excluded.valid_to, excluded.legal_basis, excluded.desil, excluded.entries,
			excluded.years, true)
		RETURNING r.rule AS code, to_jsonb(r) - '{district,rule,active}'::text[] AS after
), ended AS (
	UPDATE padan.rules r SET active = false
		WHERE r.district = $1::integer AND r.active AND r.rule NOT IN (SELECT w.rule FROM wanted w)
		RETURNING r.rule AS code
)
INSERT INTO padan.config_history (district, thing, code, before, after)
	SELECT $1::integer, 'rule', c.code, old.before, c.after
	FROM (SELECT code, after FROM written UNION ALL SELECT code, NULL FROM ended) c LEFT JOIN old USING (code)
	ORDER BY c.after IS NULL, c.code
	RETURNING thing, code, before, after
