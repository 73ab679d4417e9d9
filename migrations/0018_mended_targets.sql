-- Mended rows of a target list complete it, as those of a programme's list do. Whether a file holds mended rows is known from its
-- header, so that what one period cannot have – a second target list under the same decree – is refused when the list is closed.

CREATE OR REPLACE FUNCTION padan.refuse_period(a_district integer, a_kind text, a_period text, a_decree_number text,
	a_decree_date date) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF EXISTS (SELECT FROM padan.periods p WHERE p.district = a_district AND p.state = 'closed'
			AND p.period IN (a_period, left(a_period, 4))) THEN
		RAISE EXCEPTION USING ERRCODE = 'PD015',
			MESSAGE = format('Periode %s sudah ditutup; buka lagi dahulu, atau periksa periodenya.', a_period),
			HINT = format('Period %s is closed; open it again first, or check the period.', a_period);
	END IF;
END
$$;

CREATE FUNCTION padan.refuse_second_target(a_district integer, a_list bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	mine padan.lists;
	earlier padan.lists;
BEGIN
	SELECT * INTO mine FROM padan.lists l WHERE l.district = a_district AND l.list = a_list;
	IF mine.kind <> 'target' OR mine.completes IS NOT NULL THEN
		RETURN;
	END IF;
	SELECT * INTO earlier FROM padan.lists l
		WHERE l.district = a_district AND l.kind = 'target' AND l.period = mine.period AND l.list <> a_list
			AND l.state IN ('received', 'working', 'done')
		ORDER BY l.list DESC LIMIT 1;
	IF FOUND AND (mine.decree_number IS NULL OR mine.decree_number IS NOT DISTINCT FROM earlier.decree_number) THEN
		RAISE EXCEPTION USING ERRCODE = 'PD016',
			MESSAGE = format('Periode %s sudah mempunyai daftar sasaran (daftar %s); sebutkan nomor SK yang baru, atau tarik yang lama.',
				mine.period, earlier.list),
			HINT = format('Period %s has a target list already (list %s); give the number of the new decree, or withdraw the old one.',
				mine.period, earlier.list);
	END IF;
END
$$;

CREATE OR REPLACE FUNCTION padan.close_list(a_district integer, a_list bigint) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM padan.complete_list(a_district, a_list);
	PERFORM padan.refuse_second_target(a_district, a_list);
	-- The mended list stands under the decree of the list that it completes.
	UPDATE padan.lists l SET decree_number = coalesce(l.decree_number, before.decree_number),
			decree_date = coalesce(l.decree_date, before.decree_date)
		FROM padan.lists before
		WHERE l.district = a_district AND l.list = a_list AND before.district = a_district AND before.list = l.completes;
	UPDATE padan.lists l SET state = 'received',
			rows_read = (SELECT count(*) FROM padan.raw_rows r WHERE r.district = a_district AND r.list = a_list)
		WHERE l.district = a_district AND l.list = a_list;
	RETURN padan.enqueue_job(a_district, 'list', a_list);
END
$$;
