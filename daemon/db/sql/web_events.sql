-- What goes on, for those who watch: jobs at work or just changed. District, the office whose list it is (empty: everybody's), the job.
SELECT j.district, coalesce(l.office, ''), j.job,
	json_build_object('job', j.job, 'kind', j.kind, 'state', j.state, 'stage', j.stage, 'rows_done', j.rows_done, 'rows_total', j.rows_total,
		'list', j.list, 'list_state', l.state, 'subject', l.subject, 'period', l.period)
FROM padan.jobs j LEFT JOIN padan.lists l USING (district, list)
WHERE j.state = 'running' OR (j.state = 'ready' AND j.created_at > clock_timestamp() - interval '10 seconds')
	OR j.finished_at > clock_timestamp() - interval '10 seconds'
ORDER BY j.district, j.job
LIMIT 200
