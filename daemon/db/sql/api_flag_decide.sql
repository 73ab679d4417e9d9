-- $1 flag, $2 status, $3 reason, $4 office, $5 version.
SELECT d.body AS json, d.status FROM padan.web_decide_flag($1::bigint, $2, $3, $4, $5) d
