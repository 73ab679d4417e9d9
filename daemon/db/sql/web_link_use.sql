-- $1 hash of the link, $2 the password as argon2id.
SELECT district, who FROM padan.web_link_use(decode($1, 'hex'), $2)
