-- $1 NIK: entries of current lists that bear it and that the caller may see, in the order of ENTRY_COPY_OUT (daemon/jobs/entry_copy.h), then
-- which list each is and the open flags of its person by kind.
SELECT * FROM padan.web_check($1::bigint)
