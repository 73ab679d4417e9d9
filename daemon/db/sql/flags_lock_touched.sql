-- Nobody decides about these flags while they are compared: $1 district. Those at touched entries and those that show. Each is looked up,
-- whatever the planner makes of tables that it knows nothing of: a list costs what it touches, not what is held.
SELECT count(*) FROM (
	SELECT a.flag FROM pg_temp.padan_touched t
		CROSS JOIN LATERAL (SELECT f.flag FROM padan.flags f WHERE f.district = $1 AND f.list = t.list AND f.row = t.row OFFSET 0) a
	UNION
	SELECT b.flag FROM pg_temp.padan_flags n
		CROSS JOIN LATERAL (SELECT f.flag FROM padan.flags f WHERE f.district = $1 AND f.key = n.key OFFSET 0) b
	ORDER BY 1) k
CROSS JOIN LATERAL (SELECT FROM padan.flags f WHERE f.district = $1 AND f.flag = k.flag FOR NO KEY UPDATE) locked
