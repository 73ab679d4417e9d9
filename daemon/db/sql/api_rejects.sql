-- $1 list, $2 after (a row), $3 limit.
WITH l AS (
	SELECT s.district, s.list, s.header, s.rows_rejected FROM padan.lists s WHERE s.district = (SELECT padan.web_district()) AND s.list = $1::bigint
), page AS (
	SELECT r.row, r.line, r.reject, r.reject_en, r.cells FROM l JOIN padan.web_raw_rows r ON r.district = l.district AND r.list = l.list
	WHERE r.reject IS NOT NULL AND ($2::integer IS NULL OR r.row > $2::integer)
	ORDER BY r.row LIMIT least(greatest(coalesce($3::integer, 50), 1), 200)
)
SELECT jsonb_build_object('items', coalesce((SELECT jsonb_agg(jsonb_build_object('row', p.row, 'line', p.line, 'text', p.reject,
		'text_en', coalesce(p.reject_en, p.reject), 'cells', padan.web_cells(p.cells)) ORDER BY p.row) FROM page p), '[]'),
	'next', CASE WHEN (SELECT count(*) FROM page) = least(greatest(coalesce($3::integer, 50), 1), 200) THEN (SELECT max(p.row)::text FROM page p) END,
	'header', coalesce(to_jsonb(l.header), '[]'), 'total', coalesce(l.rows_rejected, 0)) AS json
FROM l
