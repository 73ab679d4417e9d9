-- What people decide in their browser: flags one by one or many at once, doubtful pairs alone or by two, lists withdrawn, periods
-- closed. The web may call these functions and write nothing else; each asks again who calls. An answer is a status and a body, as the
-- web sends them (docs/WEB.md): a conflict carries the thing as it is now.

CREATE FUNCTION padan.web_problem(a_status integer, a_type text, a_id text, a_en text, a_now jsonb DEFAULT NULL) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT jsonb_strip_nulls(jsonb_build_object('type', 'urn:padan:problem:' || a_type, 'title',
		CASE a_status WHEN 409 THEN 'Sudah berubah' WHEN 412 THEN 'Bukan lagi yang Anda lihat' ELSE 'Ditolak' END,
		'status', a_status, 'detail', a_id, 'detail_en', a_en)) || CASE WHEN a_now IS NULL THEN '{}' ELSE jsonb_build_object('now', a_now) END
$$;

CREATE FUNCTION padan.web_absent() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RAISE EXCEPTION USING ERRCODE = 'PD404', MESSAGE = 'Tidak ada.', HINT = 'There is no such thing.';
END
$$;

-- Open pages hear of it; a_office: whose business it is, NULL everybody's.
CREATE FUNCTION padan.web_changed(a_what text, a_id bigint, a_office text DEFAULT NULL) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
	SELECT pg_notify('padan_web', concat_ws(':', padan.web_district(), coalesce(a_office, '*'), a_what, a_id))
$$;

-- New decisions, periods and the like are taken in by one job, however many there are while it waits.
CREATE FUNCTION padan.web_redecide() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM padan.jobs j WHERE j.district = padan.web_district() AND j.kind = 'redecide' AND j.state = 'ready'
			AND j.attempts = 0) THEN
		PERFORM padan.enqueue_job(padan.web_district(), 'redecide', NULL);
	END IF;
END
$$;

-- ---- flags ----

CREATE FUNCTION padan.web_sees_flag(f padan.flags) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	-- NULL is no answer here: a flag without a counterpart would be anybody's.
	SELECT coalesce(f.district = padan.web_district() AND (padan.web_sees_all() OR f.list = ANY (padan.web_lists()) OR f.other_list = ANY (padan.web_lists())
		OR f.assigned_to = padan.web_office() OR f.village = ANY (padan.web_villages())), false)
$$;

-- An office decides what stands in its own lists or was given to it; a verifier what he is sent to see.
CREATE FUNCTION padan.web_decides_flag(f padan.flags) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT coalesce(f.district = padan.web_district() AND CASE padan.web_role()
		WHEN 'administrator' THEN true WHEN 'bappeda' THEN true
		WHEN 'office' THEN f.list = ANY (padan.web_lists()) OR f.assigned_to = padan.web_office()
		WHEN 'verifier' THEN f.village = ANY (padan.web_villages()) END, false)
$$;

-- Why this flag cannot become that, or NULL. a_version: as the caller saw it; NULL: he does not say.
CREATE FUNCTION padan.web_flag_in_the_way(f padan.flags, a_status text, a_version text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT CASE
		WHEN a_version IS NOT NULL AND a_version <> padan.web_version(f.changed_at) THEN 'stale'
		WHEN f.status <> a_status AND NOT EXISTS (SELECT FROM padan.flag_transitions t WHERE t.from_status = f.status AND t.to_status = a_status)
			OR a_status = 'resolved' THEN 'state'
	END
$$;

CREATE FUNCTION padan.web_check_decision(a_status text, a_reason text, a_office text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF a_status IS NULL OR a_status NOT IN ('found', 'assigned', 'confirmed', 'dismissed') THEN
		RAISE EXCEPTION USING ERRCODE = 'PD041', MESSAGE = 'Status harus found, assigned, confirmed, atau dismissed.',
			HINT = 'The status must be found, assigned, confirmed or dismissed.';
	ELSIF length(a_reason) > 500 THEN
		RAISE EXCEPTION USING ERRCODE = 'PD042', MESSAGE = 'Alasan paling banyak 500 huruf.', HINT = 'A reason has at most 500 letters.';
	ELSIF a_status = 'assigned' AND a_office IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'PD014', MESSAGE = 'Sebutkan dinas yang menindaklanjuti.', HINT = 'Say which office is to look at it.';
	ELSIF a_status = 'assigned' AND padan.web_role() NOT IN ('administrator', 'bappeda') AND a_office <> padan.web_office() THEN
		RAISE EXCEPTION USING ERRCODE = 'PD043', MESSAGE = 'Hanya Bappeda dan administrator yang menugaskan kepada dinas lain.',
			HINT = 'Only Bappeda and administrators assign to another office.';
	END IF;
END
$$;

CREATE FUNCTION padan.web_decide_flag(a_flag bigint, a_status text, a_reason text, a_office text, a_version text,
	OUT status integer, OUT body jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	f padan.flags;
	way text;
BEGIN
	SELECT * INTO f FROM padan.flags g WHERE g.district = padan.web_district() AND g.flag = a_flag FOR UPDATE;
	IF f.flag IS NULL OR NOT padan.web_sees_flag(f) THEN
		PERFORM padan.web_absent();
	END IF;
	PERFORM padan.web_check_decision(a_status, a_reason, a_office);
	IF NOT padan.web_decides_flag(f) THEN
		RAISE EXCEPTION USING ERRCODE = 'PD044', MESSAGE = 'Temuan ini diputuskan oleh dinas pemilik daftarnya atau Bappeda.',
			HINT = 'This flag is decided by the office whose list it stands in, or by Bappeda.';
	END IF;
	way := padan.web_flag_in_the_way(f, a_status, a_version);
	IF way = 'stale' THEN
		status := 412;
		body := padan.web_problem(412, 'stale', format('Temuan ini baru saja berubah (sekarang %s).', f.status),
			format('This flag has just changed (it is %s now).', f.status), padan.web_flag(f, padan.web_flag_name(f.list, f.row)));
		RETURN;
	ELSIF way = 'state' THEN
		status := 409;
		body := padan.web_problem(409, 'conflict', format('Temuan ini sekarang berstatus %s dan tidak dapat menjadi %s.', f.status, a_status),
			format('This flag is %s now and cannot become %s.', f.status, a_status), padan.web_flag(f, padan.web_flag_name(f.list, f.row)));
		RETURN;
	END IF;
	PERFORM padan.decide_flag(f.district, f.flag, a_status, nullif(a_reason, ''), CASE WHEN a_status = 'assigned' THEN a_office END);
	PERFORM padan.audit('flag.decide', 'flag', ARRAY[f.flag], jsonb_build_object('status', a_status));
	PERFORM padan.web_changed('flag', f.flag);
	SELECT * INTO f FROM padan.flags g WHERE g.district = f.district AND g.flag = f.flag;
	status := 200;
	body := padan.web_flag(f, padan.web_flag_name(f.list, f.row));
END
$$;

-- a_flags: [{"flag": 12, "version": "…"}, …]. All or none.
CREATE FUNCTION padan.web_decide_flags(a_flags jsonb, a_status text, a_reason text, a_office text, OUT status integer, OUT body jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	wanted bigint;
	kinds text[];
	way jsonb;
BEGIN
	PERFORM padan.web_check_decision(a_status, a_reason, a_office);
	IF jsonb_typeof(a_flags) IS DISTINCT FROM 'array' OR jsonb_array_length(a_flags) NOT BETWEEN 1 AND 500 THEN
		RAISE EXCEPTION USING ERRCODE = 'PD045', MESSAGE = 'Pilih 1 sampai 500 temuan.', HINT = 'Choose 1 to 500 flags.';
	END IF;
	CREATE TEMPORARY TABLE chosen ON COMMIT DROP AS
		SELECT (c.value ->> 'flag')::bigint AS flag, min(c.value ->> 'version') AS version FROM jsonb_array_elements(a_flags) c GROUP BY 1;
	SELECT count(*), array_agg(DISTINCT f.kind) INTO wanted, kinds
		FROM (SELECT g.* FROM padan.flags g JOIN pg_temp.chosen c USING (flag) WHERE g.district = padan.web_district() ORDER BY g.flag FOR UPDATE OF g) f
		WHERE padan.web_sees_flag(f::padan.flags);
	IF wanted <> (SELECT count(*) FROM pg_temp.chosen) THEN
		PERFORM padan.web_absent();
	ELSIF cardinality(kinds) > 1 THEN
		RAISE EXCEPTION USING ERRCODE = 'PD046', MESSAGE = 'Pilih temuan dari satu jenis saja untuk diputuskan sekaligus.',
			HINT = 'Choose flags of one kind to decide them at once.';
	END IF;
	SELECT jsonb_agg(jsonb_build_object('flag', f.flag, 'status', f.status,
			'why', CASE WHEN NOT padan.web_decides_flag(f) THEN 'rights' ELSE padan.web_flag_in_the_way(f, a_status, c.version) END) ORDER BY f.flag)
		INTO way FROM padan.flags f JOIN pg_temp.chosen c USING (flag)
		WHERE f.district = padan.web_district() AND (NOT padan.web_decides_flag(f) OR padan.web_flag_in_the_way(f, a_status, c.version) IS NOT NULL);
	IF way IS NOT NULL THEN
		status := 409;
		body := padan.web_problem(409, 'conflict', format('%s temuan tidak dapat diputuskan begitu; tidak ada yang berubah.', jsonb_array_length(way)),
			format('%s of the flags cannot be decided so; nothing has changed.', jsonb_array_length(way)), way);
		RETURN;
	END IF;
	PERFORM padan.decide_flag(padan.web_district(), c.flag, a_status, nullif(a_reason, ''), CASE WHEN a_status = 'assigned' THEN a_office END)
		FROM pg_temp.chosen c;
	PERFORM padan.audit('flag.decide', 'flag', (SELECT array_agg(c.flag ORDER BY c.flag) FROM pg_temp.chosen c), jsonb_build_object('status', a_status));
	PERFORM padan.web_changed('flag', 0);
	status := 200;
	SELECT jsonb_build_object('decided', count(*), 'items', jsonb_agg(padan.web_flag(f, padan.web_flag_name(f.list, f.row)) ORDER BY f.flag)) INTO body
		FROM padan.flags f JOIN pg_temp.chosen c USING (flag) WHERE f.district = padan.web_district();
	DROP TABLE pg_temp.chosen;
END
$$;

-- ---- pairs ----

-- "person.12.40.17.3". Absent for anything else.
CREATE FUNCTION padan.web_pair_parse(a_pair text, OUT kind text, OUT a_list bigint, OUT a_row integer, OUT b_list bigint, OUT b_row integer)
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
CREATE FUNCTION padan.web_is_hard(a_district integer, a_kind text, a_probability real, a_low bigint, a_high bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT a_probability BETWEEN 0.35 AND 0.65 OR EXISTS (
		SELECT FROM padan.pair_opinions o WHERE o.district = a_district AND o.kind = a_kind AND o.low_fingerprint = a_low AND o.high_fingerprint = a_high)
$$;

CREATE FUNCTION padan.web_decision(d padan.decisions) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT jsonb_build_object('decision', d.decision, 'pair', concat_ws('.', d.kind, d.a_list, d.a_row, d.b_list, d.b_row), 'kind', d.kind,
		'verdict', d.verdict, 'who', d.decided_by, 'at', d.decided_at, 'reason', d.reason, 'undone_at', d.undone_at,
		'replaced', d.replaced_by IS NOT NULL AND d.undone_at IS NULL, 'mine', d.decided_by = padan.actor(),
		'may_undo', d.replaced_by IS NULL AND (padan.web_role() IN ('administrator', 'bappeda') OR d.decided_by = padan.actor()),
		'a', (SELECT padan.web_entry(e, l.kind, l.subject, l.period, l.state = 'done') FROM padan.entries e JOIN padan.lists l USING (district, list)
			WHERE e.district = d.district AND e.list = d.a_list AND e.row = d.a_row),
		'b', (SELECT padan.web_entry(e, l.kind, l.subject, l.period, l.state = 'done') FROM padan.entries e JOIN padan.lists l USING (district, list)
			WHERE e.district = d.district AND e.list = d.b_list AND e.row = d.b_row))
	WHERE d.district = padan.web_district() AND (padan.web_sees_all() OR d.a_list = ANY (padan.web_lists()) OR d.b_list = ANY (padan.web_lists()))
$$;

-- One pair, as both of its offices see it: the two entries with their birth dates whole. a_all: families, flags and the decision
-- too. NULL: not there, or not the caller's.
CREATE FUNCTION padan.web_pair(a_kind text, a_list bigint, a_row integer, b_list bigint, b_row integer, a_all boolean) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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
			FROM (SELECT f.* FROM padan.flags f WHERE f.district = d AND (f.person IN (a.person, b.person) OR f.household IN (a.household, b.household))
				AND f.status IN ('found', 'assigned', 'confirmed') AND f.kind <> 'DATA_QUALITY' ORDER BY f.worst, f.flag LIMIT 20) g
			JOIN padan.flags f ON f.district = d AND f.flag = g.flag WHERE padan.web_sees_flag(f)),
		'decision', CASE WHEN decided.decision IS NOT NULL THEN padan.web_decision(decided) END);
END
$$;

-- The others of a household in lists that count, each person once, as far as the caller may see them.
CREATE FUNCTION padan.web_family(a_household bigint, a_person bigint) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT coalesce(jsonb_agg(x.json ORDER BY x.relation = 0, x.relation, x.person), '[]') FROM (
		SELECT DISTINCT ON (e.person) e.person, e.relation, padan.web_entry(e, s.kind, s.subject, s.period, true) AS json
		FROM padan.entries e JOIN padan.list_status s ON s.district = e.district AND s.list = e.list AND s.current
		WHERE e.district = padan.web_district() AND e.household = a_household AND e.person <> a_person
			AND (padan.web_sees_all() OR e.list = ANY (padan.web_lists()))
		ORDER BY e.person, (s.kind = 'target') DESC, e.list DESC, e.row LIMIT 30) x
$$;

CREATE FUNCTION padan.web_decide_pair(a_pair text, a_verdict text, a_reason text, a_version text, OUT status integer, OUT body jsonb)
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

CREATE FUNCTION padan.web_undo_decision(a_decision bigint, OUT status integer, OUT body jsonb)
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

-- Pairs that still wait for the caller: undecided, and not said his word on already.
CREATE VIEW padan.web_open_pairs WITH (security_invoker = true) AS
	SELECT p.*, p.a_office IS DISTINCT FROM p.b_office AS across, mine.opinion IS NOT NULL AS said, others.n AS opinions,
		mine.verdict IS NOT DISTINCT FROM 'unsure' AND mine.opinion IS NOT NULL AS unsure
	FROM padan.web_pairs p
	LEFT JOIN padan.pair_opinions mine ON mine.district = p.district AND mine.kind = p.kind AND mine.low_fingerprint = p.low_fingerprint
		AND mine.high_fingerprint = p.high_fingerprint AND mine.who = (SELECT padan.actor())
	LEFT JOIN LATERAL (SELECT count(*) AS n FROM padan.pair_opinions o WHERE o.district = p.district AND o.kind = p.kind
		AND o.low_fingerprint = p.low_fingerprint AND o.high_fingerprint = p.high_fingerprint AND o.who <> (SELECT padan.actor())) others ON true
	WHERE NOT EXISTS (SELECT FROM padan.decisions d WHERE d.district = p.district AND d.kind = p.kind AND d.low_fingerprint = p.low_fingerprint
		AND d.high_fingerprint = p.high_fingerprint AND d.replaced_by IS NULL);

-- Counted as the caller sees it: an office by its own pairs.
CREATE FUNCTION padan.web_review_progress() RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	WITH open AS (
		SELECT p.across, p.said, p.opinions, p.unsure FROM padan.web_open_pairs p
		WHERE p.district = padan.web_district() AND (padan.web_sees_all() OR p.a_office = padan.web_office() OR p.b_office = padan.web_office())
	), made AS (
		SELECT d.decided_at, d.decided_by = padan.actor() AS mine FROM padan.decisions d
		WHERE d.district = padan.web_district() AND d.undone_at IS NULL AND d.decided_at > clock_timestamp() - interval '14 days'
			AND (padan.web_sees_all() OR d.a_list = ANY (padan.web_lists()) OR d.b_list = ANY (padan.web_lists()))
	), pace AS (
		-- Of one's own last 50 within four hours; less than five say nothing.
		SELECT CASE WHEN count(*) >= 5 THEN (count(*) - 1) * 3600 / greatest(extract(epoch FROM max(decided_at) - min(decided_at)), 60) END AS per_hour
		FROM (SELECT decided_at FROM made WHERE mine AND decided_at > clock_timestamp() - interval '4 hours' ORDER BY decided_at DESC LIMIT 50) m
	), left_over AS (
		SELECT count(*) FILTER (WHERE NOT said AND (padan.web_sees_all() OR NOT across)) AS n, count(*) FILTER (WHERE across AND NOT said) AS across,
			count(*) FILTER (WHERE NOT said AND opinions > 0) AS second, count(*) FILTER (WHERE unsure) AS unsure FROM open
	)
	SELECT jsonb_build_object('left', l.n, 'left_across', l.across, 'left_second', l.second, 'unsure', l.unsure,
		'decided_today', (SELECT count(*) FROM made WHERE decided_at >= current_date),
		'decided_by_me_today', (SELECT count(*) FROM made WHERE mine AND decided_at >= current_date),
		'decided_week', (SELECT count(*) FROM made WHERE decided_at > clock_timestamp() - interval '7 days'),
		'per_hour', round(p.per_hour::numeric, 1), 'hours_left', round((l.n / nullif(p.per_hour, 0))::numeric, 1),
		'days', (SELECT jsonb_agg(jsonb_build_object('period', g.day::date, 'value', (SELECT count(*) FROM made WHERE decided_at::date = g.day::date)) ORDER BY g.day)
			FROM generate_series(current_date - 13, current_date, interval '1 day') AS g (day)))
	FROM left_over l, pace p
$$;

-- ---- lists and periods ----

CREATE FUNCTION padan.web_withdraw_list(a_list bigint, a_reason text, a_version text, OUT status integer, OUT body jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	l padan.list_status;
BEGIN
	SELECT * INTO l FROM padan.list_status x WHERE x.district = padan.web_district() AND x.list = a_list;
	IF l.list IS NULL OR NOT (padan.web_role() = 'administrator' OR coalesce(l.office = padan.web_office(), false)) THEN
		PERFORM padan.web_absent();
	ELSIF coalesce(a_reason, '') = '' OR length(a_reason) > 500 THEN
		RAISE EXCEPTION USING ERRCODE = 'PD020', MESSAGE = 'Penarikan memerlukan alasan, paling banyak 500 huruf.', HINT = 'Withdrawing needs a reason of at most 500 letters.';
	ELSIF l.state NOT IN ('received', 'working', 'done') THEN
		status := 409;
		body := padan.web_problem(409, 'conflict', format('Daftar ini berstatus %s; tidak dapat ditarik.', l.state),
			format('This list is %s; it cannot be withdrawn.', l.state), padan.web_list(l));
		RETURN;
	ELSIF a_version IS NOT NULL AND a_version <> padan.web_list(l) ->> 'version' THEN
		status := 412;
		body := padan.web_problem(412, 'stale', 'Daftar ini baru saja berubah.', 'This list has just changed.', padan.web_list(l));
		RETURN;
	END IF;
	PERFORM padan.withdraw_list(l.district, a_list, a_reason);
	PERFORM padan.audit('list.withdraw', 'list', ARRAY[a_list]);
	PERFORM padan.web_changed('list', a_list, l.office);
	SELECT * INTO l FROM padan.list_status x WHERE x.district = padan.web_district() AND x.list = a_list;
	status := 200;
	body := padan.web_list(l);
END
$$;

CREATE FUNCTION padan.web_change_period(a_period text, a_state text, a_reason text, a_version text, OUT status integer, OUT body jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	now_is jsonb;
BEGIN
	IF padan.web_role() IS DISTINCT FROM 'administrator' OR padan.period_day(a_period) IS NULL THEN
		PERFORM padan.web_absent();
	ELSIF a_state IS NULL OR a_state NOT IN ('open', 'closed') OR coalesce(a_reason, '') = '' OR length(a_reason) > 500 THEN
		RAISE EXCEPTION USING ERRCODE = 'PD020', MESSAGE = 'Sebutkan open atau closed, dan alasannya (paling banyak 500 huruf).',
			HINT = 'Say open or closed, and why (at most 500 letters).';
	END IF;
	PERFORM pg_advisory_xact_lock(hashtextextended(concat_ws('.', 'period', padan.web_district(), a_period), 0));
	now_is := padan.web_period(a_period);
	IF a_version IS NOT NULL AND a_version <> now_is ->> 'version' THEN
		status := 412;
		body := padan.web_problem(412, 'stale', 'Periode ini baru saja diubah orang lain.', 'Somebody else has just changed this period.', now_is);
		RETURN;
	END IF;
	INSERT INTO padan.periods (district, period, state, changed_by, reason) VALUES (padan.web_district(), a_period, a_state, padan.actor(), a_reason)
		ON CONFLICT (district, period) DO UPDATE SET state = excluded.state, changed_by = excluded.changed_by, reason = excluded.reason,
			changed_at = clock_timestamp();
	PERFORM padan.web_redecide();
	PERFORM padan.audit('period.' || CASE a_state WHEN 'open' THEN 'open' ELSE 'close' END, 'period', NULL, jsonb_build_object('period', a_period));
	PERFORM padan.web_changed('period', 0);
	status := 200;
	body := padan.web_period(a_period);
END
$$;

-- When the caller was here before; a_now: he is here now. A visit is over after an hour.
CREATE FUNCTION padan.web_visit(a_now boolean) RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	before timestamptz;
BEGIN
	IF a_now THEN
		INSERT INTO padan.web_visits AS v (district, who, at) VALUES (padan.web_district(), padan.actor(), clock_timestamp())
			ON CONFLICT (district, who) DO UPDATE SET at = clock_timestamp(),
				before_at = CASE WHEN v.at < clock_timestamp() - interval '1 hour' THEN v.at ELSE v.before_at END
			WHERE v.at < clock_timestamp() - interval '1 minute';
	END IF;
	SELECT CASE WHEN v.at < clock_timestamp() - interval '1 hour' THEN v.at ELSE v.before_at END INTO before
		FROM padan.web_visits v WHERE v.district = padan.web_district() AND v.who = padan.actor();
	RETURN before;
END
$$;

-- ---- unmasking ----

CREATE FUNCTION padan.web_unmask(a_list bigint, a_row integer, a_flag bigint, a_reason text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	e padan.entries;
	l padan.list_status;
BEGIN
	SELECT * INTO e FROM padan.entries x WHERE x.district = padan.web_district() AND x.list = a_list AND x.row = a_row;
	IF e.list IS NULL OR NOT (padan.web_sees_all() OR padan.web_role() = 'office' AND e.list = ANY (padan.web_lists())) THEN
		PERFORM padan.web_absent();
	ELSIF length(trim(coalesce(a_reason, ''))) < 5 OR length(a_reason) > 500 THEN
		RAISE EXCEPTION USING ERRCODE = 'PD020', MESSAGE = 'Membuka nomor memerlukan alasan, 5 sampai 500 huruf; alasan ini dicatat.',
			HINT = 'Unmasking needs a reason of 5 to 500 letters; it is recorded.';
	END IF;
	SELECT * INTO l FROM padan.list_status x WHERE x.district = e.district AND x.list = e.list;
	PERFORM padan.record_unmasking(e.district, 'web', a_flag, a_list, a_row, 1, a_reason);
	PERFORM padan.audit('entry.unmask', 'person', ARRAY[e.person, coalesce(e.household, 0)], jsonb_build_object('list', a_list, 'row', a_row));
	RETURN padan.web_entry(e, l.kind, l.subject, l.period, coalesce(l.current, false), true, true);
END
$$;

-- ---- who looked ----

CREATE FUNCTION padan.web_action(a_action text, a_lang text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT coalesce((SELECT CASE a_lang WHEN 'en' THEN w.en ELSE w.id END FROM (VALUES
		('household.view', 'membuka halaman keluarga', 'opened the household''s page'), ('person.view', 'membuka halaman orang', 'opened the person''s page'),
		('entry.unmask', 'membuka NIK dan nomor KK', 'unmasked NIK and KK number'), ('flag.view', 'membaca temuan', 'read the flag'),
		('flag.decide', 'memutuskan temuan', 'decided the flag'), ('flags.export', 'mengunduh temuan', 'downloaded flags'),
		('pair.view', 'memeriksa pasangan', 'looked at the pair'), ('pair.decide', 'memutuskan pasangan', 'decided the pair'), ('pair.undo', 'membatalkan putusan', 'took a decision back'),
		('list.withdraw', 'menarik daftar', 'withdrew the list'), ('list.changes', 'membandingkan daftar', 'compared lists'), ('list.send', 'mengirim daftar', 'sent a list'),
		('list.rejects', 'mengunduh baris yang ditolak', 'downloaded rejected rows'),
		('period.open', 'membuka periode', 'opened a period'), ('period.close', 'menutup periode', 'closed a period'), ('search', 'mencari orang', 'searched for a person'),
		('check', 'mengecek orang', 'checked a person'), ('coverage.left_out', 'melihat keluarga yang belum menerima', 'looked at households left out'),
		('overlap.households', 'melihat keluarga yang tumpang tindih', 'looked at overlapping households'), ('sheet.make', 'membuat lembar verifikasi', 'made a field sheet'),
		('sheet.view', 'mengambil lembar verifikasi', 'took a field sheet'), ('sheet.answer', 'mengirim hasil verifikasi', 'sent results from the door'),
		('settings.change', 'mengubah pengaturan', 'changed settings'), ('login', 'masuk', 'logged in'), ('login.link', 'masuk dengan tautan', 'logged in by a link'),
		('login.refused', 'gagal masuk', 'failed to log in'), ('logout', 'keluar', 'logged out'), ('user.add', 'menambah pengguna', 'added a user'),
		('user.link', 'membuat tautan masuk', 'made a login link'), ('user.enable', 'mengaktifkan pengguna', 'let a user in'), ('user.disable', 'menonaktifkan pengguna', 'shut a user out'),
		('token.add', 'membuat token', 'made a token'), ('token.revoke', 'mencabut token', 'revoked a token')) AS w (action, id, en) WHERE w.action = a_action), a_action)
$$;

-- Who saw or changed a household or one of its members, or a person; for administrators. Newest first.
CREATE FUNCTION padan.web_looked(a_kind text, a_id bigint, a_after bigint, a_limit integer) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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
		'next', CASE WHEN (SELECT count(*) FROM page) = least(greatest(coalesce(a_limit, 50), 1), 200) THEN (SELECT min(p.number)::text FROM page p) END)
$$;

CREATE FUNCTION padan.web_alert(a padan.alerts) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS $$
	SELECT jsonb_build_object('alert', a.alert, 'kind', a.kind, 'channel', a.channel, 'recipient', a.recipient, 'list', a.list, 'state', a.state,
		'attempts', a.attempts, 'last_error', a.last_error, 'created_at', a.created_at, 'sent_at', a.sent_at,
		'next_at', CASE WHEN a.state = 'waiting' THEN a.next_at END)
$$;

-- From which certainty on a flag is a finding: what the configuration says.
CREATE FUNCTION padan.web_finding_threshold() RETURNS double precision
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT coalesce((regexp_match(d.config, '\[thresholds\][^\[]*\mfinding\s*=\s*([01](?:\.[0-9]+)?)'))[1]::double precision, 0.9)
	FROM padan.districts d WHERE d.district = padan.web_district()
$$;

-- An entry's fields for the engine's own comparison, in the order of ENTRY_COPY_OUT; the caller has asked padan.web_pair() or
-- web_flag_case() first whether it may be seen.
CREATE FUNCTION padan.web_entry_fields(a_list bigint, a_row integer) RETURNS TABLE (list bigint, "row" integer, line bigint, person bigint, household bigint,
	nik bigint, nik_digits smallint, kk bigint, kk_digits smallint, birth integer, sex smallint, relation smallint, desil smallint, rt smallint, rw smallint,
	village bigint, name text, name_shown text, father_name text, head_name text, family_id text, person_key text, birth_place text, address text,
	village_text text, notes text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT e.list, e.row, e.line, e.person, e.household, e.nik, e.nik_digits, e.kk, e.kk_digits, e.birth, e.sex, e.relation, e.desil, e.rt, e.rw, e.village,
		e.name, e.name_shown, e.father_name, e.head_name, e.family_id, e.person_key, e.birth_place, e.address, e.village_text, e.notes
	FROM padan.entries e WHERE e.district = padan.web_district() AND e.list = a_list AND e.row = a_row
$$;

-- What the server must know of the configuration to explain a flag: names and rules, not where alerts go.
CREATE FUNCTION padan.web_config() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT string_agg(part, E'\n') FROM padan.districts d, regexp_split_to_table(d.config, '\n(?=\s*\[)') AS part
	WHERE d.district = padan.web_district() AND part ~ '^\s*\[(district|office|programme|reference|rule|target|thresholds|period)\M'
$$;

-- What a list is, in codes: also of another office's, which a flag or pair speaks of.
CREATE FUNCTION padan.web_list_of(a_list bigint) RETURNS TABLE (kind text, subject text, period text, rows_accepted bigint, current boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT l.kind, l.subject, l.period, l.rows_accepted, coalesce(l.current, false) FROM padan.list_status l
	WHERE l.district = padan.web_district() AND l.list = a_list
$$;

-- An entry at which a flag that the caller may see stands, or its counterpart.
CREATE FUNCTION padan.web_flag_entry(a_flag bigint, a_other boolean) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT padan.web_entry(e, l.kind, l.subject, l.period, coalesce(l.current, false)) FROM padan.flags f
	JOIN padan.entries e ON e.district = f.district AND (e.list, e.row) = (CASE WHEN a_other THEN f.other_list ELSE f.list END, CASE WHEN a_other THEN f.other_row ELSE f.row END)
	JOIN padan.list_status l ON l.district = e.district AND l.list = e.list
	WHERE f.district = padan.web_district() AND f.flag = a_flag AND padan.web_sees_flag(f)
$$;

GRANT SELECT ON padan.web_open_pairs TO padan_web;
GRANT EXECUTE ON FUNCTION padan.web_problem(integer, text, text, text, jsonb), padan.web_absent(), padan.web_sees_flag(padan.flags),
	padan.web_decides_flag(padan.flags), padan.web_decide_flag(bigint, text, text, text, text), padan.web_decide_flags(jsonb, text, text, text),
	padan.web_pair_parse(text), padan.web_decision(padan.decisions), padan.web_pair(text, bigint, integer, bigint, integer, boolean),
	padan.web_family(bigint, bigint), padan.web_decide_pair(text, text, text, text), padan.web_undo_decision(bigint),
	padan.web_review_progress(), padan.web_withdraw_list(bigint, text, text), padan.web_change_period(text, text, text, text),
	padan.web_action(text, text), padan.web_looked(text, bigint, bigint, integer), padan.web_alert(padan.alerts),
	padan.web_config(), padan.web_list_of(bigint), padan.web_flag_entry(bigint, boolean),
	padan.web_finding_threshold(), padan.web_entry_fields(bigint, integer),
	padan.web_visit(boolean), padan.web_unmask(bigint, integer, bigint, text) TO padan_web;
