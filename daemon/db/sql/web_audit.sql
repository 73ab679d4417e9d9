-- $1 what was done, $2 kind and $3 numbers of what it was done to, $4 more words as JSON, $5 the client's address, $6 whether the answer need not
-- wait for the disk.
SELECT padan.audit($1, $2, $3::bigint[], $4::jsonb, $5), CASE WHEN $6::boolean THEN set_config('synchronous_commit', 'off', true) END
