-- A learnt model: $1 district, $2 model.
SELECT contents, coalesce((learnt_on->>'rows')::bigint, 0) FROM padan.models WHERE district = $1 AND model = $2
