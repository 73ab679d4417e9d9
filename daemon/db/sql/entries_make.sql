-- Whether the district's table of entries was made just now: $1 district. It is filled, then attached (entries_attach.sql).
SELECT padan.make_entries($1)
