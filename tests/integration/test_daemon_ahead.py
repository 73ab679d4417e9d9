"""A daemon that starts loads its districts' registers before a list asks for them, and a list that can't be used leaves them as they are."""
import subprocess
import unittest

from daemon_support import DaemonCase, FLAGS, LISTS, PARTITION, list_of


class Ahead(DaemonCase):
    def loaded(self):
        return self.logged().count(" register loaded ")

    def send(self, path, text):
        self.put(path, text)
        self.until_quiet()

    def first_life(self):
        daemon = self.start()
        for path, text in LISTS.items():
            self.send(path, text)
        self.assertEqual(self.loaded(), 1)
        self.assertEqual(daemon.stop(), 0)

    def test_the_next_list_finds_the_register_loaded(self):
        self.first_life()
        before = self.sql(FLAGS), self.sql(PARTITION)
        self.start()
        self.eventually(lambda: self.loaded() == 2, 60, "the register being loaded")
        self.send("dinsos/pkh_2024-08.csv", list_of(range(10, 60)))
        self.assertEqual(self.loaded(), 2)
        self.assertNotEqual(self.sql(FLAGS), before[0])
        # With that list gone again, everything is as it was: what was loaded ahead is what had been there.
        number = self.value("SELECT max(list) FROM padan.lists")
        self.sql("SELECT padan.withdraw_list(1505, %s, 'salah kirim')" % number)
        self.until_quiet()
        self.assertEqual((self.sql(FLAGS), self.sql(PARTITION)), before)

    def test_a_list_that_waits_already(self):
        self.first_life()
        self.put("dinsos/pkh_2024-08.csv", list_of(range(10, 60)))
        self.start()
        self.until_quiet()
        self.assertEqual(self.value("SELECT state FROM padan.lists ORDER BY list DESC LIMIT 1"), "done")
        self.assertEqual(self.loaded(), 2)

    def test_a_list_that_comes_while_it_loads_waits_for_it(self):
        self.first_life()
        holding = subprocess.Popen(["psql", "-Xq", "-d", self.database], stdin=subprocess.PIPE, text=True)
        holding.stdin.write("BEGIN; LOCK TABLE padan.decisions IN ACCESS EXCLUSIVE MODE;\n")
        holding.stdin.flush()
        self.addCleanup(holding.kill)
        waits = "SELECT count(*) FROM pg_locks WHERE relation = 'padan.decisions'::regclass AND %s granted"
        self.eventually(lambda: self.value(waits % "") == "1", 60, "the table being locked")
        claimed = self.logged().count(" job claimed ")
        daemon = self.start()
        self.eventually(lambda: self.value(waits % "NOT") == "1", 60, "the load waiting")
        self.put("dinsos/pkh_2024-08.csv", list_of(range(10, 60)))
        self.eventually(lambda: self.logged().count(" job claimed ") > claimed, 60, "the list being claimed")
        holding.communicate("ROLLBACK;\n")
        self.until_quiet()
        self.assertEqual(self.value("SELECT state FROM padan.lists ORDER BY list DESC LIMIT 1"), "done")
        self.assertEqual(self.loaded(), 2)
        self.assertEqual(daemon.stop(), 0)

    def test_a_refused_list_leaves_the_register_as_it_is(self):
        self.start()
        for path, text in LISTS.items():
            self.send(path, text)
        self.send("dinsos/pkh_2024-08.csv", "NIK;No KK;Nama;Tanggal Lahir;Desa\n;;-;01/01/1980;TEMPINO\n;;-;02/01/1980;TEMPINO\n")
        self.assertEqual(self.value("SELECT state FROM padan.lists ORDER BY list DESC LIMIT 1"), "refused")
        self.send("dinsos/pkh_2024-09.csv", list_of(range(10, 60)))
        self.assertEqual(self.value("SELECT state FROM padan.lists ORDER BY list DESC LIMIT 1"), "done")
        self.assertEqual(self.loaded(), 1)


if __name__ == "__main__":
    unittest.main()
