"""A list through the inbox: from a file that appears to flags in the database and a note beside the file."""
import os
import signal
import threading
import unittest

from daemon_support import LISTS, DaemonCase, list_of


class Inbox(DaemonCase):
    def test_lists_become_flags_and_notes(self):
        self.start()
        self.put_all()
        self.until_quiet()
        self.check_invariants()
        kinds = dict(self.sql("SELECT kind, count(*) FROM padan.flags WHERE status <> 'resolved' GROUP BY 1"))
        self.assertGreaterEqual(int(kinds.get("INCLUSION", 0)), 3)
        self.assertGreaterEqual(int(kinds.get("OVERLAP", 0)), 5)
        self.assertGreaterEqual(int(kinds.get("DUP_PERSON_IN_LIST", 0)), 2)
        note = self.note("dinsos/done/pkh_2024-07.csv")
        self.assertRegex(note, r"Baris dibaca +54\n")
        self.assertRegex(note, r"Baris ditolak +1\n")
        self.assertIn("bukan sasaran", note)
        with open(os.path.join(self.inbox, "dinsos/done/pkh_2024-07.ditolak.csv"), encoding="utf-8-sig") as rejects:
            lines = rejects.read().splitlines()
        self.assertEqual(len(lines), 2)
        self.assertTrue(lines[0].startswith("NIK;No KK;Nama;Tanggal Lahir;Desa;"), lines[0])
        self.assertRegex(lines[1], r"Baris \d+, kolom 3: yang tertulis di tempat nama bukan nama orang")
        with open(os.path.join(self.inbox, "dinsos/done/pkh_2024-07.csv"), encoding="utf-8") as kept:
            self.assertEqual(kept.read(), LISTS["dinsos/pkh_2024-07.csv"])

    def test_the_same_file_again_changes_nothing(self):
        self.start()
        self.put("dinsos/pkh_2024-07.csv", LISTS["dinsos/pkh_2024-07.csv"])
        self.until_quiet()
        before = self.sql("SELECT * FROM padan.lists"), self.sql("SELECT * FROM padan.flags ORDER BY flag")
        self.put("dinsos/pkh 2024-07 lagi.csv", LISTS["dinsos/pkh_2024-07.csv"])
        self.until_quiet()
        self.assertIn("sudah pernah diterima", self.note("dinsos/done/pkh 2024-07 lagi.csv"))
        self.assertEqual(before, (self.sql("SELECT * FROM padan.lists"), self.sql("SELECT * FROM padan.flags ORDER BY flag")))

    def test_one_file_twice_at_the_same_moment_and_two_daemons(self):
        self.start()
        self.start()
        threads = [threading.Thread(target=self.put, args=("dinsos/pkh_2024-07 %d.csv" % n, LISTS["dinsos/pkh_2024-07.csv"]))
                   for n in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.until_quiet()
        self.check_invariants(lists=1)
        done = os.listdir(os.path.join(self.inbox, "dinsos/done"))
        self.assertEqual(len(done), 6 * 3, done)

    def test_what_is_refused_says_why(self):
        self.start()
        cases = {
            "dinsos/tanpa_program.csv": ("nama\nSITI\n", "tidak menyebut program"),
            "dinsos/pkh.csv": (LISTS["dinsos/pkh_2024-07.csv"], "tidak menyebut periode"),
            "dinsos/pkh_2024-01.csv": ("", "kosong"),
            "dinsos/pkh_2024-02.csv": ("apa;saja\n1;2\n", "judul kolom"),
            "dinsos/pkh_2024-03.csv": ("NIK;Nama;Desa\n", "satu baris pun"),
            "dinsos/pkh_2024-04.csv": ("NIK;Nama;Desa\n1;-;X\n2;;Y\n", "Tak satu pun dari 2 baris dapat dipakai: Baris 2, kolom 2"),
            "dinsos/pkh_2024-06.csv": ("NIK;Nama;Desa\n1;SITI;X;lebih\n", "pkh_2024-06.ditolak.csv"),
            "dinsos/blt_dd_2024-07.csv": (LISTS["dpmd/blt_dd_2024-07.csv"], "tidak berwenang"),
            "entah/pkh_2024-07.csv": (LISTS["dinsos/pkh_2024-07.csv"], "bukan folder dinas"),
            "pkh_2024-07.csv": (LISTS["dinsos/pkh_2024-07.csv"], "folder"),
            "dinsos/../dinsos/pkh_2024-05.xlsx": (b"PK\x03\x04 no workbook", ""),
        }
        for path, (text, _) in cases.items():
            self.put(path, text)
        self.until_quiet()
        for path, (_, says) in cases.items():
            folder, name = os.path.split(os.path.normpath(path))
            self.assertIn(says, self.note(os.path.join(folder, "refused", name)), path)
        with open(os.path.join(self.inbox, "dinsos/refused/pkh_2024-06.ditolak.csv"), encoding="utf-8-sig") as rejects:
            self.assertIn("Baris 2, kolom 4", rejects.read())
        self.assertEqual(self.value("SELECT count(*) FROM padan.lists WHERE state NOT IN ('refused')"), "0")
        self.assertEqual(self.value("SELECT count(*) FROM padan.entries"), "0")

    def test_mended_rows_complete_their_list(self):
        self.start()
        self.put("dinsos/pkh_2024-07.csv", LISTS["dinsos/pkh_2024-07.csv"])
        self.until_quiet()
        before = self.value("SELECT count(*) FROM padan.entries")
        with open(os.path.join(self.inbox, "dinsos/done/pkh_2024-07.ditolak.csv"), encoding="utf-8-sig") as rejects:
            text = rejects.read()
        self.put("dinsos/pkh_2024-07 diperbaiki.csv", text.replace("-;01/01/1980", "SLAMET RIYADI;01/01/1980"))
        self.until_quiet()
        self.assertEqual(self.sql("SELECT list, rows_read, rows_accepted, rows_rejected, completes FROM padan.lists ORDER BY list"),
            [["1", "54", "53", "1", ""], ["2", "54", "54", "0", "1"]])
        self.assertEqual(self.value("SELECT count(*) FROM padan.entries WHERE list = 2 AND name_shown = 'SLAMET RIYADI'"), "1")
        self.assertEqual(self.value("SELECT superseded_by FROM padan.list_status WHERE list = 1"), "2")
        self.assertEqual(self.value("SELECT count(*) FROM padan.entries WHERE list = 1"), before)
        # Columns that were changed, and rows that belong to nothing.
        self.put("dinsos/pkh_2024-07 lain.csv", text.replace("No KK;", ""))
        self.put("dinsos/pkh_2024-09.csv", text.replace("-;01/01/1980", "SLAMET;01/01/1980"))
        self.until_quiet()
        self.assertIn("Judul kolom", self.note("dinsos/refused/pkh_2024-07 lain.csv"))
        self.assertIn("dilengkapinya tidak ada", self.note("dinsos/refused/pkh_2024-09.csv"))

    def test_links_and_temporary_names(self):
        self.start()
        os.makedirs(os.path.join(self.inbox, "dinsos"), exist_ok=True)
        secret = self.file("secret.csv", LISTS["dinsos/pkh_2024-07.csv"])
        os.symlink(secret, os.path.join(self.inbox, "dinsos", "pkh_2024-07.csv"))
        self.eventually(lambda: os.path.lexists(os.path.join(self.inbox, "dinsos/refused/pkh_2024-07.csv")))
        self.assertTrue(os.path.islink(os.path.join(self.inbox, "dinsos/refused/pkh_2024-07.csv")))
        self.assertEqual(self.value("SELECT count(*) FROM padan.lists"), "0")
        part = os.path.join(self.inbox, "dinsos", "pkh_2024-08.csv.part")
        with open(part, "w") as out:
            out.write(LISTS["dinsos/pkh_2024-07.csv"])
        self.put("dpmd/blt_dd_2024-07.csv", LISTS["dpmd/blt_dd_2024-07.csv"])
        self.eventually(lambda: self.value("SELECT count(*) FROM padan.lists WHERE state = 'done'") == "1")
        self.assertTrue(os.path.exists(part))

    def test_a_file_still_growing_waits(self):
        self.start()
        os.makedirs(os.path.join(self.inbox, "dinsos"), exist_ok=True)
        text = LISTS["dinsos/pkh_2024-07.csv"]
        with open(os.path.join(self.inbox, "dinsos/pkh_2024-07.csv"), "w") as out:
            out.write(text[:700])
            out.flush()
            self.put("dpmd/blt_dd_2024-07.csv", LISTS["dpmd/blt_dd_2024-07.csv"])
            self.eventually(lambda: self.value("SELECT count(*) FROM padan.lists WHERE state = 'done'") == "1")
            self.assertEqual(self.waiting(), ["dinsos/pkh_2024-07.csv"])
            out.write(text[700:])
        self.until_quiet()
        self.check_invariants(lists=2)

    def test_an_office_applied_later_has_its_folder(self):
        self.start()
        self.eventually(lambda: os.path.isdir(os.path.join(self.inbox, "dinsos/done")), 60, "the first offices' folders")
        self.sql("INSERT INTO padan.offices (district, office, name) VALUES (1505, 'perkim', 'Dinas Perkim')")
        self.eventually(lambda: os.path.isdir(os.path.join(self.inbox, "perkim/refused")), 60, "the new office's folder")

    def test_starts_while_the_database_is_not_ready(self):
        self.sql("ALTER TABLE padan.schema_migrations RENAME TO hidden")
        daemon = self.start()
        self.put("dinsos/pkh_2024-07.csv", LISTS["dinsos/pkh_2024-07.csv"])
        self.eventually(lambda: "padan migrate" in self.logged())
        self.assertFalse(daemon.ended())
        self.sql("ALTER TABLE padan.hidden RENAME TO schema_migrations")
        self.until_quiet()
        self.check_invariants(lists=1)

    def test_starts_while_the_functions_are_another_programs(self):
        self.sql("UPDATE padan.schema_functions SET checksum = reverse(checksum) WHERE name = 'jobs.sql'")
        self.start()
        self.put("dinsos/pkh_2024-07.csv", LISTS["dinsos/pkh_2024-07.csv"])
        self.eventually(lambda: "functions are not this program" in self.logged())
        self.must("migrate")
        self.until_quiet()
        self.check_invariants(lists=1)

    def test_signals(self):
        daemon = self.start()
        self.put_all()
        self.eventually(lambda: self.value("SELECT count(*) FROM padan.lists WHERE state = 'working'") == "1")
        daemon.signal(signal.SIGHUP)
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(self.value("SELECT count(*) FROM padan.jobs WHERE state = 'running'"), "0", "handed back or finished")
        self.assertEqual(self.value("SELECT coalesce(max(attempts), 0) FROM padan.jobs WHERE state = 'ready'"), "0")
        self.start()
        self.until_quiet()
        self.check_invariants()

    def test_withdrawing_restores_what_was_before(self):
        self.start()
        self.put_all()
        self.until_quiet()
        before = self.outcome()
        self.put("dinsos/pkh_2024-08.csv", list_of(range(30, 40)))
        self.until_quiet()
        self.assertNotEqual(before[0], self.outcome()[0])
        self.sql("SELECT padan.withdraw_list(1505, max(list), 'salah kirim') FROM padan.lists")
        self.until_quiet()
        self.assertEqual(self.outcome()[0], before[0])
        self.assertEqual(self.outcome()[1], before[1])


if __name__ == "__main__":
    unittest.main()
