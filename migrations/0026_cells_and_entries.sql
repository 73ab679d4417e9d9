-- What lists cost on their way in: three quarters of the time of writing raw rows went into their arrays, and as much of writing
-- entries into indexes that were built row by row.

-- A raw row's cells are one text: behind each cell stands U+001F, which no cell may hold.
CREATE FUNCTION padan.raw_cells(packed text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
	SELECT CASE WHEN packed = '' THEN '{}' ELSE trim_array(string_to_array(packed, U&'\001F'), 1) END
$$;
CREATE FUNCTION padan.pack_cells(cells text[]) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
	SELECT CASE WHEN cardinality(cells) = 0 THEN ''
		WHEN strpos(array_to_string(cells, ' ', ''), U&'\001F') = 0 THEN array_to_string(cells, U&'\001F', '') || U&'\001F'
		ELSE (SELECT string_agg(translate(coalesce(c.cell, ''), U&'\001F', '') || U&'\001F', '' ORDER BY c.n)
			FROM unnest(cells) WITH ORDINALITY AS c (cell, n)) END
$$;
GRANT EXECUTE ON FUNCTION padan.raw_cells(text) TO padan_reader, padan_web;

DROP VIEW padan.web_raw_rows;
ALTER TABLE padan.raw_rows ALTER COLUMN cells TYPE text USING padan.pack_cells(cells);
CREATE VIEW padan.web_raw_rows WITH (security_barrier) AS
	SELECT r.district, r.list, r.row, r.line, padan.raw_cells(r.cells) AS cells, r.numeric_cells, r.reject, r.reject_en
	FROM padan.raw_rows r
	WHERE r.district = (SELECT padan.web_district())
		AND ((SELECT padan.web_sees_all()) OR r.list = ANY ((SELECT padan.web_lists())::bigint[]));
GRANT SELECT ON padan.web_raw_rows TO padan_web;

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

CREATE OR REPLACE FUNCTION intake.my_rejects(list_id bigint) RETURNS TABLE (line bigint, reason text, cells text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT r.line, r.reject, padan.raw_cells(r.cells)
	FROM padan.raw_rows r JOIN padan.lists l USING (district, list)
	WHERE l.district = intake.my_district() AND l.office = intake.my_office() AND l.list = list_id AND r.reject IS NOT NULL
	ORDER BY r.row
$$;

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

-- A district gets its partition of entries with its first list: rows go into a table that nobody sees yet, and what belongs to a
-- partition – indexes, each built in one go – comes with attaching it, which locks nobody out.
CREATE OR REPLACE FUNCTION padan.make_partitions() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	parent text;
BEGIN
	FOREACH parent IN ARRAY ARRAY['raw_rows', 'match_evidence'] LOOP
		EXECUTE format('CREATE TABLE padan.%I PARTITION OF padan.%I FOR VALUES IN (%s)',
			parent || '_' || NEW.district, parent, NEW.district);
	END LOOP;
	RETURN NULL;
END
$$;

-- True: the table was made just now, to be filled and then attached in the same transaction.
CREATE FUNCTION padan.make_entries(a_district integer) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF to_regclass(format('padan.entries_%s', a_district)) IS NOT NULL THEN
		RETURN false;
	END IF;
	EXECUTE format('CREATE TABLE padan.entries_%s (LIKE padan.entries INCLUDING DEFAULTS)', a_district);
	RETURN true;
END
$$;
CREATE FUNCTION padan.attach_entries(a_district integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	EXECUTE format('ALTER TABLE padan.entries ATTACH PARTITION padan.entries_%s FOR VALUES IN (%s)', a_district, a_district);
END
$$;

-- Districts that have no entries yet.
DO $$
DECLARE
	one regclass;
	is_used boolean;
BEGIN
	FOR one IN SELECT i.inhrelid FROM pg_inherits i WHERE i.inhparent = 'padan.entries'::regclass LOOP
		EXECUTE format('SELECT EXISTS (SELECT FROM %s)', one) INTO is_used;
		IF NOT is_used THEN
			EXECUTE format('DROP TABLE %s', one);
		END IF;
	END LOOP;
END
$$;
