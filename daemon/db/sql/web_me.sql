-- Who is logged in, for the pages. $1: the CSRF token of his session. "may" is what the pages offer him; the server asks again.
SELECT jsonb_build_object('name', padan.actor(), 'full_name', padan.web_full_name(), 'role', padan.web_role(), 'csrf', $1::text,
	'district', (SELECT jsonb_build_object('district', d.district, 'code', d.code, 'name', d.name) FROM padan.districts d
		WHERE d.district = padan.web_district()),
	'office', padan.web_office(), 'office_name', (SELECT o.name FROM padan.offices o
		WHERE o.district = padan.web_district() AND o.office = padan.web_office()),
	'villages', to_jsonb(padan.web_villages()), 'lang', padan.web_lang(),
	'may', CASE padan.web_role()
		WHEN 'administrator' THEN '["decide_flags", "decide_pairs", "decide_across", "send_lists", "withdraw", "verify", "settings", "users", "audit", "unmask", "search", "periods", "sheets"]'
		WHEN 'bappeda' THEN '["decide_flags", "decide_pairs", "decide_across", "unmask", "search", "sheets"]'
		WHEN 'office' THEN '["decide_flags", "decide_pairs", "send_lists", "withdraw", "unmask", "search"]'
		WHEN 'verifier' THEN '["verify", "decide_flags"]'
		ELSE '[]' END::jsonb) AS json
