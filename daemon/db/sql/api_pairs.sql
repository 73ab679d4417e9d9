-- $1 kind, $2 programme, $3 village, $4 across, $5 second, $6 flag, $7 after "worth:kind:a_list:a_row:b_list:b_row", $8 limit.
WITH wanted AS NOT MATERIALIZED (
	SELECT p.* FROM padan.web_open_pairs p
	WHERE p.district = (SELECT padan.web_district()) AND (NOT p.said OR p.unsure)
		AND ($1::text IS NULL OR p.kind = $1) AND ($2::text IS NULL OR $2 IN (p.a_subject, p.b_subject))
		AND ($3::bigint IS NULL OR $3::bigint IN (p.a_village, p.b_village))
		AND ($4::boolean IS NULL OR p.across = $4::boolean) AND (coalesce($5::boolean, false) = false OR p.opinions > 0 AND NOT p.said)
		AND ($6::bigint IS NULL OR EXISTS (
			SELECT FROM padan.flags f JOIN padan.entries e ON e.district = f.district AND (e.list, e.row) IN ((p.a_list, p.a_row), (p.b_list, p.b_row))
			WHERE f.district = p.district AND f.flag = $6::bigint AND (f.person = e.person OR f.household = e.household)))
), page AS MATERIALIZED (
	SELECT w.* FROM wanted w
	WHERE $7::text IS NULL OR (-w.worth, w.kind, w.a_list, w.a_row, w.b_list, w.b_row) > (-split_part($7, ':', 1)::double precision, split_part($7, ':', 2),
		split_part($7, ':', 3)::bigint, split_part($7, ':', 4)::integer, split_part($7, ':', 5)::bigint, split_part($7, ':', 6)::integer)
	ORDER BY w.worth DESC, w.kind, w.a_list, w.a_row, w.b_list, w.b_row LIMIT least(greatest(coalesce($8::integer, 50), 1), 200)
), shown AS MATERIALIZED (
	SELECT p.*, padan.web_pair(p.kind, p.a_list, p.a_row, p.b_list, p.b_row, false) AS json FROM page p
)
SELECT jsonb_build_object('items', coalesce((SELECT jsonb_agg(s.json ORDER BY s.worth DESC, s.kind, s.a_list, s.a_row, s.b_list, s.b_row) FROM shown s
		WHERE s.json IS NOT NULL), '[]'),
	'next', CASE WHEN (SELECT count(*) FROM page) = least(greatest(coalesce($8::integer, 50), 1), 200) THEN
		(SELECT concat_ws(':', p.worth, p.kind, p.a_list, p.a_row, p.b_list, p.b_row) FROM page p
			ORDER BY p.worth, p.kind DESC, p.a_list DESC, p.a_row DESC, p.b_list DESC, p.b_row DESC LIMIT 1) END,
	'left', (SELECT count(*) FROM wanted)) AS json
