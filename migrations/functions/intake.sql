-- The SQL door. An office's own system, with that office's role:
--
--	INSERT INTO intake.list (programme, period, header) VALUES ('pkh', '2024-07', '{NIK,Nama,Desa}') RETURNING id;
--	INSERT INTO intake.row (list, line, cells) VALUES (1, 2, '{1505…,SITI,Mestong}'), …;   (or COPY intake.row)
--	SELECT * FROM intake.close_list(1);
--
-- An office sees its own alone, and of a list that is not its own no more than of one that is not there. The tables and
-- their row-level security: migrations/0005_intake.sql.

-- The database role of an office, which has the SQL door (schema intake) alone; made when it is not there, shut when
-- the office is no longer in the configuration. Runs as the caller: NULL where he may not make roles. It has no
-- password until the administrator gives it one.
CREATE OR REPLACE FUNCTION padan.make_office_role(a_district integer, a_office text) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	role name := 'padan_office_' || a_district || '_' || a_office;
	wanted boolean;
BEGIN
	SELECT o.active INTO wanted FROM padan.offices o WHERE o.district = a_district AND o.office = a_office;
	IF NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = role) THEN
		IF NOT wanted THEN
			RETURN NULL;
		END IF;
		EXECUTE format('CREATE ROLE %I LOGIN IN ROLE padan_office', role);
	ELSIF (SELECT r.rolcanlogin FROM pg_roles r WHERE r.rolname = role) <> wanted THEN
		EXECUTE format('ALTER ROLE %I %s', role, CASE WHEN wanted THEN 'LOGIN' ELSE 'NOLOGIN' END);
	END IF;
	UPDATE padan.offices o SET role_name = role
		WHERE o.district = a_district AND o.office = a_office AND o.role_name IS DISTINCT FROM role;
	RETURN role;
EXCEPTION WHEN insufficient_privilege THEN
	RETURN NULL;
END
$$;

-- Who calls, also from within a SECURITY DEFINER function.
CREATE OR REPLACE FUNCTION intake.caller() RETURNS name
LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN current_setting('role') = 'none' THEN session_user ELSE current_setting('role')::name END
$$;

-- The caller's district, and his office in it; NULL for whoever is no office.
CREATE OR REPLACE FUNCTION intake.my_district() RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT o.district FROM padan.offices o WHERE o.role_name = intake.caller() AND o.active
$$;

CREATE OR REPLACE FUNCTION intake.my_office() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT o.office FROM padan.offices o WHERE o.role_name = intake.caller() AND o.active
$$;

-- Stages a list and wakes the daemon. Sending the same rows again is told so and changes nothing.
CREATE OR REPLACE FUNCTION intake.close_list(list_id bigint, OUT state text, OUT padan_list bigint, OUT message text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	mine intake.list;
	contents bytea;
	size bigint;
	begun record;
BEGIN
	SELECT * INTO mine FROM intake.list l
		WHERE l.id = list_id AND l.district = intake.my_district() AND l.office = intake.my_office() FOR UPDATE;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING ERRCODE = 'PD017', MESSAGE = format('Daftar %s tidak ada.', list_id),
			HINT = format('There is no list %s.', list_id);
	END IF;
	IF mine.state <> 'open' THEN
		state := mine.state;
		padan_list := mine.padan_list;
		message := 'Daftar ini sudah ditutup sebelumnya; tidak ada yang berubah.';
		RETURN;
	END IF;
	SELECT sha256(convert_to(mine.header::text, 'UTF8') || coalesce(string_agg(h.hash, '' ORDER BY h.line), '')), sum(h.size)
		INTO contents, size
		FROM (SELECT r.line, sha256(convert_to(r.cells::text, 'UTF8')) AS hash, octet_length(r.cells::text) AS size
			FROM intake.row r WHERE r.list = list_id) h;
	SELECT * INTO begun FROM padan.begin_list(mine.district,
		CASE WHEN mine.programme IS NOT NULL THEN 'programme' WHEN mine.reference IS NOT NULL THEN 'reference' ELSE 'target' END,
		coalesce(mine.programme, mine.reference, 'target'), mine.period, mine.office, intake.caller()::text, 'sql', mine.name,
		contents, size, mine.decree_number, mine.decree_date);
	padan_list := begun.list;
	IF begun.duplicate THEN
		state := 'duplicate';
		message := format('Isi yang sama sudah diterima sebagai daftar %s; tidak ada yang berubah.', begun.list);
	ELSE
		state := 'staged';
		UPDATE padan.lists l SET header = mine.header WHERE l.district = mine.district AND l.list = begun.list;
		INSERT INTO padan.raw_rows (district, list, row, line, cells)
			SELECT mine.district, begun.list, row_number() OVER (ORDER BY r.line), r.line, padan.pack_cells(r.cells)
			FROM intake.row r WHERE r.list = list_id;
		PERFORM padan.close_list(mine.district, begun.list);
		message := format('Diterima sebagai daftar %s dan sedang diperiksa.', begun.list);
	END IF;
	DELETE FROM intake.row r WHERE r.list = list_id;
	UPDATE intake.list l SET state = close_list.state, closed_at = clock_timestamp(), padan_list = begun.list
		WHERE l.id = list_id;
END
$$;

-- How an office's lists fare: states and counts of its own lists.
CREATE OR REPLACE FUNCTION intake.my_lists() RETURNS TABLE (padan_list bigint, kind text, code text, period text, state text,
	rows_read bigint, rows_accepted bigint, rows_rejected bigint, refused text, received_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT l.list, l.kind, l.subject, l.period, l.state, l.rows_read, l.rows_accepted, l.rows_rejected, l.refused_id, l.received_at
	FROM padan.lists l
	WHERE l.district = intake.my_district() AND l.office = intake.my_office()
	ORDER BY l.list
$$;

-- The rows that were set aside, to be mended and sent again.
CREATE OR REPLACE FUNCTION intake.my_rejects(list_id bigint) RETURNS TABLE (line bigint, reason text, cells text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT r.line, r.reject, padan.raw_cells(r.cells)
	FROM padan.raw_rows r JOIN padan.lists l USING (district, list)
	WHERE l.district = intake.my_district() AND l.office = intake.my_office() AND l.list = list_id AND r.reject IS NOT NULL
	ORDER BY r.row
$$;

-- ---- who may call and read them, beside padan_daemon (migrations/0006_grants.sql) ----
GRANT EXECUTE ON FUNCTION intake.caller, intake.my_district, intake.my_office, intake.close_list, intake.my_lists,
	intake.my_rejects TO padan_office;
