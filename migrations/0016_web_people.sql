-- Searching, users and tokens, field sheets, alerts sent again, models chosen: what the web's pages do beside deciding.

-- Names by their first letters: a search under row-level security goes through padan.web_search().
CREATE INDEX entries_name ON padan.entries (name COLLATE "C");

-- Persons that fit, newest entry first; at most 500 are looked at. a_name: the canonical words; the first one must be how a name begins,
-- or another of it is given (NIK, KK, birth date or village narrow enough to look at every name there).
CREATE FUNCTION padan.web_search(a_nik bigint, a_kk bigint, a_words text[], a_birth integer, a_village bigint)
RETURNS TABLE (person bigint, list bigint, "row" integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
	d integer := padan.web_district();
	everything boolean := padan.web_sees_all();
	lists bigint[] := padan.web_lists();
	by_name boolean := a_nik IS NULL AND a_kk IS NULL AND a_village IS NULL AND a_words IS NOT NULL;
BEGIN
	RETURN QUERY EXECUTE format($q$
		SELECT DISTINCT ON (h.person) h.person, h.list, h.row FROM (
			SELECT e.person, e.list, e.row, l.period_from FROM padan.entries e JOIN padan.lists l USING (district, list)
			WHERE e.district = $1 AND l.state = 'done' AND ($2 OR e.list = ANY ($3)) %s %s %s %s %s %s LIMIT 5000) h
		ORDER BY h.person, h.period_from DESC, h.list DESC, h.row LIMIT 501 $q$,
		CASE WHEN a_nik IS NOT NULL THEN 'AND e.nik = $4' ELSE '' END,
		CASE WHEN a_kk IS NOT NULL THEN 'AND e.kk = $5' ELSE '' END,
		CASE WHEN by_name THEN format('AND e.name COLLATE "C" >= %L AND e.name COLLATE "C" < %L', a_words[1], a_words[1] || chr(1114109)) ELSE '' END,
		CASE WHEN a_words IS NOT NULL THEN 'AND (SELECT bool_and(position(w IN e.name) > 0) FROM unnest($6) w)' ELSE '' END,
		CASE WHEN a_birth IS NOT NULL THEN 'AND e.birth = $7' ELSE '' END,
		CASE WHEN a_village IS NOT NULL THEN 'AND e.village = $8' ELSE '' END)
		USING d, everything, lists, a_nik, a_kk, a_words, a_birth, a_village;
END
$$;

-- ---- users and tokens ----

CREATE FUNCTION padan.web_user_json(u padan.users) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT jsonb_build_object('user', u."user", 'name', u.name, 'full_name', u.full_name, 'role', u.role, 'office', u.office,
		'villages', to_jsonb(coalesce(u.villages, '{}')), 'active', u.active, 'has_password', u.password IS NOT NULL,
		'seen_at', (SELECT max(s.seen_at) FROM padan.web_sessions s WHERE s.district = u.district AND s."user" = u."user"),
		'made_at', u.made_at, 'made_by', u.made_by)
$$;

CREATE FUNCTION padan.web_administers() RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF padan.web_role() IS DISTINCT FROM 'administrator' THEN
		PERFORM padan.web_absent();
	END IF;
END
$$;

CREATE FUNCTION padan.web_users() RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM padan.web_administers();
	RETURN jsonb_build_object('items', (SELECT coalesce(jsonb_agg(padan.web_user_json(u) ORDER BY u.role, u.name), '[]') FROM padan.users u
		WHERE u.district = padan.web_district()), 'next', NULL);
END
$$;

-- The new user, and until when his link (a_hash: of its token) is good.
CREATE FUNCTION padan.web_user_add(a_name text, a_full_name text, a_role text, a_office text, a_villages jsonb, a_hash bytea) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	made bigint;
	until timestamptz;
	villages bigint[] := CASE WHEN jsonb_typeof(a_villages) = 'array' THEN (SELECT array_agg(v.value::bigint) FROM jsonb_array_elements_text(a_villages) v) END;
BEGIN
	PERFORM padan.web_administers();
	IF a_name IS NULL OR a_role IS NULL OR a_role NOT IN ('administrator', 'office', 'bappeda', 'verifier') THEN
		RAISE EXCEPTION USING ERRCODE = 'PD031', MESSAGE = 'Sebutkan nama dan peran: administrator, office, bappeda, atau verifier.',
			HINT = 'Give a name and a role: administrator, office, bappeda or verifier.';
	END IF;
	made := padan.user_add(padan.web_district(), a_name, a_full_name, a_role, a_office, villages);
	until := padan.user_link_add(padan.web_district(), a_name, a_hash, interval '72 hours');
	RETURN jsonb_build_object('user', (SELECT padan.web_user_json(u) FROM padan.users u WHERE u.district = padan.web_district() AND u."user" = made), 'expires_at', until);
END
$$;

CREATE FUNCTION padan.web_user_link(a_user bigint, a_hash bytea) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	mine padan.users;
BEGIN
	PERFORM padan.web_administers();
	SELECT * INTO mine FROM padan.users u WHERE u.district = padan.web_district() AND u."user" = a_user;
	IF mine.name IS NULL THEN
		PERFORM padan.web_absent();
	END IF;
	RETURN jsonb_build_object('expires_at', padan.user_link_add(mine.district, mine.name, a_hash, interval '72 hours'));
END
$$;

CREATE FUNCTION padan.web_user_change(a_user bigint, a_body jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	mine padan.users;
BEGIN
	PERFORM padan.web_administers();
	SELECT * INTO mine FROM padan.users u WHERE u.district = padan.web_district() AND u."user" = a_user FOR UPDATE;
	IF mine.name IS NULL THEN
		PERFORM padan.web_absent();
	ELSIF mine."user" = padan.web_user() AND a_body ->> 'active' = 'false' THEN
		RAISE EXCEPTION USING ERRCODE = 'PD050', MESSAGE = 'Anda tidak dapat menonaktifkan diri sendiri.', HINT = 'You cannot shut yourself out.';
	END IF;
	IF jsonb_typeof(a_body -> 'full_name') = 'string' THEN
		UPDATE padan.users u SET full_name = left(a_body ->> 'full_name', 200) WHERE u.district = mine.district AND u."user" = a_user;
	END IF;
	IF jsonb_typeof(a_body -> 'villages') = 'array' THEN
		IF mine.role <> 'verifier' OR jsonb_array_length(a_body -> 'villages') = 0 OR EXISTS (SELECT FROM jsonb_array_elements_text(a_body -> 'villages') v
				WHERE NOT EXISTS (SELECT FROM padan.villages g WHERE g.district = mine.district AND g.village::text = v.value)) THEN
			RAISE EXCEPTION USING ERRCODE = 'PD032', MESSAGE = 'Desa hanya untuk peran verifier, dan harus ada dalam kabupaten ini.',
				HINT = 'Villages are for verifiers, and must be in this district.';
		END IF;
		UPDATE padan.users u SET villages = (SELECT array_agg(v.value::bigint) FROM jsonb_array_elements_text(a_body -> 'villages') v)
			WHERE u.district = mine.district AND u."user" = a_user;
		UPDATE padan.web_sessions s SET ended_at = clock_timestamp() WHERE s.district = mine.district AND s."user" = a_user AND s.ended_at IS NULL;
	END IF;
	IF jsonb_typeof(a_body -> 'active') = 'boolean' AND (a_body ->> 'active')::boolean <> mine.active THEN
		PERFORM padan.user_set_active(mine.district, mine.name, (a_body ->> 'active')::boolean);
	END IF;
	PERFORM padan.audit('user.change', 'user', ARRAY[a_user]);
	RETURN (SELECT padan.web_user_json(u) FROM padan.users u WHERE u.district = mine.district AND u."user" = a_user);
END
$$;

CREATE FUNCTION padan.web_token_json(t padan.api_tokens) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT jsonb_build_object('token', t.token, 'name', t.name, 'office', t.office, 'scopes', to_jsonb(t.scopes), 'made_at', t.made_at, 'made_by', t.made_by,
		'expires_at', t.expires_at, 'seen_at', t.seen_at, 'revoked_at', t.revoked_at)
$$;

CREATE FUNCTION padan.web_tokens() RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM padan.web_administers();
	RETURN jsonb_build_object('items', (SELECT coalesce(jsonb_agg(padan.web_token_json(t) ORDER BY t.token DESC), '[]') FROM padan.api_tokens t
		WHERE t.district = padan.web_district()), 'next', NULL);
END
$$;

CREATE FUNCTION padan.web_token_add(a_name text, a_office text, a_scopes jsonb, a_days integer, a_hash bytea) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	wanted text[] := CASE WHEN jsonb_typeof(a_scopes) = 'array' THEN ARRAY(SELECT DISTINCT s.value FROM jsonb_array_elements_text(a_scopes) s ORDER BY 1) ELSE '{}' END;
	made bigint;
BEGIN
	PERFORM padan.web_administers();
	IF coalesce(a_name, '') = '' OR length(a_name) > 100 OR wanted = '{}' OR NOT wanted <@ ARRAY['lists:read', 'lists:write', 'flags:read', 'check']
			OR coalesce(a_days, 1) NOT BETWEEN 1 AND 3650 THEN
		RAISE EXCEPTION USING ERRCODE = 'PD051', MESSAGE = 'Token memerlukan nama, dan satu kegunaan atau lebih: lists:read, lists:write, flags:read, check.',
			HINT = 'A token needs a name, and one scope or more: lists:read, lists:write, flags:read, check.';
	END IF;
	made := padan.token_add(padan.web_district(), a_office, a_name, a_hash, wanted, make_interval(days => coalesce(a_days, 365)));
	RETURN (SELECT padan.web_token_json(t) FROM padan.api_tokens t WHERE t.district = padan.web_district() AND t.token = made);
END
$$;

CREATE FUNCTION padan.web_token_revoke(a_token bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM padan.web_administers();
	IF NOT EXISTS (SELECT FROM padan.api_tokens t WHERE t.district = padan.web_district() AND t.token = a_token) THEN
		PERFORM padan.web_absent();
	END IF;
	PERFORM padan.token_revoke(padan.web_district(), a_token);
END
$$;

-- ---- alerts, models ----

CREATE FUNCTION padan.web_alert_retry(a_alert bigint, OUT status integer, OUT body jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	a padan.alerts;
BEGIN
	PERFORM padan.web_administers();
	SELECT * INTO a FROM padan.alerts x WHERE x.district = padan.web_district() AND x.alert = a_alert FOR UPDATE;
	IF a.alert IS NULL THEN
		PERFORM padan.web_absent();
	ELSIF a.state <> 'dead' THEN
		status := 409;
		body := padan.web_problem(409, 'conflict', 'Hanya pemberitahuan yang gagal yang dikirim ulang.', 'Only an alert that failed is sent again.', padan.web_alert(a));
		RETURN;
	END IF;
	UPDATE padan.alerts x SET state = 'waiting', attempts = 0, next_at = clock_timestamp(), lease_until = NULL
		WHERE x.district = a.district AND x.alert = a_alert RETURNING * INTO a;
	PERFORM padan.audit('alert.retry', 'alert', ARRAY[a_alert]);
	status := 200;
	body := padan.web_alert(a);
END
$$;

-- 0: the one shipped with the program.
CREATE FUNCTION padan.web_model_use(a_model bigint, a_reason text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM padan.web_administers();
	IF a_model <> 0 AND NOT EXISTS (SELECT FROM padan.models m WHERE m.district = padan.web_district() AND m.model = a_model) THEN
		PERFORM padan.web_absent();
	ELSIF coalesce(a_reason, '') = '' OR length(a_reason) > 500 THEN
		RAISE EXCEPTION USING ERRCODE = 'PD020', MESSAGE = 'Mengganti model memerlukan alasan.', HINT = 'Changing the model needs a reason.';
	END IF;
	UPDATE padan.models m SET in_use = false WHERE m.district = padan.web_district() AND m.in_use AND m.model <> a_model;
	UPDATE padan.models m SET in_use = true WHERE m.district = padan.web_district() AND NOT m.in_use AND m.model = a_model;
	PERFORM padan.web_redecide();
	PERFORM padan.audit('model.use', 'model', ARRAY[a_model], jsonb_build_object('reason', a_reason));
END
$$;

CREATE FUNCTION padan.web_train(a_reason text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	made bigint;
BEGIN
	PERFORM padan.web_administers();
	IF coalesce(a_reason, '') = '' OR length(a_reason) > 500 THEN
		RAISE EXCEPTION USING ERRCODE = 'PD020', MESSAGE = 'Melatih model memerlukan alasan.', HINT = 'Training a model needs a reason.';
	END IF;
	SELECT j.job INTO made FROM padan.jobs j WHERE j.district = padan.web_district() AND j.kind = 'train' AND j.state = 'ready' LIMIT 1;
	IF made IS NULL THEN
		made := padan.enqueue_job(padan.web_district(), 'train', NULL);
	END IF;
	PERFORM padan.audit('model.train', NULL, NULL, jsonb_build_object('reason', a_reason));
	RETURN made;
END
$$;

-- ---- field sheets ----

CREATE TABLE padan.sheets (
	district integer NOT NULL,
	sheet bigint GENERATED ALWAYS AS IDENTITY,
	village bigint NOT NULL,
	title text NOT NULL,
	state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'closed')),
	made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	made_by text NOT NULL DEFAULT padan.actor(),
	changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (district, sheet)
);

-- What was found at the door: the newest answer of each visit.
CREATE TABLE padan.sheet_visits (
	district integer NOT NULL,
	sheet bigint NOT NULL,
	item integer NOT NULL,
	flag bigint NOT NULL,
	household bigint, -- as the sheet was made
	result text CHECK (result IN ('right', 'wrong', 'not_found', 'moved', 'died', 'refused_to_answer')),
	note text,
	verifier text, -- who stood at the door
	at timestamptz, -- when, by the phone's clock
	PRIMARY KEY (district, sheet, item),
	FOREIGN KEY (district, sheet) REFERENCES padan.sheets
);
CREATE INDEX sheet_visits_flag ON padan.sheet_visits (district, flag);

-- Every answer as it came; its id was made by the phone, so that sending it again changes nothing.
CREATE TABLE padan.visit_answers (
	district integer NOT NULL,
	id uuid NOT NULL,
	sheet bigint NOT NULL,
	item integer NOT NULL,
	result text NOT NULL,
	note text,
	verifier text NOT NULL,
	at timestamptz NOT NULL,
	received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	sent_by text NOT NULL DEFAULT padan.actor(),
	PRIMARY KEY (district, id)
);

DO $$
DECLARE
	policies CONSTANT text[][] := ARRAY[
		['sheets', '(SELECT padan.web_sees_all()) OR village = ANY ((SELECT padan.web_villages())::bigint[])'],
		['sheet_visits', 'EXISTS (SELECT FROM padan.sheets s WHERE s.district = sheet_visits.district AND s.sheet = sheet_visits.sheet)'],
		['visit_answers', '(SELECT padan.web_sees_all())']
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

CREATE FUNCTION padan.web_sheet(s padan.sheets) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT jsonb_build_object('sheet', s.sheet, 'village', s.village, 'title', s.title, 'state', s.state, 'made_at', s.made_at, 'made_by', s.made_by,
		'items', count(*), 'answered', count(v.result), 'version', padan.web_version(s.changed_at))
	FROM padan.sheet_visits v WHERE v.district = s.district AND v.sheet = s.sheet
$$;

CREATE FUNCTION padan.web_sheets_make(a_villages jsonb, a_kinds jsonb, a_states jsonb, a_most integer) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	d integer := padan.web_district();
	most integer := least(greatest(coalesce(a_most, 100), 1), 500);
	one padan.villages;
	made bigint;
	n integer;
	all_made bigint[] := '{}';
BEGIN
	IF padan.web_role() NOT IN ('administrator', 'bappeda') THEN
		PERFORM padan.web_absent();
	ELSIF jsonb_typeof(a_villages) IS DISTINCT FROM 'array' OR jsonb_array_length(a_villages) NOT BETWEEN 1 AND 200 THEN
		RAISE EXCEPTION USING ERRCODE = 'PD052', MESSAGE = 'Pilih 1 sampai 200 desa.', HINT = 'Choose 1 to 200 villages.';
	END IF;
	PERFORM pg_advisory_xact_lock(hashtext('padan.sheets'), d);
	FOR one IN SELECT v.* FROM padan.villages v WHERE v.district = d AND v.village::text IN (SELECT x.value FROM jsonb_array_elements_text(a_villages) x)
			ORDER BY v.kecamatan, v.name LOOP
		INSERT INTO padan.sheets (district, village, title) VALUES (d, one.village, one.name || ', ' || one.kecamatan) RETURNING sheet INTO made;
		INSERT INTO padan.sheet_visits (district, sheet, item, flag, household)
			SELECT d, made, row_number() OVER (ORDER BY f.rw, f.rt, f.household, f.flag), f.flag, f.household FROM (
				SELECT g.flag, g.household, e.rw, e.rt FROM padan.flags g LEFT JOIN padan.entries e ON e.district = g.district AND e.list = g.list AND e.row = g.row
				WHERE g.district = d AND g.village = one.village AND g.status IN ('found', 'assigned')
					AND CASE WHEN jsonb_typeof(a_kinds) = 'array' AND jsonb_array_length(a_kinds) > 0 THEN a_kinds ? g.kind
						ELSE g.kind NOT IN ('DATA_QUALITY', 'QUOTA') END
					AND CASE WHEN jsonb_typeof(a_states) = 'array' AND jsonb_array_length(a_states) > 0 THEN a_states ? g.state ELSE g.state <> 'provisional' END
					AND NOT EXISTS (SELECT FROM padan.sheet_visits o JOIN padan.sheets s USING (district, sheet)
						WHERE o.district = d AND o.flag = g.flag AND s.state = 'open')
				ORDER BY g.worst, g.flag LIMIT most) f;
		GET DIAGNOSTICS n = ROW_COUNT;
		IF n = 0 THEN
			DELETE FROM padan.sheets s WHERE s.district = d AND s.sheet = made;
		ELSE
			all_made := all_made || made;
		END IF;
	END LOOP;
	IF all_made = '{}' THEN
		RAISE EXCEPTION USING ERRCODE = 'PD053', MESSAGE = 'Tidak ada temuan untuk dicek di desa itu yang belum ada pada lembar lain.',
			HINT = 'There is nothing to check in those villages that no open sheet holds already.';
	END IF;
	PERFORM padan.audit('sheet.make', 'sheet', all_made);
	PERFORM padan.web_changed('sheet', 0);
	RETURN jsonb_build_object('items', (SELECT jsonb_agg(padan.web_sheet(s) ORDER BY s.sheet) FROM padan.sheets s WHERE s.district = d AND s.sheet = ANY (all_made)));
END
$$;

-- a_answers: [{"id", "item", "result", "note", "verifier", "at"}, …]. What somebody finds at the door is a decision: right confirms the
-- flag, wrong dismisses it. What a newer list has settled meanwhile stays settled; the answer is kept all the same.
CREATE FUNCTION padan.web_sheet_answers(a_sheet bigint, a_answers jsonb, OUT status integer, OUT body jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	d integer := padan.web_district();
	s padan.sheets;
	one record;
	v padan.sheet_visits;
	before text;
	wanted text;
	outcome text;
	outcomes jsonb := '[]';
BEGIN
	SELECT * INTO s FROM padan.sheets x WHERE x.district = d AND x.sheet = a_sheet FOR UPDATE;
	IF s.sheet IS NULL OR NOT (padan.web_role() = 'administrator' OR padan.web_role() = 'verifier' AND s.village = ANY (padan.web_villages())) THEN
		PERFORM padan.web_absent();
	ELSIF jsonb_typeof(a_answers) IS DISTINCT FROM 'array' OR jsonb_array_length(a_answers) NOT BETWEEN 1 AND 500 THEN
		RAISE EXCEPTION USING ERRCODE = 'PD054', MESSAGE = 'Kirim 1 sampai 500 jawaban.', HINT = 'Send 1 to 500 answers.';
	END IF;
	FOR one IN SELECT a.value ->> 'id' AS id, a.value ->> 'item' AS item, a.value ->> 'result' AS result, a.value ->> 'note' AS note,
			a.value ->> 'verifier' AS verifier, a.value ->> 'at' AS at FROM jsonb_array_elements(a_answers) WITH ORDINALITY AS a (value, n)
			ORDER BY a.value ->> 'at', a.n LOOP
		v := NULL;
		IF one.id IS NULL OR one.id !~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' OR coalesce(one.item, '') !~ '^[0-9]{1,6}$'
				OR coalesce(one.verifier, '') = '' OR length(one.verifier) > 100 OR length(one.note) > 1000 OR one.at IS NULL
				OR one.result NOT IN ('right', 'wrong', 'not_found', 'moved', 'died', 'refused_to_answer') OR one.result IS NULL THEN
			RAISE EXCEPTION USING ERRCODE = 'PD055', MESSAGE = 'Salah satu jawaban tidak lengkap.', HINT = 'One of the answers is not complete.';
		END IF;
		SELECT * INTO v FROM padan.sheet_visits x WHERE x.district = d AND x.sheet = a_sheet AND x.item = one.item::integer FOR UPDATE;
		IF EXISTS (SELECT FROM padan.visit_answers x WHERE x.district = d AND x.id = one.id::uuid) THEN
			outcome := 'repeated';
		ELSIF v.item IS NULL OR s.state = 'closed' THEN
			outcome := 'refused';
		ELSE
			INSERT INTO padan.visit_answers (district, id, sheet, item, result, note, verifier, at)
				VALUES (d, one.id::uuid, a_sheet, v.item, one.result, nullif(one.note, ''), one.verifier, one.at::timestamptz);
			IF v.at > one.at::timestamptz THEN
				outcome := 'later';
			ELSE
				outcome := 'accepted';
				UPDATE padan.sheet_visits x SET result = one.result, note = nullif(one.note, ''), verifier = one.verifier, at = one.at::timestamptz
					WHERE x.district = d AND x.sheet = a_sheet AND x.item = v.item;
				SELECT f.status INTO before FROM padan.flags f WHERE f.district = d AND f.flag = v.flag FOR UPDATE;
				wanted := CASE one.result WHEN 'right' THEN 'confirmed' WHEN 'wrong' THEN 'dismissed' END;
				IF wanted IS NOT NULL AND before <> wanted AND EXISTS (SELECT FROM padan.flag_transitions t WHERE t.from_status = before AND t.to_status = wanted) THEN
					PERFORM padan.decide_flag(d, v.flag, wanted, concat_ws(': ', 'verifikasi lapangan oleh ' || one.verifier, nullif(one.note, '')), NULL);
				END IF;
			END IF;
		END IF;
		outcomes := outcomes || jsonb_build_object('id', lower(one.id), 'item', one.item::integer, 'outcome', outcome,
			'text', CASE WHEN outcome = 'refused' THEN CASE s.state WHEN 'closed' THEN 'Lembar ini sudah ditutup.' ELSE 'Kunjungan ini tidak ada pada lembar.' END END,
			'text_en', CASE WHEN outcome = 'refused' THEN CASE s.state WHEN 'closed' THEN 'This sheet is closed.' ELSE 'There is no such visit on the sheet.' END END);
	END LOOP;
	UPDATE padan.sheets x SET changed_at = clock_timestamp() WHERE x.district = d AND x.sheet = a_sheet
		AND outcomes @? '$[*] ? (@.outcome == "accepted")' RETURNING * INTO s;
	IF s.sheet IS NULL THEN
		SELECT * INTO s FROM padan.sheets x WHERE x.district = d AND x.sheet = a_sheet;
	END IF;
	PERFORM padan.audit('sheet.answer', 'sheet', ARRAY[a_sheet], jsonb_build_object('answers', jsonb_array_length(outcomes)));
	PERFORM padan.web_changed('sheet', a_sheet);
	status := 200;
	body := jsonb_build_object('items', outcomes, 'answered', padan.web_sheet(s) -> 'answered', 'version', padan.web_version(s.changed_at));
END
$$;

CREATE FUNCTION padan.web_sheet_close(a_sheet bigint, a_version text, OUT status integer, OUT body jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	s padan.sheets;
BEGIN
	SELECT * INTO s FROM padan.sheets x WHERE x.district = padan.web_district() AND x.sheet = a_sheet FOR UPDATE;
	IF s.sheet IS NULL OR padan.web_role() NOT IN ('administrator', 'bappeda') THEN
		PERFORM padan.web_absent();
	ELSIF a_version IS NOT NULL AND a_version <> padan.web_version(s.changed_at) THEN
		status := 412;
		body := padan.web_problem(412, 'stale', 'Jawaban baru saja masuk untuk lembar ini.', 'Answers for this sheet have just come in.', padan.web_sheet(s));
		RETURN;
	ELSIF s.state = 'closed' THEN
		status := 409;
		body := padan.web_problem(409, 'conflict', 'Lembar ini sudah ditutup.', 'This sheet is closed already.', padan.web_sheet(s));
		RETURN;
	END IF;
	UPDATE padan.sheets x SET state = 'closed', changed_at = clock_timestamp() WHERE x.district = s.district AND x.sheet = a_sheet RETURNING * INTO s;
	PERFORM padan.audit('sheet.close', 'sheet', ARRAY[a_sheet]);
	PERFORM padan.web_changed('sheet', a_sheet);
	status := 200;
	body := padan.web_sheet(s);
END
$$;

GRANT EXECUTE ON FUNCTION padan.web_search(bigint, bigint, text[], integer, bigint), padan.web_users(), padan.web_user_add(text, text, text, text, jsonb, bytea),
	padan.web_user_link(bigint, bytea), padan.web_user_change(bigint, jsonb), padan.web_tokens(), padan.web_token_add(text, text, jsonb, integer, bytea),
	padan.web_token_revoke(bigint), padan.web_alert_retry(bigint), padan.web_model_use(bigint, text), padan.web_train(text), padan.web_sheet(padan.sheets),
	padan.web_sheets_make(jsonb, jsonb, jsonb, integer), padan.web_sheet_answers(bigint, jsonb), padan.web_sheet_close(bigint, text) TO padan_web;
