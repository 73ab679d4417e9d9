-- $1 user, $2 hash of the link's token.
SELECT padan.web_user_link($1::bigint, decode($2, 'hex')) AS json
