-- $1 level (household, person), $2 kecamatan, $3 village: programmes against each other, and exact combinations.
WITH cells AS MATERIALIZED (
	SELECT c.programmes, sum(c.n) AS n FROM padan.web_reach_counts c
	WHERE c.district = (SELECT padan.web_district()) AND c.level = coalesce($1, 'household') AND c.programmes <> '{}'
		AND ($3::bigint IS NULL OR c.village = $3::bigint)
		AND ($2::text IS NULL OR c.village IN (SELECT v.village FROM padan.villages v WHERE lower(v.kecamatan) = lower($2)))
	GROUP BY c.programmes
), one AS (
	SELECT u.programme, sum(c.n) AS n FROM cells c, unnest(c.programmes) AS u (programme) GROUP BY u.programme
), two AS (
	SELECT a.programme AS a, b.programme AS b, sum(c.n) AS n
	FROM cells c, unnest(c.programmes) AS a (programme), unnest(c.programmes) AS b (programme)
	WHERE a.programme <> b.programme GROUP BY 1, 2
), forbidden AS (
	SELECT r.programmes[1] AS first, u.programme AS other, array_agg(r.rule ORDER BY r.rule) AS rules
	FROM padan.rules r, unnest(r.programmes[2:]) AS u (programme)
	WHERE r.district = (SELECT padan.web_district()) AND r.kind = 'forbidden_overlap' AND r.active
		AND (r.valid_to IS NULL OR r.valid_to >= current_date) AND ($1 IS DISTINCT FROM 'person' OR r.level IN ('person', 'household'))
	GROUP BY 1, 2
), allowed AS (
	SELECT t.*, (SELECT array_agg(DISTINCT x.rule ORDER BY x.rule) FROM forbidden f, unnest(f.rules) AS x (rule)
		WHERE (f.first, f.other) IN ((t.a, t.b), (t.b, t.a))) AS rules
	FROM two t
)
SELECT jsonb_build_object('level', coalesce($1, 'household'),
	'programmes', coalesce((SELECT jsonb_agg(jsonb_build_object('key', o.programme, 'count', o.n) ORDER BY o.n DESC, o.programme) FROM one o), '[]'),
	'cells', coalesce((SELECT jsonb_agg(jsonb_build_object('a', t.a, 'b', t.b, 'count', t.n, 'forbidden', t.rules IS NOT NULL,
			'rules', to_jsonb(coalesce(t.rules, '{}')), 'share_of_a', round(t.n / nullif(o.n, 0), 4)) ORDER BY t.a, t.b)
		FROM allowed t JOIN one o ON o.programme = t.a), '[]'),
	'sets', coalesce((SELECT jsonb_agg(jsonb_build_object('programmes', to_jsonb(c.programmes), 'count', c.n,
			'forbidden', EXISTS (SELECT FROM forbidden f WHERE f.first = ANY (c.programmes) AND f.other = ANY (c.programmes)))
			ORDER BY c.n DESC, c.programmes)
		FROM (SELECT * FROM cells ORDER BY n DESC, programmes LIMIT 100) c), '[]'),
	'at', coalesce((SELECT m.at FROM padan.web_made m WHERE m.district = padan.web_district()), clock_timestamp())) AS json
