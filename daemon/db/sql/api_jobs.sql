-- What waits or runs, and what failed in the last week.
SELECT jsonb_build_object('items', coalesce(jsonb_agg(jsonb_build_object('job', j.job, 'kind', j.kind, 'list', j.list, 'state', j.state,
	'progress', jsonb_build_object('stage', j.stage, 'rows_done', j.rows_done, 'rows_total', j.rows_total,
		'ahead', (SELECT count(*) FROM padan.jobs b WHERE b.district = j.district AND b.job < j.job AND b.state IN ('ready', 'running')), 'attempts', j.attempts,
		'failed', CASE WHEN j.error_id IS NOT NULL THEN jsonb_build_object('text', j.error_id, 'text_en', coalesce(j.error_en, j.error_id)) END),
	'created_at', j.created_at, 'started_at', j.started_at, 'finished_at', j.finished_at) ORDER BY j.job), '[]'), 'next', NULL) AS json
FROM (SELECT * FROM padan.jobs j WHERE j.district = (SELECT padan.web_district())
	AND (j.state IN ('ready', 'running') OR j.state = 'failed' AND j.finished_at > clock_timestamp() - interval '7 days') ORDER BY j.job LIMIT 200) j
