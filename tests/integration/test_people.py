"""What people do with flags: look, explain, search, decide, export and read back. The rows are matched by hand here, so
that every number is known; a daemon is not needed."""
import csv
import io
import json
import os
import re
import unittest
import zipfile

from support import Case

NIK = "1505011708450012"
LIST = ("NIK;No KK;Nama;Tanggal Lahir;Desa\n"
        + NIK + ";1505012003120004;SITI CANARY;17-08-1945;Mestong\n"
        "1505015708450013;1505012003120004;=HYPERLINK(1);17-08-1945;Mestong\n")


class People(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.must("import", "--no-wait", "--programme", "pkh", "--period", "2024-07", cls.file("pkh.csv", LIST))
        cls.sql("""
            UPDATE padan.lists SET state = 'working'; UPDATE padan.lists SET state = 'done', rows_accepted = 2;
            UPDATE padan.jobs SET state = 'done';
            SELECT padan.attach_entries(1505) WHERE padan.make_entries(1505);
            INSERT INTO padan.entries (district, list, row, line, person, household, name, name_shown, nik, kk, birth, village, fingerprint)
                SELECT district, list, row, line, row, 1, c[3], c[3], c[1]::bigint, c[2]::bigint, 19450817, 1505012001, row
                FROM padan.raw_rows r, padan.raw_cells(r.cells) AS c;
            INSERT INTO padan.flags (district, key, basis, kind, severity, certainty, state, list, row, other_list, other_row,
                    programme, village, period, household, person, rule, found_list)
                SELECT 1505, k, 1, k, 'high', 0.9, s, 1, 1, 1, 2, 'pkh', 1505012001, '2024-07', 1, 1, r, 1
                FROM (VALUES ('INCLUSION', 'finding', NULL), ('DUP_PERSON_IN_LIST', 'to_check', NULL),
                    ('OVERLAP', 'finding', 'bltdd-not-with-pkh')) f (k, s, r)""")
        cls.flags = {row[0]: row[1] for row in cls.sql("SELECT kind, flag FROM padan.flags")}

    def status(self, kind):
        return self.value("SELECT status FROM padan.flags WHERE kind = '%s'" % kind)

    def test_filters(self):
        for words, count in ((["--kind", "OVERLAP"], 1), (["--state", "to_check"], 1), (["--programme", "blt_dd"], 0),
                             (["--village", "1505012001"], 3), (["--list", "1", "--limit", "2"], 2), (["--status", "resolved"], 0)):
            self.assertEqual(len(self.must_json("flags", *words)), count, words)
        self.assertEqual(self.padan("flags", "--kind", "WRONG").returncode, 2)
        for words, says in ((["--programme", "bst"], "yang ada: blt_dd"), (["--village", "Negeri Antah"], "Negeri Antah"),
                            (["--office", "dinass"], "yang ada:")):
            refused = self.padan("flags", *words)
            self.assertEqual(refused.returncode, 3, words)
            self.assertIn(says, refused.stderr)

    def test_explain_masks(self):
        text = self.must("explain", self.flags["OVERLAP"])
        self.assertIn("150501••••••0012", text)
        self.assertIn("PMK 201/2022", text)
        self.assertNotIn(NIK, text + self.must("explain", "--json", self.flags["OVERLAP"]))
        self.assertNotIn("17-08", text)
        self.assertEqual(self.padan("explain", "999999").returncode, 3)

    def test_unmasking_needs_a_reason_and_is_recorded(self):
        flag = self.flags["INCLUSION"]
        before = self.value("SELECT count(*) FROM padan.unmasking")
        self.assertEqual(self.padan("explain", flag, "--unmask").returncode, 2)
        self.assertIn(NIK, self.must("explain", flag, "--unmask", "--reason", "verifikasi", "--who", "ani"))
        self.assertIn(NIK, self.must("search", "siti", "--unmask", "--reason", "verifikasi"))
        self.assertEqual(self.sql("SELECT who, what, flag, reason FROM padan.unmasking ORDER BY event OFFSET " + before),
                         [["ani", "explain", flag, "verifikasi"], ["postgres", "search", "", "verifikasi"]])

    def test_search(self):
        for words in (["siti canary"], ["--nik", NIK], ["--kk", "1505.0120.0312.0004"], ["--birth", "17/8/1945"]):
            self.assertIn("SITI CANARY", self.must("search", *words), words)
        self.assertNotIn(NIK, self.must("search", "siti", "--json"))
        self.assertIn("Tidak ditemukan", self.must("search", "siti", "--nik", "1505011708450099"))
        self.assertEqual(self.padan("search").returncode, 2)

    def test_decisions_about_pairs(self):
        flag = self.flags["DUP_PERSON_IN_LIST"]
        self.assertEqual(self.padan("decide", flag, "--not-same").returncode, 2)
        self.must("decide", flag, "--not-same", "--reason", "kembar", "--who", "budi")
        self.must("decide", "1:2", "1:1", "--same", "--reason", "ternyata sama")
        self.assertEqual(self.sql("SELECT verdict, decided_by, replaced_by FROM padan.decisions ORDER BY decision"),
                         [["not_same", "budi", self.value("SELECT max(decision) FROM padan.decisions")], ["same", "postgres", ""]])
        self.assertNotEqual(self.value("SELECT count(*) FROM padan.jobs WHERE kind = 'redecide'"), "0")
        self.assertEqual(self.padan("decide", "1:2", "1:9", "--same", "--reason", "x").returncode, 3)

    def test_flags_are_settled_with_history(self):
        flag = self.flags["INCLUSION"]
        self.must("decide", flag, "--assign", "dinsos")
        self.must("decide", flag, "--dismiss", "--reason", "sudah diperiksa", "--who", "camat")
        self.must("decide", flag, "--reopen")
        self.assertEqual(self.sql("SELECT to_status, who, reason FROM padan.flag_history WHERE flag = %s ORDER BY change" % flag),
                         [["found", "postgres", ""], ["assigned", "postgres", ""], ["dismissed", "camat", "sudah diperiksa"],
                          ["found", "postgres", ""]])

    def test_history_cannot_be_changed_by_the_daemon(self):
        self.refused("42501", "UPDATE padan.flag_history SET who = 'x'", "padan_daemon")
        self.refused("42501", "DELETE FROM padan.unmasking", "padan_daemon")

    def test_export_is_safe_from_formulas(self):
        path = os.path.join(self.folder, "flags.csv")
        self.sql("UPDATE padan.flags SET row = 2, other_row = 1 WHERE kind = 'OVERLAP'")
        self.must("export", "--out", path)
        with open(path, encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.reader(io.StringIO(lines.read())))
        self.assertEqual(len(rows), 4)
        self.assertFalse([cell for row in rows for cell in row if re.match(r"[=+@\t]", cell)], rows)
        self.assertFalse(any(NIK in cell for row in rows for cell in row))
        self.must("export", "--out", path + ".xlsx")
        book = zipfile.ZipFile(path + ".xlsx")
        for name in book.namelist():
            if name.startswith("xl/worksheets/"):
                self.assertNotIn("<f>", book.read(name).decode())

    def test_results_are_read_back(self):
        path = os.path.join(self.folder, "results.csv")
        self.must("export", "--kind", "DUP_PERSON_IN_LIST", "--out", path)
        with open(path, encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.reader(lines))
        rows[1][rows[0].index("Hasil (benar/salah)")] = "Salah"
        rows[1][rows[0].index("Keterangan")] = "saudara kembar"
        rows.append(list(rows[1]))
        rows[2][rows[0].index("No. Temuan")] = "424242"
        rows.append(list(rows[1]))
        rows[3][rows[0].index("Hasil (benar/salah)")] = "mungkin"
        with open(path, "w", newline="") as out:
            csv.writer(out).writerows(rows)
        told = self.must_json("import", "--verification", path)
        self.assertEqual((told["rows"], told["dismissed"], len(told["problems"])), (3, 1, 2))
        self.assertEqual(self.sql("SELECT status, reason FROM padan.flags WHERE kind = 'DUP_PERSON_IN_LIST'"),
                         [["dismissed", "saudara kembar"]])
        self.assertEqual(self.must_json("import", "--verification", path)["unchanged"], 1)
        self.must("decide", self.flags["DUP_PERSON_IN_LIST"], "--reopen")

    def test_an_empty_workbook_comes_back_unfilled(self):
        path = os.path.join(self.folder, "form.xlsx")
        self.must("export", "--out", path)
        told = self.must_json("import", "--verification", path)
        self.assertEqual((told["rows"], told["empty"], told["problems"]), (3, 3, []))

    def test_status_and_doctor(self):
        self.assertEqual(self.must_json("status")["districts"][0]["code"], "15.05")
        told = self.padan("doctor", "--json")
        checks = {c["check"]: c["state"] for c in json.loads(told.stdout)}
        self.assertEqual((told.returncode, checks["daemon"], checks["migrations"]), (4, "broken", "fine"))
        self.assertNotIn("web_tls", checks) # no web is wanted
        told = self.padan("doctor", "--json", "--web", "127.0.0.1:1", "--web-url", "https://padan.example", "--web-pages", self.folder)
        checks = {c["check"]: c["state"] for c in json.loads(told.stdout)}
        self.assertEqual([checks["web_" + what] for what in ("role", "users", "pages", "address", "tls")], ["fine", "warning", "warning", "fine", "fine"])
        told = self.padan("doctor", "--json", "--web", "nowhere", "--web-url", "http://padan.example")
        self.assertEqual([c["state"] for c in json.loads(told.stdout) if c["check"] in ("web_address", "web_tls")], ["broken", "warning"])

    def test_a_reader_reads_alone(self):
        self.sql("DO $$BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'padan_test_reader') THEN "
                 "CREATE ROLE padan_test_reader LOGIN IN ROLE padan_reader; END IF; END$$")
        self.assertEqual(self.value("SELECT count(*) FROM padan.flags", "padan_test_reader"), "3")
        self.refused("42501", "UPDATE padan.flags SET reason = 'x'", "padan_test_reader")
        self.refused("42501", "SELECT * FROM intake.row", "padan_test_reader")
        self.sql("SELECT padan.record_unmasking(1505, 'explain', 1, 1, 1, 1, 'x')", "padan_test_reader")


if __name__ == "__main__":
    unittest.main()
