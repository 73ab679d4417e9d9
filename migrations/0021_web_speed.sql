-- What pages cost in a district of a million entries: counts by indexes that hold nothing else, comparisons of versions made beforehand.

CREATE INDEX flags_open_list ON padan.flags (district, list) WHERE status IN ('found', 'assigned', 'confirmed');
CREATE INDEX flags_open_kind ON padan.flags (district, kind, state) WHERE status IN ('found', 'assigned', 'confirmed');
CREATE INDEX flags_provisional ON padan.flags (district, period) WHERE state = 'provisional' AND status IN ('found', 'assigned', 'confirmed');
CREATE INDEX flags_serious ON padan.flags (district, list) WHERE severity = 'high' AND status IN ('found', 'assigned') AND state <> 'provisional';
CREATE INDEX raw_rows_rejects ON padan.raw_rows (list, row) WHERE reject IS NOT NULL;

-- A list against the version before it, and what was noted in its rows; made once, when the list is done.
CREATE TABLE padan.web_list_facts (
	district integer NOT NULL,
	list bigint NOT NULL,
	before bigint,
	difference jsonb,
	notes jsonb NOT NULL,
	PRIMARY KEY (district, list)
);
ALTER TABLE padan.web_list_facts ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY everything ON padan.web_list_facts TO padan_owner, padan_daemon, padan_reader USING (true) WITH CHECK (true);
CREATE POLICY web_reads ON padan.web_list_facts FOR SELECT TO padan_web USING (district = (SELECT padan.web_district())
	AND ((SELECT padan.web_sees_all()) OR list = ANY ((SELECT padan.web_lists())::bigint[])));
GRANT SELECT ON padan.web_list_facts TO padan_web;

-- The version before: of the same period, or the period before it.
CREATE FUNCTION padan.web_list_before(a_district integer, a_list bigint) RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT v.list FROM padan.lists l JOIN padan.lists v ON v.district = l.district AND v.kind = l.kind AND v.subject = l.subject AND v.state = 'done'
		AND (v.period, v.list) < (l.period, l.list)
	WHERE l.district = a_district AND l.list = a_list
	ORDER BY v.period DESC, v.list DESC LIMIT 1
$$;

CREATE FUNCTION padan.web_refresh_lists(a_district integer) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	one record;
BEGIN
	DELETE FROM padan.web_list_facts w WHERE w.district = a_district AND NOT EXISTS (
		SELECT FROM padan.lists l WHERE l.district = a_district AND l.list = w.list AND l.state IN ('done', 'withdrawn')
			AND w.before IS NOT DISTINCT FROM padan.web_list_before(a_district, l.list));
	FOR one IN SELECT l.list, padan.web_list_before(a_district, l.list) AS before FROM padan.lists l
			WHERE l.district = a_district AND l.state = 'done' AND NOT EXISTS (SELECT FROM padan.web_list_facts w WHERE w.district = a_district AND w.list = l.list) LOOP
		INSERT INTO padan.web_list_facts (district, list, before, difference, notes)
			SELECT a_district, one.list, one.before, CASE WHEN one.before IS NOT NULL THEN (
				SELECT jsonb_build_object('before', one.before, 'added', count(*) FILTER (WHERE o.person IS NULL), 'left', count(*) FILTER (WHERE n.person IS NULL),
					'changed', count(*) FILTER (WHERE n.prints <> o.prints), 'same', count(*) FILTER (WHERE n.prints = o.prints))
				FROM (SELECT e.person, sum(e.fingerprint::numeric) AS prints FROM padan.entries e WHERE e.district = a_district AND e.list = one.list GROUP BY e.person) n
				FULL JOIN (SELECT e.person, sum(e.fingerprint::numeric) AS prints FROM padan.entries e WHERE e.district = a_district AND e.list = one.before GROUP BY e.person) o
					USING (person)) END,
				(SELECT coalesce(jsonb_agg(jsonb_build_object('text', c.note, 'text_en', c.note, 'count', c.n) ORDER BY c.n DESC, c.note), '[]')
				FROM (SELECT split_part(n.note, ':', 1) AS note, count(*) AS n FROM padan.entries e, unnest(e.notes) AS n (note)
					WHERE e.district = a_district AND e.list = one.list AND e.notes IS NOT NULL GROUP BY 1 ORDER BY 2 DESC LIMIT 50) c);
	END LOOP;
END
$$;

CREATE OR REPLACE FUNCTION padan.web_refresh(a_district integer) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	now_stamp text := padan.web_stamp(a_district);
BEGIN
	IF EXISTS (SELECT FROM padan.web_made m WHERE m.district = a_district AND m.stamp = now_stamp)
			OR NOT pg_try_advisory_xact_lock(hashtext('padan.web_refresh'), a_district) THEN
		RETURN false;
	END IF;
	PERFORM padan.web_refresh_reach(a_district);
	PERFORM padan.web_refresh_pairs(a_district);
	PERFORM padan.web_refresh_lists(a_district);
	PERFORM padan.web_refresh_figures(a_district);
	INSERT INTO padan.web_made (district, stamp, at) VALUES (a_district, now_stamp, clock_timestamp())
		ON CONFLICT (district) DO UPDATE SET stamp = excluded.stamp, at = excluded.at;
	PERFORM pg_notify('padan_web', a_district || ':*:figures:0');
	RETURN true;
END
$$;

-- Opinions are few and pairs many: they are counted once, not once for each pair.
CREATE OR REPLACE VIEW padan.web_open_pairs WITH (security_invoker = true) AS
	SELECT p.*, p.a_office IS DISTINCT FROM p.b_office AS across, coalesce(o.mine, 0) > 0 AS said, coalesce(o.others, 0) AS opinions,
		coalesce(o.unsure, 0) > 0 AS unsure
	FROM padan.web_pairs p
	LEFT JOIN (SELECT x.district, x.kind, x.low_fingerprint, x.high_fingerprint, count(*) FILTER (WHERE x.who = (SELECT padan.actor())) AS mine,
			count(*) FILTER (WHERE x.who <> (SELECT padan.actor())) AS others,
			count(*) FILTER (WHERE x.who = (SELECT padan.actor()) AND x.verdict = 'unsure') AS unsure
		FROM padan.pair_opinions x GROUP BY 1, 2, 3, 4) o
		ON o.district = p.district AND o.kind = p.kind AND o.low_fingerprint = p.low_fingerprint AND o.high_fingerprint = p.high_fingerprint
	WHERE NOT EXISTS (SELECT FROM padan.decisions d WHERE d.district = p.district AND d.kind = p.kind AND d.low_fingerprint = p.low_fingerprint
		AND d.high_fingerprint = p.high_fingerprint AND d.replaced_by IS NULL);

-- Who asks is asked once, not once for each pair.
CREATE OR REPLACE FUNCTION padan.web_review_progress() RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	WITH open AS (
		SELECT p.across, p.said, p.opinions, p.unsure FROM padan.web_open_pairs p
		WHERE p.district = (SELECT padan.web_district()) AND ((SELECT padan.web_sees_all()) OR p.a_office = (SELECT padan.web_office()) OR p.b_office = (SELECT padan.web_office()))
	), made AS (
		SELECT d.decided_at, d.decided_by = (SELECT padan.actor()) AS mine FROM padan.decisions d
		WHERE d.district = (SELECT padan.web_district()) AND d.undone_at IS NULL AND d.decided_at > clock_timestamp() - interval '14 days'
			AND ((SELECT padan.web_sees_all()) OR d.a_list = ANY ((SELECT padan.web_lists())::bigint[]) OR d.b_list = ANY ((SELECT padan.web_lists())::bigint[]))
	), pace AS (
		-- Of one's own last 50 within four hours; less than five say nothing.
		SELECT CASE WHEN count(*) >= 5 THEN (count(*) - 1) * 3600 / greatest(extract(epoch FROM max(decided_at) - min(decided_at)), 60) END AS per_hour
		FROM (SELECT decided_at FROM made WHERE mine AND decided_at > clock_timestamp() - interval '4 hours' ORDER BY decided_at DESC LIMIT 50) m
	), left_over AS (
		SELECT count(*) FILTER (WHERE NOT said AND ((SELECT padan.web_sees_all()) OR NOT across)) AS n, count(*) FILTER (WHERE across AND NOT said) AS across,
			count(*) FILTER (WHERE NOT said AND opinions > 0) AS second, count(*) FILTER (WHERE unsure) AS unsure FROM open
	)
	SELECT jsonb_build_object('left', l.n, 'left_across', l.across, 'left_second', l.second, 'unsure', l.unsure,
		'decided_today', (SELECT count(*) FROM made WHERE decided_at >= current_date),
		'decided_by_me_today', (SELECT count(*) FROM made WHERE mine AND decided_at >= current_date),
		'decided_week', (SELECT count(*) FROM made WHERE decided_at > clock_timestamp() - interval '7 days'),
		'per_hour', round(p.per_hour::numeric, 1), 'hours_left', round((l.n / nullif(p.per_hour, 0))::numeric, 1),
		'days', (SELECT jsonb_agg(jsonb_build_object('period', g.day::date, 'value', (SELECT count(*) FROM made WHERE decided_at::date = g.day::date)) ORDER BY g.day)
			FROM generate_series(current_date - 13, current_date, interval '1 day') AS g (day)))
	FROM left_over l, pace p
$$;
