-- $1 name, $2 version, $3 counters
INSERT INTO padan.daemons (worker, version, counters) SELECT $1, $2, $3::jsonb FROM padan.came_home()
ON CONFLICT (worker) DO UPDATE SET version = excluded.version, counters = excluded.counters, seen_at = clock_timestamp(),
	started_at = CASE WHEN padan.daemons.seen_at < clock_timestamp() - interval '60 s'
		OR (padan.daemons.counters->>'jobs_claimed_total')::bigint > (excluded.counters->>'jobs_claimed_total')::bigint
		THEN clock_timestamp() ELSE padan.daemons.started_at END
