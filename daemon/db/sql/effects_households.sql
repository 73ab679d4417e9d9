-- Ids that came up: $1 district, $2 and $3 the first and last of each range, $4 list, or 0.
INSERT INTO padan.households (district, household, first_list)
SELECT $1::integer, id, $4::bigint
FROM unnest($2::bigint[], $3::bigint[]) AS r (first, last), generate_series(r.first, r.last) AS id
