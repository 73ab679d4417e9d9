-- $1 district, $2 NIK, $3 KK, $4 words of the name as a text[] in canonical form, $5 birth (yyyymmdd), $6 village (code or
-- name), $7 how many persons. One row per person: his newest entry that fits, and all lists that he stands in.
WITH hits AS (
	SELECT DISTINCT ON (e.person) e.*
	FROM padan.entries e JOIN padan.lists l USING (district, list)
	WHERE e.district = $1::integer AND l.state = 'done'
		AND ($2::bigint IS NULL OR e.nik = $2::bigint)
		AND ($3::bigint IS NULL OR e.kk = $3::bigint)
		AND ($4::text[] IS NULL OR (SELECT bool_and(e.name LIKE '%' || w || '%') FROM unnest($4::text[]) w))
		AND ($5::integer IS NULL OR e.birth = $5::integer)
		AND ($6::text IS NULL OR e.village::text = replace($6, '.', '') OR lower(e.village_text) = lower($6)
			OR EXISTS (SELECT FROM padan.villages v WHERE v.district = e.district AND v.village = e.village
				AND lower(v.name) = lower($6)))
	ORDER BY e.person, l.period_from DESC, e.list DESC, e.row
)
SELECT h.person, h.household, h.name_shown AS name, h.nik, h.kk, h.birth, h.sex, h.village, coalesce(v.name, h.village_text) AS village_name,
	h.rt, h.rw, h.list, h.row,
	(SELECT string_agg(DISTINCT s.subject || ' ' || s.period, ', ')
		FROM padan.entries o JOIN padan.lists s USING (district, list)
		WHERE o.district = h.district AND o.person = h.person AND s.state = 'done') AS lists,
	(SELECT count(*) FROM padan.flags f WHERE f.district = h.district AND (f.person = h.person OR f.household = h.household)
		AND f.status IN ('found', 'assigned', 'confirmed')) AS flags,
	count(*) OVER () AS total
FROM hits h LEFT JOIN padan.villages v ON v.district = h.district AND v.village = h.village
ORDER BY h.name, h.person
LIMIT $7::bigint
