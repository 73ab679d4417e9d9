-- The table that this transaction made becomes the district's partition, with its indexes: $1 district.
SELECT padan.attach_entries($1)
