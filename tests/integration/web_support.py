"""What the tests of the web share: a padand that serves it, users of every role, a small client."""
import http.client
import json
import os
import re
import socket
import time
import urllib.parse

from daemon_support import LISTS, Daemon
from support import Case

PASSWORD = "gajah makan rumput"
USERS = {
    "siti": ("--role", "administrator"),
    "bapak": ("--role", "bappeda"),
    "budi": ("--role", "office", "--office", "dinsos"),
    "dedi": ("--role", "office", "--office", "dpmd"),
    "ani": ("--role", "verifier", "--village", "Tempino"),
    "eko": ("--role", "verifier", "--village", "1505011003"),
}


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def type(self):
        """The last part of a problem's type."""
        return self.json["type"].rsplit(":", 1)[1]


class Client:
    """A browser's part, as far as the server sees it: a cookie, the CSRF token, one request after another."""

    def __init__(self, port):
        self.port = port
        self.cookie = self.csrf = None
        self.headers = {}

    def ask(self, method, path, body=None, headers=None, raw=None, timeout=30):
        sent = dict(self.headers)
        if self.cookie:
            sent["Cookie"] = "padan=" + self.cookie
        if self.csrf and method not in ("GET", "HEAD"):
            sent["X-Padan-CSRF"] = self.csrf
        if body is not None:
            raw = json.dumps(body)
            sent["Content-Type"] = "application/json"
        sent.update(headers or {})
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, raw, {name: value for name, value in sent.items() if value is not None})
            answer = Answer(connection.getresponse())
        finally:
            connection.close()
        found = re.match(r"(?:__Host-)?padan=([^;]*)", answer.headers.get("Set-Cookie") or "")
        if found:
            self.cookie = found.group(1) or None
        if answer.status == 200 and b'"csrf"' in answer.body:
            self.csrf = answer.json["csrf"]
        return answer

    def get(self, path, **more):
        return self.ask("GET", path, **more)

    def post(self, path, body=None, **more):
        return self.ask("POST", path, {} if body is None and "raw" not in more else body, **more)

    def login(self, name, password=PASSWORD):
        return self.post("/api/v1/login", {"name": name, "password": password})


class WebCase(Case):
    """A class of tests on one database with the usual three lists, one padand that serves the web, and USERS."""

    WITH_LISTS = True
    LISTS = LISTS
    OPTIONS = ()
    port = 0  # any; the same one again when it is started anew

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.log = os.path.join(cls.folder, "padand.log")
        cls.start()
        try:
            cls.users = {name: cls.add_user(name, *options) for name, options in USERS.items()}
            if cls.WITH_LISTS:
                cls.take_lists()
        except BaseException:
            cls.daemon.kill()
            raise

    @classmethod
    def tearDownClass(cls):
        status = cls.daemon.stop()
        said = cls.said()
        super().tearDownClass()
        assert status == 0, said[-4000:]
        assert "something was left open" not in said, said[-4000:]
        assert "answered twice" not in said, said[-4000:]

    @classmethod
    def start(cls, *options, **more):
        inbox = os.path.join(cls.folder, "inbox")
        os.makedirs(inbox, exist_ok=True)
        offset = os.path.getsize(cls.log) if os.path.exists(cls.log) else 0
        cls.daemon = Daemon(cls.database, inbox, log=cls.log, options=("--web", "127.0.0.1:%d" % cls.port) + cls.OPTIONS + options, **more)
        found = []

        def listens():
            with open(cls.log, encoding="utf-8") as log:
                log.seek(offset)
                found[:] = re.findall(r"web server listens port=(\d+)", log.read())
            return found
        cls.eventually(listens, what="the web server listening")
        cls.port = int(found[0])
        cls.eventually(lambda: Client(cls.port).get("/readyz").status == 200, what="the web server being ready")

    @classmethod
    def link(cls, *words):
        return json.loads(cls.must("user", "--json", "--url", "http://x", *words))["link"].split("#")[1]

    @classmethod
    def add_user(cls, name, *options):
        """Makes a user, who sets his password by his link; returns his client."""
        client = Client(cls.port)
        answer = client.post("/api/v1/link/password", {"token": cls.link("add", name, *options), "password": PASSWORD})
        assert answer.status == 200, answer.body
        return client

    @classmethod
    def take_lists(cls):
        for path, text in cls.LISTS.items():
            full = os.path.join(cls.folder, "inbox", path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full + ".part", "w", encoding="utf-8") as out:
                out.write(text)
            os.rename(full + ".part", full)
        cls.eventually(lambda: cls.value("SELECT count(*) FROM padan.lists WHERE state = 'done'") == str(len(cls.LISTS)), 60, "the lists")

    @classmethod
    def said(cls):
        with open(cls.log, encoding="utf-8") as log:
            return log.read()

    def raw(self, text, seconds=10):
        """Sends bytes as they are; returns what came back until the server closed."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as s:
            s.sendall(text)
            got = b""
            try:
                while piece := s.recv(65536):
                    got += piece
            except TimeoutError:
                pass
        return got

    def metric(self, name):
        for line in Client(self.port).get("/metrics").body.decode().splitlines():
            if line.startswith(name + " "):
                return float(line.split()[1])
        return None
