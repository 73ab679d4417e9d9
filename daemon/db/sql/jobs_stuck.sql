-- A worker that froze within its writing transaction holds its job's row for ever, and nobody could claim it: its connection is
-- ended. Whoever merely writes for long is told apart by still saying that he lives. $1 lease.
SELECT j.job, pg_terminate_backend(l.pid)
FROM padan.jobs j
JOIN padan.daemons d ON d.worker = j.worker
JOIN pg_locks l ON l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
	AND l.classid::bigint << 32 | l.objid::bigint = hashtextextended(format('padan job %s:%s', j.district, j.job), 0)
WHERE j.state = 'running' AND j.lease_until < clock_timestamp() - interval '1 s'
	AND d.seen_at < clock_timestamp() - $1::interval - interval '1 s'
