-- $1 upload.
SELECT padan.web_upload_drop($1)
