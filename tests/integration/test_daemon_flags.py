"""What becomes of flags over time: decided by people, carried on by lists, settled, provisional, raised again."""
import json
import random
import unittest

from daemon_support import LISTS, DaemonCase, family, list_of, target_of


class Flags(DaemonCase):
    def setUp(self):
        super().setUp()
        self.start()

    def take(self, path, text):
        self.put(path, text)
        self.until_quiet()

    def flags(self, kind, *more):
        return self.sql("SELECT flag, status, state, list, row %s FROM padan.flags WHERE kind = '%s' ORDER BY flag" % (
            "".join(", " + word for word in more), kind))

    def open_flags(self, kind):
        return [flag for flag in self.flags(kind) if flag[1] in ("found", "assigned", "confirmed")]

    def history(self, flag):
        return [row[0] for row in self.sql("SELECT to_status FROM padan.flag_history WHERE flag = %s ORDER BY change" % flag)]

    def test_dismissed_stays_dismissed_until_its_ground_changes(self):
        self.take("bappeda/sasaran 2024.csv", target_of(range(0, 20)))
        self.take("dinsos/pkh_2024-07.csv", list_of([5, 6, 70]))
        ((flag, status, *_),) = self.flags("INCLUSION")
        self.must("decide", flag, "--dismiss", "--reason", "keluarga baru, sudah dicek", "--who", "Camat")
        # Next month's list shows the same: it goes on being dismissed, and moves to the new list.
        self.take("dinsos/pkh_2024-08.csv", list_of([6, 70, 5]))
        ((again, status, _, number, row),) = self.flags("INCLUSION")
        self.assertEqual((again, status, row), (flag, "dismissed", "2"))
        self.assertEqual(self.value("SELECT period FROM padan.lists WHERE list = " + number), "2024-08")
        # Not in the list: settled by that list. Again there: dismissed as before, and nobody is bothered.
        self.take("dinsos/pkh_2024-09.csv", list_of([5, 6]))
        self.assertEqual(self.flags("INCLUSION", "resolved_list = (SELECT max(list) FROM padan.lists)")[0][1::4], ["resolved", "t"])
        self.take("dinsos/pkh_2024-10.csv", list_of([5, 70, 6]))
        self.assertEqual([f[1] for f in self.flags("INCLUSION")], ["dismissed"])
        # The row is another now (birth date corrected): it comes up again.
        nik, kk, name, birth, _ = family(70)[0]
        changed = ";".join((nik, kk, name, birth[:-4] + str(int(birth[-4:]) + 1), "TEMPINO"))
        self.take("dinsos/pkh_2024-11.csv", list_of([5, 6], extra=[changed]))
        ((again, status, *_),) = [f for f in self.flags("INCLUSION") if f[1] != "resolved"]
        self.assertEqual((again, status), (flag, "found"))
        self.assertEqual(self.history(flag), ["found", "dismissed", "resolved", "dismissed", "found"])

    def test_withdrawing_a_list_restores_what_people_decided(self):
        self.take("bappeda/sasaran 2024.csv", target_of(range(0, 20)))
        self.take("dinsos/pkh_2024-07.csv", list_of([5, 70, 71, 72, 73]))
        flags = [flag[0] for flag in self.flags("INCLUSION")]
        self.must("decide", flags[0], "--confirm", "--reason", "sudah dilihat", "--who", "Camat")
        self.must("decide", flags[1], "--assign", "dinsos", "--who", "Camat")
        self.must("decide", flags[2], "--dismiss", "--reason", "keluarga baru", "--who", "Camat")
        decided = "assigned_to", "decided_by", "decided_at", "reason", "resolved_list"
        before = self.flags("INCLUSION", *decided)
        self.assertEqual([flag[1] for flag in before], ["confirmed", "assigned", "dismissed", "found"])
        # The mistaken list names none of them, and is withdrawn; so is another, which still names one and no longer the rest.
        for path, numbers in (("dinsos/pkh_2024-08.csv", [5, 6]), ("dinsos/pkh_2024-09.csv", [5, 71])):
            self.take(path, list_of(numbers))
            settled = {flag[0] for flag in self.flags("INCLUSION") if flag[1] == "resolved"}
            self.assertEqual(settled, set(flags) - ({flags[1]} if 71 in numbers else set()))
            # What is settled is no longer for people to decide.
            done = self.padan("decide", flags[0], "--confirm")
            self.assertEqual((done.returncode != 0, "berstatus resolved" in done.stderr), (True, True), done.stderr)
            self.must("lists", "--withdraw", self.value("SELECT max(list) FROM padan.lists"), "--reason", "salah kirim")
            self.until_quiet()
            self.assertEqual(self.flags("INCLUSION", *decided), before)
        self.assertEqual(self.history(flags[0]), ["found", "confirmed"] + ["resolved", "confirmed"] * 2)
        self.assertEqual(self.history(flags[1]), ["found", "assigned", "resolved", "assigned"])

    def test_what_was_decided_on_another_ground_does_not_come_back(self):
        self.take("bappeda/sasaran 2024.csv", target_of(range(0, 20)))
        self.take("dinsos/pkh_2024-07.csv", list_of([5, 70]))
        ((flag, *_),) = self.flags("INCLUSION")
        self.must("decide", flag, "--confirm")
        self.take("dinsos/pkh_2024-08.csv", list_of([5, 6]))
        nik, kk, name, birth, _ = family(70)[0]
        changed = ";".join((nik, kk, name, birth[:-4] + str(int(birth[-4:]) + 1), "TEMPINO"))
        self.take("dinsos/pkh_2024-09.csv", list_of([5, 6], extra=[changed]))
        self.assertEqual(self.history(flag), ["found", "confirmed", "resolved", "found"])

    def test_lists_of_a_programme_that_was_taken_out_do_not_count(self):
        for path, text in LISTS.items():
            self.take(path, text)

        def counted():
            lists = json.loads(self.must("lists", "--current", "--json"))["lists"]
            (total,) = json.loads(self.must("status", "--json"))["districts"]
            return (sorted(one["subject"] for one in lists), total["persons"], total["households"],
                self.sql("SELECT level, village, target, programmes, n FROM padan.web_reach_counts ORDER BY 1, 2, 3, 4, 5"))

        (flag, *_), = self.open_flags("OVERLAP")[:1]
        self.must("decide", flag, "--confirm")
        before, standing = counted(), self.outcome()
        self.assertEqual(before[0], ["blt_dd", "pkh", "target"])
        bare = self.CONFIG[:self.CONFIG.index("[programme blt_dd]")] + self.CONFIG[self.CONFIG.index("[target]"):self.CONFIG.index("[rule bltdd")]
        self.must("apply", self.file("bare.conf", bare))
        self.until_quiet()
        subjects, persons, households, reach = counted()
        self.assertEqual(subjects, ["pkh", "target"])
        self.assertLess((persons, households), before[1:3])
        self.assertNotIn("blt_dd", str(reach))
        self.assertEqual(self.value("SELECT count(*) FROM padan.flags f JOIN padan.list_status l USING (district, list) "
            "WHERE f.status <> 'resolved' AND NOT l.current"), "0")
        self.must("apply", self.file("whole.conf", self.CONFIG))
        self.until_quiet()
        self.assertEqual(counted(), before)
        self.assertEqual(self.outcome(), standing)

    def test_exclusions_are_provisional_until_the_period_is_complete(self):
        self.take("bappeda/sasaran 2024.csv", target_of(range(0, 10)))
        self.take("dinsos/pkh_2024-07.csv", list_of(range(0, 4)))
        self.assertEqual({f[2] for f in self.open_flags("EXCLUSION")}, {"provisional"})
        self.assertEqual(len(self.open_flags("EXCLUSION")), 6)
        self.take("dpmd/blt_dd_2024-07.csv", list_of(range(4, 8)))
        self.assertEqual([f[2] for f in self.open_flags("EXCLUSION")], ["finding"] * 2)
        self.assertEqual(len([f for f in self.flags("EXCLUSION") if f[1] == "resolved"]), 4)

    def test_closing_a_period_makes_exclusions_final(self):
        self.take("bappeda/sasaran 2024.csv", target_of(range(0, 6)))
        self.take("dinsos/pkh_2024-07.csv", list_of(range(0, 4)))
        self.assertEqual({f[2] for f in self.open_flags("EXCLUSION")}, {"provisional"})
        self.must("lists", "--close-period", "2024-07", "--reason", "tidak ada lagi yang ditunggu")
        self.until_quiet()
        self.assertEqual([f[2] for f in self.open_flags("EXCLUSION")], ["finding"] * 2)
        self.must("lists", "--open-period", "2024-07", "--reason", "ternyata ada")
        self.until_quiet()
        self.assertEqual({f[2] for f in self.open_flags("EXCLUSION")}, {"provisional"})

    def test_a_new_target_version_decides_everything_anew(self):
        for path, text in LISTS.items():
            self.take(path, text)
        inside = {f[0] for f in self.open_flags("INCLUSION")}
        self.take("bappeda/sasaran 2025 SK 12-2025.csv", target_of(list(range(20, 60)) + [70, 80]))
        after = {f[0] for f in self.open_flags("INCLUSION")}
        self.assertTrue(inside - after, "settled: they stand on the new list")
        self.assertTrue(after - inside, "newly off the list")
        self.must("lists", "--withdraw", self.value("SELECT max(list) FROM padan.lists"), "--reason", "SK dibatalkan")
        self.until_quiet()
        self.assertEqual({f[0] for f in self.open_flags("INCLUSION")}, inside)

    def test_decisions_about_pairs_outrank_the_score(self):
        self.take("bappeda/sasaran 2024.csv", target_of(range(0, 10)))
        self.take("dinsos/pkh_2024-07.csv", list_of([3, 4, 3]))
        (dup,) = self.open_flags("DUP_PERSON_IN_LIST")
        # Rows 1 and 3 are the same person to the engine; a slightly other third row lets the fingerprints differ.
        nik, kk, name, birth, _ = family(3)[0]
        self.take("dinsos/pkh_2024-08.csv", list_of([3, 4], extra=[";".join((nik[:-1] + "9", kk, name, birth, "TEMPINO"))]))
        (dup,) = self.open_flags("DUP_PERSON_IN_LIST")
        number = dup[3]
        self.must("decide", number + ":1", number + ":3", "--not-same", "--reason", "kembar, sudah dilihat")
        self.until_quiet()
        self.assertEqual(self.open_flags("DUP_PERSON_IN_LIST"), [])
        persons = self.sql("SELECT person FROM padan.entries WHERE list = %s AND row IN (1, 3)" % number)
        self.assertNotEqual(persons[0], persons[1])
        # It survives further lists and a restart.
        self.kill_all()
        self.start()
        self.take("dpmd/blt_dd_2024-08.csv", list_of(range(0, 5)))
        self.assertEqual(self.sql("SELECT person FROM padan.entries WHERE list = %s AND row IN (1, 3)" % number), persons)
        self.assertEqual(self.open_flags("DUP_PERSON_IN_LIST"), [])

    def test_deciding_everything_anew_changes_nothing(self):
        """Lists settle only what they touch: that must be what looking at everything, in a new life, gives."""
        self.take("bappeda/sasaran 2024.csv", target_of(range(0, 80)))
        for month in range(1, 5):
            chance = random.Random(month)
            self.take("dinsos/pkh_2024-%02d.csv" % month, list_of(chance.choices(range(0, 100), k=50), member=month % 4))
            self.take("dpmd/blt_dd_2024-%02d.csv" % month, list_of(chance.choices(range(0, 100), k=30), member=(month + 1) % 4))
            flags, partition = self.outcome()
            self.sql("SELECT padan.enqueue_job(1505, 'redecide', NULL)")
            if month == 3:
                self.kill_all()
                self.start()
            self.until_quiet()
            with self.subTest(month=month):
                self.assertEqual(self.outcome()[1], partition)
                self.assertEqual(self.outcome()[0], flags)

    def test_new_rules_are_judged_at_once(self):
        for path, text in LISTS.items():
            self.take(path, text)
        self.assertTrue(self.open_flags("OVERLAP"))
        config = self.CONFIG.replace("valid_from = 2021-01-01", "valid_from = 2021-01-01\nvalid_to = 2022-12-31")
        self.must("apply", self.file("changed.conf", config))
        self.until_quiet()
        self.assertEqual(self.open_flags("OVERLAP"), [])

    def test_erased_lists_leave_history_by_ids_alone(self):
        self.take("bappeda/sasaran 2024.csv", target_of(range(0, 10)))
        self.take("dinsos/pkh_2024-07.csv", list_of([3, 70]))
        ((flag, *_),) = self.open_flags("INCLUSION")
        number = self.value("SELECT max(list) FROM padan.lists")
        self.must("lists", "--erase", number, "--reason", "masa simpan habis", "--yes")
        self.until_quiet()
        self.assertEqual(self.value("SELECT count(*) FROM padan.entries WHERE list = " + number), "0")
        self.assertEqual(self.value("SELECT count(*) FROM padan.raw_rows WHERE list = " + number), "0")
        self.assertEqual(self.history(flag), ["found", "resolved"])

    def test_the_sql_door(self):
        dinsos = "padan_office_1505_dinsos"
        rows = ", ".join("(%%(list)s, %d, '{%s,%s,\"%s\",%s}')" % (n + 2, *family(n)[0][:4]) for n in range(0, 12))
        number = self.value("INSERT INTO intake.list (programme, period, header) "
            "VALUES ('pkh', '2024-07', '{NIK,No KK,Nama Lengkap,Tgl Lahir}') RETURNING id", dinsos)
        self.sql("INSERT INTO intake.row (list, line, cells) VALUES " + rows % {"list": number}, dinsos)
        self.sql("INSERT INTO intake.row (list, line, cells) VALUES (%s, 14, '{NULL,NULL,Total,12}')" % number, dinsos)
        self.sql("SELECT * FROM intake.close_list(%s)" % number, dinsos)
        self.until_quiet()
        self.check_invariants(lists=1)
        self.assertEqual(self.value("SELECT rows_accepted FROM padan.lists"), "12")
        self.assertEqual(self.value("SELECT rows_rejected FROM padan.lists"), "1") # a row of totals is nobody
        self.assertEqual(self.value("SELECT mapping->>'2' FROM padan.lists"), "name")
        self.assertEqual(self.value("SELECT count(*) FROM padan.entries WHERE nik IS NOT NULL AND birth IS NOT NULL"), "12")


if __name__ == "__main__":
    unittest.main()
