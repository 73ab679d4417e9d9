-- Who saw or changed something about person $2 (or, $3, household) of district $1: by the person's own id, the households he stands in,
-- flags about them, lists that hold him and were shown or exported as a whole; and unmasked numbers of his entries.
WITH about AS (
	SELECT e.list, e.row, e.person, e.household FROM padan.entries e
	WHERE e.district = $1::integer AND (e.person = $2::bigint OR e.household = $3::bigint)
), ids AS (
	SELECT array_agg(DISTINCT person) || $2::bigint AS persons, array_agg(DISTINCT household) || $3::bigint AS households,
		array_agg(DISTINCT list) AS lists FROM about
), flags AS (
	SELECT array_agg(f.flag) AS flags FROM padan.flags f, ids
	WHERE f.district = $1::integer AND (f.person = ANY (ids.persons) OR f.household = ANY (ids.households))
)
SELECT t.at, t.who, t.action, t.kind, array_to_string(ARRAY(SELECT unnest(t.ids) LIMIT 5), ', ') AS ids,
	t.detail::jsonb ->> 'reason' AS reason, t.address
FROM padan.audit_trail t, ids, flags
WHERE t.district = $1::integer AND CASE t.kind
	WHEN 'person' THEN t.ids && ids.persons
	WHEN 'household' THEN t.ids && ids.households
	WHEN 'flag' THEN t.ids && flags.flags
	WHEN 'list' THEN t.ids && ids.lists
	ELSE false END
UNION ALL
SELECT u.at, u.who, 'unmask.' || u.what, CASE WHEN u.list IS NOT NULL THEN 'list' ELSE 'flag' END,
	coalesce(u.list || coalesce(':' || u.row, ''), u.flag::text), u.reason, ''
FROM padan.unmasking u, ids, flags
WHERE u.district = $1::integer AND (u.flag = ANY (flags.flags)
	OR (u.list = ANY (ids.lists) AND (u.row IS NULL OR (u.list, u.row) IN (SELECT a.list, a.row FROM about a))))
ORDER BY 1 DESC
LIMIT $4::integer
