-- What a district has decided: offices, programmes, references, dated rules, periods. Written by `padan apply`.
--
-- A district is its Kemendagri code as a number (15.05 is 1505), a village its ten digits (1505012001). Growing tables
-- begin their primary key with the district; no index, lock or job spans two districts.

CREATE TABLE padan.districts (
	district integer PRIMARY KEY CHECK (district BETWEEN 1101 AND 9999),
	code text NOT NULL UNIQUE, -- "15.05"
	name text NOT NULL,
	config text NOT NULL DEFAULT '', -- the configuration file as it was applied; the daemon reads it from here
	applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	applied_by text NOT NULL DEFAULT session_user,
	target_office text, -- that may send the target list; NULL: an administrator alone
	next_person bigint NOT NULL DEFAULT 1,    -- ids given out by whoever holds the district's job
	next_household bigint NOT NULL DEFAULT 1
);

CREATE TABLE padan.villages (
	district integer NOT NULL REFERENCES padan.districts,
	village bigint NOT NULL, -- ten digits
	name text NOT NULL,
	kecamatan text NOT NULL,
	PRIMARY KEY (district, village)
);

CREATE TABLE padan.offices (
	district integer NOT NULL REFERENCES padan.districts,
	office text NOT NULL, -- its code in the configuration
	name text NOT NULL,
	email text,
	role_name name UNIQUE, -- the database role of this office; NULL: it has no SQL door
	active boolean NOT NULL DEFAULT true, -- false: no longer in the configuration
	PRIMARY KEY (district, office)
);

CREATE TABLE padan.programmes (
	district integer NOT NULL,
	programme text NOT NULL,
	name text NOT NULL,
	office text NOT NULL,
	unit text NOT NULL CHECK (unit IN ('household', 'person')),
	inclusion boolean NOT NULL DEFAULT true,
	expected boolean NOT NULL DEFAULT true, -- a period waits for its list …
	expected_months integer[],             -- … but only these months do; NULL: every period
	active boolean NOT NULL DEFAULT true,
	PRIMARY KEY (district, programme),
	FOREIGN KEY (district, office) REFERENCES padan.offices
);

CREATE TABLE padan.reference_lists (
	district integer NOT NULL REFERENCES padan.districts,
	reference text NOT NULL,
	name text NOT NULL,
	office text, -- that may send it; NULL: an administrator alone
	active boolean NOT NULL DEFAULT true,
	PRIMARY KEY (district, reference),
	FOREIGN KEY (district, office) REFERENCES padan.offices
);

CREATE TABLE padan.rules (
	district integer NOT NULL REFERENCES padan.districts,
	rule text NOT NULL,
	kind text NOT NULL,
	programmes text[] NOT NULL, -- flagged at the first
	reference text,
	level text NOT NULL CHECK (level IN ('household', 'person')),
	severity text NOT NULL CHECK (severity IN ('info', 'low', 'medium', 'high')),
	valid_from date NOT NULL,
	valid_to date, -- inclusive; NULL: until further notice
	legal_basis text NOT NULL DEFAULT '',
	desil integer,
	entries integer,
	years integer,
	active boolean NOT NULL DEFAULT true,
	PRIMARY KEY (district, rule),
	FOREIGN KEY (district, reference) REFERENCES padan.reference_lists,
	CHECK (valid_to IS NULL OR valid_to >= valid_from)
);

-- Every change that `padan apply` made, so that a flag can be judged by the rules of its day.
CREATE TABLE padan.config_history (
	district integer NOT NULL REFERENCES padan.districts,
	change bigint GENERATED ALWAYS AS IDENTITY,
	at timestamptz NOT NULL DEFAULT clock_timestamp(),
	who text NOT NULL DEFAULT session_user,
	thing text NOT NULL, -- "office", "programme", "reference", "rule", "district"
	code text NOT NULL,
	before jsonb, -- NULL: new
	after jsonb,  -- NULL: taken out
	PRIMARY KEY (district, change)
);

-- The first day of a period "2024" or "2024-07"; NULL for anything else.
CREATE FUNCTION padan.period_day(period text) RETURNS date
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
	SELECT CASE
		WHEN period ~ '^[12][0-9]{3}$' THEN make_date(period::integer, 1, 1)
		WHEN period ~ '^[12][0-9]{3}-(0[1-9]|1[0-2])$'
			THEN make_date(left(period, 4)::integer, right(period, 2)::integer, 1)
	END
$$;

-- A period that an administrator closed (or opened again): later lists for it are refused.
CREATE TABLE padan.periods (
	district integer NOT NULL REFERENCES padan.districts,
	period text NOT NULL CHECK (padan.period_day(period) IS NOT NULL),
	state text NOT NULL CHECK (state IN ('open', 'closed')),
	changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	changed_by text NOT NULL DEFAULT session_user,
	reason text,
	PRIMARY KEY (district, period)
);

-- Which programmes a certain period waits for, where that is not simply all with programmes.expected.
CREATE TABLE padan.expected_programmes (
	district integer NOT NULL,
	period text NOT NULL CHECK (padan.period_day(period) IS NOT NULL),
	programme text NOT NULL,
	PRIMARY KEY (district, period, programme),
	FOREIGN KEY (district, programme) REFERENCES padan.programmes
);

-- Who does something: what the program says with SET LOCAL padan.actor, else the login.
CREATE FUNCTION padan.actor() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
	SELECT coalesce(nullif(current_setting('padan.actor', true), ''), session_user)
$$;

-- The database role of an office, which has the SQL door (schema intake) alone; made when it is not there, shut when the office is
-- no longer in the configuration. Runs as the caller: NULL where he may not make roles. It has no password until the
-- administrator gives it one.
CREATE FUNCTION padan.make_office_role(a_district integer, a_office text) RETURNS text
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
