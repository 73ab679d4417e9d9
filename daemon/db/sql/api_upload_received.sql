-- $1 upload, $2 bytes that are there, $3 and $4 why it is refused.
SELECT padan.web_upload(u) AS json FROM padan.web_upload_received($1, $2::bigint, $3, $4) u
