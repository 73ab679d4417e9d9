-- Where each district's audit trail ends, for the log: its hash in groups of eight.
SELECT h.district, h.number, rtrim(regexp_replace(encode(h.hash, 'hex'), '(.{8})', '\1-', 'g'), '-')
FROM padan.audit_heads h ORDER BY h.district
