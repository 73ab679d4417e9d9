-- $1 [[list, row], …], $2 the rule's code: those entries, in this order; whose they are is recorded.
WITH shown AS MATERIALIZED (
	SELECT x.n, e.person, padan.web_entry(e, s.kind, s.subject, s.period, coalesce(s.current, false)) AS json
	FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS x (at, n)
	JOIN padan.entries e ON e.district = (SELECT padan.web_district()) AND e.list = (x.at ->> 0)::bigint AND e.row = (x.at ->> 1)::integer
	JOIN padan.list_status s ON s.district = e.district AND s.list = e.list
)
SELECT coalesce((SELECT jsonb_agg(s.json ORDER BY s.n) FROM shown s), '[]') AS json,
	padan.audit('rule.dry_run', 'person', (SELECT array_agg(s.person ORDER BY s.n) FROM shown s), jsonb_build_object('rule', $2::text))
