-- A model that was learnt, in use from now on: $1 district, $2 text, $3 rows it was learnt from, $4 rows held.
INSERT INTO padan.models (district, contents, learnt_on, in_use)
VALUES ($1::integer, $2, jsonb_build_object('rows', $3::bigint, 'held', $4::bigint), true)
RETURNING model
