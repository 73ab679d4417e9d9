-- What came of a list: $1 district, $2 list. Its flags are counted in cells, as for the pages, so that it costs the list and not all flags.
SELECT l.state, l.subject, l.period, to_char(l.received_at, 'YYYY-MM-DD HH24:MI'), coalesce(l.rows_read, 0),
	coalesce(l.rows_accepted, 0), CASE WHEN l.state <> 'refused' THEN coalesce(l.rows_rejected, 0) ELSE
		(SELECT count(*) FROM padan.raw_rows r WHERE r.district = l.district AND r.list = l.list AND r.reject IS NOT NULL) END, l.refused_id, l.refused_en, coalesce(l.header, '{}'),
	coalesce(l.delimiter, ''),
	coalesce((SELECT string_agg(k.kind || ' ' || k.n, ' ' ORDER BY k.kind) FROM (
		SELECT f.kind, sum(f.n) AS n FROM padan.web_flag_counts f
		WHERE f.district = l.district AND f.found_list = l.list AND f.status IN ('found', 'assigned', 'confirmed')
			AND f.state <> 'provisional'
		GROUP BY f.kind HAVING sum(f.n) > 0) k), ''),
	(SELECT count(*) FROM padan.entries e, unnest(e.notes) AS n (note)
		WHERE e.district = l.district AND e.list = l.list AND n.note LIKE 'village\_unknown:%'),
	(SELECT count(*) FROM padan.entries e, unnest(e.notes) AS n (note)
		WHERE e.district = l.district AND e.list = l.list AND n.note LIKE 'village\_bps:%')
FROM padan.lists l
WHERE l.district = $1::integer AND l.list = $2::bigint
