-- The newest migration that has run.
SELECT padan.web_migrations()
