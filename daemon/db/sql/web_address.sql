-- Where the web is reached ($1), for links that `padan user` prints.
INSERT INTO padan.web_address (url) VALUES ($1) ON CONFLICT (one) DO UPDATE SET url = $1, said_at = clock_timestamp()
