-- Who asks, and how he came in. Every statement of the web runs in a transaction that web_enter() made somebody's; row-
-- level security (migrations/0011_row_security.sql) looks at what it has set.

-- ---- Who asks, in this transaction ----

-- What the server has set for this transaction (daemon/db/sql/web_settings.sql); NULL, where it has set nothing. In SQL
-- without a search_path, so that the planner puts them into the statement that asks.
CREATE OR REPLACE FUNCTION padan.web_district() RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE
	RETURN nullif(current_setting('padan.district', true), '')::integer;
CREATE OR REPLACE FUNCTION padan.web_role() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
	RETURN nullif(current_setting('padan.role', true), '');
CREATE OR REPLACE FUNCTION padan.web_user() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
	RETURN nullif(current_setting('padan.user', true), '')::bigint;
CREATE OR REPLACE FUNCTION padan.web_office() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
	RETURN nullif(current_setting('padan.office', true), '');
CREATE OR REPLACE FUNCTION padan.web_villages() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE
	RETURN coalesce(nullif(current_setting('padan.villages', true), ''), '{}')::bigint[];

-- Administrators and Bappeda see the whole district.
CREATE OR REPLACE FUNCTION padan.web_sees_all() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
	RETURN coalesce(current_setting('padan.role', true), '') IN ('administrator', 'bappeda');

-- Numbers of the lists that an office answers for: row-level security asks for them (migrations/0011_row_security.sql).
CREATE OR REPLACE FUNCTION padan.web_lists() RETURNS bigint[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
	RETURN (
	SELECT coalesce(array_agg(l.list), '{}') FROM padan.lists l
	WHERE l.district = padan.web_district() AND l.office = padan.web_office());
END
$$;

-- Codes of the programmes that an office answers for.
CREATE OR REPLACE FUNCTION padan.web_programmes() RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
	RETURN (
	SELECT coalesce(array_agg(p.programme), '{}') FROM padan.programmes p
	WHERE p.district = padan.web_district() AND p.office = padan.web_office());
END
$$;

-- The caller's own name.
CREATE OR REPLACE FUNCTION padan.web_full_name() RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
	RETURN (
	SELECT u.full_name FROM padan.users u WHERE u.district = padan.web_district() AND u."user" = padan.web_user());
END
$$;

-- The language that the caller chose; NULL: none yet.
CREATE OR REPLACE FUNCTION padan.web_lang() RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
BEGIN
	RETURN (SELECT u.lang FROM padan.users u WHERE u.district = padan.web_district() AND u."user" = padan.web_user());
END
$$;

CREATE OR REPLACE FUNCTION padan.web_set_lang(a_lang text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF a_lang IS NULL OR a_lang NOT IN ('id', 'en') THEN
		RAISE EXCEPTION USING ERRCODE = 'PD020', MESSAGE = 'Bahasa harus id atau en.', HINT = 'The language is id or en.';
	END IF;
	UPDATE padan.users u SET lang = a_lang WHERE u.district = padan.web_district() AND u."user" = padan.web_user() AND u.lang IS DISTINCT FROM a_lang;
END
$$;

-- ---- Logins ----

-- Whose session or token this is; and the transaction becomes his. No row: nobody's. A page that is merely open asks
-- for events again and again, which is no sign of life of the person before it: a_kind 'watch' looks at a session
-- without keeping it alive.
CREATE OR REPLACE FUNCTION padan.web_enter(a_hash bytea, a_kind text, a_address text) RETURNS TABLE (who bigint, name text, role text,
	district integer, office text, villages text, scopes text, session bigint, lists text)
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
		IF a_kind <> 'watch' AND mine.seen_at < clock_timestamp() - interval '1 minute' THEN
			UPDATE padan.web_sessions s SET seen_at = clock_timestamp() WHERE s.hash = a_hash;
		END IF;
	END IF;
	PERFORM set_config('padan.user', mine.who::text, true), set_config('padan.actor', mine.name, true),
		set_config('padan.role', mine.role, true), set_config('padan.district', mine.district::text, true),
		set_config('padan.office', coalesce(mine.office, ''), true), set_config('padan.villages', mine.villages, true),
		set_config('padan.address', a_address, true);
	RETURN QUERY SELECT mine.who, mine.name::text, mine.role::text, mine.district, mine.office::text, mine.villages::text,
		mine.scopes::text, mine.session, CASE WHEN mine.office IS NOT NULL THEN padan.web_lists()::text END;
END
$$;

-- How long a login by that name from that address must wait, and what its password is checked against. A name that is
-- not there is treated as one that is. Failures of this name at this address make it wait longer and longer; others'
-- failures at the same name slow it by seconds, never lock it.
CREATE OR REPLACE FUNCTION padan.web_login_begin(a_name text, a_address text) RETURNS TABLE (district integer, who bigint, password text,
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

-- The password was wrong (web_login_begin has counted the attempt). Attempts are forgotten after a day.
CREATE OR REPLACE FUNCTION padan.web_login_failed(a_name text, a_address text) RETURNS void
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
CREATE OR REPLACE FUNCTION padan.web_session_begin(a_district integer, a_user bigint, a_hash bytea, a_before bytea, a_address text,
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

-- A password is changed by whoever knows the old one: what to check that against …
CREATE OR REPLACE FUNCTION padan.web_password_own() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT u.password FROM padan.users u WHERE u.district = padan.web_district() AND u."user" = padan.web_user() AND padan.web_role() <> 'token'
$$;

-- … and the new one, which ends his other sessions.
CREATE OR REPLACE FUNCTION padan.web_password_set(a_password text, a_hash bytea) RETURNS void
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
CREATE OR REPLACE FUNCTION padan.web_session_end(a_hash bytea, a_all boolean) RETURNS integer
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

-- Sessions that still hold, of those given: events end for the others.
CREATE OR REPLACE FUNCTION padan.web_sessions_alive(a_sessions bigint[]) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT coalesce(array_agg(s.session), '{}') FROM padan.web_sessions s JOIN padan.users u USING (district, "user")
	LEFT JOIN padan.offices o ON o.district = u.district AND o.office = u.office
	WHERE s.session = ANY (a_sessions) AND s.ended_at IS NULL AND s.expires_at > clock_timestamp()
		AND s.seen_at > clock_timestamp() - interval '1 hour' AND u.active AND (u.office IS NULL OR o.active)
$$;

-- Whose link that is, while it can be used.
CREATE OR REPLACE FUNCTION padan.web_link(a_hash bytea) RETURNS TABLE (district integer, who bigint, name text, full_name text, role text,
	expires_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT u.district, u."user", u.name, u.full_name, u.role, l.expires_at
	FROM padan.user_links l JOIN padan.users u USING (district, "user")
	WHERE l.hash = a_hash AND l.used_at IS NULL AND l.expires_at > clock_timestamp() AND u.active
$$;

-- The link is used up, the password set, every session ended that was begun with the old one.
CREATE OR REPLACE FUNCTION padan.web_link_use(a_hash bytea, a_password text) RETURNS TABLE (district integer, who bigint)
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

-- ---- who may call and read them, beside padan_daemon (migrations/0006_grants.sql) ----
GRANT EXECUTE ON FUNCTION padan.web_district, padan.web_role, padan.web_user, padan.web_office, padan.web_villages,
	padan.web_sees_all, padan.web_lists, padan.web_programmes, padan.web_full_name, padan.web_lang, padan.web_set_lang, padan.web_enter,
	padan.web_login_begin, padan.web_login_failed, padan.web_session_begin, padan.web_password_own,
	padan.web_password_set, padan.web_session_end, padan.web_link, padan.web_link_use TO padan_web;
