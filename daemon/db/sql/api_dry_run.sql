-- $1 [[list, row], …]: those entries, in this order.
WITH shown AS (
	SELECT x.n, e.person, padan.web_entry(e, s.kind, s.subject, s.period, coalesce(s.current, false)) AS json
	FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS x (at, n)
	JOIN padan.entries e ON e.district = (SELECT padan.web_district()) AND e.list = (x.at ->> 0)::bigint AND e.row = (x.at ->> 1)::integer
	JOIN padan.list_status s ON s.district = e.district AND s.list = e.list
)
SELECT coalesce(jsonb_agg(s.json ORDER BY s.n), '[]') AS json, array_agg(s.person ORDER BY s.n) AS persons FROM shown s
