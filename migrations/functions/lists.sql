-- Lists: periods, how a list comes in and goes, where its rows are kept. The tables: migrations/0002_lists.sql; what
-- calls when: docs/DATABASE.md, "Life of a list". All doors use these, and so does the web (web_lists.sql).

-- ---- Periods ----

-- The first day of a period "2024" or "2024-07"; NULL for anything else.
CREATE OR REPLACE FUNCTION padan.period_day(period text) RETURNS date
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
	SELECT CASE
		WHEN period ~ '^[12][0-9]{3}$' THEN make_date(period::integer, 1, 1)
		WHEN period ~ '^[12][0-9]{3}-(0[1-9]|1[0-2])$'
			THEN make_date(left(period, 4)::integer, right(period, 2)::integer, 1)
	END
$$;

-- A period waits for a list of that programme and has none yet. A list for 2024-07 counts for 2024 and the other way
-- round.
CREATE OR REPLACE FUNCTION padan.period_awaits(a_district integer, a_period text, a_programme text) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
	RETURN (
	SELECT CASE WHEN EXISTS (
				SELECT FROM padan.expected_programmes e WHERE e.district = a_district AND e.period = a_period)
			THEN EXISTS (
				SELECT FROM padan.expected_programmes e
				WHERE e.district = a_district AND e.period = a_period AND e.programme = a_programme)
			ELSE p.expected AND (p.expected_months IS NULL OR length(a_period) = 4
				OR right(a_period, 2)::integer = ANY (p.expected_months)) END
		AND NOT EXISTS (
			SELECT FROM padan.lists l
			WHERE l.district = a_district AND l.kind = 'programme' AND l.subject = a_programme AND l.state = 'done'
				AND (l.period = a_period
					OR left(l.period, 4) = left(a_period, 4) AND least(length(l.period), length(a_period)) = 4))
	FROM padan.programmes p
	WHERE p.district = a_district AND p.programme = a_programme AND p.active);
END
$$;

-- Not closed, and still waiting for a list: exclusions are provisional as long.
CREATE OR REPLACE FUNCTION padan.period_is_open(a_district integer, a_period text) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
	RETURN (
	SELECT NOT EXISTS (
			SELECT FROM padan.periods
			WHERE district = a_district AND state = 'closed' AND period IN (a_period, left(a_period, 4)))
		AND EXISTS (
			SELECT FROM padan.programmes p
			WHERE p.district = a_district AND padan.period_awaits(a_district, a_period, p.programme)));
END
$$;

-- ---- Where rows are kept ----

-- A district gets partitions of its own as soon as it exists; that of entries with its first list (make_entries).
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

-- The partition of entries of a district, which gets it with its first list: rows go into a table that nobody sees yet,
-- and what belongs to a partition – indexes, each built in one go – comes with attaching it, which locks nobody out.
-- True: the table was made just now, to be filled and then attached in the same transaction.
CREATE OR REPLACE FUNCTION padan.make_entries(a_district integer) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF to_regclass(format('padan.entries_%s', a_district)) IS NOT NULL THEN
		RETURN false;
	END IF;
	EXECUTE format('CREATE TABLE padan.entries_%s (LIKE padan.entries INCLUDING DEFAULTS)', a_district);
	RETURN true;
END
$$;

CREATE OR REPLACE FUNCTION padan.attach_entries(a_district integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	EXECUTE format('ALTER TABLE padan.entries ATTACH PARTITION padan.entries_%s FOR VALUES IN (%s)', a_district, a_district);
END
$$;

-- A raw row's cells are one text: behind each cell stands U+001F, which no cell may hold. Arrays took three quarters of
-- the time of writing rows.
CREATE OR REPLACE FUNCTION padan.raw_cells(packed text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
	SELECT CASE WHEN packed = '' THEN '{}' ELSE trim_array(string_to_array(packed, U&'\001F'), 1) END
$$;

CREATE OR REPLACE FUNCTION padan.pack_cells(cells text[]) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
	SELECT CASE WHEN cardinality(cells) = 0 THEN ''
		WHEN strpos(array_to_string(cells, ' ', ''), U&'\001F') = 0 THEN array_to_string(cells, U&'\001F', '') || U&'\001F'
		ELSE (SELECT string_agg(translate(coalesce(c.cell, ''), U&'\001F', '') || U&'\001F', '' ORDER BY c.n)
			FROM unnest(cells) WITH ORDINALITY AS c (cell, n)) END
$$;

-- ---- How a list comes in ----

-- The life of a list is data (padan.list_transitions): whatever is not there is refused.
CREATE OR REPLACE FUNCTION padan.check_list_state() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM padan.list_transitions t WHERE t.from_state = OLD.state AND t.to_state = NEW.state) THEN
		RAISE EXCEPTION USING ERRCODE = 'PD001',
			MESSAGE = format('Daftar %s berstatus %s, tidak dapat menjadi %s.', OLD.list, OLD.state, NEW.state),
			HINT = format('List %s is %s and cannot become %s.', OLD.list, OLD.state, NEW.state);
	END IF;
	RETURN NEW;
END
$$;

-- Which list counts. A later list for the same programme and period takes the place of an earlier one; withdrawing it
-- therefore restores what was before, with nothing to repair. Between periods the later one counts; a target list counts from its
-- decree's date, if it bears one. Lists of a programme or reference that the configuration no longer has (known) don't count, as the
-- matcher leaves them out, too; they do again when it is back. New columns go to the end: see docs/DATABASE.md.
CREATE OR REPLACE VIEW padan.list_status WITH (security_invoker = true) AS
	SELECT l.district, l.list, l.kind, l.subject, l.period, l.period_from, l.office, l.sender, l.door, l.file_name, l.sha256, l.bytes,
		l.decree_number, l.decree_date, l.state, l.header, l.mapping, l.encoding, l.delimiter, l.sheet, l.rows_read, l.rows_accepted,
		l.rows_rejected, l.model, l.refused_id, l.refused_en, l.received_at, l.done_at, l.withdrawn_at, l.withdrawn_by,
		l.withdrawn_reason, l.erased_at,
		CASE WHEN l.state = 'done' THEN lead(l.list) OVER same_period END AS superseded_by,
		l.state = 'done' AND k.known AND CASE l.kind
			WHEN 'reference' THEN lead(l.list) OVER same_period IS NULL
			ELSE lead(l.list) OVER subject IS NULL
		END AS current,
		k.known
	FROM padan.lists l
	CROSS JOIN LATERAL (SELECT CASE l.kind
		WHEN 'programme' THEN EXISTS (SELECT FROM padan.programmes p WHERE p.district = l.district AND p.programme = l.subject AND p.active)
		WHEN 'reference' THEN EXISTS (SELECT FROM padan.reference_lists r WHERE r.district = l.district AND r.reference = l.subject AND r.active)
		ELSE true END AS known) k
	WINDOW same_period AS (PARTITION BY l.district, l.kind, l.subject, l.period, l.state = 'done' ORDER BY l.list),
		subject AS (PARTITION BY l.district, l.kind, l.subject, l.state = 'done' ORDER BY coalesce(l.decree_date, l.period_from), l.list);

-- The office that sends such a list (NULL: an administrator), or an error that says what there is.
CREATE OR REPLACE FUNCTION padan.list_office(a_district integer, a_kind text, a_subject text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	sender text;
	known text;
BEGIN
	IF a_kind = 'target' THEN
		RETURN (SELECT d.target_office FROM padan.districts d WHERE d.district = a_district);
	ELSIF a_kind = 'programme' THEN
		SELECT p.office INTO sender FROM padan.programmes p
			WHERE p.district = a_district AND p.programme = a_subject AND p.active;
	ELSE
		SELECT r.office INTO sender FROM padan.reference_lists r
			WHERE r.district = a_district AND r.reference = a_subject AND r.active;
	END IF;
	IF FOUND THEN
		RETURN sender;
	END IF;
	SELECT coalesce(string_agg(c.code, ', ' ORDER BY c.code), '-') INTO known FROM (
		SELECT p.programme FROM padan.programmes p WHERE p.district = a_district AND p.active AND a_kind = 'programme'
		UNION ALL
		SELECT r.reference FROM padan.reference_lists r WHERE r.district = a_district AND r.active AND a_kind = 'reference'
		) AS c (code);
	RAISE EXCEPTION USING ERRCODE = 'PD012',
		MESSAGE = format(CASE a_kind WHEN 'programme' THEN 'Program' ELSE 'Daftar acuan' END
			|| ' "%s" tidak ada dalam konfigurasi; yang ada: %s.', left(a_subject, 40), known),
		HINT = format(CASE a_kind WHEN 'programme' THEN 'Programme' ELSE 'Reference' END
			|| ' "%s" is not in the configuration; known are: %s.', left(a_subject, 40), known);
END
$$;

-- Rows begin to be staged. Returns the new list, or the one that this file already is (duplicate). Refusals are
-- SQLSTATE PDxxx with the Indonesian text as message and the English one as hint.
CREATE OR REPLACE FUNCTION padan.begin_list(a_district integer, a_kind text, a_subject text, a_period text, a_office text,
	a_sender text, a_door text, a_file_name text, a_sha256 bytea, a_bytes bigint, a_decree_number text, a_decree_date date,
	OUT list bigint, OUT duplicate boolean)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	answerable text;
BEGIN
	IF NOT EXISTS (SELECT FROM padan.districts d WHERE d.district = a_district) THEN
		RAISE EXCEPTION USING ERRCODE = 'PD010',
			MESSAGE = format('Kabupaten %s belum dikenal; jalankan dahulu: padan apply KONFIGURASI.', a_district),
			HINT = format('District %s is unknown; first run: padan apply CONFIG.', a_district);
	END IF;
	IF padan.period_day(a_period) IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'PD011',
			MESSAGE = format('Periode "%s" harus berbentuk TTTT atau TTTT-BB, misalnya 2024-07.', left(a_period, 40)),
			HINT = format('Period "%s" must be YYYY or YYYY-MM, such as 2024-07.', left(a_period, 40));
	END IF;
	answerable := padan.list_office(a_district, a_kind, a_subject);
	IF a_office IS NOT NULL AND a_office IS DISTINCT FROM answerable THEN
		RAISE EXCEPTION USING ERRCODE = 'PD013',
			MESSAGE = format('Dinas %s tidak berwenang mengirim daftar %s; pengirimnya %s.', a_office, a_subject,
				coalesce('dinas ' || answerable, 'administrator kabupaten')),
			HINT = format('Office %s may not send list %s; it comes from %s.', a_office, a_subject,
				coalesce('office ' || answerable, 'the district''s administrator'));
	END IF;
	LOOP
		SELECT l.list INTO list FROM padan.lists l
			WHERE l.district = a_district AND l.kind = a_kind AND l.subject = a_subject AND l.period = a_period
				AND l.sha256 = a_sha256 AND l.state IN ('staging', 'received', 'working', 'done');
		duplicate := FOUND;
		EXIT WHEN duplicate;
		PERFORM padan.refuse_period(a_district, a_kind, a_period, a_decree_number, a_decree_date);
		INSERT INTO padan.lists (district, kind, subject, period, office, sender, door, file_name, sha256, bytes,
				decree_number, decree_date)
			VALUES (a_district, a_kind, a_subject, a_period, answerable, coalesce(a_sender, padan.actor()), a_door,
				coalesce(a_file_name, ''), a_sha256, coalesce(a_bytes, 0), a_decree_number, a_decree_date)
			ON CONFLICT DO NOTHING
			RETURNING lists.list INTO list;
		EXIT WHEN FOUND;
		-- Sent twice at the same moment: the other one has just committed, so it is found above.
	END LOOP;
END
$$;

-- A closed period takes no list. For a second target list see refuse_second_target().
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

-- A header without the two columns that Padan adds to rows that it set aside (daemon/ingest/rejects.h).
CREATE OR REPLACE FUNCTION padan.own_header(header text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT array_agg(lower(trim(h.cell)) ORDER BY h.n) FROM unnest(header) WITH ORDINALITY AS h (cell, n)
	WHERE lower(trim(h.cell)) NOT IN ('alasan_ditolak_padan', 'baris_asal_padan')
$$;

-- Rows that were set aside come back mended: the file that holds them bears two columns of Padan's own, by which it is
-- known. It does not stand for the whole list, so what was accepted of that list is put behind it: the new list
-- completes the old one and takes its place.
CREATE OR REPLACE FUNCTION padan.complete_list(a_district integer, a_list bigint) RETURNS void
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

-- A period has one target list under a decree, but for mended rows, which complete it: whether a file holds them is
-- known from its header, so this is refused when the list is closed.
CREATE OR REPLACE FUNCTION padan.refuse_second_target(a_district integer, a_list bigint) RETURNS void
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

-- All rows of a list are in: it is received and its job waits. Returns the job.
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

-- ---- How it goes ----

-- The matching of a list is called off; a worker that is at it fails at its next write.
CREATE OR REPLACE FUNCTION padan.call_off(a_district integer, a_list bigint) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
	UPDATE padan.jobs j SET state = 'cancelled', fence = nextval('padan.fence'), lease_until = NULL,
			finished_at = clock_timestamp()
		WHERE j.district = a_district AND j.list = a_list AND j.kind = 'list' AND j.state IN ('ready', 'running')
$$;

-- A list sent by mistake: what was before it counts again, and a job decides anew what depends on it. Returns the job,
-- NULL where the list had no effects yet.
CREATE OR REPLACE FUNCTION padan.withdraw_list(a_district integer, a_list bigint, a_reason text) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	before text;
BEGIN
	PERFORM padan.call_off(a_district, a_list);
	SELECT l.state INTO before FROM padan.lists l WHERE l.district = a_district AND l.list = a_list FOR UPDATE;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING ERRCODE = 'PD017',
			MESSAGE = format('Daftar %s tidak ada.', a_list), HINT = format('There is no list %s.', a_list);
	END IF;
	UPDATE padan.lists l SET state = 'withdrawn', withdrawn_at = clock_timestamp(), withdrawn_by = padan.actor(),
			withdrawn_reason = a_reason
		WHERE l.district = a_district AND l.list = a_list;
	RETURN CASE WHEN before = 'done' THEN padan.enqueue_job(a_district, 'withdraw', a_list) END;
END
$$;

-- Destroys a list's personal data (UU 27/2022 art. 42–44): rows, entries, evidence, file name and header. What was
-- flagged and decided stands, by ids alone. Works by the list's own key ranges. Returns the rows destroyed.
CREATE OR REPLACE FUNCTION padan.erase_list(a_district integer, a_list bigint, a_reason text) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	gone bigint;
	before text;
BEGIN
	IF coalesce(a_reason, '') = '' THEN
		RAISE EXCEPTION USING ERRCODE = 'PD018', MESSAGE = 'Pemusnahan data memerlukan alasan.',
			HINT = 'Destroying data needs a reason.';
	END IF;
	SELECT l.state INTO before FROM padan.lists l WHERE l.district = a_district AND l.list = a_list FOR UPDATE;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING ERRCODE = 'PD017',
			MESSAGE = format('Daftar %s tidak ada.', a_list), HINT = format('There is no list %s.', a_list);
	END IF;
	PERFORM padan.call_off(a_district, a_list);
	DELETE FROM padan.match_evidence m WHERE m.district = a_district AND m.a_list = erase_list.a_list;
	DELETE FROM padan.match_evidence m WHERE m.district = a_district AND m.b_list = erase_list.a_list;
	DELETE FROM padan.entries WHERE district = a_district AND list = erase_list.a_list;
	DELETE FROM padan.raw_rows WHERE district = a_district AND list = erase_list.a_list;
	GET DIAGNOSTICS gone = ROW_COUNT;
	IF before IN ('received', 'working') THEN
		UPDATE padan.lists SET state = 'withdrawn', withdrawn_at = clock_timestamp(), withdrawn_by = padan.actor(),
				withdrawn_reason = a_reason
			WHERE district = a_district AND list = erase_list.a_list;
	END IF;
	UPDATE padan.lists SET state = 'erased', erased_at = clock_timestamp(), file_name = '', header = NULL, mapping = NULL,
			sheet = NULL, withdrawn_by = coalesce(withdrawn_by, padan.actor()),
			withdrawn_reason = coalesce(withdrawn_reason, a_reason)
		WHERE district = a_district AND list = erase_list.a_list;
	IF before = 'done' THEN
		PERFORM padan.enqueue_job(a_district, 'erase', erase_list.a_list);
	END IF;
	RETURN gone;
END
$$;

-- ---- who may call and read them, beside padan_daemon (migrations/0006_grants.sql) ----
GRANT EXECUTE ON FUNCTION padan.period_day, padan.period_awaits, padan.period_is_open, padan.raw_cells TO padan_reader, padan_web;
GRANT SELECT ON padan.list_status TO padan_reader, padan_web;
