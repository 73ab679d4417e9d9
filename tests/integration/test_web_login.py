"""Users, one-time links, sessions, passwords, tokens."""
import json
import time
import unittest

from web_support import PASSWORD, USERS, Client, WebCase


class Login(WebCase):
    WITH_LISTS = False

    def test_session(self):
        budi = self.users["budi"].get("/api/v1/session").json
        self.assertEqual((budi["name"], budi["role"], budi["office"], budi["district"]["code"]), ("budi", "office", "dinsos", "15.05"))
        ani = self.users["ani"].get("/api/v1/session").json
        self.assertEqual([str(village) for village in ani["villages"]], [self.value("SELECT village FROM padan.villages WHERE name = 'Tempino'")])
        self.assertEqual(Client(self.port).get("/api/v1/session").type, "login")

    def test_login_and_out(self):
        client = Client(self.port)
        answer = client.login("  SITI ")
        self.assertEqual(answer.status, 200)
        cookie = answer.headers["Set-Cookie"]
        for part in ("HttpOnly", "SameSite=Strict", "Path=/"):
            self.assertIn(part, cookie)
        self.assertEqual(client.get("/api/v1/session").json["name"], "siti")
        kept = client.cookie
        self.assertEqual(client.post("/api/v1/logout").status, 204)
        self.assertIsNone(client.cookie)
        client.cookie = kept
        self.assertEqual(client.get("/api/v1/session").status, 401)

    def test_link(self):
        token = self.link("add", "joko", "--role", "bappeda", "--full-name", "Joko W")
        client = Client(self.port)
        shown = client.post("/api/v1/link", {"token": token}).json
        self.assertEqual((shown["name"], shown["full_name"], shown["role"]), ("joko", "Joko W", "bappeda"))
        for password in ("pendek", "password1234", "123456789012", "aaaaaaaaaaaa", "abcabcabcabc", "joko12345678", "x" * 300):
            self.assertEqual(client.post("/api/v1/link/password", {"token": token, "password": password}).type, "password", password)
        self.assertEqual(client.post("/api/v1/link/password", {"token": token, "password": PASSWORD}).status, 200)
        self.assertEqual(client.get("/api/v1/session").json["name"], "joko")
        # Once alone.
        self.assertEqual(Client(self.port).post("/api/v1/link/password", {"token": token, "password": PASSWORD}).type, "link")
        self.assertEqual(Client(self.port).post("/api/v1/link", {"token": token}).status, 404)
        # A new one ends the sessions, and an unused older link.
        first, second = self.link("link", "joko"), self.link("link", "joko")
        self.assertEqual(Client(self.port).post("/api/v1/link", {"token": first}).status, 404)
        self.assertEqual(Client(self.port).post("/api/v1/link/password", {"token": second, "password": "kata sandi lain"}).status, 200)
        self.assertEqual(client.get("/api/v1/session").status, 401)
        # An expired one.
        third = self.link("link", "joko")
        self.sql("UPDATE padan.user_links SET expires_at = clock_timestamp() WHERE used_at IS NULL")
        self.assertEqual(Client(self.port).post("/api/v1/link", {"token": third}).status, 404)
        # Its secret stands nowhere.
        self.assertEqual(self.value("SELECT count(*) FROM padan.user_links WHERE hash = '%s'::bytea" % third), "0")

    def test_password(self):
        token = self.link("add", "rina", "--role", "bappeda")
        client, other = Client(self.port), Client(self.port)
        client.post("/api/v1/link/password", {"token": token, "password": PASSWORD})
        other.login("rina")
        self.assertEqual(client.post("/api/v1/password", {"old": "salah", "new": "ikan berenang jauh"}).type, "wrong-password")
        self.assertEqual(client.post("/api/v1/password", {"old": PASSWORD, "new": "pendek"}).type, "password")
        self.assertEqual(client.post("/api/v1/password", {"old": PASSWORD, "new": "ikan berenang jauh"}).status, 204)
        self.assertEqual(client.get("/api/v1/session").status, 200)
        self.assertEqual(other.get("/api/v1/session").status, 401, "other sessions end")
        self.assertEqual(other.login("rina").status, 401)
        self.assertEqual(other.login("rina", "ikan berenang jauh").status, 200)
        stored = self.value("SELECT password FROM padan.users WHERE name = 'rina'")
        self.assertTrue(stored.startswith("$argon2id$"), stored)

    def test_expiry(self):
        client = Client(self.port)
        client.login("siti")
        for column, ago in (("seen_at", "61 minutes"), ("expires_at", "1 second")):
            self.sql("UPDATE padan.web_sessions SET %s = clock_timestamp() - interval '%s' WHERE session = (SELECT max(session) FROM padan.web_sessions)"
                % (column, ago))
            self.assertEqual(client.get("/api/v1/session").status, 401, column)
            client.login("siti")

    def test_sessions_outlive_a_restart(self):
        """The server is started anew in the middle of somebody's work: he goes on, and what he sends next is taken."""
        budi = self.users["budi"]
        before = budi.get("/api/v1/session").json
        self.assertEqual(self.daemon.stop(), 0)
        self.__class__.start()
        self.assertEqual(budi.get("/api/v1/session").json, before)
        self.assertEqual(budi.post("/api/v1/logout", {"others": True}).status, 204) # a change, with the token from before

    def test_disabled(self):
        token = self.link("add", "tono", "--role", "office", "--office", "dpmd")
        client = Client(self.port)
        client.post("/api/v1/link/password", {"token": token, "password": PASSWORD})
        unused = self.link("link", "tono")
        self.must("user", "disable", "tono")
        self.assertEqual(client.get("/api/v1/session").status, 401)
        self.assertEqual(Client(self.port).login("tono").status, 401)
        self.assertEqual(Client(self.port).post("/api/v1/link", {"token": unused}).status, 404)
        self.must("user", "enable", "tono")
        self.assertEqual(Client(self.port).login("tono").status, 200)
        # An office that has gone from the configuration takes its users and tokens with it.
        token = json.loads(self.must("token", "add", "--json", "--office", "dpmd"))["token"]
        bearer = {"Authorization": "Bearer " + token}
        self.assertEqual(Client(self.port).get("/api/v1/debug/forgetful", headers=bearer).status, 200)
        client.login("tono")
        self.sql("UPDATE padan.offices SET active = false WHERE office = 'dpmd'")
        try:
            self.assertEqual(client.get("/api/v1/session").status, 401)
            self.assertEqual(Client(self.port).login("tono").status, 401)
            self.assertEqual(Client(self.port).get("/api/v1/debug/forgetful", headers=bearer).status, 401)
        finally:
            self.sql("UPDATE padan.offices SET active = true WHERE office = 'dpmd'")

    def test_users_are_checked(self):
        for words, status in ((("add", "Siti!", "--role", "bappeda"), 3), (("add", "siti", "--role", "bappeda"), 3),
                (("add", "x1", "--role", "office"), 3), (("add", "x1", "--role", "office", "--office", "tidakada"), 3),
                (("add", "x1", "--role", "verifier"), 3), (("add", "x1", "--role", "bappeda", "--office", "dinsos"), 3),
                (("add", "x1"), 2), (("add", "x1", "--role", "raja"), 2), (("link", "tidakada"), 3), (("disable", "tidakada"), 3), (("apa",), 2)):
            done = self.padan("user", *words)
            self.assertEqual(done.returncode, status, (words, done.stdout, done.stderr))
        listed = {user["name"]: user for user in self.must_json("user", "list")}
        for name in USERS:
            self.assertTrue(listed[name]["has_password"])
        self.assertIn("Tempino", self.must("user", "list"))

    def test_tokens(self):
        made = json.loads(self.must("token", "add", "--json", "--office", "dinsos", "--name", "SIM", "--scope", "lists:read"))
        bearer = {"Authorization": "Bearer " + made["token"]}
        nobody = Client(self.port)
        self.assertEqual(nobody.get("/api/v1/debug/forgetful", headers=bearer).status, 200)
        self.assertEqual(nobody.get("/api/v1/session", headers=bearer).status, 404, "not for systems")
        other = json.loads(self.must("token", "add", "--json", "--office", "dinsos", "--scope", "check"))
        self.assertEqual(nobody.get("/api/v1/debug/forgetful", headers={"Authorization": "Bearer " + other["token"]}).status, 404, "another scope")
        self.assertEqual(nobody.get("/api/v1/debug/forgetful", headers={"Authorization": "Bearer padan_x"}).status, 401)
        self.assertNotIn(made["token"], self.must("token", "list"))
        self.must("token", "revoke", made["number"])
        self.assertEqual(nobody.get("/api/v1/debug/forgetful", headers=bearer).status, 401)
        self.assertEqual(self.padan("token", "revoke", made["number"]).returncode, 3)
        self.assertEqual(self.padan("token", "add", "--office", "tidakada").returncode, 3)
        self.assertEqual(self.padan("token", "add", "--office", "dinsos", "--scope", "semua").returncode, 2)
        self.sql("UPDATE padan.api_tokens SET expires_at = clock_timestamp() WHERE token = %s" % other["number"])
        self.assertEqual(nobody.get("/api/v1/debug/forgetful", headers={"Authorization": "Bearer " + other["token"]}).status, 401)

    def test_a_link_needs_no_address_given(self):
        """padand says where it is."""
        self.eventually(lambda: self.value("SELECT url FROM padan.web_address"), what="the address")
        link = self.must_json("user", "link", "siti")["link"]
        self.assertTrue(link.startswith("http://127.0.0.1:%d/undangan#" % self.port), link)


class Public(WebCase):
    """Behind a proxy with TLS."""
    WITH_LISTS = False
    OPTIONS = ("--web-url", "https://padan.example/")

    def test_cookie(self):
        client = Client(self.port)
        client.headers = {"Host": "padan.example", "X-Forwarded-For": "203.0.113.9"}
        answer = client.login("siti")
        self.assertTrue(answer.headers["Set-Cookie"].startswith("__Host-padan="))
        self.assertIn("Secure", answer.headers["Set-Cookie"])
        self.assertIn("max-age", answer.headers["Strict-Transport-Security"])
        self.assertEqual(client.get("/api/v1/session", headers={"Cookie": "__Host-padan=" + client.cookie}).json["name"], "siti")
        self.assertEqual(client.get("/api/v1/session", headers={"Cookie": "padan=" + client.cookie}).status, 401)
        self.assertEqual(self.value("SELECT address FROM padan.web_sessions ORDER BY session DESC LIMIT 1"), "203.0.113.9")


if __name__ == "__main__":
    unittest.main()
