-- A password was wrong: $1 name, $2 address.
SELECT padan.web_login_failed($1, $2)
