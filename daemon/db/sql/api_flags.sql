-- $1 … $15 the filter (kind, programme, kecamatan, village, state, status, severity, certainty_from, certainty_to, list, rule,
-- assigned_to, period, person, household), $16 sort, $17 after "key:flag", $18 limit.
WITH wanted AS NOT MATERIALIZED (
	SELECT f.*, CASE coalesce($16, 'worst') WHEN 'newest' THEN -f.flag::double precision WHEN 'certain' THEN 1::double precision - f.certainty
			WHEN 'village' THEN coalesce(f.village, 9999999999)::double precision ELSE f.worst END AS sort_key
	FROM padan.flags f
	WHERE f.district = (SELECT padan.web_district())
		AND ($1::text IS NULL OR f.kind = ANY (string_to_array(upper($1), ',')))
		AND ($2::text IS NULL OR f.programme = ANY (string_to_array($2, ',')))
		AND ($3::text IS NULL OR f.village IN (SELECT v.village FROM padan.villages v WHERE lower(v.kecamatan) = lower($3)))
		AND ($4::bigint IS NULL OR f.village = $4::bigint)
		AND ($5::text IS NULL OR f.state = $5)
		AND CASE coalesce($6, 'open') WHEN 'open' THEN f.status IN ('found', 'assigned', 'confirmed') WHEN 'all' THEN true
			WHEN 'undecided' THEN f.status IN ('found', 'assigned') ELSE f.status = $6 END
		AND ($7::text IS NULL OR f.severity = $7)
		AND ($8::real IS NULL OR f.certainty >= $8::real) AND ($9::real IS NULL OR f.certainty <= $9::real)
		AND ($10::bigint IS NULL OR f.list = $10::bigint OR f.found_list = $10::bigint)
		AND ($11::text IS NULL OR f.rule = $11)
		AND ($12::text IS NULL OR coalesce(f.assigned_to, '-') = $12)
		AND ($13::text IS NULL OR f.period = $13)
		AND ($14::bigint IS NULL OR f.person = $14::bigint) AND ($15::bigint IS NULL OR f.household = $15::bigint)
), page AS (
	SELECT w.* FROM wanted w
	WHERE ($17::text IS NULL OR (w.sort_key, w.flag) > (split_part($17, ':', 1)::double precision, split_part($17, ':', 2)::bigint))
	ORDER BY w.sort_key, w.flag LIMIT least(greatest(coalesce($18::integer, 50), 1), 200)
), counted AS (
	SELECT count(*) AS n FROM (SELECT FROM wanted LIMIT 10001) c
)
SELECT jsonb_build_object('items', coalesce((
		SELECT jsonb_agg(padan.web_flag(f, coalesce(e.name_shown, padan.web_flag_name(f.list, f.row))) ORDER BY p.sort_key, p.flag)
		FROM page p JOIN padan.flags f ON f.district = p.district AND f.flag = p.flag
		LEFT JOIN padan.entries e ON e.district = p.district AND e.list = p.list AND e.row = p.row), '[]'),
	'next', CASE WHEN (SELECT count(*) FROM page) = least(greatest(coalesce($18::integer, 50), 1), 200) THEN
		(SELECT p.sort_key || ':' || p.flag FROM page p ORDER BY p.sort_key DESC, p.flag DESC LIMIT 1) END,
	'total', least(c.n, 10000), 'total_more', c.n > 10000) AS json
FROM counted c
