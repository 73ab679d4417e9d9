-- $1 model.
SELECT jsonb_build_object('model', m.model, 'contents', m.contents) AS json FROM padan.models m
WHERE m.district = (SELECT padan.web_district()) AND m.model = $1::bigint
