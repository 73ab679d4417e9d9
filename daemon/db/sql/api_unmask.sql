-- $1 list, $2 row, $3 flag, $4 reason.
SELECT padan.web_unmask($1::bigint, $2::integer, $3::bigint, $4) AS json
