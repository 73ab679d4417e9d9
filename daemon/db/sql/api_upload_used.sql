-- $1 upload, $2 the list that it became.
SELECT padan.web_upload_used($1, $2::bigint)
