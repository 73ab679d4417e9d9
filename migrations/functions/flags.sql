-- Flags, identities and what people decide of them. The tables: migrations/0003_results.sql; docs/DATABASE.md, "Life of
-- a flag".

-- ---- Who was where when ----

-- Who belonged to which household when, and under which card numbers: read from the entries of lists that count, so
-- that erasing or withdrawing a list needs no repair here.
CREATE OR REPLACE VIEW padan.household_members WITH (security_invoker = true) AS
	SELECT e.district, e.household, e.person, min(l.period_from) AS since, max(l.period_from) AS last_seen,
		count(*) AS entries
	FROM padan.entries e JOIN padan.lists l USING (district, list)
	WHERE l.state = 'done' AND e.household IS NOT NULL
	GROUP BY e.district, e.household, e.person;

CREATE OR REPLACE VIEW padan.kk_history WITH (security_invoker = true) AS
	SELECT e.district, e.kk, e.household, min(l.period_from) AS since, max(l.period_from) AS last_seen,
		count(*) AS entries
	FROM padan.entries e JOIN padan.lists l USING (district, list)
	WHERE l.state = 'done' AND e.kk IS NOT NULL AND e.household IS NOT NULL
	GROUP BY e.district, e.kk, e.household;

-- ---- Changes and their history ----

-- Who does something: what the program says with SET LOCAL padan.actor, else the login.
CREATE OR REPLACE FUNCTION padan.actor() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
	SELECT coalesce(nullif(current_setting('padan.actor', true), ''), session_user)
$$;

CREATE OR REPLACE FUNCTION padan.refuse_flag_status(a_flag bigint, a_from text, a_to text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RAISE EXCEPTION USING ERRCODE = 'PD002',
		MESSAGE = format('Temuan %s berstatus %s, tidak dapat menjadi %s.', a_flag, a_from, a_to),
		HINT = format('Flag %s is %s and cannot become %s.', a_flag, a_from, a_to);
END
$$;

-- History is written here and nowhere else, a statement at a time, so that no change can go without it; changes of
-- status are checked against padan.flag_transitions here, too. The join of old and new rows keeps the plan of its first
-- statement, of few rows: for thousands it must not hold every row against every other, so nested loops are off.
CREATE OR REPLACE FUNCTION padan.keep_flag_history() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_nestloop = off AS $$
BEGIN
	IF TG_OP = 'INSERT' THEN
		INSERT INTO padan.flag_history (district, flag, to_status, to_state, certainty, list, reason)
			SELECT n.district, n.flag, n.status, n.state, n.certainty, coalesce(n.changed_list, n.found_list), n.reason
			FROM new_rows n ORDER BY n.flag;
	ELSE
		PERFORM padan.refuse_flag_status(n.flag, o.status, n.status)
			FROM new_rows n JOIN old_rows o USING (district, flag)
			LEFT JOIN padan.flag_transitions t ON t.from_status = o.status AND t.to_status = n.status
			WHERE o.status <> n.status AND t.from_status IS NULL
			LIMIT 1;
		INSERT INTO padan.flag_history (district, flag, from_status, to_status, from_state, to_state, certainty, list, reason)
			SELECT n.district, n.flag, o.status, n.status, o.state, n.state, n.certainty, n.changed_list, n.reason
			FROM new_rows n JOIN old_rows o USING (district, flag)
			WHERE (o.status, o.state, o.assigned_to, o.reason) IS DISTINCT FROM (n.status, n.state, n.assigned_to, n.reason)
			ORDER BY n.flag;
	END IF;
	RETURN NULL;
END
$$;

-- Readers cannot write, but their looking is recorded.
CREATE OR REPLACE FUNCTION padan.record_unmasking(a_district integer, a_what text, a_flag bigint, a_list bigint, a_row integer,
	a_entries bigint, a_reason text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	INSERT INTO padan.unmasking (district, who, what, flag, list, row, entries, reason)
		VALUES (a_district, padan.actor(), a_what, a_flag, a_list, a_row, a_entries, a_reason)
$$;

-- ---- What people decide, in one call each ----

-- "Same" or "not the same" for two entries, in either order; an earlier decision on the same pair is replaced.
-- Everything that depends on it is decided anew by a job.
CREATE OR REPLACE FUNCTION padan.decide_pair(a_district integer, a_kind text, a_verdict text, a_list bigint, a_row integer,
	b_list bigint, b_row integer, a_flag bigint, a_reason text) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	a padan.entries;
	b padan.entries;
	low bigint;
	high bigint;
	made bigint;
BEGIN
	IF coalesce(a_reason, '') = '' THEN
		RAISE EXCEPTION USING ERRCODE = 'PD020', MESSAGE = 'Setiap putusan memerlukan alasan.', HINT = 'Every decision needs a reason.';
	END IF;
	SELECT * INTO a FROM padan.entries e WHERE e.district = a_district AND e.list = a_list AND e.row = a_row;
	SELECT * INTO b FROM padan.entries e WHERE e.district = a_district AND e.list = b_list AND e.row = b_row;
	IF a.list IS NULL OR b.list IS NULL OR (a_list, a_row) = (b_list, b_row) THEN
		RAISE EXCEPTION USING ERRCODE = 'PD021',
			MESSAGE = 'Putusan memerlukan dua baris yang ada, ditulis DAFTAR:BARIS.',
			HINT = 'A decision needs two rows that exist, written LIST:ROW.';
	END IF;
	low := least(a.fingerprint, b.fingerprint);
	high := greatest(a.fingerprint, b.fingerprint);
	-- The row of the district keeps two decisions on one pair apart.
	PERFORM FROM padan.districts d WHERE d.district = a_district FOR NO KEY UPDATE;
	UPDATE padan.decisions d SET replaced_by = 0
		WHERE d.district = a_district AND d.kind = a_kind AND d.low_fingerprint = low AND d.high_fingerprint = high
			AND d.replaced_by IS NULL;
	INSERT INTO padan.decisions (district, kind, verdict, a_list, a_row, b_list, b_row, low_fingerprint, high_fingerprint, flag, reason)
		VALUES (a_district, a_kind, a_verdict, a.list, a.row, b.list, b.row, low, high, a_flag, a_reason)
		RETURNING decision INTO made;
	UPDATE padan.decisions d SET replaced_by = made WHERE d.district = a_district AND d.replaced_by = 0;
	PERFORM padan.enqueue_job(a_district, 'redecide', NULL);
	RETURN made;
END
$$;

-- A person confirms, dismisses or assigns a flag, or takes that back ('found'). Returns what it was before.
CREATE OR REPLACE FUNCTION padan.decide_flag(a_district integer, a_flag bigint, a_status text, a_reason text, a_office text) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	before text;
BEGIN
	SELECT f.status INTO before FROM padan.flags f WHERE f.district = a_district AND f.flag = a_flag FOR UPDATE;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING ERRCODE = 'PD022',
			MESSAGE = format('Temuan %s tidak ada.', a_flag), HINT = format('There is no flag %s.', a_flag);
	END IF;
	IF before = 'resolved' THEN -- only a list brings it back
		PERFORM padan.refuse_flag_status(a_flag, before, a_status);
	END IF;
	IF a_status = 'dismissed' AND coalesce(a_reason, '') = '' THEN
		RAISE EXCEPTION USING ERRCODE = 'PD020', MESSAGE = 'Menyatakan suatu temuan salah memerlukan alasan.',
			HINT = 'Dismissing a flag needs a reason.';
	END IF;
	IF a_status = 'assigned' AND NOT EXISTS (SELECT FROM padan.offices o
			WHERE o.district = a_district AND o.office = a_office AND o.active) THEN
		RAISE EXCEPTION USING ERRCODE = 'PD014',
			MESSAGE = format('Dinas "%s" tidak ada dalam konfigurasi.', left(a_office, 40)),
			HINT = format('Office "%s" is not in the configuration.', left(a_office, 40));
	END IF;
	UPDATE padan.flags f SET status = a_status, reason = a_reason, assigned_to = a_office, decided_by = padan.actor(),
			decided_at = clock_timestamp(), changed_at = clock_timestamp(), changed_list = NULL
		WHERE f.district = a_district AND f.flag = a_flag;
	RETURN before;
END
$$;

-- ---- who may call and read them, beside padan_daemon (migrations/0006_grants.sql) ----
GRANT EXECUTE ON FUNCTION padan.record_unmasking TO padan_reader;
GRANT EXECUTE ON FUNCTION padan.actor TO padan_reader, padan_web;
GRANT SELECT ON padan.household_members, padan.kk_history TO padan_reader, padan_web;
