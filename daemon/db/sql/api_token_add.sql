-- $1 name, $2 office, $3 scopes as JSON, $4 days, $5 hash of the token.
SELECT padan.web_token_add($1, $2, $3::jsonb, $4::integer, decode($5, 'hex')) AS json
