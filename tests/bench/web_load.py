"""Users clicking: how long the web takes to answer, and whether the daemon's loop was ever late meanwhile.

    web_load.py http://127.0.0.1:8750 --users 50 --seconds 60        (PGHOST … as for padan: it makes a user of its own)

Each user asks for what a page asks for, thinks for up to two seconds, and goes on. Python's standard library alone; the client shares the
machine with the daemon, so the figures are an upper bound. Prints one line for each path and the loop's own measure of its lateness.
"""
import argparse
import asyncio
import json
import os
import random
import re
import subprocess
import time
import urllib.request

PADAN = os.environ.get("PADAN", "build/release/padan")
# What pages ask for, by how often.
PATHS = [("/api/v1/home", 3), ("/api/v1/flags?limit=50", 5), ("/api/v1/flags/summary", 3), ("/api/v1/lists", 3), ("/api/v1/coverage", 1),
    ("/api/v1/review/progress", 1), ("/api/v1/overlap", 1), ("/api/v1/session", 3)]
PASSWORD = "kata sandi uji beban"


def log_in(base):
    """A user with this name and a fresh session: (cookie, csrf)."""
    subprocess.run([PADAN, "user", "add", "beban", "--role", "bappeda"], capture_output=True, check=False)
    link = json.loads(subprocess.run([PADAN, "user", "link", "beban", "--json"], capture_output=True, check=True, text=True).stdout)["link"]
    request = urllib.request.Request(base + "/api/v1/link/password", json.dumps({"token": link.split("#")[1], "password": PASSWORD}).encode(),
        {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return answer.headers["Set-Cookie"].split(";")[0]


async def ask(reader, writer, host, cookie, path):
    writer.write(("GET %s HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nAccept-Encoding: gzip\r\n\r\n" % (path, host, cookie)).encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    length = int(re.search(r"(?i)content-length: (\d+)", head).group(1))
    await reader.readexactly(length)
    return int(head.split(" ")[1])


async def user(number, host, port, cookie, end, taken, statuses):
    chance = random.Random(number)
    await asyncio.sleep(chance.random())
    reader, writer = await asyncio.open_connection(host, port, limit=1 << 24)
    while time.monotonic() < end:
        path = chance.choices([path for path, _ in PATHS], [weight for _, weight in PATHS])[0]
        begin = time.monotonic()
        status = await ask(reader, writer, "%s:%d" % (host, port), cookie, path)
        taken.setdefault(path, []).append(time.monotonic() - begin)
        statuses[status] = statuses.get(status, 0) + 1
        await asyncio.sleep(chance.random() * 2)
    writer.close()


def loop_metrics(base):
    with urllib.request.urlopen(base + "/metrics") as answer:
        return dict(line.split(" ") for line in answer.read().decode().splitlines() if line.startswith("padan_loop_"))


def at(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] * 1000


async def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base")
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=60)
    options = parser.parse_args()
    host, port = re.match(r"http://([^:/]+):(\d+)$", options.base).groups()
    cookie, taken, statuses, before = log_in(options.base), {}, {}, loop_metrics(options.base)
    end = time.monotonic() + options.seconds
    await asyncio.gather(*(user(n, host, int(port), cookie, end, taken, statuses) for n in range(options.users)))
    every = [seconds for values in taken.values() for seconds in values]
    print("%d users, %d s, load average %.1f on %d processors" % (options.users, options.seconds, os.getloadavg()[0], os.cpu_count()))
    print("%-28s %7s %8s %8s %8s" % ("path", "answers", "p50 ms", "p95 ms", "p99 ms"))
    for path, values in sorted(taken.items()) + [("all", every)]:
        print("%-28s %7d %8.1f %8.1f %8.1f" % (path, len(values), at(values, 0.5), at(values, 0.95), at(values, 0.99)))
    print("answers by status:", statuses)
    after = loop_metrics(options.base)
    print("loop: longest turn %s s of CPU time since the start, %d turns of 50 ms or more by the clock meanwhile" % (
        after["padan_loop_longest_turn_cpu_seconds"], int(float(after["padan_loop_late_turns_total"]) - float(before["padan_loop_late_turns_total"]))))


if __name__ == "__main__":
    asyncio.run(main())
