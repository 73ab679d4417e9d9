-- Persons looked for, and the numbers of one unmasked. Row-level security is the caller's.

-- Persons that fit, newest entry first; at most 500 are looked at. a_name: the canonical words; the first one must be
-- how a name begins, or another of it is given (NIK, KK, birth date or village narrow enough to look at every name
-- there).
CREATE OR REPLACE FUNCTION padan.web_search(a_nik bigint, a_kk bigint, a_words text[], a_birth integer, a_village bigint)
RETURNS TABLE (person bigint, list bigint, "row" integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
	d integer := padan.web_district();
	everything boolean := padan.web_sees_all();
	lists bigint[] := padan.web_lists();
	by_name boolean := a_nik IS NULL AND a_kk IS NULL AND a_village IS NULL AND a_words IS NOT NULL;
BEGIN
	RETURN QUERY EXECUTE format($q$
		SELECT DISTINCT ON (h.person) h.person, h.list, h.row FROM (
			SELECT e.person, e.list, e.row, l.period_from FROM padan.entries e JOIN padan.lists l USING (district, list)
			WHERE e.district = $1 AND l.state = 'done' AND ($2 OR e.list = ANY ($3)) %s %s %s %s %s %s LIMIT 5000) h
		ORDER BY h.person, h.period_from DESC, h.list DESC, h.row LIMIT 501 $q$,
		CASE WHEN a_nik IS NOT NULL THEN 'AND e.nik = $4' ELSE '' END,
		CASE WHEN a_kk IS NOT NULL THEN 'AND e.kk = $5' ELSE '' END,
		CASE WHEN by_name THEN format('AND e.name COLLATE "C" >= %L AND e.name COLLATE "C" < %L', a_words[1], a_words[1] || chr(1114109)) ELSE '' END,
		CASE WHEN a_words IS NOT NULL THEN 'AND (SELECT bool_and(position(w IN e.name) > 0) FROM unnest($6) w)' ELSE '' END,
		CASE WHEN a_birth IS NOT NULL THEN 'AND e.birth = $7' ELSE '' END,
		CASE WHEN a_village IS NOT NULL THEN 'AND e.village = $8' ELSE '' END)
		USING d, everything, lists, a_nik, a_kk, a_words, a_birth, a_village;
END
$$;

-- When the caller was here before; a_now: he is here now. A visit is over after an hour.
CREATE OR REPLACE FUNCTION padan.web_visit(a_now boolean) RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	before timestamptz;
BEGIN
	IF a_now THEN
		INSERT INTO padan.web_visits AS v (district, who, at) VALUES (padan.web_district(), padan.actor(), clock_timestamp())
			ON CONFLICT (district, who) DO UPDATE SET at = clock_timestamp(),
				before_at = CASE WHEN v.at < clock_timestamp() - interval '1 hour' THEN v.at ELSE v.before_at END
			WHERE v.at < clock_timestamp() - interval '1 minute';
	END IF;
	SELECT CASE WHEN v.at < clock_timestamp() - interval '1 hour' THEN v.at ELSE v.before_at END INTO before
		FROM padan.web_visits v WHERE v.district = padan.web_district() AND v.who = padan.actor();
	RETURN before;
END
$$;

-- Whole numbers of one entry, for a reason that is kept (padan.unmasking).
CREATE OR REPLACE FUNCTION padan.web_unmask(a_list bigint, a_row integer, a_flag bigint, a_reason text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	e padan.entries;
	l padan.list_status;
BEGIN
	SELECT * INTO e FROM padan.entries x WHERE x.district = padan.web_district() AND x.list = a_list AND x.row = a_row;
	IF e.list IS NULL OR NOT (padan.web_sees_all() OR padan.web_role() = 'office' AND e.list = ANY (padan.web_lists())) THEN
		PERFORM padan.web_absent();
	ELSIF length(trim(coalesce(a_reason, ''))) < 5 OR length(a_reason) > 500 THEN
		RAISE EXCEPTION USING ERRCODE = 'PD020', MESSAGE = 'Membuka nomor memerlukan alasan, 5 sampai 500 huruf; alasan ini dicatat.',
			HINT = 'Unmasking needs a reason of 5 to 500 letters; it is recorded.';
	END IF;
	SELECT * INTO l FROM padan.list_status x WHERE x.district = e.district AND x.list = e.list;
	PERFORM padan.record_unmasking(e.district, 'web', a_flag, a_list, a_row, 1, a_reason);
	PERFORM padan.audit('entry.unmask', 'person', ARRAY[e.person, coalesce(e.household, 0)], jsonb_build_object('list', a_list, 'row', a_row));
	RETURN padan.web_entry(e, l.kind, l.subject, l.period, coalesce(l.current, false), true, true);
END
$$;

-- ---- who may call and read them, beside padan_daemon (migrations/0006_grants.sql) ----
GRANT EXECUTE ON FUNCTION padan.web_search, padan.web_visit, padan.web_unmask TO padan_web;
