-- Districts without a digest for their present day: number, configuration, day, hour. The database's clock and the district's own zone
-- count, as daemons stand elsewhere and their clocks differ: western, central and eastern Indonesia by the province's number.
SELECT d.district, d.config, to_char(n.local, 'YYYY-MM-DD'), extract(hour FROM n.local)::integer
FROM padan.districts d, LATERAL (SELECT clock_timestamp() AT TIME ZONE CASE
		WHEN d.district / 100 BETWEEN 81 AND 97 THEN 'Asia/Jayapura'
		WHEN d.district / 100 IN (51, 52, 53, 63, 64, 65) OR d.district / 100 BETWEEN 71 AND 76 THEN 'Asia/Makassar'
		ELSE 'Asia/Jakarta' END AS local) n
WHERE NOT EXISTS (SELECT FROM padan.alerts a
	WHERE a.district = d.district AND a.key IN ('digest:' || to_char(n.local, 'YYYY-MM-DD') || ':smtp',
		'digest:' || to_char(n.local, 'YYYY-MM-DD') || ':webhook'))
