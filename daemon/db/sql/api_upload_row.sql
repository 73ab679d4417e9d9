-- $1 upload: what its handlers want to know, and what files of this office are read by.
SELECT u.upload, u.file_name, u.bytes, u.received, u.state, padan.web_upload(u) AS json, padan.web_config() AS config,
	m.header::text AS header, m.mapping::text AS mapping,
	(SELECT string_agg(s.kind || ':' || s.code, ' ' ORDER BY s.kind, s.code) FROM (
		SELECT 'programme' AS kind, p.programme AS code FROM padan.programmes p WHERE p.district = u.district AND p.active
			AND (padan.web_office() IS NULL OR p.office = padan.web_office())
		UNION ALL SELECT 'reference', r.reference FROM padan.reference_lists r WHERE r.district = u.district AND r.active
			AND (padan.web_office() IS NULL OR r.office = padan.web_office())) s) AS subjects
FROM padan.web_my_upload($1) u
LEFT JOIN LATERAL (SELECT c.header, c.mapping FROM padan.column_mappings c WHERE c.district = u.district AND c.office = padan.web_office()
	ORDER BY c.used_at DESC LIMIT 1) m ON true
