"""padand ends at each of its numbered fail-points in turn (daemon/base/failpoint.h): the next one finishes the work, nothing is lost
and nothing is twice.
"""
import signal
import unittest

from kill_support import KillCase

FAILPOINT_STATUS = 86


class Failpoints(KillCase):
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


if __name__ == "__main__":
    unittest.main()
