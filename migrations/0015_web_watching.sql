-- A page that is merely open asks for events again and again: that is no sign of life of the person before it, whose session ends
-- after an hour without one. a_kind 'watch' looks at a session without keeping it alive.

CREATE OR REPLACE FUNCTION padan.web_enter(a_hash bytea, a_kind text, a_address text) RETURNS TABLE (who bigint, name text, role text,
	district integer, office text, villages text, scopes text, session bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
	mine record;
BEGIN
	IF a_kind = 'token' THEN
		SELECT t.token AS who, t.name, 'token' AS role, t.district, t.office, '{}' AS villages, array_to_string(t.scopes, ' ') AS scopes,
				t.token AS session, t.seen_at
			INTO mine FROM padan.api_tokens t JOIN padan.offices o USING (district, office)
			WHERE t.hash = a_hash AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > clock_timestamp()) AND o.active;
		IF NOT FOUND THEN
			RETURN;
		END IF;
		IF mine.seen_at IS NULL OR mine.seen_at < clock_timestamp() - interval '1 minute' THEN
			UPDATE padan.api_tokens t SET seen_at = clock_timestamp() WHERE t.hash = a_hash;
		END IF;
	ELSE
		SELECT u."user" AS who, u.name, u.role, u.district, u.office, coalesce(u.villages, '{}')::text AS villages, '' AS scopes,
				s.session, s.seen_at
			INTO mine FROM padan.web_sessions s JOIN padan.users u USING (district, "user")
			LEFT JOIN padan.offices o ON o.district = u.district AND o.office = u.office
			WHERE s.hash = a_hash AND s.ended_at IS NULL AND s.expires_at > clock_timestamp()
				AND s.seen_at > clock_timestamp() - interval '1 hour' AND u.active AND (u.office IS NULL OR o.active);
		IF NOT FOUND THEN
			RETURN;
		END IF;
		IF a_kind <> 'watch' AND mine.seen_at < clock_timestamp() - interval '1 minute' THEN
			UPDATE padan.web_sessions s SET seen_at = clock_timestamp() WHERE s.hash = a_hash;
		END IF;
	END IF;
	PERFORM set_config('padan.user', mine.who::text, true), set_config('padan.actor', mine.name, true),
		set_config('padan.role', mine.role, true), set_config('padan.district', mine.district::text, true),
		set_config('padan.office', coalesce(mine.office, ''), true), set_config('padan.villages', mine.villages, true),
		set_config('padan.address', a_address, true);
	RETURN QUERY SELECT mine.who, mine.name::text, mine.role::text, mine.district, mine.office::text, mine.villages::text,
		mine.scopes::text, mine.session;
END
$$;

-- Sessions that still hold, of those given: events end for the others.
CREATE FUNCTION padan.web_sessions_alive(a_sessions bigint[]) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT coalesce(array_agg(s.session), '{}') FROM padan.web_sessions s JOIN padan.users u USING (district, "user")
	LEFT JOIN padan.offices o ON o.district = u.district AND o.office = u.office
	WHERE s.session = ANY (a_sessions) AND s.ended_at IS NULL AND s.expires_at > clock_timestamp()
		AND s.seen_at > clock_timestamp() - interval '1 hour' AND u.active AND (u.office IS NULL OR o.active)
$$;
