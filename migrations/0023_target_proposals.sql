-- What was found at the doors, gathered into a proposed new version of the target list: target households that moved, died or were not
-- found go out, recipients found poor though not on the list come in. A proposal changes nothing: its file is decreed and sent as a list.

CREATE TABLE padan.proposals (
	district integer NOT NULL,
	proposal bigint GENERATED ALWAYS AS IDENTITY,
	target bigint NOT NULL, -- the target list it starts from
	state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'taken', 'dropped')),
	made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	made_by text NOT NULL DEFAULT padan.actor(),
	kept integer NOT NULL,
	taken_out integer NOT NULL,
	to_add integer NOT NULL,
	note text,
	PRIMARY KEY (district, proposal)
);
CREATE UNIQUE INDEX proposals_open ON padan.proposals (district) WHERE state = 'open';

CREATE TABLE padan.proposal_changes (
	district integer NOT NULL,
	proposal bigint NOT NULL,
	household bigint NOT NULL,
	what text NOT NULL CHECK (what IN ('take_out', 'add')),
	result text NOT NULL, -- the visit that it follows from
	verifier text NOT NULL,
	at timestamptz NOT NULL,
	note text,
	PRIMARY KEY (district, proposal, household),
	FOREIGN KEY (district, proposal) REFERENCES padan.proposals
);

DO $$
DECLARE
	one text;
BEGIN
	FOREACH one IN ARRAY ARRAY['proposals', 'proposal_changes'] LOOP
		EXECUTE format('ALTER TABLE padan.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', one);
		EXECUTE format('CREATE POLICY everything ON padan.%I TO padan_owner, padan_daemon, padan_reader USING (true) WITH CHECK (true)', one);
		EXECUTE format('CREATE POLICY web_reads ON padan.%I FOR SELECT TO padan_web USING (district = (SELECT padan.web_district())
			AND (SELECT padan.web_sees_all()))', one);
		EXECUTE format('GRANT SELECT ON padan.%I TO padan_web', one);
	END LOOP;
END
$$;

CREATE FUNCTION padan.web_proposal(p padan.proposals) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT jsonb_build_object('proposal', p.proposal, 'target', p.target, 'state', p.state, 'made_at', p.made_at, 'made_by', p.made_by,
		'kept', p.kept, 'taken_out', p.taken_out, 'to_add', p.to_add, 'note', p.note)
$$;

-- Once the target list that a proposal starts from is followed by another, it is taken if that one does what it proposed in most of the
-- households, and dropped if not.
CREATE FUNCTION padan.settle_proposals(a_district integer) RETURNS void
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

-- From all visits that were answered since the current target list came; of a household's the last one counts. An open proposal makes way.
CREATE FUNCTION padan.web_proposal_make(a_note text) RETURNS jsonb
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

-- The proposed list in the layout of the one it starts from: rows as they came without those of households that go out, then a row for each
-- person of a household that comes in, as its newest programme list has him. Numbers are whole: it is to be sent as a list.
CREATE FUNCTION padan.proposal_rows(a_district integer, a_proposal bigint) RETURNS SETOF text[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	WITH target AS (
		SELECT l.list, cardinality(l.header) AS width, l.mapping FROM padan.proposals p JOIN padan.lists l ON l.district = p.district AND l.list = p.target
		WHERE p.district = a_district AND p.proposal = a_proposal
	), kept AS (
		SELECT r.row, r.cells FROM target t
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

GRANT EXECUTE ON FUNCTION padan.web_proposal(padan.proposals), padan.web_proposal_make(text) TO padan_web;

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
	PERFORM padan.web_refresh_reach(a_district);
	PERFORM padan.web_refresh_pairs(a_district);
	PERFORM padan.web_refresh_lists(a_district);
	PERFORM padan.web_refresh_figures(a_district);
	INSERT INTO padan.web_made (district, stamp, at) VALUES (a_district, now_stamp, clock_timestamp())
		ON CONFLICT (district) DO UPDATE SET stamp = excluded.stamp, at = excluded.at;
	PERFORM pg_notify('padan_web', a_district || ':*:figures:0');
	RETURN true;
END
$$;
