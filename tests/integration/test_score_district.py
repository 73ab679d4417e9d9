#!/usr/bin/env python3
"""The scorer of simulated districts on answers whose figures can be counted by hand. Needs no database."""
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "bench"))
import score_district  # noqa: E402

TRUTH = """list,row,person_id,household_id
target,1,1,10
target,2,2,10
target,3,3,11
pkh,1,2,10
pkh,2,2,10
pkh,3,4,12
pkh,4,,
ref:asn,1,3,
"""
TRUE_FLAGS = """kind,list,row,other_list,other_row,rule
EXCLUSION,target,3,,,
DUP_PERSON_IN_LIST,pkh,2,pkh,1,
INCLUSION,pkh,3,,,r
"""
FLAG_HEADER = "kind,severity,certainty,state,list,row,other_list,other_row,rule,explanation\n"


def flag(kind, where, row):
    return f"{kind},high,0.9,finding,{where},{row},,,,\n"


class Scoring(unittest.TestCase):
    def score(self, entries, flags, doubtful=""):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in (("truth_entries.csv", TRUTH), ("truth_flags.csv", TRUE_FLAGS), ("entries.csv", entries),
                               ("flags.csv", FLAG_HEADER + flags), ("doubtful.csv", FLAG_HEADER + doubtful)):
                with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
                    f.write(text)
            return score_district.score(folder, folder, 5)

    def test_the_truth_itself_is_perfect(self):
        flags = flag("EXCLUSION", "target", 3) + flag("DUP_PERSON_IN_LIST", "pkh", 1) + flag("INCLUSION", "pkh", 3)
        result = self.score(TRUTH, flags)
        for f in [result["persons"], result["households"], *result["flags"].values()]:
            self.assertEqual((f["precision"], f["recall"]), (1, 1))
        self.assertEqual(result["persons"]["true"], 4)     # 2 in three rows, 3 in two
        self.assertEqual(result["households"]["true"], 6)  # 10 in four rows
        self.assertEqual(result["rows"]["rejected_rightly"], 1)

    def test_pairs_lost_and_invented(self):
        entries = TRUTH.replace("pkh,1,2,10", "pkh,1,,").replace("ref:asn,1,3,", "ref:asn,1,1,")
        result = self.score(entries, "")
        self.assertEqual([result["persons"][k] for k in ("true", "found", "right")], [4, 2, 1])
        self.assertEqual([result["households"][k] for k in ("true", "found", "right")], [6, 3, 3])
        self.assertEqual(result["rows"]["rejected_wrongly"], 1)
        self.assertEqual(len(result["wrong"]["persons"]["false"]), 1)

    def test_exclusion_is_judged_by_household(self):
        flags = flag("EXCLUSION", "target", 1) + flag("EXCLUSION", "target", 3) * 2
        found = self.score(TRUTH, flags)["flags"]["EXCLUSION"]
        self.assertEqual([found[k] for k in ("true", "found", "right")], [1, 3, 1])

    def test_one_row_counts_once(self):
        found = self.score(TRUTH, flag("INCLUSION", "pkh", 3) * 2)["flags"]["INCLUSION"]
        self.assertEqual([found[k] for k in ("true", "found", "right")], [1, 1, 1])

    def test_a_flag_at_nobody_is_wrong(self):
        found = self.score(TRUTH, flag("DUP_PERSON_IN_LIST", "pkh", 4))["flags"]["DUP_PERSON_IN_LIST"]
        self.assertEqual([found[k] for k in ("true", "found", "right")], [1, 1, 0])

    def test_what_is_missed_may_be_in_doubt(self):
        found = self.score(TRUTH, "", flag("INCLUSION", "pkh", 3))["flags"]["INCLUSION"]
        self.assertEqual((found["recall"], found["in_doubt"]), (0, 1))

    def test_calibration(self):
        flags = flag("INCLUSION", "pkh", 3) + flag("EXCLUSION", "target", 1)
        tenths = score_district.calibrate(score_district.by_kind(score_district.csv.DictReader(TRUE_FLAGS.splitlines())),
                                          score_district.by_kind(score_district.csv.DictReader(
                                              (FLAG_HEADER + flags).splitlines())),
                                          {("pkh", 3): ("4", "12"), ("target", 1): ("1", "10"), ("target", 3): ("3", "11"),
                                           ("pkh", 2): ("2", "10")})
        self.assertEqual(tenths, [{"from": 0.9, "flags": 2, "certainty": 0.9, "right": 0.5}])


if __name__ == "__main__":
    unittest.main()
