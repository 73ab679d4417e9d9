-- $1 proposal: the layout its file has.
SELECT p.proposal, l.header, l.delimiter
FROM padan.proposals p JOIN padan.lists l ON l.district = p.district AND l.list = p.target AND l.header IS NOT NULL
WHERE p.district = (SELECT padan.web_district()) AND p.proposal = $1::bigint
