-- The configuration as text, for administrators.
SELECT jsonb_build_object('contents', c.config, 'version', c.version) AS json, c.version AS etag FROM padan.web_configuration() c
