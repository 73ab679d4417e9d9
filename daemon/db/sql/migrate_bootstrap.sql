-- Run by `padan migrate` before the numbered migrations, every time: it changes nothing that is there already.
-- Roles belong to the whole cluster, so they are made by the user who migrates; everything else belongs to padan_owner.
DO $$
DECLARE
	role text;
BEGIN
	FOREACH role IN ARRAY ARRAY['padan_owner', 'padan_daemon', 'padan_reader', 'padan_office', 'padan_web'] LOOP
		IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
			EXECUTE format('CREATE ROLE %I NOLOGIN', role);
		END IF;
	END LOOP;
	-- No password: it enters by peer, certificate or what the administrator gives it.
	ALTER ROLE padan_daemon LOGIN;
	-- The web's part of the daemon takes this role, which sees what its user may see (migrations/0011_row_security.sql).
	GRANT padan_web TO padan_daemon;
	IF NOT pg_has_role(current_user, 'padan_owner', 'MEMBER') THEN
		EXECUTE format('GRANT padan_owner TO %I', current_user);
	END IF;
	EXECUTE format('GRANT CREATE, CONNECT ON DATABASE %I TO padan_owner', current_database());
	EXECUTE format('GRANT CONNECT ON DATABASE %I TO padan_daemon, padan_reader, padan_office, padan_web', current_database());
END
$$;

CREATE SCHEMA IF NOT EXISTS padan AUTHORIZATION padan_owner;
CREATE SCHEMA IF NOT EXISTS intake AUTHORIZATION padan_owner;
REVOKE ALL ON SCHEMA padan, intake FROM PUBLIC;

CREATE TABLE IF NOT EXISTS padan.schema_migrations (
	number integer PRIMARY KEY CHECK (number > 0),
	name text NOT NULL,
	checksum text NOT NULL, -- SHA-256 of the file, in hexadecimal
	applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	applied_by text NOT NULL DEFAULT session_user
);
ALTER TABLE padan.schema_migrations OWNER TO padan_owner;
GRANT USAGE ON SCHEMA padan TO padan_daemon, padan_reader;
GRANT SELECT ON padan.schema_migrations TO padan_daemon, padan_reader;
