-- The lists a register is made of, in the order they were worked on: $1 district. One whose withdrawal still waits for its job
-- is among them, so that the job can take it out.
SELECT l.list, l.kind, l.subject, to_char(coalesce(l.decree_date, l.period_from), 'YYYYMMDD')
FROM padan.lists l
WHERE l.district = $1 AND (l.state = 'done' OR l.state = 'withdrawn' AND EXISTS (
	SELECT FROM padan.jobs j
	WHERE j.district = l.district AND j.list = l.list AND j.kind = 'withdraw' AND j.state IN ('ready', 'running')))
ORDER BY (SELECT min(j.job) FROM padan.jobs j WHERE j.district = l.district AND j.list = l.list AND j.kind = 'list'), l.list
