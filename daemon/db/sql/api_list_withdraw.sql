-- $1 list, $2 reason, $3 version.
SELECT d.body AS json, d.status FROM padan.web_withdraw_list($1::bigint, $2, $3) d
