-- A database that was restored from a backup, or copied, knows alerts as waiting that went out since; and the lists that it finds
-- unfinished have been told of as well. None of these is sent again by itself: they are laid aside as dead, with the reason, and a
-- person sends those that are missing (web_alert_retry). Lists that come after the restore are told of as ever.

-- Which database this is: a dump carries this row elsewhere, where it no longer fits. The timeline counts recoveries to a point in
-- time. Empty until a daemon has seen the database.
CREATE TABLE padan.home (
	one boolean PRIMARY KEY DEFAULT true CHECK (one),
	system bigint NOT NULL,
	database oid NOT NULL,
	timeline integer NOT NULL,
	restored_at timestamptz -- when it was first seen not to fit; NULL: never
);

CREATE FUNCTION padan.is_home() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT EXISTS (SELECT FROM padan.home h, pg_control_system() s, pg_control_checkpoint() c, pg_database d
		WHERE d.datname = current_database() AND h.system = s.system_identifier AND h.database = d.oid AND h.timeline = c.timeline_id)
$$;

-- Called by every daemon when it says that it lives, and before an alert is written. Returns how many alerts were laid aside.
CREATE FUNCTION padan.came_home() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	laid_aside integer := 0;
BEGIN
	IF padan.is_home() THEN
		RETURN 0;
	END IF;
	INSERT INTO padan.home (system, database, timeline)
		SELECT s.system_identifier, d.oid, c.timeline_id FROM pg_control_system() s, pg_control_checkpoint() c, pg_database d
		WHERE d.datname = current_database()
		ON CONFLICT (one) DO NOTHING;
	IF FOUND THEN
		RETURN 0; -- the first daemon
	END IF;
	-- Of two daemons at once the second waits for the row, and finds it mended.
	PERFORM FROM padan.home FOR UPDATE;
	UPDATE padan.home h SET system = s.system_identifier, database = d.oid, timeline = c.timeline_id, restored_at = clock_timestamp()
		FROM pg_control_system() s, pg_control_checkpoint() c, pg_database d
		WHERE d.datname = current_database()
			AND (h.system, h.database, h.timeline) IS DISTINCT FROM (s.system_identifier, d.oid, c.timeline_id);
	IF FOUND THEN
		UPDATE padan.alerts SET state = 'dead', lease_until = NULL, last_error = padan.restored_reason() WHERE state = 'waiting';
		GET DIAGNOSTICS laid_aside = ROW_COUNT;
	END IF;
	RETURN laid_aside;
END
$$;

CREATE FUNCTION padan.restored_reason() RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT 'basis data dipulihkan dari cadangan: mungkin sudah terkirim (restored from a backup: may have been sent already)'
$$;

CREATE FUNCTION padan.hold_alert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	restored timestamptz;
BEGIN
	PERFORM padan.came_home();
	SELECT h.restored_at INTO restored FROM padan.home h;
	IF restored IS NOT NULL AND (
		EXISTS (SELECT FROM padan.lists l WHERE l.district = NEW.district AND l.list = NEW.list AND l.received_at <= restored)
		OR (NEW.kind = 'digest' AND split_part(NEW.key, ':', 2) <= to_char(restored AT TIME ZONE 'Asia/Jayapura', 'YYYY-MM-DD'))
	) THEN
		NEW.state := 'dead';
		NEW.last_error := padan.restored_reason();
	END IF;
	RETURN NEW;
END
$$;
CREATE TRIGGER hold_alert BEFORE INSERT ON padan.alerts FOR EACH ROW EXECUTE FUNCTION padan.hold_alert();
