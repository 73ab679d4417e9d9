SELECT kind, verdict, a_list, a_row, b_list, b_row, low_fingerprint, high_fingerprint
FROM padan.decisions
WHERE district = $1 AND replaced_by IS NULL
ORDER BY decision
