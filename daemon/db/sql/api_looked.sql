-- $1 kind (household, person), $2 its id, $3 after (a number of the trail), $4 limit: who saw or changed it.
SELECT padan.web_looked($1, $2::bigint, $3::bigint, $4::integer) AS json
