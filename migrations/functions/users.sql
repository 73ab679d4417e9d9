-- Users, their links and sessions' end, tokens of offices' systems: for `padan user`, `padan token` and the pages of
-- settings. Secrets are kept as hashes alone. The tables: migrations/0010_web_users.sql.

-- A new user, who has no password until he uses a link; returns his number.
CREATE OR REPLACE FUNCTION padan.user_add(a_district integer, a_name text, a_full_name text, a_role text, a_office text, a_villages bigint[])
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
CREATE OR REPLACE FUNCTION padan.user_named(a_district integer, a_name text) RETURNS bigint
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
CREATE OR REPLACE FUNCTION padan.user_link_add(a_district integer, a_name text, a_hash bytea, a_valid interval) RETURNS timestamptz
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
CREATE OR REPLACE FUNCTION padan.user_set_active(a_district integer, a_name text, a_active boolean) RETURNS void
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

-- A token of an office's own system; a_hash: SHA-256 of it, which alone is kept. Returns its number.
CREATE OR REPLACE FUNCTION padan.token_add(a_district integer, a_office text, a_name text, a_hash bytea, a_scopes text[], a_valid interval)
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

-- No more: at once.
CREATE OR REPLACE FUNCTION padan.token_revoke(a_district integer, a_token bigint) RETURNS void
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

-- ---- The pages of settings: administrators alone ----

CREATE OR REPLACE FUNCTION padan.web_administers() RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF padan.web_role() IS DISTINCT FROM 'administrator' THEN
		PERFORM padan.web_absent();
	END IF;
END
$$;

CREATE OR REPLACE FUNCTION padan.web_user_json(u padan.users) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT jsonb_build_object('user', u."user", 'name', u.name, 'full_name', u.full_name, 'role', u.role, 'office', u.office,
		'villages', to_jsonb(coalesce(u.villages, '{}')), 'active', u.active, 'has_password', u.password IS NOT NULL,
		'seen_at', (SELECT max(s.seen_at) FROM padan.web_sessions s WHERE s.district = u.district AND s."user" = u."user"),
		'made_at', u.made_at, 'made_by', u.made_by)
$$;

CREATE OR REPLACE FUNCTION padan.web_users() RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM padan.web_administers();
	RETURN jsonb_build_object('items', (SELECT coalesce(jsonb_agg(padan.web_user_json(u) ORDER BY u.role, u.name), '[]') FROM padan.users u
		WHERE u.district = padan.web_district()), 'next', NULL);
END
$$;

-- The new user, and until when his link (a_hash: of its token) is good.
CREATE OR REPLACE FUNCTION padan.web_user_add(a_name text, a_full_name text, a_role text, a_office text, a_villages jsonb, a_hash bytea) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	made bigint;
	until timestamptz;
	villages bigint[] := CASE WHEN jsonb_typeof(a_villages) = 'array' THEN (SELECT array_agg(v.value::bigint) FROM jsonb_array_elements_text(a_villages) v) END;
BEGIN
	PERFORM padan.web_administers();
	IF a_name IS NULL OR a_role IS NULL OR a_role NOT IN ('administrator', 'office', 'bappeda', 'verifier') THEN
		RAISE EXCEPTION USING ERRCODE = 'PD031', MESSAGE = 'Sebutkan nama dan peran: administrator, office, bappeda, atau verifier.',
			HINT = 'Give a name and a role: administrator, office, bappeda or verifier.';
	END IF;
	made := padan.user_add(padan.web_district(), a_name, a_full_name, a_role, a_office, villages);
	until := padan.user_link_add(padan.web_district(), a_name, a_hash, interval '72 hours');
	RETURN jsonb_build_object('user', (SELECT padan.web_user_json(u) FROM padan.users u WHERE u.district = padan.web_district() AND u."user" = made), 'expires_at', until);
END
$$;

CREATE OR REPLACE FUNCTION padan.web_user_link(a_user bigint, a_hash bytea) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	mine padan.users;
BEGIN
	PERFORM padan.web_administers();
	SELECT * INTO mine FROM padan.users u WHERE u.district = padan.web_district() AND u."user" = a_user;
	IF mine.name IS NULL THEN
		PERFORM padan.web_absent();
	END IF;
	RETURN jsonb_build_object('expires_at', padan.user_link_add(mine.district, mine.name, a_hash, interval '72 hours'));
END
$$;

CREATE OR REPLACE FUNCTION padan.web_user_change(a_user bigint, a_body jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	mine padan.users;
BEGIN
	PERFORM padan.web_administers();
	SELECT * INTO mine FROM padan.users u WHERE u.district = padan.web_district() AND u."user" = a_user FOR UPDATE;
	IF mine.name IS NULL THEN
		PERFORM padan.web_absent();
	ELSIF mine."user" = padan.web_user() AND a_body ->> 'active' = 'false' THEN
		RAISE EXCEPTION USING ERRCODE = 'PD050', MESSAGE = 'Anda tidak dapat menonaktifkan diri sendiri.', HINT = 'You cannot shut yourself out.';
	END IF;
	IF jsonb_typeof(a_body -> 'full_name') = 'string' THEN
		UPDATE padan.users u SET full_name = left(a_body ->> 'full_name', 200) WHERE u.district = mine.district AND u."user" = a_user;
	END IF;
	IF jsonb_typeof(a_body -> 'villages') = 'array' THEN
		IF mine.role <> 'verifier' OR jsonb_array_length(a_body -> 'villages') = 0 OR EXISTS (SELECT FROM jsonb_array_elements_text(a_body -> 'villages') v
				WHERE NOT EXISTS (SELECT FROM padan.villages g WHERE g.district = mine.district AND g.village::text = v.value)) THEN
			RAISE EXCEPTION USING ERRCODE = 'PD032', MESSAGE = 'Desa hanya untuk peran verifier, dan harus ada dalam kabupaten ini.',
				HINT = 'Villages are for verifiers, and must be in this district.';
		END IF;
		UPDATE padan.users u SET villages = (SELECT array_agg(v.value::bigint) FROM jsonb_array_elements_text(a_body -> 'villages') v)
			WHERE u.district = mine.district AND u."user" = a_user;
		UPDATE padan.web_sessions s SET ended_at = clock_timestamp() WHERE s.district = mine.district AND s."user" = a_user AND s.ended_at IS NULL;
	END IF;
	IF jsonb_typeof(a_body -> 'active') = 'boolean' AND (a_body ->> 'active')::boolean <> mine.active THEN
		PERFORM padan.user_set_active(mine.district, mine.name, (a_body ->> 'active')::boolean);
	END IF;
	PERFORM padan.audit('user.change', 'user', ARRAY[a_user]);
	RETURN (SELECT padan.web_user_json(u) FROM padan.users u WHERE u.district = mine.district AND u."user" = a_user);
END
$$;

CREATE OR REPLACE FUNCTION padan.web_token_json(t padan.api_tokens) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT jsonb_build_object('token', t.token, 'name', t.name, 'office', t.office, 'scopes', to_jsonb(t.scopes), 'made_at', t.made_at, 'made_by', t.made_by,
		'expires_at', t.expires_at, 'seen_at', t.seen_at, 'revoked_at', t.revoked_at)
$$;

CREATE OR REPLACE FUNCTION padan.web_tokens() RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM padan.web_administers();
	RETURN jsonb_build_object('items', (SELECT coalesce(jsonb_agg(padan.web_token_json(t) ORDER BY t.token DESC), '[]') FROM padan.api_tokens t
		WHERE t.district = padan.web_district()), 'next', NULL);
END
$$;

CREATE OR REPLACE FUNCTION padan.web_token_add(a_name text, a_office text, a_scopes jsonb, a_days integer, a_hash bytea) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	wanted text[] := CASE WHEN jsonb_typeof(a_scopes) = 'array' THEN ARRAY(SELECT DISTINCT s.value FROM jsonb_array_elements_text(a_scopes) s ORDER BY 1) ELSE '{}' END;
	made bigint;
BEGIN
	PERFORM padan.web_administers();
	IF coalesce(a_name, '') = '' OR length(a_name) > 100 OR wanted = '{}' OR NOT wanted <@ ARRAY['lists:read', 'lists:write', 'flags:read', 'check']
			OR coalesce(a_days, 1) NOT BETWEEN 1 AND 3650 THEN
		RAISE EXCEPTION USING ERRCODE = 'PD051', MESSAGE = 'Token memerlukan nama, dan satu kegunaan atau lebih: lists:read, lists:write, flags:read, check.',
			HINT = 'A token needs a name, and one scope or more: lists:read, lists:write, flags:read, check.';
	END IF;
	made := padan.token_add(padan.web_district(), a_office, a_name, a_hash, wanted, make_interval(days => coalesce(a_days, 365)));
	RETURN (SELECT padan.web_token_json(t) FROM padan.api_tokens t WHERE t.district = padan.web_district() AND t.token = made);
END
$$;

CREATE OR REPLACE FUNCTION padan.web_token_revoke(a_token bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM padan.web_administers();
	IF NOT EXISTS (SELECT FROM padan.api_tokens t WHERE t.district = padan.web_district() AND t.token = a_token) THEN
		PERFORM padan.web_absent();
	END IF;
	PERFORM padan.token_revoke(padan.web_district(), a_token);
END
$$;

-- ---- who may call and read them, beside padan_daemon (migrations/0006_grants.sql) ----
GRANT EXECUTE ON FUNCTION padan.web_users, padan.web_user_add, padan.web_user_link, padan.web_user_change,
	padan.web_tokens, padan.web_token_add, padan.web_token_revoke TO padan_web;
