-- What the web's pages read quickly: entries and flags as JSON with masked numbers, and counts made beforehand by
-- padan.web_refresh() after each job, so that a page costs the same whether the register holds a thousand rows or a million.

-- Order of the flags page: severity, then state, then certainty.
ALTER TABLE padan.flags ADD COLUMN worst double precision NOT NULL GENERATED ALWAYS AS (
	3 * CASE severity WHEN 'high' THEN 0 WHEN 'medium' THEN 1 WHEN 'low' THEN 2 ELSE 3 END
	+ CASE state WHEN 'finding' THEN 0 WHEN 'to_check' THEN 1 ELSE 2 END + (1 - certainty) * 0.999) STORED;
CREATE INDEX flags_worst ON padan.flags (district, worst, flag) WHERE status IN ('found', 'assigned', 'confirmed');
CREATE INDEX flags_other ON padan.flags (district, other_list, other_row) WHERE other_list IS NOT NULL;
CREATE INDEX flags_person ON padan.flags (district, person);
CREATE INDEX flags_changed ON padan.flags (district, decided_at) WHERE decided_at IS NOT NULL;
CREATE INDEX match_evidence_doubtful ON padan.match_evidence (district, a_list, b_list) WHERE verdict = 'doubtful';

-- ---- how things are shown ----

-- "150501••••••0012": as matcher/normalise/nik.h masks it.
CREATE FUNCTION padan.web_number(a_number bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE WHEN a_number > 0 THEN
		lpad((a_number / 10000000000 % 1000000)::text, 6, '0') || '••••••' || lpad((a_number % 10000)::text, 4, '0') END
$$;

CREATE FUNCTION padan.web_birth(a_birth integer, a_whole boolean) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE
		WHEN coalesce(a_birth, 0) = 0 THEN NULL
		WHEN NOT a_whole OR a_birth % 10000 / 100 = 0 THEN lpad((a_birth / 10000)::text, 4, '0')
		WHEN a_birth % 100 = 0 THEN lpad((a_birth / 10000)::text, 4, '0') || '-' || lpad((a_birth % 10000 / 100)::text, 2, '0')
		ELSE lpad((a_birth / 10000)::text, 4, '0') || '-' || lpad((a_birth % 10000 / 100)::text, 2, '0') || '-' || lpad((a_birth % 100)::text, 2, '0')
	END
$$;

CREATE FUNCTION padan.web_sex(a_sex smallint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE a_sex WHEN 1 THEN 'L' WHEN 2 THEN 'P' END
$$;

-- Sixteen digits in a row, or almost, are somebody's number wherever they stand.
CREATE FUNCTION padan.web_cells(a_cells text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT coalesce(array_agg(regexp_replace(c.cell, '([0-9]{6})[0-9 .-]{4,10}([0-9]{4})', '\1••••••\2', 'g') ORDER BY c.n), '{}')
	FROM unnest(a_cells) WITH ORDINALITY AS c (cell, n)
$$;

CREATE FUNCTION padan.web_version(a_time timestamptz) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT (extract(epoch FROM a_time) * 1000000)::bigint::text
$$;

-- a_whole: the birth date too; a_numbers: NIK and KK unmasked, for who said why.
CREATE FUNCTION padan.web_entry(e padan.entries, a_kind text, a_subject text, a_period text, a_current boolean,
	a_whole boolean DEFAULT false, a_numbers boolean DEFAULT false) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS $$
	SELECT jsonb_build_object('list', e.list, 'row', e.row, 'line', e.line, 'kind', a_kind, 'subject', a_subject, 'period', a_period,
		'current', a_current, 'person', e.person, 'household', e.household, 'name', e.name_shown,
		'nik', CASE WHEN a_numbers AND e.nik > 0 THEN lpad(e.nik::text, 16, '0') ELSE padan.web_number(e.nik) END,
		'kk', CASE WHEN a_numbers AND e.kk > 0 THEN lpad(e.kk::text, 16, '0') ELSE padan.web_number(e.kk) END,
		'birth', padan.web_birth(e.birth, a_whole OR a_numbers), 'sex', padan.web_sex(e.sex), 'relation', e.relation,
		'desil', nullif(e.desil, 0), 'village', e.village, 'village_text', e.village_text, 'rt', nullif(e.rt, 0), 'rw', nullif(e.rw, 0),
		'address', e.address, 'father_name', e.father_name, 'head_name', e.head_name, 'birth_place', e.birth_place,
		'family_id', CASE WHEN a_numbers OR length(e.family_id) < 12 THEN e.family_id
			ELSE left(e.family_id, 4) || '••••' || right(e.family_id, 4) END,
		'notes', coalesce(to_jsonb(e.notes), '[]'))
$$;

CREATE FUNCTION padan.web_flag(f padan.flags, a_name text) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS $$
	SELECT jsonb_build_object('flag', f.flag, 'kind', f.kind, 'severity', f.severity, 'certainty', f.certainty, 'state', f.state,
		'status', f.status, 'list', f.list, 'row', f.row, 'other_list', f.other_list, 'other_row', f.other_row, 'rule', f.rule,
		'programme', f.programme, 'period', f.period, 'village', f.village, 'person', f.person, 'household', f.household,
		'name', a_name, 'assigned_to', f.assigned_to, 'decided_by', f.decided_by, 'decided_at', f.decided_at, 'reason', f.reason,
		'found_at', f.found_at, 'changed_at', f.changed_at, 'version', padan.web_version(f.changed_at))
$$;

-- The name at a flag; of a flag that the caller may see, also where it stands in a list that he may not.
CREATE FUNCTION padan.web_flag_name(a_list bigint, a_row integer) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT e.name_shown FROM padan.entries e
	WHERE e.district = padan.web_district() AND e.list = a_list AND e.row = a_row
		AND (padan.web_sees_all() OR e.list = ANY (padan.web_lists()) OR e.village = ANY (padan.web_villages())
			OR EXISTS (SELECT FROM padan.flags f WHERE f.district = e.district AND f.list = a_list AND f.row = a_row
				AND (f.assigned_to = padan.web_office() OR f.other_list = ANY (padan.web_lists()))))
$$;

CREATE FUNCTION padan.web_list(l padan.list_status) RETURNS jsonb
LANGUAGE sql STABLE AS $$
	SELECT jsonb_build_object('list', l.list, 'kind', l.kind, 'subject', l.subject, 'period', l.period, 'office', l.office,
		'state', l.state, 'current', coalesce(l.current, false), 'superseded_by', l.superseded_by,
		'completes', (SELECT c.completes FROM padan.lists c WHERE c.district = l.district AND c.list = l.list),
		'file_name', l.file_name, 'door', l.door, 'sender', l.sender, 'received_at', l.received_at, 'done_at', l.done_at,
		'rows_read', l.rows_read, 'rows_accepted', l.rows_accepted, 'rows_rejected', l.rows_rejected,
		'open_flags', (SELECT count(*) FROM padan.flags f WHERE f.district = l.district AND f.list = l.list
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

-- The caller's own name.
CREATE FUNCTION padan.web_full_name() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT u.full_name FROM padan.users u WHERE u.district = padan.web_district() AND u."user" = padan.web_user()
$$;

-- A period and what it still waits for: codes and numbers of lists alone, which every office may know.
CREATE FUNCTION padan.web_period(a_period text) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT jsonb_build_object('period', a_period,
		'state', CASE WHEN p.state = 'closed' OR y.state = 'closed' THEN 'closed' ELSE 'open' END,
		'complete', NOT EXISTS (SELECT FROM jsonb_array_elements(w.json) a WHERE NOT (a ->> 'came')::boolean AND (a ->> 'expected')::boolean),
		'programmes', w.json,
		'target', (SELECT max(l.list) FROM padan.lists l WHERE l.district = d.district AND l.kind = 'target' AND l.period = a_period AND l.state = 'done'),
		'changed_at', p.changed_at, 'changed_by', p.changed_by, 'reason', p.reason,
		'provisional_flags', (SELECT count(*) FROM padan.flags f WHERE f.district = d.district AND f.period = a_period
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

-- ---- counts and queues, made beforehand ----

-- Codes of the programmes that an office answers for.
CREATE FUNCTION padan.web_programmes() RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT coalesce(array_agg(p.programme), '{}') FROM padan.programmes p
	WHERE p.district = padan.web_district() AND p.office = padan.web_office()
$$;

-- When each district's were made last, and of what.
CREATE TABLE padan.web_made (
	district integer PRIMARY KEY,
	stamp text NOT NULL,
	at timestamptz NOT NULL
);

-- Households of current lists, and the programmes that reach them: by the household itself or by a person whom the target list
-- names there (as EXCLUSION has it).
CREATE TABLE padan.web_reach (
	district integer NOT NULL,
	household bigint NOT NULL,
	village bigint,
	desil smallint,
	target boolean NOT NULL,
	programmes text[] NOT NULL, -- sorted
	PRIMARY KEY (district, household)
);
CREATE INDEX web_reach_village ON padan.web_reach (district, village, household);
CREATE INDEX web_reach_left_out ON padan.web_reach (district, household) WHERE target AND programmes = '{}';
CREATE INDEX web_reach_programmes ON padan.web_reach USING gin (programmes);

-- The same counted; and how many persons stand in the same lists.
CREATE TABLE padan.web_reach_counts (
	district integer NOT NULL,
	level text NOT NULL CHECK (level IN ('household', 'person')),
	village bigint,
	desil smallint,
	target boolean NOT NULL,
	programmes text[] NOT NULL,
	n bigint NOT NULL
);
CREATE INDEX web_reach_counts_district ON padan.web_reach_counts (district, level);

-- Coverage at earlier versions of the target list and on earlier days, and how many flags were open then.
CREATE TABLE padan.web_figures (
	district integer NOT NULL,
	office text NOT NULL, -- '': the whole district
	code text NOT NULL,
	day date NOT NULL,
	value double precision NOT NULL,
	PRIMARY KEY (district, office, code, day)
);

-- Doubtful pairs of current lists, each once whatever number of versions it stands in. What people decided is looked up when
-- asked for.
CREATE TABLE padan.web_pairs (
	district integer NOT NULL,
	kind text NOT NULL,
	a_list bigint NOT NULL,
	a_row integer NOT NULL,
	b_list bigint NOT NULL,
	b_row integer NOT NULL,
	low_fingerprint bigint NOT NULL,
	high_fingerprint bigint NOT NULL,
	weight real NOT NULL,
	probability real NOT NULL,
	worth double precision NOT NULL,
	flags integer NOT NULL,
	a_office text,
	b_office text,
	a_subject text NOT NULL,
	b_subject text NOT NULL,
	a_village bigint,
	b_village bigint,
	PRIMARY KEY (district, kind, a_list, a_row, b_list, b_row)
);
CREATE INDEX web_pairs_worth ON padan.web_pairs (district, worth DESC, kind, a_list, a_row, b_list, b_row);
CREATE INDEX web_pairs_fingerprints ON padan.web_pairs (district, low_fingerprint, high_fingerprint);

-- What a person thinks of a pair that two must decide, or could not say.
CREATE TABLE padan.pair_opinions (
	district integer NOT NULL,
	opinion bigint GENERATED ALWAYS AS IDENTITY,
	kind text NOT NULL CHECK (kind IN ('person', 'household')),
	low_fingerprint bigint NOT NULL,
	high_fingerprint bigint NOT NULL,
	a_list bigint NOT NULL,
	a_row integer NOT NULL,
	b_list bigint NOT NULL,
	b_row integer NOT NULL,
	who text NOT NULL DEFAULT padan.actor(),
	at timestamptz NOT NULL DEFAULT clock_timestamp(),
	verdict text NOT NULL CHECK (verdict IN ('same', 'not_same', 'unsure')),
	reason text,
	PRIMARY KEY (district, opinion),
	UNIQUE (district, kind, low_fingerprint, high_fingerprint, who)
);

ALTER TABLE padan.decisions ADD COLUMN undone_at timestamptz, ADD COLUMN undone_by text;
CREATE INDEX decisions_at ON padan.decisions (district, decided_at);

-- When a user was here last.
CREATE TABLE padan.web_visits (
	district integer NOT NULL,
	who text NOT NULL,
	before_at timestamptz, -- the visit before this one
	at timestamptz NOT NULL,
	PRIMARY KEY (district, who)
);

DO $$
DECLARE
	policies CONSTANT text[][] := ARRAY[
		['web_made', 'true'],
		['web_reach', '(SELECT padan.web_sees_all()) OR programmes && (SELECT padan.web_programmes()) OR village = ANY ((SELECT padan.web_villages())::bigint[])'],
		['web_reach_counts', '(SELECT padan.web_sees_all()) OR programmes && (SELECT padan.web_programmes())'],
		['web_figures', '(SELECT padan.web_sees_all()) OR office = (SELECT padan.web_office())'],
		['web_pairs', '(SELECT padan.web_sees_all()) OR a_office = (SELECT padan.web_office()) OR b_office = (SELECT padan.web_office())'],
		['pair_opinions', '(SELECT padan.web_sees_all()) OR a_list = ANY ((SELECT padan.web_lists())::bigint[]) OR b_list = ANY ((SELECT padan.web_lists())::bigint[])'],
		['web_visits', 'who = (SELECT padan.actor())']
	];
	one text[];
BEGIN
	FOREACH one SLICE 1 IN ARRAY policies LOOP
		EXECUTE format('ALTER TABLE padan.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', one[1]);
		EXECUTE format('CREATE POLICY everything ON padan.%I TO padan_owner, padan_daemon, padan_reader USING (true) WITH CHECK (true)', one[1]);
		EXECUTE format('CREATE POLICY web_reads ON padan.%I FOR SELECT TO padan_web USING (district = (SELECT padan.web_district()) AND (%s))',
			one[1], one[2]);
		EXECUTE format('GRANT SELECT ON padan.%I TO padan_web', one[1]);
	END LOOP;
END
$$;

-- A household as a row of a page; its head, or whoever stands first in what the caller may see.
CREATE FUNCTION padan.web_household_row(r padan.web_reach) RETURNS jsonb
LANGUAGE sql STABLE AS $$
	SELECT jsonb_build_object('household', r.household, 'head', h.name_shown, 'kk', padan.web_number(h.kk), 'members', m.n,
		'desil', r.desil, 'village', r.village, 'rt', nullif(h.rt, 0), 'rw', nullif(h.rw, 0), 'address', h.address,
		'programmes', to_jsonb(r.programmes),
		'flag', (SELECT min(f.flag) FROM padan.flags f WHERE f.district = r.district AND f.household = r.household
			AND f.status IN ('found', 'assigned', 'confirmed') AND f.kind <> 'DATA_QUALITY'))
	FROM (SELECT count(DISTINCT e.person) AS n FROM padan.entries e WHERE e.district = r.district AND e.household = r.household) m
	LEFT JOIN LATERAL (SELECT e.* FROM padan.entries e WHERE e.district = r.district AND e.household = r.household
		ORDER BY e.relation <> 1, e.list DESC, e.row LIMIT 1) h ON true
$$;

-- What the counts rest on: they are made anew when this is another.
CREATE FUNCTION padan.web_stamp(a_district integer) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT concat_ws(' ', d.applied_at, (SELECT max(j.finished_at) FROM padan.jobs j WHERE j.district = a_district AND j.state = 'done'),
		(SELECT max(p.changed_at) FROM padan.periods p WHERE p.district = a_district), current_date)
	FROM padan.districts d WHERE d.district = a_district
$$;

CREATE FUNCTION padan.web_refresh_reach(a_district integer) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET work_mem = '256MB' AS $$
BEGIN
	CREATE TEMPORARY TABLE now_entries ON COMMIT DROP AS
		SELECT e.household, e.person, e.village, nullif(e.desil, 0) AS desil, s.kind = 'target' AS target, s.subject
		FROM padan.list_status s JOIN padan.entries e ON e.district = s.district AND e.list = s.list
		WHERE s.district = a_district AND s.current AND s.kind IN ('target', 'programme') AND e.household IS NOT NULL;
	ANALYZE now_entries;
	DELETE FROM padan.web_reach WHERE district = a_district;
	INSERT INTO padan.web_reach (district, household, village, desil, target, programmes)
		SELECT a_district, h.household, h.village, h.desil, h.target, coalesce(p.programmes, '{}')
		FROM (SELECT household, coalesce(min(village) FILTER (WHERE target), min(village)) AS village,
				coalesce(max(desil) FILTER (WHERE target), max(desil)) AS desil, bool_or(target) AS target
			FROM now_entries GROUP BY household) h
		LEFT JOIN (SELECT household, array_agg(subject ORDER BY subject) AS programmes
			FROM (SELECT household, subject FROM now_entries WHERE NOT target
				UNION SELECT t.household, e.subject FROM now_entries t JOIN now_entries e ON e.person = t.person
					WHERE t.target AND NOT e.target AND e.household <> t.household) r
			GROUP BY household) p USING (household);
	DELETE FROM padan.web_reach_counts WHERE district = a_district;
	INSERT INTO padan.web_reach_counts (district, level, village, desil, target, programmes, n)
		SELECT a_district, 'household', r.village, r.desil, r.target, r.programmes, count(*)
		FROM padan.web_reach r WHERE r.district = a_district GROUP BY 3, 4, 5, 6;
	INSERT INTO padan.web_reach_counts (district, level, village, desil, target, programmes, n)
		SELECT a_district, 'person', p.village, p.desil, p.target, p.programmes, count(*)
		FROM (SELECT person, min(village) AS village, max(desil) AS desil, bool_or(target) AS target,
				coalesce(array_agg(DISTINCT subject ORDER BY subject) FILTER (WHERE NOT target), '{}') AS programmes
			FROM now_entries GROUP BY person) p
		GROUP BY 3, 4, 5, 6;
	DROP TABLE now_entries;
END
$$;

CREATE FUNCTION padan.web_refresh_pairs(a_district integer) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	DELETE FROM padan.web_pairs WHERE district = a_district;
	INSERT INTO padan.web_pairs (district, kind, a_list, a_row, b_list, b_row, low_fingerprint, high_fingerprint, weight, probability,
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
END
$$;

CREATE FUNCTION padan.web_refresh_figures(a_district integer) RETURNS void
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
			SELECT l.office, 'open_flags', count(*) FROM padan.flags f JOIN padan.lists l USING (district, list)
				WHERE f.district = a_district AND f.status IN ('found', 'assigned', 'confirmed') AND f.kind <> 'DATA_QUALITY'
				GROUP BY ROLLUP (l.office)
				HAVING grouping(l.office) = 1 OR l.office IS NOT NULL
			UNION ALL
			SELECT l.office, 'rejected_share', sum(l.rows_rejected)::double precision / nullif(sum(l.rows_read), 0)
				FROM padan.list_status l WHERE l.district = a_district AND l.current AND l.kind = 'programme' GROUP BY l.office
			UNION ALL
			SELECT l.office, 'overlaps', count(*) FROM padan.flags f JOIN padan.lists l USING (district, list)
				WHERE f.district = a_district AND f.status IN ('found', 'assigned', 'confirmed') AND f.kind = 'OVERLAP'
				GROUP BY l.office
		) c WHERE c.value IS NOT NULL
		ON CONFLICT (district, office, code, day) DO UPDATE SET value = excluded.value
$$;

-- Called by the daemon after each job, and every minute. True: something was made anew.
CREATE FUNCTION padan.web_refresh(a_district integer) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	now_stamp text := padan.web_stamp(a_district);
BEGIN
	IF EXISTS (SELECT FROM padan.web_made m WHERE m.district = a_district AND m.stamp = now_stamp)
			OR NOT pg_try_advisory_xact_lock(hashtext('padan.web_refresh'), a_district) THEN
		RETURN false;
	END IF;
	PERFORM padan.web_refresh_reach(a_district);
	PERFORM padan.web_refresh_pairs(a_district);
	PERFORM padan.web_refresh_figures(a_district);
	INSERT INTO padan.web_made (district, stamp, at) VALUES (a_district, now_stamp, clock_timestamp())
		ON CONFLICT (district) DO UPDATE SET stamp = excluded.stamp, at = excluded.at;
	PERFORM pg_notify('padan_web', a_district || ':*:figures:0');
	RETURN true;
END
$$;

GRANT EXECUTE ON FUNCTION padan.web_number(bigint), padan.web_birth(integer, boolean), padan.web_sex(smallint), padan.web_cells(text[]),
	padan.web_version(timestamptz), padan.web_entry(padan.entries, text, text, text, boolean, boolean, boolean),
	padan.web_flag(padan.flags, text), padan.web_flag_name(bigint, integer), padan.web_list(padan.list_status),
	padan.web_full_name(), padan.web_period(text), padan.web_household_row(padan.web_reach), padan.web_programmes(), padan.period_awaits(integer, text, text), padan.period_is_open(integer, text) TO padan_web;
