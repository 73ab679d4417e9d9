-- Expected errors at thresholds, by the probabilities of the pairs that were kept.
WITH counted AS MATERIALIZED (
	SELECT width_bucket(m.probability::numeric, 0, 1.0000001, 200) AS b, count(*) AS n, sum(m.probability) AS right
	FROM padan.match_evidence m
	JOIN padan.list_status la ON la.district = m.district AND la.list = m.a_list AND la.current
	JOIN padan.list_status lb ON lb.district = m.district AND lb.list = m.b_list AND lb.current
	WHERE m.district = (SELECT padan.web_district()) AND m.kind = 'person' GROUP BY 1
), totals AS (
	SELECT count(*) FILTER (WHERE m.verdict = 'doubtful') AS doubtful, min(m.probability) FILTER (WHERE m.verdict = 'linked') AS linked
	FROM padan.match_evidence m WHERE m.district = (SELECT padan.web_district()) AND m.kind = 'person'
)
SELECT jsonb_build_object('finding', padan.web_finding_threshold(), 'linked', coalesce(t.linked, 0.5), 'doubtful', t.doubtful,
	'curve', (SELECT jsonb_agg(jsonb_build_object('threshold', g.t / 200.0, 'linked', coalesce(c.n, 0), 'expected_wrong', round(coalesce(c.wrong, 0)::numeric, 2),
			'expected_missed', round(coalesce(c.missed, 0)::numeric, 2)) ORDER BY g.t)
		FROM generate_series(10, 200, 5) AS g (t)
		CROSS JOIN LATERAL (SELECT sum(n) FILTER (WHERE b > g.t) AS n, sum(n - "right") FILTER (WHERE b > g.t) AS wrong, sum("right") FILTER (WHERE b <= g.t) AS missed
			FROM counted) c)) AS json
FROM totals t
