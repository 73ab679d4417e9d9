-- What large lists cost: half of the time of writing entries went into their indexes, and each change of a flag's status was checked by
-- itself.

-- A partition holds one district: its number in front of every key of these indexes said nothing.
DROP INDEX padan.entries_person, padan.entries_household, padan.entries_nik, padan.entries_kk;
CREATE INDEX entries_person ON padan.entries (person);
CREATE INDEX entries_household ON padan.entries (household);
CREATE INDEX entries_nik ON padan.entries (nik);
CREATE INDEX entries_kk ON padan.entries (kk);

-- Digits and letters of a fingerprint: compared as bytes, whatever the database's language.
ALTER TABLE padan.flags ALTER COLUMN key TYPE text COLLATE "C";

-- Changes of status are checked a statement at a time, where their history is written.
DROP TRIGGER flags_status ON padan.flags;
DROP FUNCTION padan.check_flag_status();

CREATE FUNCTION padan.refuse_flag_status(a_flag bigint, a_from text, a_to text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RAISE EXCEPTION USING ERRCODE = 'PD002',
		MESSAGE = format('Temuan %s berstatus %s, tidak dapat menjadi %s.', a_flag, a_from, a_to),
		HINT = format('Flag %s is %s and cannot become %s.', a_flag, a_from, a_to);
END
$$;

CREATE OR REPLACE FUNCTION padan.keep_flag_history() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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
