-- Who changed the configuration is who acts, also where the daemon does it for him.
ALTER TABLE padan.config_history ALTER COLUMN who SET DEFAULT padan.actor();
