-- What pairs were decided by: $1 district, $2 model.
INSERT INTO padan.match_evidence (district, a_list, a_row, b_list, b_row, kind, verdict, weight, probability, model)
SELECT DISTINCT ON (a_list, a_row, b_list, b_row, kind) $1::integer, a_list, a_row, b_list, b_row, kind, verdict, weight,
	probability, nullif($2::bigint, 0)
FROM pg_temp.padan_evidence
ORDER BY a_list, a_row, b_list, b_row, kind
ON CONFLICT (district, a_list, a_row, b_list, b_row, kind) DO UPDATE
	SET verdict = excluded.verdict, weight = excluded.weight, probability = excluded.probability, model = excluded.model
