"""padan simulate as its user meets it: help, mistakes, interruption, paths, and the same files every time. Needs no database."""
import csv
import filecmp
import os
import signal
import subprocess
import tempfile
import time
import unittest

PADAN = os.path.join(os.environ.get("PADAN_BIN", "build/debug"), "padan")


def simulate(*args, **more):
    return subprocess.run([PADAN, "simulate", *args], capture_output=True, text=True, timeout=60, **more)


class Simulate(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="padan simulate ")
        self.addCleanup(folder.cleanup)
        self.root = folder.name
        self.out = os.path.join(self.root, "kabupaten latihan")

    def test_help_in_both_languages(self):
        self.assertIn("kabupaten buatan", simulate("--help").stdout)
        self.assertIn("made-up district", simulate("--help", "--lang", "en").stdout)

    def test_mistakes_end_with_2_and_say_what_to_do(self):
        for args in ([], ["--out", self.out, "--damage", "-1"], ["--out", self.out, "--district", "Jambi"],
                     ["--out", self.out, "--households", "0"], ["--out", __file__], ["--out", self.out, "--huis", "3"]):
            done = simulate(*args)
            self.assertEqual(done.returncode, 2, args)
            self.assertTrue(done.stderr.startswith("padan simulate: "), done.stderr)
        self.assertEqual(os.listdir(self.root), [])

    def test_a_parent_that_is_absent_ends_with_4(self):
        done = simulate("--out", os.path.join(self.out, "a", "b"))
        self.assertEqual(done.returncode, 4)
        self.assertIn("folder", done.stderr)

    def test_the_list_of_lists_names_the_files(self):
        done = simulate("--out", self.out, "--households", "300")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        with open(os.path.join(self.out, "lists.csv"), newline="", encoding="utf-8") as f:
            lists = list(csv.DictReader(f))
        self.assertEqual([x["code"] for x in lists],
                         ["target", "pkh", "bpnt", "blt_dd", "pbi_jk", "pip", "rtlh", "asn", "meninggal"])
        for x in lists:
            self.assertTrue(os.path.getsize(os.path.join(self.out, x["file"])) > 0)

    def test_the_same_files_again_beside_what_else_is_there(self):
        other = os.path.join(self.root, "lain")
        os.mkdir(other)
        with open(os.path.join(other, "catatan.txt"), "w", encoding="utf-8") as f:
            f.write("punya saya")
        for out in (self.out, other, other):
            self.assertEqual(simulate("--out", out, "--households", "300", "--years", "1").returncode, 0)
        names = sorted(os.listdir(self.out))
        self.assertEqual(sorted(os.listdir(other)), sorted(names + ["catatan.txt"]))
        self.assertEqual(filecmp.cmpfiles(self.out, other, names, shallow=False), (names, [], []))

    def test_interruption_leaves_nothing(self):
        for sign in (signal.SIGINT, signal.SIGTERM):
            run = subprocess.Popen([PADAN, "simulate", "--out", self.out, "--households", "300000"],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            time.sleep(0.3)
            run.send_signal(sign)
            run.communicate(timeout=30)
            self.assertNotEqual(run.returncode, 0)
            self.assertEqual(os.listdir(self.root), [])


if __name__ == "__main__":
    unittest.main()
