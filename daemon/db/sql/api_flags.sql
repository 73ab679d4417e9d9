-- $1 … $15 the filter (kind, programme, kecamatan, village, state, status, severity, certainty_from, certainty_to, list, rule,
-- assigned_to, period, person, household), $16 sort, $17 after "key:flag", $18 limit, $19 and $20 the caller's office and its lists.
WITH wanted AS NOT MATERIALIZED (
	SELECT f.*, CASE coalesce($16, 'worst') WHEN 'newest' THEN -f.flag::double precision WHEN 'certain' THEN 1::double precision - f.certainty
			WHEN 'village' THEN coalesce(f.village, 9999999999)::double precision ELSE f.worst END AS sort_key
	FROM padan.web_flags_wanted($1, $2, $3, $4::bigint, $5, $6, $7, $8::real, $9::real, $10::bigint, $11, $12, $13, $14::bigint, $15::bigint,
		$20::bigint[], $19) f
), page AS MATERIALIZED (
	SELECT w.district, w.flag, w.list, w.row, w.sort_key FROM wanted w
	WHERE ($17::text IS NULL OR (w.sort_key, w.flag) > (split_part($17, ':', 1)::double precision, split_part($17, ':', 2)::bigint))
	ORDER BY w.sort_key, w.flag LIMIT least(greatest(coalesce($18::integer, 50), 1), 200)
), counted AS (
	SELECT coalesce(sum(c.n), 0) AS n
	FROM padan.web_flag_cells($1, $2, $3, $4::bigint, $5, $6, $7, $8::real, $9::real, $10::bigint, $11, $12, $13, $14::bigint, $15::bigint) c
)
SELECT jsonb_build_object('items', coalesce((
		SELECT jsonb_agg(padan.web_flag(f, coalesce(e.name_shown, padan.web_flag_name(f.list, f.row))) ORDER BY p.sort_key, p.flag)
		FROM page p JOIN padan.flags f ON f.district = p.district AND f.flag = p.flag
		LEFT JOIN padan.entries e ON e.district = p.district AND e.list = p.list AND e.row = p.row), '[]'),
	'next', CASE WHEN (SELECT count(*) FROM page) = least(greatest(coalesce($18::integer, 50), 1), 200) THEN
		(SELECT p.sort_key || ':' || p.flag FROM page p ORDER BY p.sort_key DESC, p.flag DESC LIMIT 1) END,
	'total', least(c.n, 10000), 'total_more', c.n > 10000) AS json
FROM counted c
