-- Nobody decides about the flags that are about to change, nor about some of them in another order: $1 district. Those that stay as they are
-- are left to whoever decides about them.
SELECT count(*) FROM (SELECT s.flag FROM pg_temp.padan_standing s WHERE s.what <> 'same' ORDER BY s.flag) k
CROSS JOIN LATERAL (SELECT FROM padan.flags f WHERE f.district = $1 AND f.flag = k.flag FOR NO KEY UPDATE) locked
