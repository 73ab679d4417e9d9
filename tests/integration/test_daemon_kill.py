"""padand is killed, frozen, stopped, doubled, and PostgreSQL crashed under it, at random: nothing is lost, nothing is twice.

PADAN_KILLS and PADAN_CRASHES say how many random kills and server crashes to try (12 and 3).
"""
import os
import random
import signal
import time
import unittest

from daemon_support import LISTS, crash_server
from kill_support import KillCase

KILLS = int(os.environ.get("PADAN_KILLS", "12"))
CRASHES = int(os.environ.get("PADAN_CRASHES", "3"))


class Kill(KillCase):
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
            self.eventually(lambda: self.value("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'padand'") == "1", 5,
                "work going on within 5 s of the server's return")
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
