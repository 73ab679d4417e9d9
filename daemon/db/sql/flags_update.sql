-- Flags that show again and are other than they were: $1 district, $2 list or NULL. What a person decided stands as long as what it
-- rested on (basis) is the same, also of a flag that went away in between: withdrawing the list that settled it leaves it as it was.
UPDATE padan.flags f SET
	basis = n.basis, severity = n.severity, certainty = n.certainty, state = n.state,
	list = n.list, row = n.row, other_list = n.other_list, other_row = n.other_row, rule = n.rule,
	person = n.person, household = n.household, programme = n.programme, village = n.village, period = n.period,
	status = n.status, resolved_list = NULL, changed_list = $2::bigint, changed_at = clock_timestamp(),
	assigned_to = CASE WHEN n.status = 'assigned' THEN f.assigned_to END,
	decided_by = CASE WHEN n.status <> 'found' THEN f.decided_by END,
	decided_at = CASE WHEN n.status <> 'found' THEN f.decided_at END,
	reason = CASE WHEN n.status <> 'found' THEN f.reason END
FROM (
	SELECT new.*, l.period, old.flag,
		CASE
			WHEN old.status IN ('dismissed', 'confirmed') AND old.basis <> new.basis THEN 'found'
			WHEN old.status <> 'resolved' THEN old.status
			WHEN old.basis = new.basis THEN coalesce((
				SELECT h.from_status FROM padan.flag_history h
				WHERE h.district = $1 AND h.flag = old.flag ORDER BY h.change DESC LIMIT 1), 'found')
			ELSE 'found'
		END AS status
	FROM pg_temp.padan_standing s
	JOIN pg_temp.padan_flags new ON new.key = s.key
	CROSS JOIN LATERAL (SELECT * FROM padan.flags o WHERE o.district = $1 AND o.flag = s.flag OFFSET 0) old
	JOIN padan.lists l ON l.district = $1 AND l.list = new.list
	WHERE s.what = 'other'
) n
WHERE f.district = $1 AND f.flag = n.flag
