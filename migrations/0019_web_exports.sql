-- What exports and settings need: lists' names at once, the configuration for administrators, the trail's chain checked here too.

-- What each list is, in codes, asked once for a whole export.
CREATE FUNCTION padan.web_list_words() RETURNS TABLE (list bigint, kind text, subject text, period text, rows_accepted bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT l.list, l.kind, l.subject, l.period, l.rows_accepted FROM padan.lists l WHERE l.district = padan.web_district()
$$;

-- The whole configuration: administrators alone.
CREATE FUNCTION padan.web_configuration() RETURNS TABLE (config text, version text, applied_at timestamptz, applied_by text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM padan.web_administers();
	RETURN QUERY SELECT d.config, left(encode(sha256(convert_to(d.config, 'UTF8')), 'hex'), 16), d.applied_at, d.applied_by
		FROM padan.districts d WHERE d.district = padan.web_district();
END
$$;

CREATE FUNCTION padan.web_forget_columns(a_office text, a_header jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF NOT (padan.web_role() = 'administrator' OR padan.web_role() = 'office' AND a_office = padan.web_office()) OR a_office IS NULL THEN
		PERFORM padan.web_absent();
	END IF;
	DELETE FROM padan.column_mappings m WHERE m.district = padan.web_district() AND m.office = a_office
		AND to_jsonb(m.header) = a_header;
	IF NOT FOUND THEN
		PERFORM padan.web_absent();
	END IF;
	PERFORM padan.audit('columns.forget', NULL, NULL, jsonb_build_object('office', a_office));
END
$$;

-- Every row's hash is what its contents and the row before make it, and the last one is what the head says. `padan audit verify` does the
-- same without trusting the database.
CREATE FUNCTION padan.web_audit_verify() RETURNS jsonb
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

GRANT EXECUTE ON FUNCTION padan.web_list_words(), padan.web_configuration(), padan.web_forget_columns(text, jsonb), padan.web_audit_verify() TO padan_web;
