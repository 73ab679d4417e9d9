-- A list could not be used: its office and Bappeda are told, by mail. $1 district, $2 list, $3 why
INSERT INTO padan.alerts (district, key, kind, channel, recipient, list, payload)
SELECT l.district, 'refused:' || l.list || ':' || r.recipient || ':smtp', 'list_refused', 'smtp', r.recipient, l.list,
	jsonb_build_object('list', l.list, 'list_kind', l.kind, 'subject', l.subject, 'period', l.period, 'office', l.office,
		'reason', $3::text)
FROM padan.lists l
LEFT JOIN padan.offices o ON o.district = l.district AND o.office = l.office
CROSS JOIN LATERAL (VALUES ('bappeda'), (CASE WHEN o.email IS NOT NULL THEN o.office END)) AS r (recipient)
WHERE l.district = $1 AND l.list = $2 AND r.recipient IS NOT NULL
ON CONFLICT (district, key) DO NOTHING
