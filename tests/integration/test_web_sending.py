"""Settings changed and lists sent through the API: every answer is held against openapi.yaml."""
import json
import os
import shutil
import socket
import tempfile
import unittest

from api_support import ApiCase, CheckedClient
from daemon_support import list_of, target_of


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
