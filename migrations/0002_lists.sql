-- Lists as they came, row by row, and what was understood of them.

CREATE SEQUENCE padan.list_number;

CREATE TABLE padan.lists (
	district integer NOT NULL REFERENCES padan.districts,
	list bigint NOT NULL DEFAULT nextval('padan.list_number'), -- in order of arrival
	kind text NOT NULL CHECK (kind IN ('programme', 'target', 'reference')),
	subject text NOT NULL, -- the programme's or the reference's code; "target" for a target list
	period text NOT NULL CHECK (padan.period_day(period) IS NOT NULL),
	period_from date NOT NULL GENERATED ALWAYS AS (padan.period_day(period)) STORED,
	office text, -- who is answerable for it; NULL: the district itself
	sender text NOT NULL DEFAULT session_user,
	door text NOT NULL CHECK (door IN ('cli', 'inbox', 'sql')),
	file_name text NOT NULL DEFAULT '',
	sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
	bytes bigint NOT NULL DEFAULT 0,
	decree_number text, -- target lists
	decree_date date,
	state text NOT NULL DEFAULT 'staging',
	header text[],      -- cells of the header line
	mapping jsonb,      -- column number (from 0) → role, as the reader understood the header
	encoding text,
	delimiter text,
	sheet text,
	rows_read bigint,   -- set when staged; rows_read = rows_accepted + rows_rejected when done
	rows_accepted bigint,
	rows_rejected bigint,
	model bigint,       -- padan.models: what it was decided with
	refused_id text,    -- why it was refused, in both languages
	refused_en text,
	received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	done_at timestamptz,
	withdrawn_at timestamptz,
	withdrawn_by text,
	withdrawn_reason text,
	erased_at timestamptz,
	PRIMARY KEY (district, list),
	FOREIGN KEY (district, office) REFERENCES padan.offices
);
-- Sending one file again changes nothing: not even when it is sent twice at the same moment.
CREATE UNIQUE INDEX lists_once ON padan.lists (district, kind, subject, period, sha256)
	WHERE state IN ('staging', 'received', 'working', 'done');
CREATE INDEX lists_by_subject ON padan.lists (district, kind, subject, period_from, list);

-- The life of a list, as data; docs/DATABASE.md shows it as a picture.
CREATE TABLE padan.list_transitions (
	from_state text NOT NULL,
	to_state text NOT NULL,
	meaning text NOT NULL,
	PRIMARY KEY (from_state, to_state)
);
INSERT INTO padan.list_transitions VALUES
	('staging', 'received', 'all rows are in; a job waits for it'),
	('staging', 'refused', 'could not be read to its end'),
	('received', 'working', 'a daemon matches it'),
	('received', 'refused', 'its header or contents cannot be used'),
	('received', 'withdrawn', 'sent by mistake'),
	('working', 'received', 'handed back, or its daemon died'),
	('working', 'done', 'its rows, flags and alerts are committed'),
	('working', 'refused', 'its header or contents cannot be used'),
	('working', 'withdrawn', 'sent by mistake'),
	('done', 'withdrawn', 'sent by mistake: what was before it counts again'),
	('done', 'erased', 'its personal data are destroyed'),
	('refused', 'erased', 'its personal data are destroyed'),
	('withdrawn', 'erased', 'its personal data are destroyed');

CREATE FUNCTION padan.check_list_state() RETURNS trigger
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
CREATE TRIGGER lists_state BEFORE UPDATE OF state ON padan.lists
	FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION padan.check_list_state();

-- Rows as received. A row may have been rejected by the reader (then its cells are what could be read) or later.
CREATE TABLE padan.raw_rows (
	district integer NOT NULL,
	list bigint NOT NULL,
	row integer NOT NULL CHECK (row > 0), -- record after the header, from 1
	line bigint NOT NULL,  -- line of the file, or row of the sheet
	cells text[] NOT NULL,
	numeric_cells integer[], -- numbers (from 0) of cells that a workbook kept as numbers; NULL: none
	reject text,           -- why this row was set aside, in Indonesian; NULL: accepted or not looked at yet
	reject_en text,
	PRIMARY KEY (district, list, row)
) PARTITION BY LIST (district);

-- Accepted rows, normalised (matcher/normalise/entry.h has the meaning of each column). person and household are the
-- ids that this row speaks of at its list's date; who was where over time is read from here (views below).
CREATE TABLE padan.entries (
	district integer NOT NULL,
	list bigint NOT NULL,
	row integer NOT NULL,
	line bigint NOT NULL,
	person bigint NOT NULL,
	household bigint,      -- NULL: rows of a reference list join no household
	nik bigint,            -- NULL: none
	nik_digits smallint NOT NULL DEFAULT 16,
	kk bigint,
	kk_digits smallint NOT NULL DEFAULT 16,
	birth integer,         -- yyyymmdd, unknown parts 00
	sex smallint NOT NULL DEFAULT 0,
	relation smallint NOT NULL DEFAULT 0,
	desil smallint NOT NULL DEFAULT 0,
	rt smallint NOT NULL DEFAULT 0,
	rw smallint NOT NULL DEFAULT 0,
	village bigint,
	name text NOT NULL,
	name_shown text NOT NULL,
	father_name text,
	head_name text,
	family_id text,
	person_key text,       -- the list's own person key
	birth_place text,
	address text,
	village_text text,
	notes text[],          -- "nik_spreadsheet:nik"; NULL: none
	fingerprint bigint NOT NULL DEFAULT 0, -- of the compared fields: decisions hold while it stays the same
	PRIMARY KEY (district, list, row)
) PARTITION BY LIST (district);
CREATE INDEX entries_person ON padan.entries (district, person);
CREATE INDEX entries_household ON padan.entries (district, household);
CREATE INDEX entries_nik ON padan.entries (district, nik);
CREATE INDEX entries_kk ON padan.entries (district, kk);

-- Linked and doubtful pairs, with what they were decided by. (a_list, a_row) < (b_list, b_row).
CREATE TABLE padan.match_evidence (
	district integer NOT NULL,
	a_list bigint NOT NULL,
	a_row integer NOT NULL,
	b_list bigint NOT NULL,
	b_row integer NOT NULL,
	kind text NOT NULL CHECK (kind IN ('person', 'household')),
	verdict text NOT NULL CHECK (verdict IN ('linked', 'doubtful')),
	weight real NOT NULL,      -- log2 of the odds
	probability real NOT NULL, -- 0..1
	model bigint,              -- padan.models; NULL: the model shipped with the program
	PRIMARY KEY (district, a_list, a_row, b_list, b_row, kind),
	CHECK ((a_list, a_row) < (b_list, b_row))
) PARTITION BY LIST (district);
CREATE INDEX match_evidence_b ON padan.match_evidence (district, b_list, b_row);

-- A district gets partitions of its own as soon as it exists.
CREATE FUNCTION padan.make_partitions() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	parent text;
BEGIN
	FOREACH parent IN ARRAY ARRAY['raw_rows', 'entries', 'match_evidence'] LOOP
		EXECUTE format('CREATE TABLE padan.%I PARTITION OF padan.%I FOR VALUES IN (%s)',
			parent || '_' || NEW.district, parent, NEW.district);
	END LOOP;
	RETURN NULL;
END
$$;
CREATE TRIGGER districts_partitions AFTER INSERT ON padan.districts
	FOR EACH ROW EXECUTE FUNCTION padan.make_partitions();

-- How a header was understood last time, by office: asked before guessing.
CREATE TABLE padan.column_mappings (
	district integer NOT NULL,
	office text NOT NULL,
	header text[] NOT NULL, -- folded cells
	mapping jsonb NOT NULL,
	used_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (district, office, header),
	FOREIGN KEY (district, office) REFERENCES padan.offices
);

-- Learnt models: readable texts; NULL models elsewhere mean the one shipped with the program.
CREATE TABLE padan.models (
	district integer NOT NULL REFERENCES padan.districts,
	model bigint GENERATED ALWAYS AS IDENTITY,
	made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	learnt_on jsonb NOT NULL DEFAULT '{}', -- numbers only
	contents text NOT NULL,
	in_use boolean NOT NULL DEFAULT false,
	PRIMARY KEY (district, model)
);
CREATE UNIQUE INDEX models_in_use ON padan.models (district) WHERE in_use;

-- Which list counts. A later list for the same programme and period takes the place of an earlier one; withdrawing it
-- therefore restores what was before, with nothing to repair.
CREATE VIEW padan.list_status AS
	SELECT l.*,
		CASE WHEN l.state = 'done' THEN lead(l.list) OVER same_period END AS superseded_by,
		l.state = 'done' AND CASE l.kind
			WHEN 'reference' THEN lead(l.list) OVER same_period IS NULL
			ELSE lead(l.list) OVER subject IS NULL
		END AS current
	FROM padan.lists l
	WINDOW same_period AS (PARTITION BY l.district, l.kind, l.subject, l.period, l.state = 'done' ORDER BY l.list),
		subject AS (PARTITION BY l.district, l.kind, l.subject, l.state = 'done' ORDER BY l.period_from, l.list);

-- A period waits for a list of that programme and has none yet. A list for 2024-07 counts for 2024 and the other way round.
CREATE FUNCTION padan.period_awaits(a_district integer, a_period text, a_programme text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
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
	WHERE p.district = a_district AND p.programme = a_programme AND p.active
$$;

-- Not closed, and still waiting for a list: exclusions are provisional as long.
CREATE FUNCTION padan.period_is_open(a_district integer, a_period text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT NOT EXISTS (
			SELECT FROM padan.periods
			WHERE district = a_district AND state = 'closed' AND period IN (a_period, left(a_period, 4)))
		AND EXISTS (
			SELECT FROM padan.programmes p
			WHERE p.district = a_district AND padan.period_awaits(a_district, a_period, p.programme))
$$;

-- The office that sends such a list (NULL: an administrator), or an error that says what there is.
CREATE FUNCTION padan.list_office(a_district integer, a_kind text, a_subject text) RETURNS text
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
CREATE FUNCTION padan.begin_list(a_district integer, a_kind text, a_subject text, a_period text, a_office text,
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

-- A closed period takes no list, and one period has one target list unless a new decree changes it.
CREATE FUNCTION padan.refuse_period(a_district integer, a_kind text, a_period text, a_decree_number text,
	a_decree_date date) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	earlier padan.lists;
BEGIN
	IF EXISTS (SELECT FROM padan.periods p WHERE p.district = a_district AND p.state = 'closed'
			AND p.period IN (a_period, left(a_period, 4))) THEN
		RAISE EXCEPTION USING ERRCODE = 'PD015',
			MESSAGE = format('Periode %s sudah ditutup; buka lagi dahulu, atau periksa periodenya.', a_period),
			HINT = format('Period %s is closed; open it again first, or check the period.', a_period);
	END IF;
	IF a_kind <> 'target' THEN
		RETURN;
	END IF;
	SELECT * INTO earlier FROM padan.lists l
		WHERE l.district = a_district AND l.kind = 'target' AND l.period = a_period
			AND l.state IN ('staging', 'received', 'working', 'done')
		ORDER BY l.list DESC LIMIT 1;
	IF FOUND AND (a_decree_number IS NULL OR a_decree_number IS NOT DISTINCT FROM earlier.decree_number) THEN
		RAISE EXCEPTION USING ERRCODE = 'PD016',
			MESSAGE = format('Periode %s sudah mempunyai daftar sasaran (daftar %s); sebutkan nomor SK yang baru, atau tarik yang lama.',
				a_period, earlier.list),
			HINT = format('Period %s has a target list already (list %s); give the number of the new decree, or withdraw the old one.',
				a_period, earlier.list);
	END IF;
END
$$;
