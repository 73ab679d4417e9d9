-- Rows set aside after they were read: $1 district, $2 list, $3 [{"row", "id", "en"}]: which, and why
UPDATE padan.raw_rows r SET reject = x.id, reject_en = x.en
FROM json_to_recordset($3::json) x (row integer, id text, en text)
WHERE r.district = $1 AND r.list = $2 AND r.row = x.row AND r.reject IS NULL
