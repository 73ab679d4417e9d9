-- $1 hash of the session that asks, $2 true: all others of this user end instead.
SELECT padan.web_session_end(decode($1, 'hex'), $2::boolean)
