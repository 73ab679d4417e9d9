-- $1 decision.
SELECT d.body AS json, d.status FROM padan.web_undo_decision($1::bigint) d
