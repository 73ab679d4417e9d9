"""The API as each role sees it: every answer is held against openapi.yaml; what belongs to another office is what is not there."""
import json
import os
import shutil
import socket
import tempfile
import unittest

from api_support import ApiCase, CheckedClient
from daemon_support import family, list_of, target_of


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

    def test_vocabulary_and_home(self):
        siti, ani = self.users["siti"], self.users["ani"]
        words = self.ok(siti, "/vocabulary")
        self.assertEqual([p["programme"] for p in words["programmes"]], ["blt_dd", "pkh"])
        self.assertIn("nik_date", [n["code"] for n in words["notes"]])
        etag = siti.get("/api/v1/vocabulary").headers["ETag"]
        self.assertEqual(siti.get("/api/v1/vocabulary", headers={"If-None-Match": etag}).status, 304)
        for name, user in self.users.items():
            home = self.ok(user, "/home?seen=true")
            self.assertEqual(len(home["figures"]), 3, name)
            self.assertFalse(home["empty"])
        self.assertEqual(self.ok(ani, "/home")["lists_working"], [])
        session = self.ok(self.users["budi"], "/session")
        self.assertEqual((session["office"], session["office_name"]), ("dinsos", "Dinas Sosial"))

    def test_one_flag(self):
        siti, budi, dedi, ani = (self.users[name] for name in ("siti", "budi", "dedi", "ani"))
        flag = self.ok(siti, "/flags?kind=OVERLAP")["items"][0]["flag"]
        for user in (siti, budi, dedi, ani): # both offices see it
            one = self.ok(user, "/flags/%d" % flag)
            self.assertIn("tidak boleh diterima bersamaan", " ".join(s["text"] for s in one["sentences"]))
            self.assertIn("•", one["entry"]["nik"])
            self.assertEqual(len(one["entry"]["birth"]), 4)
            self.assertEqual(one["other"]["subject"], "pkh")
            self.assertEqual({c["field"] for c in one["comparison"]} >= {"name", "nik", "birth"}, True)
        self.assertEqual(self.ok(dedi, "/flags/%d" % flag)["may"], ["assign", "confirm", "dismiss"])
        self.assertEqual(self.ok(budi, "/flags/%d" % flag)["may"], [])
        inclusion = self.ok(budi, "/flags?kind=INCLUSION&programme=pkh")["items"][0]["flag"]
        self.absent(dedi, "/flags/%d" % inclusion, "/flags/99999999", "/flags/x")
        self.absent(self.users["eko"], "/flags/%d" % inclusion, "/flags/99999999")

    def test_households_and_persons(self):
        siti, budi, dedi, ani = (self.users[name] for name in ("siti", "budi", "dedi", "ani"))
        household, person = self.sql("""SELECT e.household, e.person FROM padan.entries e JOIN padan.lists l USING (district, list)
            WHERE l.subject = 'pkh' AND NOT EXISTS (SELECT FROM padan.entries o JOIN padan.lists m USING (district, list)
                WHERE o.household = e.household AND m.subject = 'blt_dd') LIMIT 1""")[0]
        whole = self.ok(siti, "/households/" + household)
        self.assertEqual(len(whole["members"]), 4)
        self.assertEqual([p["programme"] for p in whole["programmes"]], ["pkh"])
        self.assertEqual({e["subject"] for e in whole["entries"]}, {"target", "pkh"})
        mine = self.ok(budi, "/households/" + household)
        self.assertEqual({e["subject"] for e in mine["entries"]}, {"pkh"})
        self.assertIsNone(mine["looked"])
        self.absent(dedi, "/households/" + household, "/households/99999999")
        self.absent(dedi, "/persons/" + person, "/persons/99999999")
        self.absent(ani, "/persons/" + person, "/households/" + household)
        self.ok(self.users["bapak"], "/households/" + household)
        looked = self.ok(siti, "/households/" + household)["looked"]
        self.assertEqual({row["who"] for row in looked}, {"siti", "budi", "bapak"})
        self.assertEqual(self.ok(siti, "/persons/" + person)["household"], int(household))

    def test_unmasking_is_recorded(self):
        siti, budi, dedi = self.users["siti"], self.users["budi"], self.users["dedi"]
        pkh = self.ok(budi, "/lists")["items"][0]["list"]
        entry = self.send(budi, "POST", "/unmask", {"list": pkh, "row": 1, "reason": "mencocokkan dengan KTP"})
        self.assertRegex(entry["nik"], "^[0-9]{16}$")
        self.assertRegex(entry["birth"], "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
        self.send(budi, "POST", "/unmask", {"list": pkh, "row": 1, "reason": ""}, 422)
        there = dedi.post("/api/v1/unmask", {"list": pkh, "row": 1, "reason": "ingin tahu"})
        nowhere = dedi.post("/api/v1/unmask", {"list": 999999, "row": 1, "reason": "ingin tahu"})
        self.assertEqual((there.status, there.body), (404, nowhere.body))
        seen = self.ok(siti, "/audit/unmaskings")["items"]
        self.assertEqual([(u["who"], u["reason"]) for u in seen], [("budi", "mencocokkan dengan KTP")])
        self.assertIn("entry.unmask", [row["action"] for row in self.ok(siti, "/audit?action=entry")["items"]])
        self.absent(budi, "/audit", "/audit/unmaskings", "/nothing")

    def test_exports(self):
        siti, budi, ani = self.users["siti"], self.users["budi"], self.users["ani"]
        whole = siti.get("/api/v1/flags.csv?kind=OVERLAP").body.decode("utf-8-sig").splitlines()
        self.assertEqual(len(whole) - 1, self.ok(siti, "/flags?kind=OVERLAP")["total"])
        self.assertIn("tidak boleh diterima bersamaan", whole[1])
        self.assertIn("•", whole[1])
        self.assertEqual(len(budi.get("/api/v1/flags.csv").body.splitlines()) - 1, self.ok(budi, "/flags")["total"])
        book = siti.get("/api/v1/flags.xlsx?kind=INCLUSION")
        self.assertEqual((book.status, book.body[:2]), (200, b"PK"))
        self.assertEqual(siti.get("/api/v1/flags.csv?kind=QUOTA").status, 422)
        self.assertEqual(siti.get("/api/v1/flags.csv?village=x").status, 400)
        self.absent(ani, "/flags.csv", "/nothing")
        self.assertIn("flags.export", [row["action"] for row in self.ok(siti, "/audit?action=flags")["items"]])

    def test_the_trail_is_whole(self):
        siti = self.users["siti"]
        checked = self.send(siti, "POST", "/audit/verify", {})
        self.assertTrue(checked["whole"] and checked["rows"] > 0, checked)
        self.send(self.users["bapak"], "POST", "/audit/verify", {}, 404)

    def test_settings_to_read(self):
        configuration = self.ok(self.users["siti"], "/settings/configuration")
        self.assertIn("[programme pkh]", configuration["contents"])
        self.absent(self.users["bapak"], "/settings/configuration", "/nothing")
        self.assertTrue(self.ok(self.users["budi"], "/settings/columns")["remembered"])
        siti, bapak, budi = self.users["siti"], self.users["bapak"], self.users["budi"]
        self.assertEqual(len(self.ok(siti, "/settings/thresholds")["curve"]), 39)
        self.ok(siti, "/alerts")
        self.ok(siti, "/jobs")
        self.assertTrue(any(m["in_use"] for m in self.ok(bapak, "/models")["items"]))
        self.absent(budi, "/models/1", "/models/99999")
        self.assertTrue(self.ok(siti, "/audit?limit=5")["items"])


class Deciding(ApiCase):
    def test_a_flag(self):
        siti, budi, dedi, bapak, ani = (self.users[name] for name in ("siti", "budi", "dedi", "bapak", "ani"))
        flag = self.ok(siti, "/flags?kind=OVERLAP")["items"][0]
        at = "/flags/%d/decision" % flag["flag"]
        self.send(budi, "POST", at, {"status": "confirmed"}, 422) # it stands in the other's list
        self.send(dedi, "POST", at, {"status": "dismissed"}, 422) # no reason
        self.send(dedi, "POST", at, {"status": "nonsense"}, 422)
        got = self.send(dedi, "POST", at, {"status": "confirmed", "version": flag["version"]})
        self.assertEqual((got["status"], got["decided_by"]), ("confirmed", "dedi"))
        # Somebody with an old page is told, and nothing changes.
        stale = self.send(bapak, "POST", at, {"status": "dismissed", "reason": "salah"}, 412, headers={"If-Match": '"%s"' % flag["version"]})
        self.assertEqual(stale["now"]["status"], "confirmed")
        self.assertEqual(self.send(bapak, "POST", at, {"status": "assigned", "office": "dinsos"}, 409)["now"]["status"], "confirmed")
        self.send(bapak, "POST", at, {"status": "dismissed", "reason": "sudah dicek", "version": got["version"]})
        history = self.ok(siti, "/flags/%d" % flag["flag"])["history"]
        self.assertEqual([(h["who"], h["to_status"]) for h in history[1:]], [("dedi", "confirmed"), ("bapak", "dismissed")])
        self.absent_post(dedi, self.ok(budi, "/flags?kind=INCLUSION&programme=pkh")["items"][0]["flag"])

    def absent_post(self, client, flag):
        there = client.post("/api/v1/flags/%d/decision" % flag, {"status": "confirmed"})
        nowhere = client.post("/api/v1/flags/99999999/decision", {"status": "confirmed"})
        self.assertEqual((there.status, there.body), (404, nowhere.body))

    def test_many_flags_at_once(self):
        siti, dedi = self.users["siti"], self.users["dedi"]
        flags = self.ok(siti, "/flags?kind=INCLUSION&programme=pkh")["items"]
        self.assertGreater(len(flags), 1)
        chosen = [{"flag": f["flag"], "version": f["version"]} for f in flags]
        self.send(dedi, "POST", "/flags/decisions", {"flags": chosen, "status": "confirmed"}, 404)
        mixed = chosen + [{"flag": self.ok(siti, "/flags?kind=OVERLAP")["items"][-1]["flag"]}]
        self.send(siti, "POST", "/flags/decisions", {"flags": mixed, "status": "assigned", "office": "dinsos"}, 422)
        self.send(siti, "POST", "/flags/decisions", {"flags": [], "status": "confirmed"}, 422)
        wrong = [dict(chosen[0], version="1")] + chosen[1:]
        way = self.send(siti, "POST", "/flags/decisions", {"flags": wrong, "status": "confirmed"}, 409)["now"]
        self.assertEqual([(w["flag"], w["why"]) for w in way], [(chosen[0]["flag"], "stale")])
        self.assertEqual({f["status"] for f in self.ok(siti, "/flags?kind=INCLUSION&programme=pkh")["items"]}, {"found"})
        got = self.send(siti, "POST", "/flags/decisions", {"flags": chosen, "status": "assigned", "office": "dinsos"})
        self.assertEqual((got["decided"], {f["assigned_to"] for f in got["items"]}), (len(chosen), {"dinsos"}))

    def test_withdrawing_and_periods(self):
        siti, budi, dedi = self.users["siti"], self.users["budi"], self.users["dedi"]
        blt = [l for l in self.ok(siti, "/lists?subject=blt_dd")["items"]][0]
        self.send(budi, "POST", "/lists/%d/withdrawal" % blt["list"], {"reason": "salah"}, 404)
        self.send(dedi, "POST", "/lists/%d/withdrawal" % blt["list"], {}, 422)
        self.send(dedi, "POST", "/lists/%d/withdrawal" % blt["list"], {"reason": "salah", "version": "old"}, 412)
        self.assertEqual(self.send(dedi, "POST", "/lists/%d/withdrawal" % blt["list"], {"reason": "salah kirim"})["state"], "withdrawn")
        self.send(dedi, "POST", "/lists/%d/withdrawal" % blt["list"], {"reason": "salah kirim"}, 409)
        self.counted()
        period = self.ok(siti, "/periods")["items"][0]
        self.assertFalse(period["complete"])
        self.send(budi, "PUT", "/periods/2024-07", {"state": "closed", "reason": "selesai"}, 404)
        self.send(siti, "PUT", "/periods/2024-07", {"state": "closed"}, 422)
        closed = self.send(siti, "PUT", "/periods/2024-07", {"state": "closed", "reason": "selesai", "version": period["version"]})
        self.assertEqual((closed["state"], closed["changed_by"]), ("closed", "siti"))
        self.send(siti, "PUT", "/periods/2024-07", {"state": "open", "reason": "keliru", "version": period["version"]}, 412)
        self.send(siti, "PUT", "/periods/2024-07", {"state": "open", "reason": "keliru", "version": closed["version"]})
        self.counted()


class Reviewing(ApiCase):
    LISTS = {
        "bappeda/sasaran 2024.csv": target_of(range(0, 60)),
        "dinsos/pkh_2024-07.csv": list_of(range(10, 50)),
        "dpmd/blt_dd_2024-07.csv": list_of(range(0, 10), member=1),
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Doubtful pairs whatever the engine thinks today: one within an office, one across, one hard.
        cls.sql("""INSERT INTO padan.match_evidence (district, a_list, a_row, b_list, b_row, kind, verdict, weight, probability)
            SELECT 1505, l.list, 1, l.list, 2, 'person', 'doubtful', -1, 0.2 FROM padan.lists l WHERE l.subject = 'pkh'
            UNION ALL SELECT 1505, l.list, 3, l.list, 4, 'person', 'doubtful', 0, 0.5 FROM padan.lists l WHERE l.subject = 'pkh'
            UNION ALL SELECT 1505, l.list, 5, m.list, 5, 'person', 'doubtful', 1, 0.8 FROM padan.lists l, padan.lists m
                WHERE l.subject = 'pkh' AND m.subject = 'blt_dd'
            ON CONFLICT DO NOTHING;
            DELETE FROM padan.web_made""")
        cls.sql("SELECT padan.web_refresh(1505)")
        cls.pkh, cls.blt = (int(cls.value("SELECT list FROM padan.lists WHERE subject = '%s'" % s)) for s in ("pkh", "blt_dd"))

    def pair(self, a, b):
        return "person.%d.%d.%d.%d" % (a + b)

    def test_one_office(self):
        budi, dedi, siti = self.users["budi"], self.users["dedi"], self.users["siti"]
        pair = self.pair((self.pkh, 1), (self.pkh, 2))
        self.counted() # no job has the register
        self.absent(dedi, "/review/pairs/" + pair, "/review/pairs/" + self.pair((9999, 1), (9999, 2)), "/review/pairs/nonsense")
        one = self.ok(budi, "/review/pairs/" + pair)
        self.assertFalse(one["across"] or one["hard"])
        self.assertTrue(one["may_decide"])
        self.assertEqual(len(one["a"]["birth"]), 10)
        self.assertTrue([c for c in one["comparison"] if c["field"] == "nik"][0]["differs_at"])
        self.assertEqual((one["waterfall"]["from"], one["waterfall"]["busy"], bool(one["waterfall"]["parts"])), ("engine", False, True))
        # The trail names whom the pair showed.
        shown = {one[side]["person"] for side in ("a", "b")} | {m["person"] for side in ("a_family", "b_family") for m in one[side]}
        for person in shown:
            self.assertIn(("budi", "pair.view"), [(s["who"], s["action"]) for s in self.must_json("audit", "who", "--person", str(person))])
        self.assertEqual((len(one["a_family"]), len(self.ok(siti, "/review/pairs/" + pair)["a_family"])), (0, 3)) # those he may see
        before = self.ok(budi, "/review/progress")["left"]
        got = self.send(budi, "POST", "/review/pairs/%s/decision" % pair, {"verdict": "not_same", "version": one["version"]})
        self.assertEqual((got["settled"], got["decision"]["verdict"], got["progress"]["left"]), (True, "not_same", before - 1))
        second = self.send(siti, "POST", "/review/pairs/%s/decision" % pair, {"verdict": "same"}, 409)
        self.assertEqual(second["now"]["who"], "budi")
        self.assertEqual(self.ok(budi, "/review/decisions?mine=true")["items"][0]["decision"], got["decision"]["decision"])
        at = "/review/decisions/%d" % got["decision"]["decision"]
        self.send(dedi, "DELETE", at, status=404)
        undone = self.send(budi, "DELETE", at)
        self.assertIsNotNone(undone["undone_at"])
        self.send(budi, "DELETE", at, status=409)
        self.assertTrue(self.ok(budi, "/review/pairs/" + pair)["may_decide"])
        self.counted() # the job that takes all of this in ends well

    def test_across_offices(self):
        budi, dedi, bapak, ani = (self.users[name] for name in ("budi", "dedi", "bapak", "ani"))
        pair = self.pair((self.pkh, 5), (self.blt, 5))
        for user in (budi, dedi):
            one = self.ok(user, "/review/pairs/" + pair)
            self.assertEqual((one["across"], one["may_decide"], one["offices"]), (True, False, ["dinsos", "dpmd"]))
            self.send(user, "POST", "/review/pairs/%s/decision" % pair, {"verdict": "same"}, 422)
        self.assertNotIn(pair, [p["pair"] for p in self.ok(budi, "/review/next?limit=5")["items"]])
        self.assertIn(pair, [p["pair"] for p in self.ok(budi, "/review/pairs")["items"]])
        self.assertTrue(self.send(bapak, "POST", "/review/pairs/%s/decision" % pair, {"verdict": "same"})["settled"])
        self.absent(ani, "/review/pairs/" + pair, "/review/pairs")

    def test_hard_pairs_take_two(self):
        budi, bapak, siti = self.users["budi"], self.users["bapak"], self.users["siti"]
        pair = self.pair((self.pkh, 3), (self.pkh, 4))
        at = "/review/pairs/%s/decision" % pair
        shown = self.ok(siti, "/review/pairs/" + pair)
        self.assertTrue(shown["hard"])
        self.send(budi, "POST", at, {"verdict": "maybe"}, 422)
        first = self.send(budi, "POST", at, {"verdict": "not_same"})
        self.assertEqual((first["settled"], first["decision"], len(first["opinions"])), (False, None, 1))
        self.assertFalse(self.send(budi, "POST", at, {"verdict": "not_same"})["settled"]) # twice the same person
        self.assertNotIn(pair, [p["pair"] for p in self.ok(budi, "/review/next?limit=5")["items"]])
        self.assertIn(pair, [p["pair"] for p in self.ok(bapak, "/review/next?second=true")["items"]])
        self.assertEqual(self.send(siti, "POST", at, {"verdict": "same", "version": shown["version"]}, 412)["now"]["pair"], pair)
        self.assertFalse(self.send(siti, "POST", at, {"verdict": "same"})["settled"]) # they differ
        done = self.send(bapak, "POST", at, {"verdict": "not_same", "reason": "KTP berbeda"})
        self.assertEqual((done["settled"], done["decision"]["who"]), (True, "bapak"))

    def test_order(self):
        siti = self.users["siti"]
        pairs = self.ok(siti, "/review/pairs")["items"]
        self.assertEqual([p["worth"] for p in pairs], sorted((p["worth"] for p in pairs), reverse=True))
        following = self.ok(siti, "/review/next?limit=2")
        skipped = self.ok(siti, "/review/next?limit=1&skip=" + ",".join(p["pair"] for p in following["items"]))["items"]
        self.assertNotIn(skipped and skipped[0]["pair"], [p["pair"] for p in following["items"]])


class People(ApiCase):
    def test_search(self):
        siti, budi, dedi, ani = (self.users[name] for name in ("siti", "budi", "dedi", "ani"))
        nik, kk, name, birth, _ = family(20)[0]
        for body in ({"nik": nik}, {"name": name}, {"kk": kk, "name": name.split()[0]}, {"name": name.lower(), "birth": birth}):
            found = self.send(siti, "POST", "/search", body)
            self.assertEqual([h["name"] for h in found["items"]], [name], body)
            self.assertIn("•", found["items"][0]["nik"])
        self.assertEqual({l["subject"] for l in found["items"][0]["lists"]}, {"target", "pkh"})
        self.assertEqual({l["subject"] for l in self.send(budi, "POST", "/search", {"nik": nik})["items"][0]["lists"]}, {"pkh"})
        self.assertEqual(self.send(dedi, "POST", "/search", {"nik": nik})["items"], [])
        self.assertEqual(self.send(siti, "POST", "/search", {"name": "tidak ada orangnya"})["items"], [])
        seen = self.must_json("audit", "who", "--person", str(self.send(siti, "POST", "/search", {"nik": nik})["items"][0]["person"]))
        self.assertLessEqual({("siti", "search"), ("budi", "search")}, {(s["who"], s["action"]) for s in seen})
        self.send(siti, "POST", "/search", {}, 422)
        self.send(siti, "POST", "/search", {"nik": "abc"}, 422)
        self.send(ani, "POST", "/search", {"nik": nik}, 404)
        page = self.send(siti, "POST", "/search", {"name": "siti", "limit": 2})
        more = self.send(siti, "POST", "/search", {"name": "siti", "limit": 2, "after": page["next"]})
        self.assertFalse({h["person"] for h in page["items"]} & {h["person"] for h in more["items"]})

    def test_tokens_and_check(self):
        siti, bapak = self.users["siti"], self.users["bapak"]
        self.send(siti, "POST", "/tokens", {"name": "x", "office": "dinsos", "scopes": ["everything"]}, 422)
        made = self.send(siti, "POST", "/tokens", {"name": "SIKS dinsos", "office": "dinsos", "scopes": ["check", "lists:read"], "days": 30}, 201)
        system = CheckedClient(self.port)
        system.headers["Authorization"] = "Bearer " + made["secret"]
        nik, _, name, birth, _ = family(20)[0]
        known = self.send(system, "POST", "/check", {"nik": nik, "name": name})
        self.assertEqual((known["known"], known["receives"], known["on_target"], known["person"]), (True, ["pkh"], None, None))
        self.assertTrue(self.send(system, "POST", "/check", {"nik": nik, "name": name.split()[0] + " " + name.split()[2]})["known"])
        # Another's name, another office's person and nobody at all: the same answer.
        other = family(5)[1]
        wrong, foreign, nobody = (self.send(system, "POST", "/check", {"nik": n, "name": m}) for n, m in
            ((nik, "ZULKIFLI"), (other[0], other[2]), ("1505010101010001", "ZULKIFLI")))
        for answer in (wrong, foreign, nobody):
            del answer["nik_valid"]
        self.assertEqual(wrong, foreign)
        self.assertEqual(foreign, nobody)
        self.assertTrue(self.send(bapak, "POST", "/check", {"nik": other[0], "name": other[2]})["on_target"])
        self.send(system, "POST", "/check", {"nik": nik}, 422)
        self.assertEqual([l["subject"] for l in self.ok(system, "/lists")["items"]], ["pkh"])
        self.absent(system, "/flags", "/audit", "/nothing")
        self.assertEqual([t["name"] for t in self.ok(siti, "/tokens")["items"]], ["SIKS dinsos"])
        self.assertNotIn(made["secret"], siti.get("/api/v1/tokens").body.decode())
        self.send(siti, "DELETE", "/tokens/%d" % made["token"]["token"], status=204)
        self.assertEqual(system.get("/api/v1/lists").status, 401)
        self.send(siti, "DELETE", "/tokens/99999", status=404)
        self.absent(self.users["budi"], "/tokens", "/users", "/nothing")

    def test_users(self):
        siti, bapak = self.users["siti"], self.users["bapak"]
        self.send(bapak, "POST", "/users", {"name": "rudi", "role": "administrator"}, 404)
        self.send(siti, "POST", "/users", {"name": "rudi", "role": "king"}, 422)
        self.send(siti, "POST", "/users", {"name": "rudi", "role": "office"}, 422)
        made = self.send(siti, "POST", "/users", {"name": "rudi", "full_name": "Rudi H", "role": "office", "office": "dpmd"}, 201)
        rudi = CheckedClient(self.port)
        token = made["link"]["url"].split("#")[1]
        self.assertEqual(rudi.post("/api/v1/link/password", {"token": token, "password": "gajah makan rumput"}).status, 200)
        self.assertEqual(self.ok(rudi, "/session")["full_name"], "Rudi H")
        number = made["user"]["user"]
        self.assertFalse(self.send(siti, "PATCH", "/users/%d" % number, {"active": False, "full_name": "Rudi Hartono"})["active"])
        self.assertEqual(rudi.get("/api/v1/session").status, 401)
        self.send(siti, "PATCH", "/users/%d" % number, {"active": True})
        self.assertIn("/undangan#", self.send(siti, "POST", "/users/%d/link" % number, {}, 201)["url"])
        self.send(siti, "POST", "/users/99999/link", {}, 404)
        me = [u for u in self.ok(siti, "/users")["items"] if u["name"] == "siti"][0]
        self.send(siti, "PATCH", "/users/%d" % me["user"], {"active": False}, 422)
        ani = [u for u in self.ok(siti, "/users")["items"] if u["name"] == "ani"][0]
        self.send(siti, "PATCH", "/users/%d" % ani["user"], {"villages": [1]}, 422)

    def test_sheets(self):
        siti, bapak, budi, ani, eko = (self.users[name] for name in ("siti", "bapak", "budi", "ani", "eko"))
        village = int(self.value("SELECT villages[1] FROM padan.users WHERE name = 'ani'"))
        self.send(bapak, "POST", "/sheets", {"villages": []}, 422)
        made = self.send(bapak, "POST", "/sheets", {"villages": [village], "most": 5}, 201)["items"][0]
        self.assertEqual((made["items"], made["answered"], made["state"]), (5, 0, "open"))
        at = "/sheets/%d" % made["sheet"]
        for user in (siti, bapak, ani):
            sheet = self.ok(user, at)
        self.assertEqual(len(sheet["visits"]), 5)
        self.assertTrue(all(v["ask"]["text"] and v["why"]["text"] for v in sheet["visits"]))
        self.absent(eko, at, "/sheets/99999")
        self.assertEqual(self.ok(eko, "/sheets")["items"], [])
        self.assertEqual(ani.get("/api/v1%s/workbook" % at).body[:2], b"PK")
        self.absent(eko, at + "/workbook", "/sheets/99999/workbook")
        self.absent(budi, at, "/sheets", "/nothing")
        # From a phone that lost its connection: everything is sent twice, an older answer comes late.
        ids = ["%08d-0000-4000-8000-000000000000" % n for n in range(4)]
        first = {"id": ids[0], "item": 1, "result": "right", "verifier": "Bu RT", "at": "2026-11-24T08:00:00Z"}
        second = {"id": ids[1], "item": 2, "result": "wrong", "note": "keluarga miskin", "verifier": "Bu RT", "at": "2026-11-24T08:10:00Z"}
        got = self.send(ani, "POST", at + "/answers", {"answers": [second, first]})
        self.assertEqual([(a["item"], a["outcome"]) for a in got["items"]], [(1, "accepted"), (2, "accepted")])
        again = self.send(ani, "POST", at + "/answers", {"answers": [first, second]})
        self.assertEqual({a["outcome"] for a in again["items"]}, {"repeated"})
        late = [dict(first, id=ids[2], result="wrong", at="2026-11-24T07:00:00Z"), dict(first, id=ids[3], item=77)]
        self.assertEqual([a["outcome"] for a in self.send(ani, "POST", at + "/answers", {"answers": late})["items"]], ["later", "refused"])
        self.send(ani, "POST", at + "/answers", {"answers": [{"id": "x"}]}, 422)
        self.send(eko, "POST", at + "/answers", {"answers": [first]}, 404)
        visits = {v["item"]: v for v in self.ok(siti, at)["visits"]}
        self.assertEqual((visits[1]["result"], visits[2]["result"], visits[2]["note"]), ("right", "wrong", "keluarga miskin"))
        one, two = (self.ok(siti, "/flags/%d" % visits[item]["flag"]) for item in (1, 2))
        self.assertEqual((one["status"], one["decided_by"], two["status"]), ("confirmed", "ani", "dismissed"))
        self.assertIn("Bu RT", two["reason"])
        self.send(bapak, "POST", at + "/close", {"version": made["version"]}, 412)
        self.assertEqual(self.send(bapak, "POST", at + "/close", {})["state"], "closed")
        self.send(bapak, "POST", at + "/close", {}, 409)
        self.assertEqual(self.send(ani, "POST", at + "/answers", {"answers": [dict(first, id=ids[3])]})["items"][0]["outcome"], "refused")

    def test_models_and_alerts(self):
        siti, bapak = self.users["siti"], self.users["bapak"]
        self.send(bapak, "POST", "/models/0/use", {"reason": "uji"}, 404)
        self.send(siti, "POST", "/models/999/use", {"reason": "uji"}, 404)
        self.send(siti, "POST", "/models/0/use", {}, 422)
        self.assertIsNone(self.send(siti, "POST", "/models/0/use", {"reason": "uji"})["model"])
        self.send(siti, "POST", "/alerts/99999/retry", {}, 404)
        self.counted()


class Settings(ApiCase):
    def test_sections(self):
        siti, bapak = self.users["siti"], self.users["bapak"]
        self.absent(bapak, "/settings", "/nothing")
        now = self.ok(siti, "/settings")
        rule = [x for x in now["sections"] if x["kind"] == "rule"][0]
        self.assertEqual((rule["code"], rule["values"]["severity"]), ("bltdd-not-with-pkh", "high"))
        at = "/settings/rule/" + rule["code"]
        wanted = dict(rule["values"], severity="low")
        changed = self.send(siti, "PUT", at, {"values": wanted, "version": now["version"]})
        self.assertEqual([(c["thing"], c["code"], c["after"]["severity"]) for c in changed["changes"]], [("rule", rule["code"], "low")])
        self.send(siti, "PUT", at, {"values": wanted, "version": now["version"]}, 412)
        self.send(siti, "PUT", at, {"values": dict(wanted, severity="terrible"), "version": changed["version"]}, 422)
        self.send(siti, "PUT", at, {"values": dict(wanted, legal_basis="x\n[alerts]\nwebhook = https://evil.example"), "version": changed["version"]}, 422)
        self.send(siti, "PUT", "/settings/alerts/x", {"values": {}, "version": changed["version"]}, 404)
        self.send(bapak, "PUT", at, {"values": wanted, "version": changed["version"]}, 404)
        # A new programme, and away with it.
        more = self.send(siti, "PUT", "/settings/programme/sembako", {"values": {"name": "Sembako", "office": "dinsos", "unit": "household"},
            "version": changed["version"]})
        self.assertIn("sembako", [p["programme"] for p in self.ok(siti, "/vocabulary")["programmes"]])
        self.send(siti, "DELETE", "/settings/programme/nothing?version=" + more["version"], status=404)
        less = self.send(siti, "DELETE", "/settings/programme/sembako?version=" + more["version"])
        self.assertFalse([p for p in self.ok(siti, "/vocabulary")["programmes"] if p["programme"] == "sembako"][0]["active"])
        self.assertEqual(less["version"], self.ok(siti, "/settings")["version"])
        self.assertEqual(self.value("SELECT who FROM padan.config_history WHERE code = 'sembako' LIMIT 1"), "siti")
        self.counted()
        self.assertEqual({f["severity"] for f in self.ok(siti, "/flags?kind=OVERLAP")["items"]}, {"low"})

    def test_the_whole_text(self):
        siti = self.users["siti"]
        now = self.ok(siti, "/settings/configuration")
        tried = self.send(siti, "POST", "/settings/configuration/check", {"contents": now["contents"].replace("Dinas Sosial", "Dinas Sosial P3A")})
        self.assertEqual(([c["code"] for c in tried["changes"]], tried["faults"]), (["dinsos"], []))
        self.assertEqual(self.ok(siti, "/settings/configuration"), now)
        wrong = self.send(siti, "POST", "/settings/configuration/check", {"contents": now["contents"].replace("unit = household", "unit = village")})
        self.assertTrue(wrong["faults"] and wrong["faults"][0]["line"] and not wrong["changes"])
        self.send(siti, "PUT", "/settings/configuration", {"contents": now["contents"].replace("15.05", "15.71"), "version": now["version"]}, 422)
        kept = self.send(siti, "PUT", "/settings/configuration", {"contents": now["contents"].replace("Dinas Sosial", "Dinas Sosial P3A"), "version": now["version"]})
        self.assertEqual([c["code"] for c in kept["changes"]], ["dinsos"])
        self.send(siti, "PUT", "/settings/configuration", {"contents": now["contents"], "version": now["version"]}, 412)


class Sending(ApiCase):
    LISTS = {"bappeda/sasaran 2024.csv": target_of(range(0, 60))}

    @classmethod
    def setUpClass(cls):
        cls.uploads = tempfile.mkdtemp(prefix="padan-uploads-")
        cls.OPTIONS = ("--web-uploads", cls.uploads)
        super().setUpClass()

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        left = os.listdir(cls.uploads)
        shutil.rmtree(cls.uploads)
        assert len(left) <= 2, left # what no test used or dropped

    def begin(self, client, name, contents):
        return "/uploads/" + self.send(client, "POST", "/uploads", {"file_name": name, "bytes": len(contents)}, 201)["upload"]

    def put_bytes(self, client, at, contents, first=None, total=None, status=200):
        headers = {"Content-Type": "application/octet-stream"}
        if first is not None:
            headers["Content-Range"] = "bytes %d-%d/%d" % (first, first + len(contents) - 1, total)
        answer = client.ask("PUT", "/api/v1" + at + "/content", raw=contents, headers=headers)
        self.assertEqual(answer.status, status, self.why(answer))
        return answer.json

    def test_a_list_from_file_to_flags(self):
        budi, dedi, siti = self.users["budi"], self.users["dedi"], self.users["siti"]
        contents = list_of(list(range(10, 60)) + [70, 71], extra=[";;;;"]).encode()
        at = self.begin(budi, "pkh Juli 2024.csv", contents)
        # In pieces, and broken off half-way.
        self.put_bytes(budi, at, contents[:1000], 0, len(contents))
        self.send(budi, "POST", at + "/preview", {}, 409)
        self.put_bytes(budi, at, contents[:1000], 0, len(contents), status=409)
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as s:
            s.sendall(("PUT /api/v1%s/content HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nCookie: padan=%s\r\nX-Padan-CSRF: %s\r\nContent-Range: bytes 1000-%d/%d\r\n"
                "Content-Length: %d\r\n\r\n" % (at, self.port, budi.cookie, budi.csrf, len(contents) - 1, len(contents), len(contents) - 1000)).encode() + contents[1000:1600])
        self.eventually(lambda: self.ok(budi, at)["received"] == 1600, what="what came before it broke off")
        self.absent(dedi, at, "/uploads/00000000-0000-4000-8000-000000000000", "/uploads/nonsense")
        self.assertEqual(self.put_bytes(budi, at, contents[1600:], 1600, len(contents))["state"], "complete")
        self.put_bytes(budi, at, b"more", 0, len(contents), status=409)
        # What it would be taken for.
        shown = self.send(budi, "POST", at + "/preview", {})
        self.assertEqual([c["role"] for c in shown["columns"]], ["nik", "kk", "name", "birth_date", "village"])
        self.assertEqual((shown["guess"], shown["missing"], shown["delimiter"]), ({"kind": "programme", "subject": "pkh", "period": "2024-07"}, [], ";"))
        self.assertNotRegex(json.dumps(shown), "[0-9]{12}")
        changed = self.send(budi, "POST", at + "/preview", {"columns": [{"column": 2, "role": "head_name"}]})
        self.assertTrue(changed["missing"])
        self.assertEqual(changed["columns"][2]["role"], "head_name")
        # The list.
        self.send(budi, "POST", at + "/list", {"kind": "programme", "period": "2024-07"}, 422)
        self.send(budi, "POST", at + "/list", {"kind": "programme", "subject": "blt_dd", "period": "2024-07"}, 422)
        self.send(budi, "POST", at + "/list", {"kind": "programme", "subject": "pkh", "period": "July"}, 422)
        made = self.send(budi, "POST", at + "/list", {"kind": "programme", "subject": "pkh", "period": "2024-07"}, 202)
        self.assertFalse(made["duplicate"])
        self.counted()
        done = self.ok(budi, "/lists/%d" % made["list"])
        self.assertEqual((done["state"], done["door"], done["sender"], done["file_name"], done["rows_accepted"], done["rows_rejected"]),
            ("done", "web", "budi", "pkh Juli 2024.csv", 52, 0))
        self.assertGreaterEqual(self.ok(budi, "/flags?kind=INCLUSION")["total"], 2)
        self.send(budi, "POST", at + "/list", {"kind": "programme", "subject": "pkh", "period": "2024-07"}, 409)
        # The same file again is that list.
        again = self.begin(budi, "pkh.csv", contents)
        self.put_bytes(budi, again, contents)
        same = self.send(budi, "POST", again + "/list", {"kind": "programme", "subject": "pkh", "period": "2024-07"}, 202)
        self.assertEqual((same["duplicate"], same["list"]), (True, made["list"]))

    def test_chosen_columns_are_used_and_remembered(self):
        dedi = self.users["dedi"]
        contents = list_of(range(0, 10), member=1).replace("NIK;No KK;Nama", "Nomor A;Nomor B;Sebutan").encode()
        at = self.begin(dedi, "blt.csv", contents)
        self.put_bytes(dedi, at, contents)
        self.assertTrue(self.send(dedi, "POST", at + "/preview", {})["missing"])
        chosen = [{"column": 0, "role": "nik"}, {"column": 1, "role": "kk"}, {"column": 2, "role": "name"}]
        self.assertEqual(self.send(dedi, "POST", at + "/preview", {"columns": chosen})["missing"], [])
        made = self.send(dedi, "POST", at + "/list", {"kind": "programme", "subject": "blt_dd", "period": "2024-08", "columns": chosen}, 202)
        self.counted()
        self.assertEqual([c["role"] for c in self.ok(dedi, "/lists/%d" % made["list"])["columns"]], ["nik", "kk", "name", "birth_date", "village"])
        other = list_of(range(20, 25), member=1).replace("NIK;No KK;Nama", "Nomor A;Nomor B;Sebutan").encode()
        next_at = self.begin(dedi, "blt_dd_2024-09.csv", other)
        self.put_bytes(dedi, next_at, other)
        remembered = self.send(dedi, "POST", next_at + "/preview", {})
        self.assertEqual((remembered["remembered"], remembered["missing"]), (True, []))
        self.send(dedi, "DELETE", next_at, status=204)
        self.absent(dedi, next_at, "/uploads/nonsense")

    def test_refusals(self):
        budi, ani, bapak = self.users["budi"], self.users["ani"], self.users["bapak"]
        for name, size in (("daftar.pdf", 100), ("daftar", 100), ("besar.csv", 3000000000), ("kosong.csv", 0)):
            self.send(budi, "POST", "/uploads", {"file_name": name, "bytes": size}, 422)
        at = self.begin(budi, "gambar.csv", b"x" * 5000)
        refused = self.put_bytes(budi, at, b"%PDF-1.7\n" + b"\0\1\2" * 1600, 0, 5000, status=422)
        self.assertIn("PDF", refused["detail"])
        self.assertEqual(self.ok(budi, at)["state"], "refused")
        self.put_bytes(budi, at, b"x" * 5000, status=409)
        at = self.begin(budi, "a.csv", b"x" * 50)
        self.put_bytes(budi, at, b"x" * 60, status=422)
        self.send(budi, "DELETE", at, status=204)
        for user in (ani, bapak):
            self.assertEqual(user.post("/api/v1/uploads", {"file_name": "a.csv", "bytes": 5}).status, 404)

    def test_rejected_rows_come_back_as_they_were(self):
        budi, dedi = self.users["budi"], self.users["dedi"]
        contents = list_of(range(30, 40), extra=[";;-;01/01/1980;TEMPINO"]).encode()
        at = self.begin(budi, "pkh_2024-05.csv", contents)
        self.put_bytes(budi, at, contents)
        made = self.send(budi, "POST", at + "/list", {"kind": "programme", "subject": "pkh", "period": "2024-05"}, 202)["list"]
        self.counted()
        answer = budi.get("/api/v1/lists/%d/rejects.csv" % made)
        self.assertEqual(answer.status, 200)
        self.assertIn("NIK;No KK;Nama;Tanggal Lahir;Desa;", answer.body.decode("utf-8-sig"))
        self.assertIn("01/01/1980", answer.body.decode())
        self.absent(dedi, "/lists/%d/rejects.csv" % made, "/lists/999999/rejects.csv")
        target = self.ok(self.users["siti"], "/lists?kind=target")["items"][0]["list"]
        self.assertEqual(self.users["siti"].get("/api/v1/lists/%d/rejects.csv" % target).status, 422)

    def test_a_token_sends(self):
        made = self.send(self.users["siti"], "POST", "/tokens", {"name": "sistem", "office": "dpmd", "scopes": ["lists:write", "lists:read"]}, 201)
        system = CheckedClient(self.port)
        system.headers["Authorization"] = "Bearer " + made["secret"]
        contents = list_of(range(0, 5), member=1).encode()
        at = self.begin(system, "blt_dd_2024-06.csv", contents)
        self.put_bytes(system, at, contents)
        number = self.send(system, "POST", at + "/list", {"kind": "programme", "subject": "blt_dd", "period": "2024-06"}, 202)["list"]
        self.counted()
        self.assertEqual(self.ok(system, "/lists/%d" % number)["state"], "done")


if __name__ == "__main__":
    unittest.main()
