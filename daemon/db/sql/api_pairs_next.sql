-- $1 kind, $2 programme, $3 village, $4 across, $5 second, $6 skip (pairs with commas), $7 limit: the pairs worth most that the
-- caller may decide. Behind each pair's JSON its two entries, in the order of ENTRY_COPY_OUT (daemon/jobs/entry_copy.h), and everybody whom it shows.
WITH page AS (
	SELECT p.* FROM padan.web_open_pairs p
	WHERE p.district = (SELECT padan.web_district()) AND NOT p.said AND ((SELECT padan.web_sees_all()) OR NOT p.across)
		AND ($1::text IS NULL OR p.kind = $1) AND ($2::text IS NULL OR $2 IN (p.a_subject, p.b_subject))
		AND ($3::bigint IS NULL OR $3::bigint IN (p.a_village, p.b_village))
		AND ($4::boolean IS NULL OR p.across = $4::boolean) AND (coalesce($5::boolean, false) = false OR p.opinions > 0)
		AND ($6::text IS NULL OR concat_ws('.', p.kind, p.a_list, p.a_row, p.b_list, p.b_row) <> ALL (string_to_array($6, ',')))
	ORDER BY p.worth DESC, p.kind, p.a_list, p.a_row, p.b_list, p.b_row LIMIT least(greatest(coalesce($7::integer, 3), 1), 5)
)
SELECT w.json, w.progress, a.*, b.*, padan.web_pair_persons(w.json) AS persons
FROM (SELECT p.*, padan.web_pair(p.kind, p.a_list, p.a_row, p.b_list, p.b_row, true) AS json, (SELECT padan.web_review_progress()) AS progress FROM page p) w
CROSS JOIN LATERAL padan.web_entry_fields(w.a_list, w.a_row) a CROSS JOIN LATERAL padan.web_entry_fields(w.b_list, w.b_row) b
ORDER BY w.worth DESC, w.kind, w.a_list, w.a_row, w.b_list, w.b_row
