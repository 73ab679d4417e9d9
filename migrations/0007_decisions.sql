-- What people decide, in one call each: about a pair of entries, and about a flag.

-- "Same" or "not the same" for two entries, in either order; an earlier decision on the same pair is replaced. Everything that
-- depends on it is decided anew by a job.
CREATE FUNCTION padan.decide_pair(a_district integer, a_kind text, a_verdict text, a_list bigint, a_row integer,
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
CREATE FUNCTION padan.decide_flag(a_district integer, a_flag bigint, a_status text, a_reason text, a_office text) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	before text;
BEGIN
	SELECT f.status INTO before FROM padan.flags f WHERE f.district = a_district AND f.flag = a_flag FOR UPDATE;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING ERRCODE = 'PD022',
			MESSAGE = format('Temuan %s tidak ada.', a_flag), HINT = format('There is no flag %s.', a_flag);
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
