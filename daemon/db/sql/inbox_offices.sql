-- The folders that the inbox should have.
SELECT CASE WHEN (SELECT count(*) FROM padan.districts) > 1 THEN d.code || '/' ELSE '' END || o.office
FROM padan.offices o JOIN padan.districts d USING (district)
WHERE o.active
ORDER BY 1
