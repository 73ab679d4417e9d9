-- $1 token.
SELECT padan.web_token_revoke($1::bigint), 204 AS status
