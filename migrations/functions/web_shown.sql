-- How things are shown: rows of tables as the JSON that pages get (docs/WEB.md), numbers masked. What has a search_path
-- and is called for every row is PL/pgSQL, whose plans a connection keeps: SQL with a search_path is parsed and planned
-- again in each statement, which was half of a page's time.

-- ---- Fields ----

-- "150501••••••0012": as matcher/normalise/nik.h masks it.
CREATE OR REPLACE FUNCTION padan.web_number(a_number bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE WHEN a_number > 0 THEN
		lpad((a_number / 10000000000 % 1000000)::text, 6, '0') || '••••••' || lpad((a_number % 10000)::text, 4, '0') END
$$;

-- "1945-08-17" without the parts that are unknown; not whole: the year alone.
CREATE OR REPLACE FUNCTION padan.web_birth(a_birth integer, a_whole boolean) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE
		WHEN coalesce(a_birth, 0) = 0 THEN NULL
		WHEN NOT a_whole OR a_birth % 10000 / 100 = 0 THEN lpad((a_birth / 10000)::text, 4, '0')
		WHEN a_birth % 100 = 0 THEN lpad((a_birth / 10000)::text, 4, '0') || '-' || lpad((a_birth % 10000 / 100)::text, 2, '0')
		ELSE lpad((a_birth / 10000)::text, 4, '0') || '-' || lpad((a_birth % 10000 / 100)::text, 2, '0') || '-' || lpad((a_birth % 100)::text, 2, '0')
	END
$$;

CREATE OR REPLACE FUNCTION padan.web_sex(a_sex smallint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE a_sex WHEN 1 THEN 'L' WHEN 2 THEN 'P' END
$$;

-- Sixteen digits in a row, or almost, are somebody's number wherever they stand.
CREATE OR REPLACE FUNCTION padan.web_cells(a_cells text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT coalesce(array_agg(regexp_replace(c.cell, '([0-9]{6})[0-9 .-]{4,10}([0-9]{4})', '\1••••••\2', 'g') ORDER BY c.n), '{}')
	FROM unnest(a_cells) WITH ORDINALITY AS c (cell, n)
$$;

-- What a page sends back to say which state of a thing it saw.
CREATE OR REPLACE FUNCTION padan.web_version(a_time timestamptz) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT (extract(epoch FROM a_time) * 1000000)::bigint::text
$$;

-- ---- Entries, flags, households ----

-- a_whole: the birth date too; a_numbers: NIK and KK unmasked, for who said why.
CREATE OR REPLACE FUNCTION padan.web_entry(e padan.entries, a_kind text, a_subject text, a_period text, a_current boolean,
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

-- An entry's fields for the engine's own comparison, in the order of ENTRY_COPY_OUT; the caller has asked
-- padan.web_pair() or web_flag_case() first whether it may be seen.
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

-- A flag as a row of a page.
CREATE OR REPLACE FUNCTION padan.web_flag(f padan.flags, a_name text) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS $$
	SELECT jsonb_build_object('flag', f.flag, 'kind', f.kind, 'severity', f.severity, 'certainty', f.certainty, 'state', f.state,
		'status', f.status, 'list', f.list, 'row', f.row, 'other_list', f.other_list, 'other_row', f.other_row, 'rule', f.rule,
		'programme', f.programme, 'period', f.period, 'village', f.village, 'person', f.person, 'household', f.household,
		'name', a_name, 'assigned_to', f.assigned_to, 'decided_by', f.decided_by, 'decided_at', f.decided_at, 'reason', f.reason,
		'found_at', f.found_at, 'changed_at', f.changed_at, 'version', padan.web_version(f.changed_at))
$$;

-- The name at a flag; of a flag that the caller may see, also where it stands in a list that he may not.
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

-- An entry at which a flag that the caller may see stands, or its counterpart.
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

-- A household as a row of a page; its head, or whoever stands first in what the caller may see.
CREATE OR REPLACE FUNCTION padan.web_household_row(r padan.web_reach) RETURNS jsonb
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

-- ---- Lists and periods ----

-- A list as a row of a page, with counts made beforehand.
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

-- What a list is, in codes: also of another office's, which a flag or pair speaks of.
CREATE OR REPLACE FUNCTION padan.web_list_of(a_list bigint) RETURNS TABLE(kind text, subject text, period text, rows_accepted bigint, current boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT l.kind, l.subject, l.period, l.rows_accepted, coalesce(l.current, false) FROM padan.list_status l
	WHERE l.district = padan.web_district() AND l.list = a_list;
END
$$;

-- What each list is, in codes, asked once for a whole export.
CREATE OR REPLACE FUNCTION padan.web_list_words() RETURNS TABLE(list bigint, kind text, subject text, period text, rows_accepted bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT l.list, l.kind, l.subject, l.period, l.rows_accepted FROM padan.lists l WHERE l.district = padan.web_district();
END
$$;

-- The version before: of the same period, or the period before it.
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

-- Rows as they came are written with COPY, which row-level security forbids: the web reads them through a view instead.
CREATE OR REPLACE VIEW padan.web_raw_rows WITH (security_barrier) AS
	SELECT r.district, r.list, r.row, r.line, padan.raw_cells(r.cells) AS cells, r.numeric_cells, r.reject, r.reject_en
	FROM padan.raw_rows r
	WHERE r.district = (SELECT padan.web_district())
		AND ((SELECT padan.web_sees_all()) OR r.list = ANY ((SELECT padan.web_lists())::bigint[]));

-- A period and what it still waits for: codes and numbers of lists alone, which every office may know.
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

-- ---- The configuration ----

-- What the server must know of the configuration to explain a flag or read a file: names, rules, what columns are
-- called; not where alerts go.
CREATE OR REPLACE FUNCTION padan.web_config() RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
	RETURN (
	SELECT string_agg(part, E'\n') FROM padan.districts d, regexp_split_to_table(d.config, '\n(?=\s*\[)') AS part
	WHERE d.district = padan.web_district() AND part ~ '^\s*\[(district|office|programme|reference|rule|target|thresholds|period|columns)\M');
END
$$;

-- The whole configuration: administrators alone.
CREATE OR REPLACE FUNCTION padan.web_configuration() RETURNS TABLE (config text, version text, applied_at timestamptz, applied_by text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM padan.web_administers();
	RETURN QUERY SELECT d.config, left(encode(sha256(convert_to(d.config, 'UTF8')), 'hex'), 16), d.applied_at, d.applied_by
		FROM padan.districts d WHERE d.district = padan.web_district();
END
$$;

-- From which certainty on a flag is a finding: what the configuration says.
CREATE OR REPLACE FUNCTION padan.web_finding_threshold() RETURNS double precision
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
	RETURN (
	SELECT coalesce((regexp_match(d.config, '\[thresholds\][^\[]*\mfinding\s*=\s*([01](?:\.[0-9]+)?)'))[1]::double precision, 0.9)
	FROM padan.districts d WHERE d.district = padan.web_district());
END
$$;

-- How an office's header was understood last time is forgotten.
CREATE OR REPLACE FUNCTION padan.web_forget_columns(a_office text, a_header jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF NOT (padan.web_role() = 'administrator' OR padan.web_role() = 'office' AND a_office = padan.web_office()) OR a_office IS NULL THEN
		PERFORM padan.web_absent();
	END IF;
	DELETE FROM padan.column_mappings m WHERE m.district = padan.web_district() AND m.office = a_office
		AND to_jsonb(m.header) = a_header;
	IF NOT FOUND THEN
		PERFORM padan.web_absent();
	END IF;
	PERFORM padan.audit('columns.forget', NULL, NULL, jsonb_build_object('office', a_office));
END
$$;

-- ---- who may call and read them, beside padan_daemon (migrations/0006_grants.sql) ----
GRANT SELECT ON padan.web_raw_rows TO padan_reader, padan_web;
GRANT EXECUTE ON FUNCTION padan.web_number, padan.web_birth, padan.web_sex, padan.web_cells, padan.web_version,
	padan.web_entry, padan.web_entry_fields, padan.web_flag, padan.web_flag_name, padan.web_flag_entry,
	padan.web_household_row, padan.web_list, padan.web_list_of, padan.web_list_words, padan.web_period,
	padan.web_config, padan.web_configuration, padan.web_finding_threshold, padan.web_forget_columns TO padan_web;
