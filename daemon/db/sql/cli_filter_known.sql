-- $1 district, $2 programme, $3 village (code or name), $4 office: which of them there are (NULL: none such), with what to say
-- instead; a village's name that is a kecamatan's comes with its villages.
SELECT
	(SELECT p.programme FROM padan.programmes p WHERE p.district = $1::integer AND p.programme = $2),
	(SELECT string_agg(p.programme, ', ' ORDER BY p.programme) FROM padan.programmes p WHERE p.district = $1::integer AND p.active),
	(SELECT o.office FROM padan.offices o WHERE o.district = $1::integer AND o.office = $4),
	(SELECT string_agg(o.office, ', ' ORDER BY o.office) FROM padan.offices o WHERE o.district = $1::integer AND o.active),
	coalesce(
		(SELECT min(v.village) FROM padan.villages v WHERE v.district = $1::integer
			AND (v.village::text = replace($3, '.', '') OR lower(v.name) = lower($3))),
		(SELECT min(f.village) FROM padan.flags f WHERE f.district = $1::integer AND f.village::text = replace($3, '.', ''))),
	(SELECT string_agg(v.name, ', ' ORDER BY v.name) FROM padan.villages v WHERE v.district = $1::integer
		AND lower(v.kecamatan) = lower($3))
