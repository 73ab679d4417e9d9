"""Users at work: how long the web takes to answer, and whether the daemon's loop was ever late meanwhile.

    web_load.py http://127.0.0.1:8750 --users 50 --seconds 60        (PGHOST … as for padan: it makes users and a token of its own)

Each user opens one page after another – everything a page asks for, as the pages do – and reads it for a while (--pause, on the average).
Half of them are Bappeda's, half an office's. Beside them an office's system checks a NIK with its name ten times a second. The client is
Python's standard library alone and shares the machine with everything else; what shared it is printed. Prints a line for each address, and the
loop's own measure of its turns. Exit status 1 if an answer failed; the times are for a person to judge.
"""
import argparse
import asyncio
import json
import os
import random
import re
import subprocess
import sys
import time
import urllib.request

PADAN = os.environ.get("PADAN", "build/release/padan")
PASSWORD = "kata sandi uji beban"
# What a page asks for, and how often it is opened.
PAGES = [
    (5, "/session", "/home"),
    (5, "/flags?limit=50", "/flags/summary"),
    (3, "/flags?limit=50&kind=INCLUSION", "/flags/summary?kind=INCLUSION"),
    (3, "/lists?limit=50", "/periods"),
    (4, "/review/next?limit=3", "/review/progress"),
    (1, "/review/pairs?limit=50",),
    (2, "/coverage?by=kecamatan",),
    (1, "/overlap",),
    (1, "/coverage/left-out?limit=50",),
]
OFFICE_NOT = "/coverage/left-out"


def padan(*words):
    return subprocess.run([PADAN, *words], capture_output=True, check=True, text=True).stdout


def log_in(base, name, *options):
    """A user of that name with a fresh session: his cookie."""
    subprocess.run([PADAN, "user", "add", name, *options], capture_output=True, check=False)
    link = json.loads(padan("user", "link", name, "--json"))["link"]
    request = urllib.request.Request(base + "/api/v1/link/password", json.dumps({"token": link.split("#")[1], "password": PASSWORD}).encode(),
        {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return answer.headers["Set-Cookie"].split(";")[0]


def sql(text):
    return subprocess.run(["psql", "-XqAt", "-c", text], capture_output=True, check=True, text=True).stdout.strip()


class Asking:
    """One kept-alive connection, and what all of them found."""

    taken, statuses, told = {}, {}, {}

    def __init__(self, host, port, headers):
        self.host, self.port, self.headers, self.writer = host, port, headers, None

    async def ask(self, path, body=None, name=None):
        if not self.writer or self.writer.is_closing():
            self.reader, self.writer = await asyncio.open_connection(self.host, self.port, limit=1 << 24)
        text = "%s /api/v1%s HTTP/1.1\r\nHost: %s:%s\r\n%s" % ("POST" if body else "GET", path, self.host, self.port, self.headers)
        if body:
            body = json.dumps(body)
            text += "Content-Type: application/json\r\nContent-Length: %d\r\n" % len(body)
        else:
            text += "Accept-Encoding: gzip\r\n"
        begin = time.monotonic()
        self.writer.write((text + "\r\n" + (body or "")).encode())
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        length = re.search(r"(?i)content-length: (\d+)", head)
        self.answer = await self.reader.readexactly(int(length.group(1)) if length else 0)
        status = int(head.split(" ")[1])
        Asking.taken.setdefault(name or path, []).append(time.monotonic() - begin)
        Asking.statuses[status] = Asking.statuses.get(status, 0) + 1


async def user(number, asking, is_office, end, pause):
    chance = random.Random(number)
    pages = [page for page in PAGES if not is_office or not page[1].startswith(OFFICE_NOT)]
    await asyncio.sleep(chance.random() * pause)
    while time.monotonic() < end:
        for path in chance.choices([page[1:] for page in pages], [page[0] for page in pages])[0]:
            await asking.ask(path)
        await asyncio.sleep(chance.random() * 2 * pause)


def damaged(nik, chance):
    """One digit of its serial or birth date wrong: what an exact look-up does not find and the register's search does."""
    at = chance.randrange(6, 16)
    return nik[:at] + str((int(nik[at]) + 1 + chance.randrange(8)) % 10) + nik[at + 1:]


async def door(asking, people, times):
    """POST /check alone, one after another, --checks of each kind."""
    chance = random.Random(1)
    for _ in range(times):
        nik, name, birth = chance.choice(people)
        for kind, typed in (("exact NIK", nik), ("NIK with a wrong digit", damaged(nik, chance))):
            await asking.ask("/check", {"nik": typed, "name": name, "birth": birth}, "POST /check, " + kind)
            answer = json.loads(asking.answer)
            await asyncio.sleep(0.1) # as often as a token may ask
            key = "%s: asked by %s, %s" % (kind, answer.get("searched"), "known" if answer.get("known") else "not known")
            Asking.told[key] = Asking.told.get(key, 0) + 1


async def checks(asking, people, end):
    chance = random.Random(0)
    while time.monotonic() < end:
        nik, name, birth = chance.choice(people)
        await asking.ask("/check", {"nik": nik, "name": name}, "POST /check")
        await asyncio.sleep(0.1)


def loop_metrics(base):
    with urllib.request.urlopen(base + "/metrics") as answer:
        return {line.split(" ")[0]: float(line.split(" ")[1]) for line in answer.read().decode().splitlines() if line.startswith("padan_loop_")}


def at(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] * 1000


def busy():
    """What else is at work, by CPU time taken in one second: [(share of a processor, name)]."""
    def look():
        found = {}
        for number in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open("/proc/%s/stat" % number) as stat:
                    text = stat.read()
            except OSError:
                continue
            fields = text.rpartition(")")[2].split()
            found[number] = (int(fields[11]) + int(fields[12]), text[text.index("(") + 1:text.rindex(")")])
        return found
    before = look()
    time.sleep(1)
    names = {}
    for number, (ticks, name) in look().items():
        names[name] = names.get(name, 0) + (ticks - before.get(number, (ticks,))[0]) / os.sysconf("SC_CLK_TCK")
    return sorted(((share, name) for name, share in names.items() if share >= 0.05), reverse=True)[:8]


async def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base")
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--pause", type=float, default=2.0, help="seconds that a user reads a page, on the average")
    parser.add_argument("--checks", type=int, default=0, help="instead: so many persons checked at the door, one after another, by their NIK and by one with a wrong digit")
    options = parser.parse_args()
    host, port = re.match(r"http://([^:/]+):(\d+)$", options.base).groups()
    office = sql("""SELECT s.office FROM padan.list_status s JOIN padan.programmes p ON p.district = s.district AND p.programme = s.subject
        WHERE s.current AND s.kind = 'programme' ORDER BY s.rows_accepted DESC LIMIT 1""")
    cookies = [log_in(options.base, "beban", "--role", "bappeda"), log_in(options.base, "beban_" + office, "--role", "office", "--office", office)]
    token = json.loads(padan("token", "add", "--office", office, "--name", "uji beban %d" % os.getpid(), "--scope", "check", "--days", "1", "--json"))
    secret = token.get("secret") or token["token"]
    people = [line.split("|") for line in sql("""SELECT lpad(e.nik::text, 16, '0'), e.name_shown, to_char(e.birth, 'FM0000"-"00"-"00') FROM padan.entries e JOIN padan.list_status s USING (district, list)
        WHERE s.current AND s.office = '%s' AND e.nik_digits = 16 AND e.nik > 0 LIMIT 500""" % office).splitlines()]
    entries, working = sql("SELECT count(*) FROM padan.entries"), sql("SELECT string_agg(kind || coalesce(' of ' || rows_total || ' rows', '') || coalesce(', ' || stage, ''), '; ') FROM padan.jobs WHERE state = 'running'")
    before, sharing = loop_metrics(options.base), busy()
    end = time.monotonic() + options.seconds
    office_system = Asking(host, port, "Authorization: Bearer %s\r\n" % secret)
    if options.checks:
        await door(office_system, people, options.checks)
    else:
        await asyncio.gather(checks(office_system, people, end),
            *(user(n, Asking(host, port, "Cookie: %s\r\n" % cookies[n % 2]), n % 2 == 1, end, options.pause) for n in range(options.users)))
    after = loop_metrics(options.base)
    print("%s, %s entries; at work: %s" % ("%d persons checked twice" % options.checks if options.checks else "%d users, %d s" % (options.users, options.seconds), entries, working or "no job"))
    print("load average %.1f on %d processors; sharing them: %s" % (os.getloadavg()[0], os.cpu_count(), ", ".join("%s %.0f %%" % (name, 100 * share) for share, name in sharing)))
    print("%-36s %7s %8s %8s %8s" % ("address", "answers", "p50 ms", "p95 ms", "p99 ms"))
    taken, pages = Asking.taken, [seconds for name, values in Asking.taken.items() if not name.startswith("POST") for seconds in values]
    for name, values in sorted(taken.items()) + ([("all page data", pages)] if pages else []):
        print("%-36s %7d %8.1f %8.1f %8.1f" % (name, len(values), at(values, 0.5), at(values, 0.95), at(values, 0.99)))
    for key, times in sorted(Asking.told.items()):
        print("  %-60s %6d" % (key, times))
    print("answers by status:", Asking.statuses)
    print("loop: longest turn %.3f s of CPU time since the start, %d turns of 50 ms or more by the clock meanwhile" % (
        after["padan_loop_longest_turn_cpu_seconds"], after["padan_loop_late_turns_total"] - before["padan_loop_late_turns_total"]))
    return set(Asking.statuses) <= {200}


if __name__ == "__main__":
    sys.exit(0 if asyncio.run(main()) else 1)
