-- An office's figures count what its pages show: the flags of its lists on either side of them, and those given to it. Until now
-- an overlap of two offices was counted for one of them alone.
CREATE OR REPLACE FUNCTION padan.web_refresh_figures(a_district integer) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
	WITH cells AS MATERIALIZED (
		SELECT f.list, f.other_list, f.assigned_to, f.kind, sum(f.n) AS n FROM padan.web_flag_counts f
		WHERE f.district = a_district AND f.status IN ('found', 'assigned', 'confirmed') AND f.kind <> 'DATA_QUALITY'
		GROUP BY f.list, f.other_list, f.assigned_to, f.kind
	), of_office AS (
		SELECT o.office, c.kind, c.n FROM cells c CROSS JOIN LATERAL (
			SELECT l.office FROM padan.lists l WHERE l.district = a_district AND l.list IN (c.list, c.other_list)
			UNION
			SELECT c.assigned_to
		) o
	), seen AS ( -- of offices that have a list, none is left at yesterday's figure because today's is nought
		SELECT l.office, coalesce(sum(o.n), 0) AS open_flags, coalesce(sum(o.n) FILTER (WHERE o.kind = 'OVERLAP'), 0) AS overlapping
		FROM (SELECT DISTINCT office FROM padan.lists WHERE district = a_district AND office IS NOT NULL) l
			LEFT JOIN of_office o ON o.office = l.office
		GROUP BY l.office
	)
	INSERT INTO padan.web_figures AS w (district, office, code, day, value)
		SELECT a_district, coalesce(c.office, ''), c.code, current_date, c.value FROM (
			SELECT NULL AS office, 'left_out' AS code, coalesce(sum(n) FILTER (WHERE target AND programmes = '{}'), 0)::double precision AS value
				FROM padan.web_reach_counts WHERE district = a_district AND level = 'household'
			UNION ALL
			SELECT NULL, 'reached_share', sum(n) FILTER (WHERE programmes <> '{}')::double precision / sum(n)
				FROM padan.web_reach_counts WHERE district = a_district AND level = 'household' AND target HAVING sum(n) > 0
			UNION ALL
			SELECT NULL, 'doubtful_pairs', count(*) FROM padan.web_pairs WHERE district = a_district
			UNION ALL
			SELECT NULL, 'open_flags', coalesce(sum(n), 0) FROM cells
			UNION ALL
			SELECT office, 'open_flags', open_flags FROM seen
			UNION ALL
			SELECT office, 'overlaps', overlapping FROM seen
			UNION ALL
			SELECT l.office, 'rejected_share', sum(l.rows_rejected)::double precision / nullif(sum(l.rows_read), 0)
				FROM padan.list_status l WHERE l.district = a_district AND l.current AND l.kind = 'programme' GROUP BY l.office
		) c WHERE c.value IS NOT NULL
		ON CONFLICT (district, office, code, day) DO UPDATE SET value = excluded.value
$$;
