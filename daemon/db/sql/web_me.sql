-- Who is logged in, for the pages. $1: the CSRF token of his session.
SELECT json_build_object('name', padan.actor(), 'role', padan.web_role(), 'csrf', $1::text,
	'district', (SELECT json_build_object('code', d.code, 'number', d.district, 'name', d.name) FROM padan.districts d
		WHERE d.district = padan.web_district()),
	'office', (SELECT json_build_object('code', o.office, 'name', o.name) FROM padan.offices o
		WHERE o.district = padan.web_district() AND o.office = padan.web_office()),
	'villages', (SELECT coalesce(json_agg(json_build_object('code', v.village::text, 'name', v.name, 'kecamatan', v.kecamatan)
		ORDER BY v.village), '[]') FROM padan.villages v
		WHERE v.district = padan.web_district() AND v.village = ANY (padan.web_villages()))) AS json
