-- All users of a district.
SELECT u.name, u.full_name, u.role, u.office, u.active,
	CASE WHEN u.villages IS NOT NULL THEN (SELECT string_agg(v.name, ', ' ORDER BY v.name) FROM padan.villages v
		WHERE v.district = u.district AND v.village = ANY (u.villages)) END AS villages,
	u.password IS NOT NULL AS has_password,
	(SELECT max(s.seen_at) FROM padan.web_sessions s WHERE s.district = u.district AND s."user" = u."user") AS seen_at
FROM padan.users u WHERE u.district = $1::integer
ORDER BY u.role, u.name
