-- What a register in memory must know to be up to date: $1 district.
SELECT d.applied_at::text, d.config, d.next_person, d.next_household,
	coalesce((SELECT j.job FROM padan.jobs j WHERE j.district = d.district AND j.state = 'done' ORDER BY j.job DESC LIMIT 1), 0),
	coalesce((SELECT m.model FROM padan.models m WHERE m.district = d.district AND m.in_use), 0)
FROM padan.districts d
WHERE d.district = $1
