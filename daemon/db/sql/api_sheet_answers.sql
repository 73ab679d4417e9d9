-- $1 sheet, $2 answers as JSON.
SELECT d.body AS json, d.status FROM padan.web_sheet_answers($1::bigint, $2::jsonb) d
