"""Lists: the same file twice, also at the same moment; withdrawing and erasing; which list is current."""
import threading
import unittest

from support import Case

HEADER = "NIK;Nama;Desa\n"


class Lists(Case):
    def setUp(self):
        self.sql("TRUNCATE padan.lists, padan.jobs, padan.raw_rows, padan.entries, padan.match_evidence, padan.periods CASCADE")

    def send(self, contents, period="2024-07", programme="pkh", status=0):
        path = self.file("list.csv", HEADER + contents)
        done = self.padan("import", "--no-wait", "--json", "--programme", programme, "--period", period, path)
        self.assertEqual(done.returncode, status, done.stderr)
        return done

    def work(self):
        """What a daemon does to the next list, short of matching: entries for its rows, then done. Returns the list."""
        district, job, kind, number, fence = self.sql(
            "SELECT district, job, kind, list, fence FROM padan.job_claim('test', '30 s')")[0]
        if kind == "list":
            self.sql("""BEGIN; SELECT padan.job_guard({0}, {1}, {2});
                SELECT padan.attach_entries({0}) WHERE padan.make_entries({0});
                INSERT INTO padan.entries (district, list, row, line, person, household, name, name_shown)
                    SELECT district, list, row, line, row, row, (padan.raw_cells(cells))[2], (padan.raw_cells(cells))[2] FROM padan.raw_rows WHERE list = {3};
                SELECT padan.job_finish({0}, {1}, {2}); COMMIT""".format(district, job, fence, number))
        else:
            self.sql("SELECT padan.job_finish(%s, %s, %s)" % (district, job, fence))
        return number

    def current(self):
        return [row[0] for row in self.sql("SELECT list FROM padan.list_status WHERE current ORDER BY list")]

    def test_the_same_file_again_changes_nothing(self):
        self.send("1505010101800001;SITI;Mestong\n")
        before = self.sql("SELECT * FROM padan.lists"), self.sql("SELECT * FROM padan.jobs")
        self.assertIn("tidak ada yang berubah", self.send("1505010101800001;SITI;Mestong\n").stderr)
        self.assertEqual(before, (self.sql("SELECT * FROM padan.lists"), self.sql("SELECT * FROM padan.jobs")))

    def test_the_same_file_at_the_same_moment_is_one_list(self):
        path = self.file("twice.csv", HEADER + "".join("1505010101800001;SITI %d;Mestong\n" % i for i in range(20000)))
        results = []
        threads = [threading.Thread(target=lambda: results.append(self.padan(
            "import", "--no-wait", "--programme", "pkh", "--period", "2024-07", path))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual([r.returncode for r in results], [0] * 4, [r.stderr for r in results])
        self.assertEqual(sum("tidak ada yang berubah" in r.stderr for r in results), 3)
        self.assertEqual(self.sql("SELECT count(DISTINCT list), count(*) FROM padan.raw_rows"), [["1", "20000"]])

    def test_a_later_list_takes_the_place_of_an_earlier_one(self):
        self.send("1;SITI;Mestong\n")
        first = self.work()
        self.send("1;BUDI;Mestong\n", period="2024-06")
        self.assertEqual((self.work() != first, self.current()), (True, [first]))
        self.send("1;AGUS;Mestong\n", period="2024-08")
        third = self.work()
        self.assertEqual(self.current(), [third])
        self.send("1;AGUS S;Mestong\n", period="2024-08")
        fourth = self.work()
        self.assertEqual(self.current(), [fourth])
        self.assertEqual(self.value("SELECT superseded_by FROM padan.list_status WHERE list = " + third), fourth)

    def test_a_target_list_counts_from_its_decree(self):
        """As the engine has it: the period says what a list is for, the decree from when it counts."""
        made = []
        for period, *decree in (("2024", "--decree-date", "2024-05-01"), ("2024-03",), ("2024-02", "--decree-date", "2024-06-01")):
            path = self.file("target-%d.csv" % len(made), HEADER + "1;SITI %d;Mestong\n" % len(made))
            self.must("import", "--no-wait", "--target", "--period", period, "--decree", "SK %d" % len(made), *decree, path)
            made.append(self.work())
            self.assertEqual(self.current(), [made[0] if len(made) < 3 else made[2]])

    def test_withdrawing_restores_what_was_before(self):
        self.send("1;SITI;Mestong\n")
        first = self.work()
        self.send("1;AGUS;Mestong\n", period="2024-08")
        second = self.work()
        self.must("lists", "--withdraw", second, "--reason", "salah kirim")
        self.assertEqual(self.current(), [first])
        self.assertEqual(self.sql("SELECT kind, state FROM padan.jobs WHERE list = %s ORDER BY job" % second),
                         [["list", "done"], ["withdraw", "ready"]])
        self.assertEqual(self.sql("SELECT state, withdrawn_reason FROM padan.lists WHERE list = " + second), [["withdrawn", "salah kirim"]])
        # The same file may come again: it is a new list.
        self.send("1;AGUS;Mestong\n", period="2024-08")
        self.assertEqual(self.work(), second)  # the withdrawal's job comes first
        third = self.work()
        self.assertEqual(self.current(), [third])

    def test_withdrawing_calls_the_work_off(self):
        self.send("1;SITI;Mestong\n")
        district, job, number, fence = self.sql("SELECT district, job, list, fence FROM padan.job_claim('test', '30 s')")[0]
        self.must("lists", "--withdraw", number, "--reason", "salah kirim")
        self.refused("PD003", "SELECT padan.job_finish(%s, %s, %s)" % (district, job, fence))
        self.assertEqual(self.value("SELECT padan.job_heartbeat(%s, %s, %s, '30 s', NULL, NULL)" % (district, job, fence)), "lost")
        self.assertEqual(self.sql("SELECT state FROM padan.jobs"), [["cancelled"]])

    def test_erasing_leaves_ids_alone(self):
        self.send("1;SITI CANARY;Mestong\n1;BUDI;Mestong\n")
        number = self.work()
        self.sql("INSERT INTO padan.match_evidence VALUES (1505, {0}, 1, {0}, 2, 'person', 'doubtful', 1, 0.5)".format(number))
        self.sql("INSERT INTO padan.flags (district, key, basis, kind, severity, certainty, state, list, row, found_list)"
                 " VALUES (1505, 'k', 1, 'INCLUSION', 'low', 1, 'finding', %s, 1, %s)" % (number, number))
        self.must("lists", "--erase", number, "--reason", "masa simpan habis", "--yes")
        for table in ("raw_rows", "entries"):
            self.assertEqual(self.value("SELECT count(*) FROM padan.%s WHERE list = %s" % (table, number)), "0")
        self.assertEqual(self.value("SELECT count(*) FROM padan.match_evidence"), "0")
        self.assertEqual(self.sql("SELECT state, file_name, header IS NULL FROM padan.lists WHERE list = " + number), [["erased", "", "t"]])
        self.assertEqual(self.value("SELECT count(*) FROM padan.flag_history WHERE list = " + number), "1")
        self.assertEqual(self.value("SELECT kind FROM padan.jobs WHERE state = 'ready'"), "erase")
        dump = str(self.sql("SELECT l FROM padan.lists l")) + str(self.sql("SELECT f FROM padan.flags f"))
        self.assertNotIn("CANARY", dump)

    def test_erasing_touches_no_more_than_the_list(self):
        plan = "\n".join(row[0] for row in self.sql(
            "SET enable_seqscan = off; EXPLAIN DELETE FROM padan.entries WHERE district = 1505 AND list = 3;"
            "EXPLAIN DELETE FROM padan.raw_rows WHERE district = 1505 AND list = 3;"
            "EXPLAIN DELETE FROM padan.match_evidence WHERE district = 1505 AND b_list = 3"))
        self.assertNotIn("Seq Scan", plan)
        self.assertGreaterEqual(plan.count("Index Cond"), 3)

    def test_refused_files_are_explained(self):
        self.sql("INSERT INTO padan.periods (district, period, state) VALUES (1505, '2023-01', 'closed')")
        self.assertIn("ditutup", self.send("1;SITI;Mestong\n", period="2023-01", status=3).stderr)
        self.sql("INSERT INTO padan.periods (district, period, state) VALUES (1505, '2022', 'closed')")
        self.assertIn("ditutup", self.send("1;SITI;Mestong\n", period="2022-05", status=3).stderr, "a closed year closes its months")
        self.assertIn("yang ada: blt_dd, pkh", self.send("1;SITI;Mestong\n", programme="bst", status=3).stderr)
        self.assertIn("TTTT-BB", self.send("1;SITI;Mestong\n", period="07/2024", status=3).stderr)
        done = self.padan("import", "--no-wait", "--target", "--period", "2024", self.file("t.csv", HEADER + "1;A;B\n"))
        self.assertEqual(done.returncode, 0)
        done = self.padan("import", "--no-wait", "--target", "--period", "2024", self.file("t.csv", HEADER + "1;C;B\n"))
        self.assertEqual((done.returncode, "nomor SK" in done.stderr), (3, True))
        done = self.padan("import", "--no-wait", "--target", "--period", "2024", "--decree", "9/2024", self.file("t.csv", HEADER + "1;C;B\n"))
        self.assertEqual(done.returncode, 0)
        for contents in (b"", b"\x00\x01\x02\x03" * 100):
            done = self.padan("import", "--no-wait", "--programme", "pkh", "--period", "2024-07", self.file("bad.csv", contents))
            self.assertEqual(done.returncode, 3, done.stderr)
        self.assertEqual(self.value("SELECT count(*) FROM padan.lists"), "2")

    def test_rejected_rows_come_back_as_a_file(self):
        self.send("1;SITI;Mestong\n2;\"BUDI;Mestong\n3;AGUS;Mestong;lebih;lagi\n")
        self.assertEqual(self.value("SELECT count(*) FROM padan.raw_rows"), self.value("SELECT rows_read FROM padan.lists"))
        rejected = self.value("SELECT count(*) FROM padan.raw_rows WHERE reject IS NOT NULL")
        path = self.folder + "/rejects.csv"
        self.must("lists", "--rejects-of", self.value("SELECT list FROM padan.lists"), "--rejects", path)
        with open(path, encoding="utf-8-sig") as lines:
            header, *rows = lines.read().splitlines()
        self.assertEqual(header, "NIK;Nama;Desa;alasan_ditolak_padan;baris_asal_padan")
        self.assertEqual((str(len(rows)), rows[-1].endswith(";4")), (rejected, True), rows)

    def test_mended_rows_of_a_target_list_complete_it(self):
        def send(path, *more):
            return self.padan("import", "--no-wait", "--target", "--period", "2024", *more, path)

        done = send(self.file("t.csv", HEADER + "1;SITI;Mestong\n2;\"BUDI;Mestong\n3;AGUS;Mestong;lebih\n"), "--decree", "400/2024")
        self.assertEqual(done.returncode, 0, done.stderr)
        first, path = self.value("SELECT list FROM padan.lists"), self.folder + "/ditolak.csv"
        self.must("lists", "--rejects-of", first, "--rejects", path)
        with open(path, encoding="utf-8-sig") as lines:
            mended = lines.read().replace(";lebih", "").replace("\"\"\"BUDI;Mestong\"", "BUDI;Mestong").replace("\"", "")
        self.assertIn("masih dikerjakan", send(self.file("baik.csv", mended)).stderr)
        self.work()
        done = send(self.file("baik.csv", mended))
        self.assertEqual(done.returncode, 0, done.stderr)
        second = self.work()
        self.assertEqual(self.sql("SELECT list, completes, decree_number FROM padan.lists ORDER BY list"),
                         [[first, "", "400/2024"], [second, first, "400/2024"]])
        self.assertEqual(self.current(), [second])
        self.assertEqual(self.value("SELECT count(*) FROM padan.raw_rows WHERE list = %s AND (padan.raw_cells(cells))[2] = 'SITI'" % second), "1")


if __name__ == "__main__":
    unittest.main()
