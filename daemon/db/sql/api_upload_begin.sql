-- $1 the file's name, $2 its bytes.
SELECT padan.web_upload(u) AS json, 201 AS status, '/api/v1/uploads/' || u.upload AS location FROM padan.web_upload_begin($1, $2::bigint) u
