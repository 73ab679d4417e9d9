-- Lists through the web: uploads on their way in, lists withdrawn, periods closed. See web_decisions.sql for what an
-- answer is.

-- ---- Uploads (migrations/0017_web_uploads.sql) ----

CREATE OR REPLACE FUNCTION padan.web_upload(u padan.uploads) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS $$
	SELECT jsonb_build_object('upload', u.upload, 'file_name', u.file_name, 'bytes', u.bytes, 'received', u.received, 'state', u.state,
		'refused', CASE WHEN u.refused_id IS NOT NULL THEN jsonb_build_object('text', u.refused_id, 'text_en', u.refused_en) END,
		'list', u.list, 'expires_at', u.expires_at)
$$;

-- The caller's own upload; absent for anybody else's and for what is none.
CREATE OR REPLACE FUNCTION padan.web_my_upload(a_upload text) RETURNS padan.uploads
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	mine padan.uploads;
BEGIN
	IF a_upload ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN
		SELECT * INTO mine FROM padan.uploads u WHERE u.district = padan.web_district() AND u.upload = a_upload::uuid AND u.who = padan.actor()
			AND u.office IS NOT DISTINCT FROM padan.web_office() AND u.expires_at > clock_timestamp() FOR UPDATE;
	END IF;
	IF mine.upload IS NULL THEN
		PERFORM padan.web_absent();
	END IF;
	RETURN mine;
END
$$;

CREATE OR REPLACE FUNCTION padan.web_upload_begin(a_file_name text, a_bytes bigint) RETURNS padan.uploads
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	made padan.uploads;
	ending text := lower(substring(a_file_name FROM '\.([^.]{1,8})$'));
BEGIN
	IF coalesce(a_file_name, '') = '' OR length(a_file_name) > 255 OR a_bytes IS NULL OR a_bytes < 1 THEN
		RAISE EXCEPTION USING ERRCODE = 'PD060', MESSAGE = 'Sebutkan nama berkas dan ukurannya; berkas kosong tidak dapat dikirim.',
			HINT = 'Give the file''s name and size; an empty file cannot be sent.';
	ELSIF a_bytes > 2000000000 THEN
		RAISE EXCEPTION USING ERRCODE = 'PD061', MESSAGE = 'Berkas lebih dari 2 GB. Pecah per kecamatan, lalu kirim satu per satu.',
			HINT = 'The file is larger than 2 GB. Split it by kecamatan and send the parts one by one.';
	ELSIF ending IS NULL OR ending NOT IN ('csv', 'tsv', 'txt', 'xlsx', 'xlsm') THEN
		RAISE EXCEPTION USING ERRCODE = 'PD062',
			MESSAGE = format('Berkas %s tidak dapat dibaca. Kirim XLSX, CSV, TSV, atau TXT; dari Excel lama atau LibreOffice: Simpan Sebagai .xlsx.', coalesce('.' || ending, 'ini')),
			HINT = format('A %s file cannot be read. Send XLSX, CSV, TSV or TXT; from an old Excel or LibreOffice: Save As .xlsx.', coalesce('.' || ending, '(nameless)'));
	END IF;
	DELETE FROM padan.uploads u WHERE u.district = padan.web_district() AND u.expires_at < clock_timestamp();
	IF (SELECT count(*) >= 20 OR sum(u.bytes) + a_bytes > 6000000000 FROM padan.uploads u WHERE u.district = padan.web_district()
			AND u.who = padan.actor() AND u.office IS NOT DISTINCT FROM padan.web_office() AND u.state IN ('receiving', 'complete')) THEN
		RAISE EXCEPTION USING ERRCODE = 'PD063', MESSAGE = 'Terlalu banyak berkas yang belum selesai; selesaikan atau hapus yang lama dahulu.',
			HINT = 'Too many files are not finished; finish or drop earlier ones first.';
	END IF;
	INSERT INTO padan.uploads (district, office, file_name, bytes) VALUES (padan.web_district(), padan.web_office(), a_file_name, a_bytes) RETURNING * INTO made;
	RETURN made;
END
$$;

-- Bytes have come, up to here; or it turned out to be nothing that can be read.
CREATE OR REPLACE FUNCTION padan.web_upload_received(a_upload text, a_received bigint, a_refused_id text, a_refused_en text) RETURNS padan.uploads
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	mine padan.uploads := padan.web_my_upload(a_upload);
BEGIN
	UPDATE padan.uploads u SET received = greatest(u.received, a_received),
			state = CASE WHEN u.state <> 'receiving' THEN u.state WHEN a_refused_id IS NOT NULL THEN 'refused'
				WHEN greatest(u.received, a_received) >= u.bytes THEN 'complete' ELSE u.state END,
			refused_id = coalesce(a_refused_id, u.refused_id), refused_en = coalesce(a_refused_en, u.refused_en)
		WHERE u.district = mine.district AND u.upload = mine.upload RETURNING * INTO mine;
	RETURN mine;
END
$$;

-- What became of it.
CREATE OR REPLACE FUNCTION padan.web_upload_used(a_upload text, a_list bigint) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	mine padan.uploads := padan.web_my_upload(a_upload);
BEGIN
	UPDATE padan.uploads u SET state = 'used', list = a_list WHERE u.district = mine.district AND u.upload = mine.upload;
	PERFORM padan.web_changed('list', a_list, (SELECT l.office FROM padan.lists l WHERE l.district = mine.district AND l.list = a_list));
	RETURN (SELECT to_jsonb(l.state) FROM padan.lists l WHERE l.district = mine.district AND l.list = a_list);
END
$$;

-- Called off by its sender.
CREATE OR REPLACE FUNCTION padan.web_upload_drop(a_upload text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	mine padan.uploads := padan.web_my_upload(a_upload);
BEGIN
	DELETE FROM padan.uploads u WHERE u.district = mine.district AND u.upload = mine.upload;
END
$$;

-- ---- Lists and periods ----

CREATE OR REPLACE FUNCTION padan.web_withdraw_list(a_list bigint, a_reason text, a_version text, OUT status integer, OUT body jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	l padan.list_status;
BEGIN
	SELECT * INTO l FROM padan.list_status x WHERE x.district = padan.web_district() AND x.list = a_list;
	IF l.list IS NULL OR NOT (padan.web_role() = 'administrator' OR coalesce(l.office = padan.web_office(), false)) THEN
		PERFORM padan.web_absent();
	ELSIF coalesce(a_reason, '') = '' OR length(a_reason) > 500 THEN
		RAISE EXCEPTION USING ERRCODE = 'PD020', MESSAGE = 'Penarikan memerlukan alasan, paling banyak 500 huruf.', HINT = 'Withdrawing needs a reason of at most 500 letters.';
	ELSIF l.state NOT IN ('received', 'working', 'done') THEN
		status := 409;
		body := padan.web_problem(409, 'conflict', format('Daftar ini berstatus %s; tidak dapat ditarik.', l.state),
			format('This list is %s; it cannot be withdrawn.', l.state), padan.web_list(l));
		RETURN;
	ELSIF a_version IS NOT NULL AND a_version <> padan.web_list(l) ->> 'version' THEN
		status := 412;
		body := padan.web_problem(412, 'stale', 'Daftar ini baru saja berubah.', 'This list has just changed.', padan.web_list(l));
		RETURN;
	END IF;
	PERFORM padan.withdraw_list(l.district, a_list, a_reason);
	PERFORM padan.audit('list.withdraw', 'list', ARRAY[a_list]);
	PERFORM padan.web_changed('list', a_list, l.office);
	SELECT * INTO l FROM padan.list_status x WHERE x.district = padan.web_district() AND x.list = a_list;
	status := 200;
	body := padan.web_list(l);
END
$$;

CREATE OR REPLACE FUNCTION padan.web_change_period(a_period text, a_state text, a_reason text, a_version text, OUT status integer, OUT body jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	now_is jsonb;
BEGIN
	IF padan.web_role() IS DISTINCT FROM 'administrator' OR padan.period_day(a_period) IS NULL THEN
		PERFORM padan.web_absent();
	ELSIF a_state IS NULL OR a_state NOT IN ('open', 'closed') OR coalesce(a_reason, '') = '' OR length(a_reason) > 500 THEN
		RAISE EXCEPTION USING ERRCODE = 'PD020', MESSAGE = 'Sebutkan open atau closed, dan alasannya (paling banyak 500 huruf).',
			HINT = 'Say open or closed, and why (at most 500 letters).';
	END IF;
	PERFORM pg_advisory_xact_lock(hashtextextended(concat_ws('.', 'period', padan.web_district(), a_period), 0));
	now_is := padan.web_period(a_period);
	IF a_version IS NOT NULL AND a_version <> now_is ->> 'version' THEN
		status := 412;
		body := padan.web_problem(412, 'stale', 'Periode ini baru saja diubah orang lain.', 'Somebody else has just changed this period.', now_is);
		RETURN;
	END IF;
	INSERT INTO padan.periods (district, period, state, changed_by, reason) VALUES (padan.web_district(), a_period, a_state, padan.actor(), a_reason)
		ON CONFLICT (district, period) DO UPDATE SET state = excluded.state, changed_by = excluded.changed_by, reason = excluded.reason,
			changed_at = clock_timestamp();
	PERFORM padan.web_redecide();
	PERFORM padan.audit('period.' || CASE a_state WHEN 'open' THEN 'open' ELSE 'close' END, 'period', NULL, jsonb_build_object('period', a_period));
	PERFORM padan.web_changed('period', 0);
	status := 200;
	body := padan.web_period(a_period);
END
$$;

-- ---- who may call and read them, beside padan_daemon (migrations/0006_grants.sql) ----
GRANT EXECUTE ON FUNCTION padan.web_upload, padan.web_my_upload, padan.web_upload_begin, padan.web_upload_received,
	padan.web_upload_used, padan.web_upload_drop, padan.web_withdraw_list, padan.web_change_period TO padan_web;
