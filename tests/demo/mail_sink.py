#!/usr/bin/env python3
"""The mail server of the demo: takes what padand sends and keeps each mail as a text that can be read, in the order of arrival.

Usage: mail_sink.py FOLDER   (prints the port it listens on, on 127.0.0.1 alone; ends with SIGTERM)
"""
import email
import email.policy
import os
import socketserver
import sys
import threading


def readable(recipients, data):
    mail = email.message_from_bytes(data, policy=email.policy.default)
    body = mail.get_body(("plain",))
    head = "Dari:    %s\nKepada:  %s\nPerihal: %s\n\n" % (mail["From"], ", ".join(recipients), mail["Subject"])
    return head + (body.get_content() if body else "")


class Talk(socketserver.StreamRequestHandler):
    def say(self, text):
        self.wfile.write((text + "\r\n").encode())

    def handle(self):
        try:
            self.talk()
        except (OSError, ValueError):
            pass  # the other side has gone

    def talk(self):
        recipients = []
        self.say("220 demo")
        while True:
            line = self.rfile.readline(4096).decode("utf-8", "replace").strip()
            word = line.upper()
            if word.startswith(("EHLO", "HELO", "MAIL", "RSET", "NOOP")):
                self.say("250 ok")
            elif word.startswith("RCPT"):
                recipients.append(line[line.index("<") + 1:line.index(">")])
                self.say("250 ok")
            elif word == "DATA":
                self.say("354 go on")
                data = b""
                while not data.endswith(b"\r\n.\r\n"):
                    more = self.rfile.readline(65536)
                    if not more or len(data) > 1 << 22:
                        return
                    data += more[1:] if more.startswith(b"..") else more
                self.server.keep(recipients, data[:-3])
                self.say("250 taken")
                recipients = []
            elif word == "QUIT":
                self.say("221 bye")
                return
            elif not word:
                return
            else:
                self.say("502 what")


class Sink(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, folder):
        super().__init__(("127.0.0.1", 0), Talk)
        self.folder, self.n, self.lock = folder, 0, threading.Lock()

    def keep(self, recipients, data):
        with self.lock:
            self.n += 1
            path = os.path.join(self.folder, "%03d.txt" % self.n)
            with open(path + ".part", "w", encoding="utf-8") as f:
                f.write(readable(recipients, data))
            os.rename(path + ".part", path)


def main():
    sink = Sink(sys.argv[1])
    print(sink.server_address[1], flush=True)
    sink.serve_forever()


if __name__ == "__main__":
    main()
