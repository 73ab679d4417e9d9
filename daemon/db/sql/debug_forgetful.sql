-- For tests: everything there is, without asking whose it is. Row-level security has to.
SELECT json_build_object(
	'lists', (SELECT json_agg(l.list) FROM padan.lists l),
	'entries', (SELECT json_agg(json_build_array(e.list, e.row, e.village)) FROM padan.entries e),
	'raw_rows', (SELECT json_agg(DISTINCT r.list) FROM padan.web_raw_rows r),
	'flags', (SELECT json_agg(json_build_array(f.flag, f.list, f.other_list, f.village)) FROM padan.flags f),
	'flag_history', (SELECT json_agg(DISTINCT h.flag) FROM padan.flag_history h),
	'match_evidence', (SELECT json_agg(json_build_array(m.a_list, m.b_list)) FROM padan.match_evidence m),
	'persons', (SELECT count(*) FROM padan.persons p),
	'households', (SELECT count(*) FROM padan.households h),
	'members', (SELECT count(*) FROM padan.household_members m),
	'decisions', (SELECT count(*) FROM padan.decisions d),
	'alerts', (SELECT count(*) FROM padan.alerts a),
	'jobs', (SELECT json_agg(j.list) FROM padan.jobs j),
	'unmasking', (SELECT count(*) FROM padan.unmasking u),
	'audit', (SELECT count(*) FROM padan.audit_trail t),
	'config_history', (SELECT count(*) FROM padan.config_history c),
	'districts', (SELECT json_agg(d.district) FROM padan.districts d)) AS json
