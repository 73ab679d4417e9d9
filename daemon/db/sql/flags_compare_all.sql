-- The same where every flag was decided anew: all that no longer show are gone. $1 district.
INSERT INTO pg_temp.padan_standing (flag, key, what)
SELECT f.flag, f.key, CASE WHEN n.key IS NULL THEN 'gone'
	WHEN f.status = 'resolved' OR (f.basis, f.severity, f.certainty, f.state, f.list, f.row, f.other_list, f.other_row,
			f.rule, f.person, f.household, f.programme, f.village)
		IS DISTINCT FROM (n.basis, n.severity, n.certainty, n.state, n.list, n.row, n.other_list, n.other_row,
			n.rule, n.person, n.household, n.programme, n.village)
	THEN 'other' ELSE 'same' END
FROM padan.flags f LEFT JOIN pg_temp.padan_flags n ON n.key = f.key
WHERE f.district = $1 AND (n.key IS NOT NULL OR f.status <> 'resolved')
