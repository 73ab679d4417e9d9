-- Rows set aside after they were read: $1 district, $2 list, $3 rows, $4 and $5 why
UPDATE padan.raw_rows SET reject = $4, reject_en = $5
WHERE district = $1 AND list = $2 AND row = ANY ($3::integer[]) AND reject IS NULL
