-- Whose one-time link that is ($1: hash of its token).
SELECT name, json_build_object('name', name, 'full_name', full_name, 'role', role, 'expires_at', expires_at) AS json
FROM padan.web_link(decode($1, 'hex'))
