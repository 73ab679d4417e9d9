"""Attacks: what strangers, other sites and other offices try on the web."""
import json
import os
import random
import re
import socket
import statistics
import threading
import time
import unittest

from daemon_support import family
from support import ROOT
from web_support import PASSWORD, Client, WebCase

LONG_AGO = "UPDATE padan.login_failures SET at = at - interval '2 hours'"


class Attacks(WebCase):
    @classmethod
    def setUpClass(cls):
        os.environ["PADAN_WEB_HEADER_SECONDS"] = "3"
        try:
            super().setUpClass()
        finally:
            del os.environ["PADAN_WEB_HEADER_SECONDS"]

    def setUp(self):
        self.sql(LONG_AGO)

    def lives(self):
        self.assertEqual(self.users["siti"].get("/api/v1/session").status, 200)

    # ---- other sites ----

    def test_csrf(self):
        siti = self.users["siti"]
        echo = {"id": 1}
        self.assertEqual(siti.post("/api/v1/debug/echo", echo).status, 200)
        for name, headers in (
                ("no token", {"X-Padan-CSRF": None}),
                ("a wrong token", {"X-Padan-CSRF": "0" * 32}),
                ("somebody else's token", {"X-Padan-CSRF": self.users["budi"].csrf}),
                ("another site's origin", {"Origin": "https://jahat.example"}),
                ("an origin that only begins like ours", {"Origin": "http://127.0.0.1:%d.jahat.example" % self.port}),
                ("a sandboxed frame", {"Origin": "null"}),
                ("cross-site", {"Sec-Fetch-Site": "cross-site"}),
                ("same-site", {"Sec-Fetch-Site": "same-site"})):
            answer = siti.post("/api/v1/debug/echo", echo, headers=headers)
            self.assertEqual((answer.status, answer.type), (403, "foreign"), name)
        own = {"Origin": "http://127.0.0.1:%d" % self.port, "Sec-Fetch-Site": "same-origin"}
        self.assertEqual(siti.post("/api/v1/debug/echo", echo, headers=own).status, 200)
        # What a form of another site can send without asking.
        for content_type in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", None):
            answer = siti.post("/api/v1/debug/echo", raw=json.dumps(echo), headers={"Content-Type": content_type})
            self.assertEqual(answer.status, 415, content_type)
        # Nor can it log its victim in as somebody else, or out.
        foreign = {"Origin": "https://jahat.example"}
        self.assertEqual(Client(self.port).post("/api/v1/login", {"name": "siti", "password": PASSWORD}, headers=foreign).status, 403)
        self.assertEqual(siti.post("/api/v1/logout", {}, headers=foreign).status, 403)
        # No answer says that another site may read it.
        answer = siti.get("/api/v1/session", headers=foreign)
        self.assertFalse([name for name in answer.headers if name.lower().startswith("access-control")])
        self.assertIn(siti.ask("OPTIONS", "/api/v1/login", headers=foreign).status, (403, 404, 405))

    def test_names_that_are_not_ours(self):
        """DNS rebinding: another site's name that leads here."""
        for host in ("jahat.example", "127.0.0.1", "localhost.jahat.example:%d" % self.port, ""):
            self.assertIn(Client(self.port).get("/api/v1/session", headers={"Host": host}).status, (400, 421), host)
        self.assertEqual(Client(self.port).get("/healthz", headers={"Host": "localhost:%d" % self.port}).status, 200)

    def test_headers_on_every_answer(self):
        siti = self.users["siti"]
        for answer in (siti.get("/api/v1/session"), siti.get("/api/v1/nothing"), siti.get("/"), Client(self.port).get("/api/v1/session"),
                siti.post("/api/v1/debug/echo", raw="{", headers={"Content-Type": "application/json"}), siti.get("/x.js"),
                siti.get("/api/v1/debug/stream?bytes=10")):
            policy = answer.headers["Content-Security-Policy"]
            self.assertIn("frame-ancestors 'none'", policy)
            self.assertIn("default-src 'none'", policy)
            self.assertNotIn("unsafe", policy)
            self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
            self.assertEqual(answer.headers["X-Frame-Options"], "DENY")
            self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer")
            self.assertIn(answer.headers["Cache-Control"], ("no-store", "no-cache"))
            self.assertIsNone(answer.headers["Server"])

    # ---- sessions ----

    def test_fixation(self):
        client = Client(self.port)
        client.cookie = planted = "A" * 43
        self.assertEqual(client.get("/api/v1/session").status, 401)
        self.assertEqual(client.login("budi").status, 200)
        self.assertNotEqual(client.cookie, planted)
        first = client.cookie
        self.assertEqual(client.login("budi").status, 200)
        self.assertNotEqual(client.cookie, first, "a new secret at each login")
        client.cookie = first
        self.assertEqual(client.get("/api/v1/session").status, 401, "the one before has ended")
        client.cookie = planted
        self.assertEqual(client.get("/api/v1/session").status, 401)

    def test_secrets(self):
        cookies = set()
        for _ in range(5):
            client = Client(self.port)
            client.login("budi")
            cookies.add(client.cookie)
        self.assertEqual(len(cookies), 5)
        self.assertTrue(all(len(cookie) == 43 for cookie in cookies), "256 bits")
        stored = self.value("SELECT string_agg(s::text, ' ') FROM padan.web_sessions s")
        self.assertFalse([cookie for cookie in cookies if cookie in stored])
        # Only where it belongs.
        cookie = cookies.pop()
        nobody = Client(self.port)
        self.assertEqual(nobody.get("/api/v1/session?padan=" + cookie).status, 401)
        self.assertEqual(nobody.get("/api/v1/session", headers={"Authorization": "Bearer " + cookie}).status, 401)
        for bad in ("", "x", "x" * 43, "x" * 5000, "'; --", "a=b; padan", "%00"):
            self.assertIn(nobody.get("/api/v1/session", headers={"Cookie": "padan=" + bad}).status, (400, 401, 431), bad)

    # ---- passwords ----

    def test_brute_force(self):
        self.add_user("target", "--role", "bappeda")
        here = Client(self.port)
        here.headers = {"X-Forwarded-For": "198.51.100.1"}
        self.assertEqual([here.login("target", "salah %d" % i).status for i in range(5)], [401] * 5)
        self.failed_later(600)
        self.assertEqual([here.login("target", "salah").status for _ in range(3)], [429] * 3)
        waiting = here.login("target")
        self.assertEqual(waiting.status, 429, "the right password waits as well")
        self.assertGreaterEqual(int(waiting.headers["Retry-After"]), 1)
        elsewhere = Client(self.port)
        elsewhere.headers = {"X-Forwarded-For": "198.51.100.2"}
        self.assertEqual(elsewhere.login("target").status, 200, "nobody is locked out by others")
        # The wait grows with every failure.
        self.failed_later(-600)
        waits = []
        for _ in range(4):
            self.sql("UPDATE padan.login_failures SET at = at - interval '%d seconds'" % (waits[-1] + 1 if waits else 3))
            self.assertEqual(here.login("target", "salah").status, 401)
            waits.append(int(here.login("target", "salah").headers["Retry-After"]))
        self.assertEqual(waits, sorted(waits))
        self.assertGreater(waits[-1], 2 * waits[0])
        # One address and many names.
        spray = Client(self.port)
        spray.headers = {"X-Forwarded-For": "198.51.100.3"}
        self.sql("INSERT INTO padan.login_failures (name, address) SELECT 'nama' || n, '198.51.100.3' FROM generate_series(1, 45) n")
        self.failed_later(600)
        self.assertEqual(spray.login("budi").status, 429)
        # An address that is none of the proxy's making cannot be chosen: the last one counts.
        spray.headers = {"X-Forwarded-For": "192.0.2.77, 198.51.100.3"}
        self.assertEqual(spray.login("budi").status, 429)

    def test_many_guesses_at_once(self):
        self.add_user("target2", "--role", "bappeda")
        got = []

        def guess():
            client = Client(self.port)
            client.headers = {"X-Forwarded-For": "198.51.100.4"}
            got.append(client.login("target2", "salah").status)
        threads = [threading.Thread(target=guess) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        # Five, as many as there are connections at once, and on a slow machine those whose wait of 2, 4 or 8 s has passed meanwhile.
        self.assertLessEqual(got.count(401), 14, got)

    def test_names_are_not_told(self):
        """Neither text nor time says whether a name exists. Each guess comes from an address of its own."""
        self.link("add", "tanpasandi", "--role", "bappeda")  # has no password yet
        # A difference that is always there stays however often one looks; a busy machine's is gone the next time.
        for again in range(4):
            times, answers = {"budi": [], "tidakada": [], "tanpasandi": []}, {}
            for i in range(7):
                for name in times:
                    client = Client(self.port)
                    client.headers = {"X-Forwarded-For": "203.0.%d.%d" % (113 + again, 10 * i + len(name))}
                    begin = time.monotonic()
                    answer = client.login(name, "salah sekali ini")
                    times[name].append(time.monotonic() - begin)
                    answers[name] = (answer.status, answer.body, [(k, v) for k, v in answer.headers.items() if k not in ("Date",)])
            self.assertEqual(answers["budi"], answers["tidakada"])
            self.assertEqual(answers["budi"], answers["tanpasandi"])
            middle = {name: statistics.median(taken) for name, taken in times.items()}
            if max(middle.values()) < 1.6 * min(middle.values()):
                break
            self.sql("DELETE FROM padan.login_failures")  # they would slow the names themselves
        else:
            self.fail("the time says which name exists: %s" % times)
        # Nor does the waiting.
        self.sql("DELETE FROM padan.login_failures")
        for name in ("budi", "tidakada"):
            client = Client(self.port)
            client.headers = {"X-Forwarded-For": "198.51.100.9"}
            self.assertEqual([client.login(name, "x").status for _ in range(5)], [401] * 5, name)
            self.failed_later(600)
            self.assertEqual(client.login(name, "x").status, 429, name)

    def failed_later(self, seconds):
        """As if every failure had been later: how long one waits does not depend on this machine's speed."""
        self.sql("UPDATE padan.login_failures SET at = at + interval '%d seconds'" % seconds)

    # ---- other offices ----

    def test_other_offices(self):
        """What is another's answers as what is not there."""
        budi, absent = self.users["budi"], 99999999
        theirs = self.value("SELECT list FROM padan.lists WHERE office = 'dpmd'")
        flag = self.value("SELECT flag FROM padan.flags f WHERE list = %s AND (other_list IS NULL OR other_list NOT IN "
            "(SELECT list FROM padan.lists WHERE office = 'dinsos')) AND assigned_to IS NULL LIMIT 1" % theirs)
        self.assertTrue(flag)
        for pattern, number in (("/api/v1/lists/%s", theirs), ("/api/v1/lists/%s/rejects", theirs), ("/api/v1/flags/%s", flag)):
            there, not_there = budi.get(pattern % number), budi.get(pattern % absent)
            self.assertEqual((there.status, there.body), (404, not_there.body), pattern)
        own = self.value("SELECT list FROM padan.lists WHERE office = 'dinsos'")
        self.assertEqual(budi.get("/api/v1/lists/" + own).status, 200)

    @staticmethod
    def routes(methods="GET"):
        """Every path of these methods, from the tables of routes themselves."""
        folder = os.path.join(ROOT, "daemon", "http")
        found = set()
        for name in sorted(os.listdir(folder)):
            if name.endswith(".c") and name != "http_debug_routes.c":
                with open(os.path.join(folder, name), encoding="utf-8") as source:
                    found.update(re.findall(r'HTTP_(?:%s), "([^"]+)"' % methods, source.read()))
        return sorted(found - {"/api/v1/events"})

    def theirs(self):
        """Ids that are the business of the social office alone, by the name that routes give them."""
        mine = "(SELECT list FROM padan.lists WHERE office = 'dpmd')"
        ids = {
            "list": "SELECT list FROM padan.lists WHERE office = 'dinsos'",
            "flag": "SELECT flag FROM padan.flags WHERE list IN (SELECT list FROM padan.lists WHERE office = 'dinsos') AND assigned_to IS NULL "
                "AND (other_list IS NULL OR other_list NOT IN %s)" % mine,
            "person": "SELECT person FROM padan.entries WHERE list IN (SELECT list FROM padan.lists WHERE office = 'dinsos') AND household NOT IN "
                "(SELECT household FROM padan.entries WHERE list IN %s)" % mine,
        }
        ids["pair"] = ("SELECT concat_ws('.', kind, a_list, a_row, b_list, b_row) FROM padan.match_evidence WHERE a_list NOT IN %s AND b_list NOT IN %s"
            % (mine, mine))
        ids["household"] = ids["person"].replace("SELECT person", "SELECT household", 1)
        return {name: self.value(sql + " LIMIT 1") for name, sql in ids.items()}

    def test_every_address_as_another_office(self):
        """Every path with an id answers another office's as an absent one, and nobody gets a name that is not his to see."""
        theirs, looked_at = self.theirs(), 0
        self.assertTrue(all(theirs.values()), theirs)
        strangers = [family(number)[0][2] for number in range(20, 55)]
        village = "SELECT count(*) FROM padan.entries WHERE village = (SELECT villages[1] FROM padan.users WHERE name = 'eko')"
        self.assertEqual(self.value(village), "0")
        for name in ("dedi", "eko"):
            for path in self.routes():
                self.sql(LONG_AGO)
                names = re.findall(r"{(\w+)}", path)
                fill = lambda values: re.sub(r"{(\w+)}", lambda found: values.get(found.group(1), "99999999"), path)
                absent = {"pair": "person.99999999.1.99999999.2"}
                there = self.users[name].get(fill(theirs))
                self.assertLess(there.status, 500, (name, path, there.body[:300]))
                if names and set(names) <= set(theirs):
                    not_there = self.users[name].get(fill(absent))
                    self.assertEqual((there.status, there.body), (404, not_there.body), (name, path))
                    looked_at += 1
                for stranger in strangers:
                    self.assertNotIn(stranger.encode(), there.body, (name, path))
        self.assertGreater(looked_at, 8)

    def test_every_change_as_another_office(self):
        """Nor can anything of theirs be changed, whatever is said."""
        theirs, tried, dedi = self.theirs(), 0, self.users["dedi"]
        words = {"status": "confirmed", "verdict": "same", "reason": "coba", "office": "dpmd", "programme": "pkh", "level": "person", "kind": "person",
            "flags": [int(theirs["flag"])], "seen": "x", "state": "x", "basis": "1"}
        before = self.sql("SELECT flag, status, assigned_to FROM padan.flags ORDER BY 1"), self.sql("SELECT list, state FROM padan.lists ORDER BY 1"), \
            self.sql("SELECT count(*) FROM padan.decisions")
        for path in self.routes("POST|PUT|PATCH|DELETE"):
            names = re.findall(r"{(\w+)}", path)
            for method in ("POST", "PUT", "PATCH", "DELETE"):
                if path.startswith(("/api/v1/login", "/api/v1/link", "/api/v1/logout", "/api/v1/password", "/api/v1/session")):
                    continue
                fill = lambda values: re.sub(r"{(\w+)}", lambda found: values.get(found.group(1), "99999999"), path)
                there = dedi.ask(method, fill(theirs), words)
                self.assertLess(there.status, 500, (method, path, there.body[:300]))
                if names and set(names) <= set(theirs):
                    not_there = dedi.ask(method, fill({"pair": "person.99999999.1.99999999.2"}), words)
                    self.assertEqual((there.status, there.body), (not_there.status, not_there.body), (method, path))
                    self.assertGreaterEqual(there.status, 400, (method, path))
                    tried += there.status == 404
        self.assertEqual((self.sql("SELECT flag, status, assigned_to FROM padan.flags ORDER BY 1"), self.sql("SELECT list, state FROM padan.lists ORDER BY 1"),
            self.sql("SELECT count(*) FROM padan.decisions")), before)
        self.assertGreaterEqual(tried, 3)

    def test_every_address_as_nobody(self):
        for path in self.routes():
            if path.startswith("/api/"):
                self.assertEqual(Client(self.port).get(path.replace("{", "").replace("}", "")).status, 401, path)

    def test_other_roles(self):
        for name, status in (("siti", 200), ("bapak", 404), ("budi", 404), ("ani", 404)):
            self.assertEqual(self.users[name].get("/api/v1/debug/administrator").status, status, name)
        self.assertEqual(Client(self.port).get("/api/v1/debug/administrator").status, 401)

    # ---- what is put into a request ----

    def test_sql(self):
        siti = self.users["siti"]
        for text in ("'; DROP TABLE padan.flags; --", "$1", "\\", "%' OR '1'='1", "𝔘𝔫𝔦'"):
            answer = siti.post("/api/v1/debug/echo", {"id": 1, "text": text})
            self.assertEqual((answer.status, answer.json["text"]), (200, text))
        for path in ("1%20OR%201=1", "1;SELECT%201", "1'", "0x10", "1e3", "+1", "--1", "%EF%BC%91"):
            self.assertEqual(siti.get("/api/v1/debug/echo/" + path).status, 404, path)
        self.assertEqual(siti.post("/api/v1/debug/echo", {"id": "1 OR 1=1"}).status, 400)
        self.assertEqual(siti.post("/api/v1/debug/echo", {"id": {"$gt": 0}}).status, 400)
        self.assertEqual(self.value("SELECT count(*) > 0 FROM padan.flags"), "t")

    def test_control_characters(self):
        siti = self.users["siti"]
        for text in ("a%0d%0aSet-Cookie:%20padan=x", "a%00b", "%ff%fe", "%c0%ae", "%1b[31m", "%c2%85"):
            answer = siti.get("/api/v1/debug/echo/1?text=" + text)
            self.assertEqual(answer.status, 400, text)
            self.assertIsNone(answer.headers["Set-Cookie"])
        self.assertEqual(siti.get("/api/v1/debug/echo/1%00").status, 400)
        self.assertEqual(siti.get("/api/v1/debug/echo/1%2f..%2f2").status, 404)
        answer = siti.post("/api/v1/debug/echo", raw='{"id":1,"text":"a\\u0000b"}', headers={"Content-Type": "application/json"})
        self.assertEqual(answer.status, 400)

    def test_markup(self):
        """Names with markup come back as JSON that no browser takes for a page; errors repeat nothing of what was asked."""
        markup = "<script>alert(1)</script>"
        siti = self.users["siti"]
        answer = siti.post("/api/v1/debug/echo", {"id": 1, "text": markup})
        self.assertEqual(answer.json["text"], markup)
        self.assertEqual(answer.headers["Content-Type"], "application/json; charset=utf-8")
        for path in ("/api/v1/" + markup, "/" + markup + ".js", "/api/v1/debug/echo/" + markup, "/api/v1/debug/echo/1?number=" + markup):
            answer = siti.get(path.replace("<", "%3C").replace(">", "%3E"))
            self.assertNotIn(b"alert(1)", answer.body)

    # ---- too much, too slow, too odd ----

    def test_too_much(self):
        siti = self.users["siti"]
        self.assertEqual(siti.post("/api/v1/debug/echo", {"id": 1, "text": "x" * 300000}).status, 413)
        self.assertEqual(siti.post("/api/v1/debug/echo", {"id": 1, "text": "x" * 2000}).status, 400)
        self.assertEqual(siti.post("/api/v1/debug/echo", raw="[" * 100000, headers={"Content-Type": "application/json"}).status, 400)
        self.assertEqual(siti.post("/api/v1/debug/echo", raw='{"id":1,"number":1e999}', headers={"Content-Type": "application/json"}).status, 400)
        head = ("POST /api/v1/debug/%%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nCookie: padan=%s\r\nX-Padan-CSRF: %s\r\n"
            "Content-Type: application/json\r\n" % (self.port, siti.cookie, siti.csrf))
        got = self.raw((head % "echo" + "Content-Length: 2000000000\r\n\r\n").encode())
        self.assertTrue(got.startswith(b"HTTP/1.1 413"), got[:100])
        got = self.raw((head % "upload" + "Content-Length: 2000000000\r\n\r\n").encode())
        self.assertTrue(got.startswith(b"HTTP/1.1 413"), got[:100])
        # Chunked: it is not said how much will come.
        chunks = b"".join(b"10000\r\n" + b"x" * 65536 + b"\r\n" for _ in range(8)) + b"0\r\n\r\n"
        got = self.raw((head % "echo" + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n").encode() + chunks)
        self.assertTrue(got.startswith(b"HTTP/1.1 413"), got[:100])
        # Headers without end.
        for text in (b"GET /" + b"a" * 100000 + b" HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\n" + b"X-A: b\r\n" * 10000 + b"\r\n",
                b"GET / HTTP/1.1\r\nX-A: " + b"b" * 100000 + b"\r\n\r\n"):
            try:
                got = self.raw(text)
            except (ConnectionResetError, BrokenPipeError):
                got = b""
            self.assertFalse(got.startswith(b"HTTP/1.1 200"), got[:100])
        self.lives()

    def test_two_lengths(self):
        """Request smuggling: what two servers could cut in two different ways is refused."""
        for headers in (b"Content-Length: 2\r\nContent-Length: 5\r\n", b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", b"Content-Length: -1\r\n", b"Content-Length: 5x\r\n",
                b"Content-Length: 99999999999999999999\r\n"):
            got = self.raw(b"POST /api/v1/login HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\n%s\r\n{}   GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n"
                % (self.port, headers, self.port), seconds=5)
            self.assertNotIn(b" 200 ", got)
        self.lives()

    def test_nonsense(self):
        chance = random.Random(7)
        for _ in range(60):
            junk = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 400)))
            start = chance.choice((b"", b"GET ", b"POST /api/v1/login HTTP/1.1\r\nContent-Length: 20\r\n", b"\x16\x03\x01", b"PRI * HTTP/2.0\r\n\r\n"))
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as s:
                s.sendall(start + junk + b"\r\n\r\n")
        for method in ("TRACE", "CONNECT", "PROPFIND", "get", "OPTIONS"):
            self.assertIn(self.users["siti"].ask(method, "/api/v1/session").status, (400, 404, 405), method)
        self.lives()

    def test_slow(self):
        """Senders who never come to an end are cut off; others notice nothing."""
        slow = []
        for text in (b"", b"GET / HTTP/1.1\r\nHost: x\r\n", b"POST /api/v1/login HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\n"
                b"Content-Length: 1000\r\n\r\n{" % self.port):
            s = socket.create_connection(("127.0.0.1", self.port), timeout=20)
            s.sendall(text)
            slow.append(s)
        for s in slow:
            for _ in range(100):
                try:
                    s.sendall(b"a")
                except OSError:
                    break
                self.lives()
                time.sleep(0.3)
            else:
                self.fail("a slow sender was not cut off")
            s.close()

    def test_crowd(self):
        """More connections than there is room for: those who hold one for nothing go first."""
        crowd = []
        for _ in range(600):
            try:
                crowd.append(socket.create_connection(("127.0.0.1", self.port), timeout=5))
            except OSError:
                break
        for _ in range(10):
            self.lives()
        for s in crowd:
            s.close()
        self.eventually(lambda: self.metric("padan_http_connections") < 20, what="the crowd's end")

    def test_searching_all_day(self):
        budi = self.users["budi"]
        statuses = [budi.get("/api/v1/debug/search?id=1").status for _ in range(60)]
        self.assertEqual(statuses[:25], [200] * 25)
        self.assertIn(429, statuses)
        self.assertEqual(self.users["dedi"].get("/api/v1/debug/search?id=1").status, 200, "others are not slowed")

    # ---- leaks ----

    def test_leaks(self):
        """Numbers, names, passwords and secrets of people stand in no log, metric or error."""
        nik, kk, name, *_ = family(12)[0]
        siti = self.users["siti"]
        secret = "rahasia-%d" % random.randrange(10 ** 12)
        siti.get("/api/v1/debug/echo/%s?text=%s" % (nik, name.replace(" ", "+")))
        siti.get("/api/v1/%s/%s" % (nik, secret))
        siti.get("/api/v1/debug/echo/1?number=%s" % secret)
        siti.post("/api/v1/debug/echo", {"id": nik, "text": secret, "number": "x" + kk})
        siti.post("/api/v1/debug/echo", raw="{%s" % nik, headers={"Content-Type": "application/json"})
        Client(self.port).login(nik, secret)
        Client(self.port).login("budi\nerror padan=kaput", secret)
        siti.get("/api/v1/debug/slow?milliseconds=99999999999")
        self.raw(b"GET /%s HTTP/1.1\r\nHost: %s\r\n%s\r\n\r\n" % (nik.encode(), secret.encode(), secret.encode()), seconds=3)
        said = self.said() + Client(self.port).get("/metrics").body.decode()
        for word in (nik, kk, name, secret, siti.cookie, siti.csrf, PASSWORD, "kaput"):
            self.assertNotIn(word, said)
        stored = self.value("SELECT string_agg(t::text, ' ') FROM padan.audit_trail t WHERE action NOT LIKE 'debug%'")
        for word in (nik, kk, name, secret):
            self.assertNotIn(word, stored)


if __name__ == "__main__":
    unittest.main()
