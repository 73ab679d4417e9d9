-- $1 model (0: the shipped one), $2 reason.
SELECT jsonb_build_object('model', nullif($1::bigint, 0), 'made_at', m.made_at, 'in_use', true, 'learnt_on', coalesce(m.learnt_on, '{}'), 'lists', 0) AS json
FROM padan.web_model_use($1::bigint, $2) LEFT JOIN padan.models m ON m.district = (SELECT padan.web_district()) AND m.model = $1::bigint
