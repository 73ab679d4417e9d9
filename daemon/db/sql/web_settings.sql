-- Who asks, for this transaction alone: $1 user, $2 name, $3 role, $4 district, $5 office, $6 villages. See padan.web_* functions.
SELECT set_config('padan.user', coalesce($1, ''), true), set_config('padan.actor', coalesce($2, ''), true),
	set_config('padan.role', coalesce($3, ''), true), set_config('padan.district', coalesce($4, ''), true),
	set_config('padan.office', coalesce($5, ''), true), set_config('padan.villages', coalesce($6, ''), true)
