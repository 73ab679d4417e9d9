-- Tables that grow with every list no longer look up their district for each row: its partitions of entries exist only once it does,
-- districts are never deleted, and only the daemon and the functions here write these tables. Half the time of writing
-- persons and households went there.

ALTER TABLE padan.persons DROP CONSTRAINT persons_district_fkey;
ALTER TABLE padan.households DROP CONSTRAINT households_district_fkey;
ALTER TABLE padan.identity_history DROP CONSTRAINT identity_history_district_fkey;
ALTER TABLE padan.flags DROP CONSTRAINT flags_district_fkey;
