-- $1 pair, $2 verdict, $3 reason, $4 version.
SELECT d.body AS json, d.status FROM padan.web_decide_pair($1, $2, $3, $4) d
