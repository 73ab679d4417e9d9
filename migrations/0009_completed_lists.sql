-- Rows that were set aside come back mended: the file that holds them (daemon/ingest/rejects.h) bears two columns of Padan's own,
-- by which it is known. It does not stand for the whole list, so what was accepted of that list is put behind it: the new list
-- completes the old one and takes its place.

ALTER TABLE padan.lists ADD COLUMN completes bigint; -- the list whose accepted rows it took over

CREATE FUNCTION padan.own_header(header text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT array_agg(lower(trim(h.cell)) ORDER BY h.n) FROM unnest(header) WITH ORDINALITY AS h (cell, n)
	WHERE lower(trim(h.cell)) NOT IN ('alasan_ditolak_padan', 'baris_asal_padan')
$$;

CREATE FUNCTION padan.complete_list(a_district integer, a_list bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	mine padan.lists;
	before padan.lists;
	rows_sent integer;
BEGIN
	SELECT * INTO mine FROM padan.lists l WHERE l.district = a_district AND l.list = a_list;
	IF mine.header IS NULL OR NOT EXISTS (SELECT FROM unnest(mine.header) AS h (cell)
			WHERE lower(trim(h.cell)) = 'alasan_ditolak_padan') THEN
		RETURN;
	END IF;
	SELECT * INTO before FROM padan.lists l
		WHERE l.district = a_district AND l.kind = mine.kind AND l.subject = mine.subject AND l.period = mine.period
			AND l.list < a_list AND l.state IN ('received', 'working', 'done')
		ORDER BY l.list DESC LIMIT 1;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING ERRCODE = 'PD022',
			MESSAGE = format('Berkas ini berisi baris yang diperbaiki, tetapi daftar %s periode %s yang dilengkapinya tidak ada.',
				mine.subject, mine.period),
			HINT = format('This file holds mended rows, but there is no list %s of period %s for them to complete.',
				mine.subject, mine.period);
	END IF;
	IF before.state <> 'done' THEN
		RAISE EXCEPTION USING ERRCODE = 'PD023',
			MESSAGE = format('Daftar %s yang hendak dilengkapi masih dikerjakan; kirim lagi sesudah selesai.', before.list),
			HINT = format('List %s, which this file is to complete, is still being worked on; send it again afterwards.', before.list);
	END IF;
	IF padan.own_header(mine.header) IS DISTINCT FROM padan.own_header(before.header) THEN
		RAISE EXCEPTION USING ERRCODE = 'PD024',
			MESSAGE = format('Judul kolom berkas ini lain dari daftar %s yang dilengkapinya; jangan mengubah, menambah, atau memindahkan kolom.',
				before.list),
			HINT = format('The columns of this file are not those of list %s, which it completes; leave the columns as they are.',
				before.list);
	END IF;
	SELECT coalesce(max(r.row), 0) INTO rows_sent FROM padan.raw_rows r WHERE r.district = a_district AND r.list = a_list;
	INSERT INTO padan.raw_rows (district, list, row, line, cells, numeric_cells)
		SELECT a_district, a_list, rows_sent + r.row, r.line, r.cells, r.numeric_cells
		FROM padan.raw_rows r
		WHERE r.district = a_district AND r.list = before.list AND r.reject IS NULL;
	UPDATE padan.lists l SET completes = before.list WHERE l.district = a_district AND l.list = a_list;
END
$$;

CREATE OR REPLACE FUNCTION padan.close_list(a_district integer, a_list bigint) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM padan.complete_list(a_district, a_list);
	UPDATE padan.lists l SET state = 'received',
			rows_read = (SELECT count(*) FROM padan.raw_rows r WHERE r.district = a_district AND r.list = a_list)
		WHERE l.district = a_district AND l.list = a_list;
	RETURN padan.enqueue_job(a_district, 'list', a_list);
END
$$;
