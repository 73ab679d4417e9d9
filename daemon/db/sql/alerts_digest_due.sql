-- Districts without a digest for that day: $1 YYYY-MM-DD
SELECT d.district, d.config FROM padan.districts d
WHERE NOT EXISTS (SELECT FROM padan.alerts a
	WHERE a.district = d.district AND a.key IN ('digest:' || $1::text || ':smtp', 'digest:' || $1::text || ':webhook'))
