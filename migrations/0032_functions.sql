-- Functions and views no longer stand in numbered migrations, whole again in each that changes them, but once, in migrations/functions:
-- `padan migrate` brings them up after the numbered ones, and remembers here what it took them from (daemon/db/migrate.h).
CREATE TABLE padan.schema_functions (
	name text PRIMARY KEY, -- of the file
	checksum text NOT NULL, -- its SHA-256, in hexadecimal
	applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	applied_by text NOT NULL DEFAULT session_user
);
REVOKE INSERT, UPDATE, DELETE ON padan.schema_functions FROM padan_daemon;

-- Told less than the web has to know now: see padan.web_schema().
DROP FUNCTION padan.web_migrations();
