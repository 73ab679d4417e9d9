-- What the district has configured: the part of the vocabulary that is not in the program.
SELECT jsonb_build_object('district', (SELECT jsonb_build_object('district', d.district, 'code', d.code, 'name', d.name) FROM padan.districts d
		WHERE d.district = padan.web_district()),
	'offices', (SELECT coalesce(jsonb_agg(jsonb_build_object('office', o.office, 'name', o.name, 'email', o.email, 'active', o.active) ORDER BY o.office), '[]')
		FROM padan.offices o WHERE o.district = (SELECT padan.web_district())),
	'programmes', (SELECT coalesce(jsonb_agg(to_jsonb(p) - 'district' ORDER BY p.programme), '[]') FROM padan.programmes p
		WHERE p.district = (SELECT padan.web_district())),
	'references', (SELECT coalesce(jsonb_agg(to_jsonb(r) - 'district' ORDER BY r.reference), '[]') FROM padan.reference_lists r
		WHERE r.district = (SELECT padan.web_district())),
	'villages', (SELECT coalesce(jsonb_agg(jsonb_build_object('village', v.village, 'name', v.name, 'kecamatan', v.kecamatan) ORDER BY v.kecamatan, v.name), '[]')
		FROM padan.villages v WHERE v.district = (SELECT padan.web_district())),
	'rules', (SELECT coalesce(jsonb_agg(to_jsonb(r) - 'district' ORDER BY r.rule), '[]') FROM padan.rules r WHERE r.district = (SELECT padan.web_district())),
	'periods', (SELECT coalesce(jsonb_agg(l.period ORDER BY l.day DESC, l.period DESC), '[]') FROM (SELECT DISTINCT p.period, padan.period_day(p.period) AS day
		FROM padan.lists p WHERE p.district = (SELECT padan.web_district()) AND p.state = 'done') l)) AS json
