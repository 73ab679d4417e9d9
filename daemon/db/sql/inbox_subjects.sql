-- What lists there can be, and how this office's last header was understood: $1 district as the folder tells it (0: the only
-- one there is), $2 office. The first row is the district itself.
WITH d AS (
	SELECT district, config FROM padan.districts
	WHERE district = $1::integer OR $1::integer = 0 AND (SELECT count(*) FROM padan.districts) = 1
), m AS (
	SELECT header, mapping FROM padan.column_mappings c JOIN d USING (district)
	WHERE c.office = $2 ORDER BY c.used_at DESC LIMIT 1
)
SELECT '' AS kind, d.district::text, d.config, EXISTS (SELECT FROM padan.offices o WHERE o.district = d.district
		AND o.office = $2 AND o.active)::text,
	(SELECT string_agg(o.office, ', ' ORDER BY o.office) FROM padan.offices o WHERE o.district = d.district AND o.active),
	m.header::text, m.mapping::text, to_char(clock_timestamp(), 'YYYY')
FROM d LEFT JOIN m ON true
UNION ALL
SELECT 'programme', p.programme, NULL, NULL, NULL, NULL, NULL, NULL FROM padan.programmes p JOIN d USING (district) WHERE p.active
UNION ALL
SELECT 'reference', r.reference, NULL, NULL, NULL, NULL, NULL, NULL FROM padan.reference_lists r JOIN d USING (district) WHERE r.active
ORDER BY 1, 2
