-- $1 district, $2 code, $3 name, $4 configuration text, $5 target office. One row per change, as apply_*.sql all give.
WITH old AS (
	SELECT d.name, d.target_office FROM padan.districts d WHERE d.district = $1::integer
), written AS (
	INSERT INTO padan.districts AS d (district, code, name, config, target_office)
		VALUES ($1::integer, $2, $3, $4, $5)
		ON CONFLICT (district) DO UPDATE SET name = excluded.name, config = excluded.config,
			target_office = excluded.target_office, applied_at = clock_timestamp(), applied_by = padan.actor()
		RETURNING d.code, d.name, d.target_office
)
INSERT INTO padan.config_history (district, thing, code, before, after)
	SELECT $1::integer, 'district', w.code, (SELECT to_jsonb(o) FROM old o),
		jsonb_build_object('name', w.name, 'target_office', w.target_office)
	FROM written w
	WHERE NOT EXISTS (SELECT FROM old o WHERE (o.name, o.target_office) IS NOT DISTINCT FROM (w.name, w.target_office))
	RETURNING thing, code, before, after
