-- Who asks, for this transaction alone: user, name, role, district, office, villages, address. See the functions padan.web_*.
SELECT set_config('padan.user', coalesce($1, ''), true), set_config('padan.actor', coalesce($2, ''), true), set_config('padan.role', coalesce($3, ''), true),
	set_config('padan.district', coalesce($4, ''), true), set_config('padan.office', coalesce($5, ''), true),
	set_config('padan.villages', coalesce($6, ''), true), set_config('padan.address', coalesce($7, ''), true)
