-- What functions of the web cost beside their work. A function in SQL with a search_path of its own is parsed and planned again in every
-- statement that calls it; half of a page's time went there. Who asks is therefore written so that the planner puts it into the statement
-- (a body that is parsed when it is made needs no search_path), and the others are PL/pgSQL, whose plans a connection keeps
-- (generic ones: they look things up by key).

CREATE OR REPLACE FUNCTION padan.web_district() RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE
	RETURN nullif(current_setting('padan.district', true), '')::integer;
CREATE OR REPLACE FUNCTION padan.web_role() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
	RETURN nullif(current_setting('padan.role', true), '');
CREATE OR REPLACE FUNCTION padan.web_user() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
	RETURN nullif(current_setting('padan.user', true), '')::bigint;
CREATE OR REPLACE FUNCTION padan.web_office() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
	RETURN nullif(current_setting('padan.office', true), '');
CREATE OR REPLACE FUNCTION padan.web_villages() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE
	RETURN coalesce(nullif(current_setting('padan.villages', true), ''), '{}')::bigint[];
CREATE OR REPLACE FUNCTION padan.web_sees_all() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
	RETURN coalesce(current_setting('padan.role', true), '') IN ('administrator', 'bappeda');

CREATE OR REPLACE FUNCTION padan.audit_text(VARIADIC fields text[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
	RETURN (
	SELECT string_agg(CASE WHEN f.field IS NULL THEN '-' ELSE octet_length(f.field) || ':' || f.field END, ',' ORDER BY f.n)
	FROM unnest(fields) WITH ORDINALITY AS f (field, n));
END
$$;

CREATE OR REPLACE FUNCTION padan.audit_time(at timestamp with time zone) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
	RETURN (
	SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'));
END
$$;

CREATE OR REPLACE FUNCTION padan.period_awaits(a_district integer, a_period text, a_programme text) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
	RETURN (
	SELECT CASE WHEN EXISTS (
				SELECT FROM padan.expected_programmes e WHERE e.district = a_district AND e.period = a_period)
			THEN EXISTS (
				SELECT FROM padan.expected_programmes e
				WHERE e.district = a_district AND e.period = a_period AND e.programme = a_programme)
			ELSE p.expected AND (p.expected_months IS NULL OR length(a_period) = 4
				OR right(a_period, 2)::integer = ANY (p.expected_months)) END
		AND NOT EXISTS (
			SELECT FROM padan.lists l
			WHERE l.district = a_district AND l.kind = 'programme' AND l.subject = a_programme AND l.state = 'done'
				AND (l.period = a_period
					OR left(l.period, 4) = left(a_period, 4) AND least(length(l.period), length(a_period)) = 4))
	FROM padan.programmes p
	WHERE p.district = a_district AND p.programme = a_programme AND p.active);
END
$$;

CREATE OR REPLACE FUNCTION padan.period_is_open(a_district integer, a_period text) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
	RETURN (
	SELECT NOT EXISTS (
			SELECT FROM padan.periods
			WHERE district = a_district AND state = 'closed' AND period IN (a_period, left(a_period, 4)))
		AND EXISTS (
			SELECT FROM padan.programmes p
			WHERE p.district = a_district AND padan.period_awaits(a_district, a_period, p.programme)));
END
$$;

CREATE OR REPLACE FUNCTION padan.web_config() RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
	RETURN (
	SELECT string_agg(part, E'\n') FROM padan.districts d, regexp_split_to_table(d.config, '\n(?=\s*\[)') AS part
	WHERE d.district = padan.web_district() AND part ~ '^\s*\[(district|office|programme|reference|rule|target|thresholds|period|columns)\M');
END
$$;

CREATE OR REPLACE FUNCTION padan.web_decides_flag(f padan.flags) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
	RETURN (
	SELECT coalesce(f.district = padan.web_district() AND CASE padan.web_role()
		WHEN 'administrator' THEN true WHEN 'bappeda' THEN true
		WHEN 'office' THEN f.list = ANY (padan.web_lists()) OR f.assigned_to = padan.web_office()
		WHEN 'verifier' THEN f.village = ANY (padan.web_villages()) END, false));
END
$$;

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

CREATE OR REPLACE FUNCTION padan.web_entry_fields(a_list bigint, a_row integer) RETURNS TABLE(list bigint, "row" integer, line bigint,
	person bigint, household bigint, nik bigint, nik_digits smallint, kk bigint, kk_digits smallint, birth integer, sex smallint, relation smallint,
	desil smallint, rt smallint, rw smallint, village bigint, name text, name_shown text, father_name text, head_name text, family_id text, person_key text, birth_place text, address text, village_text text, notes text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT e.list, e.row, e.line, e.person, e.household, e.nik, e.nik_digits, e.kk, e.kk_digits, e.birth, e.sex, e.relation, e.desil, e.rt, e.rw, e.village,
		e.name, e.name_shown, e.father_name, e.head_name, e.family_id, e.person_key, e.birth_place, e.address, e.village_text, e.notes
	FROM padan.entries e WHERE e.district = padan.web_district() AND e.list = a_list AND e.row = a_row;
END
$$;

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

CREATE OR REPLACE FUNCTION padan.web_finding_threshold() RETURNS double precision
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
	RETURN (
	SELECT coalesce((regexp_match(d.config, '\[thresholds\][^\[]*\mfinding\s*=\s*([01](?:\.[0-9]+)?)'))[1]::double precision, 0.9)
	FROM padan.districts d WHERE d.district = padan.web_district());
END
$$;

CREATE OR REPLACE FUNCTION padan.web_flag_entry(a_flag bigint, a_other boolean) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
	RETURN (
	SELECT padan.web_entry(e, l.kind, l.subject, l.period, coalesce(l.current, false)) FROM padan.flags f
	JOIN padan.entries e ON e.district = f.district AND (e.list, e.row) = (CASE WHEN a_other THEN f.other_list ELSE f.list END, CASE WHEN a_other THEN f.other_row ELSE f.row END)
	JOIN padan.list_status l ON l.district = e.district AND l.list = e.list
	WHERE f.district = padan.web_district() AND f.flag = a_flag AND padan.web_sees_flag(f));
END
$$;

CREATE OR REPLACE FUNCTION padan.web_flag_in_the_way(f padan.flags, a_status text, a_version text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
	RETURN (
	SELECT CASE
		WHEN a_version IS NOT NULL AND a_version <> padan.web_version(f.changed_at) THEN 'stale'
		WHEN f.status <> a_status AND NOT EXISTS (SELECT FROM padan.flag_transitions t WHERE t.from_status = f.status AND t.to_status = a_status)
			OR a_status = 'resolved' THEN 'state'
	END);
END
$$;

CREATE OR REPLACE FUNCTION padan.web_flag_name(a_list bigint, a_row integer) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
	RETURN (
	SELECT e.name_shown FROM padan.entries e
	WHERE e.district = padan.web_district() AND e.list = a_list AND e.row = a_row
		AND (padan.web_sees_all() OR e.list = ANY (padan.web_lists()) OR e.village = ANY (padan.web_villages())
			OR EXISTS (SELECT FROM padan.flags f WHERE f.district = e.district AND f.list = a_list AND f.row = a_row
				AND (f.assigned_to = padan.web_office() OR f.other_list = ANY (padan.web_lists())))));
END
$$;

CREATE OR REPLACE FUNCTION padan.web_full_name() RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
	RETURN (
	SELECT u.full_name FROM padan.users u WHERE u.district = padan.web_district() AND u."user" = padan.web_user());
END
$$;

CREATE OR REPLACE FUNCTION padan.web_is_hard(a_district integer, a_kind text, a_probability real, a_low bigint, a_high bigint) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
	RETURN (
	SELECT a_probability BETWEEN 0.35 AND 0.65 OR EXISTS (
		SELECT FROM padan.pair_opinions o WHERE o.district = a_district AND o.kind = a_kind AND o.low_fingerprint = a_low AND o.high_fingerprint = a_high));
END
$$;

CREATE OR REPLACE FUNCTION padan.web_list_before(a_district integer, a_list bigint) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
	RETURN (
	SELECT v.list FROM padan.lists l JOIN padan.lists v ON v.district = l.district AND v.kind = l.kind AND v.subject = l.subject AND v.state = 'done'
		AND (v.period, v.list) < (l.period, l.list)
	WHERE l.district = a_district AND l.list = a_list
	ORDER BY v.period DESC, v.list DESC LIMIT 1);
END
$$;

CREATE OR REPLACE FUNCTION padan.web_list_of(a_list bigint) RETURNS TABLE(kind text, subject text, period text, rows_accepted bigint, current boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT l.kind, l.subject, l.period, l.rows_accepted, coalesce(l.current, false) FROM padan.list_status l
	WHERE l.district = padan.web_district() AND l.list = a_list;
END
$$;

CREATE OR REPLACE FUNCTION padan.web_list_words() RETURNS TABLE(list bigint, kind text, subject text, period text, rows_accepted bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT l.list, l.kind, l.subject, l.period, l.rows_accepted FROM padan.lists l WHERE l.district = padan.web_district();
END
$$;

CREATE OR REPLACE FUNCTION padan.web_lists() RETURNS bigint[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
	RETURN (
	SELECT coalesce(array_agg(l.list), '{}') FROM padan.lists l
	WHERE l.district = padan.web_district() AND l.office = padan.web_office());
END
$$;

CREATE OR REPLACE FUNCTION padan.web_looked(a_kind text, a_id bigint, a_after bigint, a_limit integer) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
	RETURN (
	WITH whom AS (
		SELECT a_kind AS kind, a_id AS id
		UNION SELECT 'person', e.person FROM padan.entries e WHERE a_kind = 'household' AND e.district = padan.web_district() AND e.household = a_id
		UNION SELECT 'household', e.household FROM padan.entries e WHERE a_kind = 'person' AND e.district = padan.web_district() AND e.person = a_id AND e.household IS NOT NULL
		UNION SELECT 'flag', f.flag FROM padan.flags f WHERE f.district = padan.web_district() AND CASE a_kind WHEN 'household' THEN f.household ELSE f.person END = a_id
	), page AS (
		SELECT DISTINCT t.number, t.at, t.who, t.action, t.detail FROM padan.audit_trail t JOIN whom w ON t.kind = w.kind AND t.ids @> ARRAY[w.id]
		WHERE t.district = padan.web_district() AND (a_after IS NULL OR t.number < a_after) AND padan.web_role() = 'administrator'
		ORDER BY t.number DESC LIMIT least(greatest(coalesce(a_limit, 50), 1), 200)
	)
	SELECT jsonb_build_object('items', coalesce((SELECT jsonb_agg(jsonb_build_object('at', p.at, 'who', p.who, 'action', p.action,
			'text', padan.web_action(p.action, 'id'), 'text_en', padan.web_action(p.action, 'en'), 'reason', p.detail::jsonb ->> 'reason') ORDER BY p.number DESC) FROM page p), '[]'),
		'next', CASE WHEN (SELECT count(*) FROM page) = least(greatest(coalesce(a_limit, 50), 1), 200) THEN (SELECT min(p.number)::text FROM page p) END));
END
$$;

CREATE OR REPLACE FUNCTION padan.web_period(a_period text) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
	RETURN (
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
		WHERE g.district = d.district AND g.active) w);
END
$$;

CREATE OR REPLACE FUNCTION padan.web_programmes() RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
	RETURN (
	SELECT coalesce(array_agg(p.programme), '{}') FROM padan.programmes p
	WHERE p.district = padan.web_district() AND p.office = padan.web_office());
END
$$;

CREATE OR REPLACE FUNCTION padan.web_proposal(p padan.proposals) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
	RETURN (
	SELECT jsonb_build_object('proposal', p.proposal, 'target', p.target, 'state', p.state, 'made_at', p.made_at, 'made_by', p.made_by,
		'kept', p.kept, 'taken_out', p.taken_out, 'to_add', p.to_add, 'note', p.note));
END
$$;

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

CREATE OR REPLACE FUNCTION padan.web_sees_flag(f padan.flags) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
	RETURN (
	-- NULL is no answer here: a flag without a counterpart would be anybody's.
	SELECT coalesce(f.district = padan.web_district() AND (padan.web_sees_all() OR f.list = ANY (padan.web_lists()) OR f.other_list = ANY (padan.web_lists())
		OR f.assigned_to = padan.web_office() OR f.village = ANY (padan.web_villages())), false));
END
$$;

CREATE OR REPLACE FUNCTION padan.web_sheet(s padan.sheets) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
	RETURN (
	SELECT jsonb_build_object('sheet', s.sheet, 'village', s.village, 'title', s.title, 'state', s.state, 'made_at', s.made_at, 'made_by', s.made_by,
		'items', count(*), 'answered', count(v.result), 'version', padan.web_version(s.changed_at))
	FROM padan.sheet_visits v WHERE v.district = s.district AND v.sheet = s.sheet);
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

-- A pair's flags are found by their persons and households first and put in order then: in order first meant all flags of the district.
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
