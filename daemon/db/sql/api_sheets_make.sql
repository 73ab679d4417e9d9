-- $1 villages, $2 kinds, $3 states as JSON, $4 visits a sheet.
SELECT padan.web_sheets_make($1::jsonb, $2::jsonb, $3::jsonb, $4::integer) AS json, 201 AS status
