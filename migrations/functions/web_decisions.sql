-- What people decide in their browser about flags. The web may call these functions and write nothing else; each asks
-- again who calls. An answer is a status and a body, as the web sends them (docs/WEB.md): a conflict carries the thing
-- as it is now.

-- ---- Answers ----

-- An answer that refuses: status and body, as the web sends them (docs/WEB.md).
CREATE OR REPLACE FUNCTION padan.web_problem(a_status integer, a_type text, a_id text, a_en text, a_now jsonb DEFAULT NULL) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT jsonb_strip_nulls(jsonb_build_object('type', 'urn:padan:problem:' || a_type, 'title',
		CASE a_status WHEN 409 THEN 'Sudah berubah' WHEN 412 THEN 'Bukan lagi yang Anda lihat' ELSE 'Ditolak' END,
		'status', a_status, 'detail', a_id, 'detail_en', a_en)) || CASE WHEN a_now IS NULL THEN '{}' ELSE jsonb_build_object('now', a_now) END
$$;

-- 404. What is not there and what is not the caller's look the same.
CREATE OR REPLACE FUNCTION padan.web_absent() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RAISE EXCEPTION USING ERRCODE = 'PD404', MESSAGE = 'Tidak ada.', HINT = 'There is no such thing.';
END
$$;

-- Open pages hear of it; a_office: whose business it is, NULL everybody's.
CREATE OR REPLACE FUNCTION padan.web_changed(a_what text, a_id bigint, a_office text DEFAULT NULL) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
	SELECT pg_notify('padan_web', concat_ws(':', padan.web_district(), coalesce(a_office, '*'), a_what, a_id))
$$;

-- New decisions, periods and the like are taken in by one job, however many there are while it waits.
CREATE OR REPLACE FUNCTION padan.web_redecide() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM padan.jobs j WHERE j.district = padan.web_district() AND j.kind = 'redecide' AND j.state = 'ready'
			AND j.attempts = 0) THEN
		PERFORM padan.enqueue_job(padan.web_district(), 'redecide', NULL);
	END IF;
END
$$;

-- ---- Flags ----

-- Row-level security, said again for functions that run as the owner.
CREATE OR REPLACE FUNCTION padan.web_sees_flag(f padan.flags) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
	RETURN (
	-- NULL is no answer here: a flag without a counterpart would be anybody's.
	SELECT coalesce(f.district = padan.web_district() AND (padan.web_sees_all() OR f.list = ANY (padan.web_lists()) OR f.other_list = ANY (padan.web_lists())
		OR f.assigned_to = padan.web_office() OR f.village = ANY (padan.web_villages())), false));
END
$$;

-- An office decides what stands in its own lists or was given to it; a verifier what he is sent to see.
CREATE OR REPLACE FUNCTION padan.web_decides_flag(f padan.flags) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
	RETURN (
	SELECT coalesce(f.district = padan.web_district() AND CASE padan.web_role()
		WHEN 'administrator' THEN true WHEN 'bappeda' THEN true
		WHEN 'office' THEN f.list = ANY (padan.web_lists()) OR f.assigned_to = padan.web_office()
		WHEN 'verifier' THEN f.village = ANY (padan.web_villages()) END, false));
END
$$;

-- Why this flag cannot become that, or NULL. a_version: as the caller saw it; NULL: he does not say.
CREATE OR REPLACE FUNCTION padan.web_flag_in_the_way(f padan.flags, a_status text, a_version text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
	RETURN (
	SELECT CASE
		WHEN a_version IS NOT NULL AND a_version <> padan.web_version(f.changed_at) THEN 'stale'
		WHEN f.status <> a_status AND NOT EXISTS (SELECT FROM padan.flag_transitions t WHERE t.from_status = f.status AND t.to_status = a_status)
			OR 'resolved' IN (f.status, a_status) THEN 'state'
	END);
END
$$;

-- What can be refused without looking at a flag.
CREATE OR REPLACE FUNCTION padan.web_check_decision(a_status text, a_reason text, a_office text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF a_status IS NULL OR a_status NOT IN ('found', 'assigned', 'confirmed', 'dismissed') THEN
		RAISE EXCEPTION USING ERRCODE = 'PD041', MESSAGE = 'Status harus found, assigned, confirmed, atau dismissed.',
			HINT = 'The status must be found, assigned, confirmed or dismissed.';
	ELSIF length(a_reason) > 500 THEN
		RAISE EXCEPTION USING ERRCODE = 'PD042', MESSAGE = 'Alasan paling banyak 500 huruf.', HINT = 'A reason has at most 500 letters.';
	ELSIF a_status = 'assigned' AND a_office IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'PD014', MESSAGE = 'Sebutkan dinas yang menindaklanjuti.', HINT = 'Say which office is to look at it.';
	ELSIF a_status = 'assigned' AND padan.web_role() NOT IN ('administrator', 'bappeda') AND a_office <> padan.web_office() THEN
		RAISE EXCEPTION USING ERRCODE = 'PD043', MESSAGE = 'Hanya Bappeda dan administrator yang menugaskan kepada dinas lain.',
			HINT = 'Only Bappeda and administrators assign to another office.';
	END IF;
END
$$;

CREATE OR REPLACE FUNCTION padan.web_decide_flag(a_flag bigint, a_status text, a_reason text, a_office text, a_version text,
	OUT status integer, OUT body jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	f padan.flags;
	way text;
BEGIN
	SELECT * INTO f FROM padan.flags g WHERE g.district = padan.web_district() AND g.flag = a_flag FOR UPDATE;
	IF f.flag IS NULL OR NOT padan.web_sees_flag(f) THEN
		PERFORM padan.web_absent();
	END IF;
	PERFORM padan.web_check_decision(a_status, a_reason, a_office);
	IF NOT padan.web_decides_flag(f) THEN
		RAISE EXCEPTION USING ERRCODE = 'PD044', MESSAGE = 'Temuan ini diputuskan oleh dinas pemilik daftarnya atau Bappeda.',
			HINT = 'This flag is decided by the office whose list it stands in, or by Bappeda.';
	END IF;
	way := padan.web_flag_in_the_way(f, a_status, a_version);
	IF way = 'stale' THEN
		status := 412;
		body := padan.web_problem(412, 'stale', format('Temuan ini baru saja berubah (sekarang %s).', f.status),
			format('This flag has just changed (it is %s now).', f.status), padan.web_flag(f, padan.web_flag_name(f.list, f.row)));
		RETURN;
	ELSIF way = 'state' THEN
		status := 409;
		body := padan.web_problem(409, 'conflict', format('Temuan ini sekarang berstatus %s dan tidak dapat menjadi %s.', f.status, a_status),
			format('This flag is %s now and cannot become %s.', f.status, a_status), padan.web_flag(f, padan.web_flag_name(f.list, f.row)));
		RETURN;
	END IF;
	PERFORM padan.decide_flag(f.district, f.flag, a_status, nullif(a_reason, ''), CASE WHEN a_status = 'assigned' THEN a_office END);
	PERFORM padan.audit('flag.decide', 'flag', ARRAY[f.flag], jsonb_build_object('status', a_status));
	PERFORM padan.web_changed('flag', f.flag);
	SELECT * INTO f FROM padan.flags g WHERE g.district = f.district AND g.flag = f.flag;
	status := 200;
	body := padan.web_flag(f, padan.web_flag_name(f.list, f.row));
END
$$;

-- a_flags: [{"flag": 12, "version": "…"}, …]. All or none.
CREATE OR REPLACE FUNCTION padan.web_decide_flags(a_flags jsonb, a_status text, a_reason text, a_office text, OUT status integer, OUT body jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	wanted bigint;
	kinds text[];
	way jsonb;
BEGIN
	PERFORM padan.web_check_decision(a_status, a_reason, a_office);
	IF jsonb_typeof(a_flags) IS DISTINCT FROM 'array' OR jsonb_array_length(a_flags) NOT BETWEEN 1 AND 500 THEN
		RAISE EXCEPTION USING ERRCODE = 'PD045', MESSAGE = 'Pilih 1 sampai 500 temuan.', HINT = 'Choose 1 to 500 flags.';
	END IF;
	CREATE TEMPORARY TABLE chosen ON COMMIT DROP AS
		SELECT (c.value ->> 'flag')::bigint AS flag, min(c.value ->> 'version') AS version FROM jsonb_array_elements(a_flags) c GROUP BY 1;
	SELECT count(*), array_agg(DISTINCT f.kind) INTO wanted, kinds
		FROM (SELECT g.* FROM padan.flags g JOIN pg_temp.chosen c USING (flag) WHERE g.district = padan.web_district() ORDER BY g.flag FOR UPDATE OF g) f
		WHERE padan.web_sees_flag(f::padan.flags);
	IF wanted <> (SELECT count(*) FROM pg_temp.chosen) THEN
		PERFORM padan.web_absent();
	ELSIF cardinality(kinds) > 1 THEN
		RAISE EXCEPTION USING ERRCODE = 'PD046', MESSAGE = 'Pilih temuan dari satu jenis saja untuk diputuskan sekaligus.',
			HINT = 'Choose flags of one kind to decide them at once.';
	END IF;
	SELECT jsonb_agg(jsonb_build_object('flag', f.flag, 'status', f.status,
			'why', CASE WHEN NOT padan.web_decides_flag(f) THEN 'rights' ELSE padan.web_flag_in_the_way(f, a_status, c.version) END) ORDER BY f.flag)
		INTO way FROM padan.flags f JOIN pg_temp.chosen c USING (flag)
		WHERE f.district = padan.web_district() AND (NOT padan.web_decides_flag(f) OR padan.web_flag_in_the_way(f, a_status, c.version) IS NOT NULL);
	IF way IS NOT NULL THEN
		status := 409;
		body := padan.web_problem(409, 'conflict', format('%s temuan tidak dapat diputuskan begitu; tidak ada yang berubah.', jsonb_array_length(way)),
			format('%s of the flags cannot be decided so; nothing has changed.', jsonb_array_length(way)), way);
		RETURN;
	END IF;
	PERFORM padan.decide_flag(padan.web_district(), c.flag, a_status, nullif(a_reason, ''), CASE WHEN a_status = 'assigned' THEN a_office END)
		FROM pg_temp.chosen c;
	PERFORM padan.audit('flag.decide', 'flag', (SELECT array_agg(c.flag ORDER BY c.flag) FROM pg_temp.chosen c), jsonb_build_object('status', a_status));
	PERFORM padan.web_changed('flag', 0);
	status := 200;
	SELECT jsonb_build_object('decided', count(*), 'items', jsonb_agg(padan.web_flag(f, padan.web_flag_name(f.list, f.row)) ORDER BY f.flag)) INTO body
		FROM padan.flags f JOIN pg_temp.chosen c USING (flag) WHERE f.district = padan.web_district();
	DROP TABLE pg_temp.chosen;
END
$$;

-- ---- who may call and read them, beside padan_daemon (migrations/0006_grants.sql) ----
GRANT EXECUTE ON FUNCTION padan.web_problem, padan.web_absent, padan.web_sees_flag, padan.web_decides_flag,
	padan.web_decide_flag, padan.web_decide_flags TO padan_web;
