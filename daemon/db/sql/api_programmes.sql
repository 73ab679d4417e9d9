-- The district's programmes, and who answers for them.
SELECT coalesce(json_agg(json_build_object('programme', p.programme, 'name', p.name, 'office', p.office, 'unit', p.unit,
	'active', p.active) ORDER BY p.programme), '[]') AS json
FROM padan.programmes p WHERE p.district = padan.web_district()
