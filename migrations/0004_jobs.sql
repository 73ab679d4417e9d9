-- Work to do. Jobs of one district run one at a time in the order they came; districts run side by side. A worker holds
-- a job by a lease on the database's clock and a fence token that grows with every claim: whoever lost the job in the
-- meantime fails at his next write (padan.job_guard), however late it comes.

CREATE SEQUENCE padan.fence;

CREATE TABLE padan.jobs (
	district integer NOT NULL REFERENCES padan.districts,
	job bigint GENERATED ALWAYS AS IDENTITY,
	kind text NOT NULL CHECK (kind IN ('list', 'withdraw', 'erase', 'redecide', 'train')),
	list bigint, -- NULL for redecide and train
	state text NOT NULL DEFAULT 'ready' CHECK (state IN ('ready', 'running', 'done', 'failed', 'cancelled')),
	attempts integer NOT NULL DEFAULT 0,
	run_after timestamptz NOT NULL DEFAULT clock_timestamp(),
	worker text,
	fence bigint,
	lease_until timestamptz,
	stage text, -- what it is at, for people who wait: "read", "normalise", "match", "flag", "write"
	rows_done bigint NOT NULL DEFAULT 0,
	rows_total bigint,
	error_id text,
	error_en text,
	created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	started_at timestamptz,
	finished_at timestamptz,
	PRIMARY KEY (district, job),
	FOREIGN KEY (district, list) REFERENCES padan.lists
);
CREATE INDEX jobs_open ON padan.jobs (district, job) WHERE state IN ('ready', 'running');
CREATE INDEX jobs_of_list ON padan.jobs (district, list);

-- A daemon says that it lives, and what it has counted since its start.
CREATE TABLE padan.daemons (
	worker text PRIMARY KEY,
	version text NOT NULL,
	started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	counters jsonb NOT NULL DEFAULT '{}'
);

-- Wakes the daemons when the transaction commits: one call per list, ids only.
CREATE FUNCTION padan.enqueue_job(a_district integer, a_kind text, a_list bigint) RETURNS bigint
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
CREATE FUNCTION padan.job_claim(a_worker text, a_lease interval, a_most integer DEFAULT 1)
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
CREATE FUNCTION padan.job_heartbeat(a_district integer, a_job bigint, a_fence bigint, a_lease interval, a_stage text,
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
CREATE FUNCTION padan.job_guard(a_district integer, a_job bigint, a_fence bigint) RETURNS void
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
CREATE FUNCTION padan.job_finish(a_district integer, a_job bigint, a_fence bigint, a_refused_id text DEFAULT NULL,
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
CREATE FUNCTION padan.job_hand_back(a_district integer, a_job bigint, a_fence bigint, a_delay interval,
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

-- All rows of a list are in: it is received and its job waits. Returns the job.
CREATE FUNCTION padan.close_list(a_district integer, a_list bigint) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	UPDATE padan.lists l SET state = 'received',
			rows_read = (SELECT count(*) FROM padan.raw_rows r WHERE r.district = a_district AND r.list = a_list)
		WHERE l.district = a_district AND l.list = a_list;
	RETURN padan.enqueue_job(a_district, 'list', a_list);
END
$$;

-- The matching of a list is called off; a worker that is at it fails at its next write.
CREATE FUNCTION padan.call_off(a_district integer, a_list bigint) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
	UPDATE padan.jobs j SET state = 'cancelled', fence = nextval('padan.fence'), lease_until = NULL,
			finished_at = clock_timestamp()
		WHERE j.district = a_district AND j.list = a_list AND j.kind = 'list' AND j.state IN ('ready', 'running')
$$;

-- A list sent by mistake: what was before it counts again, and a job decides anew what depends on it. Returns the job,
-- NULL where the list had no effects yet.
CREATE FUNCTION padan.withdraw_list(a_district integer, a_list bigint, a_reason text) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	before text;
BEGIN
	PERFORM padan.call_off(a_district, a_list);
	SELECT l.state INTO before FROM padan.lists l WHERE l.district = a_district AND l.list = a_list FOR UPDATE;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING ERRCODE = 'PD017',
			MESSAGE = format('Daftar %s tidak ada.', a_list), HINT = format('There is no list %s.', a_list);
	END IF;
	UPDATE padan.lists l SET state = 'withdrawn', withdrawn_at = clock_timestamp(), withdrawn_by = padan.actor(),
			withdrawn_reason = a_reason
		WHERE l.district = a_district AND l.list = a_list;
	RETURN CASE WHEN before = 'done' THEN padan.enqueue_job(a_district, 'withdraw', a_list) END;
END
$$;

-- Destroys a list's personal data (UU 27/2022 art. 42–44): rows, entries, evidence, file name and header. What was
-- flagged and decided stands, by ids alone. Works by the list's own key ranges. Returns the rows destroyed.
CREATE FUNCTION padan.erase_list(a_district integer, a_list bigint, a_reason text) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	gone bigint;
	before text;
BEGIN
	IF coalesce(a_reason, '') = '' THEN
		RAISE EXCEPTION USING ERRCODE = 'PD018', MESSAGE = 'Pemusnahan data memerlukan alasan.',
			HINT = 'Destroying data needs a reason.';
	END IF;
	SELECT l.state INTO before FROM padan.lists l WHERE l.district = a_district AND l.list = a_list FOR UPDATE;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING ERRCODE = 'PD017',
			MESSAGE = format('Daftar %s tidak ada.', a_list), HINT = format('There is no list %s.', a_list);
	END IF;
	PERFORM padan.call_off(a_district, a_list);
	DELETE FROM padan.match_evidence m WHERE m.district = a_district AND m.a_list = erase_list.a_list;
	DELETE FROM padan.match_evidence m WHERE m.district = a_district AND m.b_list = erase_list.a_list;
	DELETE FROM padan.entries WHERE district = a_district AND list = erase_list.a_list;
	DELETE FROM padan.raw_rows WHERE district = a_district AND list = erase_list.a_list;
	GET DIAGNOSTICS gone = ROW_COUNT;
	IF before IN ('received', 'working') THEN
		UPDATE padan.lists SET state = 'withdrawn', withdrawn_at = clock_timestamp(), withdrawn_by = padan.actor(),
				withdrawn_reason = a_reason
			WHERE district = a_district AND list = erase_list.a_list;
	END IF;
	UPDATE padan.lists SET state = 'erased', erased_at = clock_timestamp(), file_name = '', header = NULL, mapping = NULL,
			sheet = NULL, withdrawn_by = coalesce(withdrawn_by, padan.actor()),
			withdrawn_reason = coalesce(withdrawn_reason, a_reason)
		WHERE district = a_district AND list = erase_list.a_list;
	IF before = 'done' THEN
		PERFORM padan.enqueue_job(a_district, 'erase', erase_list.a_list);
	END IF;
	RETURN gone;
END
$$;
