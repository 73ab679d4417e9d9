-- What handlers of settings begin with.
SELECT c.config, c.version, c.applied_at, c.applied_by FROM padan.web_configuration() c
