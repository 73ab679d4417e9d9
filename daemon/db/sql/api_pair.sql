-- $1 pair: as a row of api_pairs_next.sql.
SELECT w.json, NULL::jsonb AS progress, a.*, b.*, padan.web_pair_persons(w.json) AS persons
FROM padan.web_pair_parse($1) p
CROSS JOIN LATERAL (SELECT padan.web_pair(p.kind, p.a_list, p.a_row, p.b_list, p.b_row, true) AS json OFFSET 0) w
CROSS JOIN LATERAL padan.web_entry_fields(p.a_list, p.a_row) a CROSS JOIN LATERAL padan.web_entry_fields(p.b_list, p.b_row) b
