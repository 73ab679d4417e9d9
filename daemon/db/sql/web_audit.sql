-- $1 what was done, $2 kind and $3 numbers of what it was done to, $4 more words as JSON, $5 the client's address.
SELECT padan.audit($1, $2, $3::bigint[], $4::jsonb, $5)
