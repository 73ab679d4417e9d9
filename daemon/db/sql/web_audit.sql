-- $1 what was done, $2 kind and $3 number of what it was done to, $4 more words as JSON, $5 the client's address.
SELECT padan.audit($1, $2, CASE WHEN $3::bigint IS NOT NULL THEN ARRAY[$3::bigint] END, $4::jsonb, $5)
