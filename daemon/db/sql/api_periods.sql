-- Periods that any list has or that were opened or closed, newest first.
WITH periods AS (
	SELECT l.period FROM padan.lists l WHERE l.district = (SELECT padan.web_district()) AND l.kind <> 'reference' AND l.state NOT IN ('refused', 'staging')
	UNION SELECT p.period FROM padan.periods p WHERE p.district = (SELECT padan.web_district())
	UNION SELECT e.period FROM padan.expected_programmes e WHERE e.district = (SELECT padan.web_district())
)
SELECT jsonb_build_object('items', coalesce(jsonb_agg(padan.web_period(p.period) ORDER BY padan.period_day(p.period) DESC, p.period DESC), '[]'),
	'next', NULL) AS json
FROM (SELECT period FROM periods ORDER BY padan.period_day(period) DESC, period DESC LIMIT 120) p
