-- $1 upload: how far it is.
SELECT padan.web_upload(u) AS json FROM padan.web_my_upload($1) u
