-- The flags page in the order of certainty, the language that a user chose, and the figures of home after each list, for the days before
-- there is an earlier one to compare with. (By village, worst first, is flags_worst_village.)
CREATE INDEX flags_certain ON padan.flags (district, (1::real - certainty), flag) WHERE status IN ('found', 'assigned', 'confirmed');

ALTER TABLE padan.users ADD COLUMN lang text CHECK (lang IN ('id', 'en')); -- NULL: none chosen yet

CREATE TABLE padan.web_figure_steps (
	district integer NOT NULL,
	office text NOT NULL, -- '': the whole district
	code text NOT NULL,
	list bigint NOT NULL, -- the newest one that had been matched
	value double precision NOT NULL,
	PRIMARY KEY (district, office, code, list)
);
ALTER TABLE padan.web_figure_steps ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY everything ON padan.web_figure_steps TO padan_owner, padan_daemon, padan_reader USING (true) WITH CHECK (true);
CREATE POLICY web_reads ON padan.web_figure_steps FOR SELECT TO padan_web
	USING (district = (SELECT padan.web_district()) AND ((SELECT padan.web_sees_all()) OR office = (SELECT padan.web_office())));
GRANT SELECT ON padan.web_figure_steps TO padan_web;

-- POST /check asks by a statement of its own now, whose plan its connection keeps.
DROP FUNCTION padan.web_check(bigint);
