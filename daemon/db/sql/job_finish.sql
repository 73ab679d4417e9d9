SELECT padan.job_finish($1, $2, $3, $4, $5)
