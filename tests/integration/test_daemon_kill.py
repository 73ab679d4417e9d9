"""padand is killed, frozen, stopped, doubled, and PostgreSQL crashed under it, at every step: nothing is lost, nothing is twice.

What is in the database afterwards must be the same, flag by flag and household by household, as after a run that nobody
disturbed. PADAN_KILLS and PADAN_CRASHES say how many random kills and server crashes to try (12 and 3).
"""
import os
import random
import signal
import time
import unittest

from daemon_support import LISTS, DaemonCase, crash_server

KILLS = int(os.environ.get("PADAN_KILLS", "12"))
CRASHES = int(os.environ.get("PADAN_CRASHES", "3"))
FAILPOINT_STATUS = 86


class Kill(DaemonCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        case = cls("undisturbed")
        case.setUp()
        case.start()
        case.put_all()
        case.until_quiet()
        case.check_invariants()
        cls.expected = case.outcome()
        case.doCleanups()

    def undisturbed(self):
        """What setUpClass runs."""

    def check(self):
        self.until_quiet()
        self.check_invariants()
        flags, partition = self.outcome()
        self.assertEqual(partition, self.expected[1], "the same persons and households")
        self.assertEqual(flags, self.expected[0], "the same flags")
        for folder, _, files in os.walk(self.inbox):
            if os.path.basename(folder) in ("done", "refused"):
                for name in files:
                    if not name.endswith((".catatan.txt", ".ditolak.csv")):
                        self.assertIn(name + ".catatan.txt", files)

    def test_every_failpoint(self):
        passed = []
        for number, name in self.failpoints():
            if name.startswith(("alert_", "shutdown_")):
                continue
            with self.subTest(failpoint=name):
                self.fresh()
                daemon = self.start(failpoint=number)
                self.put_all()
                self.eventually(lambda: daemon.ended() or self.is_quiet(), 60, "the daemon's end at " + name)
                if daemon.ended():
                    self.assertEqual(daemon.close(), FAILPOINT_STATUS)
                    passed.append(name)
                else:
                    daemon.kill()
                self.start()
                self.check()
                self.kill_all()
        self.assertGreaterEqual(len(passed), 18, "fail-points that were reached: %s" % passed)

    def test_failpoints_of_a_later_list(self):
        """The register is in memory by then."""
        for number, name in self.failpoints():
            if not name.startswith(("process_before", "process_after", "process_settled", "job_claimed")):
                continue
            with self.subTest(failpoint=name):
                self.fresh()
                daemon = self.start(failpoint="%d:3" % number)
                self.put_all()
                self.eventually(daemon.ended, 60, "the daemon's end at " + name)
                self.assertEqual(daemon.close(), FAILPOINT_STATUS)
                self.start()
                self.check()
                self.kill_all()

    def test_shutdown_failpoints(self):
        for number, name in self.failpoints():
            if not name.startswith("shutdown_"):
                continue
            with self.subTest(failpoint=name):
                self.fresh()
                daemon = self.start(failpoint=number)
                self.put_all()
                self.eventually(lambda: self.value("SELECT count(*) FROM padan.jobs WHERE state = 'running'") == "1")
                daemon.signal(signal.SIGTERM)
                daemon.process.wait(30)
                self.start()
                self.check()
                self.kill_all()

    def test_random_kills(self):
        seed = int(os.environ.get("PADAN_SEED", "20240701"))
        chance = random.Random(seed)
        kills = 0
        while kills < KILLS:
            self.fresh()
            self.put_all()
            for _ in range(min(4, KILLS - kills)):
                daemon = self.start()
                time.sleep(chance.uniform(0.02, 1.5))
                daemon.kill()
                kills += 1
            self.start()
            with self.subTest(seed=seed, kills=kills):
                self.check()
            self.kill_all()

    def test_server_crashes(self):
        chance = random.Random(7)
        crashes = 0
        while crashes < CRASHES:
            self.fresh()
            daemon = self.start()
            self.put_all()
            for _ in range(min(2, CRASHES - crashes)):
                time.sleep(chance.uniform(0.1, 1.2))
                crash_server()
                crashes += 1
            came_back = time.monotonic()
            self.eventually(lambda: self.value("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'padand'") == "1", 5,
                "work going on within 5 s of the server's return")
            self.assertLess(time.monotonic() - came_back, 5)
            self.check()
            self.assertFalse(daemon.ended())
            self.kill_all()

    def test_frozen_past_its_lease(self):
        """A worker that sleeps through its lease writes nothing when it wakes; another has done the work."""
        for wait in (0, 0.05, 0.12):
            with self.subTest(wait=wait):
                self.fresh()
                frozen = self.start()
                self.put_all()
                self.eventually(lambda: self.value("SELECT count(*) FROM padan.jobs") == "3")
                time.sleep(wait)
                frozen.signal(signal.SIGSTOP)
                self.start()
                self.eventually(lambda: self.value("SELECT count(*) FROM padan.jobs WHERE state IN ('ready', 'running')") == "0", 60,
                    "another daemon doing the work")
                flags = self.sql("SELECT * FROM padan.flags ORDER BY flag"), self.sql("SELECT * FROM padan.flag_history ORDER BY change")
                frozen.signal(signal.SIGCONT)
                time.sleep(1)
                self.assertEqual(flags, (self.sql("SELECT * FROM padan.flags ORDER BY flag"),
                    self.sql("SELECT * FROM padan.flag_history ORDER BY change")), "its late write changed nothing")
                self.check()
                self.kill_all()

    def test_two_daemons_share_the_work(self):
        self.start()
        self.start()
        for path, text in LISTS.items():
            self.put(path, text)
            time.sleep(0.7)
        self.check()
        names = self.sql("SELECT worker FROM padan.daemons ORDER BY 1")
        self.assertEqual(len(names), 2, "two daemons, two names")

    def test_stopped_in_the_middle(self):
        chance = random.Random(3)
        self.put_all()
        for _ in range(6):
            daemon = self.start()
            time.sleep(chance.uniform(0.1, 1.0))
            self.assertEqual(daemon.stop(), 0)
            self.assertEqual(self.value("SELECT count(*) FROM padan.jobs WHERE state = 'running'"), "0")
        self.start()
        self.check()


if __name__ == "__main__":
    unittest.main()
