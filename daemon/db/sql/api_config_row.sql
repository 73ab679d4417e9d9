-- What handlers of settings begin with.
SELECT c.config, c.version, to_char(c.applied_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS applied_at, c.applied_by FROM padan.web_configuration() c
