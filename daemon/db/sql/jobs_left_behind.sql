-- Gives back the jobs that bear this daemon's name but are not among the fences it holds: $1 name, $2 fences. The attempt
-- counts, so that a job that ends its daemon is given up at last.
SELECT j.job, padan.job_hand_back(j.district, j.job, j.fence, interval '0',
	'padand berhenti mendadak ketika mengerjakannya.', 'padand ended suddenly while at it.', 1000)
FROM padan.jobs j
WHERE j.worker = $1 AND j.state = 'running' AND NOT j.fence = ANY ($2::bigint[])
