"""The server itself: routes, answers, streams, compression, health, metrics, events, the end."""
import gzip
import hashlib
import json
import os
import socket
import threading
import time
import unittest

from web_support import Client, WebCase


class Server(WebCase):
    WITH_LISTS = False

    def test_answers(self):
        siti = self.users["siti"]
        self.assertEqual(siti.get("/api/v1/debug/echo/7?text=a%20b&number=3").json,
            {"id": 7, "text": "a b", "number": 3, "who": "siti"})
        self.assertEqual(siti.get("/api/v1/debug/echo/x").status, 404)
        self.assertEqual(siti.get("/api/v1/debug/echo/7?number=x").status, 400)
        self.assertEqual(siti.get("/api/v1/debug/echo/99999999999999999999").status, 404)
        self.assertEqual(siti.get("/api/v1/nothing").status, 404)
        self.assertEqual(siti.ask("DELETE", "/api/v1/debug/echo/7").status, 405)
        self.assertEqual(siti.ask("HEAD", "/api/v1/debug/echo/7").body, b"")
        self.assertEqual(siti.post("/api/v1/debug/echo", {"id": 1, "text": "é", "number": None}).json["text"], "é")
        self.assertEqual(siti.post("/api/v1/debug/echo", raw="{", headers={"Content-Type": "application/json"}).type, "not-json")
        self.assertEqual(siti.post("/api/v1/debug/echo", raw='{"id":1,"id":2}', headers={"Content-Type": "application/json"}).status, 400)
        self.assertEqual(siti.post("/api/v1/debug/echo", raw="id=1", headers={"Content-Type": "text/plain"}).status, 415)
        self.assertEqual(siti.get("/api/v1/debug/slow?milliseconds=20").json, {"slept": True})

    def test_language(self):
        nobody = Client(self.port)
        self.assertIn("Sesi", nobody.get("/api/v1/session").json["detail"])
        self.assertIn("no session", nobody.get("/api/v1/session", headers={"Accept-Language": "en-GB"}).json["detail"])
        self.assertIn("no session", nobody.get("/api/v1/session?lang=en").json["detail"])

    def test_etag(self):
        siti = self.users["siti"]
        first = siti.get("/api/v1/debug/echo/7?number=3")
        self.assertEqual(first.headers["ETag"], '"e3"')
        again = siti.get("/api/v1/debug/echo/7?number=3", headers={"If-None-Match": '"e3"'})
        self.assertEqual((again.status, again.body), (304, b""))

    def test_large_answers_are_compressed(self):
        siti = self.users["siti"]
        plain = siti.get("/api/v1/debug/large?rows=20000")
        packed = siti.get("/api/v1/debug/large?rows=20000", headers={"Accept-Encoding": "gzip, br"})
        self.assertEqual(packed.headers["Content-Encoding"], "gzip")
        self.assertEqual(gzip.decompress(packed.body), plain.body)
        self.assertEqual(len(plain.json), 20000)

    def test_streams_out(self):
        siti = self.users["siti"]
        answer = siti.get("/api/v1/debug/stream?bytes=5000000")
        self.assertEqual(answer.body, b"x" * 5000000)
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        # A reader who goes away in the middle leaves nothing behind.
        with socket.create_connection(("127.0.0.1", self.port)) as s:
            s.sendall(b"GET /api/v1/debug/stream?bytes=500000000 HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nCookie: padan=%s\r\n\r\n"
                % (self.port, siti.cookie.encode()))
            self.assertIn(b"200 OK", s.recv(4096))
        self.eventually(lambda: self.metric("padan_http_streams") == 0, what="the stream's end")

    def test_streams_out_of_the_database(self):
        siti = self.users["siti"]
        answer = siti.get("/api/v1/debug/copy")
        lines = answer.body.decode().splitlines()
        self.assertEqual((len(lines), lines[-1].split("\t")), (400000, ["400000", hashlib.md5(b"400000").hexdigest()]))
        self.assertEqual(self.value("SELECT count(*) FROM padan.audit_trail WHERE action = 'debug.copy'"), "1")
        # Readers who go away, at once and in the middle; one who reads slowly.
        head = b"GET /api/v1/debug/copy HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nCookie: padan=%s\r\n\r\n" % (self.port, siti.cookie.encode())
        for wanted in (0, 1, 100000, 1000000, 5000000, 13000000):
            with socket.create_connection(("127.0.0.1", self.port)) as s:
                s.sendall(head)
                got = 0
                while got < wanted:
                    got += len(s.recv(65536))
        self.eventually(lambda: self.metric("padan_http_streams") == 0 and self.metric("padan_http_sql_connections_busy") == 1,
            what="the streams' end")
        with socket.create_connection(("127.0.0.1", self.port)) as s:
            s.sendall(head)
            time.sleep(1)
            got = b""
            while b"400000\t" not in got[-200:]:
                got += s.recv(4096)
        self.assertEqual(siti.get("/api/v1/session").status, 200)

    def test_streams_in(self):
        siti = self.users["siti"]
        data = os.urandom(7_000_001)
        answer = siti.post("/api/v1/debug/upload", raw=data, headers={"Content-Type": "text/csv"})
        self.assertEqual(answer.json, {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()})
        # Without a session: 401, though the body is on its way.
        self.assertEqual(Client(self.port).post("/api/v1/debug/upload", raw=data[:3000000]).status, 401)
        # Broken off in the middle.
        with socket.create_connection(("127.0.0.1", self.port)) as s:
            s.sendall(b"POST /api/v1/debug/upload HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nCookie: padan=%s\r\nX-Padan-CSRF: %s\r\n"
                b"Content-Length: 5000000\r\n\r\n" % (self.port, siti.cookie.encode(), siti.csrf.encode()) + data[:2000000])
        self.eventually(lambda: self.metric("padan_http_requests_in_progress") == 1, what="the request's end")

    def test_many_at_once(self):
        siti = self.users["siti"]
        got = []
        seen = threading.Event()

        def ask(): # again and again until it has been seen: a slow machine has all the time it needs
            while not seen.is_set():
                got.append(siti.get("/api/v1/debug/slow?milliseconds=500").status)
        threads = [threading.Thread(target=ask) for _ in range(20)]
        for thread in threads:
            thread.start()
        try:
            self.eventually(lambda: self.metric("padan_http_sql_connections_busy") >= 5, what="several at a time")
        finally:
            seen.set()
            for thread in threads:
                thread.join()
        self.assertEqual(set(got), {200})

    def test_too_many_at_once(self):
        siti = self.users["siti"]
        got = []
        seen = threading.Event()

        def ask():
            while not seen.is_set():
                answer = siti.get("/api/v1/debug/slow?milliseconds=400")
                got.append((answer.status, answer.headers["Retry-After"]))
        threads = [threading.Thread(target=ask) for _ in range(130)]
        for thread in threads:
            thread.start()
        try:
            self.eventually(lambda: {(200, None), (503, "2")} <= set(got), what="some served, some told to come again")
        finally:
            seen.set()
            for thread in threads:
                thread.join()
        self.assertEqual(set(got), {(200, None), (503, "2")})
        self.assertEqual(siti.get("/api/v1/session").status, 200)

    def test_health(self):
        nobody = Client(self.port)
        self.assertEqual(nobody.get("/healthz").body, b"ok\n")
        self.assertTrue(nobody.get("/readyz").json["ready"])
        self.sql("UPDATE padan.schema_functions SET checksum = reverse(checksum) WHERE name = 'lists.sql'")
        self.assertEqual(nobody.get("/readyz").status, 503)
        self.assertFalse(nobody.get("/readyz").json["migrations"])
        self.sql("UPDATE padan.schema_functions SET checksum = reverse(checksum) WHERE name = 'lists.sql'")
        for path in ("/healthz", "/readyz", "/metrics"):
            self.assertEqual(nobody.get(path, headers={"X-Forwarded-For": "203.0.113.9"}).status, 404, path)

    def test_metrics(self):
        self.users["siti"].get("/api/v1/debug/echo/1505011201850001?text=1505011201850001")
        text = Client(self.port).get("/metrics").body.decode()
        self.assertNotIn("15050112", text)
        self.assertIn('padan_http_requests_total{method="GET",route="/api/v1/debug/echo/{id}",code="2xx"}', text)
        families = {}
        for line in text.splitlines():
            if line.startswith("# TYPE"):
                _, _, name, kind = line.split()
                self.assertNotIn(name, families, "a family is told once")
                families[name] = kind
        for name, kind in families.items():
            self.assertTrue(name.startswith("padan_"), name)
            self.assertEqual(kind == "counter", name.endswith("_total"), name)
        for line in text.splitlines():
            if not line.startswith("#"):
                name = line.split("{")[0].split(" ")[0]
                base = name
                for ending in ("_bucket", "_sum", "_count"):
                    if name.endswith(ending) and name[:-len(ending)] in families:
                        base = name[:-len(ending)]
                self.assertIn(base, families)
                float(line.rsplit(" ", 1)[1])
        self.assertEqual(families["padan_http_request_duration_seconds"], "histogram")

    def test_no_pages(self):
        answer = Client(self.port).get("/")
        self.assertIn(answer.status, (200, 404))
        self.assertIn("text/html", answer.headers["Content-Type"])

    def test_keep_alive(self):
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as s:
            for _ in range(3):
                s.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n" % self.port)
                got = s.recv(4096)
                self.assertTrue(got.startswith(b"HTTP/1.1 200") and got.endswith(b"ok\n"), got)


class Pages(WebCase):
    WITH_LISTS = False

    @classmethod
    def setUpClass(cls):
        cls.pages = "/tmp/padan-pages-%d" % os.getpid()
        os.makedirs(cls.pages + "/assets", exist_ok=True)
        cls.html = b"<!doctype html><title>Padan</title>" + b" " * 600
        cls.script = b"let a = 1;\n" * 300
        for name, contents in {"index.html": cls.html, "assets/app-3f2a9c1b.js": cls.script, "assets/app-3f2a9c1b.js.br": b"brotli", "icon.svg": b"<svg/>",
                ".secret": b"no"}.items():
            with open(os.path.join(cls.pages, name), "wb") as out:
                out.write(contents)
        if not os.path.islink(cls.pages + "/passwd.txt"):
            os.symlink("/etc/passwd", cls.pages + "/passwd.txt")
        cls.OPTIONS = ("--web-pages", cls.pages)
        super().setUpClass()

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        import shutil
        shutil.rmtree(cls.pages)

    def test_pages(self):
        nobody = Client(self.port)
        for path in ("/", "/temuan/12", "/undangan"):
            answer = nobody.get(path)
            self.assertEqual((answer.status, answer.body), (200, self.html), path)
            self.assertEqual(answer.headers["Cache-Control"], "no-cache")
            self.assertIn("script-src 'self'", answer.headers["Content-Security-Policy"])
        again = nobody.get("/", headers={"If-None-Match": answer.headers["ETag"]})
        self.assertEqual((again.status, again.body), (304, b""))

    def test_assets(self):
        nobody = Client(self.port)
        plain = nobody.get("/assets/app-3f2a9c1b.js")
        self.assertEqual(plain.body, self.script)
        self.assertEqual(plain.headers["Cache-Control"], "public, max-age=31536000, immutable")
        self.assertEqual(plain.headers["Content-Type"], "text/javascript; charset=utf-8")
        packed = nobody.get("/assets/app-3f2a9c1b.js", headers={"Accept-Encoding": "gzip"})
        self.assertEqual(gzip.decompress(packed.body), self.script)
        packed = nobody.get("/assets/app-3f2a9c1b.js", headers={"Accept-Encoding": "gzip, br"})
        self.assertEqual((packed.body, packed.headers["Content-Encoding"]), (b"brotli", "br"))

    def test_paths_lead_nowhere_else(self):
        nobody = Client(self.port)
        for path in ("/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/assets/..%2f..%2fetc/passwd.txt", "/.secret", "/passwd.txt",
                "/assets/app-3f2a9c1b.js.br", "//etc/passwd.txt", "/assets/%00.js"):
            answer = nobody.get(path)
            self.assertTrue(answer.status in (400, 404) or answer.body == self.html, path)

    def test_reload(self):
        import signal
        with open(self.pages + "/new.svg", "w", encoding="utf-8") as out:
            out.write("<svg/>")
        self.assertEqual(Client(self.port).get("/new.svg").status, 404)
        self.daemon.signal(signal.SIGHUP)
        self.eventually(lambda: Client(self.port).get("/new.svg").status == 200, what="the new page")


class Events(WebCase):
    WITH_LISTS = True

    def listen(self, name, seconds):
        """What a user hears within some seconds: [(event, data)]."""
        heard = []
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as s:
            s.sendall(b"GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nCookie: padan=%s\r\n\r\n"
                % (self.port, self.users[name].cookie.encode()))
            got, end = b"", time.monotonic() + seconds
            try:
                while time.monotonic() < end:
                    piece = s.recv(65536)
                    if not piece:
                        break
                    got += piece
            except TimeoutError:
                pass
        for block in got.decode().replace("\r\n", "\n").split("\n\n"):
            lines = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line and not line[0].isspace())
            if "event" in lines and "data" in lines:
                heard.append((lines["event"], json.loads(lines["data"])))
        return heard

    def test_who_hears_what(self):
        heard = {}
        threads = [threading.Thread(target=lambda n=name: heard.__setitem__(n, self.listen(n, 3))) for name in ("siti", "budi", "dedi")]
        for thread in threads:
            thread.start()
        time.sleep(1)
        self.sql("NOTIFY padan_web, '1505:dinsos:flag:12'; NOTIFY padan_web, '1506:*:flag:13'; NOTIFY padan_web, '1505:*:model:14'")
        self.sql("SELECT padan.withdraw_list(1505, list, 'keliru') FROM padan.lists WHERE subject = 'pkh'")
        for thread in threads:
            thread.join()
        changed = {name: [data for event, data in events if event == "changed" and data["what"] != "figures"]
            for name, events in heard.items()}
        self.assertEqual(changed["siti"], [{"what": "flag", "id": 12}, {"what": "model", "id": 14}])
        self.assertEqual(changed["budi"], [{"what": "flag", "id": 12}, {"what": "model", "id": 14}])
        self.assertEqual(changed["dedi"], [{"what": "model", "id": 14}])
        jobs = {name: {data["subject"] for event, data in events if event == "job"} for name, events in heard.items()}
        self.assertIn("pkh", jobs["siti"])
        self.assertIn("pkh", jobs["budi"])
        self.assertNotIn("pkh", jobs["dedi"])
        self.assertEqual(heard["siti"][0][0], "hello")

    def test_open_pages_hold_no_connection_to_the_database(self):
        """More pages stand open than the web has connections; everybody is served all the same."""
        siti, open_pages = self.users["siti"], []
        try:
            for _ in range(16):
                s = socket.create_connection(("127.0.0.1", self.port), timeout=60)
                open_pages.append(s)
                s.sendall(b"GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nCookie: padan=%s\r\n\r\n"
                    % (self.port, siti.cookie.encode()))
                got = b""
                while b"event: hello" not in got:
                    piece = s.recv(65536)
                    self.assertTrue(piece, got)
                    got += piece
            self.assertEqual(siti.get("/api/v1/debug/echo/7").status, 200)
            self.eventually(lambda: self.value("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'padand web' "
                "AND state LIKE 'idle in transaction%'") == "0", what="connections given back")
        finally:
            for s in open_pages:
                s.close()

    def test_watching_is_no_sign_of_life(self):
        client = Client(self.port)
        client.login("budi")
        mine = "session = (SELECT max(session) FROM padan.web_sessions)"
        self.sql("UPDATE padan.web_sessions SET seen_at = clock_timestamp() - interval '59 minutes' WHERE " + mine)
        self.users["watcher"] = client
        self.assertEqual(self.listen("watcher", 1)[0][0], "hello")
        self.assertEqual(self.value("SELECT seen_at < clock_timestamp() - interval '58 minutes' FROM padan.web_sessions WHERE " + mine), "t")
        client.get("/api/v1/session")
        self.assertEqual(self.value("SELECT seen_at > clock_timestamp() - interval '1 minute' FROM padan.web_sessions WHERE " + mine), "t")
        # A session that ends takes its events with it.
        ended = []
        thread = threading.Thread(target=lambda: ended.append(client.get("/api/v1/events", timeout=40).status))
        thread.start()
        self.eventually(lambda: self.metric("padan_http_streams") == 1, what="his listening")
        self.sql("UPDATE padan.web_sessions SET ended_at = clock_timestamp() WHERE " + mine)
        thread.join()
        self.assertEqual(ended, [200])

    def test_the_trails_end_is_logged(self):
        """In groups of eight, which the log's blotting of numbers leaves alone."""
        self.eventually(lambda: "audit trail district=1505" in self.said(), what="the line")
        import re
        number, groups = re.search(r"audit trail district=1505 rows=(\d+) hash=([0-9a-f-]+)", self.said()).groups()
        self.must("audit", "verify", "--expect", "%s:%s" % (number, groups))


class Stopping(WebCase):
    WITH_LISTS = False

    def test_what_is_at_work_is_answered(self):
        siti, got = self.users["siti"], []
        thread = threading.Thread(target=lambda: got.append(siti.get("/api/v1/debug/slow?milliseconds=600000", timeout=300).status))
        events = threading.Thread(target=lambda: got.append(siti.get("/api/v1/events", timeout=300).status))
        thread.start()
        events.start()
        self.eventually(lambda: self.metric("padan_http_streams") == 1 and self.metric("padan_http_requests_in_progress") >= 3, what="both being at work")
        self.assertEqual(self.daemon.stop(120), 0, "long before the slow one would be done")
        thread.join()
        events.join()
        self.assertEqual(sorted(got), [200, 503])
        self.assertNotIn("left open", self.said())
        type(self).start()

    def test_waits_for_the_database(self):
        """The web answers while PostgreSQL has no room for it, and says so."""
        self.sql("ALTER ROLE padan_web NOLOGIN")  # nothing: the role is taken, not logged in with
        self.assertEqual(self.users["siti"].get("/api/v1/session").status, 200)
        self.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'padand web' AND datname = current_database()")
        self.eventually(lambda: self.users["siti"].get("/api/v1/session").status == 200, what="the connections' return")


if __name__ == "__main__":
    unittest.main()
