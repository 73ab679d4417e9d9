-- What becomes of the flags that stand already, each looked up once, whatever the planner makes of tables that it knows nothing of: a list
-- costs what it touches, not what is held. Those of touched entries that no longer show are gone; those that show are the same as before, or
-- other. $1 district.
INSERT INTO pg_temp.padan_standing (flag, key, what)
SELECT a.flag, a.key, 'gone' FROM pg_temp.padan_touched t
	CROSS JOIN LATERAL (SELECT f.flag, f.key FROM padan.flags f
		WHERE f.district = $1 AND f.list = t.list AND f.row = t.row AND f.status <> 'resolved' OFFSET 0) a
WHERE NOT EXISTS (SELECT FROM pg_temp.padan_flags n WHERE n.key = a.key)
UNION ALL
SELECT b.flag, b.key, CASE WHEN b.status = 'resolved' OR (b.basis, b.severity, b.certainty, b.state, b.list, b.row, b.other_list, b.other_row,
			b.rule, b.person, b.household, b.programme, b.village)
		IS DISTINCT FROM (n.basis, n.severity, n.certainty, n.state, n.list, n.row, n.other_list, n.other_row,
			n.rule, n.person, n.household, n.programme, n.village)
	THEN 'other' ELSE 'same' END
FROM pg_temp.padan_flags n
	CROSS JOIN LATERAL (SELECT * FROM padan.flags f WHERE f.district = $1 AND f.key = n.key OFFSET 0) b
