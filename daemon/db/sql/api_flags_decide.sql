-- $1 flags as JSON, $2 status, $3 reason, $4 office.
SELECT d.body AS json, d.status FROM padan.web_decide_flags($1::jsonb, $2, $3, $4) d
