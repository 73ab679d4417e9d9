SELECT worker, version, started_at, seen_at, extract(epoch FROM clock_timestamp() - seen_at)::bigint AS seen_seconds_ago,
	seen_at > clock_timestamp() - interval '60 s' AS alive, counters
FROM padan.daemons WHERE seen_at > clock_timestamp() - interval '7 days' ORDER BY worker
