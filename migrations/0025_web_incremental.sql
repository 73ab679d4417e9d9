-- Counts that pages read, kept up by what a job touched instead of made anew from the whole district.
--
-- Flags are counted in cells as they change (triggers; the rows only ever grow, so nobody waits for anybody, and a refresh sums them up).
-- Which programmes reach a household or a person is worked out again for those whose entries changed: entries of lists that began or ceased to
-- be current, and entries that were given to another person or household, which triggers note.

-- ---- flags ----

CREATE TABLE padan.web_flag_counts (
	district integer NOT NULL,
	list bigint NOT NULL,
	other_list bigint,
	found_list bigint,
	kind text NOT NULL,
	state text NOT NULL,
	status text NOT NULL,
	severity text NOT NULL,
	programme text,
	village bigint,
	rule text,
	assigned_to text,
	period text,
	n integer NOT NULL -- may be below zero: a cell is the sum of its rows
);
CREATE INDEX web_flag_counts_list ON padan.web_flag_counts (district, list);

CREATE FUNCTION padan.count_flags() RETURNS trigger
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
CREATE TRIGGER flags_counted_new AFTER INSERT ON padan.flags REFERENCING NEW TABLE AS new_rows
	FOR EACH STATEMENT EXECUTE FUNCTION padan.count_flags();
CREATE TRIGGER flags_counted AFTER UPDATE ON padan.flags REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
	FOR EACH STATEMENT EXECUTE FUNCTION padan.count_flags();
CREATE TRIGGER flags_counted_gone AFTER DELETE ON padan.flags REFERENCING OLD TABLE AS old_rows
	FOR EACH STATEMENT EXECUTE FUNCTION padan.count_flags();

INSERT INTO padan.web_flag_counts
	SELECT district, list, other_list, found_list, kind, state, status, severity, programme, village, rule, assigned_to, period, count(*)
	FROM padan.flags GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13;

-- One row for each cell again.
CREATE FUNCTION padan.web_sum_flags(a_district integer) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
	WITH gone AS (DELETE FROM padan.web_flag_counts w WHERE w.district = a_district RETURNING w.*)
	INSERT INTO padan.web_flag_counts
		SELECT district, list, other_list, found_list, kind, state, status, severity, programme, village, rule, assigned_to, period, sum(n)
		FROM gone GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13 HAVING sum(n) <> 0
$$;

-- ---- the flags page's filter, for flags and for their counts ----

-- Both are written into the statement that calls them, so their parameters are constants to the planner. a_lists and a_office: what an office
-- sees, said again so that an index can find it; row-level security is what binds.
CREATE FUNCTION padan.web_flags_wanted(a_kind text, a_programme text, a_kecamatan text, a_village bigint, a_state text, a_status text, a_severity text,
	a_from real, a_to real, a_list bigint, a_rule text, a_assigned_to text, a_period text, a_person bigint, a_household bigint,
	a_lists bigint[] DEFAULT NULL, a_office text DEFAULT NULL) RETURNS SETOF padan.flags
LANGUAGE sql STABLE AS $$
	SELECT f.* FROM padan.flags f
	WHERE f.district = (SELECT padan.web_district())
		AND (a_lists IS NULL OR f.list = ANY (a_lists) OR f.other_list = ANY (a_lists) OR f.assigned_to = a_office)
		AND (a_kind IS NULL OR f.kind = ANY (string_to_array(upper(a_kind), ',')))
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

-- Cells of what web_flags_wanted() gives; of single flags, where the filter asks for what cells do not know.
CREATE FUNCTION padan.web_flag_cells(a_kind text, a_programme text, a_kecamatan text, a_village bigint, a_state text, a_status text, a_severity text,
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

-- The page's order within what is filtered for most.
CREATE INDEX flags_worst_kind ON padan.flags (district, kind, worst, flag) WHERE status IN ('found', 'assigned', 'confirmed');
CREATE INDEX flags_worst_list ON padan.flags (district, list, worst, flag) WHERE status IN ('found', 'assigned', 'confirmed');
CREATE INDEX flags_worst_village ON padan.flags (district, village, worst, flag) WHERE status IN ('found', 'assigned', 'confirmed');
CREATE INDEX flags_assigned ON padan.flags (district, assigned_to) WHERE assigned_to IS NOT NULL;
DROP INDEX padan.flags_open_list, padan.flags_open_kind, padan.flags_provisional, padan.flags_serious;

-- ---- households and persons ----

-- What was noted since the last refresh: whose entries changed.
CREATE TABLE padan.web_touched (
	district integer NOT NULL,
	household bigint,
	person bigint
);
CREATE INDEX web_touched_district ON padan.web_touched (district);

-- The lists that padan.web_reach counts.
CREATE TABLE padan.web_counted (
	district integer NOT NULL,
	list bigint NOT NULL,
	PRIMARY KEY (district, list)
);

-- As padan.web_reach, for a person.
CREATE TABLE padan.web_reach_persons (
	district integer NOT NULL,
	person bigint NOT NULL,
	village bigint,
	desil smallint,
	target boolean NOT NULL,
	programmes text[] NOT NULL,
	PRIMARY KEY (district, person)
);
DELETE FROM padan.web_reach_counts;
CREATE UNIQUE INDEX web_reach_counts_cell ON padan.web_reach_counts (district, level, village, desil, target, programmes) NULLS NOT DISTINCT;
DROP INDEX padan.web_reach_counts_district;

DO $$
DECLARE
	policies CONSTANT text[][] := ARRAY[
		['web_flag_counts', '(SELECT padan.web_sees_all()) OR list = ANY ((SELECT padan.web_lists())::bigint[]) '
			'OR other_list = ANY ((SELECT padan.web_lists())::bigint[]) OR assigned_to = (SELECT padan.web_office()) '
			'OR village = ANY ((SELECT padan.web_villages())::bigint[])'],
		['web_touched', NULL],
		['web_counted', NULL],
		['web_reach_persons', NULL]
	];
	one text[];
BEGIN
	FOREACH one SLICE 1 IN ARRAY policies LOOP
		EXECUTE format('ALTER TABLE padan.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', one[1]);
		EXECUTE format('CREATE POLICY everything ON padan.%I TO padan_owner, padan_daemon, padan_reader USING (true) WITH CHECK (true)', one[1]);
		CONTINUE WHEN one[2] IS NULL;
		EXECUTE format('CREATE POLICY web_reads ON padan.%I FOR SELECT TO padan_web USING (district = (SELECT padan.web_district()) AND (%s))',
			one[1], one[2]);
		EXECUTE format('GRANT SELECT ON padan.%I TO padan_web', one[1]);
	END LOOP;
END
$$;

-- Nothing is noted for a district whose counts were never made: they are then made from all of it.
CREATE FUNCTION padan.note_touched() RETURNS trigger
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
CREATE TRIGGER entries_touched AFTER UPDATE ON padan.entries REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
	FOR EACH STATEMENT EXECUTE FUNCTION padan.note_touched();
CREATE TRIGGER entries_gone AFTER DELETE ON padan.entries REFERENCING OLD TABLE AS old_rows
	FOR EACH STATEMENT EXECUTE FUNCTION padan.note_touched();

CREATE INDEX web_reach_left_out_village ON padan.web_reach (district, coalesce(village, 0), household) WHERE target AND programmes = '{}';
DROP INDEX padan.web_reach_left_out;
DROP FUNCTION padan.web_refresh_reach(integer);

-- a_full: from all entries, whatever was noted.
CREATE FUNCTION padan.web_refresh_reach(a_district integer, a_full boolean DEFAULT false) RETURNS void
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
DELETE FROM padan.web_made; -- made anew, once

-- ---- pairs ----

-- As before, but only what is another now is written.
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
			JOIN padan.entries a ON a.district = m.district AND a.list = m.a_list AND a.row = m.a_row
			JOIN padan.entries b ON b.district = m.district AND b.list = m.b_list AND b.row = m.b_row
			WHERE m.district = a_district AND m.verdict = 'doubtful' AND m.probability >= 0.05
				AND (m.kind <> 'person' OR a.person <> b.person)
			ORDER BY m.kind, least(a.fingerprint, b.fingerprint), greatest(a.fingerprint, b.fingerprint), m.b_list DESC, m.a_list DESC
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

-- ---- all of it ----

-- Called by the daemon after each job, and every minute. True: something was made anew.
CREATE OR REPLACE FUNCTION padan.web_refresh(a_district integer) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	now_stamp text := padan.web_stamp(a_district);
BEGIN
	IF EXISTS (SELECT FROM padan.web_made m WHERE m.district = a_district AND m.stamp = now_stamp)
			OR NOT pg_try_advisory_xact_lock(hashtext('padan.web_refresh'), a_district) THEN
		RETURN false;
	END IF;
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

-- Flags are counted from their cells.
CREATE OR REPLACE FUNCTION padan.web_refresh_figures(a_district integer) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
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
			SELECT l.office, 'open_flags', coalesce(sum(f.n), 0) FROM padan.web_flag_counts f JOIN padan.lists l USING (district, list)
				WHERE f.district = a_district AND f.status IN ('found', 'assigned', 'confirmed') AND f.kind <> 'DATA_QUALITY'
				GROUP BY ROLLUP (l.office)
				HAVING grouping(l.office) = 1 OR l.office IS NOT NULL
			UNION ALL
			SELECT l.office, 'rejected_share', sum(l.rows_rejected)::double precision / nullif(sum(l.rows_read), 0)
				FROM padan.list_status l WHERE l.district = a_district AND l.current AND l.kind = 'programme' GROUP BY l.office
			UNION ALL
			SELECT l.office, 'overlaps', sum(f.n) FROM padan.web_flag_counts f JOIN padan.lists l USING (district, list)
				WHERE f.district = a_district AND f.status IN ('found', 'assigned', 'confirmed') AND f.kind = 'OVERLAP'
				GROUP BY l.office
		) c WHERE c.value IS NOT NULL
		ON CONFLICT (district, office, code, day) DO UPDATE SET value = excluded.value
$$;

CREATE OR REPLACE FUNCTION padan.web_list(l padan.list_status) RETURNS jsonb
LANGUAGE sql STABLE AS $$
	SELECT jsonb_build_object('list', l.list, 'kind', l.kind, 'subject', l.subject, 'period', l.period, 'office', l.office,
		'state', l.state, 'current', coalesce(l.current, false), 'superseded_by', l.superseded_by,
		'completes', (SELECT c.completes FROM padan.lists c WHERE c.district = l.district AND c.list = l.list),
		'file_name', l.file_name, 'door', l.door, 'sender', l.sender, 'received_at', l.received_at, 'done_at', l.done_at,
		'rows_read', l.rows_read, 'rows_accepted', l.rows_accepted, 'rows_rejected', l.rows_rejected,
		'open_flags', (SELECT coalesce(sum(f.n), 0) FROM padan.web_flag_counts f WHERE f.district = l.district AND f.list = l.list
			AND f.status IN ('found', 'assigned', 'confirmed')),
		'progress', (SELECT jsonb_build_object('stage', j.stage, 'rows_done', j.rows_done, 'rows_total', j.rows_total,
				'ahead', (SELECT count(*) FROM padan.jobs b WHERE b.district = j.district AND b.job < j.job AND b.state IN ('ready', 'running')),
				'attempts', j.attempts,
				'failed', CASE WHEN j.error_id IS NOT NULL THEN jsonb_build_object('text', j.error_id, 'text_en', coalesce(j.error_en, j.error_id)) END)
			FROM padan.jobs j WHERE j.district = l.district AND j.list = l.list AND j.kind = 'list' AND l.state IN ('received', 'working')
			ORDER BY j.job DESC LIMIT 1),
		'refused', CASE WHEN l.refused_id IS NOT NULL THEN
			jsonb_build_object('text', l.refused_id, 'text_en', coalesce(l.refused_en, l.refused_id)) END,
		'withdrawn_at', l.withdrawn_at, 'withdrawn_by', l.withdrawn_by, 'withdrawn_reason', l.withdrawn_reason,
		'decree_number', l.decree_number, 'decree_date', l.decree_date,
		'version', l.state || coalesce(l.superseded_by::text, ''))
$$;

CREATE OR REPLACE FUNCTION padan.web_period(a_period text) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT jsonb_build_object('period', a_period,
		'state', CASE WHEN p.state = 'closed' OR y.state = 'closed' THEN 'closed' ELSE 'open' END,
		'complete', NOT EXISTS (SELECT FROM jsonb_array_elements(w.json) a WHERE NOT (a ->> 'came')::boolean AND (a ->> 'expected')::boolean),
		'programmes', w.json,
		'target', (SELECT max(l.list) FROM padan.lists l WHERE l.district = d.district AND l.kind = 'target' AND l.period = a_period AND l.state = 'done'),
		'changed_at', p.changed_at, 'changed_by', p.changed_by, 'reason', p.reason,
		'provisional_flags', (SELECT coalesce(sum(f.n), 0) FROM padan.web_flag_counts f WHERE f.district = d.district AND f.period = a_period
			AND f.state = 'provisional' AND f.status IN ('found', 'assigned', 'confirmed')),
		'version', coalesce(padan.web_version(p.changed_at), '0'))
	FROM (SELECT padan.web_district() AS district) d
	LEFT JOIN padan.periods p ON p.district = d.district AND p.period = a_period
	LEFT JOIN padan.periods y ON y.district = d.district AND y.period = left(a_period, 4)
	CROSS JOIN LATERAL (
		SELECT coalesce(jsonb_agg(jsonb_build_object('programme', g.programme, 'office', g.office, 'came', c.list IS NOT NULL, 'list', c.list,
			'expected', c.list IS NULL AND padan.period_awaits(d.district, a_period, g.programme)) ORDER BY g.programme), '[]') AS json
		FROM padan.programmes g
		LEFT JOIN LATERAL (SELECT max(l.list) AS list FROM padan.lists l WHERE l.district = d.district AND l.kind = 'programme'
			AND l.subject = g.programme AND l.state = 'done' AND (l.period = a_period
				OR left(l.period, 4) = left(a_period, 4) AND least(length(l.period), length(a_period)) = 4)) c ON true
		WHERE g.district = d.district AND g.active) w
$$;

-- With the lists that the caller's office answers for, so that statements can name them to the planner.
DROP FUNCTION padan.web_enter(bytea, text, text);
CREATE FUNCTION padan.web_enter(a_hash bytea, a_kind text, a_address text) RETURNS TABLE (who bigint, name text, role text,
	district integer, office text, villages text, scopes text, session bigint, lists text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
	mine record;
BEGIN
	IF a_kind = 'token' THEN
		SELECT t.token AS who, t.name, 'token' AS role, t.district, t.office, '{}' AS villages, array_to_string(t.scopes, ' ') AS scopes,
				t.token AS session, t.seen_at
			INTO mine FROM padan.api_tokens t JOIN padan.offices o USING (district, office)
			WHERE t.hash = a_hash AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > clock_timestamp()) AND o.active;
		IF NOT FOUND THEN
			RETURN;
		END IF;
		IF mine.seen_at IS NULL OR mine.seen_at < clock_timestamp() - interval '1 minute' THEN
			UPDATE padan.api_tokens t SET seen_at = clock_timestamp() WHERE t.hash = a_hash;
		END IF;
	ELSE
		SELECT u."user" AS who, u.name, u.role, u.district, u.office, coalesce(u.villages, '{}')::text AS villages, '' AS scopes,
				s.session, s.seen_at
			INTO mine FROM padan.web_sessions s JOIN padan.users u USING (district, "user")
			LEFT JOIN padan.offices o ON o.district = u.district AND o.office = u.office
			WHERE s.hash = a_hash AND s.ended_at IS NULL AND s.expires_at > clock_timestamp()
				AND s.seen_at > clock_timestamp() - interval '1 hour' AND u.active AND (u.office IS NULL OR o.active);
		IF NOT FOUND THEN
			RETURN;
		END IF;
		IF a_kind <> 'watch' AND mine.seen_at < clock_timestamp() - interval '1 minute' THEN
			UPDATE padan.web_sessions s SET seen_at = clock_timestamp() WHERE s.hash = a_hash;
		END IF;
	END IF;
	PERFORM set_config('padan.user', mine.who::text, true), set_config('padan.actor', mine.name, true),
		set_config('padan.role', mine.role, true), set_config('padan.district', mine.district::text, true),
		set_config('padan.office', coalesce(mine.office, ''), true), set_config('padan.villages', mine.villages, true),
		set_config('padan.address', a_address, true);
	RETURN QUERY SELECT mine.who, mine.name::text, mine.role::text, mine.district, mine.office::text, mine.villages::text,
		mine.scopes::text, mine.session, CASE WHEN mine.office IS NOT NULL THEN padan.web_lists()::text END;
END
$$;

ALTER POLICY web_reads ON padan.web_reach_counts USING (district = (SELECT padan.web_district()) AND ((SELECT padan.web_sees_all())
	OR programmes && (SELECT padan.web_programmes()) OR village = ANY ((SELECT padan.web_villages())::bigint[])));

GRANT EXECUTE ON FUNCTION padan.web_enter(bytea, text, text),
	padan.web_flags_wanted(text, text, text, bigint, text, text, text, real, real, bigint, text, text, text, bigint, bigint, bigint[], text),
	padan.web_flag_cells(text, text, text, bigint, text, text, text, real, real, bigint, text, text, text, bigint, bigint) TO padan_web;
