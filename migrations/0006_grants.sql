-- Who may do what. padan_owner owns; padan_daemon works; padan_reader looks; padan_office (each office's role is in it)
-- reaches the schema intake alone.

REVOKE ALL ON ALL TABLES IN SCHEMA padan, intake FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA padan, intake FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE padan_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

GRANT USAGE ON SCHEMA padan TO padan_daemon, padan_reader;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA padan TO padan_daemon;
REVOKE INSERT, UPDATE, DELETE ON padan.schema_migrations, padan.list_transitions, padan.flag_transitions,
	padan.flag_history, padan.unmasking FROM padan_daemon;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA padan TO padan_daemon;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA padan TO padan_daemon;
GRANT SELECT ON ALL TABLES IN SCHEMA padan TO padan_reader;
GRANT EXECUTE ON FUNCTION padan.actor(), padan.period_day(text), padan.period_is_open(integer, text),
	padan.period_awaits(integer, text, text),
	padan.record_unmasking(integer, text, bigint, bigint, integer, bigint, text) TO padan_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE padan_owner IN SCHEMA padan
	GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO padan_daemon;
ALTER DEFAULT PRIVILEGES FOR ROLE padan_owner IN SCHEMA padan GRANT SELECT ON TABLES TO padan_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE padan_owner IN SCHEMA padan GRANT USAGE, SELECT ON SEQUENCES TO padan_daemon;
ALTER DEFAULT PRIVILEGES FOR ROLE padan_owner IN SCHEMA padan GRANT EXECUTE ON FUNCTIONS TO padan_daemon;

GRANT USAGE ON SCHEMA intake TO padan_office;
GRANT SELECT, INSERT ON intake.list TO padan_office;
GRANT DELETE ON intake.list TO padan_office;
GRANT UPDATE (programme, reference, period, decree_number, decree_date, header, name) ON intake.list TO padan_office;
GRANT SELECT, INSERT, UPDATE, DELETE ON intake.row TO padan_office;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA intake TO padan_office;
