-- Who uses the web: users, their sessions, offices' tokens – and the audit trail of what they saw and did.
--
-- The web's role padan_web reads none of these tables; it calls the functions below, which give no more than is needed.
-- Secrets are never stored: passwords as argon2id (made in the daemon, never here), links, sessions and tokens as SHA-256.

CREATE TABLE padan.users (
	district integer NOT NULL REFERENCES padan.districts,
	"user" bigint GENERATED ALWAYS AS IDENTITY,
	name text NOT NULL CHECK (name ~ '^[a-z0-9][a-z0-9._-]{1,39}$'),
	full_name text NOT NULL DEFAULT '',
	role text NOT NULL CHECK (role IN ('administrator', 'office', 'bappeda', 'verifier')),
	office text,       -- role office
	villages bigint[], -- role verifier
	password text,     -- argon2id; NULL: none set yet
	password_at timestamptz,
	active boolean NOT NULL DEFAULT true,
	made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	made_by text NOT NULL DEFAULT padan.actor(),
	PRIMARY KEY (district, "user"),
	FOREIGN KEY (district, office) REFERENCES padan.offices,
	CHECK ((office IS NOT NULL) = (role = 'office')),
	CHECK ((coalesce(cardinality(villages), 0) > 0) = (role = 'verifier'))
);
CREATE UNIQUE INDEX users_name ON padan.users (name);

-- One-time links, by which a person sets his password.
CREATE TABLE padan.user_links (
	hash bytea PRIMARY KEY,
	district integer NOT NULL,
	"user" bigint NOT NULL,
	made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	made_by text NOT NULL DEFAULT padan.actor(),
	expires_at timestamptz NOT NULL,
	used_at timestamptz,
	FOREIGN KEY (district, "user") REFERENCES padan.users ON DELETE CASCADE
);

CREATE TABLE padan.web_sessions (
	session bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	hash bytea NOT NULL UNIQUE,
	district integer NOT NULL,
	"user" bigint NOT NULL,
	made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	expires_at timestamptz NOT NULL,
	ended_at timestamptz,
	address text NOT NULL DEFAULT '',
	FOREIGN KEY (district, "user") REFERENCES padan.users ON DELETE CASCADE
);
CREATE INDEX web_sessions_user ON padan.web_sessions (district, "user") WHERE ended_at IS NULL;

CREATE TABLE padan.api_tokens (
	district integer NOT NULL,
	token bigint GENERATED ALWAYS AS IDENTITY,
	hash bytea NOT NULL UNIQUE,
	name text NOT NULL,
	office text NOT NULL,
	scopes text[] NOT NULL CHECK (cardinality(scopes) > 0),
	made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	made_by text NOT NULL DEFAULT padan.actor(),
	expires_at timestamptz,
	seen_at timestamptz,
	revoked_at timestamptz,
	PRIMARY KEY (district, token),
	FOREIGN KEY (district, office) REFERENCES padan.offices
);

-- Logins that failed, by name and address: they make the next ones wait. Kept for a day.
CREATE UNLOGGED TABLE padan.login_failures (
	at timestamptz NOT NULL DEFAULT clock_timestamp(),
	name text NOT NULL,
	address text NOT NULL
);
CREATE INDEX login_failures_name ON padan.login_failures (name, at);
CREATE INDEX login_failures_address ON padan.login_failures (address, at);
CREATE INDEX login_failures_at ON padan.login_failures (at);

-- Where the web is reached, as the daemon that serves it said last.
CREATE TABLE padan.web_address (
	one boolean PRIMARY KEY DEFAULT true CHECK (one),
	url text NOT NULL,
	said_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- ---- the audit trail ----

-- Each row bears the hash of the one before it: nothing can be changed, taken out or put in between without breaking the chain.
-- The head says where the chain ends, so that its last rows cannot vanish either; `padan audit verify` prints it, to be kept elsewhere.
CREATE TABLE padan.audit_trail (
	district integer NOT NULL,
	number bigint NOT NULL CHECK (number > 0), -- 1, 2, 3 … without a gap
	at timestamptz NOT NULL,
	"user" bigint,     -- NULL: not a user of the web
	who text NOT NULL, -- the user's or the token's name, or the login
	address text NOT NULL,
	action text NOT NULL,  -- "household.view", "flag.decide", "login" …
	kind text,             -- of what: "person", "household", "list", "flag", "entry" …
	ids bigint[] NOT NULL, -- ids alone: never a name or a NIK
	detail text NOT NULL,  -- JSON
	before_hash bytea NOT NULL,
	hash bytea NOT NULL,
	PRIMARY KEY (district, number)
);
CREATE INDEX audit_trail_ids ON padan.audit_trail USING gin (ids);
CREATE INDEX audit_trail_at ON padan.audit_trail (district, at);

CREATE TABLE padan.audit_heads (
	district integer PRIMARY KEY,
	number bigint NOT NULL DEFAULT 0,
	hash bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex')
);

-- What is hashed behind the hash before: each field with its length in front, so that no two rows read the same. The same text is
-- made by daemon/cli/audit_chain.c, which does not trust this function.
CREATE FUNCTION padan.audit_text(VARIADIC fields text[]) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT string_agg(CASE WHEN f.field IS NULL THEN '-' ELSE octet_length(f.field) || ':' || f.field END, ',' ORDER BY f.n)
	FROM unnest(fields) WITH ORDINALITY AS f (field, n)
$$;

CREATE FUNCTION padan.audit_time(at timestamptz) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;

-- Adds a row. The head's row is locked until the transaction ends, which puts all rows of a district in one order.
CREATE FUNCTION padan.audit_in(a_district integer, a_user bigint, a_who text, a_action text, a_kind text, a_ids bigint[],
	a_detail jsonb, a_address text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	head padan.audit_heads;
	now_at timestamptz;
	my_hash bytea;
BEGIN
	INSERT INTO padan.audit_heads (district) VALUES (a_district) ON CONFLICT DO NOTHING;
	SELECT * INTO head FROM padan.audit_heads h WHERE h.district = a_district FOR UPDATE;
	now_at := clock_timestamp();
	a_ids := coalesce(a_ids, '{}');
	a_detail := coalesce(a_detail, '{}');
	a_address := coalesce(a_address, '');
	my_hash := sha256(head.hash || convert_to(padan.audit_text(a_district::text, (head.number + 1)::text, padan.audit_time(now_at),
		a_user::text, a_who, a_address, a_action, a_kind, a_ids::text, a_detail::text), 'UTF8'));
	INSERT INTO padan.audit_trail (district, number, at, "user", who, address, action, kind, ids, detail, before_hash, hash)
		VALUES (a_district, head.number + 1, now_at, a_user, a_who, a_address, a_action, a_kind, a_ids, a_detail::text, head.hash, my_hash);
	UPDATE padan.audit_heads h SET number = head.number + 1, hash = my_hash WHERE h.district = a_district;
END
$$;

-- ---- who asks, in this transaction ----

-- What the server has set for this transaction (daemon/db/sql/web_settings.sql); nobody, where it has set nothing.
CREATE FUNCTION padan.web_district() RETURNS integer
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
	SELECT nullif(current_setting('padan.district', true), '')::integer
$$;
CREATE FUNCTION padan.web_role() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
	SELECT nullif(current_setting('padan.role', true), '')
$$;
CREATE FUNCTION padan.web_user() RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
	SELECT nullif(current_setting('padan.user', true), '')::bigint
$$;
CREATE FUNCTION padan.web_office() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
	SELECT nullif(current_setting('padan.office', true), '')
$$;
CREATE FUNCTION padan.web_villages() RETURNS bigint[]
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
	SELECT coalesce(nullif(current_setting('padan.villages', true), ''), '{}')::bigint[]
$$;
-- Administrators and Bappeda see the whole district.
CREATE FUNCTION padan.web_sees_all() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
	SELECT coalesce(current_setting('padan.role', true), '') IN ('administrator', 'bappeda')
$$;

-- The trail's row of whoever asks. For statements and functions of the web's; ids of whom or what was seen or changed.
CREATE FUNCTION padan.audit(a_action text, a_kind text DEFAULT NULL, a_ids bigint[] DEFAULT NULL, a_detail jsonb DEFAULT NULL,
	a_address text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF padan.web_district() IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'nobody asks';
	END IF;
	PERFORM padan.audit_in(padan.web_district(), CASE WHEN padan.web_role() <> 'token' THEN padan.web_user() END, padan.actor(),
		a_action, a_kind, a_ids, a_detail, coalesce(a_address, nullif(current_setting('padan.address', true), '')));
END
$$;

-- ---- logins ----

-- Whose session or token this is; and the transaction becomes his. No row: nobody's.
CREATE FUNCTION padan.web_enter(a_hash bytea, a_kind text, a_address text) RETURNS TABLE (who bigint, name text, role text,
	district integer, office text, villages text, scopes text, session bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
	mine record;
BEGIN
	IF a_kind = 'token' THEN
		SELECT t.token AS who, t.name, 'token' AS role, t.district, t.office, '{}' AS villages, array_to_string(t.scopes, ' ') AS scopes,
				t.token AS session, t.seen_at
			INTO mine FROM padan.api_tokens t JOIN padan.offices o USING (district, office)
			WHERE t.hash = a_hash AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > clock_timestamp()) AND o.active;
		IF NOT FOUND THEN
			RETURN;
		END IF;
		IF mine.seen_at IS NULL OR mine.seen_at < clock_timestamp() - interval '1 minute' THEN
			UPDATE padan.api_tokens t SET seen_at = clock_timestamp() WHERE t.hash = a_hash;
		END IF;
	ELSE
		SELECT u."user" AS who, u.name, u.role, u.district, u.office, coalesce(u.villages, '{}')::text AS villages, '' AS scopes,
				s.session, s.seen_at
			INTO mine FROM padan.web_sessions s JOIN padan.users u USING (district, "user")
			LEFT JOIN padan.offices o ON o.district = u.district AND o.office = u.office
			WHERE s.hash = a_hash AND s.ended_at IS NULL AND s.expires_at > clock_timestamp()
				AND s.seen_at > clock_timestamp() - interval '1 hour' AND u.active AND (u.office IS NULL OR o.active);
		IF NOT FOUND THEN
			RETURN;
		END IF;
		IF mine.seen_at < clock_timestamp() - interval '1 minute' THEN
			UPDATE padan.web_sessions s SET seen_at = clock_timestamp() WHERE s.hash = a_hash;
		END IF;
	END IF;
	PERFORM set_config('padan.user', mine.who::text, true), set_config('padan.actor', mine.name, true),
		set_config('padan.role', mine.role, true), set_config('padan.district', mine.district::text, true),
		set_config('padan.office', coalesce(mine.office, ''), true), set_config('padan.villages', mine.villages, true),
		set_config('padan.address', a_address, true);
	RETURN QUERY SELECT mine.who, mine.name::text, mine.role::text, mine.district, mine.office::text, mine.villages::text,
		mine.scopes::text, mine.session;
END
$$;

-- How long a login by that name from that address must wait, and what its password is checked against. A name that is not there
-- is treated as one that is. Failures of this name at this address make it wait longer and longer; others' failures at the same name
-- slow it by seconds, never lock it.
CREATE FUNCTION padan.web_login_begin(a_name text, a_address text) RETURNS TABLE (district integer, who bigint, password text,
	wait_seconds double precision)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
	here integer;
	last_here timestamptz;
	address_all integer;
	last_address timestamptz;
	name_all integer;
	last_name timestamptz;
BEGIN
	SELECT count(*), max(f.at) INTO here, last_here FROM padan.login_failures f
		WHERE f.name = a_name AND f.address = a_address AND f.at > clock_timestamp() - interval '1 hour';
	SELECT count(*), max(f.at) INTO address_all, last_address FROM padan.login_failures f
		WHERE f.address = a_address AND f.at > clock_timestamp() - interval '15 minutes';
	SELECT count(*), max(f.at) INTO name_all, last_name FROM padan.login_failures f
		WHERE f.name = a_name AND f.at > clock_timestamp() - interval '1 hour';
	wait_seconds := greatest(0,
		CASE WHEN here >= 5 THEN least(900, 2 ^ least(here - 4, 12)) - extract(epoch FROM clock_timestamp() - last_here) END,
		CASE WHEN address_all >= 40 THEN least(300, (address_all - 39) * 2) - extract(epoch FROM clock_timestamp() - last_address) END,
		CASE WHEN name_all >= 20 THEN 2 - extract(epoch FROM clock_timestamp() - last_name) END);
	-- Counted before it is tried, so that many at once count as well; a login that succeeds takes its own away again.
	IF wait_seconds = 0 THEN
		INSERT INTO padan.login_failures (name, address) VALUES (a_name, a_address);
	END IF;
	SELECT u.district, u."user", u.password INTO district, who, password FROM padan.users u
		LEFT JOIN padan.offices o ON o.district = u.district AND o.office = u.office
		WHERE u.name = a_name AND u.active AND u.password IS NOT NULL AND (u.office IS NULL OR o.active);
	RETURN NEXT;
END
$$;

CREATE FUNCTION padan.web_login_failed(a_name text, a_address text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	mine padan.users;
BEGIN
	DELETE FROM padan.login_failures f WHERE f.at < clock_timestamp() - interval '1 day';
	SELECT * INTO mine FROM padan.users u WHERE u.name = a_name;
	IF FOUND THEN
		PERFORM padan.audit_in(mine.district, mine."user", mine.name, 'login.refused', NULL, NULL, NULL, a_address);
	END IF;
END
$$;

-- A session begins: a new token each time. a_before is one that the browser still had, which ends.
CREATE FUNCTION padan.web_session_begin(a_district integer, a_user bigint, a_hash bytea, a_before bytea, a_address text,
	a_action text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	mine padan.users;
BEGIN
	SELECT * INTO STRICT mine FROM padan.users u WHERE u.district = a_district AND u."user" = a_user AND u.active;
	UPDATE padan.web_sessions s SET ended_at = clock_timestamp() WHERE s.hash = a_before AND s.ended_at IS NULL;
	DELETE FROM padan.web_sessions s WHERE s.expires_at < clock_timestamp() - interval '30 days';
	INSERT INTO padan.web_sessions (hash, district, "user", address, expires_at)
		VALUES (a_hash, a_district, a_user, a_address, clock_timestamp() + interval '12 hours');
	DELETE FROM padan.login_failures f WHERE f.name = mine.name AND f.address = a_address;
	PERFORM padan.audit_in(a_district, a_user, mine.name, a_action, NULL, NULL, NULL, a_address);
END
$$;

-- A password is changed by whoever knows the old one: what to check that against, and the new one, which ends his other sessions.
CREATE FUNCTION padan.web_password_own() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT u.password FROM padan.users u WHERE u.district = padan.web_district() AND u."user" = padan.web_user() AND padan.web_role() <> 'token'
$$;
CREATE FUNCTION padan.web_password_set(a_password text, a_hash bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	UPDATE padan.users u SET password = a_password, password_at = clock_timestamp()
		WHERE u.district = padan.web_district() AND u."user" = padan.web_user() AND padan.web_role() <> 'token';
	UPDATE padan.web_sessions s SET ended_at = clock_timestamp()
		WHERE s.district = padan.web_district() AND s."user" = padan.web_user() AND s.ended_at IS NULL AND s.hash <> a_hash;
	PERFORM padan.audit('password.change');
END
$$;

-- The caller's own session ends, or (a_all) all sessions of his but this.
CREATE FUNCTION padan.web_session_end(a_hash bytea, a_all boolean) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	ended integer;
BEGIN
	UPDATE padan.web_sessions s SET ended_at = clock_timestamp()
		WHERE s.district = padan.web_district() AND s."user" = padan.web_user() AND s.ended_at IS NULL
			AND (s.hash = a_hash) <> a_all;
	GET DIAGNOSTICS ended = ROW_COUNT;
	PERFORM padan.audit('logout');
	RETURN ended;
END
$$;

-- Whose link that is, while it can be used.
CREATE FUNCTION padan.web_link(a_hash bytea) RETURNS TABLE (district integer, who bigint, name text, full_name text, role text,
	expires_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT u.district, u."user", u.name, u.full_name, u.role, l.expires_at
	FROM padan.user_links l JOIN padan.users u USING (district, "user")
	WHERE l.hash = a_hash AND l.used_at IS NULL AND l.expires_at > clock_timestamp() AND u.active
$$;

-- The link is used up, the password set, every session ended that was begun with the old one.
CREATE FUNCTION padan.web_link_use(a_hash bytea, a_password text) RETURNS TABLE (district integer, who bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
	mine record;
BEGIN
	UPDATE padan.user_links l SET used_at = clock_timestamp()
		WHERE l.hash = a_hash AND l.used_at IS NULL AND l.expires_at > clock_timestamp()
		RETURNING l.district, l."user" INTO mine;
	IF NOT FOUND THEN
		RETURN;
	END IF;
	UPDATE padan.users u SET password = a_password, password_at = clock_timestamp()
		WHERE u.district = mine.district AND u."user" = mine."user" AND u.active
		RETURNING u.district, u."user" INTO district, who;
	IF NOT FOUND THEN
		RETURN;
	END IF;
	UPDATE padan.web_sessions s SET ended_at = clock_timestamp()
		WHERE s.district = mine.district AND s."user" = mine."user" AND s.ended_at IS NULL;
	RETURN NEXT;
END
$$;

-- ---- for `padan user`, `padan token` and the pages of settings ----

CREATE FUNCTION padan.user_add(a_district integer, a_name text, a_full_name text, a_role text, a_office text, a_villages bigint[])
RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	made bigint;
BEGIN
	IF a_name !~ '^[a-z0-9][a-z0-9._-]{1,39}$' THEN
		RAISE EXCEPTION USING ERRCODE = 'PD030', MESSAGE = 'Nama pengguna: 2–40 huruf kecil, angka, titik, atau garis; misalnya siti.lestari.',
			HINT = 'User names: 2–40 lower-case letters, digits, dots or dashes, such as siti.lestari.';
	END IF;
	IF a_office IS NOT NULL AND NOT EXISTS (SELECT FROM padan.offices o WHERE o.district = a_district AND o.office = a_office AND o.active) THEN
		RAISE EXCEPTION USING ERRCODE = 'PD014', MESSAGE = format('Dinas "%s" tidak ada dalam konfigurasi.', left(a_office, 40)),
			HINT = format('Office "%s" is not in the configuration.', left(a_office, 40));
	END IF;
	IF (a_role = 'office') <> (a_office IS NOT NULL) OR (a_role = 'verifier') <> (coalesce(cardinality(a_villages), 0) > 0) THEN
		RAISE EXCEPTION USING ERRCODE = 'PD031', MESSAGE = 'Peran office memerlukan satu dinas, peran verifier satu desa atau lebih; peran lain tidak.',
			HINT = 'The role office needs one office, verifier one village or more; the other roles neither.';
	END IF;
	IF EXISTS (SELECT FROM unnest(a_villages) v (village) WHERE NOT EXISTS (SELECT FROM padan.villages g
			WHERE g.district = a_district AND g.village = v.village)) THEN
		RAISE EXCEPTION USING ERRCODE = 'PD032', MESSAGE = 'Salah satu desa tidak ada dalam kabupaten ini.',
			HINT = 'One of the villages is not in this district.';
	END IF;
	INSERT INTO padan.users (district, name, full_name, role, office, villages)
		VALUES (a_district, a_name, coalesce(a_full_name, ''), a_role, a_office, a_villages)
		ON CONFLICT (name) DO NOTHING RETURNING "user" INTO made;
	IF made IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'PD033', MESSAGE = format('Pengguna %s sudah ada.', a_name), HINT = format('There is a user %s already.', a_name);
	END IF;
	PERFORM padan.audit_in(a_district, padan.web_user(), padan.actor(), 'user.add', 'user', ARRAY[made], jsonb_build_object('role', a_role), NULL);
	RETURN made;
END
$$;

-- A user by his name; PD034 where there is none.
CREATE FUNCTION padan.user_named(a_district integer, a_name text) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	mine bigint;
BEGIN
	SELECT u."user" INTO mine FROM padan.users u WHERE u.district = a_district AND u.name = a_name;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING ERRCODE = 'PD034', MESSAGE = format('Pengguna %s tidak ada.', left(a_name, 40)),
			HINT = format('There is no user %s.', left(a_name, 40));
	END IF;
	RETURN mine;
END
$$;

-- A new one-time link; links made before for the same user end. a_hash: SHA-256 of its token.
CREATE FUNCTION padan.user_link_add(a_district integer, a_name text, a_hash bytea, a_valid interval) RETURNS timestamptz
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	mine bigint := padan.user_named(a_district, a_name);
	until timestamptz := clock_timestamp() + a_valid;
BEGIN
	DELETE FROM padan.user_links l WHERE l.district = a_district AND l."user" = mine AND l.used_at IS NULL;
	INSERT INTO padan.user_links (hash, district, "user", expires_at) VALUES (a_hash, a_district, mine, until);
	PERFORM padan.audit_in(a_district, padan.web_user(), padan.actor(), 'user.link', 'user', ARRAY[mine], NULL, NULL);
	RETURN until;
END
$$;

-- Shut out at once, or let in again.
CREATE FUNCTION padan.user_set_active(a_district integer, a_name text, a_active boolean) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	mine bigint := padan.user_named(a_district, a_name);
BEGIN
	UPDATE padan.users u SET active = a_active WHERE u.district = a_district AND u."user" = mine;
	UPDATE padan.web_sessions s SET ended_at = clock_timestamp()
		WHERE s.district = a_district AND s."user" = mine AND s.ended_at IS NULL AND NOT a_active;
	DELETE FROM padan.user_links l WHERE l.district = a_district AND l."user" = mine AND NOT a_active AND l.used_at IS NULL;
	PERFORM padan.audit_in(a_district, padan.web_user(), padan.actor(), CASE WHEN a_active THEN 'user.enable' ELSE 'user.disable' END,
		'user', ARRAY[mine], NULL, NULL);
END
$$;

CREATE FUNCTION padan.token_add(a_district integer, a_office text, a_name text, a_hash bytea, a_scopes text[], a_valid interval)
RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	made bigint;
BEGIN
	IF NOT EXISTS (SELECT FROM padan.offices o WHERE o.district = a_district AND o.office = a_office AND o.active) THEN
		RAISE EXCEPTION USING ERRCODE = 'PD014', MESSAGE = format('Dinas "%s" tidak ada dalam konfigurasi.', left(a_office, 40)),
			HINT = format('Office "%s" is not in the configuration.', left(a_office, 40));
	END IF;
	INSERT INTO padan.api_tokens (district, hash, name, office, scopes, expires_at)
		VALUES (a_district, a_hash, a_name, a_office, a_scopes, clock_timestamp() + a_valid) RETURNING token INTO made;
	PERFORM padan.audit_in(a_district, padan.web_user(), padan.actor(), 'token.add', 'token', ARRAY[made],
		jsonb_build_object('office', a_office, 'scopes', to_jsonb(a_scopes)), NULL);
	RETURN made;
END
$$;

CREATE FUNCTION padan.token_revoke(a_district integer, a_token bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	UPDATE padan.api_tokens t SET revoked_at = clock_timestamp()
		WHERE t.district = a_district AND t.token = a_token AND t.revoked_at IS NULL;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING ERRCODE = 'PD035', MESSAGE = format('Token %s tidak ada atau sudah dicabut.', a_token),
			HINT = format('There is no token %s, or it is revoked already.', a_token);
	END IF;
	PERFORM padan.audit_in(a_district, padan.web_user(), padan.actor(), 'token.revoke', 'token', ARRAY[a_token], NULL, NULL);
END
$$;

-- ---- the state of things, as numbers ----

CREATE FUNCTION padan.web_migrations() RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT max(m.number) FROM padan.schema_migrations m
$$;

-- name, label (or NULL) and value; of all districts together.
CREATE FUNCTION padan.web_metrics() RETURNS TABLE (name text, label text, value double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT 'jobs', s.state, count(j.job) FROM unnest(ARRAY['ready', 'running', 'failed']) AS s (state)
		LEFT JOIN padan.jobs j ON j.state = s.state GROUP BY s.state
	UNION ALL SELECT 'oldest_ready_job_age_seconds', NULL,
		coalesce(extract(epoch FROM clock_timestamp() - min(j.created_at)), 0) FROM padan.jobs j WHERE j.state = 'ready'
	UNION ALL SELECT 'alerts', s.state, count(a.alert) FROM unnest(ARRAY['waiting', 'dead']) AS s (state)
		LEFT JOIN padan.alerts a ON a.state = s.state GROUP BY s.state
	UNION ALL SELECT 'oldest_waiting_alert_age_seconds', NULL,
		coalesce(extract(epoch FROM clock_timestamp() - min(a.created_at)), 0) FROM padan.alerts a WHERE a.state = 'waiting'
	UNION ALL SELECT 'open_flags', f.kind, count(*) FROM padan.flags f WHERE f.status IN ('found', 'assigned', 'confirmed') GROUP BY f.kind
	UNION ALL SELECT 'lists', l.state, count(*) FROM padan.lists l GROUP BY l.state
	UNION ALL SELECT 'sessions', NULL, count(*) FROM padan.web_sessions w
		WHERE w.ended_at IS NULL AND w.expires_at > clock_timestamp() AND w.seen_at > clock_timestamp() - interval '1 hour'
$$;

-- The trail is written by its functions and by nobody else.
REVOKE INSERT, UPDATE, DELETE ON padan.audit_trail, padan.audit_heads FROM padan_daemon;
REVOKE ALL ON padan.users, padan.user_links, padan.web_sessions, padan.api_tokens FROM padan_reader;
GRANT EXECUTE ON FUNCTION padan.audit_in(integer, bigint, text, text, text, bigint[], jsonb, text) TO padan_reader;

GRANT USAGE ON SCHEMA padan TO padan_web;
GRANT EXECUTE ON FUNCTION padan.actor(), padan.period_day(text), padan.web_district(), padan.web_role(), padan.web_user(),
	padan.web_office(), padan.web_villages(), padan.web_sees_all(), padan.audit(text, text, bigint[], jsonb, text),
	padan.web_enter(bytea, text, text), padan.web_login_begin(text, text), padan.web_login_failed(text, text),
	padan.web_session_begin(integer, bigint, bytea, bytea, text, text), padan.web_session_end(bytea, boolean),
	padan.web_link(bytea), padan.web_link_use(bytea, text), padan.web_password_own(), padan.web_password_set(text, bytea),
	padan.web_metrics(), padan.web_migrations() TO padan_web;
