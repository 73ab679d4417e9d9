-- $1 name, $2 full name, $3 role, $4 office, $5 villages as JSON, $6 hash of the link's token.
SELECT padan.web_user_add($1, $2, $3, $4, $5::jsonb, decode($6, 'hex')) AS json
