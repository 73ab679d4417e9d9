-- $1 district: periods of the last lists that still wait, with the programmes they wait for.
SELECT p.period, string_agg(p.programme, ', ' ORDER BY p.programme) AS programmes
FROM (SELECT DISTINCT l.period, g.programme
	FROM padan.lists l JOIN padan.programmes g ON g.district = l.district AND g.active
	WHERE l.district = $1::integer AND l.kind = 'programme' AND l.state = 'done'
		AND padan.period_is_open(l.district, l.period)
		AND padan.period_awaits(l.district, l.period, g.programme)) p
GROUP BY p.period ORDER BY p.period
