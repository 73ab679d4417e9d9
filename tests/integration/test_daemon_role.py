"""padand and padan as the role that a service runs under, which owns nothing: what it may do is enough, under row-level security too."""
import os
import subprocess
import unittest

from daemon_support import LISTS, DaemonCase, family, target_of
from support import psql

ROLE = "padan_uji_layanan"


class Role(DaemonCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        psql("postgres", "DROP ROLE IF EXISTS %s; CREATE ROLE %s LOGIN IN ROLE padan_daemon" % (ROLE, ROLE))
        cls.addClassCleanup(psql, "postgres", "DROP ROLE " + ROLE)

    def test_lists_are_worked(self):
        daemon = self.start(environment={"PGUSER": ROLE})
        self.put_all()
        self.until_quiet()
        self.check_invariants()
        self.assertNotEqual(self.outcome()[0], [])
        # A list withdrawn and rules applied anew go through the other kinds of job.
        self.sql("SELECT padan.withdraw_list(1505, (SELECT list FROM padan.lists WHERE subject = 'blt_dd'), 'uji')")
        self.sql("SELECT padan.enqueue_job(1505, 'redecide', NULL)")
        self.until_quiet()
        self.assertEqual(self.sql("SELECT kind, state FROM padan.jobs WHERE state <> 'done'"), [])
        self.assertEqual(daemon.stop(), 0)

    def test_import(self):
        path = os.path.join(self.folder, "sasaran.csv")
        with open(path, "w", encoding="utf-8") as file:
            file.write(target_of(range(3)))
        environment = dict(os.environ, PGUSER=ROLE)
        done = subprocess.run([os.path.join(os.environ["PADAN_BIN"], "padan"), "import", "--db", "dbname=" + self.database, "--no-wait",
            "--target", "--period", "2024", path], env=environment, text=True, capture_output=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(self.value("SELECT count(*) FROM padan.raw_rows"), "12")
        # As it was read, cell by cell.
        self.assertEqual(self.value("SELECT (padan.raw_cells(cells))[3] FROM padan.raw_rows WHERE row = 1"), family(0)[0][2])


if __name__ == "__main__":
    unittest.main()
