-- The history's trigger joins old and new rows by a plan made once, for the few rows of its first statement; for thousands it must not
-- hold every row against every other.
ALTER FUNCTION padan.keep_flag_history() SET enable_nestloop = off;
