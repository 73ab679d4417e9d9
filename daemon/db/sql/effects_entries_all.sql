-- The same where they are many, or all: $1 district.
UPDATE padan.entries e SET person = c.person, household = c.household
FROM pg_temp.padan_changed c
WHERE e.district = $1 AND e.list = c.list AND e.row = c.row
	AND (e.person IS DISTINCT FROM c.person OR e.household IS DISTINCT FROM c.household)
