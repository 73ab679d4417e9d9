-- Model versions, newest first; the shipped one last.
SELECT jsonb_build_object('items', coalesce((SELECT jsonb_agg(jsonb_build_object('model', m.model, 'made_at', m.made_at, 'in_use', m.in_use, 'learnt_on', m.learnt_on,
		'lists', (SELECT count(*) FROM padan.lists l WHERE l.district = m.district AND l.model = m.model)) ORDER BY m.model DESC)
		FROM padan.models m WHERE m.district = (SELECT padan.web_district())), '[]')
	|| jsonb_build_array(jsonb_build_object('model', NULL, 'made_at', NULL, 'learnt_on', '{}'::jsonb,
		'in_use', NOT EXISTS (SELECT FROM padan.models m WHERE m.district = (SELECT padan.web_district()) AND m.in_use),
		'lists', (SELECT count(*) FROM padan.lists l WHERE l.district = (SELECT padan.web_district()) AND l.state = 'done' AND l.model IS NULL))),
	'next', NULL) AS json
