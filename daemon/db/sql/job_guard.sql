-- First statement of a job's writing transaction: $1 district, $2 job, $3 fence. The advisory lock says whose transaction it is
-- (jobs_stuck.sql).
SELECT padan.job_guard($1, $2, $3), set_config('padan.actor', 'padand', true),
	pg_advisory_xact_lock(hashtextextended(format('padan job %s:%s', $1::text, $2::text), 0))
