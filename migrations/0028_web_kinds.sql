-- One kind alone is an equality, so that the flags of that kind come in the page's order out of their index.
CREATE OR REPLACE FUNCTION padan.web_flags_wanted(a_kind text, a_programme text, a_kecamatan text, a_village bigint, a_state text, a_status text, a_severity text,
	a_from real, a_to real, a_list bigint, a_rule text, a_assigned_to text, a_period text, a_person bigint, a_household bigint,
	a_lists bigint[] DEFAULT NULL, a_office text DEFAULT NULL) RETURNS SETOF padan.flags
LANGUAGE sql STABLE AS $$
	SELECT f.* FROM padan.flags f
	WHERE f.district = (SELECT padan.web_district())
		AND (a_lists IS NULL OR f.list = ANY (a_lists) OR f.other_list = ANY (a_lists) OR f.assigned_to = a_office)
		AND (a_kind IS NULL OR CASE WHEN position(',' IN a_kind) = 0 THEN f.kind = upper(a_kind) ELSE f.kind = ANY (string_to_array(upper(a_kind), ',')) END)
		AND (a_programme IS NULL OR f.programme = ANY (string_to_array(a_programme, ',')))
		AND (a_kecamatan IS NULL OR f.village IN (SELECT v.village FROM padan.villages v WHERE lower(v.kecamatan) = lower(a_kecamatan)))
		AND (a_village IS NULL OR f.village = a_village)
		AND (a_state IS NULL OR f.state = a_state)
		AND CASE coalesce(a_status, 'open') WHEN 'open' THEN f.status IN ('found', 'assigned', 'confirmed') WHEN 'all' THEN true
			WHEN 'undecided' THEN f.status IN ('found', 'assigned') ELSE f.status = a_status END
		AND (a_severity IS NULL OR f.severity = a_severity)
		AND (a_from IS NULL OR f.certainty >= a_from) AND (a_to IS NULL OR f.certainty <= a_to)
		AND (a_list IS NULL OR f.list = a_list OR f.found_list = a_list)
		AND (a_rule IS NULL OR f.rule = a_rule)
		AND (a_assigned_to IS NULL OR coalesce(f.assigned_to, '-') = a_assigned_to)
		AND (a_period IS NULL OR f.period = a_period)
		AND (a_person IS NULL OR f.person = a_person) AND (a_household IS NULL OR f.household = a_household)
$$;

-- Whoever scrapes the metrics reads the counts that are there.
CREATE OR REPLACE FUNCTION padan.web_metrics() RETURNS TABLE (name text, label text, value double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT 'jobs', s.state, count(j.job) FROM unnest(ARRAY['ready', 'running', 'failed']) AS s (state)
		LEFT JOIN padan.jobs j ON j.state = s.state GROUP BY s.state
	UNION ALL SELECT 'oldest_ready_job_age_seconds', NULL,
		coalesce(extract(epoch FROM clock_timestamp() - min(j.created_at)), 0) FROM padan.jobs j WHERE j.state = 'ready'
	UNION ALL SELECT 'alerts', s.state, count(a.alert) FROM unnest(ARRAY['waiting', 'dead']) AS s (state)
		LEFT JOIN padan.alerts a ON a.state = s.state GROUP BY s.state
	UNION ALL SELECT 'oldest_waiting_alert_age_seconds', NULL,
		coalesce(extract(epoch FROM clock_timestamp() - min(a.created_at)), 0) FROM padan.alerts a WHERE a.state = 'waiting'
	UNION ALL SELECT 'open_flags', f.kind, sum(f.n) FROM padan.web_flag_counts f WHERE f.status IN ('found', 'assigned', 'confirmed') GROUP BY f.kind
		HAVING sum(f.n) > 0
	UNION ALL SELECT 'lists', l.state, count(*) FROM padan.lists l GROUP BY l.state
	UNION ALL SELECT 'sessions', NULL, count(*) FROM padan.web_sessions w
		WHERE w.ended_at IS NULL AND w.expires_at > clock_timestamp() AND w.seen_at > clock_timestamp() - interval '1 hour'
$$;
