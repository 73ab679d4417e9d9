-- What the reader understood: $1 district, $2 list, $3 header, $4 mapping, $5 encoding, $6 delimiter, $7 sheet; remembered for the
-- office's next file.
WITH described AS (
	UPDATE padan.lists SET header = $3::text[], mapping = $4::jsonb, encoding = $5, delimiter = nullif($6, ''),
		sheet = nullif($7, '')
	WHERE district = $1::integer AND list = $2::bigint
	RETURNING district, office
)
INSERT INTO padan.column_mappings AS m (district, office, header, mapping)
SELECT district, office, $3::text[], $4::jsonb FROM described WHERE office IS NOT NULL
ON CONFLICT (district, office, header) DO UPDATE SET mapping = excluded.mapping, used_at = clock_timestamp()
