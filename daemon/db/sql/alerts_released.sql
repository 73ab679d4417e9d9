-- Broken off because the daemon stops: the attempt does not count. $1 district, $2 alert, $3 fence
UPDATE padan.alerts SET lease_until = NULL, attempts = greatest(attempts - 1, 0)
WHERE district = $1 AND alert = $2 AND fence = $3 AND state = 'waiting'
