"""What was found at the doors becomes a proposed target list, and a changed rule is tried before it is saved."""
import csv
import io
import unittest

from api_support import ApiCase


class Proposals(ApiCase):
    def answer(self, results):
        """Sends the village's verifier to a sheet's visits: {flag kind: result}, the first visit of each kind. Returns their households."""
        bapak, ani = self.users["bapak"], self.users["ani"]
        village = int(self.value("SELECT villages[1] FROM padan.users WHERE name = 'ani'"))
        sheet = self.send(bapak, "POST", "/sheets", {"villages": [village], "most": 100}, 201)["items"][0]["sheet"]
        visits = self.sql("SELECT v.item, f.kind, f.household FROM padan.sheet_visits v JOIN padan.flags f USING (district, flag) WHERE v.sheet = %d ORDER BY v.item" % sheet)
        chosen = {kind: [(int(item), int(household)) for item, of, household in visits if of == kind][0] for kind in results}
        answers = [{"id": "%08d-0000-4000-8000-%012d" % (item, sheet), "item": item, "result": results[kind], "verifier": "Bu RT", "note": "kata tetangga",
            "at": "2026-11-24T08:00:00Z"} for kind, (item, _) in chosen.items()]
        got = self.send(ani, "POST", "/sheets/%d/answers" % sheet, {"answers": answers})
        self.assertEqual({a["outcome"] for a in got["items"]}, {"accepted"})
        return {kind: household for kind, (_, household) in chosen.items()}

    def test_from_the_door_to_the_next_target_list(self):
        siti, bapak, budi, ani = (self.users[name] for name in ("siti", "bapak", "budi", "ani"))
        self.send(bapak, "POST", "/proposals", {}, 422) # nothing was found yet
        self.assertEqual(self.ok(siti, "/proposals")["items"], [])
        households = self.answer({"INCLUSION": "wrong", "OVERLAP": "moved"})
        self.send(budi, "POST", "/proposals", {}, 404)
        self.send(bapak, "POST", "/proposals", {"note": "x" * 1001}, 400)
        first = self.send(bapak, "POST", "/proposals", {"note": "musyawarah desa"}, 201)
        made = self.send(bapak, "POST", "/proposals", {"note": "musyawarah desa"}, 201)
        self.assertEqual((made["kept"], made["taken_out"], made["to_add"], made["state"], made["made_by"]), (59, 1, 1, "open", "bapak"))
        self.assertEqual([(p["proposal"], p["state"]) for p in self.ok(siti, "/proposals")["items"]],
            [(made["proposal"], "open"), (first["proposal"], "dropped")])
        self.assertEqual([p["proposal"] for p in self.ok(siti, "/proposals?limit=1&after=%d" % made["proposal"])["items"]], [first["proposal"]])
        at = "/proposals/%d" % made["proposal"]
        changes = self.ok(bapak, at + "/changes")["items"]
        self.assertEqual({(c["what"], c["household"], c["result"], c["verifier"]) for c in changes},
            {("add", households["INCLUSION"], "wrong", "Bu RT"), ("take_out", households["OVERLAP"], "moved", "Bu RT")})
        self.assertTrue(all(c["row"]["head"] and c["row"]["village"] for c in changes))
        seen = [row for row in self.ok(siti, "/audit?action=proposal.view")["items"] if row["ids"]]
        self.assertEqual((seen[0]["kind"], sorted(seen[0]["ids"])), ("household", sorted(households.values())))
        for user in (budi, ani, self.users["eko"]):
            self.absent(user, "/proposals", at + "/changes", at + "/file", "/nothing")
        self.absent(siti, "/proposals/99999/changes", "/proposals/99999/file", "/proposals/x/changes", "/nothing")
        self.absent(bapak, at + "/file", "/nothing")
        # The file has the layout of the list it starts from, and is sent as it is.
        answer = siti.get("/api/v1%s/file" % at)
        self.assertEqual(answer.status, 200, self.why(answer))
        rows = list(csv.reader(io.StringIO(answer.body.decode("utf-8-sig")), delimiter=";"))
        self.assertEqual(rows[0], ["NIK", "No KK", "Nama", "Tanggal Lahir", "Desa", "Hubungan Keluarga"])
        added = self.sql("SELECT DISTINCT nik, kk FROM padan.entries WHERE household = %d" % households["INCLUSION"])
        gone = self.sql("SELECT DISTINCT kk FROM padan.entries WHERE household = %d" % households["OVERLAP"])
        self.assertEqual(len(rows), 1 + 240 - 4 + len(added))
        self.assertEqual([row[:2] for row in rows[-len(added):]], added)
        self.assertNotIn(gone[0][0], {row[1] for row in rows})
        upload = "/uploads/" + self.send(siti, "POST", "/uploads", {"file_name": "sasaran 2024 perubahan.csv", "bytes": len(answer.body)}, 201)["upload"]
        siti.ask("PUT", "/api/v1%s/content" % upload, raw=answer.body, headers={"Content-Type": "application/octet-stream"})
        self.send(siti, "POST", upload + "/list", {"kind": "target", "period": "2024", "decree_number": "SK 12/2024", "decree_date": "2024-09-01"}, 202)
        self.counted()
        self.assertEqual([p["state"] for p in self.ok(siti, "/proposals")["items"]], ["taken", "dropped"])
        on_target = lambda kind: self.ok(siti, "/households/%d" % households[kind])["on_target"]
        self.assertEqual((on_target("INCLUSION"), on_target("OVERLAP")), (True, False))
        self.send(bapak, "POST", "/proposals", {}, 422) # what the new list has taken in is not proposed again


class DryRun(ApiCase):
    CODE = "bltdd-not-with-pkh"
    NEW = {"kind": "quota", "programmes": "pkh", "entries": "10", "valid_from": "2021-01-01", "legal_basis": "uji", "severity": "low"}

    def try_rule(self, code, values, status=200, who="siti"):
        return self.send(self.users[who], "POST", "/settings/rules/dry-run", {"code": code, "values": values}, status)

    def flagged(self, code):
        return int(self.value("SELECT count(*) FROM padan.flags WHERE rule = '%s' AND status <> 'resolved' AND certainty >= 0.5" % code))

    def test_what_a_rule_would_flag(self):
        siti = self.users["siti"]
        before = self.ok(siti, "/settings")
        rule = [s["values"] for s in before["sections"] if s["code"] == self.CODE][0]
        same = self.try_rule(self.CODE, rule)
        self.assertEqual((same["flagged"], same["before"], same["new"], same["gone"]), (5, self.flagged(self.CODE), 0, 0))
        self.assertEqual((same["by_programme"], sum(v["count"] for v in same["by_village"])), ([{"key": "blt_dd", "count": 5}], 5))
        self.assertEqual({(e["subject"], "•" in e["nik"]) for e in same["examples"]}, {("blt_dd", True)})
        turned = self.try_rule(self.CODE, dict(rule, programmes="pkh, blt_dd"), who="bapak")
        self.assertEqual((turned["flagged"], turned["new"], turned["gone"], turned["by_programme"]), (6, 6, 5, [{"key": "pkh", "count": 6}])) # one of them stands there twice
        later = self.try_rule(self.CODE, dict(rule, valid_from="2025-01-01"))
        self.assertEqual((later["flagged"], later["before"], later["gone"], later["examples"]), (0, 5, 5, []))
        # Whose data were shown is recorded; nothing has changed.
        seen = self.ok(siti, "/audit?action=rule.dry_run")["items"]
        self.assertIn(("person", 5), [(row["kind"], len(row["ids"])) for row in seen])
        self.assertEqual(self.ok(siti, "/settings"), before)

    def test_as_saved(self):
        """What was told beforehand is what comes."""
        siti = self.users["siti"]
        tried = self.try_rule("pkh-quota", self.NEW)
        self.assertEqual((tried["before"], tried["new"]), (0, tried["flagged"]))
        version = self.ok(siti, "/settings")["version"]
        saved = self.send(siti, "PUT", "/settings/rule/pkh-quota", {"values": self.NEW, "version": version})
        self.counted()
        self.assertEqual(self.flagged("pkh-quota"), tried["flagged"])
        self.send(siti, "DELETE", "/settings/rule/pkh-quota?version=" + saved["version"])
        self.counted()

    def test_refusals(self):
        for code, values in (("x", {}), ("x", {"kind": "nonsense"}), ("x", dict(self.NEW, programmes="nothing")), ("x", dict(self.NEW, legal_basis="a\nb = c")),
                ("x y", self.NEW), ("x]", self.NEW), ("", self.NEW), ("x" * 99, self.NEW), ("x", {"kind": 7})):
            self.try_rule(code, values, 422)
        self.send(self.users["siti"], "POST", "/settings/rules/dry-run", {"code": "x"}, 422)
        for user in ("budi", "ani"):
            self.try_rule("x", self.NEW, 404, user)


if __name__ == "__main__":
    unittest.main()
