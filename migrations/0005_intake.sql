-- The SQL door. An office's own system, with that office's role:
--
--	INSERT INTO intake.list (programme, period, header) VALUES ('pkh', '2024-07', '{NIK,Nama,Desa}') RETURNING id;
--	INSERT INTO intake.row (list, line, cells) VALUES (1, 2, '{1505…,SITI,Mestong}'), …;   (or COPY intake.row)
--	SELECT * FROM intake.close_list(1);
--
-- An office sees its own alone, and of a list that is not its own no more than of one that is not there.

-- Who calls, also from within a SECURITY DEFINER function.
CREATE FUNCTION intake.caller() RETURNS name
LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN current_setting('role') = 'none' THEN session_user ELSE current_setting('role')::name END
$$;

CREATE FUNCTION intake.my_district() RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT o.district FROM padan.offices o WHERE o.role_name = intake.caller() AND o.active
$$;

CREATE FUNCTION intake.my_office() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT o.office FROM padan.offices o WHERE o.role_name = intake.caller() AND o.active
$$;

CREATE TABLE intake.list (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	district integer NOT NULL DEFAULT intake.my_district(),
	office text NOT NULL DEFAULT intake.my_office(),
	programme text, -- the programme's code, or
	reference text, -- the reference's code; neither: it is the target list
	period text NOT NULL,
	decree_number text, -- target lists
	decree_date date,
	header text[] NOT NULL CHECK (cardinality(header) BETWEEN 1 AND 1000),
	name text NOT NULL DEFAULT '', -- whatever the office calls it
	state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'staged', 'duplicate')),
	made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	closed_at timestamptz,
	padan_list bigint, -- what it became
	CHECK (num_nonnulls(programme, reference) < 2)
);
CREATE INDEX list_office ON intake.list (district, office);

CREATE TABLE intake.row (
	list bigint NOT NULL REFERENCES intake.list ON DELETE CASCADE,
	line bigint NOT NULL,
	cells text[] NOT NULL,
	PRIMARY KEY (list, line)
);

ALTER TABLE intake.list ENABLE ROW LEVEL SECURITY;
ALTER TABLE intake.list FORCE ROW LEVEL SECURITY;
ALTER TABLE intake.row ENABLE ROW LEVEL SECURITY;
ALTER TABLE intake.row FORCE ROW LEVEL SECURITY;

-- FORCE binds the owner as well, who needs a policy of his own: the functions below run as him.
CREATE POLICY owner_all ON intake.list TO padan_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON intake.row TO padan_owner USING (true) WITH CHECK (true);
CREATE POLICY own_lists ON intake.list TO padan_office
	USING (district = (SELECT intake.my_district()) AND office = (SELECT intake.my_office()))
	WITH CHECK (district = (SELECT intake.my_district()) AND office = (SELECT intake.my_office()) AND state = 'open');
-- Rows of an open list of one's own: intake.list is seen through its own policy here.
CREATE POLICY own_rows ON intake.row TO padan_office
	USING (EXISTS (SELECT FROM intake.list l WHERE l.id = list AND l.state = 'open'))
	WITH CHECK (EXISTS (SELECT FROM intake.list l WHERE l.id = list AND l.state = 'open'));

-- Stages a list and wakes the daemon. Sending the same rows again is told so and changes nothing.
CREATE FUNCTION intake.close_list(list_id bigint, OUT state text, OUT padan_list bigint, OUT message text)
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
			SELECT mine.district, begun.list, row_number() OVER (ORDER BY r.line), r.line, r.cells
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
CREATE FUNCTION intake.my_lists() RETURNS TABLE (padan_list bigint, kind text, code text, period text, state text,
	rows_read bigint, rows_accepted bigint, rows_rejected bigint, refused text, received_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT l.list, l.kind, l.subject, l.period, l.state, l.rows_read, l.rows_accepted, l.rows_rejected, l.refused_id, l.received_at
	FROM padan.lists l
	WHERE l.district = intake.my_district() AND l.office = intake.my_office()
	ORDER BY l.list
$$;

-- The rows that were set aside, to be mended and sent again.
CREATE FUNCTION intake.my_rejects(list_id bigint) RETURNS TABLE (line bigint, reason text, cells text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT r.line, r.reject, r.cells
	FROM padan.raw_rows r JOIN padan.lists l USING (district, list)
	WHERE l.district = intake.my_district() AND l.office = intake.my_office() AND l.list = list_id AND r.reject IS NOT NULL
	ORDER BY r.row
$$;
