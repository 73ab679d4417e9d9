-- Within a transaction that is rolled back: which periods wait for others once this list is done. $1 district, $2 list.
UPDATE padan.lists SET state = 'done' WHERE district = $1 AND list = $2 AND state = 'working'
