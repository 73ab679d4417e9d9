-- $1 list: whether there is one that the caller may see, with rejected rows.
SELECT l.list FROM padan.lists l WHERE l.district = (SELECT padan.web_district()) AND l.list = $1::bigint AND l.header IS NOT NULL
