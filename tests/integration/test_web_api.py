"""The API as each role sees it: every answer is held against openapi.yaml; what belongs to another office is what is not there."""
import unittest

from api_support import ApiCase


class Reading(ApiCase):
    def test_lists(self):
        siti, budi, dedi = self.users["siti"], self.users["budi"], self.users["dedi"]
        everything = self.ok(siti, "/lists")
        self.assertEqual([(l["subject"], l["state"], l["current"]) for l in sorted(everything["items"], key=lambda l: l["subject"])],
            [("blt_dd", "done", True), ("pkh", "done", True), ("target", "done", True)])
        # A page at a time.
        first = self.ok(siti, "/lists?limit=2")
        rest = self.ok(siti, "/lists?limit=2&after=" + first["next"])
        self.assertEqual(first["items"] + rest["items"], everything["items"])
        self.assertIsNone(rest["next"])
        # An office sees its own.
        self.assertEqual([l["subject"] for l in self.ok(budi, "/lists")["items"]], ["pkh"])
        pkh = self.ok(budi, "/lists")["items"][0]["list"]
        mine = self.ok(budi, "/lists/%d" % pkh)
        self.assertEqual((mine["rows_read"], mine["rows_rejected"], mine["may_withdraw"]), (54, 1, True))
        self.assertEqual([c["role"] for c in mine["columns"]], ["nik", "kk", "name", "birth_date", "village"])
        self.assertEqual(sum(r["count"] for r in mine["rejects"]), 1)
        self.assertFalse(self.ok(self.users["bapak"], "/lists/%d" % pkh)["may_withdraw"])
        self.absent(dedi, "/lists/%d" % pkh, "/lists/999999", "/lists/x")
        self.absent(dedi, "/lists/%d/rejects" % pkh, "/lists/999999/rejects")
        self.absent(dedi, "/lists/%d/changes" % pkh, "/lists/999999/changes")
        rejects = self.ok(budi, "/lists/%d/rejects" % pkh)
        self.assertEqual((len(rejects["items"]), rejects["total"]), (1, 1))

    def test_periods(self):
        periods = self.ok(self.users["siti"], "/periods")["items"]
        self.assertEqual([p["period"] for p in periods], ["2024-07", "2024"])
        self.assertTrue(periods[0]["complete"])

    def test_flags(self):
        siti, budi, dedi, ani, eko = (self.users[name] for name in ("siti", "budi", "dedi", "ani", "eko"))
        everything = self.ok(siti, "/flags?limit=200")
        self.assertEqual(everything["total"], len(everything["items"]))
        self.assertEqual({f["kind"] for f in everything["items"]}, {"INCLUSION", "OVERLAP", "DUP_PERSON_IN_LIST"})
        for sort in ("worst", "newest", "certain", "village"):
            after, got = "", []
            while after is not None:
                page = self.ok(siti, "/flags?limit=7&sort=%s%s" % (sort, "&after=" + after if after else ""))
                got += [f["flag"] for f in page["items"]]
                after = page["next"]
            self.assertEqual(sorted(got), sorted(f["flag"] for f in everything["items"]), sort)
        self.assertEqual(self.ok(siti, "/flags?kind=INCLUSION&limit=1")["total"],
            len([f for f in everything["items"] if f["kind"] == "INCLUSION"]))
        summary = self.ok(siti, "/flags/summary")
        self.assertEqual(summary["total"], everything["total"])
        self.assertEqual(sum(k["count"] for k in summary["by_kind"]), everything["total"])
        self.assertEqual(sum(k["count"] for k in summary["by_kecamatan"]), everything["total"])
        # An office: flags in its lists, and those whose counterpart stands there.
        own = self.ok(budi, "/flags?limit=200")["items"]
        self.assertTrue(own)
        for flag in own:
            self.assertIn("pkh", (flag["programme"], self.subject(flag["other_list"])))
        self.assertEqual([f for f in self.ok(dedi, "/flags?kind=INCLUSION&limit=200")["items"] if f["programme"] != "blt_dd"], [])
        # A verifier: his villages.
        self.assertTrue(self.ok(ani, "/flags")["items"])
        self.assertEqual(self.ok(eko, "/flags")["items"], [])

    def subject(self, number):
        return number and self.value("SELECT subject FROM padan.lists WHERE list = %d" % number)

    def test_coverage_and_overlap(self):
        siti, bapak, budi = self.users["siti"], self.users["bapak"], self.users["budi"]
        for by in ("kecamatan", "village", "programme", "desil", "period"):
            got = self.ok(bapak, "/coverage?by=" + by)
            self.assertEqual((got["total"]["target"], got["total"]["left_out"]), (60, 0), by)
        got = self.ok(bapak, "/coverage?by=village")
        self.assertEqual([(r["target"], r["reached"], r["by_programme"]) for r in got["rows"]], [(60, 60, {"pkh": 50, "blt_dd": 15})])
        self.assertEqual(self.ok(bapak, "/coverage/left-out")["items"], [])
        overlap = self.ok(siti, "/overlap")
        self.assertEqual([(c["a"], c["b"], c["count"], c["forbidden"]) for c in overlap["cells"]],
            [("blt_dd", "pkh", 5, True), ("pkh", "blt_dd", 5, True)])
        both = self.ok(siti, "/overlap/households?programmes=pkh,blt_dd")
        self.assertEqual((both["total"], len(both["items"])), (5, 5))
        self.assertEqual(self.ok(budi, "/overlap/households?programmes=pkh,blt_dd")["total"], 5)
        self.absent(self.users["ani"], "/overlap", "/nothing")


if __name__ == "__main__":
    unittest.main()
