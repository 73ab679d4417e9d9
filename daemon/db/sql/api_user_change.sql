-- $1 user, $2 what is to be another.
SELECT padan.web_user_change($1::bigint, $2::jsonb) AS json
