-- $1 district, $2 kind, $3 subject, $4 period, $5 office, $6 path, $7 SHA-256, $8 bytes, $9 decree's number
SELECT b.list, b.duplicate, (SELECT extract(epoch FROM l.received_at) FROM padan.lists l
	WHERE l.district = $1::integer AND l.list = b.list AND l.door = 'inbox' AND l.file_name = $6),
	(SELECT max(j.job) FROM padan.jobs j WHERE j.district = $1::integer AND j.list = b.list AND j.kind = 'list')
FROM padan.begin_list($1::integer, $2, $3, $4, $5, 'inbox/' || $5, 'inbox', $6, $7::bytea, $8::bigint, $9, NULL) b
