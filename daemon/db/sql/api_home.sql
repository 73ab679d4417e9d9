-- $1 seen: from now on "since" is now. Figures of the caller's role with their trend (by days, on the first day by lists), what waits for him, what happened.
WITH me AS MATERIALIZED (
	SELECT padan.web_district() AS district, padan.web_role() AS role, coalesce(padan.web_office(), '') AS office, padan.web_visit(coalesce($1::boolean, false)) AS since
), progress AS MATERIALIZED (
	SELECT CASE WHEN me.role <> 'verifier' THEN padan.web_review_progress() END AS json FROM me
), wanted (n, role, code, unit, better, text, text_en, link) AS (
	VALUES (1, 'administrator', 'left_out', 'count', 'down', 'Keluarga sasaran belum menerima', 'Target households left out', '/temuan?kind=EXCLUSION'),
		(2, 'administrator', 'doubtful_pairs', 'count', 'down', 'Pasangan meragukan', 'Doubtful pairs', '/periksa'),
		(3, 'administrator', 'open_flags', 'count', 'down', 'Temuan terbuka', 'Open flags', '/temuan'),
		(1, 'bappeda', 'reached_share', 'share', 'up', 'Keluarga sasaran terjangkau', 'Target households reached', '/cakupan'),
		(2, 'bappeda', 'left_out', 'count', 'down', 'Keluarga sasaran belum menerima', 'Target households left out', '/temuan?kind=EXCLUSION'),
		(3, 'bappeda', 'open_flags', 'count', 'down', 'Temuan terbuka', 'Open flags', '/temuan'),
		(1, 'office', 'open_flags', 'count', 'down', 'Temuan di daftar kami', 'Flags in our lists', '/temuan'),
		(2, 'office', 'overlaps', 'count', 'down', 'Tumpang tindih yang dilarang', 'Forbidden overlaps', '/temuan?kind=OVERLAP'),
		(3, 'office', 'rejected_share', 'share', 'down', 'Baris yang ditolak', 'Rows rejected', '/daftar')
), past AS (
	SELECT w.n, f.day, f.value, row_number() OVER (PARTITION BY w.n ORDER BY f.day DESC) AS back
	FROM me JOIN wanted w ON w.role = me.role JOIN padan.web_figures f ON f.district = me.district AND f.code = w.code
		AND f.office = CASE WHEN me.role = 'office' THEN me.office ELSE '' END
), steps AS (
	SELECT w.n, s.list, s.value, l.period, row_number() OVER (PARTITION BY w.n ORDER BY s.list DESC) AS back
	FROM me JOIN wanted w ON w.role = me.role JOIN padan.web_figure_steps s ON s.district = me.district AND s.code = w.code
		AND s.office = CASE WHEN me.role = 'office' THEN me.office ELSE '' END
		JOIN padan.lists l ON l.district = s.district AND l.list = s.list
), visits AS (
	SELECT coalesce(sum(f.n) FILTER (WHERE f.status IN ('found', 'assigned')), 0) AS left_to_see,
		(SELECT count(*) FROM padan.flags d WHERE d.district = me.district AND d.decided_at > clock_timestamp() - interval '30 days'
			AND d.status IN ('confirmed', 'dismissed') AND d.kind <> 'DATA_QUALITY') AS seen,
		coalesce(sum(f.n), 0) AS n
	FROM me LEFT JOIN padan.web_flag_counts f ON f.district = me.district AND me.role = 'verifier' AND f.kind <> 'DATA_QUALITY' AND f.status <> 'resolved'
	GROUP BY me.district
), figures AS (
	SELECT w.n, jsonb_build_object('code', w.code, 'text', w.text, 'text_en', w.text_en, 'unit', w.unit, 'better', w.better, 'link', w.link,
		'value', coalesce((SELECT p.value FROM past p WHERE p.n = w.n AND p.back = 1), CASE w.unit WHEN 'count' THEN 0 END),
		'by', CASE WHEN d.days THEN 'day' ELSE 'list' END,
		'before', CASE WHEN d.days THEN (SELECT p.value FROM past p WHERE p.n = w.n AND p.back = 2) ELSE (SELECT s.value FROM steps s WHERE s.n = w.n AND s.back = 2) END,
		'trend', coalesce(CASE WHEN d.days THEN (SELECT jsonb_agg(jsonb_build_object('period', p.day, 'value', p.value) ORDER BY p.day) FROM past p WHERE p.n = w.n AND p.back <= 30)
			ELSE (SELECT jsonb_agg(jsonb_build_object('period', s.period, 'value', s.value) ORDER BY s.list) FROM steps s WHERE s.n = w.n AND s.back <= 30) END, '[]')) AS json
	FROM me JOIN wanted w ON w.role = me.role CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM past p WHERE p.n = w.n AND p.back = 2) AS days) d
	UNION ALL
	SELECT x.n, jsonb_build_object('code', x.code, 'text', x.text, 'text_en', x.text_en, 'unit', x.unit, 'better', x.better, 'link', '/verifikasi',
		'value', x.value, 'by', 'day', 'before', NULL, 'trend', '[]'::jsonb)
	FROM me, visits v, LATERAL (VALUES
		(1, 'visits_left', 'Temuan di desa saya', 'Flags in my villages', 'count', 'down', v.left_to_see::double precision),
		(2, 'visits_done', 'Diputuskan 30 hari ini', 'Decided in 30 days', 'count', 'up', v.seen::double precision),
		(3, 'visits_share', 'Sudah diputuskan', 'Decided', 'share', 'up', v.seen::double precision / nullif(v.n, 0))) AS x (n, code, text, text_en, unit, better, value)
	WHERE me.role = 'verifier'
), waits (n, code, text, text_en, count, link, urgent) AS (
	SELECT 1, 'second_opinions', 'pasangan menunggu pendapat kedua', 'pairs wait for a second opinion', (p.json ->> 'left_second')::bigint, '/periksa?second=true', true
		FROM me, progress p WHERE me.role <> 'verifier'
	UNION ALL
	SELECT 2, 'pairs', 'pasangan meragukan untuk diputuskan', 'doubtful pairs to decide', (p.json ->> 'left')::bigint, '/periksa', false
		FROM me, progress p WHERE me.role <> 'verifier'
	UNION ALL
	SELECT 3, 'assigned', 'temuan ditugaskan kepada kami', 'flags assigned to us', sum(f.n), '/temuan?status=assigned&assigned_to=' || me.office, true
		FROM me JOIN padan.web_flag_counts f ON f.district = me.district AND f.status = 'assigned' AND f.assigned_to = me.office
		WHERE me.role = 'office' GROUP BY me.office
	UNION ALL
	SELECT 4, 'flags', 'temuan berat belum diputuskan', 'serious flags not decided yet', sum(f.n), '/temuan?severity=high&status=undecided', false
		FROM me JOIN padan.web_flag_counts f ON f.district = me.district AND f.severity = 'high' AND f.status IN ('found', 'assigned') AND f.state <> 'provisional'
	UNION ALL
	SELECT 5, 'refused_lists', 'daftar ditolak dalam 30 hari', 'lists refused in 30 days', count(*), '/daftar?state=refused', true
		FROM me JOIN padan.lists l ON l.district = me.district AND l.state = 'refused' AND l.received_at > clock_timestamp() - interval '30 days'
		WHERE me.role IN ('administrator', 'office')
			AND NOT EXISTS (SELECT FROM padan.lists n WHERE n.district = l.district AND n.kind = l.kind AND n.subject = l.subject AND n.period = l.period
				AND n.list > l.list AND n.state IN ('received', 'working', 'done'))
	UNION ALL
	SELECT 6, 'rejects', 'baris ditolak untuk diperbaiki', 'rejected rows to mend', sum(l.rows_rejected)::bigint, '/daftar?current=true', false
		FROM me JOIN padan.list_status l ON l.district = me.district AND l.current AND l.rows_rejected > 0 WHERE me.role IN ('administrator', 'office')
	UNION ALL
	SELECT 7, 'lists', 'daftar masih ditunggu periode terakhir', 'lists still awaited for the last period', count(*), '/daftar/periode', false
		FROM me CROSS JOIN LATERAL (SELECT l.period FROM padan.lists l WHERE l.district = me.district AND l.kind = 'programme' AND l.state = 'done'
			ORDER BY l.period_from DESC, l.list DESC LIMIT 1) n
		CROSS JOIN LATERAL jsonb_array_elements(padan.web_period(n.period) -> 'programmes') a
		WHERE (a.value ->> 'expected')::boolean AND me.role IN ('administrator', 'bappeda', 'office') AND (me.role <> 'office' OR a.value ->> 'office' = me.office)
	UNION ALL
	SELECT 8, 'alerts', 'pemberitahuan gagal terkirim', 'alerts that could not be sent', count(*), '/pengaturan/pemberitahuan', true
		FROM me JOIN padan.alerts a ON a.district = me.district AND a.state = 'dead' WHERE me.role = 'administrator'
	UNION ALL
	SELECT 9, 'visits', 'temuan untuk dicek di lapangan', 'flags to check at the door', v.left_to_see, '/verifikasi', false FROM me, visits v WHERE me.role = 'verifier'
), happened AS (
	(SELECT coalesce(l.withdrawn_at, l.done_at) AS at, CASE l.state WHEN 'done' THEN 'list_done' WHEN 'refused' THEN 'list_refused' ELSE 'list_withdrawn' END AS code,
		CASE l.state WHEN 'done' THEN 'diperiksa' WHEN 'refused' THEN 'ditolak' ELSE 'ditarik' END AS text,
		CASE l.state WHEN 'done' THEN 'was checked' WHEN 'refused' THEN 'was refused' ELSE 'was withdrawn' END AS text_en,
		coalesce(l.withdrawn_by, l.sender) AS who, l.list, l.rows_accepted AS count, '/daftar/' || l.list AS link, l.subject || ' ' || l.period AS what,
		CASE WHEN l.withdrawn_by IS NULL THEN l.door END AS door
	FROM me JOIN padan.lists l ON l.district = me.district AND l.state IN ('done', 'refused', 'withdrawn') AND coalesce(l.withdrawn_at, l.done_at) IS NOT NULL
		AND me.role <> 'verifier'
	ORDER BY 1 DESC LIMIT 15)
	UNION ALL
	(SELECT max(f.decided_at), 'flags_decided', 'memutuskan temuan', 'decided flags', f.decided_by, NULL, count(*), '/temuan?status=all', '', NULL
	FROM me JOIN padan.flags f ON f.district = me.district AND f.decided_at > clock_timestamp() - interval '14 days'
	GROUP BY f.decided_by, date_trunc('day', f.decided_at) ORDER BY 1 DESC LIMIT 10)
	UNION ALL
	(SELECT max(d.decided_at), 'pair_decided', 'memutuskan pasangan', 'decided pairs', d.decided_by, NULL, count(*), '/periksa/putusan', '', NULL
	FROM me JOIN padan.decisions d ON d.district = me.district AND d.decided_at > clock_timestamp() - interval '14 days' AND d.undone_at IS NULL
	GROUP BY d.decided_by, date_trunc('day', d.decided_at) ORDER BY 1 DESC LIMIT 10)
	UNION ALL
	(SELECT p.changed_at, 'period_' || CASE p.state WHEN 'closed' THEN 'closed' ELSE 'opened' END, CASE p.state WHEN 'closed' THEN 'menutup periode ' ELSE 'membuka periode ' END || p.period,
		CASE p.state WHEN 'closed' THEN 'closed period ' ELSE 'opened period ' END || p.period, p.changed_by, NULL, NULL, '/daftar/periode', '', NULL
	FROM me JOIN padan.periods p ON p.district = me.district ORDER BY 1 DESC LIMIT 5)
), kinds AS (
	SELECT f.kind, sum(f.n) AS n, coalesce(sum(f.n) FILTER (WHERE f.state = 'finding'), 0) AS finding,
		coalesce(sum(f.n) FILTER (WHERE f.state = 'to_check'), 0) AS to_check, coalesce(sum(f.n) FILTER (WHERE f.state = 'provisional'), 0) AS provisional
	FROM me JOIN padan.web_flag_counts f ON f.district = me.district AND f.status IN ('found', 'assigned', 'confirmed') GROUP BY f.kind HAVING sum(f.n) > 0
)
SELECT jsonb_build_object('figures', (SELECT coalesce(jsonb_agg(f.json ORDER BY f.n), '[]') FROM figures f),
	'waiting', (SELECT coalesce(jsonb_agg(jsonb_build_object('code', w.code, 'text', w.text, 'text_en', w.text_en, 'count', w.count, 'link', w.link,
		'urgent', w.urgent) ORDER BY w.urgent DESC, w.n), '[]') FROM waits w WHERE w.count > 0),
	'since', me.since,
	'happened', (SELECT coalesce(jsonb_agg(jsonb_build_object('at', h.at, 'code', h.code, 'text', ltrim(h.what || ' ' || h.text), 'text_en', ltrim(h.what || ' ' || h.text_en),
		'who', h.who, 'door', h.door, 'list', h.list, 'count', h.count, 'link', h.link) ORDER BY h.at DESC), '[]') FROM (SELECT * FROM happened ORDER BY at DESC LIMIT 20) h),
	'lists_working', (SELECT coalesce(jsonb_agg(padan.web_list(l::padan.list_status) ORDER BY l.list), '[]') FROM padan.list_status l
		WHERE l.district = me.district AND l.state IN ('staging', 'received', 'working') AND me.role <> 'verifier'),
	'flags_by_kind', (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', k.kind, 'count', k.n, 'finding', k.finding, 'to_check', k.to_check,
		'provisional', k.provisional) ORDER BY k.n DESC, k.kind), '[]') FROM kinds k),
	'empty', NOT EXISTS (SELECT FROM padan.lists l WHERE l.district = me.district AND l.state = 'done')) AS json
FROM me
