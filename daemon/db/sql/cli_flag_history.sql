-- $1 district, $2 flag
SELECT at, who, from_status, to_status, from_state, to_state, certainty, list, reason
FROM padan.flag_history WHERE district = $1::integer AND flag = $2::bigint ORDER BY change
