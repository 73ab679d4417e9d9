-- $1 district, $2 the periods that wait for other lists than usual, as a JSON array.
WITH wanted AS (
	SELECT w.period, p.programme FROM jsonb_to_recordset($2::jsonb) AS w (period text, programmes text[]),
		unnest(w.programmes) AS p (programme)
), ended AS (
	DELETE FROM padan.expected_programmes e
		WHERE e.district = $1::integer AND (e.period, e.programme) NOT IN (SELECT w.period, w.programme FROM wanted w)
		RETURNING e.period, e.programme
), written AS (
	INSERT INTO padan.expected_programmes AS e (district, period, programme)
		SELECT $1::integer, w.period, w.programme FROM wanted w
		ON CONFLICT DO NOTHING
		RETURNING e.period, e.programme
)
INSERT INTO padan.config_history (district, thing, code, before, after)
	SELECT $1::integer, 'period', c.period, c.before, c.after FROM (
		SELECT period, NULL::jsonb AS before, jsonb_build_object('programme', programme) AS after FROM written
		UNION ALL
		SELECT period, jsonb_build_object('programme', programme), NULL FROM ended) c
	ORDER BY c.after IS NULL, c.period, c.after, c.before
	RETURNING thing, code, before, after
