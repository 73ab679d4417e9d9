-- $1 district or NULL: what waits or runs, and what failed in the last week.
SELECT j.district, j.job, j.kind, j.list, j.state, j.stage, j.rows_done, j.rows_total, j.attempts, j.worker,
	extract(epoch FROM clock_timestamp() - j.created_at)::bigint AS age_seconds,
	j.state = 'running' AND j.lease_until < clock_timestamp() AS lease_expired, j.error_id, j.error_en
FROM padan.jobs j
WHERE ($1::integer IS NULL OR j.district = $1::integer)
	AND (j.state IN ('ready', 'running') OR j.state = 'failed' AND j.finished_at > clock_timestamp() - interval '7 days')
ORDER BY j.district, j.job
LIMIT 1000
