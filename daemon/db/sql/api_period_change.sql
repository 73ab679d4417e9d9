-- $1 period, $2 state, $3 reason, $4 version.
SELECT d.body AS json, d.status FROM padan.web_change_period($1, $2, $3, $4) d
