"""Persons searched, checked at the door and visited, users and tokens: every answer is held against openapi.yaml."""
import base64
import unittest

from api_support import ApiCase, CheckedClient
from daemon_support import family


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

    def test_whoever_sees_a_list_of_flags_stands_in_the_trail(self):
        budi = self.users["budi"]
        flag = [f for f in self.ok(budi, "/flags?limit=20")["items"] if f["person"]][0]
        seen = self.must_json("audit", "who", "--person", str(flag["person"]))
        self.assertIn(("budi", "flags.view"), {(s["who"], s["action"]) for s in seen})

    def test_language(self):
        dedi = self.users["dedi"]
        self.send(dedi, "PATCH", "/session", {"lang": "jv"}, 422)
        self.send(dedi, "PATCH", "/session", {"lang": "en"}, 204)
        self.assertEqual(self.ok(dedi, "/session")["lang"], "en")
        self.assertIsNone(self.ok(self.users["bapak"], "/session")["lang"])

    def test_models_and_alerts(self):
        siti, bapak = self.users["siti"], self.users["bapak"]
        self.send(bapak, "POST", "/models/0/use", {"reason": "uji"}, 404)
        self.send(siti, "POST", "/models/999/use", {"reason": "uji"}, 404)
        self.send(siti, "POST", "/models/0/use", {}, 422)
        self.assertIsNone(self.send(siti, "POST", "/models/0/use", {"reason": "uji"})["model"])
        self.send(siti, "POST", "/alerts/99999/retry", {}, 404)
        self.counted()


class Returning(ApiCase):
    def test_a_sheet_comes_back_as_a_file(self):
        siti, bapak, ani, eko, budi = (self.users[name] for name in ("siti", "bapak", "ani", "eko", "budi"))
        village = int(self.value("SELECT villages[1] FROM padan.users WHERE name = 'ani'"))
        sheet = self.send(bapak, "POST", "/sheets", {"villages": [village], "states": ["finding", "to_check", "provisional"], "most": 100}, 201)["items"][0]["sheet"]
        visit = self.sql("SELECT flag FROM padan.sheet_visits WHERE sheet = %d AND result IS NULL ORDER BY item LIMIT 2" % sheet)

        def file(*rows):
            text = "No. Temuan,Hasil (benar/salah),Keterangan\n" + "".join(",".join(row) + "\n" for row in rows)
            return {"workbook": base64.b64encode(text.encode()).decode(), "verifier": "Bu RT"}
        filled = file((visit[0][0], "Tidak ditemukan", "rumah kosong"), (visit[1][0], "", ""), ("99999999", "benar", ""), (visit[1][0], "entah", ""))
        at = "/sheets/%d/workbook" % sheet
        for nobody in (eko, budi):
            self.send(nobody, "POST", at, filled, 404)
        self.send(ani, "POST", "/sheets/999999/workbook", filled, 404)
        self.send(ani, "POST", at, file((visit[0][0], "", "")), 422)
        self.send(ani, "POST", at, {"workbook": "bukan base64!", "verifier": "Bu RT"}, 422)
        self.send(ani, "POST", at, {"workbook": base64.b64encode(b"nama,umur\nA,1\n").decode(), "verifier": "Bu RT"}, 422)
        self.send(ani, "POST", at, {"workbook": filled["workbook"], "verifier": ""}, 422)
        got = self.send(ani, "POST", at, filled)
        self.assertEqual([got[key] for key in ("read", "empty", "unknown", "accepted", "repeated")], [4, 1, 1, 1, 0])
        self.assertEqual([p["line"] for p in got["problems"]], [5])
        again = self.send(siti, "POST", at, filled)
        self.assertEqual((again["accepted"], again["repeated"]), (0, 1))
        self.assertEqual(self.sql("SELECT result, note, verifier FROM padan.sheet_visits WHERE sheet = %d AND flag = %s" % (sheet, visit[0][0])),
            [["not_found", "rumah kosong", "Bu RT"]])


class Checking(ApiCase):
    """A NIK and a name at the door: found as lists are matched, shown as far as the caller sees."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        made = cls.users["siti"].post("/api/v1/tokens", {"name": "SIKS dinsos", "office": "dinsos", "scopes": ["check"], "days": 30}).json
        cls.system = CheckedClient(cls.port)
        cls.system.headers["Authorization"] = "Bearer " + made["secret"]

    def check(self, client, nik, name, birth=None, status=200):
        return self.send(client, "POST", "/check", {"nik": nik, "name": name, "birth": birth} if birth else {"nik": nik, "name": name}, status)

    def test_a_damaged_nik_is_found(self):
        nik, _, name, birth, _ = family(20)[0]
        slip = nik[:14] + ("7" if nik[14] != "7" else "8") + nik[15]
        for client in (self.system, self.users["budi"], self.users["bapak"]):
            found = self.check(client, slip, name, birth)
            self.assertEqual((found["known"], found["receives"], found["searched"]), (True, ["pkh"], "register"))
            self.assertEqual(self.check(client, nik, name)["receives"], ["pkh"])
        # The same for a letter in the name.
        self.assertTrue(self.check(self.system, nik, name[:-1], birth)["known"])
        # Whoever cannot see the row is told nothing, as if nobody had been meant.
        nobody = self.check(self.users["dedi"], "1505016503770009", "ZULKIFLI BASRI")
        for asked in (nik, slip):
            hidden = self.check(self.users["dedi"], asked, name, birth)
            for answer in (hidden, nobody):
                answer.pop("nik_valid", None)
            self.assertEqual(hidden, nobody)
        self.check(self.system, nik, "", status=422)

    def test_who_was_found_stands_in_the_trail(self):
        nik, _, name, birth, _ = family(21)[0]
        person = self.check(self.users["budi"], nik, name, birth)["person"]
        seen = self.must_json("audit", "who", "--person", str(person))
        self.assertIn(("budi", "check"), {(s["who"], s["action"]) for s in seen})


if __name__ == "__main__":
    unittest.main()
