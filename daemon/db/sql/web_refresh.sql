-- Counts and queues of the pages, where they are no longer of today. One district's is nobody else's business.
SELECT count(*) FILTER (WHERE padan.web_refresh(d.district)) FROM padan.districts d
