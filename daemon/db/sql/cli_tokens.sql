-- All tokens of a district.
SELECT t.token, t.office, t.name, array_to_string(t.scopes, ' ') AS scopes, t.made_at, t.expires_at, t.seen_at,
	t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > clock_timestamp()) AS active
FROM padan.api_tokens t WHERE t.district = $1::integer
ORDER BY t.token
