UPDATE padan.districts SET next_person = $2, next_household = $3 WHERE district = $1
