-- $1 … $15 the filter (kind, programme, kecamatan, village, state, status, severity, certainty_from, certainty_to, list, rule,
-- assigned_to, period, person, household), $16 sort, $17 after (what was "next"), $18 limit, $19 and $20 the caller's office and its lists.
WITH page AS MATERIALIZED (
	SELECT p.* FROM padan.web_flags_page($16, nullif($17, ''), least(greatest(coalesce($18::integer, 50), 1), 200), $1, $2, $3, $4::bigint, $5, $6, $7,
		$8::real, $9::real, $10::bigint, $11, $12, $13, $14::bigint, $15::bigint, $20::bigint[], $19) WITH ORDINALITY AS p (flag, list, "row", place, n)
), shown AS MATERIALIZED (
	SELECT p.n, padan.web_flag(f, coalesce(e.name_shown, padan.web_flag_name(f.list, f.row))) AS json, coalesce(f.person, e.person) AS person
	FROM page p JOIN padan.flags f ON f.district = (SELECT padan.web_district()) AND f.flag = p.flag
	LEFT JOIN padan.entries e ON e.district = f.district AND e.list = p.list AND e.row = p.row
), counted AS (
	SELECT coalesce(sum(c.n), 0) AS n
	FROM padan.web_flag_cells($1, $2, $3, $4::bigint, $5, $6, $7, $8::real, $9::real, $10::bigint, $11, $12, $13, $14::bigint, $15::bigint) c
)
SELECT jsonb_build_object('items', coalesce((SELECT jsonb_agg(s.json ORDER BY s.n) FROM shown s), '[]'),
	'next', (SELECT p.place FROM page p WHERE p.n = least(greatest(coalesce($18::integer, 50), 1), 200)),
	'total', least(c.n, 10000), 'total_more', c.n > 10000) AS json,
	(SELECT array_agg(DISTINCT s.person) FROM shown s WHERE s.person IS NOT NULL) AS seen_persons
FROM counted c
