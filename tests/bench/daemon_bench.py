"""Measures padand as a user would meet it; see run.sh, which starts the server. Python's standard library alone."""
import atexit
import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PADAN, PADAND = (os.path.join(ROOT, "build", "release", name) for name in ("padan", "padand"))
DATABASE = "padan_bench"
SMALL = 1000  # rows of a small list
TARGET_ROWS_PER_HOUSEHOLD = 1.3  # of a simulated district, a little less than it has
STATUS_SECONDS = 11  # by then the daemon has told its counters

# The daemon's clocks, in their order, and what they are.
STAGES = {
    "register": "register: is it in memory, else loaded",
    "read": "read raw rows, normalise, add to register",
    "periods": "which periods wait for other lists",
    "index": "index and candidate pairs",
    "train": "learn the model",
    "score": "compare pairs",
    "cluster": "persons",
    "household": "households",
    "match": "waiting for the pool",
    "flag": "flags decided",
    "write": "transaction begun, rejects written",
    "write_entries": "COPY of entries",
    "model": "model stored",
    "write_ids": "persons, households, merges",
    "write_evidence": "evidence of pairs",
    "write_flags": "flags written",
    "alerts": "counts, alerts, job done",
    "commit": "COMMIT",
}


def run(*command, **more):
    done = subprocess.run(command, text=True, capture_output=True, **more)
    if done.returncode:
        sys.exit("%s: exit status %d\n%s%s" % (" ".join(command[:3]), done.returncode, done.stdout, done.stderr))
    return done.stdout


def padan(verb, *words):
    return run(PADAN, verb, "--db", "dbname=" + DATABASE, *words)


def sql(text):
    return run("psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", DATABASE, "-c", text).strip()


def timed(function, *arguments):
    begun = time.monotonic()
    result = function(*arguments)
    return time.monotonic() - begun, result


# ---- made-up lists ----

def district(folder, rows):
    """A simulated district whose target list has at least that many rows; made once."""
    path = os.path.join(folder, "district_%d" % rows)
    if not os.path.exists(os.path.join(path, "lists.csv")):
        run(PADAN, "simulate", "--out", path, "--households", str(int(rows / TARGET_ROWS_PER_HOUSEHOLD) + 100), "--seed", "1")
    return path


def parts_of(path):
    """What stands above the first row of data, and the rows."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        lines = file.read().splitlines(keepends=True)
    first = next(i for i, line in enumerate(lines) if len(re.findall(r"(?<!\d)\d{16}(?!\d)", line)))
    return lines[:first], lines[first:]


def cut(source, out, part, rows):
    """A part of a list, that many rows long, into a file of its own, the header above it; the rows' number. Behind the list's
    end it goes on at its beginning."""
    head, body = parts_of(source)
    start = part * rows % max(1, len(body) - rows)
    chosen = body[start:start + rows]
    with open(out, "w", encoding="utf-8", newline="") as file:
        file.writelines(head + chosen)
    return len(chosen)


# ---- the daemon ----

class Daemon:
    def __init__(self, folder):
        self.path = os.path.join(folder, "padand.log")
        self.log = open(self.path, "w+b")
        self.process = subprocess.Popen([PADAND, "--db", "dbname=" + DATABASE], stdin=subprocess.DEVNULL, stdout=self.log,
            stderr=self.log)
        atexit.register(self.kill)

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def lines(self):
        with open(self.path, encoding="utf-8") as file:
            return file.read().splitlines()

    def clocks(self, job):
        """The seconds of each stage of a job, from the log."""
        for line in reversed(self.lines()):
            if " time spent " in line and " job=%s " % job in line + " ":
                return {k: float(v) for k, v in re.findall(r"(\w+)=([\d.]+)", line) if k != "job"}
        return {}

    def peak_memory(self):
        with open("/proc/%d/status" % self.process.pid) as file:
            return int(re.search(r"VmHWM:\s+(\d+)", file.read()).group(1)) / 1024

    def loop(self):
        time.sleep(STATUS_SECONDS)
        daemons = json.loads(padan("status", "--json"))["daemons"]
        counters = daemons[0]["counters"]
        return json.loads(counters) if isinstance(counters, str) else counters

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(60):
            sys.exit("padand ended badly:\n" + "\n".join(self.lines()[-20:]))
        self.log.close()


def fresh(folder, config):
    """An empty database with the district's configuration, and a daemon at work on it."""
    run("dropdb", "--if-exists", "--force", DATABASE)
    run("createdb", DATABASE)
    padan("migrate")
    padan("apply", config)
    return Daemon(folder)


def send(daemon, file, *what):
    """padan import until the flags are committed: seconds in all, seconds of staging, its job, the daemon's clocks."""
    sql("CHECKPOINT")
    begun = time.monotonic()
    padan("import", "--no-wait", *what, file)
    staged = time.monotonic() - begun
    while True:
        state, job = sql("SELECT l.state, j.job FROM padan.lists l JOIN padan.jobs j USING (district, list) "
            "ORDER BY j.job DESC LIMIT 1").split("|")
        if state == "done":
            break
        if state not in ("received", "working"):
            sys.exit("the list became %s:\n%s" % (state, "\n".join(daemon.lines()[-5:])))
        time.sleep(0.02)
    elapsed = time.monotonic() - begun
    end = time.monotonic() + 5
    while not daemon.clocks(job) and time.monotonic() < end:
        time.sleep(0.02)
    return elapsed, staged, daemon.clocks(job)


def bare_copy(file):
    """Seconds of \\copy of the file's rows into a table of text columns."""
    _, body = parts_of(file)
    rows = list(csv.reader(io.StringIO("".join(body))))
    columns = max(len(row) for row in rows)
    copy = file + ".copy"
    with open(copy, "w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(row + [""] * (columns - len(row)) for row in rows)
    sql("DROP TABLE IF EXISTS bare; CREATE TABLE bare (%s)" % ", ".join("c%d text" % i for i in range(columns)))
    sql("CHECKPOINT")
    seconds, _ = timed(run, "psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-d", DATABASE, "-c",
        "\\copy bare FROM '%s' (FORMAT csv)" % copy)
    sql("DROP TABLE bare")
    os.unlink(copy)
    return seconds


# ---- what is printed ----

def print_stages(rows, elapsed, staged, clocks):
    known = staged + sum(clocks.values())
    table = [("staged", "padan import: read, decode, COPY raw rows", staged)]
    table += [(name, STAGES.get(name, ""), clocks[name]) for name in list(STAGES) + sorted(set(clocks) - set(STAGES)) if name in clocks]
    table.append(("", "waiting", max(0, elapsed - known)))
    for name, what, seconds in table:
        print("    %-15s %-42s %8.2f s %5.1f %% %10s rows/s" % (name, what, seconds, 100 * seconds / elapsed,
            "{:,.0f}".format(rows / seconds) if seconds >= 0.005 else "-"))


def print_large(title, rows, file, daemon, *what):
    bare = bare_copy(file)
    elapsed, staged, clocks = send(daemon, file, *what)
    entries = int(sql("SELECT count(*) FROM padan.entries"))
    flags = sql("SELECT count(*) FROM padan.flags WHERE status <> 'resolved'")
    print("\n%s, %s rows: %.2f s to committed flags, \\copy %.2f s: %.1f times (aim: at most 10)" % (
        title, "{:,}".format(rows), elapsed, bare, elapsed / bare))
    print("    register of %s entries, %s open flags, peak memory of padand %.0f MiB" % (
        "{:,}".format(entries), "{:,}".format(int(flags)), daemon.peak_memory()))
    print_stages(rows, elapsed, staged, clocks)
    sys.stdout.flush()


def print_loop(daemon):
    counters = daemon.loop()
    print("\nevent loop: longest turn %.1f ms (aim: under 50), of its own CPU time %.1f ms; %s turns late" % (
        1000 * counters["loop_longest_turn_seconds"], 1000 * counters["loop_longest_turn_cpu_seconds"],
        counters["loop_late_turns_total"]))


def large(folder, rows):
    made = district(os.path.join(folder, "data"), rows)
    daemon = fresh(folder, os.path.join(made, "district.conf"))
    target, second = os.path.join(folder, "data", "target.csv"), os.path.join(folder, "data", "second.csv")
    n = cut(os.path.join(made, "target.csv"), target, 0, rows)
    print_large("A target list into an empty register", n, target, daemon, "--target", "--period", "2024-01")
    n = cut(os.path.join(made, "pkh.csv"), second, 0, rows)
    print_large("A programme's list beside it", n, second, daemon, "--programme", "pkh", "--period", "2024-07")
    print_loop(daemon)
    daemon.stop()


def small(folder, registers):
    """A list of 1,000 rows, four times, beside registers of several sizes: the median of those that learn no model."""
    results = []
    made = district(os.path.join(folder, "data"), max(registers))
    for size in registers:
        daemon = fresh(folder, os.path.join(made, "district.conf"))
        target, part = os.path.join(folder, "data", "register.csv"), os.path.join(folder, "data", "part.csv")
        cut(os.path.join(made, "target.csv"), target, 0, size)
        send(daemon, target, "--target", "--period", "2024-01")
        times = []
        for month in range(6, 10):
            cut(os.path.join(made, "pkh.csv"), part, month - 6, SMALL)
            elapsed, staged, clocks = send(daemon, part, "--programme", "pkh", "--period", "2024-%02d" % month)
            times.append((elapsed, staged, clocks))
        bare = bare_copy(part)
        learning = [t[0] for t in times if "train" in t[2]]
        plain = sorted((t for t in times if "train" not in t[2]), key=lambda t: t[0]) or times
        median = plain[len(plain) // 2]
        results.append((size, median[0]))
        print("\nA list of %s rows beside a register of %s: %.2f s, \\copy %.2f s; %.2f times the cost beside %s (aim: flat)" % (
            "{:,}".format(SMALL), "{:,}".format(size), median[0], bare, median[0] / results[0][1],
            "{:,}".format(registers[0])))
        print("    of %d such lists %d learnt a model: %s" % (len(times), len(learning),
            ", ".join("%.2f s" % seconds for seconds in learning) or "-"))
        print("    peak memory of padand %.0f MiB" % daemon.peak_memory())
        print_stages(SMALL, *median)
        sys.stdout.flush()
        print_loop(daemon)
        daemon.stop()


def main():
    folder = sys.argv[1]
    os.makedirs(os.path.join(folder, "data"), exist_ok=True)
    parts = os.environ["PARTS"].split()
    if "large" in parts:
        large(folder, int(os.environ["ROWS"]))
    if "small" in parts:
        small(folder, [int(n) for n in os.environ["REGISTERS"].split()])
    run("dropdb", "--if-exists", "--force", DATABASE)


if __name__ == "__main__":
    main()
