-- Where a job's effects are laid down before they are merged into the tables that stay. One set per connection.
CREATE TEMPORARY TABLE IF NOT EXISTS padan_changed (
	list bigint, row integer, person bigint, household bigint) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS padan_identity (
	kind text, what text, old_id bigint, new_id bigint) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS padan_touched (
	list bigint, row integer) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS padan_evidence (
	a_list bigint, a_row integer, b_list bigint, b_row integer, kind text, verdict text, weight real,
	probability real) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS padan_flags (
	key text COLLATE "C", basis bigint, kind text, severity text, certainty real, state text, list bigint, row integer,
	other_list bigint, other_row integer, rule text, person bigint, household bigint, programme text,
	village bigint) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS padan_standing (
	flag bigint, key text COLLATE "C", what text) ON COMMIT DELETE ROWS;
-- Whatever the planner makes of a table that it knows nothing of, a key is found by looking it up.
CREATE INDEX IF NOT EXISTS padan_flags_key ON pg_temp.padan_flags (key)
