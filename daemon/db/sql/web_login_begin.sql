-- $1 name, $2 the client's address.
SELECT district, who, password, ceil(wait_seconds) FROM padan.web_login_begin($1, $2)
