-- Remembered headers, as far as the caller may see them, and what the configuration calls columns.
WITH words AS (
	SELECT trim(split_part(line, '=', 1)) AS role, (SELECT coalesce(jsonb_agg(trim(w) ORDER BY n), '[]') FROM regexp_split_to_table(split_part(line, '=', 2), ',') WITH ORDINALITY AS s (w, n)) AS said
	FROM regexp_split_to_table(coalesce((regexp_match(padan.web_config(), '\[columns\]([^\[]*)'))[1], ''), '\n') AS line
	WHERE line ~ '^\s*[a-z_]+\s*='
)
SELECT jsonb_build_object('remembered', coalesce((SELECT jsonb_agg(jsonb_build_object('office', m.office, 'header', to_jsonb(m.header),
		'roles', (SELECT jsonb_agg(coalesce(m.mapping ->> (h.n - 1)::text, 'ignore') ORDER BY h.n) FROM unnest(m.header) WITH ORDINALITY AS h (cell, n)),
		'used_at', m.used_at) ORDER BY m.used_at DESC)
	FROM (SELECT * FROM padan.column_mappings c WHERE c.district = (SELECT padan.web_district()) ORDER BY c.used_at DESC LIMIT 200) m), '[]'),
	'synonyms', coalesce((SELECT jsonb_object_agg(w.role, w.said) FROM words w), '{}')) AS json
