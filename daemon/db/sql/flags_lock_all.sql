-- Nobody decides about the district's flags while they are compared: $1 district.
SELECT count(*) FROM (
	SELECT FROM padan.flags f WHERE f.district = $1 ORDER BY f.flag FOR NO KEY UPDATE) locked
