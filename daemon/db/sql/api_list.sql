-- $1 list: with its columns, versions, what changed since the version before, flags, rejects and notes by their texts.
WITH l AS MATERIALIZED (
	SELECT s.* FROM padan.list_status s WHERE s.district = (SELECT padan.web_district()) AND s.list = $1::bigint
), columns AS (
	SELECT coalesce(jsonb_agg(jsonb_build_object('column', h.n - 1, 'header', h.cell, 'role', coalesce(l.mapping ->> (h.n - 1)::text, 'ignore'),
		'sure', true) ORDER BY h.n), '[]') AS json
	FROM l, unnest(l.header) WITH ORDINALITY AS h (cell, n)
), versions AS (
	SELECT v.list, v.period, v.state, coalesce(v.current, false) AS current, v.received_at, v.rows_accepted, v.sender, v.door,
		v.period = l.period AS same_period, v.list = l.list AS this
	FROM l JOIN padan.list_status v ON v.district = l.district AND v.kind = l.kind AND v.subject = l.subject
		AND (v.period = l.period OR v.period_from < l.period_from AND v.state = 'done')
), shown AS (
	(SELECT * FROM versions WHERE same_period)
	UNION ALL
	(SELECT * FROM versions WHERE NOT same_period ORDER BY period DESC, list DESC LIMIT 1)
), flags AS (
	SELECT coalesce(jsonb_agg(jsonb_build_object('kind', c.kind, 'count', c.n, 'finding', c.finding, 'to_check', c.to_check,
		'provisional', c.provisional) ORDER BY c.n DESC, c.kind), '[]') AS json
	FROM (SELECT f.kind, count(*) AS n, count(*) FILTER (WHERE f.state = 'finding') AS finding,
			count(*) FILTER (WHERE f.state = 'to_check') AS to_check, count(*) FILTER (WHERE f.state = 'provisional') AS provisional
		FROM padan.flags f, l WHERE f.district = l.district AND f.list = l.list AND f.status IN ('found', 'assigned', 'confirmed')
		GROUP BY f.kind) c
), rejects AS (
	-- "Baris 12, kolom 5: …": the same fault of other rows is counted with it.
	SELECT coalesce(jsonb_agg(jsonb_build_object('text', c.text, 'text_en', c.text_en, 'count', c.n) ORDER BY c.n DESC, c.text), '[]') AS json
	FROM (SELECT regexp_replace(r.reject, '^Baris [0-9]+[,:] *', '') AS text,
			min(regexp_replace(coalesce(r.reject_en, r.reject), '^(Line|Row) [0-9]+[,:] *', '')) AS text_en, count(*) AS n
		FROM padan.web_raw_rows r, l WHERE r.district = l.district AND r.list = l.list AND r.reject IS NOT NULL
			AND l.rows_rejected > 0
		GROUP BY 1 ORDER BY 3 DESC LIMIT 50) c
), facts AS (
	SELECT w.difference, w.notes FROM padan.web_list_facts w, l WHERE w.district = l.district AND w.list = l.list
)
SELECT padan.web_list(l::padan.list_status) || jsonb_build_object('columns', (SELECT json FROM columns), 'encoding', l.encoding, 'delimiter', l.delimiter,
	'sheet', l.sheet, 'bytes', l.bytes, 'sha256', encode(l.sha256, 'hex'), 'model', l.model,
	'versions', (SELECT jsonb_agg(jsonb_build_object('list', v.list, 'period', v.period, 'state', v.state, 'current', v.current,
		'received_at', v.received_at, 'rows_accepted', v.rows_accepted, 'sender', v.sender, 'door', v.door) ORDER BY v.period DESC, v.list DESC) FROM shown v),
	'difference', (SELECT f.difference FROM facts f),
	'flags_by_kind', (SELECT json FROM flags), 'rejects', (SELECT json FROM rejects), 'notes', coalesce((SELECT f.notes FROM facts f), '[]'),
	'may_withdraw', l.state IN ('received', 'working', 'done') AND (padan.web_role() = 'administrator'
		OR padan.web_role() IN ('office', 'token') AND l.office = padan.web_office())) AS json,
	l.list || '-' || l.state || '-' || coalesce(l.superseded_by, 0) AS etag
FROM l
