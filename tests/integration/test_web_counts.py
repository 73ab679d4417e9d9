"""The counts that pages read are kept up by what a job touched; they are at all times what they would be if made from everything."""
import os
import unittest

from api_support import ApiCase
from daemon_support import family, list_of, target_of

REACH = "SELECT household, village, desil, target, programmes FROM padan.web_reach ORDER BY 1"
PERSONS = "SELECT person, village, desil, target, programmes FROM padan.web_reach_persons ORDER BY 1"
COUNTS = "SELECT level, village, desil, target, programmes, n FROM padan.web_reach_counts ORDER BY 1, 2, 3, 4, 5"
CELLS = "list, other_list, found_list, kind, state, status, severity, programme, village, rule, assigned_to, period"
COUNTED = "SELECT %s, sum(n) FROM padan.web_flag_counts GROUP BY %s HAVING sum(n) <> 0 ORDER BY %s" % (CELLS, CELLS, CELLS)
FLAGS = "SELECT %s, count(*) FROM padan.flags GROUP BY %s ORDER BY %s" % (CELLS, CELLS, CELLS)
PARTS = "SELECT count(DISTINCT xmin::text) FROM padan.web_reach" # 1: all rows were written at once


class Counts(ApiCase):
    LISTS = {
        "bappeda/sasaran 2024.csv": target_of(range(0, 300)),
        "dinsos/pkh_2024-07.csv": list_of(list(range(10, 50)) + [470, 471, 12]),
        "dpmd/blt_dd_2024-07.csv": list_of(list(range(0, 15)) + [480, 3], member=1),
    }

    before = None

    def come(self, path, text):
        """One more list."""
        before = int(self.value("SELECT count(*) FROM padan.lists WHERE state = 'done'"))
        full = os.path.join(self.folder, "inbox", path)
        with open(full + ".part", "w", encoding="utf-8") as out:
            out.write(text)
        os.rename(full + ".part", full)
        self.eventually(lambda: int(self.value("SELECT count(*) FROM padan.lists WHERE state = 'done'")) == before + 1, 60, path)

    def same_as_whole(self, what, in_part=True):
        self.counted()
        self.assertEqual(self.sql(COUNTED), self.sql(FLAGS), what)
        kept = [self.sql(query) for query in (REACH, PERSONS, COUNTS)]
        if in_part and kept[0] != self.__class__.before:
            self.assertNotEqual(self.value(PARTS), "1", what + ": not done in part")
        self.__class__.before = kept[0]
        self.sql("BEGIN; SELECT padan.web_refresh_reach(1505, true); COMMIT")
        for query, one in zip((REACH, PERSONS, COUNTS), kept):
            self.assertEqual(one, self.sql(query), what)
        self.assertEqual(self.value(PARTS), "1")

    def test_kept_up_and_made_anew(self):
        siti, budi, dedi = self.users["siti"], self.users["budi"], self.users["dedi"]
        self.same_as_whole("at first", False)
        # The first lists are not left to plans made for an empty table.
        self.assertEqual(self.value("SELECT count(*) FROM pg_class WHERE relname IN ('entries_1505', 'flags') AND reltuples < 0"), "0")
        for user in (budi, dedi): # both offices of an overlap count it
            figures = {f["code"]: f["value"] for f in self.ok(user, "/home")["figures"]}
            self.assertEqual(figures["overlaps"], self.ok(user, "/flags?kind=OVERLAP")["total"])
            self.assertGreater(figures["overlaps"], 0)
            self.assertEqual(figures["open_flags"], sum(f["count"] for f in self.ok(user, "/home")["flags_by_kind"] if f["kind"] != "DATA_QUALITY"))
        self.come("dpmd/blt_dd_2024-08.csv", list_of(list(range(5, 20)) + [481, 7], member=1))
        self.same_as_whole("a next version")
        self.come("dinsos/pkh_2024-08.csv", list_of(list(range(5, 42)) + [471, 472], member=2))
        self.same_as_whole("another programme, other members")
        # Somebody known comes with his own number but another family's card: he is given to a household, or moves.
        nik, _, name, birth, _ = family(11)[0]
        moved = ";".join((nik, family(200)[0][1], name, birth, "TEMPINO"))
        self.come("dpmd/blt_dd_2024-09.csv", list_of(range(5, 20), member=1, extra=[moved, moved.replace(name, name.split()[0])]))
        self.same_as_whole("somebody between two families")
        # Two who were two become one.
        self.sql("""INSERT INTO padan.match_evidence (district, a_list, a_row, b_list, b_row, kind, verdict, weight, probability)
            SELECT 1505, a.list, 2, b.list, 3, 'person', 'doubtful', 0, 0.8 FROM padan.lists a, padan.lists b
            WHERE a.subject = 'pkh' AND a.period = '2024-08' AND b.subject = 'blt_dd' AND b.period = '2024-09' ON CONFLICT DO NOTHING""")
        pair = self.value("SELECT concat_ws('.', kind, a_list, a_row, b_list, b_row) FROM padan.match_evidence WHERE probability::numeric(3, 1) = 0.8 AND b_row = 3 LIMIT 1")
        self.send(siti, "POST", "/review/pairs/%s/decision" % pair, {"verdict": "same"})
        self.same_as_whole("a decision")
        flag = self.ok(siti, "/flags")["items"][0]["flag"]
        self.send(siti, "POST", "/flags/%d/decision" % flag, {"status": "dismissed", "reason": "uji"})
        self.assertEqual(self.sql(COUNTED), self.sql(FLAGS))
        newest = self.ok(dedi, "/lists?subject=blt_dd&current=true")["items"][0]["list"]
        self.send(dedi, "POST", "/lists/%d/withdrawal" % newest, {"reason": "salah kirim"})
        self.same_as_whole("withdrawn")
        self.sql("SELECT padan.erase_list(1505, %d, 'uji')" % self.ok(budi, "/lists?subject=pkh&current=true")["items"][0]["list"])
        self.same_as_whole("erased")
        self.assertEqual(self.ok(siti, "/flags/summary")["total"], self.ok(siti, "/flags")["total"])
        self.assertEqual(self.ok(siti, "/flags/summary?certainty_from=0")["by_kind"], self.ok(siti, "/flags/summary")["by_kind"])


if __name__ == "__main__":
    unittest.main()
