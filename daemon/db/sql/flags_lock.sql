-- Nobody decides about these flags while they are compared: $1 district, $2 everything is looked at.
SELECT count(*) FROM (
	SELECT FROM padan.flags f
	WHERE f.district = $1 AND ($2::boolean
		OR EXISTS (SELECT FROM pg_temp.padan_touched t WHERE t.list = f.list AND t.row = f.row)
		OR EXISTS (SELECT FROM pg_temp.padan_flags n WHERE n.key = f.key))
	ORDER BY f.flag
	FOR NO KEY UPDATE) locked
