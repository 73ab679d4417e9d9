-- The audit trail of district $1 behind number $2, as texts in the order they are hashed; then the two hashes.
SELECT t.number, padan.audit_time(t.at), t."user", t.who, t.address, t.action, t.kind, t.ids, t.detail,
	encode(t.before_hash, 'hex'), encode(t.hash, 'hex')
FROM padan.audit_trail t WHERE t.district = $1::integer AND t.number > $2::bigint
ORDER BY t.number LIMIT 5000
