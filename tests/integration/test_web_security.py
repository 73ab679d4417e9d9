"""Row-level security, with handlers that forget to ask whose rows they show; and the audit trail."""
import unittest

from web_support import WebCase


class RowSecurity(WebCase):
    def forgetful(self, name):
        answer = self.users[name].get("/api/v1/debug/forgetful")
        self.assertEqual(answer.status, 200, answer.body)
        return answer.json

    def lists_of(self, office):
        return {int(row[0]) for row in self.sql("SELECT list FROM padan.lists WHERE office = '%s'" % office)}

    def test_the_district_sees_all(self):
        for name in ("siti", "bapak"):
            seen = self.forgetful(name)
            self.assertEqual(len(seen["entries"]), int(self.value("SELECT count(*) FROM padan.entries")))
            self.assertEqual(len(seen["flags"]), int(self.value("SELECT count(*) FROM padan.flags")))
            self.assertEqual(len(seen["match_evidence"]), int(self.value("SELECT count(*) FROM padan.match_evidence")))
            self.assertEqual(seen["persons"], int(self.value("SELECT count(*) FROM padan.persons")))
        self.assertGreater(self.forgetful("siti")["audit"], 0)
        self.assertEqual(self.forgetful("bapak")["audit"], 0, "the trail is the administrator's")

    def test_an_office_sees_its_own(self):
        for name, office in (("budi", "dinsos"), ("dedi", "dpmd")):
            mine, seen = self.lists_of(office), self.forgetful(name)
            self.assertTrue(mine)
            self.assertEqual(set(seen["lists"]), mine)
            self.assertEqual({entry[0] for entry in seen["entries"]}, mine)
            self.assertEqual(len(seen["entries"]), int(self.value("SELECT count(*) FROM padan.entries WHERE list = ANY ('{%s}')"
                % ",".join(map(str, mine)))))
            self.assertEqual(set(seen["raw_rows"]), mine)
            self.assertTrue(seen["flags"])
            for _, flagged, other, _ in seen["flags"]:
                self.assertTrue(flagged in mine or other in mine, "a flag of another office")
            self.assertEqual(set(seen["flag_history"]), {flag[0] for flag in seen["flags"]})
            for a, b in seen["match_evidence"]:
                self.assertTrue(a in mine or b in mine, "evidence of other offices")
            self.assertEqual({number for number in seen["jobs"]}, mine)
            for count in ("audit", "unmasking", "config_history"):
                self.assertEqual(seen[count], 0, count)
            self.assertLess(seen["persons"], int(self.value("SELECT count(*) FROM padan.persons")))

    def test_names_at_flags_are_told_to_whom_the_flag_concerns(self):
        # The function looks past row-level security, so that an office reads the name at a flag which speaks of its own list.
        mine = ",".join(map(str, self.lists_of("dpmd")))
        names = self.sql("""SET padan.district = '1505'; SET padan.role = 'office'; SET padan.office = 'dpmd';
            SELECT e.list = ANY ('{%s}') OR EXISTS (SELECT FROM padan.flags f WHERE f.list = e.list AND f.row = e.row
                AND (f.other_list = ANY ('{%s}') OR f.assigned_to = 'dpmd')), padan.web_flag_name(e.list, e.row) IS NOT NULL, count(*)
            FROM padan.entries e GROUP BY 1, 2 ORDER BY 1""" % (mine, mine))
        self.assertEqual([row[:2] for row in names], [["f", "f"], ["t", "t"]])

    def test_a_verifier_sees_his_villages(self):
        tempino = self.value("SELECT village FROM padan.villages WHERE name = 'Tempino'")
        seen = self.forgetful("ani")
        self.assertTrue(seen["entries"])
        self.assertEqual({str(entry[2]) for entry in seen["entries"]}, {tempino})
        self.assertEqual({str(flag[3]) for flag in seen["flags"]}, {tempino})
        self.assertIsNone(seen["raw_rows"])
        seen = self.forgetful("eko")
        for what in ("entries", "flags", "raw_rows", "match_evidence", "jobs", "flag_history"):
            self.assertIsNone(seen[what], what)

    def test_nobody_sees_nothing(self):
        # As the web's role without any setting, and with settings that are empty.
        for settings in ("", "SET padan.district = ''; SET padan.role = ''; SET padan.office = ''; SET padan.villages = '';"):
            for table in ("entries", "flags", "lists", "match_evidence", "districts", "offices", "audit_trail"):
                self.assertEqual(self.value("SET ROLE padan_web; %s SELECT count(*) FROM padan.%s" % (settings,
                    table if table not in ("districts", "offices") else "%s d WHERE d.district > 0" % table)), "0", table)

    def test_another_district(self):
        self.sql("INSERT INTO padan.districts (district, code, name) VALUES (1506, '15.06', 'Lain')")
        try:
            self.assertEqual(self.forgetful("siti")["districts"], [1505])
        finally:
            self.sql("DROP TABLE IF EXISTS padan.entries_1506, padan.raw_rows_1506, padan.match_evidence_1506; DELETE FROM padan.districts WHERE district = 1506")

    def test_the_web_writes_nothing(self):
        self.assertEqual(self.users["siti"].get("/api/v1/debug/writes").status, 404)
        for statement in ("INSERT INTO padan.lists DEFAULT VALUES", "DELETE FROM padan.entries", "UPDATE padan.flags SET reason = 'x'",
                "SELECT * FROM padan.users", "SELECT * FROM padan.web_sessions", "SELECT * FROM padan.api_tokens", "SELECT * FROM padan.user_links",
                "SELECT * FROM padan.raw_rows", "SELECT * FROM padan.entries_1505", "SELECT config FROM padan.districts",
                "SELECT padan.user_add(1505, 'x1', '', 'administrator', NULL, NULL)", "SELECT padan.audit_in(1505, 1, 'x', 'x', NULL, NULL, NULL, NULL)",
                "UPDATE padan.audit_trail SET who = 'x'", "SELECT * FROM intake.row", "SELECT padan.audit('x')"):
            self.refused("42501", "SET ROLE padan_web; " + statement)

    def test_what_the_web_may_read_is_bound(self):
        """Every table that padan_web may read has forced row-level security, every view looks with the reader's eyes."""
        wrong = self.sql("""
            SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname IN ('padan', 'intake') AND (has_table_privilege('padan_web', c.oid, 'SELECT') OR has_any_column_privilege('padan_web', c.oid, 'SELECT'))
                AND c.relname NOT IN ('list_transitions', 'flag_transitions', 'web_raw_rows') AND CASE
                    WHEN c.relkind IN ('r', 'p') THEN NOT (c.relrowsecurity AND c.relforcerowsecurity)
                    WHEN c.relkind = 'v' THEN NOT coalesce('security_invoker=true' = ANY (c.reloptions), false)
                    ELSE c.relkind <> 'S' END""")
        self.assertEqual(wrong, [])
        wrong = self.sql("""
            SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
            WHERE n.nspname IN ('padan', 'intake') AND has_function_privilege('padan_web', p.oid, 'EXECUTE') AND p.prosecdef
                AND NOT coalesce(p.proconfig && ARRAY['search_path=pg_catalog, pg_temp'], false)""")
        self.assertEqual(wrong, [])
        self.assertEqual(self.sql("SELECT rolname FROM pg_roles WHERE rolname = 'padan_web' AND (rolsuper OR rolbypassrls OR rolcanlogin OR rolcreaterole)"), [])

    def test_the_daemon_as_its_own_role(self):
        """As padan_daemon, which is no superuser: everything still works, the web with it."""
        self.daemon.stop()
        type(self).start(environment={"PGUSER": "padan_daemon"})
        try:
            self.assertEqual(self.users["budi"].get("/api/v1/session").status, 200)
            self.assertEqual(set(self.forgetful("budi")["lists"]), self.lists_of("dinsos"))
            before = int(self.value("SELECT count(*) FROM padan.lists WHERE state = 'done'"))
            import os
            from daemon_support import list_of
            path = os.path.join(self.folder, "inbox", "dinsos", "pkh_2024-08.csv")
            with open(path + ".part", "w", encoding="utf-8") as out:
                out.write(list_of(range(20, 40)))
            os.rename(path + ".part", path)
            self.eventually(lambda: int(self.value("SELECT count(*) FROM padan.lists WHERE state = 'done'")) == before + 1, 30, "the list")
        finally:
            self.daemon.stop()
            type(self).start()


class Audit(WebCase):
    def verify(self, *words):
        done = self.padan("audit", "verify", *words)
        return done.returncode, done.stdout + done.stderr

    def tamper(self, sql, *words):
        """The trail must not verify after this; then all is as before."""
        self.sql("CREATE TABLE public.kept AS SELECT * FROM padan.audit_trail; CREATE TABLE public.kept_heads AS SELECT * FROM padan.audit_heads")
        self.sql(sql)
        status, said = self.verify(*words)
        self.sql("TRUNCATE padan.audit_trail; INSERT INTO padan.audit_trail SELECT * FROM public.kept; DROP TABLE public.kept; "
            "DELETE FROM padan.audit_heads; INSERT INTO padan.audit_heads SELECT * FROM public.kept_heads; DROP TABLE public.kept_heads")
        self.assertEqual(status, 3, said)
        self.assertEqual(self.verify()[0], 0)
        return said

    def test_chain(self):
        head = self.must_json("audit", "verify")
        self.assertGreater(head["rows"], 10)
        expect = "%d:%s" % (head["rows"], head["hash"])
        self.assertIn("5 diubah", self.tamper("UPDATE padan.audit_trail SET who = 'lain' WHERE number = 5"))
        self.assertIn("diubah", self.tamper("UPDATE padan.audit_trail SET at = at + interval '1 microsecond' WHERE number = 6"))
        self.assertIn("hilang", self.tamper("DELETE FROM padan.audit_trail WHERE number = 5"))
        self.assertIn("terpotong", self.tamper("DELETE FROM padan.audit_trail WHERE number = %d" % head["rows"]))
        self.tamper("DELETE FROM padan.audit_trail")
        # Two in the other order; one put in, with the numbers behind it moved on.
        self.tamper("UPDATE padan.audit_trail SET number = 999 WHERE number = 5; UPDATE padan.audit_trail SET number = 5 WHERE number = 6; "
            "UPDATE padan.audit_trail SET number = 6 WHERE number = 999")
        self.tamper("UPDATE padan.audit_trail SET number = number + 1000 WHERE number >= 5; INSERT INTO padan.audit_trail SELECT district, 5, at, \"user\", who, "
            "address, action, kind, ids, detail, before_hash, hash FROM padan.audit_trail WHERE number = 1005; "
            "UPDATE padan.audit_trail SET number = number - 999 WHERE number >= 1000")
        # Whoever can write the head as well is found by the head that was noted.
        self.assertIn("bukan yang dahulu", self.tamper("DELETE FROM padan.audit_trail WHERE number >= %d; UPDATE padan.audit_heads h SET number = t.number, "
            "hash = t.hash FROM padan.audit_trail t WHERE t.number = %d" % (head["rows"], head["rows"] - 1), "--expect", expect))
        self.assertEqual(self.verify("--expect", expect)[0], 0)
        self.assertEqual(self.verify("--expect", "nonsense")[0], 2)

    def test_nobody_writes_it(self):
        for role in ("padan_daemon", "padan_web", "padan_reader"):
            for statement in ("UPDATE padan.audit_trail SET who = 'x'", "DELETE FROM padan.audit_trail", "UPDATE padan.audit_heads SET number = 0",
                    "TRUNCATE padan.audit_trail"):
                self.refused("42501", "SET ROLE %s; %s" % (role, statement))

    def test_what_is_seen_is_noted(self):
        before = int(self.value("SELECT count(*) FROM padan.audit_trail"))
        self.users["budi"].get("/api/v1/debug/echo/77")
        row = self.sql("SELECT who, action, kind, ids, address FROM padan.audit_trail ORDER BY number DESC LIMIT 1")[0]
        self.assertEqual(row, ["budi", "debug.echo", "id", "{77}", "127.0.0.1"])
        self.users["budi"].get("/api/v1/debug/echo/77?number=x")  # refused: nothing was seen
        self.assertEqual(int(self.value("SELECT count(*) FROM padan.audit_trail")), before + 1)
        self.assertEqual(self.verify()[0], 0)

    def test_nothing_is_shown_without_it(self):
        self.sql("ALTER TABLE padan.audit_trail ADD CONSTRAINT shut CHECK (action <> 'debug.echo') NOT VALID")
        try:
            answer = self.users["budi"].get("/api/v1/debug/echo/78")
            self.assertEqual(answer.status, 500)
            self.assertNotIn(b"budi", answer.body)
        finally:
            self.sql("ALTER TABLE padan.audit_trail DROP CONSTRAINT shut")
        self.assertEqual(self.users["budi"].get("/api/v1/debug/echo/78").status, 200)

    def test_many_at_once(self):
        import threading
        threads = [threading.Thread(target=lambda: [self.users[name].get("/api/v1/debug/echo/79") for _ in range(10)])
            for name in ("siti", "budi", "dedi", "bapak")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(self.value("SELECT count(*) FROM padan.audit_trail WHERE ids = '{79}'"), "40")
        self.assertEqual(self.verify()[0], 0)

    def test_who_saw_whom(self):
        person, household, entry_list, row = self.sql("SELECT person, household, list, row FROM padan.entries ORDER BY 1 LIMIT 1")[0]
        self.sql("BEGIN; SELECT set_config('padan.district', '1505', true), set_config('padan.actor', 'budi', true);"
            "SELECT padan.audit('person.view', 'person', ARRAY[%s]::bigint[]), padan.audit('household.view', 'household', ARRAY[1, %s]::bigint[]),"
            "padan.audit('list.rows', 'list', ARRAY[%s]::bigint[]), padan.audit('person.view', 'person', ARRAY[999999]::bigint[]); COMMIT" %
            (person, household, entry_list))
        self.sql("SELECT padan.record_unmasking(1505, 'explain', NULL, %s, %s, 1, 'verifikasi')" % (entry_list, row))
        seen = self.must_json("audit", "who", "--person", person)
        self.assertEqual({(one["action"], one["kind"]) for one in seen},
            {("person.view", "person"), ("household.view", "household"), ("list.rows", "list"), ("unmask.explain", "list")})
        self.assertEqual({one["reason"] for one in seen if one["action"].startswith("unmask")}, {"verifikasi"})
        self.assertIn("budi", self.must("audit", "who", "--household", household))
        self.assertEqual(self.padan("audit", "who").returncode, 2)


if __name__ == "__main__":
    unittest.main()
