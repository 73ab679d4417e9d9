-- What migrate_missing() wants to know of the database (daemon/db/migrate.h).
SELECT number, name, checksum FROM padan.web_schema() ORDER BY 1, 2
