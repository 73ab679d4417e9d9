-- $1 the language that the pages are to have for the caller wherever he logs in.
SELECT 204 AS status, NULL AS json FROM (SELECT padan.web_set_lang($1)) s
