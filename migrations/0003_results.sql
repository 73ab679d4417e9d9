-- What came out: persons and households with stable ids, human decisions, flags with their history, alerts to send.
-- Nothing here holds a name or a number of a person: ids alone, so that a list's personal data can be erased.

CREATE TABLE padan.persons (
	district integer NOT NULL REFERENCES padan.districts,
	person bigint NOT NULL,
	first_list bigint NOT NULL,
	became bigint, -- the older id that this one was merged into; NULL: in use
	PRIMARY KEY (district, person)
);

CREATE TABLE padan.households (
	district integer NOT NULL REFERENCES padan.districts,
	household bigint NOT NULL,
	first_list bigint NOT NULL,
	became bigint,
	PRIMARY KEY (district, household)
);

-- Merges and splits: the older id stays, this says what became of the other.
CREATE TABLE padan.identity_history (
	district integer NOT NULL REFERENCES padan.districts,
	event bigint GENERATED ALWAYS AS IDENTITY,
	at timestamptz NOT NULL DEFAULT clock_timestamp(),
	kind text NOT NULL CHECK (kind IN ('person', 'household')),
	what text NOT NULL CHECK (what IN ('merge', 'split')),
	old_id bigint NOT NULL, -- merge: the id that ended; split: the id that was split
	new_id bigint NOT NULL, -- merge: the older id that goes on; split: the id of the part that left
	list bigint,            -- the list that brought it about
	PRIMARY KEY (district, event)
);
CREATE INDEX identity_history_old ON padan.identity_history (district, kind, old_id);

-- Who belonged to which household when, and under which card numbers: read from the entries of lists that count, so that
-- erasing or withdrawing a list needs no repair here.
CREATE VIEW padan.household_members AS
	SELECT e.district, e.household, e.person, min(l.period_from) AS since, max(l.period_from) AS last_seen,
		count(*) AS entries
	FROM padan.entries e JOIN padan.lists l USING (district, list)
	WHERE l.state = 'done' AND e.household IS NOT NULL
	GROUP BY e.district, e.household, e.person;

CREATE VIEW padan.kk_history AS
	SELECT e.district, e.kk, e.household, min(l.period_from) AS since, max(l.period_from) AS last_seen,
		count(*) AS entries
	FROM padan.entries e JOIN padan.lists l USING (district, list)
	WHERE l.state = 'done' AND e.kk IS NOT NULL AND e.household IS NOT NULL
	GROUP BY e.district, e.kk, e.household;

-- "Same" and "not the same", by people. It holds for every pair of entries with these two fingerprints, in either order
-- and in later lists, until a compared field changes; then the pair comes up again.
CREATE TABLE padan.decisions (
	district integer NOT NULL REFERENCES padan.districts,
	decision bigint GENERATED ALWAYS AS IDENTITY,
	kind text NOT NULL CHECK (kind IN ('person', 'household')),
	verdict text NOT NULL CHECK (verdict IN ('same', 'not_same')),
	a_list bigint NOT NULL, -- the entries that were looked at
	a_row integer NOT NULL,
	b_list bigint NOT NULL,
	b_row integer NOT NULL,
	low_fingerprint bigint NOT NULL,
	high_fingerprint bigint NOT NULL,
	flag bigint, -- the flag it was decided at
	decided_by text NOT NULL DEFAULT padan.actor(),
	decided_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	reason text NOT NULL CHECK (reason <> ''),
	replaced_by bigint, -- a later decision on the same pair
	PRIMARY KEY (district, decision),
	CHECK (low_fingerprint <= high_fingerprint)
);
CREATE UNIQUE INDEX decisions_in_force ON padan.decisions (district, kind, low_fingerprint, high_fingerprint)
	WHERE replaced_by IS NULL;

CREATE SEQUENCE padan.flag_number;

CREATE TABLE padan.flags (
	district integer NOT NULL REFERENCES padan.districts,
	flag bigint NOT NULL DEFAULT nextval('padan.flag_number'),
	key text NOT NULL,     -- what makes it the same flag in the next run: kind, rule and whom it is about, by ids
	basis bigint NOT NULL, -- fingerprint of what it rests on: a dismissed flag stays dismissed while this is the same
	kind text NOT NULL,
	severity text NOT NULL CHECK (severity IN ('info', 'low', 'medium', 'high')),
	certainty real NOT NULL CHECK (certainty BETWEEN 0 AND 1),
	state text NOT NULL CHECK (state IN ('finding', 'to_check', 'provisional')), -- temuan, perlu dicek, sementara
	status text NOT NULL DEFAULT 'found',
	list bigint NOT NULL,  -- the entry it stands at
	row integer NOT NULL,
	other_list bigint,     -- its counterpart
	other_row integer,
	rule text,             -- NULL: always looked for
	person bigint,
	household bigint,
	programme text,
	village bigint,
	period text,
	evidence jsonb NOT NULL DEFAULT '{}', -- ids and numbers only
	found_list bigint NOT NULL,    -- the list that showed it
	resolved_list bigint,          -- the list that no longer does
	changed_list bigint,           -- the list that brought the last change, NULL: a person
	assigned_to text,              -- an office
	decided_by text,
	decided_at timestamptz,
	reason text,
	found_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (district, flag),
	UNIQUE (district, key),
	CHECK (status <> 'dismissed' OR reason <> '')
);
CREATE INDEX flags_household ON padan.flags (district, household);
CREATE INDEX flags_list ON padan.flags (district, list, row);
CREATE INDEX flags_open ON padan.flags (district, kind, village) WHERE status IN ('found', 'assigned', 'confirmed');

CREATE TABLE padan.flag_transitions (
	from_status text NOT NULL,
	to_status text NOT NULL,
	meaning text NOT NULL,
	PRIMARY KEY (from_status, to_status)
);
INSERT INTO padan.flag_transitions VALUES
	('found', 'assigned', 'an office is to look at it'),
	('found', 'confirmed', 'a person says it is right'),
	('found', 'dismissed', 'a person says it is wrong, and why'),
	('found', 'resolved', 'a later list no longer shows it'),
	('assigned', 'found', 'taken back'),
	('assigned', 'confirmed', 'a person says it is right'),
	('assigned', 'dismissed', 'a person says it is wrong, and why'),
	('assigned', 'resolved', 'a later list no longer shows it'),
	('confirmed', 'dismissed', 'a person thinks better of it'),
	('confirmed', 'resolved', 'a later list no longer shows it'),
	('confirmed', 'found', 'what it rests on has changed'),
	('dismissed', 'found', 'what it rests on has changed'),
	('dismissed', 'confirmed', 'a person thinks better of it'),
	('dismissed', 'resolved', 'a later list no longer shows it'),
	('resolved', 'found', 'a list shows it again'),
	('resolved', 'dismissed', 'shown again, and dismissed before on the same ground');

CREATE TABLE padan.flag_history (
	district integer NOT NULL,
	flag bigint NOT NULL,
	change bigint GENERATED ALWAYS AS IDENTITY,
	at timestamptz NOT NULL DEFAULT clock_timestamp(),
	who text NOT NULL DEFAULT padan.actor(),
	from_status text, -- NULL: found for the first time
	to_status text NOT NULL,
	from_state text,
	to_state text NOT NULL,
	certainty real NOT NULL,
	list bigint,
	reason text,
	PRIMARY KEY (district, flag, change)
);

CREATE FUNCTION padan.check_flag_status() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM padan.flag_transitions t
			WHERE t.from_status = OLD.status AND t.to_status = NEW.status) THEN
		RAISE EXCEPTION USING ERRCODE = 'PD002',
			MESSAGE = format('Temuan %s berstatus %s, tidak dapat menjadi %s.', OLD.flag, OLD.status, NEW.status),
			HINT = format('Flag %s is %s and cannot become %s.', OLD.flag, OLD.status, NEW.status);
	END IF;
	RETURN NEW;
END
$$;
CREATE TRIGGER flags_status BEFORE UPDATE OF status ON padan.flags
	FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION padan.check_flag_status();

-- History is written here and nowhere else, a statement at a time, so that no change can go without it.
CREATE FUNCTION padan.keep_flag_history() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF TG_OP = 'INSERT' THEN
		INSERT INTO padan.flag_history (district, flag, to_status, to_state, certainty, list, reason)
			SELECT n.district, n.flag, n.status, n.state, n.certainty, coalesce(n.changed_list, n.found_list), n.reason
			FROM new_rows n ORDER BY n.flag;
	ELSE
		INSERT INTO padan.flag_history (district, flag, from_status, to_status, from_state, to_state, certainty, list, reason)
			SELECT n.district, n.flag, o.status, n.status, o.state, n.state, n.certainty, n.changed_list, n.reason
			FROM new_rows n JOIN old_rows o USING (district, flag)
			WHERE (o.status, o.state, o.assigned_to, o.reason) IS DISTINCT FROM (n.status, n.state, n.assigned_to, n.reason)
			ORDER BY n.flag;
	END IF;
	RETURN NULL;
END
$$;
CREATE TRIGGER flags_found AFTER INSERT ON padan.flags REFERENCING NEW TABLE AS new_rows
	FOR EACH STATEMENT EXECUTE FUNCTION padan.keep_flag_history();
CREATE TRIGGER flags_changed AFTER UPDATE ON padan.flags REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
	FOR EACH STATEMENT EXECUTE FUNCTION padan.keep_flag_history();

-- Alerts to send. Rows are written in the transaction that completes a job; the key makes each one exactly once.
CREATE TABLE padan.alerts (
	district integer NOT NULL REFERENCES padan.districts,
	alert bigint GENERATED ALWAYS AS IDENTITY,
	key text NOT NULL,       -- "list:17:bappeda:smtp"; also the Message-ID and the Idempotency-Key
	kind text NOT NULL,      -- list_done, digest, limit, list_refused, …
	channel text NOT NULL CHECK (channel IN ('smtp', 'webhook')),
	recipient text NOT NULL, -- an office's code, or "bappeda"
	list bigint,
	payload jsonb NOT NULL,  -- counts only: never a name or a NIK
	state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'dead')),
	attempts integer NOT NULL DEFAULT 0,
	next_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	lease_until timestamptz, -- a daemon is sending it; by the database's clock
	fence bigint,
	last_error text,
	created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	sent_at timestamptz,
	PRIMARY KEY (district, alert),
	UNIQUE (district, key)
);
CREATE INDEX alerts_waiting ON padan.alerts (next_at) WHERE state = 'waiting';

-- Who saw an unmasked number, of which entry, and why (UU 27/2022 art. 31).
CREATE TABLE padan.unmasking (
	district integer NOT NULL REFERENCES padan.districts,
	event bigint GENERATED ALWAYS AS IDENTITY,
	at timestamptz NOT NULL DEFAULT clock_timestamp(),
	who text NOT NULL,
	login text NOT NULL DEFAULT session_user,
	what text NOT NULL, -- the command: "explain", "search", "export"
	flag bigint,
	list bigint,
	row integer,
	entries bigint NOT NULL DEFAULT 1, -- how many numbers were shown
	reason text NOT NULL CHECK (reason <> ''),
	PRIMARY KEY (district, event)
);

-- Readers cannot write, but their looking is recorded.
CREATE FUNCTION padan.record_unmasking(a_district integer, a_what text, a_flag bigint, a_list bigint, a_row integer,
	a_entries bigint, a_reason text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	INSERT INTO padan.unmasking (district, who, what, flag, list, row, entries, reason)
		VALUES (a_district, padan.actor(), a_what, a_flag, a_list, a_row, a_entries, a_reason)
$$;
