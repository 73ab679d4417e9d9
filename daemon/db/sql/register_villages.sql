SELECT village, name, kecamatan FROM padan.villages WHERE district = $1 ORDER BY village
