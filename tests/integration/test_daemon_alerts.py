"""Alerts: what is told, to whom, once – and what a relay or webhook that misbehaves does to it (nothing, but a wait)."""
import email
import email.policy
import hashlib
import hmac
import http.server
import json
import os
import re
import socketserver
import threading
import time
import unittest

from daemon_support import CONFIG, LISTS, DaemonCase, family

KEY = b"kunci-uji"
ALERTS = """
[alerts]
email               = bappeda@kabupaten.example, kabid@kabupaten.example
from                = padan@kabupaten.example
smtp                = smtp://127.0.0.1:%d
webhook             = http://127.0.0.1:%d/padan
inclusion_share     = 5 %%
digest_hour         = no
"""


class FakeSmtp(socketserver.ThreadingTCPServer):
    """Takes mails; behaviour is a list of what to do to the next ones: "ok", a code to refuse RCPT with, "hang", "slow"."""

    allow_reuse_address = daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), FakeSmtpTalk)
        self.mails, self.behaviour, self.lock = [], [], threading.Lock()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def next_behaviour(self):
        with self.lock:
            return self.behaviour.pop(0) if self.behaviour else "ok"


class FakeSmtpTalk(socketserver.StreamRequestHandler):
    def say(self, text):
        self.wfile.write((text + "\r\n").encode())

    def handle(self):
        how = self.server.next_behaviour()
        try:
            self.talk(how)
        except (OSError, ValueError):
            pass  # the client has had enough

    def talk(self, how):
        recipients = []
        if how == "slow":
            for byte in b"220 " + b"x" * 60:
                self.wfile.write(bytes((byte,)))
                time.sleep(1)
        self.say("220 fake")
        while True:
            line = self.rfile.readline().decode().strip()
            word = line.upper()
            if word.startswith("EHLO") or word.startswith("HELO") or word.startswith("MAIL"):
                self.say("250 ok")
            elif word.startswith("RCPT"):
                if isinstance(how, int):
                    self.say("%d no" % how)
                else:
                    recipients.append(line[line.index("<") + 1:line.index(">")])
                    self.say("250 ok")
            elif word == "DATA":
                self.say("354 go on")
                data = b""
                while not data.endswith(b"\r\n.\r\n"):
                    data += self.rfile.readline()
                if how == "hang":
                    time.sleep(30)
                    return
                with self.server.lock:
                    self.server.mails.append((recipients, data[:-3]))
                self.say("250 taken")
            elif word == "QUIT":
                self.say("221 bye")
                return
            elif not word:
                return
            else:
                self.say("502 what")


class FakeHook(http.server.ThreadingHTTPServer):
    """Takes webhooks; behaviour: statuses of the next answers, "redirect", "huge"."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), FakeHookTalk)
        self.calls, self.paths, self.behaviour, self.lock = [], [], [], threading.Lock()
        threading.Thread(target=self.serve_forever, daemon=True).start()


class FakeHookTalk(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        self.do_POST()

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        with self.server.lock:
            self.server.paths.append(self.path)
            how = self.server.behaviour.pop(0) if self.server.behaviour else 200
            if how in (200, 204):
                self.server.calls.append((dict(self.headers), body))
        try:
            if how == "redirect":
                self.send_response(302)
                self.send_header("Location", "/elsewhere")
                self.end_headers()
            elif how == "huge":
                self.send_response(200)
                self.end_headers()
                for _ in range(160):
                    self.wfile.write(b"x" * 65536)
            else:
                self.send_response(how)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"ok")
        except OSError:
            pass


class Alerts(DaemonCase):
    @classmethod
    def setUpClass(cls):
        cls.smtp, cls.hook = FakeSmtp(), FakeHook()
        cls.CONFIG = CONFIG + ALERTS % (cls.smtp.server_address[1], cls.hook.server_address[1])
        super().setUpClass()
        cls.credentials = os.path.join(cls.folder, "credentials")
        os.mkdir(cls.credentials)
        with open(os.path.join(cls.credentials, "padan_webhook"), "wb") as out:
            out.write(KEY + b"\n")

    @classmethod
    def tearDownClass(cls):
        for server in (cls.smtp, cls.hook):
            server.shutdown()
            server.server_close()
        super().tearDownClass()

    def setUp(self):
        super().setUp()
        for server in (self.smtp, self.hook):
            server.behaviour = []
        self.smtp.mails, self.hook.calls, self.hook.paths = [], [], []

    def run_daemon(self, *options, **more):
        return self.start(options=("--alert-wait", "1", "--alert-limit", "3", *(options or ("--allow-inner-webhooks",))),
            environment={"CREDENTIALS_DIRECTORY": self.credentials}, **more)

    def states(self):
        return dict(self.sql("SELECT state, count(*) FROM padan.alerts GROUP BY 1"))

    def until_told(self, seconds=30):
        self.until_quiet()
        self.eventually(lambda: set(self.states()) == {"sent"}, seconds, "every alert sent, last " + str(self.states()))

    def mail(self, index):
        return email.message_from_bytes(self.smtp.mails[index][1], policy=email.policy.default)

    def check_each_once(self):
        """What arrived, by its ids, is what the outbox holds."""
        ids = [email.message_from_bytes(data)["Message-ID"] for _, data in self.smtp.mails]
        calls = [headers["Idempotency-Key"] for headers, _ in self.hook.calls]
        self.assertEqual(len(ids), len(set(ids)), ids)
        self.assertEqual(len(calls), len(set(calls)), calls)
        self.assertEqual(len(ids), int(self.value("SELECT count(*) FROM padan.alerts WHERE channel = 'smtp'")))
        self.assertEqual(len(calls), int(self.value("SELECT count(*) FROM padan.alerts WHERE channel = 'webhook'")))

    def test_who_is_told_what(self):
        self.run_daemon()
        self.put_all()
        self.until_told()
        self.check_each_once()
        told = sorted((sorted(to), self.mail(i)["Subject"]) for i, (to, _) in enumerate(self.smtp.mails))
        self.assertIn(["program@dinsos.example"], [to for to, _ in told])
        self.assertTrue(all(to in (["program@dinsos.example"], ["bappeda@kabupaten.example", "kabid@kabupaten.example"])
            for to, _ in told), told)
        self.assertTrue(any("pkh 2024-07 selesai diperiksa" in subject for _, subject in told), told)
        self.assertTrue(any("bukan sasaran" in subject for _, subject in told), "the limit was passed")
        text = next(self.mail(i).get_content() for i in range(len(told)) if "pkh 2024-07 selesai" in self.mail(i)["Subject"])
        self.assertIn("Baris dibaca 54, diterima 53, ditolak 1.", text)
        self.assertIn("padan flags --list", text)

    def test_no_personal_data_leaves(self):
        self.run_daemon("--allow-inner-webhooks", "--log", "debug")
        self.put_all()
        self.until_told()
        out = "".join(self.mail(i).get_content() + str(self.mail(i)) for i in range(len(self.smtp.mails)))
        out += "".join(body.decode() + str(headers) for headers, body in self.hook.calls) + self.logged()
        out += "".join(str(row) for row in self.sql("SELECT payload, last_error FROM padan.alerts"))
        for number in (*range(0, 81), 10, 70):
            for nik, kk, name, _, _ in family(number):
                for canary in (nik, kk, name):
                    self.assertNotIn(canary, out)
        self.assertIsNone(re.search(r"\d{13}", out.replace("Padan-Signature", "")) and re.search(r"\b1505\d{12}\b", out))

    def test_signature(self):
        self.run_daemon()
        self.put("dinsos/pkh_2024-07.csv", LISTS["dinsos/pkh_2024-07.csv"])
        self.until_told()
        headers, body = self.hook.calls[0]
        stamp, signature = re.fullmatch(r"t=(\d+),v1=([0-9a-f]{64})", headers["Padan-Signature"]).groups()
        self.assertEqual(hmac.new(KEY, stamp.encode() + b"." + body, hashlib.sha256).hexdigest(), signature)
        self.assertLess(abs(time.time() - int(stamp)), 60)
        told = json.loads(body)
        self.assertEqual((told["id"], told["kind"], told["district"]), (headers["Idempotency-Key"], "list_done", 1505))

    def test_relay_that_misbehaves(self):
        self.smtp.behaviour = [451, 550, "hang", "slow"]
        self.run_daemon()
        self.put_all()
        self.until_quiet(15)
        self.assertNotEqual(self.value("SELECT count(*) FROM padan.alerts WHERE state <> 'sent'"), "0", "matching does not wait for alerts")
        self.until_told(60)
        self.check_each_once()
        self.assertGreaterEqual(int(self.value("SELECT sum(attempts) - count(*) FROM padan.alerts")), 4)

    def test_webhook_that_misbehaves(self):
        self.hook.behaviour = [500, 429, "redirect", "huge"]
        self.run_daemon()
        self.put_all()
        self.until_told(60)
        self.check_each_once()
        self.assertEqual(set(self.hook.paths), {"/padan"}, "redirects are not followed")
        self.assertGreaterEqual(int(self.value("SELECT sum(attempts) - count(*) FROM padan.alerts")), 4)

    def test_given_up_at_last(self):
        self.smtp.behaviour = [550] * 100
        self.run_daemon()
        self.put("dinsos/pkh_2024-07.csv", LISTS["dinsos/pkh_2024-07.csv"])
        self.eventually(lambda: self.value("SELECT count(*) FROM padan.alerts WHERE attempts > 0 AND state = 'waiting'") != "0")
        self.sql("UPDATE padan.alerts SET attempts = 9 WHERE state = 'waiting' AND lease_until IS NULL")
        self.eventually(lambda: "dead" in self.states(), 30)
        self.assertIn("550", self.value("SELECT last_error FROM padan.alerts WHERE state = 'dead'"))

    def test_inner_addresses_are_refused(self):
        self.run_daemon("--log", "info")
        self.put("dinsos/pkh_2024-07.csv", LISTS["dinsos/pkh_2024-07.csv"])
        self.until_quiet()
        self.eventually(lambda: self.value("SELECT last_error FROM padan.alerts WHERE channel = 'webhook'"))
        self.assertEqual(self.hook.paths, [])

    def test_killed_around_a_delivery(self):
        for number, name in self.failpoints():
            if not name.startswith("alert_"):
                continue
            with self.subTest(failpoint=name):
                self.setUp()
                daemon = self.run_daemon(failpoint=number)
                self.put("dinsos/pkh_2024-07.csv", LISTS["dinsos/pkh_2024-07.csv"])
                self.eventually(daemon.ended, 30, "the end at " + name)
                # Its leases on alerts end by themselves; nobody waits that long here.
                self.sql("UPDATE padan.alerts SET lease_until = clock_timestamp()")
                self.run_daemon()
                self.until_told()
                arrived = [email.message_from_bytes(data)["Message-ID"] for _, data in self.smtp.mails]
                arrived += [headers["Idempotency-Key"] for headers, _ in self.hook.calls]
                self.assertEqual(len(set(arrived)), int(self.value("SELECT count(*) FROM padan.alerts")))
                # Only what was sent and not recorded may come again, and under the same id.
                self.assertLessEqual(len(arrived) - len(set(arrived)), 0 if name == "alert_claimed" else 3, arrived)
                self.kill_all()

    def test_digest(self):
        self.sql("UPDATE padan.districts SET config = replace(config, 'digest_hour         = no', 'digest_hour = 0')")
        self.run_daemon()
        self.put("dinsos/pkh_2024-07.csv", LISTS["dinsos/pkh_2024-07.csv"])
        self.eventually(lambda: self.value("SELECT count(*) FROM padan.alerts WHERE kind = 'digest' AND state = 'sent'") == "2", 30)
        self.until_told()
        self.check_each_once()
        self.assertTrue(any("ringkasan" in self.mail(i)["Subject"] for i in range(len(self.smtp.mails))))

    def test_a_village_over_its_limit_is_told_when_the_period_is_closed(self):
        self.sql("UPDATE padan.districts SET config = replace(config, 'digest_hour ', E'excluded_in_village = 5\\ndigest_hour ')")
        self.run_daemon()
        for path in ("bappeda/sasaran 2024.csv", "dinsos/pkh_2024-07.csv"):
            self.put(path, LISTS[path])
        self.until_told()
        over = "SELECT channel, payload->>'households' FROM padan.alerts WHERE key LIKE 'limit:excluded:%' ORDER BY 1"
        self.assertEqual(self.sql(over), [], "still provisional")
        self.must("lists", "--close-period", "2024-07", "--reason", "tidak ada lagi yang ditunggu")
        self.until_told()
        self.assertEqual(self.sql(over), [["smtp", "10"], ["webhook", "10"]])
        # Decided anew, nothing is told again.
        self.sql("SELECT padan.enqueue_job(1505, 'redecide', NULL)")
        self.until_told()
        self.assertEqual(len(self.sql(over)), 2)
        self.check_each_once()

    def test_refused_list(self):
        self.run_daemon()
        self.put("dinsos/pkh_2024-07.csv", "NIK;Nama;Desa\n1;-;X\n")
        self.until_told()
        subjects = [self.mail(i)["Subject"] for i in range(len(self.smtp.mails))]
        self.assertEqual(len(subjects), 2, subjects)
        self.assertTrue(all("ditolak" in subject for subject in subjects))


if __name__ == "__main__":
    unittest.main()
