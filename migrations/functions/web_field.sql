-- At the doors: a village's field sheet, its visits and answers (migrations/0016_web_people.sql), and the next target
-- list that is proposed from them (migrations/0023_target_proposals.sql).

-- ---- Sheets ----

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

-- A field sheet for each village, of its flags that wait for a decision and are on no other open sheet; the worst
-- first, at most a_most.
CREATE OR REPLACE FUNCTION padan.web_sheets_make(a_villages jsonb, a_kinds jsonb, a_states jsonb, a_most integer) RETURNS jsonb
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

-- a_answers: [{"id", "item", "result", "note", "verifier", "at"}, …]. What somebody finds at the door is a decision:
-- right confirms the flag, wrong dismisses it. What a newer list has settled meanwhile stays settled; the answer is
-- kept all the same.
CREATE OR REPLACE FUNCTION padan.web_sheet_answers(a_sheet bigint, a_answers jsonb, OUT status integer, OUT body jsonb)
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
				IF wanted IS NOT NULL AND before NOT IN (wanted, 'resolved')
						AND EXISTS (SELECT FROM padan.flag_transitions t WHERE t.from_status = before AND t.to_status = wanted) THEN
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

-- Nothing more comes of it; what was not visited can go on another sheet.
CREATE OR REPLACE FUNCTION padan.web_sheet_close(a_sheet bigint, a_version text, OUT status integer, OUT body jsonb)
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

-- ---- Proposals ----

CREATE OR REPLACE FUNCTION padan.web_proposal(p padan.proposals) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
	RETURN (
	SELECT jsonb_build_object('proposal', p.proposal, 'target', p.target, 'state', p.state, 'made_at', p.made_at, 'made_by', p.made_by,
		'kept', p.kept, 'taken_out', p.taken_out, 'to_add', p.to_add, 'note', p.note));
END
$$;

-- From all visits that were answered since the current target list came; of a household's the last one counts. An open
-- proposal makes way.
CREATE OR REPLACE FUNCTION padan.web_proposal_make(a_note text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	d integer := padan.web_district();
	target padan.list_status;
	made padan.proposals;
BEGIN
	IF padan.web_role() NOT IN ('administrator', 'bappeda') THEN
		PERFORM padan.web_absent();
	ELSIF length(a_note) > 1000 THEN
		RAISE EXCEPTION USING ERRCODE = 'PD056', MESSAGE = 'Catatan paling banyak 1000 huruf.', HINT = 'A note has at most 1000 letters.';
	END IF;
	PERFORM pg_advisory_xact_lock(hashtext('padan.proposals'), d);
	SELECT * INTO target FROM padan.list_status s WHERE s.district = d AND s.kind = 'target' AND s.current;
	IF target.list IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'PD057', MESSAGE = 'Belum ada daftar sasaran yang berlaku.', HINT = 'No target list is in force yet.';
	END IF;
	UPDATE padan.proposals p SET state = 'dropped' WHERE p.district = d AND p.state = 'open';
	INSERT INTO padan.proposals (district, target, kept, taken_out, to_add, note) VALUES (d, target.list, 0, 0, 0, nullif(a_note, ''))
		RETURNING * INTO made;
	INSERT INTO padan.proposal_changes (district, proposal, household, what, result, verifier, at, note)
		SELECT d, made.proposal, v.household, CASE WHEN v.on_target THEN 'take_out' ELSE 'add' END, v.result, v.verifier, v.at, v.note
		FROM (SELECT DISTINCT ON (w.household) w.*, EXISTS (SELECT FROM padan.entries e
					WHERE e.district = d AND e.household = w.household AND e.list = target.list) AS on_target
				FROM (SELECT coalesce(h.became, h.household) AS household, f.kind, x.result, x.verifier, x.at, x.note, x.sheet, x.item
					FROM padan.sheet_visits x
					JOIN padan.flags f ON f.district = x.district AND f.flag = x.flag
					JOIN padan.households h ON h.district = x.district AND h.household = coalesce(f.household, x.household)
					WHERE x.district = d AND x.result IS NOT NULL AND x.result <> 'refused_to_answer'
						AND EXISTS (SELECT FROM padan.visit_answers r WHERE r.district = d AND r.sheet = x.sheet AND r.item = x.item
							AND r.at = x.at AND r.received_at > target.received_at)) w
				ORDER BY w.household, w.at DESC, w.sheet DESC, w.item DESC) v
		WHERE CASE WHEN v.on_target THEN v.result IN ('moved', 'died', 'not_found') ELSE v.kind = 'INCLUSION' AND v.result = 'wrong' END;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING ERRCODE = 'PD058',
			MESSAGE = 'Belum ada hasil lapangan yang mengubah daftar sasaran: tidak ada keluarga sasaran yang pindah, meninggal, atau tidak ditemukan, dan tidak ada penerima di luar daftar yang ternyata layak.',
			HINT = 'Nothing found in the field would change the target list: no target household moved, died or was not found, and no recipient off the list proved poor.';
	END IF;
	UPDATE padan.proposals p SET (kept, taken_out, to_add) = (
			SELECT (SELECT count(DISTINCT e.household) FROM padan.entries e WHERE e.district = d AND e.list = target.list)
					- count(*) FILTER (WHERE c.what = 'take_out'),
				count(*) FILTER (WHERE c.what = 'take_out'), count(*) FILTER (WHERE c.what = 'add')
			FROM padan.proposal_changes c WHERE c.district = d AND c.proposal = made.proposal)
		WHERE p.district = d AND p.proposal = made.proposal RETURNING * INTO made;
	PERFORM padan.audit('proposal.make', 'proposal', ARRAY[made.proposal]);
	RETURN padan.web_proposal(made);
END
$$;

-- Once the target list that a proposal starts from is followed by another, it is taken if that one does what it
-- proposed in most of the households, and dropped if not.
CREATE OR REPLACE FUNCTION padan.settle_proposals(a_district integer) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
	UPDATE padan.proposals p SET state = CASE WHEN done.n * 2 > done.of THEN 'taken' ELSE 'dropped' END
	FROM padan.list_status now
	CROSS JOIN LATERAL (SELECT count(*) AS of, count(*) FILTER (WHERE (c.what = 'add') = EXISTS (SELECT FROM padan.entries e
				WHERE e.district = now.district AND e.household = c.household AND e.list = now.list)) AS n
			FROM padan.proposals o JOIN padan.proposal_changes c USING (district, proposal)
			WHERE o.district = a_district AND o.state = 'open') done
	WHERE p.district = a_district AND p.state = 'open' AND now.district = a_district AND now.kind = 'target' AND now.current
		AND now.list > p.target
$$;

-- The proposed list in the layout of the one it starts from: rows as they came without those of households that go out,
-- then a row for each person of a household that comes in, as its newest programme list has him. Numbers are whole: it
-- is to be sent as a list.
CREATE OR REPLACE FUNCTION padan.proposal_rows(a_district integer, a_proposal bigint) RETURNS SETOF text[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	WITH target AS (
		SELECT l.list, cardinality(l.header) AS width, l.mapping FROM padan.proposals p JOIN padan.lists l ON l.district = p.district AND l.list = p.target
		WHERE p.district = a_district AND p.proposal = a_proposal
	), kept AS (
		SELECT r.row, padan.raw_cells(r.cells) AS cells FROM target t
		JOIN padan.raw_rows r ON r.district = a_district AND r.list = t.list
		JOIN padan.entries e ON e.district = r.district AND e.list = r.list AND e.row = r.row
		WHERE NOT EXISTS (SELECT FROM padan.proposal_changes c WHERE c.district = a_district AND c.proposal = a_proposal
			AND c.household = e.household AND c.what = 'take_out')
	), added AS (
		SELECT DISTINCT ON (c.household, e.person) e.*
		FROM padan.proposal_changes c
		JOIN padan.entries e ON e.district = c.district AND e.household = c.household
		JOIN padan.list_status s ON s.district = e.district AND s.list = e.list AND s.kind = 'programme' AND s.current
		WHERE c.district = a_district AND c.proposal = a_proposal AND c.what = 'add'
		ORDER BY c.household, e.person, s.period_from DESC, e.list DESC, e.row
	), made AS (
		SELECT a.household AS family, a.relation, a.person, ARRAY(
			SELECT coalesce(CASE t.mapping ->> c.n::text
				WHEN 'nik' THEN CASE a.nik_digits WHEN 16 THEN lpad(a.nik::text, 16, '0') ELSE a.nik::text END
				WHEN 'kk' THEN CASE a.kk_digits WHEN 16 THEN lpad(a.kk::text, 16, '0') ELSE a.kk::text END
				WHEN 'family_id' THEN 'PADAN-' || a.household
				WHEN 'name' THEN a.name_shown
				WHEN 'birth_date' THEN w.born
				WHEN 'birth_place' THEN a.birth_place
				WHEN 'birth_place_date' THEN concat_ws(', ', a.birth_place, w.born)
				WHEN 'birth_year' THEN nullif(a.birth / 10000, 0)::text
				WHEN 'sex' THEN padan.web_sex(a.sex)
				WHEN 'relation' THEN nullif(a.relation, 0)::text
				WHEN 'head_name' THEN a.head_name
				WHEN 'kecamatan' THEN v.kecamatan
				WHEN 'village' THEN coalesce(v.name, a.village_text)
				WHEN 'village_code' THEN a.village::text
				WHEN 'address' THEN a.address
				WHEN 'rt' THEN nullif(a.rt, 0)::text
				WHEN 'rw' THEN nullif(a.rw, 0)::text
				WHEN 'rt_rw' THEN nullif(concat_ws('/', nullif(a.rt, 0), nullif(a.rw, 0)), '')
				WHEN 'desil' THEN nullif(a.desil, 0)::text END, '')
			FROM generate_series(0, t.width - 1) AS c (n) ORDER BY c.n) AS cells
		FROM target t, added a
		LEFT JOIN padan.villages v ON v.district = a.district AND v.village = a.village
		CROSS JOIN LATERAL (SELECT CASE WHEN a.birth % 100 > 0 AND a.birth % 10000 / 100 > 0
			THEN concat_ws('/', lpad((a.birth % 100)::text, 2, '0'), lpad((a.birth % 10000 / 100)::text, 2, '0'), a.birth / 10000)
			ELSE nullif(a.birth / 10000, 0)::text END AS born) w
	)
	SELECT x.cells FROM (
		SELECT 0 AS part, k.row::bigint AS one, 0::bigint AS two, 0::bigint AS three, k.cells FROM kept k
		UNION ALL SELECT 1, m.family, CASE WHEN m.relation = 0 THEN 99 ELSE m.relation END, m.person, m.cells FROM made m) x
	ORDER BY x.part, x.one, x.two, x.three
$$;

-- ---- who may call and read them, beside padan_daemon (migrations/0006_grants.sql) ----
GRANT EXECUTE ON FUNCTION padan.web_sheet, padan.web_sheets_make, padan.web_sheet_answers, padan.web_sheet_close,
	padan.web_proposal, padan.web_proposal_make TO padan_web;
