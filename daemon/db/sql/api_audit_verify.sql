-- The trail's chain of hashes.
SELECT padan.web_audit_verify() AS json
