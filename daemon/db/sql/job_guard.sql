SELECT padan.job_guard($1, $2, $3), set_config('padan.actor', 'padand', true)
