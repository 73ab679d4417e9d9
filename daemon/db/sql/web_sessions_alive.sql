-- Which of these sessions ($1, an array) still hold.
SELECT unnest(padan.web_sessions_alive($1::bigint[]))
