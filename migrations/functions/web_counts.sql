-- Counts and queues that pages read, kept up by triggers and made anew by the daemon after each job:
-- padan.web_refresh(). Nothing that could not be made again, but for the figures of earlier days. The tables:
-- migrations/0012_web_views.sql, 0021, 0025.

-- ---- Flags, counted in cells ----

-- Flags are counted as they change: a row of differences for each cell that a statement touches, summed later by
-- web_sum_flags().
CREATE OR REPLACE FUNCTION padan.count_flags() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_nestloop = off AS $$
BEGIN
	IF TG_OP = 'INSERT' THEN
		INSERT INTO padan.web_flag_counts
			SELECT district, list, other_list, found_list, kind, state, status, severity, programme, village, rule, assigned_to, period, count(*)
			FROM new_rows GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13;
	ELSIF TG_OP = 'DELETE' THEN
		INSERT INTO padan.web_flag_counts
			SELECT district, list, other_list, found_list, kind, state, status, severity, programme, village, rule, assigned_to, period, -count(*)
			FROM old_rows GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13;
	ELSE
		INSERT INTO padan.web_flag_counts
			SELECT district, list, other_list, found_list, kind, state, status, severity, programme, village, rule, assigned_to, period, sum(n)
			FROM (SELECT district, list, other_list, found_list, kind, state, status, severity, programme, village, rule, assigned_to, period, 1 AS n FROM new_rows
				UNION ALL SELECT district, list, other_list, found_list, kind, state, status, severity, programme, village, rule, assigned_to, period, -1 FROM old_rows) r
			GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13 HAVING sum(n) <> 0;
	END IF;
	RETURN NULL;
END
$$;

-- One row for each cell again.
CREATE OR REPLACE FUNCTION padan.web_sum_flags(a_district integer) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
	WITH gone AS (DELETE FROM padan.web_flag_counts w WHERE w.district = a_district RETURNING w.*)
	INSERT INTO padan.web_flag_counts
		SELECT district, list, other_list, found_list, kind, state, status, severity, programme, village, rule, assigned_to, period, sum(n)
		FROM gone GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13 HAVING sum(n) <> 0
$$;

-- The flags page's filter. Written into the statement that calls it, so that its parameters are constants to the
-- planner. a_lists and a_office: what an office sees, said again so that an index can find it; row-level security is
-- what binds. One kind alone is an equality, so that the flags of that kind come in the page's order out of their
-- index.
CREATE OR REPLACE FUNCTION padan.web_flags_wanted(a_kind text, a_programme text, a_kecamatan text, a_village bigint, a_state text, a_status text, a_severity text,
	a_from real, a_to real, a_list bigint, a_rule text, a_assigned_to text, a_period text, a_person bigint, a_household bigint,
	a_lists bigint[] DEFAULT NULL, a_office text DEFAULT NULL) RETURNS SETOF padan.flags
LANGUAGE sql STABLE AS $$
	SELECT f.* FROM padan.flags f
	WHERE f.district = (SELECT padan.web_district())
		AND (a_lists IS NULL OR f.list = ANY (a_lists) OR f.other_list = ANY (a_lists) OR f.assigned_to = a_office)
		AND (a_kind IS NULL OR CASE WHEN position(',' IN a_kind) = 0 THEN f.kind = upper(a_kind) ELSE f.kind = ANY (string_to_array(upper(a_kind), ',')) END)
		AND (a_programme IS NULL OR f.programme = ANY (string_to_array(a_programme, ',')))
		AND (a_kecamatan IS NULL OR f.village IN (SELECT v.village FROM padan.villages v WHERE lower(v.kecamatan) = lower(a_kecamatan)))
		AND (a_village IS NULL OR f.village = a_village)
		AND (a_state IS NULL OR f.state = a_state)
		AND CASE coalesce(a_status, 'open') WHEN 'open' THEN f.status IN ('found', 'assigned', 'confirmed') WHEN 'all' THEN true
			WHEN 'undecided' THEN f.status IN ('found', 'assigned') ELSE f.status = a_status END
		AND (a_severity IS NULL OR f.severity = a_severity)
		AND (a_from IS NULL OR f.certainty >= a_from) AND (a_to IS NULL OR f.certainty <= a_to)
		AND (a_list IS NULL OR f.list = a_list OR f.found_list = a_list)
		AND (a_rule IS NULL OR f.rule = a_rule)
		AND (a_assigned_to IS NULL OR coalesce(f.assigned_to, '-') = a_assigned_to)
		AND (a_period IS NULL OR f.period = a_period)
		AND (a_person IS NULL OR f.person = a_person) AND (a_household IS NULL OR f.household = a_household)
$$;

-- A page of them in the order asked for, behind the cursor that stands as "next" with the page before. Each order is that of an index, so
-- that a page costs what it shows: flags_worst… (the worst first; a village's worst first), flags_certain, the primary key (the newest first).
CREATE OR REPLACE FUNCTION padan.web_flags_page(a_sort text, a_after text, a_limit integer,
	a_kind text, a_programme text, a_kecamatan text, a_village bigint, a_state text, a_status text, a_severity text,
	a_from real, a_to real, a_list bigint, a_rule text, a_assigned_to text, a_period text, a_person bigint, a_household bigint,
	a_lists bigint[], a_office text) RETURNS TABLE (flag bigint, list bigint, "row" integer, place text)
LANGUAGE plpgsql STABLE ROWS 50 SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
	after_flag bigint := nullif(split_part(a_after, ':', -1), '')::bigint;
	first text := nullif(split_part(a_after, ':', 1), '');
	after_village bigint;
	after_worst double precision;
BEGIN
	IF a_sort = 'newest' THEN
		RETURN QUERY SELECT w.flag, w.list, w.row, w.flag::text FROM padan.web_flags_wanted(a_kind, a_programme, a_kecamatan, a_village, a_state, a_status, a_severity, a_from, a_to, a_list, a_rule, a_assigned_to,
			a_period, a_person, a_household, a_lists, a_office) w
			WHERE after_flag IS NULL OR w.flag < after_flag
			ORDER BY w.flag DESC LIMIT a_limit;
	ELSIF a_sort = 'certain' THEN
		RETURN QUERY SELECT w.flag, w.list, w.row, (1::real - w.certainty) || ':' || w.flag FROM padan.web_flags_wanted(a_kind, a_programme, a_kecamatan, a_village, a_state, a_status, a_severity, a_from, a_to, a_list, a_rule, a_assigned_to,
			a_period, a_person, a_household, a_lists, a_office) w
			WHERE after_flag IS NULL OR (1::real - w.certainty, w.flag) > (first::real, after_flag)
			ORDER BY 1::real - w.certainty, w.flag LIMIT a_limit;
	ELSIF a_sort = 'village' THEN
		-- Flags of no village come last; of those the cursor has no village.
		after_village := first::bigint;
		after_worst := nullif(split_part(a_after, ':', 2), '')::double precision;
		RETURN QUERY SELECT x.flag, x.list, x.row, concat(x.village, ':', x.worst, ':', x.flag) FROM (
			(SELECT w.* FROM padan.web_flags_wanted(a_kind, a_programme, a_kecamatan, a_village, a_state, a_status, a_severity, a_from, a_to, a_list, a_rule, a_assigned_to,
			a_period, a_person, a_household, a_lists, a_office) w
			WHERE w.village IS NOT NULL AND (after_flag IS NULL OR (w.village, w.worst, w.flag) > (after_village, after_worst, after_flag))
			ORDER BY w.village, w.worst, w.flag LIMIT a_limit)
			UNION ALL
			(SELECT w.* FROM padan.web_flags_wanted(a_kind, a_programme, a_kecamatan, a_village, a_state, a_status, a_severity, a_from, a_to, a_list, a_rule, a_assigned_to,
			a_period, a_person, a_household, a_lists, a_office) w
			WHERE w.village IS NULL AND (after_flag IS NULL OR after_village IS NOT NULL OR (w.worst, w.flag) > (after_worst, after_flag))
			ORDER BY w.worst, w.flag LIMIT a_limit)) x
			ORDER BY x.village, x.worst, x.flag LIMIT a_limit;
	ELSE
		RETURN QUERY SELECT w.flag, w.list, w.row, w.worst || ':' || w.flag FROM padan.web_flags_wanted(a_kind, a_programme, a_kecamatan, a_village, a_state, a_status, a_severity, a_from, a_to, a_list, a_rule, a_assigned_to,
			a_period, a_person, a_household, a_lists, a_office) w
			WHERE after_flag IS NULL OR (w.worst, w.flag) > (first::double precision, after_flag)
			ORDER BY w.worst, w.flag LIMIT a_limit;
	END IF;
END
$$;

-- Cells of what web_flags_wanted() gives; of single flags, where the filter asks for what cells do not know.
CREATE OR REPLACE FUNCTION padan.web_flag_cells(a_kind text, a_programme text, a_kecamatan text, a_village bigint, a_state text, a_status text, a_severity text,
	a_from real, a_to real, a_list bigint, a_rule text, a_assigned_to text, a_period text, a_person bigint, a_household bigint)
	RETURNS TABLE (kind text, programme text, village bigint, status text, state text, severity text, n bigint)
LANGUAGE sql STABLE AS $$
	SELECT c.kind, c.programme, c.village, c.status, c.state, c.severity, c.n::bigint FROM padan.web_flag_counts c
	WHERE c.district = (SELECT padan.web_district()) AND a_from IS NULL AND a_to IS NULL AND a_person IS NULL AND a_household IS NULL
		AND (a_kind IS NULL OR c.kind = ANY (string_to_array(upper(a_kind), ',')))
		AND (a_programme IS NULL OR c.programme = ANY (string_to_array(a_programme, ',')))
		AND (a_kecamatan IS NULL OR c.village IN (SELECT v.village FROM padan.villages v WHERE lower(v.kecamatan) = lower(a_kecamatan)))
		AND (a_village IS NULL OR c.village = a_village)
		AND (a_state IS NULL OR c.state = a_state)
		AND CASE coalesce(a_status, 'open') WHEN 'open' THEN c.status IN ('found', 'assigned', 'confirmed') WHEN 'all' THEN true
			WHEN 'undecided' THEN c.status IN ('found', 'assigned') ELSE c.status = a_status END
		AND (a_severity IS NULL OR c.severity = a_severity)
		AND (a_list IS NULL OR c.list = a_list OR c.found_list = a_list)
		AND (a_rule IS NULL OR c.rule = a_rule)
		AND (a_assigned_to IS NULL OR coalesce(c.assigned_to, '-') = a_assigned_to)
		AND (a_period IS NULL OR c.period = a_period)
	UNION ALL
	SELECT f.kind, f.programme, f.village, f.status, f.state, f.severity, count(*)
	FROM padan.web_flags_wanted(a_kind, a_programme, a_kecamatan, a_village, a_state, a_status, a_severity, a_from, a_to, a_list, a_rule, a_assigned_to,
		a_period, a_person, a_household) f
	WHERE NOT (a_from IS NULL AND a_to IS NULL AND a_person IS NULL AND a_household IS NULL)
	GROUP BY 1, 2, 3, 4, 5, 6
$$;

-- ---- Whom programmes reach ----

-- Nothing is noted for a district whose counts were never made: they are then made from all of it.
CREATE OR REPLACE FUNCTION padan.note_touched() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_nestloop = off AS $$
BEGIN
	IF TG_OP = 'DELETE' THEN
		INSERT INTO padan.web_touched (district, household, person)
			SELECT DISTINCT o.district, o.household, o.person FROM old_rows o WHERE o.district IN (SELECT m.district FROM padan.web_made m);
	ELSE
		INSERT INTO padan.web_touched (district, household, person)
			SELECT DISTINCT w.district, w.household, w.person
			FROM (SELECT n.district, n.household, n.person FROM new_rows n UNION ALL SELECT o.district, o.household, o.person FROM old_rows o) w
			WHERE w.district IN (SELECT m.district FROM padan.web_made m);
	END IF;
	RETURN NULL;
END
$$;

-- Which households programmes reach: of those that web_touched names. a_full: from all entries, whatever was noted.
CREATE OR REPLACE FUNCTION padan.web_refresh_reach(a_district integer, a_full boolean DEFAULT false) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET work_mem = '256MB' AS $$
DECLARE
	whole boolean := a_full OR NOT EXISTS (SELECT FROM padan.web_counted w WHERE w.district = a_district);
BEGIN
	CREATE TEMPORARY TABLE now_lists ON COMMIT DROP AS
		SELECT s.list, s.kind = 'target' AS target, s.subject, s.rows_accepted FROM padan.list_status s
		WHERE s.district = a_district AND s.current AND s.kind IN ('target', 'programme');
	CREATE TEMPORARY TABLE noted ON COMMIT DROP AS
		WITH gone AS (DELETE FROM padan.web_touched t WHERE t.district = a_district RETURNING t.household, t.person)
		SELECT DISTINCT household, person FROM gone;
	CREATE TEMPORARY TABLE other_lists ON COMMIT DROP AS
		SELECT list FROM now_lists WHERE list NOT IN (SELECT w.list FROM padan.web_counted w WHERE w.district = a_district)
		UNION SELECT w.list FROM padan.web_counted w WHERE w.district = a_district AND w.list NOT IN (SELECT list FROM now_lists);
	-- Where much of the district changed, all of it at once is less work.
	whole := whole OR (SELECT count(*) FROM noted) + (SELECT coalesce(sum(l.rows_accepted), 0) FROM padan.lists l JOIN other_lists o ON l.list = o.list
			WHERE l.district = a_district) > 0.2 * (SELECT coalesce(sum(n.rows_accepted), 0) FROM now_lists n);
	IF whole THEN
		CREATE TEMPORARY TABLE now_entries ON COMMIT DROP AS
			SELECT e.household, e.person, e.village, nullif(e.desil, 0) AS desil, l.target, l.subject
			FROM now_lists l JOIN padan.entries e ON e.district = a_district AND e.list = l.list WHERE e.household IS NOT NULL;
	ELSE
		CREATE TEMPORARY TABLE touched_persons ON COMMIT DROP AS
			SELECT person FROM noted UNION SELECT e.person FROM other_lists o JOIN padan.entries e ON e.district = a_district AND e.list = o.list;
		ANALYZE touched_persons;
		CREATE TEMPORARY TABLE touched_households ON COMMIT DROP AS
			SELECT household FROM noted WHERE household IS NOT NULL
			UNION SELECT e.household FROM other_lists o JOIN padan.entries e ON e.district = a_district AND e.list = o.list WHERE e.household IS NOT NULL
			UNION SELECT e.household FROM touched_persons p JOIN padan.entries e ON e.district = a_district AND e.person = p.person
				JOIN now_lists l ON l.list = e.list AND l.target WHERE e.household IS NOT NULL;
		ANALYZE touched_households;
		-- All entries of those households; and of everybody in them, and of those persons, since a person's programmes reach his target household.
		CREATE TEMPORARY TABLE now_entries ON COMMIT DROP AS
			WITH own AS MATERIALIZED (
				SELECT e.list, e.row, e.household, e.person, e.village, e.desil FROM touched_households h
				JOIN padan.entries e ON e.district = a_district AND e.household = h.household WHERE e.list IN (SELECT list FROM now_lists)
			), found AS (
				SELECT * FROM own
				UNION SELECT e.list, e.row, e.household, e.person, e.village, e.desil
				FROM (SELECT person FROM touched_persons UNION SELECT person FROM own) p
				JOIN padan.entries e ON e.district = a_district AND e.person = p.person
				WHERE e.household IS NOT NULL AND e.list IN (SELECT list FROM now_lists)
			)
			SELECT f.household, f.person, f.village, nullif(f.desil, 0) AS desil, l.target, l.subject FROM found f JOIN now_lists l USING (list);
	END IF;
	ANALYZE now_entries;
	CREATE TEMPORARY TABLE new_reach ON COMMIT DROP AS
		SELECT h.household, h.village, h.desil, h.target, coalesce(p.programmes, '{}') AS programmes
		FROM (SELECT household, coalesce(min(village) FILTER (WHERE target), min(village)) AS village,
				coalesce(max(desil) FILTER (WHERE target), max(desil)) AS desil, bool_or(target) AS target
			FROM now_entries GROUP BY household) h
		LEFT JOIN (SELECT household, array_agg(subject ORDER BY subject) AS programmes
			FROM (SELECT household, subject FROM now_entries WHERE NOT target
				UNION SELECT t.household, e.subject FROM now_entries t JOIN now_entries e ON e.person = t.person
					WHERE t.target AND NOT e.target AND e.household <> t.household) r
			GROUP BY household) p USING (household);
	CREATE TEMPORARY TABLE new_persons ON COMMIT DROP AS
		SELECT p.person, p.village, p.desil, p.target, coalesce(s.programmes, '{}') AS programmes
		FROM (SELECT person, min(village) AS village, max(desil) AS desil, bool_or(target) AS target FROM now_entries GROUP BY person) p
		LEFT JOIN (SELECT person, array_agg(subject ORDER BY subject) AS programmes
			FROM (SELECT DISTINCT person, subject FROM now_entries WHERE NOT target) d GROUP BY person) s USING (person);
	IF whole THEN
		DELETE FROM padan.web_reach WHERE district = a_district;
		DELETE FROM padan.web_reach_persons WHERE district = a_district;
		DELETE FROM padan.web_reach_counts WHERE district = a_district;
		INSERT INTO padan.web_reach (district, household, village, desil, target, programmes) SELECT a_district, r.* FROM new_reach r;
		INSERT INTO padan.web_reach_persons (district, person, village, desil, target, programmes) SELECT a_district, r.* FROM new_persons r;
		INSERT INTO padan.web_reach_counts (district, level, village, desil, target, programmes, n)
			SELECT a_district, 'household', village, desil, target, programmes, count(*) FROM new_reach GROUP BY 3, 4, 5, 6
			UNION ALL SELECT a_district, 'person', village, desil, target, programmes, count(*) FROM new_persons GROUP BY 3, 4, 5, 6;
	ELSE
		-- Others came in for their programmes alone.
		DELETE FROM new_reach r WHERE r.household NOT IN (SELECT household FROM touched_households);
		DELETE FROM new_persons r WHERE r.person NOT IN (SELECT person FROM touched_persons);
		INSERT INTO padan.web_reach_counts AS c (district, level, village, desil, target, programmes, n)
			SELECT a_district, level, village, desil, target, programmes, sum(n) FROM (
				SELECT 'household' AS level, village, desil, target, programmes, 1 AS n FROM new_reach
				UNION ALL SELECT 'household', village, desil, target, programmes, -1 FROM padan.web_reach
					WHERE district = a_district AND household IN (SELECT household FROM touched_households)
				UNION ALL SELECT 'person', village, desil, target, programmes, 1 FROM new_persons
				UNION ALL SELECT 'person', village, desil, target, programmes, -1 FROM padan.web_reach_persons
					WHERE district = a_district AND person IN (SELECT person FROM touched_persons)) d
			GROUP BY 2, 3, 4, 5, 6 HAVING sum(n) <> 0
			ON CONFLICT (district, level, village, desil, target, programmes) DO UPDATE SET n = c.n + excluded.n;
		DELETE FROM padan.web_reach_counts WHERE district = a_district AND n = 0;
		DELETE FROM padan.web_reach w WHERE w.district = a_district AND w.household IN (SELECT household FROM touched_households)
			AND NOT EXISTS (SELECT FROM new_reach r WHERE r.household = w.household
				AND (r.village, r.desil, r.target, r.programmes) IS NOT DISTINCT FROM (w.village, w.desil, w.target, w.programmes));
		DELETE FROM padan.web_reach_persons w WHERE w.district = a_district AND w.person IN (SELECT person FROM touched_persons)
			AND NOT EXISTS (SELECT FROM new_persons r WHERE r.person = w.person
				AND (r.village, r.desil, r.target, r.programmes) IS NOT DISTINCT FROM (w.village, w.desil, w.target, w.programmes));
		INSERT INTO padan.web_reach (district, household, village, desil, target, programmes) SELECT a_district, r.* FROM new_reach r ON CONFLICT DO NOTHING;
		INSERT INTO padan.web_reach_persons (district, person, village, desil, target, programmes) SELECT a_district, r.* FROM new_persons r ON CONFLICT DO NOTHING;
		DROP TABLE touched_persons, touched_households;
	END IF;
	DELETE FROM padan.web_counted w WHERE w.district = a_district AND w.list NOT IN (SELECT list FROM now_lists);
	INSERT INTO padan.web_counted (district, list) SELECT a_district, list FROM now_lists ON CONFLICT DO NOTHING;
	DROP TABLE now_lists, noted, other_lists, now_entries, new_reach, new_persons;
END
$$;

-- ---- Pairs, lists, figures ----

-- The doubtful pairs, with what a page needs to put them in order.
CREATE OR REPLACE FUNCTION padan.web_refresh_pairs(a_district integer) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	CREATE TEMPORARY TABLE new_pairs (LIKE padan.web_pairs) ON COMMIT DROP;
	INSERT INTO new_pairs (district, kind, a_list, a_row, b_list, b_row, low_fingerprint, high_fingerprint, weight, probability,
			worth, flags, a_office, b_office, a_subject, b_subject, a_village, b_village)
		WITH counts AS (
			SELECT s.list, s.office, s.subject FROM padan.list_status s WHERE s.district = a_district AND s.current
		), pairs AS (
			SELECT DISTINCT ON (m.kind, least(a.fingerprint, b.fingerprint), greatest(a.fingerprint, b.fingerprint))
				m.*, a.fingerprint AS a_fingerprint, b.fingerprint AS b_fingerprint, la.office AS a_office, lb.office AS b_office,
				la.subject AS a_subject, lb.subject AS b_subject, a.village AS a_village, b.village AS b_village,
				ARRAY[a.person, b.person] AS persons, ARRAY[a.household, b.household] AS households
			FROM padan.match_evidence m
			JOIN counts la ON la.list = m.a_list
			JOIN counts lb ON lb.list = m.b_list
			-- LIMIT: each row by its key, whatever is known of how many there are.
			CROSS JOIN LATERAL (SELECT x.fingerprint, x.village, x.person, x.household FROM padan.entries x
				WHERE x.district = a_district AND x.list = m.a_list AND x.row = m.a_row LIMIT 1) a
			CROSS JOIN LATERAL (SELECT x.fingerprint, x.village, x.person, x.household FROM padan.entries x
				WHERE x.district = a_district AND x.list = m.b_list AND x.row = m.b_row LIMIT 1) b
			WHERE m.district = a_district AND m.verdict = 'doubtful' AND m.probability >= 0.05
				AND (m.kind <> 'person' OR a.person <> b.person)
			ORDER BY m.kind, least(a.fingerprint, b.fingerprint), greatest(a.fingerprint, b.fingerprint), m.b_list DESC, m.a_list DESC, m.b_row, m.a_row
		)
		SELECT a_district, p.kind, p.a_list, p.a_row, p.b_list, p.b_row, least(p.a_fingerprint, p.b_fingerprint),
			greatest(p.a_fingerprint, p.b_fingerprint), p.weight, p.probability,
			-- Flags that would go or come, by how much they matter, times how open the question is.
			(0.1 + hang.matter) * CASE WHEN p.probability > 0.5 THEN greatest(0.5, 4 * p.probability * (1 - p.probability))
				ELSE 4 * p.probability * (1 - p.probability) END,
			hang.n, p.a_office, p.b_office, p.a_subject, p.b_subject, p.a_village, p.b_village
		FROM pairs p
		CROSS JOIN LATERAL (
			SELECT count(*) AS n, coalesce(sum(CASE f.severity WHEN 'high' THEN 4 WHEN 'medium' THEN 2 WHEN 'low' THEN 1 ELSE 0.25 END), 0) AS matter
			FROM (SELECT f.flag, f.severity FROM padan.flags f
					WHERE f.district = a_district AND f.person = ANY (p.persons) AND f.status IN ('found', 'assigned') AND f.kind <> 'DATA_QUALITY'
				UNION SELECT f.flag, f.severity FROM padan.flags f
					WHERE f.district = a_district AND f.household = ANY (p.households) AND f.status IN ('found', 'assigned')
						AND f.kind <> 'DATA_QUALITY') f) hang;
	ANALYZE new_pairs;
	DELETE FROM padan.web_pairs w WHERE w.district = a_district AND NOT EXISTS (SELECT FROM new_pairs n WHERE n.kind = w.kind AND n.a_list = w.a_list
		AND n.a_row = w.a_row AND n.b_list = w.b_list AND n.b_row = w.b_row AND n IS NOT DISTINCT FROM w);
	INSERT INTO padan.web_pairs SELECT n.* FROM new_pairs n ON CONFLICT DO NOTHING;
	DROP TABLE new_pairs;
END
$$;

-- What each list brought beside the one before it.
CREATE OR REPLACE FUNCTION padan.web_refresh_lists(a_district integer) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	one record;
BEGIN
	DELETE FROM padan.web_list_facts w WHERE w.district = a_district AND NOT EXISTS (
		SELECT FROM padan.lists l WHERE l.district = a_district AND l.list = w.list AND l.state IN ('done', 'withdrawn')
			AND w.before IS NOT DISTINCT FROM padan.web_list_before(a_district, l.list));
	FOR one IN SELECT l.list, padan.web_list_before(a_district, l.list) AS before FROM padan.lists l
			WHERE l.district = a_district AND l.state = 'done' AND NOT EXISTS (SELECT FROM padan.web_list_facts w WHERE w.district = a_district AND w.list = l.list) LOOP
		INSERT INTO padan.web_list_facts (district, list, before, difference, notes)
			SELECT a_district, one.list, one.before, CASE WHEN one.before IS NOT NULL THEN (
				SELECT jsonb_build_object('before', one.before, 'added', count(*) FILTER (WHERE o.person IS NULL), 'left', count(*) FILTER (WHERE n.person IS NULL),
					'changed', count(*) FILTER (WHERE n.prints <> o.prints), 'same', count(*) FILTER (WHERE n.prints = o.prints))
				FROM (SELECT e.person, sum(e.fingerprint::numeric) AS prints FROM padan.entries e WHERE e.district = a_district AND e.list = one.list GROUP BY e.person) n
				FULL JOIN (SELECT e.person, sum(e.fingerprint::numeric) AS prints FROM padan.entries e WHERE e.district = a_district AND e.list = one.before GROUP BY e.person) o
					USING (person)) END,
				(SELECT coalesce(jsonb_agg(jsonb_build_object('text', c.note, 'text_en', c.note, 'count', c.n) ORDER BY c.n DESC, c.note), '[]')
				FROM (SELECT split_part(n.note, ':', 1) AS note, count(*) AS n FROM padan.entries e, unnest(e.notes) AS n (note)
					WHERE e.district = a_district AND e.list = one.list AND e.notes IS NOT NULL GROUP BY 1 ORDER BY 2 DESC LIMIT 50) c);
	END LOOP;
END
$$;

-- The figures of the first page, a row a day. Flags are counted from their cells. An office's figures count what its
-- pages show: the flags of its lists on either side of them, and those given to it.
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
	), now_figures AS MATERIALIZED (
		SELECT coalesce(c.office, '') AS office, c.code, c.value FROM (
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
	), of_list AS (
		INSERT INTO padan.web_figure_steps AS w (district, office, code, list, value)
			SELECT a_district, n.office, n.code, l.list, n.value FROM now_figures n
			CROSS JOIN LATERAL (SELECT max(list) AS list FROM padan.lists WHERE district = a_district AND state = 'done') l WHERE l.list IS NOT NULL
			ON CONFLICT (district, office, code, list) DO UPDATE SET value = excluded.value
	)
	INSERT INTO padan.web_figures AS w (district, office, code, day, value)
		SELECT a_district, n.office, n.code, current_date, n.value FROM now_figures n
		ON CONFLICT (district, office, code, day) DO UPDATE SET value = excluded.value
$$;

-- ---- All of it ----

-- What the counts rest on: they are made anew when this is another.
CREATE OR REPLACE FUNCTION padan.web_stamp(a_district integer) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT concat_ws(' ', d.applied_at, (SELECT max(j.finished_at) FROM padan.jobs j WHERE j.district = a_district AND j.state = 'done'),
		(SELECT max(p.changed_at) FROM padan.periods p WHERE p.district = a_district), current_date)
	FROM padan.districts d WHERE d.district = a_district
$$;

-- Plans are made by what is known of a table, and after a district's first list nothing is until autovacuum comes by: the
-- pages' counts then took ten minutes instead of two seconds. Tables that have more than doubled are looked at anew.
CREATE OR REPLACE FUNCTION padan.web_analyse(a_district integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	one regclass;
BEGIN
	FOR one IN SELECT c.oid::regclass FROM pg_class c
			WHERE c.oid IN (to_regclass('padan.entries_' || a_district), to_regclass('padan.match_evidence_' || a_district), 'padan.flags'::regclass)
				AND (c.reltuples < 0 OR pg_stat_get_mod_since_analyze(c.oid) > greatest(c.reltuples, 1000)) LOOP
		EXECUTE format('ANALYZE %s', one);
	END LOOP;
END
$$;

-- All of it. Called by the daemon after each job, and every minute. True: something was made anew.
CREATE OR REPLACE FUNCTION padan.web_refresh(a_district integer) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	now_stamp text := padan.web_stamp(a_district);
BEGIN
	IF EXISTS (SELECT FROM padan.web_made m WHERE m.district = a_district AND m.stamp = now_stamp)
			OR NOT pg_try_advisory_xact_lock(hashtext('padan.web_refresh'), a_district) THEN
		RETURN false;
	END IF;
	PERFORM padan.web_analyse(a_district);
	PERFORM padan.settle_proposals(a_district);
	PERFORM padan.web_sum_flags(a_district);
	PERFORM padan.web_refresh_reach(a_district, NOT EXISTS (SELECT FROM padan.web_made m WHERE m.district = a_district));
	PERFORM padan.web_refresh_pairs(a_district);
	PERFORM padan.web_refresh_lists(a_district);
	PERFORM padan.web_refresh_figures(a_district);
	INSERT INTO padan.web_made (district, stamp, at) VALUES (a_district, now_stamp, clock_timestamp())
		ON CONFLICT (district) DO UPDATE SET stamp = excluded.stamp, at = excluded.at;
	PERFORM pg_notify('padan_web', a_district || ':*:figures:0');
	RETURN true;
END
$$;

-- Households of the target list by village, desil and the programmes that reach them. An office learns how many its own
-- programmes reach and how many they do not, not what others give.
CREATE OR REPLACE FUNCTION padan.web_target_cells() RETURNS TABLE (village bigint, desil smallint, programmes text[], n bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
	own text[] := CASE WHEN NOT padan.web_sees_all() THEN padan.web_programmes() END;
BEGIN
	RETURN QUERY
		SELECT c.village, c.desil,
			CASE WHEN own IS NULL THEN c.programmes ELSE ARRAY(SELECT p FROM unnest(c.programmes) AS u (p) WHERE p = ANY (own)) END, c.n
		FROM padan.web_reach_counts c
		WHERE c.district = padan.web_district() AND c.level = 'household' AND c.target
			AND padan.web_role() IN ('administrator', 'bappeda', 'office');
END
$$;

-- Programmes whose list the newest period still waits for; an office asks for its own.
CREATE OR REPLACE FUNCTION padan.web_awaited() RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
	RETURN (
	SELECT coalesce(array_agg(p.programme ORDER BY p.programme), '{}')
	FROM (SELECT l.period FROM padan.lists l WHERE l.district = padan.web_district() AND l.kind = 'programme' AND l.state = 'done'
		ORDER BY l.period_from DESC, l.list DESC LIMIT 1) n
	JOIN padan.programmes p ON p.district = padan.web_district() AND (padan.web_sees_all() OR p.office = padan.web_office())
	WHERE padan.period_is_open(padan.web_district(), n.period) AND padan.period_awaits(padan.web_district(), n.period, p.programme));
END
$$;

-- ---- The state of things, as numbers ----

-- name, label (or NULL) and value; of all districts together. Whoever scrapes the metrics reads the counts that are
-- there.
CREATE OR REPLACE FUNCTION padan.web_metrics() RETURNS TABLE (name text, label text, value double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT 'jobs', s.state, count(j.job) FROM unnest(ARRAY['ready', 'running', 'failed']) AS s (state)
		LEFT JOIN padan.jobs j ON j.state = s.state GROUP BY s.state
	UNION ALL SELECT 'oldest_ready_job_age_seconds', NULL,
		coalesce(extract(epoch FROM clock_timestamp() - min(j.created_at)), 0) FROM padan.jobs j WHERE j.state = 'ready'
	UNION ALL SELECT 'alerts', s.state, count(a.alert) FROM unnest(ARRAY['waiting', 'dead']) AS s (state)
		LEFT JOIN padan.alerts a ON a.state = s.state GROUP BY s.state
	UNION ALL SELECT 'oldest_waiting_alert_age_seconds', NULL,
		coalesce(extract(epoch FROM clock_timestamp() - min(a.created_at)), 0) FROM padan.alerts a WHERE a.state = 'waiting'
	UNION ALL SELECT 'open_flags', f.kind, sum(f.n) FROM padan.web_flag_counts f WHERE f.status IN ('found', 'assigned', 'confirmed') GROUP BY f.kind
		HAVING sum(f.n) > 0
	UNION ALL SELECT 'lists', l.state, count(*) FROM padan.lists l GROUP BY l.state
	UNION ALL SELECT 'sessions', NULL, count(*) FROM padan.web_sessions w
		WHERE w.ended_at IS NULL AND w.expires_at > clock_timestamp() AND w.seen_at > clock_timestamp() - interval '1 hour'
$$;

-- What this database was made from, as daemon/db/migrate.h has it: the web's role reads neither table.
CREATE OR REPLACE FUNCTION padan.web_schema() RETURNS TABLE (number integer, name text, checksum text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT m.number, m.name, m.checksum FROM padan.schema_migrations m
	UNION ALL SELECT 0, f.name, f.checksum FROM padan.schema_functions f
$$;

-- ---- who may call and read them, beside padan_daemon (migrations/0006_grants.sql) ----
GRANT EXECUTE ON FUNCTION padan.web_flags_wanted, padan.web_flags_page, padan.web_flag_cells, padan.web_target_cells, padan.web_awaited,
	padan.web_metrics, padan.web_schema TO padan_web;
