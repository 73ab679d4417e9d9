-- $1 sheet, $2 version.
SELECT d.body AS json, d.status FROM padan.web_sheet_close($1::bigint, $2) d
