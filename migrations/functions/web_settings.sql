-- Alerts that were given up, models, learning: what administrators and Bappeda set going.

-- An alert as a row of a page.
CREATE OR REPLACE FUNCTION padan.web_alert(a padan.alerts) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS $$
	SELECT jsonb_build_object('alert', a.alert, 'kind', a.kind, 'channel', a.channel, 'recipient', a.recipient, 'list', a.list, 'state', a.state,
		'attempts', a.attempts, 'last_error', a.last_error, 'created_at', a.created_at, 'sent_at', a.sent_at,
		'next_at', CASE WHEN a.state = 'waiting' THEN a.next_at END)
$$;

-- An alert that was given up is sent again.
CREATE OR REPLACE FUNCTION padan.web_alert_retry(a_alert bigint, OUT status integer, OUT body jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	a padan.alerts;
BEGIN
	PERFORM padan.web_administers();
	SELECT * INTO a FROM padan.alerts x WHERE x.district = padan.web_district() AND x.alert = a_alert FOR UPDATE;
	IF a.alert IS NULL THEN
		PERFORM padan.web_absent();
	ELSIF a.state <> 'dead' THEN
		status := 409;
		body := padan.web_problem(409, 'conflict', 'Hanya pemberitahuan yang gagal yang dikirim ulang.', 'Only an alert that failed is sent again.', padan.web_alert(a));
		RETURN;
	END IF;
	UPDATE padan.alerts x SET state = 'waiting', attempts = 0, next_at = clock_timestamp(), lease_until = NULL
		WHERE x.district = a.district AND x.alert = a_alert RETURNING * INTO a;
	PERFORM padan.audit('alert.retry', 'alert', ARRAY[a_alert]);
	status := 200;
	body := padan.web_alert(a);
END
$$;

-- 0: the one shipped with the program.
CREATE OR REPLACE FUNCTION padan.web_model_use(a_model bigint, a_reason text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM padan.web_administers();
	IF a_model <> 0 AND NOT EXISTS (SELECT FROM padan.models m WHERE m.district = padan.web_district() AND m.model = a_model) THEN
		PERFORM padan.web_absent();
	ELSIF coalesce(a_reason, '') = '' OR length(a_reason) > 500 THEN
		RAISE EXCEPTION USING ERRCODE = 'PD020', MESSAGE = 'Mengganti model memerlukan alasan.', HINT = 'Changing the model needs a reason.';
	END IF;
	UPDATE padan.models m SET in_use = false WHERE m.district = padan.web_district() AND m.in_use AND m.model <> a_model;
	UPDATE padan.models m SET in_use = true WHERE m.district = padan.web_district() AND NOT m.in_use AND m.model = a_model;
	PERFORM padan.web_redecide();
	PERFORM padan.audit('model.use', 'model', ARRAY[a_model], jsonb_build_object('reason', a_reason));
END
$$;

-- A job that learns a model; one that waits already is it.
CREATE OR REPLACE FUNCTION padan.web_train(a_reason text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	made bigint;
BEGIN
	PERFORM padan.web_administers();
	IF coalesce(a_reason, '') = '' OR length(a_reason) > 500 THEN
		RAISE EXCEPTION USING ERRCODE = 'PD020', MESSAGE = 'Melatih model memerlukan alasan.', HINT = 'Training a model needs a reason.';
	END IF;
	SELECT j.job INTO made FROM padan.jobs j WHERE j.district = padan.web_district() AND j.kind = 'train' AND j.state = 'ready' LIMIT 1;
	IF made IS NULL THEN
		made := padan.enqueue_job(padan.web_district(), 'train', NULL);
	END IF;
	PERFORM padan.audit('model.train', NULL, NULL, jsonb_build_object('reason', a_reason));
	RETURN made;
END
$$;

-- ---- who may call and read them, beside padan_daemon (migrations/0006_grants.sql) ----
GRANT EXECUTE ON FUNCTION padan.web_alert, padan.web_alert_retry, padan.web_model_use, padan.web_train TO padan_web;
