UPDATE padan.persons p SET became = i.new_id
FROM pg_temp.padan_identity i
WHERE i.kind = 'person' AND i.what = 'merge' AND p.district = $1 AND p.person = i.old_id
