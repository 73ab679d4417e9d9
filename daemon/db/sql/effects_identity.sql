-- Merges and splits: $1 district, $2 list.
INSERT INTO padan.identity_history (district, kind, what, old_id, new_id, list)
SELECT $1::integer, kind, what, old_id, new_id, $2::bigint FROM pg_temp.padan_identity
