"""What test_daemon_kill and test_daemon_failpoints share: what is in the database after a disturbed run must be the same, flag by
flag and household by household, as after a run that nobody disturbed.
"""
import os

from daemon_support import DaemonCase


class KillCase(DaemonCase):
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
