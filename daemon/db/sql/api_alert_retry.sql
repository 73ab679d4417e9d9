-- $1 alert.
SELECT d.body AS json, d.status FROM padan.web_alert_retry($1::bigint) d
