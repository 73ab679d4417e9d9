-- What became of an alert: $1 district, $2 alert, $3 fence, $4 delivered, $5 wait before the next attempt, $6 why not, $7 dead
UPDATE padan.alerts SET
	state = CASE WHEN $4::boolean THEN 'sent' WHEN $7::boolean THEN 'dead' ELSE 'waiting' END,
	sent_at = CASE WHEN $4::boolean THEN clock_timestamp() END,
	next_at = clock_timestamp() + $5::interval, lease_until = NULL, last_error = $6
WHERE district = $1 AND alert = $2 AND fence = $3 AND state = 'waiting'
