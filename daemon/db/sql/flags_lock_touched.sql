-- Nobody decides about these flags while they are compared: $1 district. Those at touched entries and those that show.
SELECT count(*) FROM (
	SELECT FROM padan.flags f
	WHERE f.district = $1 AND f.flag IN (
		SELECT a.flag FROM pg_temp.padan_touched t
			JOIN padan.flags a ON a.district = $1 AND a.list = t.list AND a.row = t.row
		UNION
		SELECT b.flag FROM pg_temp.padan_flags n JOIN padan.flags b ON b.district = $1 AND b.key = n.key)
	ORDER BY f.flag
	FOR NO KEY UPDATE) locked
