-- For tests: the web's role writes nothing by itself.
UPDATE padan.flags SET reason = 'x' WHERE false RETURNING '{}'::json AS json
