-- $1 district, $2 list, $3 read, $4 accepted, $5 rejected, $6 model, $7 mapping as it was understood now, or NULL
UPDATE padan.lists SET rows_read = $3::bigint, rows_accepted = $4::bigint, rows_rejected = $5::bigint,
	model = nullif($6::bigint, 0), mapping = coalesce($7::jsonb, mapping)
WHERE district = $1 AND list = $2
