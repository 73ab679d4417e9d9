-- Who saw and did what: rows that are chained by hashes. The tables: migrations/0010_web_users.sql. Nobody but these
-- functions writes them.

-- What is hashed behind the hash before: each field with its length in front, so that no two rows read the same. The
-- same text is made by daemon/cli/audit_chain.c, which does not trust this function.
CREATE OR REPLACE FUNCTION padan.audit_text(VARIADIC fields text[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
	RETURN (
	SELECT string_agg(CASE WHEN f.field IS NULL THEN '-' ELSE octet_length(f.field) || ':' || f.field END, ',' ORDER BY f.n)
	FROM unnest(fields) WITH ORDINALITY AS f (field, n));
END
$$;

-- A time as audit_text() has it: UTC, microseconds.
CREATE OR REPLACE FUNCTION padan.audit_time(at timestamp with time zone) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
	RETURN (
	SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'));
END
$$;

-- Adds a row. The head's row is locked until the transaction ends, which puts all rows of a district in one order.
CREATE OR REPLACE FUNCTION padan.audit_in(a_district integer, a_user bigint, a_who text, a_action text, a_kind text, a_ids bigint[],
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

-- The trail's row of whoever asks. For statements and functions of the web's; ids of whom or what was seen or changed.
CREATE OR REPLACE FUNCTION padan.audit(a_action text, a_kind text DEFAULT NULL, a_ids bigint[] DEFAULT NULL, a_detail jsonb DEFAULT NULL,
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

-- An action of the trail in words.
CREATE OR REPLACE FUNCTION padan.web_action(a_action text, a_lang text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT coalesce((SELECT CASE a_lang WHEN 'en' THEN w.en ELSE w.id END FROM (VALUES
		('household.view', 'membuka halaman keluarga', 'opened the household''s page'), ('person.view', 'membuka halaman orang', 'opened the person''s page'),
		('entry.unmask', 'membuka NIK dan nomor KK', 'unmasked NIK and KK number'), ('flag.view', 'membaca temuan', 'read the flag'), ('flags.view', 'melihat daftar temuan', 'looked at the list of flags'),
		('flag.decide', 'memutuskan temuan', 'decided the flag'), ('flags.export', 'mengunduh temuan', 'downloaded flags'),
		('pair.view', 'memeriksa pasangan', 'looked at the pair'), ('pair.decide', 'memutuskan pasangan', 'decided the pair'), ('pair.undo', 'membatalkan putusan', 'took a decision back'),
		('list.withdraw', 'menarik daftar', 'withdrew the list'), ('list.changes', 'membandingkan daftar', 'compared lists'), ('list.send', 'mengirim daftar', 'sent a list'),
		('list.rejects', 'mengunduh baris yang ditolak', 'downloaded rejected rows'), ('list.rejects.view', 'melihat baris yang ditolak', 'looked at rejected rows'),
		('period.open', 'membuka periode', 'opened a period'), ('period.close', 'menutup periode', 'closed a period'), ('search', 'mencari orang', 'searched for a person'),
		('check', 'mengecek orang', 'checked a person'), ('coverage.left_out', 'melihat keluarga yang belum menerima', 'looked at households left out'),
		('overlap.households', 'melihat keluarga yang tumpang tindih', 'looked at overlapping households'), ('sheet.make', 'membuat lembar verifikasi', 'made a field sheet'),
		('sheet.view', 'mengambil lembar verifikasi', 'took a field sheet'), ('sheet.answer', 'mengirim hasil verifikasi', 'sent results from the door'),
		('settings.change', 'mengubah pengaturan', 'changed settings'), ('login', 'masuk', 'logged in'), ('login.link', 'masuk dengan tautan', 'logged in by a link'),
		('login.refused', 'gagal masuk', 'failed to log in'), ('logout', 'keluar', 'logged out'), ('user.add', 'menambah pengguna', 'added a user'),
		('user.link', 'membuat tautan masuk', 'made a login link'), ('user.enable', 'mengaktifkan pengguna', 'let a user in'), ('user.disable', 'menonaktifkan pengguna', 'shut a user out'),
		('token.add', 'membuat token', 'made a token'), ('token.revoke', 'mencabut token', 'revoked a token')) AS w (action, id, en) WHERE w.action = a_action), a_action)
$$;

-- Every row's hash is what its contents and the row before make it, and the last one is what the head says. `padan
-- audit verify` does the same without trusting the database.
CREATE OR REPLACE FUNCTION padan.web_audit_verify() RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	head padan.audit_heads;
	n bigint;
	broken bigint;
BEGIN
	PERFORM padan.web_administers();
	SELECT * INTO head FROM padan.audit_heads h WHERE h.district = padan.web_district() FOR SHARE;
	SELECT count(*), min(t.number) FILTER (WHERE t.number <> t.place OR t.before_hash <> t.expected
			OR t.hash <> sha256(t.before_hash || convert_to(padan.audit_text(t.district::text, t.number::text, padan.audit_time(t.at),
				t."user"::text, t.who, t.address, t.action, t.kind, t.ids::text, t.detail), 'UTF8'))) INTO n, broken
		FROM (SELECT a.*, row_number() OVER (ORDER BY a.number) AS place,
				lag(a.hash, 1, decode(repeat('00', 32), 'hex')) OVER (ORDER BY a.number) AS expected
			FROM padan.audit_trail a WHERE a.district = padan.web_district()) t;
	IF broken IS NULL AND (n <> coalesce(head.number, 0) OR head.hash IS DISTINCT FROM (SELECT a.hash FROM padan.audit_trail a
			WHERE a.district = padan.web_district() ORDER BY a.number DESC LIMIT 1)) AND coalesce(head.number, 0) + n > 0 THEN
		broken := n + 1; -- the last ones are gone
	END IF;
	RETURN jsonb_build_object('whole', broken IS NULL, 'rows', n, 'broken_at', broken, 'head_hash', coalesce(encode(head.hash, 'hex'), ''));
END
$$;

-- Who saw or changed a household or one of its members, or a person; for administrators. Newest first.
CREATE OR REPLACE FUNCTION padan.web_looked(a_kind text, a_id bigint, a_after bigint, a_limit integer) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
	RETURN (
	WITH whom AS (
		SELECT a_kind AS kind, a_id AS id
		UNION SELECT 'person', e.person FROM padan.entries e WHERE a_kind = 'household' AND e.district = padan.web_district() AND e.household = a_id
		UNION SELECT 'household', e.household FROM padan.entries e WHERE a_kind = 'person' AND e.district = padan.web_district() AND e.person = a_id AND e.household IS NOT NULL
		UNION SELECT 'flag', f.flag FROM padan.flags f WHERE f.district = padan.web_district() AND CASE a_kind WHEN 'household' THEN f.household ELSE f.person END = a_id
	), page AS (
		SELECT DISTINCT t.number, t.at, t.who, t.action, t.detail FROM padan.audit_trail t JOIN whom w ON t.kind = w.kind AND t.ids @> ARRAY[w.id]
		WHERE t.district = padan.web_district() AND (a_after IS NULL OR t.number < a_after) AND padan.web_role() = 'administrator'
		ORDER BY t.number DESC LIMIT least(greatest(coalesce(a_limit, 50), 1), 200)
	)
	SELECT jsonb_build_object('items', coalesce((SELECT jsonb_agg(jsonb_build_object('at', p.at, 'who', p.who, 'action', p.action,
			'text', padan.web_action(p.action, 'id'), 'text_en', padan.web_action(p.action, 'en'), 'reason', p.detail::jsonb ->> 'reason') ORDER BY p.number DESC) FROM page p), '[]'),
		'next', CASE WHEN (SELECT count(*) FROM page) = least(greatest(coalesce(a_limit, 50), 1), 200) THEN (SELECT min(p.number)::text FROM page p) END));
END
$$;

-- ---- who may call and read them, beside padan_daemon (migrations/0006_grants.sql) ----
GRANT EXECUTE ON FUNCTION padan.audit_in TO padan_reader;
GRANT EXECUTE ON FUNCTION padan.audit, padan.web_action, padan.web_audit_verify, padan.web_looked TO padan_web;
