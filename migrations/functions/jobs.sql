-- The queue: claims, leases, fences, and the database's home. The tables: migrations/0004_jobs.sql, 0029_restored.sql;
-- who calls when: docs/DATABASE.md, "Life of a job".

-- Wakes the daemons when the transaction commits: one call per list, ids only.
CREATE OR REPLACE FUNCTION padan.enqueue_job(a_district integer, a_kind text, a_list bigint) RETURNS bigint
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
	WITH made AS (
		INSERT INTO padan.jobs (district, kind, list, rows_total)
			VALUES (a_district, a_kind, a_list,
				(SELECT rows_read FROM padan.lists WHERE district = a_district AND list = a_list))
			RETURNING district, job
	), told AS (
		SELECT job, pg_notify('padan_jobs', district || ':' || job) FROM made
	)
	SELECT job FROM told
$$;

-- Claims at most a_most jobs, each the first open one of its district. The district's row is locked while its turn is
-- decided, since two numbers drawn in order may become visible out of order.
CREATE OR REPLACE FUNCTION padan.job_claim(a_worker text, a_lease interval, a_most integer DEFAULT 1)
RETURNS TABLE (district integer, job bigint, kind text, list bigint, fence bigint, attempts integer)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	candidate record;
	first padan.jobs;
	claimed integer := 0;
BEGIN
	FOR candidate IN
		SELECT j.district AS number FROM padan.jobs j WHERE j.state IN ('ready', 'running')
		GROUP BY j.district ORDER BY min(j.job)
	LOOP
		EXIT WHEN claimed >= a_most;
		PERFORM FROM padan.districts d WHERE d.district = candidate.number FOR NO KEY UPDATE SKIP LOCKED;
		CONTINUE WHEN NOT FOUND;
		CONTINUE WHEN EXISTS (SELECT FROM padan.jobs j WHERE j.district = candidate.number
			AND j.state = 'running' AND j.lease_until >= clock_timestamp());
		SELECT * INTO first FROM padan.jobs j
			WHERE j.district = candidate.number AND j.state IN ('ready', 'running')
			ORDER BY (j.state = 'running') DESC, j.job LIMIT 1;
		CONTINUE WHEN NOT FOUND OR (first.state = 'ready' AND first.run_after > clock_timestamp());
		UPDATE padan.jobs j SET state = 'running', worker = a_worker, fence = nextval('padan.fence'),
				lease_until = clock_timestamp() + a_lease, attempts = j.attempts + 1,
				started_at = coalesce(j.started_at, clock_timestamp()), stage = NULL, rows_done = 0
			WHERE (j.district, j.job) = (SELECT k.district, k.job FROM padan.jobs k
				WHERE k.district = first.district AND k.job = first.job AND k.state IN ('ready', 'running')
				FOR UPDATE SKIP LOCKED)
			RETURNING j.district, j.job, j.kind, j.list, j.fence, j.attempts
			INTO district, job, kind, list, fence, attempts;
		CONTINUE WHEN NOT FOUND; -- its worker is committing at this moment
		UPDATE padan.lists l SET state = 'working'
			WHERE l.district = first.district AND l.list = first.list AND l.state = 'received' AND first.kind = 'list';
		claimed := claimed + 1;
		RETURN NEXT;
	END LOOP;
END
$$;

-- 'ok': the lease is longer again. 'busy': the row is locked, most likely by the worker's own commit; ask again.
-- 'lost': somebody else has the job, or it was withdrawn: stop, nothing that is written now will be accepted.
CREATE OR REPLACE FUNCTION padan.job_heartbeat(a_district integer, a_job bigint, a_fence bigint, a_lease interval, a_stage text,
	a_rows_done bigint) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM padan.jobs j WHERE j.district = a_district AND j.job = a_job AND j.fence = a_fence
			AND j.state = 'running') THEN
		RETURN 'lost';
	END IF;
	PERFORM FROM padan.jobs j WHERE j.district = a_district AND j.job = a_job FOR UPDATE SKIP LOCKED;
	IF NOT FOUND THEN
		RETURN 'busy';
	END IF;
	UPDATE padan.jobs j SET lease_until = clock_timestamp() + a_lease, stage = coalesce(a_stage, j.stage),
			rows_done = coalesce(a_rows_done, j.rows_done)
		WHERE j.district = a_district AND j.job = a_job AND j.fence = a_fence AND j.state = 'running';
	RETURN CASE WHEN FOUND THEN 'ok' ELSE 'lost' END;
END
$$;

-- First statement of every transaction that writes for a job: holds the job until the end of the transaction, or fails
-- with PD003 if it is not this worker's any more.
CREATE OR REPLACE FUNCTION padan.job_guard(a_district integer, a_job bigint, a_fence bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM FROM padan.jobs j WHERE j.district = a_district AND j.job = a_job AND j.fence = a_fence
		AND j.state = 'running' FOR UPDATE;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING ERRCODE = 'PD003',
			MESSAGE = format('Pekerjaan %s sudah diambil alih.', a_job),
			HINT = format('Job %s was taken over.', a_job);
	END IF;
END
$$;

-- Last statement of the transaction that completes a job. Its list becomes done, or with a_refused_id refused.
CREATE OR REPLACE FUNCTION padan.job_finish(a_district integer, a_job bigint, a_fence bigint, a_refused_id text DEFAULT NULL,
	a_refused_en text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM padan.job_guard(a_district, a_job, a_fence);
	UPDATE padan.jobs j SET state = 'done', lease_until = NULL, finished_at = clock_timestamp(),
			error_id = a_refused_id, error_en = a_refused_en
		WHERE j.district = a_district AND j.job = a_job;
	UPDATE padan.lists l SET state = CASE WHEN a_refused_id IS NULL THEN 'done' ELSE 'refused' END,
			refused_id = a_refused_id, refused_en = a_refused_en, done_at = clock_timestamp()
		FROM padan.jobs j
		WHERE j.district = a_district AND j.job = a_job AND j.kind = 'list'
			AND l.district = j.district AND l.list = j.list AND l.state = 'working';
	PERFORM pg_notify('padan_done', a_district || ':' || a_job);
END
$$;

-- Gives a job back: at once (SIGTERM), or later after a failure that may pass. After a_most attempts it is failed for
-- good and its list refused. False if the job is not this worker's any more.
CREATE OR REPLACE FUNCTION padan.job_hand_back(a_district integer, a_job bigint, a_fence bigint, a_delay interval,
	a_error_id text DEFAULT NULL, a_error_en text DEFAULT NULL, a_most integer DEFAULT 8) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	gives_up boolean;
BEGIN
	UPDATE padan.jobs j SET
			state = CASE WHEN a_error_id IS NOT NULL AND j.attempts >= a_most THEN 'failed' ELSE 'ready' END,
			attempts = CASE WHEN a_error_id IS NULL THEN greatest(j.attempts - 1, 0) ELSE j.attempts END,
			run_after = clock_timestamp() + a_delay, lease_until = NULL, worker = NULL, fence = nextval('padan.fence'),
			error_id = a_error_id, error_en = a_error_en,
			finished_at = CASE WHEN a_error_id IS NOT NULL AND j.attempts >= a_most THEN clock_timestamp() END
		WHERE j.district = a_district AND j.job = a_job AND j.fence = a_fence AND j.state = 'running'
		RETURNING j.state = 'failed' INTO gives_up;
	IF NOT FOUND THEN
		RETURN false;
	END IF;
	UPDATE padan.lists l SET state = CASE WHEN gives_up THEN 'refused' ELSE 'received' END,
			refused_id = CASE WHEN gives_up THEN a_error_id END, refused_en = CASE WHEN gives_up THEN a_error_en END
		FROM padan.jobs j
		WHERE j.district = a_district AND j.job = a_job AND j.kind = 'list'
			AND l.district = j.district AND l.list = j.list AND l.state = 'working';
	PERFORM pg_notify(CASE WHEN gives_up THEN 'padan_done' ELSE 'padan_jobs' END, a_district || ':' || a_job);
	RETURN true;
END
$$;

-- Entries of earlier lists whose person or household is another now (daemon/db/sql/effects_temporary.sql). Each is looked up: left to
-- itself, the planner, which knows nothing of a table that was filled just now, reads all that the district holds.
CREATE OR REPLACE FUNCTION padan.take_ids(a_district integer) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_mergejoin = off SET enable_hashjoin = off AS $$
BEGIN
	UPDATE padan.entries e SET person = c.person, household = c.household
	FROM pg_temp.padan_changed c
	WHERE e.district = a_district AND e.list = c.list AND e.row = c.row
		AND (e.person IS DISTINCT FROM c.person OR e.household IS DISTINCT FROM c.household);
END
$$;

-- ---- After a restore, alerts that may have gone out are laid aside ----

-- This database stands where it was seen last. A copy or one that was restored does not.
CREATE OR REPLACE FUNCTION padan.is_home() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT EXISTS (SELECT FROM padan.home h, pg_control_system() s, pg_control_checkpoint() c, pg_database d
		WHERE d.datname = current_database() AND h.system = s.system_identifier AND h.database = d.oid AND h.timeline = c.timeline_id)
$$;

-- Called by every daemon when it says that it lives, and before an alert is written. Returns how many alerts were laid
-- aside.
CREATE OR REPLACE FUNCTION padan.came_home() RETURNS integer
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

CREATE OR REPLACE FUNCTION padan.restored_reason() RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT 'basis data dipulihkan dari cadangan: mungkin sudah terkirim (restored from a backup: may have been sent already)'
$$;

-- An alert about a list that was received before a restore, or a digest of that time, may have gone out: a person sends
-- it.
CREATE OR REPLACE FUNCTION padan.hold_alert() RETURNS trigger
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
