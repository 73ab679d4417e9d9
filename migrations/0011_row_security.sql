-- The web reads under row-level security: an administrator and Bappeda see their district, an office what it answers for, a verifier
-- the villages he walks. Whatever a statement of the web forgets to ask, these policies ask.
--
-- FORCE binds the owner as well, whose functions then need a policy of his own; so do the daemon and the readers, who see everything.
-- A policy's calls stand in sub-selects: they are asked once for a statement, not once for a row.

-- Numbers of the lists that an office answers for.
CREATE FUNCTION padan.web_lists() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT coalesce(array_agg(l.list), '{}') FROM padan.lists l
	WHERE l.district = padan.web_district() AND l.office = padan.web_office()
$$;
GRANT EXECUTE ON FUNCTION padan.web_lists() TO padan_web;

DO $$
DECLARE
	-- table, what the web may see of it
	policies CONSTANT text[][] := ARRAY[
		['districts', 'true'],
		['villages', 'true'],
		['offices', 'true'],
		['programmes', 'true'],
		['reference_lists', 'true'],
		['rules', 'true'],
		['periods', 'true'],
		['expected_programmes', 'true'],
		['config_history', '(SELECT padan.web_sees_all())'],
		['models', '(SELECT padan.web_sees_all())'],
		['column_mappings', '(SELECT padan.web_sees_all()) OR office = (SELECT padan.web_office())'],
		['lists', '(SELECT padan.web_sees_all()) OR office = (SELECT padan.web_office()) '
			'OR (state = ''done'' AND (SELECT padan.web_role()) = ''verifier'')'],
		['jobs', '(SELECT padan.web_sees_all()) OR list = ANY ((SELECT padan.web_lists())::bigint[])'],
		['entries', '(SELECT padan.web_sees_all()) OR list = ANY ((SELECT padan.web_lists())::bigint[]) '
			'OR village = ANY ((SELECT padan.web_villages())::bigint[])'],
		['match_evidence', '(SELECT padan.web_sees_all()) OR a_list = ANY ((SELECT padan.web_lists())::bigint[]) '
			'OR b_list = ANY ((SELECT padan.web_lists())::bigint[])'],
		['persons', '(SELECT padan.web_sees_all()) OR EXISTS (SELECT FROM padan.entries e '
			'WHERE e.district = persons.district AND e.person = persons.person)'],
		['households', '(SELECT padan.web_sees_all()) OR EXISTS (SELECT FROM padan.entries e '
			'WHERE e.district = households.district AND e.household = households.household)'],
		['identity_history', '(SELECT padan.web_sees_all())'],
		['decisions', '(SELECT padan.web_sees_all()) OR a_list = ANY ((SELECT padan.web_lists())::bigint[]) '
			'OR b_list = ANY ((SELECT padan.web_lists())::bigint[])'],
		['flags', '(SELECT padan.web_sees_all()) OR list = ANY ((SELECT padan.web_lists())::bigint[]) '
			'OR other_list = ANY ((SELECT padan.web_lists())::bigint[]) OR assigned_to = (SELECT padan.web_office()) '
			'OR village = ANY ((SELECT padan.web_villages())::bigint[])'],
		['flag_history', '(SELECT padan.web_sees_all()) OR EXISTS (SELECT FROM padan.flags f '
			'WHERE f.district = flag_history.district AND f.flag = flag_history.flag)'],
		['alerts', '(SELECT padan.web_sees_all()) OR recipient = (SELECT padan.web_office())'],
		['unmasking', '(SELECT padan.web_sees_all())'],
		['audit_trail', '(SELECT padan.web_role()) = ''administrator''']
	];
	one text[];
BEGIN
	FOREACH one SLICE 1 IN ARRAY policies LOOP
		EXECUTE format('ALTER TABLE padan.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', one[1]);
		EXECUTE format('CREATE POLICY everything ON padan.%I TO padan_owner, padan_daemon, padan_reader USING (true) WITH CHECK (true)', one[1]);
		EXECUTE format('CREATE POLICY web_reads ON padan.%I FOR SELECT TO padan_web USING (district = (SELECT padan.web_district()) AND (%s))',
			one[1], one[2]);
		CONTINUE WHEN one[1] IN ('districts', 'offices');
		EXECUTE format('GRANT SELECT ON padan.%I TO padan_web', one[1]);
	END LOOP;
END
$$;
-- The configuration's text and the roles of the SQL door are not the web's to see.
GRANT SELECT (district, code, name, applied_at, applied_by, target_office) ON padan.districts TO padan_web;
GRANT SELECT (district, office, name, email, active) ON padan.offices TO padan_web;
GRANT SELECT ON padan.list_transitions, padan.flag_transitions TO padan_web;

-- Rows as they came are written with COPY, which row-level security forbids: the web reads them through a view instead.
CREATE VIEW padan.web_raw_rows WITH (security_barrier) AS
	SELECT r.* FROM padan.raw_rows r
	WHERE r.district = (SELECT padan.web_district())
		AND ((SELECT padan.web_sees_all()) OR r.list = ANY ((SELECT padan.web_lists())::bigint[]));
GRANT SELECT ON padan.web_raw_rows TO padan_web;

-- Views look with the eyes of whoever asks.
ALTER VIEW padan.list_status SET (security_invoker = true);
ALTER VIEW padan.household_members SET (security_invoker = true);
ALTER VIEW padan.kk_history SET (security_invoker = true);
GRANT SELECT ON padan.list_status, padan.household_members, padan.kk_history TO padan_web;
