UPDATE padan.households h SET became = i.new_id
FROM pg_temp.padan_identity i
WHERE i.kind = 'household' AND i.what = 'merge' AND h.district = $1 AND h.household = i.old_id
