-- Files on their way through the web: how far each is, whose it is, what became of it. Their bytes lie in a folder of the daemon's.

ALTER TABLE padan.lists DROP CONSTRAINT lists_door_check;
ALTER TABLE padan.lists ADD CONSTRAINT lists_door_check CHECK (door IN ('cli', 'inbox', 'sql', 'web'));

CREATE TABLE padan.uploads (
	district integer NOT NULL,
	upload uuid NOT NULL DEFAULT gen_random_uuid(),
	who text NOT NULL DEFAULT padan.actor(),
	office text, -- of whoever sends it
	file_name text NOT NULL,
	bytes bigint NOT NULL,
	received bigint NOT NULL DEFAULT 0,
	state text NOT NULL DEFAULT 'receiving' CHECK (state IN ('receiving', 'complete', 'used', 'refused')),
	refused_id text,
	refused_en text,
	list bigint, -- what it became
	made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	expires_at timestamptz NOT NULL DEFAULT clock_timestamp() + interval '48 hours',
	PRIMARY KEY (district, upload)
);
ALTER TABLE padan.uploads ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY everything ON padan.uploads TO padan_owner, padan_daemon, padan_reader USING (true) WITH CHECK (true);
CREATE POLICY web_reads ON padan.uploads FOR SELECT TO padan_web USING (district = (SELECT padan.web_district())
	AND who = (SELECT padan.actor()) AND office IS NOT DISTINCT FROM (SELECT padan.web_office()));
GRANT SELECT ON padan.uploads TO padan_web;

CREATE FUNCTION padan.web_upload(u padan.uploads) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS $$
	SELECT jsonb_build_object('upload', u.upload, 'file_name', u.file_name, 'bytes', u.bytes, 'received', u.received, 'state', u.state,
		'refused', CASE WHEN u.refused_id IS NOT NULL THEN jsonb_build_object('text', u.refused_id, 'text_en', u.refused_en) END,
		'list', u.list, 'expires_at', u.expires_at)
$$;

-- The caller's own upload; absent for anybody else's and for what is none.
CREATE FUNCTION padan.web_my_upload(a_upload text) RETURNS padan.uploads
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

CREATE FUNCTION padan.web_upload_begin(a_file_name text, a_bytes bigint) RETURNS padan.uploads
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
CREATE FUNCTION padan.web_upload_received(a_upload text, a_received bigint, a_refused_id text, a_refused_en text) RETURNS padan.uploads
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

CREATE FUNCTION padan.web_upload_used(a_upload text, a_list bigint) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	mine padan.uploads := padan.web_my_upload(a_upload);
BEGIN
	UPDATE padan.uploads u SET state = 'used', list = a_list WHERE u.district = mine.district AND u.upload = mine.upload;
	PERFORM padan.web_changed('list', a_list, (SELECT l.office FROM padan.lists l WHERE l.district = mine.district AND l.list = a_list));
	RETURN (SELECT to_jsonb(l.state) FROM padan.lists l WHERE l.district = mine.district AND l.list = a_list);
END
$$;

CREATE FUNCTION padan.web_upload_drop(a_upload text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	mine padan.uploads := padan.web_my_upload(a_upload);
BEGIN
	DELETE FROM padan.uploads u WHERE u.district = mine.district AND u.upload = mine.upload;
END
$$;

-- Also what columns are called: files are read by it.
CREATE OR REPLACE FUNCTION padan.web_config() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT string_agg(part, E'\n') FROM padan.districts d, regexp_split_to_table(d.config, '\n(?=\s*\[)') AS part
	WHERE d.district = padan.web_district() AND part ~ '^\s*\[(district|office|programme|reference|rule|target|thresholds|period|columns)\M'
$$;

GRANT EXECUTE ON FUNCTION padan.web_upload(padan.uploads), padan.web_my_upload(text), padan.web_upload_begin(text, bigint),
	padan.web_upload_received(text, bigint, text, text), padan.web_upload_used(text, bigint), padan.web_upload_drop(text) TO padan_web;
