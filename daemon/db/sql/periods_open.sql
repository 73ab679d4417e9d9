-- Of each list of a register, whether its period still waits for others: $1 district.
SELECT l.list, o.open
FROM (SELECT period, padan.period_is_open($1, period) AS open
	FROM (SELECT DISTINCT period FROM padan.lists WHERE district = $1 AND state IN ('done', 'withdrawn')) p) o
JOIN padan.lists l ON l.district = $1 AND l.period = o.period AND l.state IN ('done', 'withdrawn')
