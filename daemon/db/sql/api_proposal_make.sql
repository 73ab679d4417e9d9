-- $1 note.
SELECT 201 AS status, padan.web_proposal_make($1) AS json
