-- Doubtful pairs: one seen, the queue of them, and what people say of it; some need two people. See web_decisions.sql
-- for what an answer is.

-- "person.12.40.17.3". Absent for anything else.
CREATE OR REPLACE FUNCTION padan.web_pair_parse(a_pair text, OUT kind text, OUT a_list bigint, OUT a_row integer, OUT b_list bigint, OUT b_row integer)
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF a_pair IS NULL OR a_pair !~ '^(person|household)(\.[0-9]{1,9}){4}$' THEN
		PERFORM padan.web_absent();
	END IF;
	kind := split_part(a_pair, '.', 1);
	a_list := split_part(a_pair, '.', 2)::bigint;
	a_row := split_part(a_pair, '.', 3)::integer;
	b_list := split_part(a_pair, '.', 4)::bigint;
	b_row := split_part(a_pair, '.', 5)::integer;
END
$$;

-- A pair near one half is hard: two people must agree; so is one about which somebody could not say, or two differ.
CREATE OR REPLACE FUNCTION padan.web_is_hard(a_district integer, a_kind text, a_probability real, a_low bigint, a_high bigint) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
	RETURN (
	SELECT a_probability BETWEEN 0.35 AND 0.65 OR EXISTS (
		SELECT FROM padan.pair_opinions o WHERE o.district = a_district AND o.kind = a_kind AND o.low_fingerprint = a_low AND o.high_fingerprint = a_high));
END
$$;

-- A decision as a page shows it.
CREATE OR REPLACE FUNCTION padan.web_decision(d padan.decisions) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
	RETURN (
	SELECT jsonb_build_object('decision', d.decision, 'pair', concat_ws('.', d.kind, d.a_list, d.a_row, d.b_list, d.b_row), 'kind', d.kind,
		'verdict', d.verdict, 'who', d.decided_by, 'at', d.decided_at, 'reason', d.reason, 'undone_at', d.undone_at,
		'replaced', d.replaced_by IS NOT NULL AND d.undone_at IS NULL, 'mine', d.decided_by = padan.actor(),
		'may_undo', d.replaced_by IS NULL AND (padan.web_role() IN ('administrator', 'bappeda') OR d.decided_by = padan.actor()),
		'a', (SELECT padan.web_entry(e, l.kind, l.subject, l.period, l.state = 'done') FROM padan.entries e JOIN padan.lists l USING (district, list)
			WHERE e.district = d.district AND e.list = d.a_list AND e.row = d.a_row),
		'b', (SELECT padan.web_entry(e, l.kind, l.subject, l.period, l.state = 'done') FROM padan.entries e JOIN padan.lists l USING (district, list)
			WHERE e.district = d.district AND e.list = d.b_list AND e.row = d.b_row))
	WHERE d.district = padan.web_district() AND (padan.web_sees_all() OR d.a_list = ANY (padan.web_lists()) OR d.b_list = ANY (padan.web_lists())));
END
$$;

-- The others of a household in lists that count, each person once, as far as the caller may see them.
CREATE OR REPLACE FUNCTION padan.web_family(a_household bigint, a_person bigint) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
	RETURN (
	SELECT coalesce(jsonb_agg(padan.web_entry(f, x.kind, x.subject, x.period, true) ORDER BY x.relation = 0, x.relation, x.person), '[]') FROM (
		SELECT DISTINCT ON (e.person) e.person, e.relation, e.list, e.row, s.kind, s.subject, s.period
		FROM padan.entries e JOIN padan.list_status s ON s.district = e.district AND s.list = e.list AND s.current
		WHERE e.district = (SELECT padan.web_district()) AND e.household = a_household AND e.person <> a_person
			AND ((SELECT padan.web_sees_all()) OR e.list = ANY ((SELECT padan.web_lists())::bigint[]))
		ORDER BY e.person, (s.kind = 'target') DESC, e.list DESC, e.row LIMIT 30) x
	JOIN padan.entries f ON f.district = (SELECT padan.web_district()) AND f.list = x.list AND f.row = x.row);
END
$$;

-- One pair, as both of its offices see it: the two entries with their birth dates whole. a_all: families, flags and the
-- decision too. NULL: not there, or not the caller's. Its flags are found by their persons and households first and put
-- in order then: in order first meant all flags of the district.
CREATE OR REPLACE FUNCTION padan.web_pair(a_kind text, a_list bigint, a_row integer, b_list bigint, b_row integer, a_all boolean) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_variable
DECLARE
	d integer := padan.web_district();
	m padan.match_evidence;
	q padan.web_pairs;
	a padan.entries;
	b padan.entries;
	la padan.list_status;
	lb padan.list_status;
	low bigint;
	high bigint;
	made jsonb;
	decided padan.decisions;
	newest timestamptz;
BEGIN
	SELECT * INTO m FROM padan.match_evidence x WHERE x.district = d AND x.kind = a_kind AND x.a_list = a_list AND x.a_row = a_row
		AND x.b_list = b_list AND x.b_row = b_row;
	IF NOT FOUND OR NOT (padan.web_sees_all() OR padan.web_role() = 'office'
			AND (a_list = ANY (padan.web_lists()) OR b_list = ANY (padan.web_lists()))) THEN
		RETURN NULL;
	END IF;
	SELECT * INTO a FROM padan.entries x WHERE x.district = d AND x.list = a_list AND x.row = a_row;
	SELECT * INTO b FROM padan.entries x WHERE x.district = d AND x.list = b_list AND x.row = b_row;
	IF a.list IS NULL OR b.list IS NULL THEN
		RETURN NULL; -- erased
	END IF;
	SELECT * INTO la FROM padan.list_status x WHERE x.district = d AND x.list = a_list;
	SELECT * INTO lb FROM padan.list_status x WHERE x.district = d AND x.list = b_list;
	low := least(a.fingerprint, b.fingerprint);
	high := greatest(a.fingerprint, b.fingerprint);
	SELECT * INTO q FROM padan.web_pairs x WHERE x.district = d AND x.kind = a_kind AND x.low_fingerprint = low AND x.high_fingerprint = high LIMIT 1;
	SELECT * INTO decided FROM padan.decisions x WHERE x.district = d AND x.kind = a_kind AND x.low_fingerprint = low AND x.high_fingerprint = high
		AND x.replaced_by IS NULL;
	SELECT max(o.at) INTO newest FROM padan.pair_opinions o WHERE o.district = d AND o.kind = a_kind AND o.low_fingerprint = low AND o.high_fingerprint = high;
	made := jsonb_build_object('pair', concat_ws('.', a_kind, a_list, a_row, b_list, b_row), 'kind', a_kind,
		'probability', m.probability, 'weight', m.weight, 'worth', coalesce(q.worth, 0), 'flags', coalesce(q.flags, 0),
		'offices', (SELECT to_jsonb(coalesce(array_agg(DISTINCT o.office ORDER BY o.office), '{}')) FROM unnest(ARRAY[la.office, lb.office]) AS o (office)
			WHERE o.office IS NOT NULL),
		'across', la.office IS DISTINCT FROM lb.office,
		'hard', padan.web_is_hard(d, a_kind, m.probability, low, high),
		'opinions', (SELECT coalesce(jsonb_agg(jsonb_build_object('who', o.who, 'at', o.at, 'verdict', o.verdict, 'reason', o.reason,
				'mine', o.who = padan.actor()) ORDER BY o.at), '[]') FROM padan.pair_opinions o
			WHERE o.district = d AND o.kind = a_kind AND o.low_fingerprint = low AND o.high_fingerprint = high),
		'may_decide', decided.decision IS NULL AND (padan.web_sees_all() OR la.office IS NOT DISTINCT FROM lb.office),
		'a', padan.web_entry(a, la.kind, la.subject, la.period, coalesce(la.current, false), true),
		'b', padan.web_entry(b, lb.kind, lb.subject, lb.period, coalesce(lb.current, false), true),
		'version', coalesce(padan.web_version(newest), '0') || '-' || coalesce(decided.decision, 0));
	IF NOT a_all THEN
		RETURN made;
	END IF;
	RETURN made || jsonb_build_object(
		'a_family', padan.web_family(a.household, a.person), 'b_family', padan.web_family(b.household, b.person),
		'flags_here', (SELECT coalesce(jsonb_agg(padan.web_flag(f, padan.web_flag_name(f.list, f.row)) ORDER BY f.worst, f.flag), '[]')
			FROM (WITH here AS MATERIALIZED (
					SELECT f.flag, f.worst, f.status, f.kind FROM padan.flags f WHERE f.district = d AND f.person IN (a.person, b.person)
					UNION SELECT f.flag, f.worst, f.status, f.kind FROM padan.flags f WHERE f.district = d AND f.household IN (a.household, b.household))
				SELECT h.flag FROM here h WHERE h.status IN ('found', 'assigned', 'confirmed') AND h.kind <> 'DATA_QUALITY' ORDER BY h.worst, h.flag LIMIT 20) g
			JOIN padan.flags f ON f.district = d AND f.flag = g.flag WHERE padan.web_sees_flag(f)),
		'decision', CASE WHEN decided.decision IS NOT NULL THEN padan.web_decision(decided) END);
END
$$;

CREATE OR REPLACE FUNCTION padan.web_pair_persons(a_pair jsonb) RETURNS bigint[]
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
	RETURN (
	SELECT array_agg(DISTINCT (e.entry ->> 'person')::bigint) FROM (
		VALUES (a_pair -> 'a'), (a_pair -> 'b')
		UNION ALL SELECT f.entry FROM jsonb_array_elements(coalesce(a_pair -> 'a_family', '[]') || coalesce(a_pair -> 'b_family', '[]')) AS f (entry)) AS e (entry));
END
$$;

-- ---- What people say ----

-- One's word on a pair: a decision, or an opinion where two must agree.
CREATE OR REPLACE FUNCTION padan.web_decide_pair(a_pair text, a_verdict text, a_reason text, a_version text, OUT status integer, OUT body jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	d integer := padan.web_district();
	p record;
	pair jsonb;
	low bigint;
	high bigint;
	decided padan.decisions;
	made bigint;
	settles boolean;
BEGIN
	SELECT * INTO p FROM padan.web_pair_parse(a_pair);
	pair := padan.web_pair(p.kind, p.a_list, p.a_row, p.b_list, p.b_row, false);
	IF pair IS NULL THEN
		PERFORM padan.web_absent();
	ELSIF a_verdict IS NULL OR a_verdict NOT IN ('same', 'not_same', 'unsure') OR length(a_reason) > 500 THEN
		RAISE EXCEPTION USING ERRCODE = 'PD047', MESSAGE = 'Putusan harus same, not_same, atau unsure; alasan paling banyak 500 huruf.',
			HINT = 'The verdict must be same, not_same or unsure; a reason has at most 500 letters.';
	ELSIF (pair ->> 'across')::boolean AND NOT padan.web_sees_all() THEN
		RAISE EXCEPTION USING ERRCODE = 'PD048', MESSAGE = 'Pasangan antar-dinas diputuskan oleh Bappeda.',
			HINT = 'A pair across offices is decided by Bappeda.';
	END IF;
	SELECT least(a.fingerprint, b.fingerprint), greatest(a.fingerprint, b.fingerprint) INTO low, high
		FROM padan.entries a, padan.entries b WHERE a.district = d AND a.list = p.a_list AND a.row = p.a_row
			AND b.district = d AND b.list = p.b_list AND b.row = p.b_row;
	-- Two people at one pair: the second waits here, and is told what the first has said.
	PERFORM pg_advisory_xact_lock(hashtextextended(concat_ws('.', 'pair', d, p.kind, low, high), 0));
	SELECT * INTO decided FROM padan.decisions x WHERE x.district = d AND x.kind = p.kind AND x.low_fingerprint = low AND x.high_fingerprint = high
		AND x.replaced_by IS NULL;
	IF FOUND THEN
		status := 409;
		body := padan.web_problem(409, 'conflict', format('Pasangan ini sudah diputuskan oleh %s.', decided.decided_by),
			format('This pair has been decided already by %s.', decided.decided_by), padan.web_decision(decided));
		RETURN;
	END IF;
	pair := padan.web_pair(p.kind, p.a_list, p.a_row, p.b_list, p.b_row, false);
	IF a_version IS NOT NULL AND a_version <> pair ->> 'version' THEN
		status := 412;
		body := padan.web_problem(412, 'stale', 'Orang lain baru saja berpendapat tentang pasangan ini.', 'Somebody else has just given an opinion on this pair.', pair);
		RETURN;
	END IF;
	settles := a_verdict <> 'unsure' AND (NOT (pair ->> 'hard')::boolean OR EXISTS (
		SELECT FROM padan.pair_opinions o WHERE o.district = d AND o.kind = p.kind AND o.low_fingerprint = low AND o.high_fingerprint = high
			AND o.verdict = a_verdict AND o.who <> padan.actor()));
	IF settles THEN
		INSERT INTO padan.decisions (district, kind, verdict, a_list, a_row, b_list, b_row, low_fingerprint, high_fingerprint, reason)
			VALUES (d, p.kind, a_verdict, p.a_list, p.a_row, p.b_list, p.b_row, low, high, coalesce(nullif(a_reason, ''), 'diputuskan di layar Periksa'))
			RETURNING decision INTO made;
		PERFORM padan.web_redecide();
	ELSE
		INSERT INTO padan.pair_opinions (district, kind, low_fingerprint, high_fingerprint, a_list, a_row, b_list, b_row, verdict, reason)
			VALUES (d, p.kind, low, high, p.a_list, p.a_row, p.b_list, p.b_row, a_verdict, nullif(a_reason, ''))
			ON CONFLICT (district, kind, low_fingerprint, high_fingerprint, who)
				DO UPDATE SET verdict = excluded.verdict, reason = excluded.reason, at = clock_timestamp();
	END IF;
	PERFORM padan.audit('pair.decide', 'entry', ARRAY[p.a_list, p.a_row, p.b_list, p.b_row],
		jsonb_build_object('kind', p.kind, 'verdict', a_verdict, 'settled', settles));
	PERFORM padan.web_changed('pair', coalesce(made, 0));
	SELECT * INTO decided FROM padan.decisions x WHERE x.district = d AND x.decision = made;
	pair := padan.web_pair(p.kind, p.a_list, p.a_row, p.b_list, p.b_row, false);
	status := 200;
	body := jsonb_build_object('decision', CASE WHEN made IS NOT NULL THEN padan.web_decision(decided) END, 'opinions', pair -> 'opinions',
		'settled', settles, 'progress', padan.web_review_progress());
END
$$;

-- Takes a decision back; the pair waits again.
CREATE OR REPLACE FUNCTION padan.web_undo_decision(a_decision bigint, OUT status integer, OUT body jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	decided padan.decisions;
BEGIN
	SELECT * INTO decided FROM padan.decisions x WHERE x.district = padan.web_district() AND x.decision = a_decision FOR UPDATE;
	IF decided.decision IS NULL OR padan.web_decision(decided) IS NULL THEN
		PERFORM padan.web_absent();
	ELSIF decided.replaced_by IS NOT NULL THEN
		status := 409;
		body := padan.web_problem(409, 'conflict', 'Putusan ini sudah tidak berlaku.', 'This decision is no longer in force.', padan.web_decision(decided));
		RETURN;
	ELSIF NOT (padan.web_decision(decided) ->> 'may_undo')::boolean THEN
		RAISE EXCEPTION USING ERRCODE = 'PD049', MESSAGE = 'Putusan orang lain dibatalkan oleh Bappeda atau administrator.',
			HINT = 'Somebody else''s decision is taken back by Bappeda or an administrator.';
	END IF;
	UPDATE padan.decisions x SET replaced_by = x.decision, undone_at = clock_timestamp(), undone_by = padan.actor()
		WHERE x.district = decided.district AND x.decision = a_decision RETURNING * INTO decided;
	DELETE FROM padan.pair_opinions o WHERE o.district = decided.district AND o.kind = decided.kind AND o.who = padan.actor()
		AND o.low_fingerprint = decided.low_fingerprint AND o.high_fingerprint = decided.high_fingerprint;
	PERFORM padan.web_redecide();
	PERFORM padan.audit('pair.undo', 'decision', ARRAY[a_decision]);
	PERFORM padan.web_changed('pair', a_decision);
	status := 200;
	body := padan.web_decision(decided);
END
$$;

-- ---- The queue ----

-- Pairs that still wait for the caller: undecided, and not said his word on already. Opinions are few and pairs many:
-- they are counted once, not once for each pair.
CREATE OR REPLACE VIEW padan.web_open_pairs WITH (security_invoker = true) AS
	SELECT p.district, p.kind, p.a_list, p.a_row, p.b_list, p.b_row, p.low_fingerprint, p.high_fingerprint, p.weight, p.probability, p.worth,
		p.flags, p.a_office, p.b_office, p.a_subject, p.b_subject, p.a_village, p.b_village,
		p.a_office IS DISTINCT FROM p.b_office AS across, coalesce(o.mine, 0) > 0 AS said, coalesce(o.others, 0) AS opinions,
		coalesce(o.unsure, 0) > 0 AS unsure
	FROM padan.web_pairs p
	LEFT JOIN (SELECT x.district, x.kind, x.low_fingerprint, x.high_fingerprint, count(*) FILTER (WHERE x.who = (SELECT padan.actor())) AS mine,
			count(*) FILTER (WHERE x.who <> (SELECT padan.actor())) AS others,
			count(*) FILTER (WHERE x.who = (SELECT padan.actor()) AND x.verdict = 'unsure') AS unsure
		FROM padan.pair_opinions x GROUP BY 1, 2, 3, 4) o
		ON o.district = p.district AND o.kind = p.kind AND o.low_fingerprint = p.low_fingerprint AND o.high_fingerprint = p.high_fingerprint
	WHERE NOT EXISTS (SELECT FROM padan.decisions d WHERE d.district = p.district AND d.kind = p.kind AND d.low_fingerprint = p.low_fingerprint
		AND d.high_fingerprint = p.high_fingerprint AND d.replaced_by IS NULL);

-- Counted as the caller sees it: an office by its own pairs. Who asks is asked once, not once for each pair.
CREATE OR REPLACE FUNCTION padan.web_review_progress() RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
	RETURN (
	WITH open AS (
		SELECT p.across, p.said, p.opinions, p.unsure FROM padan.web_open_pairs p
		WHERE p.district = (SELECT padan.web_district()) AND ((SELECT padan.web_sees_all()) OR p.a_office = (SELECT padan.web_office()) OR p.b_office = (SELECT padan.web_office()))
	), made AS (
		SELECT d.decided_at, d.decided_by = (SELECT padan.actor()) AS mine FROM padan.decisions d
		WHERE d.district = (SELECT padan.web_district()) AND d.undone_at IS NULL AND d.decided_at > clock_timestamp() - interval '14 days'
			AND ((SELECT padan.web_sees_all()) OR d.a_list = ANY ((SELECT padan.web_lists())::bigint[]) OR d.b_list = ANY ((SELECT padan.web_lists())::bigint[]))
	), pace AS (
		-- Of one's own last 50 within four hours; less than five say nothing.
		SELECT CASE WHEN count(*) >= 5 THEN (count(*) - 1) * 3600 / greatest(extract(epoch FROM max(decided_at) - min(decided_at)), 60) END AS per_hour
		FROM (SELECT decided_at FROM made WHERE mine AND decided_at > clock_timestamp() - interval '4 hours' ORDER BY decided_at DESC LIMIT 50) m
	), left_over AS (
		SELECT count(*) FILTER (WHERE NOT said AND ((SELECT padan.web_sees_all()) OR NOT across)) AS n, count(*) FILTER (WHERE across AND NOT said) AS across,
			count(*) FILTER (WHERE NOT said AND opinions > 0) AS second, count(*) FILTER (WHERE unsure) AS unsure FROM open
	)
	SELECT jsonb_build_object('left', l.n, 'left_across', l.across, 'left_second', l.second, 'unsure', l.unsure,
		'decided_today', (SELECT count(*) FROM made WHERE decided_at >= current_date),
		'decided_by_me_today', (SELECT count(*) FROM made WHERE mine AND decided_at >= current_date),
		'decided_week', (SELECT count(*) FROM made WHERE decided_at > clock_timestamp() - interval '7 days'),
		'per_hour', round(p.per_hour::numeric, 1), 'hours_left', round((l.n / nullif(p.per_hour, 0))::numeric, 1),
		'days', (SELECT jsonb_agg(jsonb_build_object('period', g.day::date, 'value', (SELECT count(*) FROM made WHERE decided_at::date = g.day::date)) ORDER BY g.day)
			FROM generate_series(current_date - 13, current_date, interval '1 day') AS g (day)))
	FROM left_over l, pace p);
END
$$;

-- ---- who may call and read them, beside padan_daemon (migrations/0006_grants.sql) ----
GRANT SELECT ON padan.web_open_pairs TO padan_reader, padan_web;
GRANT EXECUTE ON FUNCTION padan.web_pair_parse, padan.web_decision, padan.web_family, padan.web_pair,
	padan.web_pair_persons, padan.web_decide_pair, padan.web_undo_decision, padan.web_review_progress TO padan_web;
