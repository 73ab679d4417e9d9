-- Everybody whom a pair's JSON shows, for the audit trail: the two, and the families beside them.
CREATE FUNCTION padan.web_pair_persons(a_pair jsonb) RETURNS bigint[]
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT array_agg(DISTINCT (e.entry ->> 'person')::bigint) FROM (
		VALUES (a_pair -> 'a'), (a_pair -> 'b')
		UNION ALL SELECT f.entry FROM jsonb_array_elements(coalesce(a_pair -> 'a_family', '[]') || coalesce(a_pair -> 'b_family', '[]')) AS f (entry)) AS e (entry)
$$;
GRANT EXECUTE ON FUNCTION padan.web_pair_persons(jsonb) TO padan_web;
