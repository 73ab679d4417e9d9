-- The model in use makes place for another: $1 district.
UPDATE padan.models SET in_use = false WHERE district = $1 AND in_use
