-- $1 sheet, $2 what its workbook says: [{"flag", "result", "note"}], $3 who was at the doors. The same file sent again has the same answers. unknown: rows
-- about flags that are not on this sheet. Where nothing is left to send, "answers" is empty.
WITH rows AS (
	SELECT r.flag, r.result, coalesce(r.note, '') AS note, v.item
	FROM jsonb_to_recordset($2::jsonb) AS r (flag bigint, result text, note text)
	LEFT JOIN padan.sheet_visits v ON v.district = (SELECT padan.web_district()) AND v.sheet = $1::bigint AND v.flag = r.flag
), answers AS (
	SELECT coalesce(jsonb_agg(jsonb_build_object('id', md5(concat_ws('|', (SELECT padan.web_district()), $1::text, r.item, r.result, r.note, $3::text))::uuid, 'item', r.item,
		'result', r.result, 'note', r.note, 'verifier', $3::text, 'at', clock_timestamp()) ORDER BY r.item), '[]') AS json
	FROM rows r WHERE r.item IS NOT NULL
)
SELECT a.json AS answers, (SELECT count(*) FROM rows WHERE item IS NULL) AS unknown FROM answers a
WHERE EXISTS (SELECT FROM padan.sheets s WHERE s.district = (SELECT padan.web_district()) AND s.sheet = $1::bigint)
