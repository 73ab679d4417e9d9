-- $1 reason.
SELECT jsonb_build_object('job', padan.web_train($1)) AS json, 202 AS status
