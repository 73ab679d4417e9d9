-- $1 district, $2 user, $3 hash of the new secret, $4 hash of the one the browser had, or NULL, $5 address, $6 "login" or "login.link".
SELECT padan.web_session_begin($1, $2, decode($3, 'hex'), decode($4, 'hex'), $5, $6)
