-- $1 office, $2 header as JSON.
SELECT padan.web_forget_columns($1, $2::jsonb), 204 AS status
