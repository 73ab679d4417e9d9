-- $1 district, $2 settings before, $3 after: thresholds, alerts and words for columns, which stand in the configuration's text alone.
INSERT INTO padan.config_history (district, thing, code, before, after)
	SELECT d.district, 'settings', d.code, $2::jsonb, $3::jsonb FROM padan.districts d WHERE d.district = $1::integer
	RETURNING thing, code, before, after
