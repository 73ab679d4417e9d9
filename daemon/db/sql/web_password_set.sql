-- $1 the new password as argon2id, $2 hash of the session that goes on.
SELECT padan.web_password_set($1, decode($2, 'hex'))
