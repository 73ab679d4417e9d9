-- The districts whose jobs this daemon ($1) finished last, at most $2; the last one last.
SELECT j.district FROM (
	SELECT w.district, max(w.job) AS newest FROM padan.jobs w WHERE w.worker = $1 AND w.state = 'done'
	GROUP BY w.district ORDER BY newest DESC LIMIT $2::integer) j
ORDER BY j.newest
